//! What the parties of cases are known by. Worked out from history; what a case was once known by stays.

use serde::Serialize;
use uuid::Uuid;

use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;
use crate::store::register::list;

statements! {
    "case_keys":
    ADD = {
        sqlite: "
            insert into case_keys (case_id, key, sealed)
            select $1, value ->> 'key', value ->> 'sealed' from json_each($2)",
        postgres: "
            insert into case_keys (case_id, key, sealed)
            select $1, value ->> 'key', value ->> 'sealed'
            from json_array_elements(cast($2 as json)) as listed (value)"
    };
    CLEAR = "delete from case_keys where case_id = $1";
    BEGINNING = {
        sqlite: "
            select case_keys.case_id, case_keys.sealed
            from case_keys join cases on cases.id = case_keys.case_id
            where cases.authority = $1 and case_keys.key in (select value from json_each($2))",
        postgres: "
            select case_keys.case_id, case_keys.sealed
            from case_keys join cases on cases.id = case_keys.case_id
            where cases.authority = $1 and case_keys.key in (
                select value from json_array_elements_text(cast($2 as json)) as listed (value))"
    };
    OF_CASE = "select key, sealed from case_keys where case_id = $1 order by key, sealed";
}

/// Something that the parties of a case are known by.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow, Serialize)]
pub struct KeyRow {
    /// The beginning of a keyed hash.
    pub key: String,
    /// The whole of it, sealed with the key of the case.
    pub sealed: String,
}

/// A case that may have something in common with what is searched for: hashes that begin alike.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct BeginningRow {
    /// The case.
    pub case_id: Uuid,
    /// What it is known by, sealed with its key.
    pub sealed: String,
}

/// Adds what the parties of a case are known by.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, case: Uuid, keys: &[KeyRow]) -> Result<(), StoreError> {
    tx.sql(ADD).bind(case).bind(list(keys)).execute().await?;
    Ok(())
}

/// Removes all of it.
///
/// # Errors
/// Those of the database.
pub async fn clear(tx: &mut Tx, case: Uuid) -> Result<(), StoreError> {
    tx.sql(CLEAR).bind(case).execute().await?;
    Ok(())
}

/// What the cases of an authority are known by, of all that begins in one of these ways.
///
/// # Errors
/// Those of the database.
pub async fn beginning(
    tx: &mut Tx,
    authority: &str,
    beginnings: &[&str],
) -> Result<Vec<BeginningRow>, StoreError> {
    tx.sql(BEGINNING)
        .bind(authority)
        .bind(list(beginnings))
        .all()
        .await
}

/// All that the parties of a case are known by.
///
/// # Errors
/// Those of the database.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Result<Vec<KeyRow>, StoreError> {
    tx.sql(OF_CASE).bind(case).all().await
}
