//! How often somebody asked for a token in vain, by a hash of the name they gave, known or not.

use jiff::Timestamp;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "client_failures":
    /// A row is over as soon as it is old, whether it has been swept or not.
    SINCE = "
        select cast(coalesce(sum(failures), 0) as bigint) as failures from client_failures
        where client_hash = $1 and last_at > $2";
    COUNT = "
        insert into client_failures (client_hash, failures, last_at)
        values ($1, 1, $2)
        on conflict (client_hash) do update set
            failures = client_failures.failures + 1,
            last_at = excluded.last_at";
    FORGET = "delete from client_failures where client_hash = $1";
    SWEEP = "delete from client_failures where last_at <= $1";
}

/// How often in a row, the last time after `since`.
///
/// # Errors
/// Those of the database.
pub async fn since(tx: &mut Tx, client_hash: &str, since: Timestamp) -> Result<i64, StoreError> {
    let since = At::from(since);
    tx.sql(SINCE).bind(client_hash).bind(since).scalar().await
}

/// Counts one more.
///
/// # Errors
/// Those of the database.
pub async fn count(tx: &mut Tx, client_hash: &str, now: Timestamp) -> Result<(), StoreError> {
    let counted = tx.sql(COUNT).bind(client_hash).bind(At::from(now));
    counted.execute().await?;
    Ok(())
}

/// Forgets those of one name.
///
/// # Errors
/// Those of the database.
pub async fn forget(tx: &mut Tx, client_hash: &str) -> Result<(), StoreError> {
    tx.sql(FORGET).bind(client_hash).execute().await?;
    Ok(())
}

/// Removes those whose last time was not after `since`.
///
/// # Errors
/// Those of the database.
pub async fn sweep(tx: &mut Tx, since: Timestamp) -> Result<(), StoreError> {
    tx.sql(SWEEP).bind(At::from(since)).execute().await?;
    Ok(())
}
