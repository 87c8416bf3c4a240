//! Every look at personal data, written before it is shown. Triggers refuse to change or remove a row.

use std::fmt;

use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "access_log":
    WRITE = "
        insert into access_log (id, at, actor, actor_role, operation, case_id, classes, purpose, reason,
            what)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    OF_CASE = "
        select * from access_log
        where case_id = $1
        order by at, id";
}

/// One look at personal data.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AccessRow {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: At,
    /// Who looked.
    pub actor: String,
    /// The role they looked in.
    pub actor_role: String,
    /// What they did: view, search, export …
    pub operation: String,
    /// The case, if it was one case.
    pub case_id: Option<Uuid>,
    /// The classes of fields they saw.
    pub classes: String,
    /// What for.
    pub purpose: String,
    /// In their own words, where these are asked for.
    pub reason: Option<String>,
    /// What was looked at, without naming anybody.
    pub what: String,
}

/// Leaves out what was typed, which may name somebody: this may end up in a log.
impl fmt::Debug for AccessRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessRow")
            .field("id", &self.id)
            .field("actor", &self.actor)
            .field("operation", &self.operation)
            .field("case_id", &self.case_id)
            .finish_non_exhaustive()
    }
}

/// Writes one look.
///
/// # Errors
/// Those of the database; then nothing may be shown.
pub async fn write(tx: &mut Tx, row: &AccessRow) -> Result<(), StoreError> {
    tx.sql(WRITE)
        .bind(row.id)
        .bind(row.at)
        .bind(&row.actor)
        .bind(&row.actor_role)
        .bind(&row.operation)
        .bind(row.case_id)
        .bind(&row.classes)
        .bind(&row.purpose)
        .bind(&row.reason)
        .bind(&row.what)
        .execute()
        .await?;
    Ok(())
}

/// Who has looked at a case, first to last.
///
/// # Errors
/// Those of the database.
pub async fn for_case(tx: &mut Tx, case_id: Uuid) -> Result<Vec<AccessRow>, StoreError> {
    tx.sql(OF_CASE).bind(case_id).all().await
}
