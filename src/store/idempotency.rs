//! What was answered to a command, so that the same command sent twice is done once.

use crate::domain::pii::withheld;
use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "idempotency":
    FIND = "select * from idempotency where key = $1 and actor = $2";
    PUT = "
        insert into idempotency (key, actor, body_hash, reply, at)
        values ($1, $2, $3, $4, $5)";
}

/// A command that was answered.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct ReplyRow {
    /// The sender's own name for the command.
    pub key: String,
    /// Who sent it: keys of two people never meet.
    pub actor: String,
    /// Hash of the command's body: the same key with another body is refused.
    pub body_hash: String,
    /// What was answered.
    pub reply: String,
    /// When.
    pub at: At,
}

withheld!(ReplyRow);

/// What was answered to this key of this person.
///
/// # Errors
/// Those of the database.
pub async fn find(tx: &mut Tx, key: &str, actor: &str) -> Result<Option<ReplyRow>, StoreError> {
    tx.sql(FIND).bind(key).bind(actor).optional().await
}

/// Keeps an answer.
///
/// # Errors
/// `Taken` when this person's key has been answered already.
pub async fn put(tx: &mut Tx, row: &ReplyRow) -> Result<(), StoreError> {
    tx.sql(PUT)
        .bind(&row.key)
        .bind(&row.actor)
        .bind(&row.body_hash)
        .bind(&row.reply)
        .bind(row.at)
        .execute()
        .await?;
    Ok(())
}
