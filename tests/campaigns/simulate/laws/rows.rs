//! The rows that queues, sweepers and the outbox read: they say what the events say (L2, L6).

use std::collections::{BTreeMap, BTreeSet};

use clares_law::engine::definition::builtin::SECOND_PERSON;
use clares_law::engine::event::Event;
use clares_law::engine::queues::places;
use clares_law::store::At;
use clares_law::store::cases::CaseRow;
use clares_law::store::deadlines::DeadlineRow;
use clares_law::store::queues::QueueRow;

use super::{Held, Seen, clocks, holds};

const CASE: &str = "L2 the case's row says what its events say";
const DEADLINES: &str = "L2 the rows of deadlines say what the events say";
const QUEUES: &str = "L2 the places in queues follow from the case";
const LISTED: &str = "L6 an open case is listed, late or not";
const OUTBOX: &str = "L2 a message waits for exactly those who are to be told";

pub fn case(seen: &Seen<'_>, row: &CaseRow) -> Held {
    let (mut state, mut ended, mut authority) = ("", false, "");
    for recorded in seen.history {
        match &recorded.event {
            Event::Opened {
                state: entered,
                authority: to,
                ..
            } => (state, authority) = (entered, to),
            Event::Acted {
                to: Some(entered),
                ended: ends,
                ..
            } => (state, ended) = (entered, *ends),
            Event::SentBack {
                to: Some(entered), ..
            } => state = entered,
            Event::Transferred { to, .. } => authority = to,
            _ => {}
        }
    }
    let last = seen.rows.last();
    let same = row.state == state
        && row.open != ended
        && row.authority == authority
        && Some(row.version) == last.map(|last| last.seq)
        && Some(&row.edition) == last.map(|last| &last.edition)
        && Some(row.received_at) == seen.rows.first().map(|first| first.at);
    holds!(
        CASE,
        same,
        "{row:?} but {state}, ended {ended}, with {authority}"
    );
    Ok(())
}

pub fn deadlines(runs: &clocks::Runs, rows: &[DeadlineRow]) -> Held {
    holds!(
        DEADLINES,
        rows.len() == runs.len(),
        "{} rows for {} clocks",
        rows.len(),
        runs.len()
    );
    for row in rows {
        let key = (row.clock.clone(), u32::try_from(row.instance).unwrap_or(0));
        let Some(run) = runs.get(&key) else {
            holds!(DEADLINES, false, "a row for {key:?}, which never ran");
            continue;
        };
        let status = match (run.running, run.paused) {
            (false, _) => "stopped",
            (true, Some(_)) => "paused",
            (true, None) => "running",
        };
        let same = row.status == status
            && row.original_due_at.timestamp() == run.original.at
            && row.due_at.timestamp() == run.due.at
            && row.breached_at.is_some() == run.breached
            && row.next_stage_at.map(At::timestamp) == run.next();
        holds!(DEADLINES, same, "{row:?} but {run:?}");
    }
    Ok(())
}

pub fn queues(seen: &Seen<'_>, rows: &[QueueRow]) -> Held {
    let stands = |row: &QueueRow| (row.queue.clone(), row.why.clone(), row.order_at.timestamp());
    let standing: BTreeSet<_> = rows.iter().map(stands).collect();
    let places = places(seen.edition(), seen.case).into_iter();
    let due: BTreeSet<_> = places
        .map(|place| (place.queue, place.why, place.order_at))
        .collect();
    holds!(
        QUEUES,
        standing == due,
        "stands in {standing:?}, belongs in {due:?}"
    );
    holds!(
        LISTED,
        seen.case.ended || !rows.is_empty(),
        "in no queue in the state {}",
        seen.case.state
    );
    Ok(())
}

/// The events of this step that somebody is to be told of, each with the people.
pub fn told(seen: &Seen<'_>) -> BTreeMap<(u64, String), String> {
    let mut authority = "";
    let mut confirmers: &[String] = &[];
    let mut told = BTreeMap::new();
    for recorded in seen.history {
        let edition = seen.edition_at(recorded.seq);
        let fresh = usize::try_from(recorded.seq).is_ok_and(|seq| seq > seen.before);
        let (mut roles, mut at): (Vec<String>, &str) = (Vec::new(), authority);
        match &recorded.event {
            Event::Opened {
                authority: first, ..
            } => authority = first,
            Event::Proposed { confirm_by, .. } => {
                confirmers = confirm_by;
                roles.clone_from(confirm_by);
            }
            Event::Transferred { to, .. } => {
                let actions = edition.scheme.actions.iter();
                let handing = actions.filter(|(_, action)| action.transfers.is_some());
                roles = handing
                    .flat_map(|(_, action)| action.role.iter())
                    .map(ToString::to_string)
                    .collect();
                (authority, at) = (to, to);
            }
            Event::ClockBreached { clock, .. } if clock == SECOND_PERSON => {
                roles = confirmers.to_vec();
            }
            Event::ClockWarned { clock, .. } | Event::ClockBreached { clock, .. } => {
                let declared = edition.scheme.clocks.get(clock);
                roles = declared
                    .map(|clock| clock.alerts.iter().map(ToString::to_string).collect())
                    .unwrap_or_default();
            }
            _ => {}
        }
        for person in seen
            .people
            .iter()
            .filter(|person| fresh && person.authority == at && roles.contains(&person.role))
        {
            told.insert(
                (recorded.seq, person.id.clone()),
                edition.scheme.task_message.to_string(),
            );
        }
    }
    told
}

/// The messages of a case in the outbox are those, and no others.
pub fn outbox(
    seen: &Seen<'_>,
    due: &BTreeMap<(u64, String), String>,
    rows: &[(String, String, String)],
) -> Held {
    let what = |told: Option<&(u64, String)>| {
        let seq = usize::try_from(told?.0).ok()?;
        Some(format!(
            "event {seq}: {:?}",
            seen.history.get(seq - 1)?.event
        ))
    };
    let mut waiting = BTreeMap::new();
    for (dedupe, recipient, message) in rows {
        let seq = dedupe
            .split(':')
            .nth(1)
            .and_then(|seq| seq.parse().ok())
            .unwrap_or(0);
        waiting.insert((seq, recipient.clone()), message.clone());
    }
    holds!(
        OUTBOX,
        waiting.len() == rows.len(),
        "somebody is told twice of one event"
    );
    let missing = due
        .iter()
        .find(|told| waiting.get(&told.0.clone()) != Some(told.1));
    let about = what(missing.map(|told| told.0));
    holds!(
        OUTBOX,
        missing.is_none(),
        "no message for {missing:?}, {about:?}"
    );
    let idle = waiting.keys().find(|key| !due.contains_key(*key));
    let about = what(idle);
    holds!(
        OUTBOX,
        idle.is_none(),
        "a message that nothing called for: {idle:?}, {about:?}"
    );
    Ok(())
}
