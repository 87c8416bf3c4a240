//! How the agencies of a forum work together over time: who came, whose answers were there, which meetings could decide, and what is
//! promised and overdue. Everything is counted from the rows that follow from the meetings' histories.

use jiff::Timestamp;
use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "partnership":
    ATTENDED = "
        select meetings.starts_at, attendance.agency, attendance.attended, attendance.senior
        from attendance join meetings on meetings.id = attendance.meeting_id
        where meetings.authority = $1 and meetings.scheme = $2 and meetings.starts_at >= $3
        order by meetings.starts_at, attendance.agency";
    /// What was asked for meetings that have begun: before, an answer can still come in time.
    ANSWERED = "
        select meetings.starts_at, returns.case_id, returns.agency, returns.due_at, returns.answered_at
        from returns join meetings on meetings.id = returns.meeting_id
        where meetings.authority = $1 and meetings.scheme = $2 and meetings.starts_at >= $3
            and meetings.stage in ('begun', 'closed', 'approved')
        order by meetings.starts_at, returns.agency";
    TAKEN = "
        select meetings.starts_at, agenda.case_id, agenda.quorate
        from agenda join meetings on meetings.id = agenda.meeting_id
        where meetings.authority = $1 and meetings.scheme = $2 and meetings.starts_at >= $3
            and agenda.quorate is not null
        order by meetings.starts_at, agenda.place";
    PROMISED = "
        select promises.case_id, promises.agency, promises.due_on
        from promises join meetings on meetings.id = promises.meeting_id
        where meetings.authority = $1 and meetings.scheme = $2 and promises.report = 'open'
        order by promises.agency, promises.due_on";
}

/// Whether somebody came for an agency.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AttendedRow {
    pub starts_at: At,
    pub agency: String,
    /// `came`, `apologised` or `absent`.
    pub attended: String,
    /// Whether one of those who came can commit the agency.
    pub senior: bool,
}

/// What an agency was asked, and when it answered.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AnsweredRow {
    pub starts_at: At,
    pub case_id: Uuid,
    pub agency: String,
    pub due_at: At,
    pub answered_at: Option<At>,
}

/// A case that a meeting came to, and whether the meeting could decide it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct TakenRow {
    pub starts_at: At,
    pub case_id: Uuid,
    pub quorate: bool,
}

/// Something promised that is open.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PromisedRow {
    pub case_id: Option<Uuid>,
    pub agency: String,
    /// The last local day on which it is in time, YYYY-MM-DD.
    pub due_on: String,
}

/// The forum of a scheme at an authority, since a moment.
#[derive(Clone, Copy, Debug)]
pub struct ForumSince<'a> {
    pub authority: &'a str,
    pub scheme: &'a str,
    pub since: Timestamp,
}

/// Who came to the meetings that have begun.
///
/// # Errors
/// Those of the database.
pub async fn attended(tx: &mut Tx, of: ForumSince<'_>) -> Result<Vec<AttendedRow>, StoreError> {
    let asked = tx.sql(ATTENDED).bind(of.authority).bind(of.scheme);
    asked.bind(At::from(of.since)).all().await
}

/// What was asked of the agencies for meetings that have begun.
///
/// # Errors
/// Those of the database.
pub async fn answered(tx: &mut Tx, of: ForumSince<'_>) -> Result<Vec<AnsweredRow>, StoreError> {
    let asked = tx.sql(ANSWERED).bind(of.authority).bind(of.scheme);
    asked.bind(At::from(of.since)).all().await
}

/// The cases that meetings came to.
///
/// # Errors
/// Those of the database.
pub async fn taken(tx: &mut Tx, of: ForumSince<'_>) -> Result<Vec<TakenRow>, StoreError> {
    let asked = tx.sql(TAKEN).bind(of.authority).bind(of.scheme);
    asked.bind(At::from(of.since)).all().await
}

/// What is promised and open, whenever it was promised.
///
/// # Errors
/// Those of the database.
pub async fn promised(tx: &mut Tx, of: ForumSince<'_>) -> Result<Vec<PromisedRow>, StoreError> {
    tx.sql(PROMISED)
        .bind(of.authority)
        .bind(of.scheme)
        .all()
        .await
}
