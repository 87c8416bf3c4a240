//! Who is signed in. Only a hash of the token is kept, so the table is of no use to a thief.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "sessions":
    ADD = "
        insert into sessions (token_hash, staff_id, kind, made_at, seen_at, ends_at, confirmed_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    /// Shutting somebody out takes effect at once, whatever sessions they have.
    LIVE = "
        select sessions.* from sessions join staff on staff.id = sessions.staff_id
        where token_hash = $1 and kind = $2 and ends_at > $3 and not staff.disabled";
    CONFIRMED = "update sessions set confirmed_at = $2 where token_hash = $1";
    SEEN = "update sessions set seen_at = $2 where token_hash = $1";
    END = "delete from sessions where token_hash = $1";
    END_ALL = "delete from sessions where staff_id = $1";
    END_EVERY = "delete from sessions";
    SWEEP = "delete from sessions where ends_at <= $1";
}

/// What has been proved in a browser. Each kind opens its own pages and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Kind {
    /// An invitation was accepted; a device must be set yet.
    Joining,
    /// The password was right; a code must follow.
    Half,
    /// Signed in.
    Whole,
}

/// One browser.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SessionRow {
    /// Hash of the token the browser holds.
    pub token_hash: String,
    /// Whose it is.
    pub staff_id: Uuid,
    /// What has been proved.
    pub kind: Kind,
    /// When it began.
    pub made_at: At,
    /// When they were last seen.
    pub seen_at: At,
    /// When it ends, whatever happens.
    pub ends_at: At,
    /// When they last gave what they sign in with.
    pub confirmed_at: At,
}

/// Leaves the token's hash out: this may end up in a log.
impl fmt::Debug for SessionRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionRow")
            .field("staff_id", &self.staff_id)
            .field("kind", &self.kind)
            .field("ends_at", &self.ends_at)
            .finish_non_exhaustive()
    }
}

/// Begins a session.
///
/// # Errors
/// `Driver` when there is no such person.
pub async fn add(tx: &mut Tx, row: &SessionRow) -> Result<(), StoreError> {
    tx.sql(ADD)
        .bind(&row.token_hash)
        .bind(row.staff_id)
        .bind(row.kind)
        .bind(row.made_at)
        .bind(row.seen_at)
        .bind(row.ends_at)
        .bind(row.confirmed_at)
        .execute()
        .await?;
    Ok(())
}

/// The session of this kind and token, unless it has ended or the person is shut out.
///
/// # Errors
/// Those of the database.
pub async fn live(
    tx: &mut Tx,
    token_hash: &str,
    kind: Kind,
    now: Timestamp,
) -> Result<Option<SessionRow>, StoreError> {
    let asked = tx.sql(LIVE).bind(token_hash).bind(kind);
    asked.bind(At::from(now)).optional().await
}

/// Notes that the person has just given again what they sign in with.
///
/// # Errors
/// Those of the database.
pub async fn confirmed(tx: &mut Tx, token_hash: &str, now: Timestamp) -> Result<(), StoreError> {
    let confirmed = tx.sql(CONFIRMED).bind(token_hash).bind(At::from(now));
    confirmed.execute().await?;
    Ok(())
}

/// Notes that the person was just here.
///
/// # Errors
/// Those of the database.
pub async fn seen(tx: &mut Tx, token_hash: &str, now: Timestamp) -> Result<(), StoreError> {
    let now = At::from(now);
    tx.sql(SEEN).bind(token_hash).bind(now).execute().await?;
    Ok(())
}

/// Ends one session.
///
/// # Errors
/// Those of the database.
pub async fn end(tx: &mut Tx, token_hash: &str) -> Result<(), StoreError> {
    tx.sql(END).bind(token_hash).execute().await?;
    Ok(())
}

/// Ends every session of a person.
///
/// # Errors
/// Those of the database.
pub async fn end_all(tx: &mut Tx, staff_id: Uuid) -> Result<(), StoreError> {
    tx.sql(END_ALL).bind(staff_id).execute().await?;
    Ok(())
}

/// Removes sessions that have ended.
///
/// # Errors
/// Those of the database.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    tx.sql(SWEEP).bind(At::from(now)).execute().await?;
    Ok(())
}

/// Ends every session of everybody.
///
/// # Errors
/// Those of the database.
pub async fn end_every(tx: &mut Tx) -> Result<u64, StoreError> {
    tx.sql(END_EVERY).execute().await
}
