//! Deadlines, told again from the events alone: every stage once, never early, in due order, and nothing forgotten (L6).

use std::collections::BTreeMap;

use clares_law::engine::event::{DueDate, Event, Recorded, Stage};
use jiff::Timestamp;

use super::{Broken, Held, Seen, holds};

const STAGES: &str = "each stage once, and not before it is due";
const ORDER: &str = "what is due is recorded in due order";
const SWEPT: &str = "what is due is recorded when it is swept";
const L6: &str = "L6 the overall clock never pauses, an original due date is never lost";

/// One run of a clock, as its events tell.
#[derive(Debug, Clone)]
pub struct Run {
    pub original: DueDate,
    pub due: DueDate,
    pub waiting: Vec<Stage>,
    /// When the pause is looked at again.
    pub paused: Option<Timestamp>,
    pub running: bool,
    pub breached: bool,
}

impl Run {
    /// What happens next by itself, and when.
    pub fn next(&self) -> Option<Timestamp> {
        let stages = self.waiting.iter().map(|stage| stage.at).min();
        self.running.then(|| self.paused.or(stages)).flatten()
    }
}

pub type Runs = BTreeMap<(String, u32), Run>;

/// Walks all events of a case; what a clock did must have been due, and due only once.
pub fn stages(seen: &Seen<'_>) -> Result<Runs, Broken> {
    let mut runs = Runs::new();
    for recorded in seen.history {
        let (seq, at) = (recorded.seq, recorded.at);
        let fresh = usize::try_from(seq).is_ok_and(|seq| seq > seen.before);
        holds!(
            STAGES,
            !fresh || at == seen.now,
            "event {seq} is not of the moment it was recorded at"
        );
        begins_or_ends(&mut runs, recorded)?;
        is_moved(&mut runs, seen, recorded)?;
        stage_fires(&mut runs, recorded)?;
    }
    in_order(seen)?;
    Ok(runs)
}

/// A clock starts, stops or is left behind.
fn begins_or_ends(runs: &mut Runs, recorded: &Recorded) -> Held {
    let (seq, at) = (recorded.seq, recorded.at);
    match &recorded.event {
        Event::ClockStarted(started) => {
            let key = (started.clock.clone(), started.instance);
            let first = !runs.contains_key(&key);
            let alone = !runs
                .iter()
                .any(|((clock, _), run)| *clock == started.clock && run.running);
            holds!(
                STAGES,
                first && alone,
                "event {seq}: {} starts while it runs",
                started.clock
            );
            let run = Run {
                original: started.due,
                due: started.due,
                waiting: started.stages.clone(),
                paused: None,
                running: true,
                breached: false,
            };
            runs.insert(key, run);
        }
        Event::ClockStopped {
            clock,
            instance,
            late,
        } => {
            let run = of(runs, clock, *instance)?;
            holds!(STAGES, run.running, "event {seq}: {clock} stops twice");
            holds!(
                L6,
                *late == run.breached,
                "event {seq}: {clock} is said to have been in time or late wrongly"
            );
            let over = run.due.at <= at && run.paused.is_none();
            holds!(
                L6,
                run.breached || !over,
                "event {seq}: {clock} ended late without its breach"
            );
            (run.running, run.paused) = (false, None);
        }
        Event::ClockLeft {
            clock, instance, ..
        } => of(runs, clock, *instance)?.running = false,
        _ => {}
    }
    Ok(())
}

/// A due date moves.
fn is_moved(runs: &mut Runs, seen: &Seen<'_>, recorded: &Recorded) -> Held {
    let (seq, at) = (recorded.seq, recorded.at);
    match &recorded.event {
        Event::ClockPaused {
            clock,
            instance,
            review_at,
            ..
        } => {
            let overall = seen.edition_at(seq).scheme.clocks.names().next();
            holds!(
                L6,
                overall != Some(clock),
                "event {seq}: the overall clock {clock} is paused"
            );
            let run = of(runs, clock, *instance)?;
            holds!(
                STAGES,
                run.running && run.paused.is_none(),
                "event {seq}: {clock} cannot be paused"
            );
            run.paused = Some(*review_at);
        }
        Event::ClockResumed {
            clock,
            instance,
            until,
            due,
            stages,
        } => {
            let run = of(runs, clock, *instance)?;
            let review = run.paused.take();
            holds!(
                STAGES,
                run.running && review.is_some(),
                "event {seq}: {clock} goes on without a pause"
            );
            holds!(
                STAGES,
                *until <= at,
                "event {seq}: the pause of {clock} ends before its time"
            );
            holds!(
                L6,
                due.at >= run.due.at,
                "event {seq}: a pause made {clock} due earlier"
            );
            (run.due, run.waiting) = (*due, stages.clone());
        }
        Event::ClockExtended {
            clock,
            instance,
            due,
            stages,
            ..
        } => {
            let run = of(runs, clock, *instance)?;
            holds!(
                STAGES,
                run.running,
                "event {seq}: {clock} is extended after it stopped"
            );
            (run.due, run.waiting) = (*due, stages.clone());
        }
        Event::ClockMoved(moved) => {
            let run = of(runs, &moved.clock, moved.instance)?;
            holds!(
                L6,
                run.due == moved.was,
                "event {seq}: the old due date of {} is not told",
                moved.clock
            );
            (run.due, run.waiting) = (moved.due, moved.stages.clone());
            (run.running, run.breached) = (true, moved.late_since.is_some());
        }
        _ => {}
    }
    Ok(())
}

/// What is due is recorded.
fn stage_fires(runs: &mut Runs, recorded: &Recorded) -> Held {
    let (seq, at) = (recorded.seq, recorded.at);
    match &recorded.event {
        Event::ClockWarned {
            clock,
            instance,
            stage,
            due_at,
        } => {
            let run = of(runs, clock, *instance)?;
            fires(run, clock, stage, *due_at, at, seq)?;
        }
        Event::ClockBreached {
            clock,
            instance,
            due_at,
        } => {
            let run = of(runs, clock, *instance)?;
            fires(run, clock, Stage::BREACH, *due_at, at, seq)?;
            let passed = run.waiting.iter().find(|stage| stage.at < *due_at);
            holds!(
                STAGES,
                passed.is_none(),
                "event {seq}: {clock} is breached and its warning was passed over"
            );
            run.breached = true;
            run.waiting.clear();
        }
        _ => {}
    }
    Ok(())
}

fn of<'a>(runs: &'a mut Runs, clock: &str, instance: u32) -> Result<&'a mut Run, Broken> {
    runs.get_mut(&(clock.to_owned(), instance))
        .ok_or_else(|| Broken {
            law: STAGES,
            how: format!("{clock} {instance} never started"),
        })
}

fn fires(
    run: &mut Run,
    clock: &str,
    stage: &str,
    due_at: Timestamp,
    at: Timestamp,
    seq: u64,
) -> Held {
    let found = run
        .waiting
        .iter()
        .position(|waiting| waiting.name == stage && waiting.at == due_at);
    holds!(
        STAGES,
        run.running && run.paused.is_none(),
        "event {seq}: {clock} {stage} while it stands still"
    );
    holds!(
        STAGES,
        due_at <= at,
        "event {seq}: {clock} {stage} before it is due"
    );
    let Some(place) = found else {
        return Err(Broken {
            law: STAGES,
            how: format!(
                "event {seq}: {clock} {stage} is recorded a second time or at another time than was set"
            ),
        });
    };
    run.waiting.remove(place);
    Ok(())
}

/// What was noticed in one step is told in the order in which it was due.
fn in_order(seen: &Seen<'_>) -> Held {
    let due = seen
        .fresh()
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::ClockWarned { due_at, .. } | Event::ClockBreached { due_at, .. } => {
                Some((recorded.seq, *due_at))
            }
            _ => None,
        });
    let due: Vec<_> = due.collect();
    let sorted = due.windows(2).find(|pair| pair[0].1 > pair[1].1);
    let moved = seen
        .fresh()
        .iter()
        .any(|recorded| matches!(recorded.event, Event::Migrated { .. }));
    holds!(ORDER, sorted.is_none() || moved, "{sorted:?}");
    Ok(())
}

/// When something happens next by itself.
pub fn next(runs: &Runs) -> Option<Timestamp> {
    runs.values().filter_map(Run::next).min()
}

/// After everything due has been recorded, nothing is due any more.
pub fn all_recorded(next: Option<Timestamp>, now: Timestamp) -> Held {
    holds!(
        SWEPT,
        next.is_none_or(|next| next > now),
        "something was due at {next:?}"
    );
    Ok(())
}
