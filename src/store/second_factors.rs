//! What people prove themselves with beside a password: the secret of a device, and recovery codes in case it is lost.

use std::fmt;

use uuid::Uuid;

use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "second_factors":
    PUT = "
        insert into second_factors (staff_id, secret, last_step)
        values ($1, $2, $3)
        on conflict (staff_id) do update set secret = excluded.secret, last_step = excluded.last_step";
    GET = "select * from second_factors where staff_id = $1";
    /// None is accepted twice, whoever asks at the same moment.
    USED = "update second_factors set last_step = $2 where staff_id = $1 and last_step < $2";
    END = "delete from second_factors where staff_id = $1";
    ADD_RECOVERY_CODE = "insert into recovery_codes (code_hash, staff_id) values ($1, $2)";
    USE_RECOVERY_CODE = "delete from recovery_codes where code_hash = $1 and staff_id = $2";
    END_RECOVERY_CODES = "delete from recovery_codes where staff_id = $1";
}

/// A device that makes codes.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SecondFactorRow {
    /// Whose it is.
    pub staff_id: Uuid,
    /// What codes are made from, sealed.
    pub secret: Vec<u8>,
    /// The step of the last code that was accepted.
    pub last_step: i64,
}

/// Leaves the secret out: this may end up in a log.
impl fmt::Debug for SecondFactorRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondFactorRow")
            .field("staff_id", &self.staff_id)
            .finish_non_exhaustive()
    }
}

/// Writes the device of a person, in place of any other of theirs.
///
/// # Errors
/// Those of the database.
pub async fn put(tx: &mut Tx, row: &SecondFactorRow) -> Result<(), StoreError> {
    let put = tx.sql(PUT).bind(row.staff_id).bind(&row.secret);
    put.bind(row.last_step).execute().await?;
    Ok(())
}

/// The device of a person.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, staff_id: Uuid) -> Result<Option<SecondFactorRow>, StoreError> {
    tx.sql(GET).bind(staff_id).optional().await
}

/// Notes that the code of this step was given; answers whether no code of it or a later one was given before.
///
/// # Errors
/// Those of the database.
pub async fn used(tx: &mut Tx, staff_id: Uuid, step: i64) -> Result<bool, StoreError> {
    let used = tx.sql(USED).bind(staff_id).bind(step);
    Ok(used.execute().await? == 1)
}

/// Ends the device of a person and every recovery code.
///
/// # Errors
/// Those of the database.
pub async fn end(tx: &mut Tx, staff_id: Uuid) -> Result<(), StoreError> {
    tx.sql(END).bind(staff_id).execute().await?;
    tx.sql(END_RECOVERY_CODES).bind(staff_id).execute().await?;
    Ok(())
}

/// Adds a recovery code, by its hash.
///
/// # Errors
/// `Taken` when somebody has this one.
pub async fn add_recovery_code(
    tx: &mut Tx,
    staff_id: Uuid,
    code_hash: &str,
) -> Result<(), StoreError> {
    let added = tx.sql(ADD_RECOVERY_CODE).bind(code_hash).bind(staff_id);
    added.execute().await?;
    Ok(())
}

/// Uses a recovery code up, by its hash; answers whether the person had it.
///
/// # Errors
/// Those of the database.
pub async fn use_recovery_code(
    tx: &mut Tx,
    staff_id: Uuid,
    code_hash: &str,
) -> Result<bool, StoreError> {
    let used = tx.sql(USE_RECOVERY_CODE).bind(code_hash).bind(staff_id);
    Ok(used.execute().await? == 1)
}
