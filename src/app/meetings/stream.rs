//! A meeting's history: from events to rows and back.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::super::App;
use super::super::error::AppError;
use super::super::history::{stored, told};
use super::super::keys::Keys;
use super::super::sealing::{Ring, opened};
use crate::domain::id::MeetingId;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::meeting::event::{Event, Form, Recorded, Report};
use crate::engine::meeting::evolve::{evolve, replay};
use crate::engine::meeting::table::{Item, Meeting};
use crate::store::meeting_rows::{self, Rows};
use crate::store::meetings::{AttendanceRow, ItemRow, MeetingRow, PromiseRow, ReturnRow};
use crate::store::{At, Tx, erasures, events};

/// The kind of stream that a meeting is.
pub const MEETING: &str = "meeting";

/// A meeting with its history and the edition under which it was called.
pub struct Loaded {
    pub id: MeetingId,
    pub edition: String,
    pub meeting: Meeting,
    pub history: Vec<Recorded>,
    /// What opened it.
    pub ring: Ring,
}

/// Reads a meeting from its events, without those about cases that are forgotten.
///
/// # Errors
/// `NotFound` when there is none; `Inside` when an event cannot be read.
pub async fn load(keys: &Keys, tx: &mut Tx, id: MeetingId) -> Result<Loaded, AppError> {
    let rows = events::load(tx, id.0).await?;
    let first = rows.first().filter(|row| row.stream_kind == MEETING);
    let edition = first.ok_or(AppError::NotFound)?.edition.clone();
    let gone = forgotten_with_keys(tx).await?;
    let mut history = Vec::with_capacity(rows.len());
    let (bodies, ring) = opened(keys, &rows).await?;
    for (row, body) in rows.iter().zip(bodies) {
        let is_gone = row.key_ref.as_ref().is_some_and(|key| gone.contains(key));
        if let Some(body) = body.filter(|_| !is_gone) {
            history.push(recorded(row, &body)?);
        }
    }
    let mut meeting = replay(&history);
    let last = rows.last().map_or(0, |row| row.seq);
    meeting.version = u64::try_from(last).map_err(AppError::inside)?;
    Ok(Loaded {
        id,
        edition,
        meeting,
        history,
        ring,
    })
}

/// The cases that are forgotten and whose keys are not destroyed yet, as events name them.
async fn forgotten_with_keys(tx: &mut Tx) -> Result<BTreeSet<String>, AppError> {
    let left = erasures::with_keys(tx, i64::MAX).await?;
    Ok(left.iter().map(|row| row.case_id.to_string()).collect())
}

fn recorded(row: &events::EventRow, body: &str) -> Result<Recorded, AppError> {
    let (actor, event) = told(row, body)?;
    Ok(Recorded {
        seq: u64::try_from(row.seq).map_err(AppError::inside)?,
        at: row.at.timestamp(),
        actor,
        event,
    })
}

/// Appends what happened and writes every row that follows from it. Answers the meeting after it.
///
/// # Errors
/// `Stale` when somebody else wrote first.
pub async fn append(
    app: &App,
    tx: &mut Tx,
    definition: &Definition,
    loaded: Loaded,
    actor: &Actor,
    happened: Vec<Event>,
    at: Timestamp,
) -> Result<Meeting, AppError> {
    let Loaded {
        id,
        edition,
        mut meeting,
        ring,
        ..
    } = loaded;
    let expected = i64::try_from(meeting.version).map_err(AppError::inside)?;
    let before = (expected > 0).then(|| rows_from(definition, &edition, id, &meeting));
    let mut plain = Vec::new();
    for event in happened {
        let about = event.case().map_or(id.0, |case| case.0);
        plain.push((about, stored(actor, &event, event.kind(), &edition, at)?));
        let recorded = Recorded {
            seq: meeting.version + 1,
            at,
            actor: actor.clone(),
            event,
        };
        meeting = evolve(meeting, &recorded);
    }
    let mut rows = Vec::new();
    for (seq, (about, event)) in (expected + 1..).zip(plain) {
        let key = app.key_of(&ring, &meeting.authority, about).await?;
        rows.push(app.sealed(&key, (id.0, MEETING, seq), event));
    }
    events::append(tx, id.0, MEETING, expected, rows).await?;
    let after = rows_from(definition, &edition, id, &meeting);
    meeting_rows::put(tx, before.as_ref(), &after).await?;
    Ok(meeting)
}

impl App {
    /// Whether the rows of a meeting are those that its history makes.
    ///
    /// # Errors
    /// When the database fails or the history cannot be read.
    pub(in crate::app) async fn meeting_agrees(
        &self,
        tx: &mut Tx,
        id: MeetingId,
    ) -> Result<bool, AppError> {
        let made = self.made(tx, id).await?;
        Ok(meeting_rows::rows(tx, id.0).await? == Some(made))
    }

    /// Makes the rows of a meeting anew; answers whether they were others.
    pub(in crate::app) async fn made_anew(
        &self,
        tx: &mut Tx,
        id: MeetingId,
    ) -> Result<bool, AppError> {
        let made = self.made(tx, id).await?;
        let before = meeting_rows::rows(tx, id.0).await?;
        meeting_rows::put(tx, None, &made).await?;
        Ok(before != Some(made))
    }

    async fn made(&self, tx: &mut Tx, id: MeetingId) -> Result<Rows, AppError> {
        let loaded = load(&self.keys, tx, id).await?;
        let authority = &loaded.meeting.authority;
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, authority);
        Ok(rows_from(
            &*pinned.await?,
            &loaded.edition,
            id,
            &loaded.meeting,
        ))
    }
}

/// The rows that lists read. They follow from the meeting alone.
pub fn rows_from(definition: &Definition, edition: &str, id: MeetingId, meeting: &Meeting) -> Rows {
    let mut returns: Vec<_> = meeting
        .items
        .iter()
        .flat_map(|item| returns(id, item))
        .collect();
    returns.sort_by(|one, other| (one.case_id, &one.agency).cmp(&(other.case_id, &other.agency)));
    let mut promises: Vec<_> = meeting
        .promises
        .iter()
        .map(|kept| promise(id, kept))
        .collect();
    promises.sort_by_key(|row| row.id);
    Rows {
        meeting: MeetingRow {
            id: id.0,
            authority: meeting.authority.clone(),
            scheme: meeting.scheme.clone(),
            edition: edition.to_owned(),
            form: form(meeting.form).to_owned(),
            series: meeting.series.clone(),
            starts_at: At::from(meeting.sitting.starts_at),
            ends_at: At::from(meeting.sitting.ends_at),
            stage: meeting.stage.name().to_owned(),
            version: i64::try_from(meeting.version).unwrap_or(i64::MAX),
        },
        agenda: (1..)
            .zip(&meeting.items)
            .map(|(place, item)| listed(id, place, item))
            .collect(),
        returns,
        attendance: attendance(definition, id, meeting),
        promises,
    }
}

/// The name in rows and forms.
pub fn form(form: Form) -> &'static str {
    match form {
        Form::Regular => "regular",
        Form::Extraordinary => "extraordinary",
        Form::Written => "written",
    }
}

fn listed(id: MeetingId, place: i64, item: &Item) -> ItemRow {
    ItemRow {
        meeting_id: id.0,
        case_id: item.listing.case.0,
        place,
        first: item.listing.first,
        taken: item.taken.is_some(),
        quorate: item.taken.as_ref().map(|taken| taken.quorate),
        settled: item.settled.last().map(|(action, _)| action.clone()),
    }
}

fn returns(id: MeetingId, item: &Item) -> impl Iterator<Item = ReturnRow> {
    let asked: BTreeSet<_> = item.listing.asked.iter().collect();
    asked.into_iter().map(move |agency| ReturnRow {
        meeting_id: id.0,
        case_id: item.listing.case.0,
        agency: agency.clone(),
        due_at: At::from(item.listing.answers_by),
        answered_at: item.answers.get(agency).map(|given| At::from(given.at)),
        reminders: item
            .reminders
            .get(agency)
            .copied()
            .unwrap_or_default()
            .into(),
    })
}

/// Who came of the agencies that were asked for anything; it is known once the meeting has begun.
fn attendance(definition: &Definition, id: MeetingId, meeting: &Meeting) -> Vec<AttendanceRow> {
    use crate::engine::meeting::table::Stage;
    let held = [Stage::Begun, Stage::Closed, Stage::Approved].contains(&meeting.stage);
    let Some(meets) = definition.meets().filter(|_| held) else {
        return Vec::new();
    };
    let came = meeting
        .people
        .values()
        .filter(|person| person.came_at.is_some());
    let came = came.filter(|person| meets.members.has(&person.who.role));
    let mut seniors = BTreeSet::new();
    let came: BTreeSet<_> = came
        .map(|person| {
            let agency = meets.agency_of(&person.who).to_owned();
            if person.senior {
                seniors.insert(agency.clone());
            }
            agency
        })
        .collect();
    let expected = meeting
        .items
        .iter()
        .flat_map(|item| item.listing.asked.iter());
    let expected: BTreeSet<_> = expected.chain(&came).collect();
    let rows = expected.into_iter().map(|agency| AttendanceRow {
        meeting_id: id.0,
        agency: agency.clone(),
        attended: if came.contains(agency) {
            "came"
        } else if meeting.apologies.contains_key(agency) {
            "apologised"
        } else {
            "absent"
        }
        .to_owned(),
        senior: seniors.contains(agency),
    });
    rows.collect()
}

fn promise(id: MeetingId, kept: &crate::engine::meeting::table::Promised) -> PromiseRow {
    PromiseRow {
        id: kept.promise.id,
        meeting_id: id.0,
        case_id: kept.promise.case.map(|case| case.0),
        agency: kept.promise.agency.clone(),
        due_on: kept.promise.by.to_string(),
        report: match kept.report {
            Report::Open => "open",
            Report::Done => "done",
            Report::NotPossible => "not_possible",
            Report::NotDone => "not_done",
        }
        .to_owned(),
    }
}
