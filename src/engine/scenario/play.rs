//! Playing a scenario on the pure engine, and telling what came out otherwise.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Ends, Failure, NOTHING, Scenario, Step, Then};
use crate::domain::refusal::Refusal;
use crate::engine::case::Case;
use crate::engine::command::{Actor, Application};
use crate::engine::decide::{decide, open, tick};
use crate::engine::definition::Definition;
use crate::engine::definition::yaml::Word;
use crate::engine::draft::Happening;
use crate::engine::event::Recorded;
use crate::engine::evolve::evolve;

impl Scenario {
    /// Plays the scenario; an empty list means that everything came out as it says.
    pub fn play(&self, definition: &Definition) -> Vec<Failure> {
        let mut failures = Vec::new();
        let last = self.walk(definition, |case, step, failure| {
            failures.extend(failure);
            if let Some(step) = step {
                failures.extend(step.then.differences(case, &step.does));
            }
        });
        failures.extend(last.iter().flat_map(|case| self.ends.differences(case)));
        failures
    }

    /// The state at the start and after each step.
    pub fn states(&self, definition: &Definition) -> Vec<String> {
        let mut states = Vec::new();
        self.walk(definition, |case, _, _| states.push(case.state.clone()));
        states
    }

    /// Walks through the steps and shows the case at the start and after each one, with what went otherwise.
    /// The case at the end; none when the application was refused.
    fn walk(
        &self,
        definition: &Definition,
        mut show: impl FnMut(&Case, Option<&Step>, Option<Failure>),
    ) -> Option<Case> {
        let (mut case, mut now) = match self.open(definition) {
            Ok(opened) => opened,
            Err(failure) => {
                show(&Case::default(), None, Some(failure));
                return None;
            }
        };
        show(&case, None, None);
        for step in &self.steps {
            let done = step.waits().map_err(|text| Failure::at(&step.does, text));
            let done = done.and_then(|waited| {
                now += waited;
                self.play_step(definition, &case, step, now)
            });
            match done {
                Ok(after) => {
                    case = after;
                    show(&case, Some(step), None);
                }
                Err(failure) => show(&case, Some(step), Some(failure)),
            }
        }
        Some(case)
    }

    fn open(&self, definition: &Definition) -> Result<(Case, Timestamp), Failure> {
        let received = self.received.to_zoned(definition.zone.clone());
        let now = received
            .map_err(|_| Failure::at(&self.scheme, "There is no such time of receipt"))?
            .timestamp();
        let (form, answers) = self.application(definition);
        let application = Application {
            form,
            answers,
            reference: String::new(),
            authority: self.authority(definition),
            actor: Actor::public(),
            now,
        };
        let opened = open(definition, &application).map_err(|refusal| {
            let text = format!("The application is refused: {}", told(&refusal));
            Failure::at(&self.capacity, text)
        })?;
        Ok((record_all(Case::default(), opened, now), now))
    }

    fn play_step(
        &self,
        definition: &Definition,
        case: &Case,
        step: &Step,
        now: Timestamp,
    ) -> Result<Case, Failure> {
        if &*step.does == NOTHING {
            return Ok(record_all(
                case.clone(),
                tick(definition, case.clone(), now),
                now,
            ));
        }
        let who = step
            .by
            .as_ref()
            .ok_or_else(|| Failure::at(&step.does, "Say who does this, with `by`"))?;
        let (role, authority) = self
            .person(definition, who)
            .ok_or_else(|| Failure::at(who, "There is no such person under `people`"))?;
        let actor = Actor {
            id: who.to_string(),
            role,
            agency: String::new(),
            authority,
        };
        let decided = decide(
            definition,
            case,
            &self.command(definition, step, actor, now),
        );
        match (decided, &step.then.refused) {
            (Ok(happened), None) => Ok(record_all(case.clone(), happened, now)),
            (Ok(_), Some(_)) => Err(Failure::at(
                &step.does,
                "This should have been refused, and it was done",
            )),
            (Err(refusal), None) => Err(Failure::at(
                &step.does,
                format!("This is refused: {}", told(&refusal)),
            )),
            (Err(refusal), Some(expected)) if refusal.sentences() != *expected => Err(Failure::at(
                &step.does,
                format!("It is refused, but with these reasons: {}", told(&refusal)),
            )),
            (Err(_), Some(_)) => Ok(case.clone()),
        }
    }
}

/// The key of a scenario's step that fills this field.
fn key_of(field: &str) -> &str {
    if field == "rationale" {
        "because"
    } else {
        field
    }
}

fn told(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Fields(errors) => {
            let each: Vec<_> = errors
                .iter()
                .map(|error| format!("{}: {}", key_of(&error.field), error.message))
                .collect();
            each.join("; ")
        }
        _ => refusal.sentences().join("; "),
    }
}

/// The case after what happened at one moment.
pub fn record_all(case: Case, happened: Vec<Happening>, at: Timestamp) -> Case {
    happened.into_iter().fold(case, |case, happening| {
        let recorded = Recorded {
            seq: case.version + 1,
            at,
            actor: happening.actor,
            event: happening.event,
        };
        evolve(case, &recorded)
    })
}

impl Then {
    fn differences(&self, case: &Case, step: &Word) -> Vec<Failure> {
        let mut failures = Vec::new();
        if let Some(state) = self.state.as_ref().filter(|state| ***state != case.state) {
            failures.push(Failure::at(
                state,
                format!("The state is {}, not {}", case.state, &**state),
            ));
        }
        if let Some(flags) = &self.flags {
            let expected: BTreeSet<&str> = flags.iter().map(|flag| &**flag).collect();
            if !expected
                .iter()
                .copied()
                .eq(case.flags.keys().map(String::as_str))
            {
                let up: Vec<_> = case.flags.keys().cloned().collect();
                failures.push(Failure::at(
                    step,
                    format!("The flags are [{}]", up.join(", ")),
                ));
            }
        }
        for (name, expected) in self.clocks.iter() {
            let status = clock_status(case, name);
            if status != &**expected {
                failures.push(Failure::at(
                    expected,
                    format!("The clock {} is {status}, not {}", &**name, &**expected),
                ));
            }
        }
        for (name, expected) in self.due.iter() {
            let date = case
                .clocks
                .iter()
                .rev()
                .find(|run| run.clock == **name)
                .and_then(|run| run.due.date);
            if date != Some(*expected) {
                let shown = date.map_or_else(|| "no day".to_owned(), |date| date.to_string());
                failures.push(Failure::at(
                    name,
                    format!("{} is due on {shown}, not on {expected}", &**name),
                ));
            }
        }
        if let Some(role) = &self.waits_for {
            let waits = case
                .pending
                .as_ref()
                .is_some_and(|pending| pending.confirm_by.contains(&role.text));
            if !waits {
                failures.push(Failure::at(
                    role,
                    format!("Nothing waits for a {}", &**role),
                ));
            }
        }
        failures
    }
}

impl Ends {
    fn differences(&self, case: &Case) -> Vec<Failure> {
        let mut failures = Vec::new();
        if *self.state != *case.state {
            failures.push(Failure::at(
                &self.state,
                format!("It ends in the state {}, not {}", case.state, &*self.state),
            ));
        }
        let expected = self.outcome.as_deref();
        if expected.is_some() && expected != case.outcome.as_deref() {
            let outcome = case.outcome.as_deref().unwrap_or("none");
            failures.push(Failure::at(
                &self.state,
                format!("The outcome is {outcome}"),
            ));
        }
        failures
    }
}

/// `running`, `late`, `paused`, `stopped` or `not_started`: of the newest run of a clock.
fn clock_status(case: &Case, name: &str) -> &'static str {
    match case.clocks.iter().rev().find(|run| run.clock == name) {
        None => "not_started",
        Some(run) if !run.is_running() => "stopped",
        Some(run) if run.paused.is_some() => "paused",
        Some(run) if run.is_late() => "late",
        Some(_) => "running",
    }
}
