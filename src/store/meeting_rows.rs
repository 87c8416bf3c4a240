//! All rows of one meeting together: written after each of its events, read to be held against its history.

use uuid::Uuid;

use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;
use crate::store::meetings::{
    AttendanceRow, ItemRow, MeetingRow, PromiseRow, ReturnRow, agenda, get,
};

statements! {
    "meeting_rows":
    PUT = "
        insert into meetings (id, authority, scheme, edition, form, series, starts_at, ends_at, stage, version)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (id) do update set
            authority = excluded.authority, scheme = excluded.scheme, edition = excluded.edition,
            form = excluded.form, series = excluded.series, starts_at = excluded.starts_at,
            ends_at = excluded.ends_at,
            stage = excluded.stage,
            version = excluded.version";
    CLEAR_RETURNS = "delete from returns where meeting_id = $1";
    CLEAR_AGENDA = "delete from agenda where meeting_id = $1";
    CLEAR_ATTENDANCE = "delete from attendance where meeting_id = $1";
    CLEAR_PROMISES = "delete from promises where meeting_id = $1";
    ADD_ITEM = "
        insert into agenda (meeting_id, case_id, place, first, taken, quorate, settled)
        values ($1, $2, $3, $4, $5, $6, $7)";
    ADD_RETURN = "
        insert into returns (meeting_id, case_id, agency, due_at, answered_at, reminders)
        values ($1, $2, $3, $4, $5, $6)";
    ADD_ATTENDANCE = "insert into attendance (meeting_id, agency, attended, senior) values ($1, $2, $3, $4)";
    ADD_PROMISE = "
        insert into promises (id, meeting_id, case_id, agency, due_on, report)
        values ($1, $2, $3, $4, $5, $6)";
    RETURNS = "select * from returns where meeting_id = $1 order by case_id, agency";
    ATTENDANCE = "select * from attendance where meeting_id = $1 order by agency";
    PROMISES = "select * from promises where meeting_id = $1 order by id";
}

/// Every row of a meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    pub meeting: MeetingRow,
    pub agenda: Vec<ItemRow>,
    pub returns: Vec<ReturnRow>,
    pub attendance: Vec<AttendanceRow>,
    pub promises: Vec<PromiseRow>,
}

/// Writes the rows of a meeting, new or known; those that stand in `before` are not written again.
///
/// # Errors
/// Those of the database.
pub async fn put(tx: &mut Tx, before: Option<&Rows>, rows: &Rows) -> Result<(), StoreError> {
    put_meeting(tx, &rows.meeting).await?;
    let id = rows.meeting.id;
    // Answers hang on the agenda: both are written or neither.
    if before.is_none_or(|old| (&old.agenda, &old.returns) != (&rows.agenda, &rows.returns)) {
        tx.sql(CLEAR_RETURNS).bind(id).execute().await?;
        tx.sql(CLEAR_AGENDA).bind(id).execute().await?;
        for item in &rows.agenda {
            add_item(tx, item).await?;
        }
        for asked in &rows.returns {
            add_return(tx, asked).await?;
        }
    }
    if before.is_none_or(|old| old.attendance != rows.attendance) {
        tx.sql(CLEAR_ATTENDANCE).bind(id).execute().await?;
        for attended in &rows.attendance {
            let add = tx.sql(ADD_ATTENDANCE).bind(attended.meeting_id);
            let add = add.bind(&attended.agency).bind(&attended.attended);
            add.bind(attended.senior).execute().await?;
        }
    }
    if before.is_none_or(|old| old.promises != rows.promises) {
        tx.sql(CLEAR_PROMISES).bind(id).execute().await?;
        for promise in &rows.promises {
            add_promise(tx, promise).await?;
        }
    }
    Ok(())
}

async fn put_meeting(tx: &mut Tx, row: &MeetingRow) -> Result<(), StoreError> {
    tx.sql(PUT)
        .bind(row.id)
        .bind(&row.authority)
        .bind(&row.scheme)
        .bind(&row.edition)
        .bind(&row.form)
        .bind(&row.series)
        .bind(row.starts_at)
        .bind(row.ends_at)
        .bind(&row.stage)
        .bind(row.version)
        .execute()
        .await?;
    Ok(())
}

async fn add_item(tx: &mut Tx, row: &ItemRow) -> Result<(), StoreError> {
    tx.sql(ADD_ITEM)
        .bind(row.meeting_id)
        .bind(row.case_id)
        .bind(row.place)
        .bind(row.first)
        .bind(row.taken)
        .bind(row.quorate)
        .bind(&row.settled)
        .execute()
        .await?;
    Ok(())
}

async fn add_return(tx: &mut Tx, row: &ReturnRow) -> Result<(), StoreError> {
    tx.sql(ADD_RETURN)
        .bind(row.meeting_id)
        .bind(row.case_id)
        .bind(&row.agency)
        .bind(row.due_at)
        .bind(row.answered_at)
        .bind(row.reminders)
        .execute()
        .await?;
    Ok(())
}

async fn add_promise(tx: &mut Tx, row: &PromiseRow) -> Result<(), StoreError> {
    tx.sql(ADD_PROMISE)
        .bind(row.id)
        .bind(row.meeting_id)
        .bind(row.case_id)
        .bind(&row.agency)
        .bind(&row.due_on)
        .bind(&row.report)
        .execute()
        .await?;
    Ok(())
}

/// Every row of a meeting as it is stored.
///
/// # Errors
/// Those of the database.
pub async fn rows(tx: &mut Tx, id: Uuid) -> Result<Option<Rows>, StoreError> {
    let Some(meeting) = get(tx, id).await? else {
        return Ok(None);
    };
    Ok(Some(Rows {
        meeting,
        agenda: agenda(tx, id).await?,
        returns: tx.sql(RETURNS).bind(id).all().await?,
        attendance: tx.sql(ATTENDANCE).bind(id).all().await?,
        promises: tx.sql(PROMISES).bind(id).all().await?,
    }))
}
