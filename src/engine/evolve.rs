//! How an event changes a case. Total: it serves live and replay alike and never fails on what `decide` gave.

use std::collections::{BTreeMap, BTreeSet};

use super::case::{Case, Filing, Move, Paused, Proposal, Running, Terms};
use super::due::Pause;
use super::event::{ClockMoved, Event, Filed, Recorded};

/// The case after the event.
#[must_use]
pub fn evolve(mut case: Case, recorded: &Recorded) -> Case {
    case.version = recorded.seq;
    let author = &recorded.actor.id;
    match &recorded.event {
        Event::Opened {
            scheme,
            authority,
            reference,
            route,
            capacity,
            state,
            filed,
        } => {
            case.scheme.clone_from(scheme);
            case.authority.clone_from(authority);
            case.reference.clone_from(reference);
            case.route.clone_from(route);
            case.capacity.clone_from(capacity);
            case.received_at = recorded.at;
            file(&mut case, filed, author, recorded);
            enter(&mut case, state, recorded);
        }
        Event::Acted {
            action,
            to,
            ended,
            filed,
            outcome,
            confirmed,
            route,
            set_aside,
            ..
        } => {
            let by = confirmed
                .as_ref()
                .map_or(author, |second| &second.proposed_by.id);
            if !set_aside.is_empty() {
                begin_afresh(&mut case, set_aside);
            }
            if let Some(filed) = filed {
                file(&mut case, filed, by, recorded);
            }
            if confirmed.is_some() {
                case.pending = None;
            }
            if let Some(route) = route {
                case.route.clone_from(route);
            }
            if outcome.is_some() {
                case.outcome.clone_from(outcome);
            }
            take(&mut case, action, recorded.seq);
            if let Some(state) = to {
                if case.ended && !*ended {
                    // Reopened: what it ended with is history, not its outcome.
                    case.outcome = None;
                }
                enter(&mut case, state, recorded);
                case.ended = *ended;
            }
        }
        Event::Proposed { .. } => case.pending = proposal(recorded),
        Event::SentBack { to, .. } => {
            case.pending = None;
            if let Some(state) = to {
                enter(&mut case, state, recorded);
            }
        }
        Event::Transferred { from, to } => {
            case.came_from = Some(from.clone());
            case.authority.clone_from(to);
        }
        Event::Noted { .. } | Event::Erased => {}
        Event::Amended {
            filed,
            stale,
            confirmed,
            ..
        } => {
            file(
                &mut case,
                filed,
                confirmed
                    .as_ref()
                    .map_or(author, |second| &second.proposed_by.id),
                recorded,
            );
            if confirmed.is_some() {
                case.pending = None;
            }
            case.stale.extend(stale.iter().cloned());
        }
        Event::FlagRaised { flag } => {
            case.flags.insert(flag.clone(), recorded.at);
        }
        Event::FlagLowered { flag } => {
            case.flags.remove(flag);
        }
        _ => evolve_clock(&mut case, recorded),
    }
    case
}

fn proposal(recorded: &Recorded) -> Option<Proposal> {
    let Event::Proposed {
        action,
        rationale,
        filed,
        outcome,
        confirm_by,
    } = &recorded.event
    else {
        return None;
    };
    Some(Proposal {
        action: action.clone(),
        by: recorded.actor.clone(),
        at: recorded.at,
        rationale: rationale.clone(),
        answers: filed.as_ref().map(|filed| filed.answers.clone()),
        outcome: outcome.clone(),
        confirm_by: confirm_by.clone(),
        in_room: BTreeSet::new(),
    })
}

/// The events of clocks.
fn evolve_clock(case: &mut Case, recorded: &Recorded) {
    match &recorded.event {
        Event::Migrated { from, .. } => leave_edition(case, &from.hash),
        Event::ClockStarted(started) => case.clocks.push(Running {
            clock: started.clock.clone(),
            instance: started.instance,
            limit: started.limit,
            from: started.from,
            started_at: recorded.at,
            began: recorded.seq,
            original_due: started.due,
            due: started.due,
            stages: started.stages.clone(),
            moves: Vec::new(),
            paused: None,
            breached_at: None,
            stopped_at: None,
            unconfirmed: started.unconfirmed,
            terms: BTreeMap::new(),
            left: None,
        }),
        Event::ClockStopped {
            clock, instance, ..
        } => on_clock(case, clock, *instance, |run| {
            run.stopped_at = Some(recorded.at);
            run.paused = None;
        }),
        Event::ClockLeft {
            clock, instance, ..
        } => on_clock(case, clock, *instance, |run| {
            run.stopped_at = Some(recorded.at);
            run.left = Some(recorded.seq);
        }),
        Event::ClockMoved(moved) => on_clock(case, &moved.clock, moved.instance, |run| {
            go_on(run, moved);
        }),
        Event::ClockPaused {
            clock,
            instance,
            review_on,
            review_at,
        } => on_clock(case, clock, *instance, |run| {
            run.paused = Some(Paused {
                since: recorded.at,
                review_on: *review_on,
                review_at: *review_at,
            });
        }),
        Event::ClockResumed {
            clock,
            instance,
            until,
            due,
            stages,
        } => on_clock(case, clock, *instance, |run| {
            if let Some(paused) = run.paused.take() {
                run.moves.push(Move::Paused(Pause {
                    from: paused.since,
                    to: *until,
                }));
            }
            run.due = *due;
            run.stages.clone_from(stages);
        }),
        Event::ClockExtended {
            clock,
            instance,
            by,
            due,
            stages,
        } => on_clock(case, clock, *instance, |run| {
            run.moves.push(Move::Extended(*by));
            run.due = *due;
            run.stages.clone_from(stages);
        }),
        Event::ClockWarned {
            clock,
            instance,
            stage,
            ..
        } => on_clock(case, clock, *instance, |run| {
            run.stages.retain(|next| next.name != *stage);
        }),
        Event::ClockBreached {
            clock,
            instance,
            due_at,
        } => on_clock(case, clock, *instance, |run| {
            run.stages.clear();
            run.breached_at = Some(*due_at);
        }),
        _ => {}
    }
}

/// The case after all its events.
pub fn replay<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Case {
    events.into_iter().fold(Case::default(), evolve)
}

/// What was recorded before is history, and no evidence any more.
fn begin_afresh(case: &mut Case, set_aside: &[String]) {
    case.records.retain(|name, _| !set_aside.contains(name));
    case.counts.clear();
    case.acts.clear();
    case.stale.clear();
}

fn take(case: &mut Case, action: &str, seq: u64) {
    *case.counts.entry(action.to_owned()).or_default() += 1;
    case.acts.push((action.to_owned(), seq));
    case.trail.push((format!("action {action}"), seq));
    case.stale.remove(action);
}

fn enter(case: &mut Case, state: &str, recorded: &Recorded) {
    state.clone_into(&mut case.state);
    case.state_since = recorded.at;
    case.entered.insert(state.to_owned(), recorded.at);
    case.trail.push((state.to_owned(), recorded.seq));
}

fn file(case: &mut Case, filed: &Filed, author: &str, recorded: &Recorded) {
    let earlier = case.records.remove(&filed.record);
    let (version, mut authors) =
        earlier.map_or_else(Default::default, |filing| (filing.version, filing.authors));
    authors.insert(author.to_owned());
    let filing = Filing {
        answers: filed.answers.clone(),
        version: version + 1,
        filed_at: recorded.at,
        authors,
    };
    case.records.insert(filed.record.clone(), filing);
}

/// Every clock remembers what the edition left behind made of it.
fn leave_edition(case: &mut Case, hash: &str) {
    case.pending = None;
    for run in case.clocks.iter_mut().filter(|run| run.is_running()) {
        run.terms.insert(hash.to_owned(), terms(run));
    }
}

/// A clock goes on by the edition that the case goes by now.
fn go_on(run: &mut Running, moved: &ClockMoved) {
    run.limit = moved.limit;
    run.from = moved.from;
    run.due = moved.due;
    run.stages.clone_from(&moved.stages);
    run.breached_at = moved.late_since;
    run.unconfirmed = moved.unconfirmed;
    run.stopped_at = None;
    run.left = None;
}

fn terms(run: &Running) -> Terms {
    Terms {
        limit: run.limit,
        from: run.from,
        due: run.due,
        stages: run.stages.clone(),
        breached_at: run.breached_at,
        unconfirmed: run.unconfirmed,
        moves: run.moves.len(),
    }
}

fn on_clock(case: &mut Case, clock: &str, instance: u32, change: impl FnOnce(&mut Running)) {
    let run = case
        .clocks
        .iter_mut()
        .find(|run| run.clock == clock && run.instance == instance);
    if let Some(run) = run {
        change(run);
    }
}
