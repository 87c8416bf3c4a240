//! A case's history: from events to rows and back, and the rows that follow from it.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::keys::Keys;
use super::sealing::{Ring, opened};
use crate::domain::id::CaseId;
use crate::engine::case::{Case, Running};
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::draft::Happening;
use crate::engine::event::{Event, Recorded};
use crate::engine::evolve::{evolve, replay};
use crate::engine::queues;
use crate::engine::retention::kept;
use crate::store::{At, Tx, cases, deadlines, events, queues as queue_rows};

/// The kind of stream that a case is.
pub const CASE: &str = "case";

/// An event's body before it is sealed.
#[derive(Serialize)]
struct Body<'a, E> {
    #[serde(flatten)]
    who: Who,
    #[serde(flatten)]
    event: &'a E,
}

/// Who acted, beside what the header says. Read apart from the event, which takes half the time that both together do.
#[derive(Serialize, Deserialize)]
struct Who {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    agency: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    actor_authority: String,
}

/// A case with its history and the edition it goes by.
pub struct Loaded {
    pub id: CaseId,
    /// The hash of the edition that it goes by now.
    pub edition: String,
    pub case: Case,
    pub history: Vec<Recorded>,
    /// The editions it has left, each with the version that it reached under it.
    pub earlier: Vec<(u64, String)>,
    /// What opened it.
    pub ring: Ring,
}

/// Reads a case from its events.
///
/// # Errors
/// `NotFound` when there is none, or it was forgotten; `Inside` when an event cannot be read.
pub async fn load(keys: &Keys, tx: &mut Tx, id: CaseId) -> Result<Loaded, AppError> {
    let rows = events::load(tx, id.0).await?;
    // Between the end of its history and that of its key a forgotten case could still be opened.
    let last = rows.last().filter(|row| row.kind != Event::Erased.kind());
    let edition = last.ok_or(AppError::NotFound)?.edition.clone();
    let left = rows
        .windows(2)
        .filter(|pair| pair[0].edition != pair[1].edition);
    let earlier = left
        .map(|pair| {
            let reached = u64::try_from(pair[0].seq).map_err(AppError::inside)?;
            Ok((reached, pair[0].edition.clone()))
        })
        .collect::<Result<_, AppError>>()?;
    let mut history = Vec::with_capacity(rows.len());
    let (bodies, ring) = opened(keys, &rows).await?;
    for (row, body) in rows.iter().zip(bodies) {
        history.push(recorded(row, &body.ok_or(AppError::NotFound)?)?);
    }
    Ok(Loaded {
        id,
        edition,
        case: replay(&history),
        history,
        earlier,
        ring,
    })
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

/// Who acted and what happened, as a stored event and its opened body tell it.
pub(super) fn told<E: DeserializeOwned>(
    row: &events::EventRow,
    body: &str,
) -> Result<(Actor, E), AppError> {
    let unreadable = |_| {
        AppError::Inside(format!(
            "event {} of stream {} cannot be read",
            row.seq, row.stream
        ))
    };
    let who: Who = serde_json::from_str(body).map_err(unreadable)?;
    let event = serde_json::from_str(body).map_err(unreadable)?;
    let actor = Actor {
        id: row.actor.clone(),
        role: row.actor_role.clone(),
        agency: who.agency,
        authority: who.actor_authority,
    };
    Ok((actor, event))
}

/// An event as it is to be stored, but for its seal.
pub(super) fn stored<E: Serialize>(
    actor: &Actor,
    event: &E,
    kind: &str,
    edition: &str,
    at: jiff::Timestamp,
) -> Result<events::NewEvent, AppError> {
    let who = Who {
        agency: actor.agency.clone(),
        actor_authority: actor.authority.clone(),
    };
    Ok(events::NewEvent {
        at,
        actor: actor.id.clone(),
        actor_role: actor.role.clone(),
        kind: kind.to_owned(),
        edition: edition.to_owned(),
        key_ref: None,
        sealing: 0,
        body: serde_json::to_string(&Body { who, event }).map_err(AppError::inside)?,
    })
}

/// Appends what happened and writes every row that follows from it. Answers the case after it. `edition` is the one that
/// the case went by before; `definition` the one it goes by after, which is another only when it was moved.
///
/// # Errors
/// `Stale` when somebody else wrote first.
pub async fn append(
    app: &App,
    tx: &mut Tx,
    definition: &Definition,
    edition: &str,
    (id, mut case, ring): (CaseId, Case, Ring),
    happened: Vec<Happening>,
    at: jiff::Timestamp,
) -> Result<Case, AppError> {
    let expected = i64::try_from(case.version).map_err(AppError::inside)?;
    let mut plain = Vec::new();
    let mut edition = edition.to_owned();
    for Happening { actor, event } in happened {
        if let Event::Migrated { to, .. } = &event {
            edition.clone_from(&to.hash);
        }
        plain.push(stored(&actor, &event, event.kind(), &edition, at)?);
        let seq = case.version + 1;
        let recorded = Recorded {
            seq,
            at,
            actor,
            event,
        };
        case = evolve(case, &recorded);
    }
    let key = app.key_of(&ring, &case.authority, id.0).await?;
    let rows = (expected + 1..)
        .zip(plain)
        .map(|(seq, event)| app.sealed(&key, (id.0, CASE, seq), event));
    events::append(tx, id.0, CASE, expected, rows.collect()).await?;
    project(tx, definition, &edition, id, &case).await?;
    Ok(case)
}

/// Writes the rows that queues and sweepers read.
pub(super) async fn project(
    tx: &mut Tx,
    definition: &Definition,
    edition: &str,
    id: CaseId,
    case: &Case,
) -> Result<(), AppError> {
    let (row, clocks, places) = rows_from(definition, edition, id, case);
    cases::put(tx, &row).await?;
    deadlines::replace_for_case(tx, id.0, &clocks).await?;
    queue_rows::replace_for_case(tx, id.0, &places).await?;
    Ok(())
}

/// The rows of a case: its own, its clocks by name and run, its places by queue.
pub type Rows = (
    cases::CaseRow,
    Vec<deadlines::DeadlineRow>,
    Vec<queue_rows::QueueRow>,
);

/// The rows that queues and sweepers read. They follow from the case alone.
pub fn rows_from(definition: &Definition, edition: &str, id: CaseId, case: &Case) -> Rows {
    let clocks = case.clocks.iter().map(|run| deadline_row(id, run));
    let mut clocks: Vec<_> = clocks.collect();
    clocks.sort_by(|one, other| (&one.clock, one.instance).cmp(&(&other.clock, other.instance)));
    let urgent = queues::is_urgent(definition, case);
    let places = queues::places(definition, case).into_iter();
    let places = places.map(|place| queue_rows::QueueRow {
        queue: place.queue,
        urgent,
        order_at: At::from(place.order_at),
        why: place.why,
        since: At::from(case.state_since),
    });
    let mut places: Vec<_> = places.collect();
    places.sort_by(|one, other| one.queue.cmp(&other.queue));
    let row = case_row(definition, edition, id, case);
    (row, clocks, places)
}

fn case_row(definition: &Definition, edition: &str, id: CaseId, case: &Case) -> cases::CaseRow {
    let overall = definition.scheme.clocks.names().next().unwrap_or_default();
    let overall_due = case
        .clocks
        .iter()
        .rev()
        .find(|run| run.clock == overall)
        .map(|run| At::from(run.due.at));
    let next = case.next_due();
    cases::CaseRow {
        id: id.0,
        reference: case.reference.clone(),
        authority: case.authority.clone(),
        scheme: case.scheme.clone(),
        edition: edition.to_owned(),
        route: case.route.clone(),
        capacity: case.capacity.clone(),
        state: case.state.clone(),
        phase: definition
            .scheme
            .states
            .get(&case.state)
            .map_or("", |state| state.phase.name())
            .to_owned(),
        open: !case.ended,
        urgent: queues::is_urgent(definition, case),
        version: i64::try_from(case.version).unwrap_or(i64::MAX),
        received_at: At::from(case.received_at),
        state_since: At::from(case.state_since),
        outcome: case.outcome.clone(),
        pending_action: case.pending.as_ref().map(|waits| waits.action.clone()),
        pending_role: case
            .pending
            .as_ref()
            .map(|waits| waits.confirm_by.join(" ")),
        overall_due,
        next_due: next.map(|run| At::from(run.due.at)),
        next_clock: next.map(|run| run.clock.clone()),
        keep_until: kept(definition, case).map(|kept| At::from(kept.until)),
    }
}

fn deadline_row(id: CaseId, run: &Running) -> deadlines::DeadlineRow {
    let next = run.next_stage();
    let status = match (run.is_running(), &run.paused) {
        (false, _) => "stopped",
        (true, Some(_)) => "paused",
        (true, None) => "running",
    };
    deadlines::DeadlineRow {
        case_id: id.0,
        clock: run.clock.clone(),
        instance: i64::from(run.instance),
        status: status.to_owned(),
        started_at: At::from(run.started_at),
        due_at: At::from(run.due.at),
        original_due_at: At::from(run.original_due.at),
        due_date: run.due.date.map(|date| date.to_string()),
        breached_at: run.breached_at.map(At::from),
        stopped_at: run.stopped_at.map(At::from),
        next_stage: next.as_ref().map(|stage| stage.name.clone()),
        next_stage_at: next.map(|stage| At::from(stage.at)),
        unconfirmed: run.unconfirmed,
    }
}

/// The rows of a case as they are stored; `None` when it has none of its own.
///
/// # Errors
/// When the database fails.
pub async fn rows_of(tx: &mut Tx, id: Uuid) -> Result<Option<Rows>, AppError> {
    let Some(row) = cases::get(tx, id).await? else {
        return Ok(None);
    };
    let clocks = deadlines::for_case(tx, id).await?;
    let places = queue_rows::for_case(tx, id).await?;
    Ok(Some((row, clocks, places)))
}
