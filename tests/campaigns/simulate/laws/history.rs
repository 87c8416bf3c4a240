//! Who did what and why: L3, L4, L5 and L13, read from the events.

use clares_law::engine::case::Case;
use clares_law::engine::definition::builtin::{AMEND, CONFIRM, NOTE, SECOND_PERSON, SEND_BACK};
use clares_law::engine::definition::scheme::OutcomeKind;
use clares_law::engine::event::{Event, Recorded};
use clares_law::engine::evolve::replay;
use clares_law::engine::offers::offers;

use super::{Held, Seen, holds};

const L3: &str = "L3 every decision has a reason and a person";
const L4: &str = "L4 nobody says no alone";
const L5: &str = "L5 an open case has a clock and somebody who can act";
const L13: &str = "L13 a case keeps its edition";

fn given(reason: &str) -> bool {
    reason.chars().any(char::is_alphanumeric)
}

fn is_person(recorded: &Recorded) -> bool {
    !["clock", "public", ""].contains(&recorded.actor.id.as_str())
}

/// Whether an event pauses or extends a clock: what was done with it needs a reason and a second person.
fn holds_up(event: &Event) -> bool {
    matches!(
        event,
        Event::ClockPaused { .. } | Event::ClockExtended { .. }
    )
}

/// The outcome is not a disclosure, or the case ends.
fn is_a_no(seen: &Seen<'_>, recorded: &Recorded) -> bool {
    let Event::Acted { outcome, ended, .. } = &recorded.event else {
        return false;
    };
    let outcomes = &seen.edition_at(recorded.seq).scheme.outcomes;
    let kind = outcome.as_ref().and_then(|outcome| outcomes.get(outcome));
    *ended || kind.is_some_and(|outcome| outcome.kind != OutcomeKind::Disclose)
}

/// The action that an event of this step follows from.
fn cause<'a>(seen: &'a Seen<'_>, at: &Recorded) -> Option<&'a Recorded> {
    let earlier = seen.fresh().iter().filter(|other| other.seq < at.seq);
    let causes = earlier.filter(|other| {
        matches!(
            other.event,
            Event::Acted { .. } | Event::SentBack { .. } | Event::Migrated { .. }
        )
    });
    causes.max_by_key(|cause| cause.seq)
}

pub fn reasons(seen: &Seen<'_>) -> Held {
    for recorded in seen.fresh() {
        let (seq, kind) = (recorded.seq, recorded.event.kind());
        let (needed, rationale) = match &recorded.event {
            Event::Acted {
                rationale,
                confirmed,
                ..
            } => (is_a_no(seen, recorded) || confirmed.is_some(), rationale),
            Event::Proposed { rationale, .. }
            | Event::SentBack { rationale, .. }
            | Event::Amended { rationale, .. }
            | Event::Migrated { rationale, .. } => (true, rationale),
            Event::ClockStopped {
                clock, late: true, ..
            } if clock != SECOND_PERSON => {
                let by = cause(seen, recorded).map(|cause| &cause.event);
                let said = match by {
                    Some(Event::Acted { rationale, .. } | Event::SentBack { rationale, .. }) => {
                        given(rationale)
                    }
                    _ => false,
                };
                holds!(
                    L3,
                    said,
                    "event {seq}: {clock} ended late and nobody said why"
                );
                continue;
            }
            Event::ClockBreached { .. } | Event::ClockWarned { .. } => {
                holds!(
                    L3,
                    recorded.actor.id == "clock",
                    "event {seq}: a {kind} by {}",
                    recorded.actor.role
                );
                continue;
            }
            event if holds_up(event) => {
                let by = cause(seen, recorded);
                let said = by.is_some_and(|by| match &by.event {
                    Event::Acted { rationale, .. } => given(rationale) && is_person(by),
                    _ => false,
                });
                holds!(L3, said, "event {seq}: {kind} without a reason");
                continue;
            }
            _ => continue,
        };
        holds!(
            L3,
            !needed || given(rationale),
            "event {seq}: {kind} without a reason"
        );
        holds!(
            L3,
            !needed || is_person(recorded),
            "event {seq}: {kind} by nobody"
        );
    }
    Ok(())
}

pub fn second_person(seen: &Seen<'_>) -> Held {
    for recorded in seen.fresh() {
        let seq = recorded.seq;
        let (needed, confirmed, rests_on) = match &recorded.event {
            Event::Acted {
                action, confirmed, ..
            } => {
                let later = seen.fresh().iter().filter(|other| other.seq > seq);
                let held_up = later.map(|other| &other.event).any(holds_up);
                let edition = seen.edition_at(seq);
                let declared = edition.scheme.actions.get(action);
                let rests_on = declared
                    .map(|action| edition.rests_on(action))
                    .unwrap_or_default();
                (
                    is_a_no(seen, recorded) || held_up,
                    confirmed.as_ref(),
                    rests_on,
                )
            }
            Event::Amended {
                filed, confirmed, ..
            } => {
                let by_two = seen.edition_at(seq).amended_by_two(&filed.record);
                (by_two.is_some(), confirmed.as_ref(), vec![&*filed.record])
            }
            Event::Migrated { confirmed, .. } => (true, Some(confirmed), Vec::new()),
            _ => continue,
        };
        let kind = recorded.event.kind();
        holds!(
            L4,
            !needed || confirmed.is_some(),
            "event {seq}: {kind} by {} alone",
            recorded.actor.role
        );
        let Some(confirmed) = confirmed else { continue };
        holds!(
            L4,
            given(&confirmed.rationale),
            "event {seq}: {kind} confirmed without a reason"
        );
        let (one, other) = (&confirmed.proposed_by.id, &recorded.actor.id);
        holds!(
            L4,
            one != other,
            "event {seq}: {kind} proposed and confirmed by the same person"
        );
        let earlier = replay(&seen.history[..usize::try_from(seq).unwrap_or(1) - 1]);
        holds!(
            L4,
            !wrote(&earlier, &rests_on, other),
            "event {seq}: {kind} confirmed by who wrote what it rests on"
        );
        let proposed = earlier.pending.is_some_and(|waits| waits.by.id == *one);
        holds!(
            L4,
            proposed,
            "event {seq}: {kind} confirmed, and nobody had proposed it"
        );
    }
    Ok(())
}

fn wrote(case: &Case, records: &[&str], person: &str) -> bool {
    let filings = records
        .iter()
        .filter_map(|record| case.records.get(*record));
    filings
        .into_iter()
        .any(|filing| filing.authors.contains(person))
}

/// An edition changes by an event of its own and by nothing else; the first is the one in force on the day of receipt.
pub fn editions(seen: &Seen<'_>) -> Held {
    for pair in seen.rows.windows(2).skip(seen.before.saturating_sub(1)) {
        let changed = pair[0].edition != pair[1].edition;
        let moved = pair[1].kind == "migrated";
        holds!(
            L13,
            changed == moved,
            "event {}: the edition changed without a move",
            pair[1].seq
        );
    }
    Ok(())
}

pub fn somebody_can_act(seen: &Seen<'_>) -> Held {
    let case = seen.case;
    if case.ended {
        return Ok(());
    }
    let running = case
        .clocks
        .iter()
        .any(clares_law::engine::case::Running::is_running);
    holds!(L5, running, "no clock runs in the state {}", case.state);
    let moves_on = |name: &str| match &case.pending {
        Some(_) => [CONFIRM, SEND_BACK].contains(&name),
        None => ![NOTE, AMEND].contains(&name),
    };
    let ours = seen
        .people
        .iter()
        .filter(|person| person.authority == case.authority);
    let mut can = ours.filter(|person| {
        let offered = offers(seen.edition(), case, person, seen.now);
        offered
            .iter()
            .any(|offer| offer.allowed && moves_on(&offer.action))
    });
    holds!(
        L5,
        can.next().is_some(),
        "nobody can act in the state {}, waiting: {:?}",
        case.state,
        case.pending.as_ref().map(|waits| &waits.action)
    );
    Ok(())
}
