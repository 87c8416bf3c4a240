//! Deadlines: starting, stopping, pausing, extending, and what has become due. Due dates are events, not guesses:
//! once written they move only by a further event, and the original stays.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::case::{Case, Move, Running};
use super::definition::Definition;
use super::definition::builtin::SECOND_PERSON;
use super::definition::condition::Facts;
use super::definition::scheme;
use super::due::{Due, DueError, Pause, due};
use super::event::{ClockStarted, DueDate, Event, Stage};
use super::limit::Limit;
use crate::domain::refusal::Refusal;

impl From<DueError> for Refusal {
    fn from(error: DueError) -> Self {
        Self::unmet(format!("The due date cannot be worked out: {error}"))
    }
}

/// The limit that applies now: the first of the clock's limits whose condition holds.
pub fn limit_now(clock: &scheme::Clock, facts: &dyn Facts) -> Result<Limit, Refusal> {
    for case in &clock.limit.0 {
        let applies = case
            .when
            .as_ref()
            .map_or(Ok(true), |when| when.holds(facts));
        if applies.map_err(|error| {
            Refusal::unmet(format!(
                "The limit of {} cannot be told: {error}",
                clock.label
            ))
        })? {
            return parsed(&case.is);
        }
    }
    Err(Refusal::unmet(format!(
        "No limit of {} applies",
        clock.label
    )))
}

fn parsed(text: &str) -> Result<Limit, Refusal> {
    text.parse()
        .map_err(|error| Refusal::unmet(format!("{error}")))
}

/// The limit that a clock has if it starts now, and from when it is counted.
fn terms(
    clock: &scheme::Clock,
    case: &Case,
    now: Timestamp,
    facts: &dyn Facts,
) -> Result<(Limit, Timestamp), Refusal> {
    let counted = clock
        .counted_from
        .as_ref()
        .and_then(|state| case.entered.get(&**state));
    let limit = limit_now(clock, facts)?;
    Ok((limit, counted.copied().unwrap_or(now)))
}

/// The last local day on which a clock of the scheme is in time: of one that runs, its own; else as if it started now.
pub fn last_day(
    definition: &Definition,
    case: &Case,
    name: &str,
    now: Timestamp,
    facts: &dyn Facts,
) -> Result<Date, Refusal> {
    let too_late = if let Some(run) = case.running(name) {
        run.due.at
    } else {
        let clock = definition.scheme.clocks.get(name);
        let clock = clock.ok_or(Refusal::UnknownAction)?;
        let (limit, from) = terms(clock, case, now, facts)?;
        due(limit, from, &definition.zone, &definition.calendar)?.at
    };
    let last = too_late - SignedDuration::from_nanos(1);
    Ok(last.to_zoned(definition.zone.clone()).date())
}

/// Starts a clock of the scheme.
pub fn start(
    definition: &Definition,
    case: &Case,
    name: &str,
    now: Timestamp,
    facts: &dyn Facts,
) -> Result<Event, Refusal> {
    let Some(clock) = definition.scheme.clocks.get(name) else {
        return Err(Refusal::UnknownAction);
    };
    let (limit, from) = terms(clock, case, now, facts)?;
    started(
        definition,
        case,
        name,
        limit,
        from,
        &clock.warn_at,
        clock.unconfirmed.is_some(),
    )
}

/// Starts the clock of a proposal.
pub fn start_second_person(
    definition: &Definition,
    case: &Case,
    within: &str,
    now: Timestamp,
) -> Result<Event, Refusal> {
    started(
        definition,
        case,
        SECOND_PERSON,
        parsed(within)?,
        now,
        &[],
        true,
    )
}

fn started(
    definition: &Definition,
    case: &Case,
    name: &str,
    limit: Limit,
    from: Timestamp,
    warn_at: &[super::definition::yaml::Word],
    unconfirmed: bool,
) -> Result<Event, Refusal> {
    let reckoned = due(limit, from, &definition.zone, &definition.calendar)?;
    Ok(Event::ClockStarted(ClockStarted {
        clock: name.to_owned(),
        instance: case.instances(name) + 1,
        limit,
        from,
        due: DueDate {
            at: reckoned.at,
            date: reckoned.date,
        },
        stages: stages(definition, &reckoned, from, warn_at)?,
        unconfirmed,
    }))
}

fn stages(
    definition: &Definition,
    reckoned: &Due,
    from: Timestamp,
    warn_at: &[super::definition::yaml::Word],
) -> Result<Vec<Stage>, Refusal> {
    let mut stages = Vec::new();
    for share in warn_at {
        let at = reckoned.counted_to_share(
            from,
            scheme::percent(share).unwrap_or(100),
            &definition.zone,
        )?;
        stages.push(Stage {
            name: share.to_string(),
            at,
        });
    }
    stages.push(Stage {
        name: Stage::BREACH.to_owned(),
        at: reckoned.at,
    });
    stages.sort_by_key(|stage| stage.at);
    Ok(stages)
}

/// The due date of a run with every day's reason, as its events made it.
///
/// # Errors
/// When the calendar does not reach so far.
pub fn trace(definition: &Definition, run: &Running) -> Result<Due, DueError> {
    let mut reckoned = due(run.limit, run.from, &definition.zone, &definition.calendar)?;
    for change in &run.moves {
        reckoned = match change {
            Move::Paused(pause) => {
                reckoned.moved_by(*pause, run.limit, &definition.zone, &definition.calendar)?
            }
            Move::Extended(by) => reckoned.extended(*by, &definition.zone, &definition.calendar)?,
        };
    }
    Ok(reckoned)
}

/// Stops a run. What was due has been caught up before, so it is late when it was breached; a pause does not count.
pub fn stop(run: &Running) -> Event {
    Event::ClockStopped {
        clock: run.clock.clone(),
        instance: run.instance,
        late: run.is_late(),
    }
}

/// Pauses a run until the end of a local day at the latest.
pub fn pause(
    definition: &Definition,
    run: &Running,
    review_on: Date,
    now: Timestamp,
) -> Result<Event, Refusal> {
    let next_day = review_on
        .tomorrow()
        .and_then(|day| day.to_zoned(definition.zone.clone()));
    let review_at = next_day
        .map_err(|_| Refusal::from(DueError::TooFar))?
        .timestamp();
    if review_at <= now {
        return Err(Refusal::unmet(
            "The day on which the pause is looked at again must not be over",
        ));
    }
    Ok(Event::ClockPaused {
        clock: run.clock.clone(),
        instance: run.instance,
        review_on,
        review_at,
    })
}

/// Ends a pause: the due date moves by the time that did not count.
pub fn resume(definition: &Definition, run: &Running, until: Timestamp) -> Result<Event, Refusal> {
    let mut moved = run.clone();
    if let Some(paused) = &run.paused {
        moved.moves.push(Move::Paused(Pause {
            from: paused.since,
            to: until,
        }));
    }
    let (due, stages) = moved_on(definition, &moved)?;
    Ok(Event::ClockResumed {
        clock: run.clock.clone(),
        instance: run.instance,
        until,
        due,
        stages,
    })
}

pub fn extend(definition: &Definition, run: &Running, by: &str) -> Result<Event, Refusal> {
    let by = parsed(by)?;
    let mut moved = run.clone();
    moved.moves.push(Move::Extended(by));
    let (due, stages) = moved_on(definition, &moved)?;
    Ok(Event::ClockExtended {
        clock: run.clock.clone(),
        instance: run.instance,
        by,
        due,
        stages,
    })
}

/// The end of a pause whose length the calendar cannot tell: the due date stays where it was, which is the safe side.
fn unmoved(run: &Running, until: Timestamp) -> Event {
    Event::ClockResumed {
        clock: run.clock.clone(),
        instance: run.instance,
        until,
        due: run.due,
        stages: run.stages.clone(),
    }
}

/// The due date after the moves of a run, and the stages that have not fired: fired stages never un-fire.
fn moved_on(definition: &Definition, run: &Running) -> Result<(DueDate, Vec<Stage>), Refusal> {
    let clock = definition.scheme.clocks.get(&run.clock);
    let warn_at = clock.map_or(&[][..], |clock| &clock.warn_at);
    let (due, mut left) = reckoned(definition, run, warn_at)?;
    left.retain(|stage| run.stages.iter().any(|waiting| waiting.name == stage.name));
    Ok((due, left))
}

/// When a run is due by this edition, with all its stages.
pub fn reckoned(
    definition: &Definition,
    run: &Running,
    warn_at: &[super::definition::yaml::Word],
) -> Result<(DueDate, Vec<Stage>), Refusal> {
    let reckoned = trace(definition, run)?;
    let stages = stages(definition, &reckoned, run.from, warn_at)?;
    let due = DueDate {
        at: reckoned.at,
        date: reckoned.date,
    };
    Ok((due, stages))
}

/// The next thing that has become due by itself, in due order, or nothing.
pub fn next_due_event(definition: &Definition, case: &Case, now: Timestamp) -> Option<Event> {
    let waiting = case
        .clocks
        .iter()
        .filter_map(|run| Some((run, run.next_stage()?)));
    let (run, stage) = waiting
        .filter(|(_, stage)| stage.at <= now)
        .min_by_key(|(_, stage)| stage.at)?;
    let (clock, instance, due_at) = (run.clock.clone(), run.instance, stage.at);
    match stage.name.as_str() {
        Stage::BREACH => Some(Event::ClockBreached {
            clock,
            instance,
            due_at,
        }),
        Stage::REVIEW => {
            Some(resume(definition, run, due_at).unwrap_or_else(|_| unmoved(run, due_at)))
        }
        _ => Some(Event::ClockWarned {
            clock,
            instance,
            stage: stage.name,
            due_at,
        }),
    }
}
