//! Messages to send. A message is a row in the transaction that called for it, and is sent from there.

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "outbox":
    ADD = "
        insert into outbox (id, made_at, case_id, recipient_kind, recipient, message, language, status,
            attempts, next_at, dedupe)
        values ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $9)
        on conflict (dedupe) do nothing";
    /// Several nodes on PostgreSQL each take other rows; a SQLite file has one writer.
    WAITING = {
        sqlite: "
            select * from outbox
            where status = 'waiting' and next_at <= $1
            order by next_at, id
            limit $2",
        postgres: "
            select * from outbox
            where status = 'waiting' and next_at <= $1
            order by next_at, id
            limit $2
            for update skip locked"
    };
    SENT = "
        update outbox set status = 'sent', attempts = attempts + 1, sent_at = $2
        where id = $1 and status = 'waiting'";
    RETRY = "
        update outbox set attempts = attempts + 1, next_at = $2
        where id = $1 and status = 'waiting'";
    FAILED = "
        update outbox set status = 'failed', attempts = attempts + 1
        where id = $1 and status = 'waiting'";
}

/// A message about to be put in the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMessage {
    /// Its id.
    pub id: Uuid,
    /// When it was called for.
    pub made_at: At,
    /// The case it is about, if any.
    pub case_id: Option<Uuid>,
    /// `staff` or `agency`.
    pub recipient_kind: String,
    /// Which of them.
    pub recipient: String,
    /// The neutral message, as the definition names it.
    pub message: String,
    /// The language it goes out in.
    pub language: String,
    /// Not before this.
    pub next_at: At,
    /// What makes it the same message as another: such a pair is sent once.
    pub dedupe: String,
}

/// A message in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct MessageRow {
    /// Its id.
    pub id: Uuid,
    /// When it was called for.
    pub made_at: At,
    /// The case it is about, if any.
    pub case_id: Option<Uuid>,
    /// `staff` or `agency`.
    pub recipient_kind: String,
    /// Which of them.
    pub recipient: String,
    /// The neutral message, as the definition names it.
    pub message: String,
    /// The language it goes out in.
    pub language: String,
    /// `waiting`, `sent` or `failed`.
    pub status: String,
    /// How often it has been tried.
    pub attempts: i64,
    /// Not before this.
    pub next_at: At,
    /// When it was handed over.
    pub sent_at: Option<At>,
    /// What makes it the same message as another.
    pub dedupe: String,
}

/// Puts a message in the outbox; answers whether it is new there.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, message: &NewMessage) -> Result<bool, StoreError> {
    let added = tx
        .sql(ADD)
        .bind(message.id)
        .bind(message.made_at)
        .bind(message.case_id)
        .bind(&message.recipient_kind)
        .bind(&message.recipient)
        .bind(&message.message)
        .bind(&message.language)
        .bind(message.next_at)
        .bind(&message.dedupe)
        .execute()
        .await?;
    Ok(added == 1)
}

/// Messages that may go out now, the longest waiting first. Ask in a transaction that may
/// write: on PostgreSQL the messages are its own until it ends.
///
/// # Errors
/// Those of the database.
pub async fn waiting(
    tx: &mut Tx,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<MessageRow>, StoreError> {
    tx.sql(WAITING).bind(At::from(now)).bind(limit).all().await
}

/// Notes that a message was handed over; answers whether it was still waiting.
///
/// # Errors
/// Those of the database.
pub async fn sent(tx: &mut Tx, id: Uuid, at: Timestamp) -> Result<bool, StoreError> {
    let changed = tx.sql(SENT).bind(id).bind(At::from(at)).execute().await?;
    Ok(changed == 1)
}

/// Notes a failed attempt and when to try again; answers whether the message was still waiting.
///
/// # Errors
/// Those of the database.
pub async fn retry(tx: &mut Tx, id: Uuid, next_at: Timestamp) -> Result<bool, StoreError> {
    let next_at = At::from(next_at);
    let changed = tx.sql(RETRY).bind(id).bind(next_at).execute().await?;
    Ok(changed == 1)
}

/// Notes a failed attempt that was the last; answers whether the message was still waiting.
///
/// # Errors
/// Those of the database.
pub async fn failed(tx: &mut Tx, id: Uuid) -> Result<bool, StoreError> {
    let changed = tx.sql(FAILED).bind(id).execute().await?;
    Ok(changed == 1)
}
