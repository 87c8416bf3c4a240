//! What the parties of cases are known by. Worked out from history; what a case was once known by stays.

use uuid::Uuid;

use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;
use crate::store::register::list;

statements! {
    "case_keys":
    ADD = {
        sqlite: "
            insert into case_keys (case_id, key)
            select $1, value from json_each($2) where true
            on conflict (case_id, key) do nothing",
        postgres: "
            insert into case_keys (case_id, key)
            select $1, value from json_array_elements_text(cast($2 as json)) as listed (value) where true
            on conflict (case_id, key) do nothing"
    };
    CLEAR = "delete from case_keys where case_id = $1";
    OF_CASE = "select key from case_keys where case_id = $1 order by key";
}

/// Adds what the parties of a case are known by; answers how much of it is new.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, case: Uuid, keys: &[String]) -> Result<u64, StoreError> {
    tx.sql(ADD).bind(case).bind(list(keys)).execute().await
}

/// Removes all of it.
///
/// # Errors
/// Those of the database.
pub async fn clear(tx: &mut Tx, case: Uuid) -> Result<(), StoreError> {
    tx.sql(CLEAR).bind(case).execute().await?;
    Ok(())
}

/// All that the parties of a case are known by.
///
/// # Errors
/// Those of the database.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Result<Vec<String>, StoreError> {
    let keys: Vec<(String,)> = tx.sql(OF_CASE).bind(case).all().await?;
    Ok(keys.into_iter().map(|(key,)| key).collect())
}
