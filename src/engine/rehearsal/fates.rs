//! What becomes of each clock when a case goes by another edition.

use std::sync::LazyLock;

use jiff::Timestamp;

use super::{Fate, Play};
use crate::domain::refusal::Refusal;
use crate::engine::case::{Running, Terms};
use crate::engine::clocks;
use crate::engine::command::Actor;
use crate::engine::definition::builtin::SECOND_PERSON;
use crate::engine::definition::scheme::Clock;
use crate::engine::event::{ClockMoved, DueDate, Event, Stage};
use crate::engine::facts::CaseFacts;

static CLOCK: LazyLock<Actor> = LazyLock::new(Actor::clock);

impl Play<'_> {
    /// What becomes of every clock that runs, of those that an edition had stopped, and which ones start.
    pub(super) fn clocks(&self) -> Vec<Result<Fate, Refusal>> {
        let own =
            |run: &&Running| run.clock != SECOND_PERSON && (run.is_running() || self.was_left(run));
        let runs = self.case.clocks.iter().filter(own);
        let mut fates: Vec<_> = runs.filter_map(|run| self.fate(run)).collect();
        let going_on = |name: &str| {
            let on = |fate: &Result<Fate, Refusal>| {
                fate.as_ref()
                    .is_ok_and(|fate| fate.clock == name && fate.new.is_some())
            };
            fates.iter().any(on)
        };
        let new = self.new.scheme.clocks.iter();
        let started = new
            .filter(|(name, clock)| {
                !self.own.scheme.clocks.has(name) && clock.starts_on.has(&self.case.state)
            })
            .filter(|(name, _)| !going_on(name));
        let started: Vec<_> = started.map(|(name, _)| self.start(name)).collect();
        fates.extend(started);
        fates
    }

    fn fate(&self, run: &Running) -> Option<Result<Fate, Refusal>> {
        let clock = self.new.scheme.clocks.get(&run.clock);
        match clock.filter(|clock| !self.has_stopped(clock, run)) {
            Some(clock) => Some(self.go_on(clock, run)),
            None if run.is_running() => Some(Ok(self.leave(run))),
            _ => None,
        }
    }

    /// Whether, by the new edition, the clock has been stopped by what happened since it started or was left.
    fn has_stopped(&self, clock: &Clock, run: &Running) -> bool {
        let since = run.left.unwrap_or(run.began);
        let mut later = self
            .case
            .trail
            .iter()
            .filter(|(_, version)| *version > since);
        later.any(|(what, _)| clock.stops_on.has(what))
    }

    /// Whether it is the newest run of its clock, and stopped only because an edition had no use for it.
    fn was_left(&self, run: &Running) -> bool {
        run.left.is_some() && run.instance == self.case.instances(&run.clock)
    }

    fn leave(&self, run: &Running) -> Fate {
        let label = self.own.clock_label(&run.clock).to_owned();
        Fate {
            clock: run.clock.clone(),
            label: label.clone(),
            old: Some(run.due),
            new: None,
            event: Event::ClockLeft {
                clock: run.clock.clone(),
                instance: run.instance,
                label,
                was: run.due,
                late: run.is_late(),
            },
        }
    }

    fn start(&self, name: &str) -> Result<Fate, Refusal> {
        // By the edition it would have started when the state was entered.
        let event = clocks::start(
            self.new,
            self.case,
            name,
            self.case.state_since,
            &self.facts(),
        )?;
        let new = match &event {
            Event::ClockStarted(started) => Some(started.due),
            _ => None,
        };
        Ok(Fate {
            clock: name.to_owned(),
            label: self.new.clock_label(name).to_owned(),
            old: None,
            new,
            event,
        })
    }

    fn go_on(&self, clock: &Clock, run: &Running) -> Result<Fate, Refusal> {
        let label = clock.label.to_string();
        if run.paused.is_some() && !clock.pausable {
            return Err(Refusal::unmet(format!(
                "{label} is paused, and may not be by this edition"
            )));
        }
        let moved = self.moved(clock, run)?;
        Ok(Fate {
            clock: run.clock.clone(),
            label,
            old: run.is_running().then_some(run.due),
            new: Some(moved.due),
            event: Event::ClockMoved(moved),
        })
    }

    fn moved(&self, clock: &Clock, run: &Running) -> Result<ClockMoved, Refusal> {
        let mut by_new = run.clone();
        let terms = run.terms.get(self.to);
        if let Some(terms) = terms {
            (by_new.limit, by_new.from) = (terms.limit, terms.from);
        } else if !self.same_limit(clock, run) {
            by_new.limit = clocks::limit_now(clock, &self.facts())?;
            by_new.from = self.counted_from(clock, run);
        }
        let (due, mut stages) = match (terms, clocks::reckoned(self.new, &by_new, &clock.warn_at)) {
            // Nothing has moved it since the case left this edition: it is due when it was.
            (Some(terms), _) if terms.moves == run.moves.len() => (terms.due, terms.stages.clone()),
            // A due date that no calendar can tell any more stays where it is.
            (_, Err(_)) if self.same_days() && by_new == *run => (run.due, run.stages.clone()),
            (_, reckoned) => reckoned?,
        };
        let now = run.paused.as_ref().map_or(self.now, |paused| paused.since);
        let late_since = late_since(terms, run, due, now);
        stages.retain(|stage| stage.at > now || stage.name == Stage::BREACH);
        if late_since.is_some() {
            stages.clear();
        }
        Ok(ClockMoved {
            clock: run.clock.clone(),
            instance: run.instance,
            was: run.due,
            limit: by_new.limit,
            from: by_new.from,
            due,
            stages,
            late_since,
            unconfirmed: clock.unconfirmed.is_some(),
        })
    }

    /// Whether both editions give this clock the same limit, counted from the same moment.
    fn same_limit(&self, clock: &Clock, run: &Running) -> bool {
        let written = |clock: &Clock| {
            let cases = clock.limit.0.iter();
            let cases: Vec<_> = cases
                .map(|case| {
                    (
                        case.when.as_ref().map(|when| when.source.text.clone()),
                        case.is.text.clone(),
                    )
                })
                .collect();
            (
                cases,
                clock.counted_from.as_ref().map(|state| state.text.clone()),
            )
        };
        let before = self.own.scheme.clocks.get(&run.clock);
        before.is_some_and(|before| written(before) == written(clock))
    }

    fn same_days(&self) -> bool {
        self.own.calendar == self.new.calendar && self.own.zone == self.new.zone
    }

    fn counted_from(&self, clock: &Clock, run: &Running) -> Timestamp {
        let before = self.own.scheme.clocks.get(&run.clock);
        let state = |clock: &Clock| clock.counted_from.as_ref().map(|state| state.text.clone());
        if before.is_some_and(|before| state(before) == state(clock)) {
            return run.from;
        }
        let entered = state(clock).and_then(|state| self.case.entered.get(&state).copied());
        entered.unwrap_or(run.started_at)
    }

    fn facts(&self) -> CaseFacts<'_> {
        CaseFacts {
            definition: self.new,
            case: self.case,
            actor: &CLOCK,
            form: None,
        }
    }
}

/// Since when a clock is late that goes on. What was late stays so, unless its due date is over and the new one is not.
/// An edition that the case comes back to goes by its own dates, as if the case had never left it.
fn late_since(
    terms: Option<&Terms>,
    run: &Running,
    due: DueDate,
    now: Timestamp,
) -> Option<Timestamp> {
    let is_over = due.at <= now;
    match (terms, run.breached_at) {
        (Some(terms), _) if terms.moves == run.moves.len() => terms.breached_at,
        (Some(terms), _) if terms.breached_at.is_some() => terms.breached_at,
        (Some(_), Some(_)) if is_over => Some(due.at),
        (_, late) => late.filter(|_| is_over || run.due.at > now),
    }
}
