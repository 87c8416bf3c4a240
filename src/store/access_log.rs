//! Every look at personal data, written before it is shown. Triggers refuse to change or remove a row.

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;
use crate::store::look_ledger;

statements! {
    "access_log":
    WRITE = "
        insert into access_log (id, at, actor, actor_role, agency, authority, on_behalf_of, operation, case_id,
            classes, purpose, reason, what)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    NEWEST_OF_CASE = "
        select * from access_log
        where case_id = $1
        order by at desc, id desc
        limit $2";
    OLDER_OF_CASE = "
        select * from access_log
        where case_id = $1 and (at, id) < (select at, id from access_log where id = $3)
        order by at desc, id desc
        limit $2";
    CASES_SINCE = "
        select count(distinct case_id) as cases from access_log
        where actor = $1 and at > $2 and operation = 'consultation'";
    /// A search shows nothing of any case but numbers, so it has no classes; neither has an address that opened nothing.
    SEARCHES_SINCE = "
        select count(*) as searches from access_log
        where actor = $1 and at > $2 and operation = 'consultation' and classes = ''
            and (what in ('search', 'search_for_people') or what like 'refused %')";
    CASES_BETWEEN = "
        select distinct cases.id as id, cases.reference as reference
        from access_log join cases on cases.id = access_log.case_id
        where access_log.actor = $1 and access_log.at > $2 and access_log.at <= $3
            and access_log.operation = 'consultation'
        order by reference";
    OF_AUTHORITY = "
        select * from access_log
        where authority = $1 and (at, id) > ($2, $3) and at < $4
        order by at, id
        limit $5";
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
    /// The agency they answer for; empty for the force's own people.
    pub agency: String,
    /// The authority they belong to; empty for the public and the clock.
    pub authority: String,
    /// For whom, where it was not for themselves.
    pub on_behalf_of: Option<String>,
    /// What they did: an `Operation`.
    pub operation: String,
    /// The case, if it was one case.
    pub case_id: Option<Uuid>,
    /// The classes of fields they saw, with spaces between.
    pub classes: String,
    /// What for: a `Purpose`.
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

/// A case that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CaseSeen {
    /// The case.
    pub id: Uuid,
    /// What people call it.
    pub reference: String,
}

/// Writes one look, and has it wait for its log.
///
/// # Errors
/// Those of the database; then nothing may be shown.
pub async fn write(tx: &mut Tx, row: &AccessRow) -> Result<(), StoreError> {
    tx.sql(WRITE)
        .bind(row.id)
        .bind(row.at)
        .bind(&row.actor)
        .bind(&row.actor_role)
        .bind(&row.agency)
        .bind(&row.authority)
        .bind(&row.on_behalf_of)
        .bind(&row.operation)
        .bind(row.case_id)
        .bind(&row.classes)
        .bind(&row.purpose)
        .bind(&row.reason)
        .bind(&row.what)
        .execute()
        .await?;
    look_ledger::wait(tx, row.id).await
}

/// Who has looked at a case, newest first; those before the look `before`, if one is given.
///
/// # Errors
/// Those of the database.
pub async fn of_case(
    tx: &mut Tx,
    case_id: Uuid,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<AccessRow>, StoreError> {
    match before {
        None => tx.sql(NEWEST_OF_CASE).bind(case_id).bind(limit).all().await,
        Some(before) => {
            let older = tx.sql(OLDER_OF_CASE).bind(case_id).bind(limit);
            older.bind(before).all().await
        }
    }
}

/// How many different cases a person has looked at since then.
///
/// # Errors
/// Those of the database.
pub async fn cases_since(tx: &mut Tx, actor: &str, since: Timestamp) -> Result<i64, StoreError> {
    let counted = tx.sql(CASES_SINCE).bind(actor).bind(At::from(since));
    counted.scalar().await
}

/// How often a person has tried since then to open what they were not shown.
///
/// # Errors
/// Those of the database.
pub async fn searches_since(tx: &mut Tx, actor: &str, since: Timestamp) -> Result<i64, StoreError> {
    let counted = tx.sql(SEARCHES_SINCE).bind(actor).bind(At::from(since));
    counted.scalar().await
}

/// The different cases that a person looked at after `since`, up to and including `until`.
///
/// # Errors
/// Those of the database.
pub async fn cases_between(
    tx: &mut Tx,
    actor: &str,
    since: Timestamp,
    until: Timestamp,
) -> Result<Vec<CaseSeen>, StoreError> {
    let seen = tx.sql(CASES_BETWEEN).bind(actor).bind(At::from(since));
    seen.bind(At::from(until)).all().await
}

/// The looks of an authority's people before `until`, oldest first, after the look with this moment and id.
///
/// # Errors
/// Those of the database.
pub async fn of_authority(
    tx: &mut Tx,
    authority: &str,
    after: (At, Uuid),
    until: Timestamp,
    limit: i64,
) -> Result<Vec<AccessRow>, StoreError> {
    tx.sql(OF_AUTHORITY)
        .bind(authority)
        .bind(after.0)
        .bind(after.1)
        .bind(At::from(until))
        .bind(limit)
        .all()
        .await
}
