//! Who may set a password and a device. Only a hash of what they were given is kept, and nothing once they have used it.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "invitations":
    /// A new invitation ends the one before.
    PUT = "
        insert into invitations (staff_id, code_hash, ends_at, password_hash, secret)
        values ($1, $2, $3, $4, $5)
        on conflict (staff_id) do update set
            code_hash = excluded.code_hash,
            ends_at = excluded.ends_at,
            password_hash = excluded.password_hash,
            secret = excluded.secret";
    LIVE = "
        select invitations.* from invitations join staff on staff.id = invitations.staff_id
        where code_hash = $1 and ends_at > $2 and not staff.disabled";
    OF_STAFF = "select * from invitations where staff_id = $1 and ends_at > $2";
    END = "delete from invitations where staff_id = $1";
    SWEEP = "delete from invitations where ends_at <= $1";
}

/// An invitation that has not been used.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct InvitationRow {
    /// Who is invited.
    pub staff_id: Uuid,
    /// Hash of what they were given.
    pub code_hash: String,
    /// Of no use from then on.
    pub ends_at: At,
    /// The password they chose, hashed, once they have chosen one.
    pub password_hash: Option<String>,
    /// What their device makes codes from, once they have chosen a password.
    pub secret: Option<Vec<u8>>,
}

/// Shows no secret: this may end up in a log.
impl fmt::Debug for InvitationRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvitationRow")
            .field("staff_id", &self.staff_id)
            .field("ends_at", &self.ends_at)
            .finish_non_exhaustive()
    }
}

/// Writes the invitation of a person, in place of any other of theirs.
///
/// # Errors
/// Those of the database.
pub async fn put(tx: &mut Tx, row: &InvitationRow) -> Result<(), StoreError> {
    tx.sql(PUT)
        .bind(row.staff_id)
        .bind(&row.code_hash)
        .bind(row.ends_at)
        .bind(&row.password_hash)
        .bind(&row.secret)
        .execute()
        .await?;
    Ok(())
}

/// The invitation with this hash, unless it has ended or the person is shut out.
///
/// # Errors
/// Those of the database.
pub async fn live(
    tx: &mut Tx,
    code_hash: &str,
    now: Timestamp,
) -> Result<Option<InvitationRow>, StoreError> {
    let asked = tx.sql(LIVE).bind(code_hash).bind(At::from(now));
    asked.optional().await
}

/// The invitation of a person, unless it has ended.
///
/// # Errors
/// Those of the database.
pub async fn of_staff(
    tx: &mut Tx,
    staff_id: Uuid,
    now: Timestamp,
) -> Result<Option<InvitationRow>, StoreError> {
    let asked = tx.sql(OF_STAFF).bind(staff_id).bind(At::from(now));
    asked.optional().await
}

/// Ends the invitation of a person.
///
/// # Errors
/// Those of the database.
pub async fn end(tx: &mut Tx, staff_id: Uuid) -> Result<(), StoreError> {
    tx.sql(END).bind(staff_id).execute().await?;
    Ok(())
}

/// Removes invitations that have ended.
///
/// # Errors
/// Those of the database.
pub async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    tx.sql(SWEEP).bind(At::from(now)).execute().await?;
    Ok(())
}
