//! A case played over to another edition of its scheme: what would strand it, what becomes of each clock, and what the
//! edition does not know. Nothing happens here; `migration` makes events of it, and `app` reports it for all open cases.
//! Start with `rehearse`; `fates` is about the clocks.

mod fates;

use jiff::Timestamp;

use super::case::Case;
use super::definition::Definition;
use super::definition::builtin::BUILT_IN;
use super::definition::scheme::Action;
use super::event::{DueDate, Event};

/// What another edition would do to a case.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rehearsal {
    /// Why the case cannot go by it, each in a sentence. Empty: it can.
    pub stranded: Vec<String>,
    pub clocks: Vec<Fate>,
    /// What the case has and the edition does not know, each in a sentence. It stays in the history.
    pub unknown: Vec<String>,
}

/// What becomes of a clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Fate {
    pub clock: String,
    pub label: String,
    /// When it is due now; `None` when it starts only with the other edition.
    pub old: Option<DueDate>,
    /// When it is due by the other edition; `None` when it stops.
    pub new: Option<DueDate>,
    pub event: Event,
}

impl Fate {
    /// Whether the due date moves, the clock starts or it stops.
    pub fn changes(&self) -> bool {
        self.old != self.new
    }
}

/// Plays an open case over from its own edition to `new`, which is stored under the hash `to`.
pub fn rehearse(
    own: &Definition,
    new: &Definition,
    to: &str,
    case: &Case,
    now: Timestamp,
) -> Rehearsal {
    let play = Play {
        own,
        new,
        to,
        case,
        now,
    };
    let mut rehearsal = Rehearsal {
        stranded: play.stranded(),
        clocks: Vec::new(),
        unknown: play.unknown(),
    };
    for fate in play.clocks() {
        match fate {
            Ok(fate) => rehearsal.clocks.push(fate),
            Err(refusal) => rehearsal.stranded.extend(refusal.sentences()),
        }
    }
    if rehearsal.stranded.is_empty() && rehearsal.clocks.iter().all(|fate| fate.new.is_none()) {
        rehearsal
            .stranded
            .push("No time limit would run on it".to_owned());
    }
    rehearsal
}

struct Play<'a> {
    own: &'a Definition,
    new: &'a Definition,
    to: &'a str,
    case: &'a Case,
    now: Timestamp,
}

impl Play<'_> {
    fn stranded(&self) -> Vec<String> {
        let (own, scheme, case) = (&self.own.scheme, &self.new.scheme, self.case);
        let absent = |there: bool, what: &str, label: &str| {
            (!there).then(|| format!("It has no {what} ‘{label}’"))
        };
        let route = own.routes.get(&case.route);
        let capacity = own.capacities.get(&case.capacity);
        let waits = case.pending.as_ref().map(|waits| waits.action.as_str());
        let reasons = [
            absent(*scheme.scheme == *case.scheme, "scheme", &case.scheme),
            absent(
                scheme.states.has(&case.state),
                "state",
                self.own.state_label(&case.state),
            ),
            absent(
                scheme.routes.has(&case.route),
                "route",
                route.map_or(&case.route, |route| &route.label),
            ),
            absent(
                scheme.capacities.has(&case.capacity),
                "capacity",
                capacity.map_or(&case.capacity, |capacity| &capacity.label),
            ),
            waits.and_then(|waits| {
                absent(
                    scheme.actions.has(waits) || BUILT_IN.contains(&waits),
                    "action for what waits for a second person,",
                    self.own.action_label(waits),
                )
            }),
        ];
        let mut reasons: Vec<String> = reasons.into_iter().flatten().collect();
        if scheme.states.has(&case.state) && !self.somebody_can_act() {
            reasons.push(format!(
                "Nobody could take it out of the state ‘{}’",
                self.new.state_label(&case.state)
            ));
        }
        reasons
    }

    fn somebody_can_act(&self) -> bool {
        let state = &self.case.state;
        let leads_on = |action: &Action| {
            let elsewhere = action.to.as_ref().is_some_and(|to| **to != **state);
            elsewhere && self.new.may_start(action, state)
        };
        let mut actions = self.new.scheme.actions.iter();
        actions.any(|(_, action)| leads_on(action))
    }

    fn unknown(&self) -> Vec<String> {
        let (own, new, case) = (&self.own.scheme, &self.new.scheme, self.case);
        let flags = case
            .flags
            .keys()
            .filter(|flag| !new.flags.has(flag))
            .map(|flag| {
                let label = own
                    .flags
                    .get(flag)
                    .map_or(flag.as_str(), |flag| &flag.label);
                format!("the flag ‘{label}’")
            });
        let records = case
            .records
            .keys()
            .filter(|record| !self.new.records.contains_key(*record))
            .map(|record| {
                let label = self
                    .own
                    .records
                    .get(record)
                    .map_or(record.as_str(), |record| &record.label);
                format!("the record ‘{label}’")
            });
        let outcome = case
            .outcome
            .iter()
            .filter(|outcome| !new.outcomes.has(outcome))
            .map(|outcome| {
                let label = own
                    .outcomes
                    .get(outcome)
                    .map_or(outcome.as_str(), |outcome| &outcome.label);
                format!("the outcome ‘{label}’")
            });
        flags.chain(records).chain(outcome).collect()
    }
}
