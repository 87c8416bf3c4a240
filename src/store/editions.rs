//! The published editions of schemes, kept whole and never changed: a case runs by its own to the end.

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "editions":
    PUT = "
        insert into editions (hash, scheme, edition, effective_from, path, documents, stored_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (hash) do nothing";
    GET = "select * from editions where hash = $1";
    ALL = "select * from editions order by scheme, effective_from, hash";
}

/// A dated edition of a scheme.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EditionRow {
    /// Hash of its documents: its name in cases and events.
    pub hash: String,
    /// The scheme.
    pub scheme: String,
    /// What its owner calls the edition.
    pub edition: String,
    /// The day it takes effect, as YYYY-MM-DD.
    pub effective_from: String,
    /// Where the scheme's own file stands among the documents.
    pub path: String,
    /// The documents it is made of, as text.
    pub documents: String,
    /// When it was stored here.
    pub stored_at: At,
}

/// Stores an edition unless it is there; answers whether it is new.
///
/// # Errors
/// Those of the database.
pub async fn put(tx: &mut Tx, row: &EditionRow) -> Result<bool, StoreError> {
    let added = tx
        .sql(PUT)
        .bind(&row.hash)
        .bind(&row.scheme)
        .bind(&row.edition)
        .bind(&row.effective_from)
        .bind(&row.path)
        .bind(&row.documents)
        .bind(row.stored_at)
        .execute()
        .await?;
    Ok(added == 1)
}

/// An edition by its hash.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, hash: &str) -> Result<Option<EditionRow>, StoreError> {
    tx.sql(GET).bind(hash).optional().await
}

/// Every edition, by scheme and day.
///
/// # Errors
/// Those of the database.
pub async fn all(tx: &mut Tx) -> Result<Vec<EditionRow>, StoreError> {
    tx.sql(ALL).all().await
}
