//! The row per case that lists need. It is worked out from history and can be rebuilt.

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "cases":
    PUT = "
        insert into cases (id, reference, authority, scheme, edition, route, capacity, state, phase,
            open, urgent, version, received_at, state_since, outcome, pending_action, pending_role,
            overall_due, next_due, next_clock, keep_until)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20, $21)
        on conflict (id) do update set
            reference = excluded.reference,
            authority = excluded.authority,
            scheme = excluded.scheme,
            edition = excluded.edition,
            route = excluded.route,
            capacity = excluded.capacity,
            state = excluded.state,
            phase = excluded.phase,
            open = excluded.open,
            urgent = excluded.urgent,
            version = excluded.version,
            received_at = excluded.received_at,
            state_since = excluded.state_since,
            outcome = excluded.outcome,
            pending_action = excluded.pending_action,
            pending_role = excluded.pending_role,
            overall_due = excluded.overall_due,
            next_due = excluded.next_due,
            next_clock = excluded.next_clock,
            keep_until = excluded.keep_until";
    GET = "select * from cases where id = $1";
    BY_REFERENCE = "select * from cases where reference = $1";
    ALL = "select * from cases order by received_at, id";
    OPEN = "
        select * from cases
        where open and scheme = $1
        order by received_at, id";
    DUE = "
        select * from cases
        where open and next_due <= $1
        order by next_due, id
        limit $2";
    RECEIVED_SINCE = "select count(*) as cases from cases where scheme = $1 and received_at >= $2";
    HOLDERS = "select distinct authority, scheme from cases where open order by authority, scheme";
    OPEN_BY_STATE = "
        select state, count(*) as cases
        from cases
        where authority = $1 and scheme = $2 and open
        group by state
        order by state";
    WITHOUT_HISTORY = "
        select id from cases
        where not exists (select 1 from events where events.stream = cases.id)
        order by id";
    BEGUN_BY = "
        select cases.* from events join cases on cases.id = events.stream
        where events.actor = $1 and events.seq = 1
        order by cases.received_at desc, cases.id
        limit $2";
    /// Nothing where the case is somebody else's, or there is none.
    ONE_BEGUN_BY = "
        select cases.* from events join cases on cases.id = events.stream
        where events.actor = $1 and events.seq = 1 and cases.id = $2";
    DELETE_ALL = "delete from cases";
}

/// A case as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CaseRow {
    /// The case; also its stream of events.
    pub id: Uuid,
    /// The label read aloud: never a key.
    pub reference: String,
    /// The police authority that holds it.
    pub authority: String,
    /// The scheme it runs under.
    pub scheme: String,
    /// Hash of the edition it goes by.
    pub edition: String,
    /// Right to Ask, Power to Tell or Right to Know.
    pub route: String,
    /// In what capacity the applicant asks.
    pub capacity: String,
    /// Where the case is.
    pub state: String,
    /// The phase that state belongs to.
    pub phase: String,
    /// Whether anything is still to be done.
    pub open: bool,
    /// Whether it goes to the top of its queues.
    pub urgent: bool,
    /// The number of the last event it shows.
    pub version: i64,
    /// When the application came in.
    pub received_at: At,
    /// Since when it is in its state.
    pub state_since: At,
    /// Outcome code, once there is one.
    pub outcome: Option<String>,
    /// The action that waits for a second person.
    pub pending_action: Option<String>,
    /// The role that second person must have.
    pub pending_role: Option<String>,
    /// When the overall clock runs out.
    pub overall_due: Option<At>,
    /// When the next running clock runs out.
    pub next_due: Option<At>,
    /// Which clock that is.
    pub next_clock: Option<String>,
    /// Until when it has to be kept, once it has ended.
    pub keep_until: Option<At>,
}

/// Writes the whole row of a case, new or known.
///
/// # Errors
/// `Taken` when another case has its reference.
pub async fn put(tx: &mut Tx, row: &CaseRow) -> Result<(), StoreError> {
    tx.sql(PUT)
        .bind(row.id)
        .bind(&row.reference)
        .bind(&row.authority)
        .bind(&row.scheme)
        .bind(&row.edition)
        .bind(&row.route)
        .bind(&row.capacity)
        .bind(&row.state)
        .bind(&row.phase)
        .bind(row.open)
        .bind(row.urgent)
        .bind(row.version)
        .bind(row.received_at)
        .bind(row.state_since)
        .bind(&row.outcome)
        .bind(&row.pending_action)
        .bind(&row.pending_role)
        .bind(row.overall_due)
        .bind(row.next_due)
        .bind(&row.next_clock)
        .bind(row.keep_until)
        .execute()
        .await?;
    Ok(())
}

/// A case by its id.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<CaseRow>, StoreError> {
    tx.sql(GET).bind(id).optional().await
}

/// A case by the label on its letters.
///
/// # Errors
/// Those of the database.
pub async fn by_reference(tx: &mut Tx, reference: &str) -> Result<Option<CaseRow>, StoreError> {
    tx.sql(BY_REFERENCE).bind(reference).optional().await
}

/// Every case, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn all(tx: &mut Tx) -> Result<Vec<CaseRow>, StoreError> {
    tx.sql(ALL).all().await
}

/// Every open case of a scheme, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn open_of(tx: &mut Tx, scheme: &str) -> Result<Vec<CaseRow>, StoreError> {
    tx.sql(OPEN).bind(scheme).all().await
}

/// Open cases with a clock that runs out at or before `until`, soonest first.
///
/// # Errors
/// Those of the database.
pub async fn due(tx: &mut Tx, until: Timestamp, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    tx.sql(DUE).bind(At::from(until)).bind(limit).all().await
}

/// The cases whose first event is somebody's own, newest first, wherever they are now.
///
/// # Errors
/// Those of the database.
pub async fn begun_by(tx: &mut Tx, actor: &str, limit: i64) -> Result<Vec<CaseRow>, StoreError> {
    tx.sql(BEGUN_BY).bind(actor).bind(limit).all().await
}

/// A case whose first event is somebody's own; nothing for any other.
///
/// # Errors
/// Those of the database.
pub async fn one_begun_by(
    tx: &mut Tx,
    actor: &str,
    id: Uuid,
) -> Result<Option<CaseRow>, StoreError> {
    tx.sql(ONE_BEGUN_BY).bind(actor).bind(id).optional().await
}

/// How many open cases stand in a state.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct StateCount {
    /// The state, as the definition names it.
    pub state: String,
    /// How many cases.
    pub cases: i64,
}

/// The open cases that an authority has of a scheme, counted in each state that has any.
///
/// # Errors
/// Those of the database.
pub async fn open_by_state(
    tx: &mut Tx,
    authority: &str,
    scheme: &str,
) -> Result<Vec<StateCount>, StoreError> {
    tx.sql(OPEN_BY_STATE)
        .bind(authority)
        .bind(scheme)
        .all()
        .await
}

/// Removes every row, with its deadlines and queue entries, before they are rebuilt from history.
///
/// # Errors
/// Those of the database.
pub async fn delete_all(tx: &mut Tx) -> Result<(), StoreError> {
    tx.sql(DELETE_ALL).execute().await?;
    Ok(())
}

/// The authorities that have open cases, with the scheme of these.
///
/// # Errors
/// Those of the database.
pub async fn holders(tx: &mut Tx) -> Result<Vec<(String, String)>, StoreError> {
    tx.sql(HOLDERS).all().await
}

/// How many cases of a scheme came in at or after a moment.
///
/// # Errors
/// Those of the database.
pub async fn received_since(
    tx: &mut Tx,
    scheme: &str,
    since: Timestamp,
) -> Result<i64, StoreError> {
    tx.sql(RECEIVED_SINCE)
        .bind(scheme)
        .bind(At::from(since))
        .scalar()
        .await
}

/// Cases that no history tells of: there must be none.
///
/// # Errors
/// Those of the database.
pub async fn without_history(tx: &mut Tx) -> Result<Vec<Uuid>, StoreError> {
    let cases: Vec<(Uuid,)> = tx.sql(WITHOUT_HISTORY).all().await?;
    Ok(cases.into_iter().map(|(id,)| id).collect())
}
