//! The clocks of every case, with the instant of their next stage: what the sweeper reads.

use std::collections::HashSet;

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "deadlines":
    CLEAR = "delete from deadlines where case_id = $1";
    ADD = "
        insert into deadlines (case_id, clock, instance, status, started_at, due_at, original_due_at,
            due_date, breached_at, stopped_at, next_stage, next_stage_at, unconfirmed)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    /// Read along the index of stages, so that a backlog of any length costs no more than what is taken of it.
    DUE = "
        select deadlines.case_id, coalesce(parked_cases.failures, 0) as failures
        from deadlines left join parked_cases on parked_cases.case_id = deadlines.case_id
        where deadlines.next_stage_at <= $1
            and (parked_cases.next_at is null or parked_cases.next_at <= $1)
        order by deadlines.next_stage_at, deadlines.case_id
        limit $2";
    OF_CASE = "
        select * from deadlines
        where case_id = $1
        order by clock, instance";
    ALL = "select * from deadlines order by case_id, clock, instance";
}

/// One run of one clock of a case.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DeadlineRow {
    /// The case.
    pub case_id: Uuid,
    /// The clock, as the definition names it.
    pub clock: String,
    /// Which run of that clock, counted from 1.
    pub instance: i64,
    /// `running`, `paused` or `stopped`.
    pub status: String,
    /// When it began.
    pub started_at: At,
    /// When it runs out.
    pub due_at: At,
    /// When it would have run out, had nothing moved it.
    pub original_due_at: At,
    /// The local day it runs out on, for limits counted in days.
    pub due_date: Option<String>,
    /// When it was seen to have run out.
    pub breached_at: Option<At>,
    /// When it stopped.
    pub stopped_at: Option<At>,
    /// The next stage (warning, breach …).
    pub next_stage: Option<String>,
    /// When that stage is due.
    pub next_stage_at: Option<At>,
    /// Whether the limit is one that nobody has confirmed yet.
    pub unconfirmed: bool,
}

/// Puts these clocks in place of all that `case_id` had.
///
/// # Errors
/// `Taken` when a run of a clock is given twice; `Driver` when there is no such case.
pub async fn replace_for_case(
    tx: &mut Tx,
    case_id: Uuid,
    rows: &[DeadlineRow],
) -> Result<(), StoreError> {
    tx.sql(CLEAR).bind(case_id).execute().await?;
    for row in rows {
        tx.sql(ADD)
            .bind(case_id)
            .bind(&row.clock)
            .bind(row.instance)
            .bind(&row.status)
            .bind(row.started_at)
            .bind(row.due_at)
            .bind(row.original_due_at)
            .bind(&row.due_date)
            .bind(row.breached_at)
            .bind(row.stopped_at)
            .bind(&row.next_stage)
            .bind(row.next_stage_at)
            .bind(row.unconfirmed)
            .execute()
            .await?;
    }
    Ok(())
}

/// A case that something has become due in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DueRow {
    /// The case.
    pub case_id: Uuid,
    /// How often in a row it could not be recorded.
    pub failures: i64,
}

/// Cases with a stage due at or before `now`, the longest due first, each once; those that are passed over are left out.
/// `limit` counts the stages looked at, of which a case may have several.
///
/// # Errors
/// Those of the database.
pub async fn due_before(
    tx: &mut Tx,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<DueRow>, StoreError> {
    let mut due: Vec<DueRow> = tx.sql(DUE).bind(At::from(now)).bind(limit).all().await?;
    let mut seen = HashSet::new();
    due.retain(|row| seen.insert(row.case_id));
    Ok(due)
}

/// The clocks of a case, by name and run.
///
/// # Errors
/// Those of the database.
pub async fn for_case(tx: &mut Tx, case_id: Uuid) -> Result<Vec<DeadlineRow>, StoreError> {
    tx.sql(OF_CASE).bind(case_id).all().await
}

/// The clocks of all cases.
///
/// # Errors
/// Those of the database.
pub async fn all(tx: &mut Tx) -> Result<Vec<DeadlineRow>, StoreError> {
    tx.sql(ALL).all().await
}
