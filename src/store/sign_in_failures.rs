//! How often signing in has failed, by hash of the name that was typed, so that the table holds no names.

use jiff::Timestamp;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "sign_in_failures":
    GET = "select * from sign_in_failures where name_hash = $1";
    ADD = "
        insert into sign_in_failures (name_hash, failures, last_at)
        values ($1, 1, $2)
        on conflict (name_hash) do update set
            failures = sign_in_failures.failures + 1,
            last_at = excluded.last_at";
    TAKE_BACK = "update sign_in_failures set failures = failures - 1, last_at = $2 where name_hash = $1";
    FORGIVE = "delete from sign_in_failures where name_hash = $1";
    OF_ALL = "
        select cast(coalesce(sum(failures), 0) as bigint) as failures
        from sign_in_failures where last_at > $1";
    SWEEP = "delete from sign_in_failures where last_at <= $1";
}

/// How often in a row a name has failed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FailuresRow {
    /// Hash of the name that was typed.
    pub name_hash: String,
    /// How often.
    pub failures: i64,
    /// When last.
    pub last_at: At,
}

/// How often a name has failed; none when it has not.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, name_hash: &str) -> Result<Option<FailuresRow>, StoreError> {
    tx.sql(GET).bind(name_hash).optional().await
}

/// Counts one more.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, name_hash: &str, now: Timestamp) -> Result<(), StoreError> {
    let added = tx.sql(ADD).bind(name_hash).bind(At::from(now));
    added.execute().await?;
    Ok(())
}

/// Counts one less; `last_at` is when the name had failed before.
///
/// # Errors
/// Those of the database.
pub async fn take_back(tx: &mut Tx, name_hash: &str, last_at: At) -> Result<(), StoreError> {
    let taken = tx.sql(TAKE_BACK).bind(name_hash).bind(last_at);
    taken.execute().await?;
    Ok(())
}

/// Forgets the failures of a name.
///
/// # Errors
/// Those of the database.
pub async fn forgive(tx: &mut Tx, name_hash: &str) -> Result<(), StoreError> {
    tx.sql(FORGIVE).bind(name_hash).execute().await?;
    Ok(())
}

/// How often all names that have failed since then have done so.
///
/// # Errors
/// Those of the database.
pub async fn of_all(tx: &mut Tx, since: Timestamp) -> Result<i64, StoreError> {
    tx.sql(OF_ALL).bind(At::from(since)).scalar().await
}

/// Forgets names that have not failed since then.
///
/// # Errors
/// Those of the database.
pub async fn sweep(tx: &mut Tx, since: Timestamp) -> Result<(), StoreError> {
    tx.sql(SWEEP).bind(At::from(since)).execute().await?;
    Ok(())
}
