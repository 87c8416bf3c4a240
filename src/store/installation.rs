//! What this database was made for, settled once: a demonstration is never served as the real thing.

use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "installation":
    SETTLE = "
        insert into installation (name, value)
        values ($1, $2)
        on conflict (name) do nothing";
    GET = "select value from installation where name = $1";
}

/// Settles a value unless it is settled already; answers the value that stands.
///
/// # Errors
/// Those of the database.
pub async fn settle(tx: &mut Tx, name: &str, value: &str) -> Result<String, StoreError> {
    tx.sql(SETTLE).bind(name).bind(value).execute().await?;
    tx.sql(GET).bind(name).scalar().await
}

/// A settled value.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, name: &str) -> Result<Option<String>, StoreError> {
    let found: Option<(String,)> = tx.sql(GET).bind(name).optional().await?;
    Ok(found.map(|(value,)| value))
}
