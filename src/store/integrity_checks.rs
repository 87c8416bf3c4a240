//! What each check of all histories found: the same answer for every node.

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "integrity_checks":
    ADD = "
        insert into integrity_checks (finished_at, histories, events, broken, differing, stuck)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (finished_at) do nothing";
    LAST = "select * from integrity_checks order by finished_at desc limit 1";
}

/// A check that came to its end.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CheckRow {
    /// When.
    pub finished_at: At,
    /// How many histories it walked.
    pub histories: i64,
    /// How many events they have.
    pub events: i64,
    /// Histories whose chain is broken, or that cannot be read.
    pub broken: i64,
    /// Cases whose rows are not those that their history makes.
    pub differing: i64,
    /// Open cases that nothing and nobody moves (L5).
    pub stuck: i64,
}

/// Keeps what a check found.
///
/// # Errors
/// Those of the database.
pub async fn add(tx: &mut Tx, row: &CheckRow) -> Result<(), StoreError> {
    tx.sql(ADD)
        .bind(row.finished_at)
        .bind(row.histories)
        .bind(row.events)
        .bind(row.broken)
        .bind(row.differing)
        .bind(row.stuck)
        .execute()
        .await?;
    Ok(())
}

/// The newest check, if there ever was one.
///
/// # Errors
/// Those of the database.
pub async fn last(tx: &mut Tx) -> Result<Option<CheckRow>, StoreError> {
    tx.sql(LAST).optional().await
}
