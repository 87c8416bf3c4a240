//! What was done to accounts, when and by whom. Triggers refuse any change.

use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "account_events":
    ADD = "
        insert into account_events (id, at, staff_id, what, done_by)
        values ($1, $2, $3, $4, $5)";
    OF_STAFF = "
        select id, at, staff_id, what, done_by from account_events
        where staff_id = $1
        order by at, id";
}

/// Something done to an account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountEventRow {
    /// The event.
    pub id: Uuid,
    /// When.
    pub at: At,
    /// Whose account.
    pub staff_id: Uuid,
    /// What was done.
    pub what: What,
    /// By whom: a name given at the command line, or the person's own id.
    pub done_by: String,
}

/// What can be done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum What {
    /// It was made, and its person invited.
    Invited,
    /// The person set a password and a device.
    Joined,
    /// Shut out.
    Disabled,
    /// Let in again.
    Enabled,
    /// Password, device and sessions ended; invited anew.
    Reset,
    /// The person signed in with a recovery code.
    RecoveryCodeUsed,
}

/// Writes down what was done.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, row: &AccountEventRow) -> Result<(), StoreError> {
    tx.sql(ADD)
        .bind(row.id)
        .bind(row.at)
        .bind(row.staff_id)
        .bind(row.what)
        .bind(&row.done_by)
        .execute()
        .await?;
    Ok(())
}

/// What was done to one account, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn of_staff(tx: &mut Tx, staff_id: Uuid) -> Result<Vec<AccountEventRow>, StoreError> {
    tx.sql(OF_STAFF).bind(staff_id).all().await
}
