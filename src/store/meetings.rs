//! The rows per meeting that lists need. They are worked out from the meetings' histories and can be rebuilt.

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::cases::CaseRow;
use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "meetings":
    GET = "select * from meetings where id = $1";
    /// Those that have not come to an end, the next first.
    LIVE = "
        select * from meetings
        where authority = $1 and stage in ('convened', 'sealed', 'begun')
        order by starts_at, id";
    /// The newest of those that have.
    OVER = "
        select * from meetings
        where authority = $1 and stage in ('closed', 'approved', 'called_off')
        order by starts_at desc, id
        limit $2";
    WITHOUT_HISTORY = "
        select id from meetings
        where not exists (select 1 from events where events.stream = meetings.id)
        order by id";
    /// Whether a case is neither before a forum nor on an agenda.
    IS_UNHEARD = "
        select id from cases
        where id = $1 and phase <> $2 and not exists (select 1 from agenda where agenda.case_id = cases.id)";
    UNHEARD = "
        select id from cases
        where authority = $1 and open and phase <> $2
            and not exists (select 1 from agenda where agenda.case_id = cases.id)
        order by id";
    AGENDA = "select * from agenda where meeting_id = $1 order by place";
    /// The agendas that a case stands on or stood on, newest first.
    OF_CASE = "
        select meetings.* from meetings join agenda on agenda.meeting_id = meetings.id
        where agenda.case_id = $1
        order by meetings.starts_at desc, meetings.id";
    /// The agenda that has to settle a case.
    TO_SETTLE = "
        select agenda.meeting_id from agenda join meetings on meetings.id = agenda.meeting_id
        where agenda.case_id = $1 and agenda.settled is null
            and meetings.stage in ('convened', 'sealed', 'begun')
        order by meetings.starts_at, meetings.id
        limit 1";
    /// The meeting that talks about a case: the one that has to settle it; else one that has come to it and has not ended.
    AT_TABLE = "
        select agenda.meeting_id from agenda join meetings on meetings.id = agenda.meeting_id
        where agenda.case_id = $1 and meetings.stage in ('convened', 'sealed', 'begun')
            and (agenda.settled is null or (agenda.taken and meetings.stage = 'begun'))
        order by agenda.settled is not null, meetings.starts_at, meetings.id
        limit 1";
    /// Cases in a state from which they come before the forum, and on no agenda that is still to settle them.
    WAITING = "
        select * from cases
        where authority = $1 and scheme = $2 and state = $3 and open and pending_action is null and not exists (
            select 1 from agenda join meetings on meetings.id = agenda.meeting_id
            where agenda.case_id = cases.id and agenda.settled is null
                and meetings.stage in ('convened', 'sealed', 'begun'))
        order by overall_due, id";
    /// Cases that wait in a queue, and on no agenda that has a say in them.
    QUEUED = "
        select entry.case_id from queue_entries entry join cases on cases.id = entry.case_id
        where cases.authority = $1 and cases.scheme = $2 and entry.queue = $3 and not exists (
            select 1 from agenda join meetings on meetings.id = agenda.meeting_id
            where agenda.case_id = entry.case_id and meetings.stage in ('convened', 'sealed', 'begun')
                and (agenda.settled is null or (agenda.taken and meetings.stage = 'begun')))
        order by entry.order_at, entry.case_id";
    /// What an agency has not answered yet, the soonest due first.
    ASKED = "
        select returns.* from returns join meetings on meetings.id = returns.meeting_id
        where meetings.authority = $1 and returns.agency = $2 and returns.answered_at is null
            and meetings.stage in ('convened', 'sealed', 'begun')
        order by returns.due_at, returns.case_id";
    /// Meetings to come whose agencies' answers are awaited by then, or were.
    AWAITED = "
        select distinct meetings.id from returns join meetings on meetings.id = returns.meeting_id
        where returns.answered_at is null and returns.due_at <= $1
            and meetings.stage in ('convened', 'sealed')
        order by meetings.id";
    /// What was promised and is not settled, the soonest due first.
    OPEN_PROMISES = "
        select promises.* from promises join meetings on meetings.id = promises.meeting_id
        where meetings.authority = $1 and promises.report = 'open'
        order by promises.due_on, promises.id";
    /// Likewise, at other meetings of one forum.
    OPEN_BEFORE = "
        select promises.* from promises join meetings on meetings.id = promises.meeting_id
        where meetings.authority = $1 and meetings.scheme = $2 and promises.report = 'open'
            and meetings.id <> $3
        order by promises.due_on, promises.id";
    PROMISED_FOR = "
        select * from promises
        where case_id = $1 and agency = $2
        order by due_on, id";
}

/// A meeting as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct MeetingRow {
    /// The meeting; also its stream of events.
    pub id: Uuid,
    /// The authority whose forum meets.
    pub authority: String,
    /// The scheme it meets for.
    pub scheme: String,
    /// Hash of the edition it was called under.
    pub edition: String,
    /// `regular`, `extraordinary` or `written`.
    pub form: String,
    /// The series it is one of.
    pub series: Option<String>,
    /// When it begins.
    pub starts_at: At,
    /// When it ends.
    pub ends_at: At,
    /// How far it has come.
    pub stage: String,
    /// The number of the last event it shows.
    pub version: i64,
}

/// A case on an agenda.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ItemRow {
    /// The meeting.
    pub meeting_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// Its place in the order, from 1.
    pub place: i64,
    /// Whether it comes before the others.
    pub first: bool,
    /// Whether the meeting has come to it.
    pub taken: bool,
    /// Whether it could decide then.
    pub quorate: Option<bool>,
    /// The last action taken on it from here.
    pub settled: Option<String>,
}

/// What an agency was asked.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ReturnRow {
    /// The meeting.
    pub meeting_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// The agency.
    pub agency: String,
    /// The first instant that is too late.
    pub due_at: At,
    /// When its newest answer came.
    pub answered_at: Option<At>,
    /// How often it was asked again.
    pub reminders: i64,
}

/// Whether somebody came for an agency.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AttendanceRow {
    /// The meeting.
    pub meeting_id: Uuid,
    /// The agency.
    pub agency: String,
    /// `came`, `apologised` or `absent`.
    pub attended: String,
    /// Whether one of those who came can commit the agency.
    pub senior: bool,
}

/// Something promised; what it is stands in history only.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PromiseRow {
    /// The promise.
    pub id: Uuid,
    /// The meeting.
    pub meeting_id: Uuid,
    /// The case it was made for, if it was for one.
    pub case_id: Option<Uuid>,
    /// Who promised.
    pub agency: String,
    /// The last local day on which it is in time, YYYY-MM-DD.
    pub due_on: String,
    /// `open`, `done`, `not_possible` or `not_done`.
    pub report: String,
}

/// A meeting by its id.
///
/// # Errors
/// Those of the database.
pub async fn get(tx: &mut Tx, id: Uuid) -> Result<Option<MeetingRow>, StoreError> {
    tx.sql(GET).bind(id).optional().await
}

/// Meetings that no history tells of.
///
/// # Errors
/// Those of the database.
pub async fn without_history(tx: &mut Tx) -> Result<Vec<Uuid>, StoreError> {
    let found: Vec<(Uuid,)> = tx.sql(WITHOUT_HISTORY).all().await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Whether no forum has been asked about a case: it is in another phase than `forum`, and on no agenda.
///
/// # Errors
/// Those of the database.
pub async fn is_unheard(tx: &mut Tx, case: Uuid, forum: &str) -> Result<bool, StoreError> {
    let found: Option<(Uuid,)> = tx.sql(IS_UNHEARD).bind(case).bind(forum).optional().await?;
    Ok(found.is_some())
}

/// The open cases of an authority that no forum has been asked about.
///
/// # Errors
/// Those of the database.
pub async fn unheard(tx: &mut Tx, authority: &str, forum: &str) -> Result<Vec<Uuid>, StoreError> {
    let found = tx.sql(UNHEARD).bind(authority).bind(forum).all();
    let found: Vec<(Uuid,)> = found.await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// The agenda of a meeting in its order.
///
/// # Errors
/// Those of the database.
pub async fn agenda(tx: &mut Tx, id: Uuid) -> Result<Vec<ItemRow>, StoreError> {
    tx.sql(AGENDA).bind(id).all().await
}

/// The meetings of an authority that have not come to an end, the next first.
///
/// # Errors
/// Those of the database.
pub async fn live(tx: &mut Tx, authority: &str) -> Result<Vec<MeetingRow>, StoreError> {
    tx.sql(LIVE).bind(authority).all().await
}

/// The newest of those that have.
///
/// # Errors
/// Those of the database.
pub async fn over(tx: &mut Tx, authority: &str, most: i64) -> Result<Vec<MeetingRow>, StoreError> {
    tx.sql(OVER).bind(authority).bind(most).all().await
}

/// The meetings on whose agenda a case stands or stood, newest first.
///
/// # Errors
/// Those of the database.
pub async fn of_case(tx: &mut Tx, case: Uuid) -> Result<Vec<MeetingRow>, StoreError> {
    tx.sql(OF_CASE).bind(case).all().await
}

/// The meeting that has a case on its agenda and has not settled it.
///
/// # Errors
/// Those of the database.
pub async fn to_settle(tx: &mut Tx, case: Uuid) -> Result<Option<Uuid>, StoreError> {
    let found: Option<(Uuid,)> = tx.sql(TO_SETTLE).bind(case).optional().await?;
    Ok(found.map(|(meeting,)| meeting))
}

/// The meeting that has a say in what becomes of a case: the one that has it on its agenda, or that has come to it and has not ended.
///
/// # Errors
/// Those of the database.
pub async fn at_table(tx: &mut Tx, case: Uuid) -> Result<Option<Uuid>, StoreError> {
    let found: Option<(Uuid,)> = tx.sql(AT_TABLE).bind(case).optional().await?;
    Ok(found.map(|(meeting,)| meeting))
}

/// The cases in a state that wait for a meeting and stand on no agenda.
///
/// # Errors
/// Those of the database.
pub async fn waiting(
    tx: &mut Tx,
    authority: &str,
    scheme: &str,
    state: &str,
) -> Result<Vec<CaseRow>, StoreError> {
    let asked = tx.sql(WAITING).bind(authority).bind(scheme);
    asked.bind(state).all().await
}

/// The cases of a scheme that wait in a queue, and that no meeting is about to settle.
///
/// # Errors
/// Those of the database.
pub async fn queued(
    tx: &mut Tx,
    authority: &str,
    scheme: &str,
    queue: &str,
) -> Result<Vec<Uuid>, StoreError> {
    let asked = tx.sql(QUEUED).bind(authority).bind(scheme);
    let found: Vec<(Uuid,)> = asked.bind(queue).all().await?;
    Ok(found.into_iter().map(|(case,)| case).collect())
}

/// What an agency has not answered yet, the soonest due first.
///
/// # Errors
/// Those of the database.
pub async fn asked(
    tx: &mut Tx,
    authority: &str,
    agency: &str,
) -> Result<Vec<ReturnRow>, StoreError> {
    tx.sql(ASKED).bind(authority).bind(agency).all().await
}

/// The meetings to come for which an agency's answer is due by then, or was, and is not here.
///
/// # Errors
/// Those of the database.
pub async fn awaited(tx: &mut Tx, until: Timestamp) -> Result<Vec<Uuid>, StoreError> {
    let found: Vec<(Uuid,)> = tx.sql(AWAITED).bind(At::from(until)).all().await?;
    Ok(found.into_iter().map(|(meeting,)| meeting).collect())
}

/// What was promised in an authority's forums and is not settled, the soonest due first.
///
/// # Errors
/// Those of the database.
pub async fn open_promises(tx: &mut Tx, authority: &str) -> Result<Vec<PromiseRow>, StoreError> {
    tx.sql(OPEN_PROMISES).bind(authority).all().await
}

/// What was promised at other meetings of a forum than this one and is not settled, the soonest due first.
///
/// # Errors
/// Those of the database.
pub async fn open_before(
    tx: &mut Tx,
    authority: &str,
    scheme: &str,
    meeting: Uuid,
) -> Result<Vec<PromiseRow>, StoreError> {
    let asked = tx.sql(OPEN_BEFORE).bind(authority).bind(scheme);
    asked.bind(meeting).all().await
}

/// What an agency promised for a case, at whatever meeting, and whatever became of it, the soonest due first.
///
/// # Errors
/// Those of the database.
pub async fn promised_for(
    tx: &mut Tx,
    case: Uuid,
    agency: &str,
) -> Result<Vec<PromiseRow>, StoreError> {
    tx.sql(PROMISED_FOR).bind(case).bind(agency).all().await
}
