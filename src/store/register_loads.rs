//! Each time an agency's register was replaced. Added to and never changed.

use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "register_loads":
    ADD = "
        insert into register_loads (id, at, authority, agency, done_by, added, removed, changed, restricted)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    LAST = "
        select * from register_loads
        where authority = $1 and agency = $2
        order by at desc, id desc limit 1";
}

/// A load.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LoadRow {
    /// The load.
    pub id: Uuid,
    /// When.
    pub at: At,
    /// Whose scheme.
    pub authority: String,
    /// Whose people.
    pub agency: String,
    /// By whom: a name given at the command line.
    pub done_by: String,
    /// How many people came.
    pub added: i64,
    /// How many left.
    pub removed: i64,
    /// How many are listed otherwise than before.
    pub changed: i64,
    /// How many cases became restricted.
    pub restricted: i64,
}

/// Adds a load.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, row: &LoadRow) -> Result<(), StoreError> {
    tx.sql(ADD)
        .bind(row.id)
        .bind(row.at)
        .bind(&row.authority)
        .bind(&row.agency)
        .bind(&row.done_by)
        .bind(row.added)
        .bind(row.removed)
        .bind(row.changed)
        .bind(row.restricted)
        .execute()
        .await?;
    Ok(())
}

/// An agency's last load.
///
/// # Errors
/// Those of the database.
pub async fn last(
    tx: &mut Tx,
    authority: &str,
    agency: &str,
) -> Result<Option<LoadRow>, StoreError> {
    let last = tx.sql(LAST).bind(authority).bind(agency);
    last.optional().await
}
