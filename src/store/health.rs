//! What operators watch: numbers and ages over all cases and messages, and nothing of any one of them.

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "health":
    NOW = {
        sqlite: "select strftime('%Y-%m-%dT%H:%M:%f000Z', 'now') as now",
        postgres: "select clock_timestamp() as now"
    };
    SCHEMA = "select max(version) as newest from _sqlx_migrations";
    OLDEST_STAGE = "select min(next_stage_at) as oldest from deadlines where next_stage_at <= $1";
    OLDEST_OVERDUE = "select min(next_due) as oldest from cases where open and next_due <= $1";
    PARKED = "
        select count(*) as number from parked_cases
        where failures >= $1 and exists (
            select 1 from deadlines
            where deadlines.case_id = parked_cases.case_id and deadlines.next_stage_at <= $2)";
    MESSAGES = "
        select status, count(*) as messages, min(due_at) as oldest
        from outbox
        where status not in ('sent', 'settled')
        group by status
        order by status";
    /// Nothing runs, nobody has it in a queue, or nobody at its authority can sign in.
    STUCK = "
        select id from cases
        where open and (
            not exists (select 1 from deadlines
                where deadlines.case_id = cases.id and deadlines.status in ('running', 'paused'))
            or not exists (select 1 from queue_entries where queue_entries.case_id = cases.id)
            or not exists (select 1 from staff
                where staff.authority = cases.authority and not staff.disabled))
        order by id";
}

/// Messages that have not gone, of one status.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct MessagesRow {
    /// What has become of them.
    pub status: String,
    /// How many there are.
    pub messages: i64,
    /// Since when the oldest ought to have gone.
    pub oldest: At,
}

/// What time it is by the database's own clock: for a file, that of the machine it is on.
///
/// # Errors
/// Those of the database.
pub async fn now(tx: &mut Tx) -> Result<Timestamp, StoreError> {
    Ok(tx.sql(NOW).scalar::<At>().await?.timestamp())
}

/// The number of the newest step that the tables have taken.
///
/// # Errors
/// Those of the database.
pub async fn schema(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.sql(SCHEMA).scalar().await
}

/// When the oldest stage fell due that nobody has noticed yet.
///
/// # Errors
/// Those of the database.
pub async fn oldest_stage(tx: &mut Tx, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let oldest: Option<At> = tx.sql(OLDEST_STAGE).bind(At::from(now)).scalar().await?;
    Ok(oldest.map(At::timestamp))
}

/// When the time limit ran out that has been over for longest, among the open cases.
///
/// # Errors
/// Those of the database.
pub async fn oldest_overdue(tx: &mut Tx, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let oldest: Option<At> = tx.sql(OLDEST_OVERDUE).bind(At::from(now)).scalar().await?;
    Ok(oldest.map(At::timestamp))
}

/// How many cases have failed at least so often in a row and still have something due.
///
/// # Errors
/// Those of the database.
pub async fn parked(tx: &mut Tx, failures: i64, now: Timestamp) -> Result<i64, StoreError> {
    let parked = tx.sql(PARKED).bind(failures).bind(At::from(now));
    parked.scalar().await
}

/// Messages that have not gone, by status.
///
/// # Errors
/// Those of the database.
pub async fn messages(tx: &mut Tx) -> Result<Vec<MessagesRow>, StoreError> {
    tx.sql(MESSAGES).all().await
}

/// Open cases that nothing or nobody moves (L5): there must be none.
///
/// # Errors
/// Those of the database.
pub async fn stuck(tx: &mut Tx) -> Result<Vec<Uuid>, StoreError> {
    let stuck: Vec<(Uuid,)> = tx.sql(STUCK).all().await?;
    Ok(stuck.into_iter().map(|(id,)| id).collect())
}
