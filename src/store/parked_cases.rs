//! Cases whose time limits could not be looked at: passed over for a while, so that they never hold up the others.

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "parked_cases":
    PUT = "
        insert into parked_cases (case_id, failures, next_at)
        values ($1, $2, $3)
        on conflict (case_id) do update set failures = excluded.failures, next_at = excluded.next_at";
    REMOVE = "delete from parked_cases where case_id = $1";
}

/// Notes how often in a row a case has failed, and until when it is passed over.
///
/// # Errors
/// Those of the database.
pub async fn put(
    tx: &mut Tx,
    case_id: Uuid,
    failures: i64,
    next_at: Timestamp,
) -> Result<(), StoreError> {
    let put = tx.sql(PUT).bind(case_id).bind(failures);
    put.bind(At::from(next_at)).execute().await?;
    Ok(())
}

/// Forgets that a case has failed.
///
/// # Errors
/// Those of the database.
pub async fn remove(tx: &mut Tx, case_id: Uuid) -> Result<(), StoreError> {
    tx.sql(REMOVE).bind(case_id).execute().await?;
    Ok(())
}
