//! Scenarios: given / when / then walks that a police officer can read. They are played on the pure engine by
//! `workflow test`; the demonstration plays the same steps through the write door.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;

use super::case::Case;
use super::command::{Actor, Application, Command};
use super::decide::{decide, open, tick};
use super::definition::Definition;
use super::definition::record::Answers;
use super::definition::yaml::{Entries, Word};
use super::draft::Happening;
use super::event::Recorded;
use super::evolve::evolve;
use crate::domain::refusal::Refusal;

/// One scenario file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub scenario: String,
    pub scheme: Word,
    pub people: Entries<Word>,
    /// Local time of receipt.
    pub received: DateTime,
    pub capacity: Word,
    #[serde(default)]
    pub application: Answers,
    pub steps: Vec<Step>,
    pub ends: Ends,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    #[serde(default)]
    pub by: Option<Word>,
    #[serde(default)]
    pub after: Option<Word>,
    pub does: Word,
    #[serde(default)]
    pub record: Answers,
    #[serde(default)]
    pub because: String,
    #[serde(default)]
    pub then: Then,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Then {
    #[serde(default)]
    pub state: Option<Word>,
    #[serde(default)]
    pub flags: Option<Vec<Word>>,
    #[serde(default)]
    pub clocks: Entries<Word>,
    #[serde(default)]
    pub due: Entries<Date>,
    #[serde(default)]
    pub refused: Option<Vec<String>>,
    #[serde(default)]
    pub waits_for: Option<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ends {
    pub state: Word,
    #[serde(default)]
    pub outcome: Option<Word>,
}

/// Something that came out otherwise than the scenario says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub line: u64,
    pub column: u64,
    pub text: String,
}

impl Failure {
    fn at(word: &Word, text: impl Into<String>) -> Self {
        Self {
            line: word.line.max(1),
            column: word.column.max(1),
            text: text.into(),
        }
    }
}

/// The step word for 'nobody acts; the clocks are looked at'.
pub const NOTHING: &str = "nothing";

/// How long a step waits: minutes, hours or days of 24 hours.
///
/// # Errors
/// A sentence saying what may be written.
pub fn wait(text: &str) -> Result<jiff::SignedDuration, String> {
    let say = || "Write a wait such as `30 minutes`, `2 hours` or `3 days`".to_owned();
    let (number, unit) = text.split_once(' ').ok_or_else(say)?;
    let number: i64 = number
        .parse()
        .ok()
        .filter(|number| (0..=100_000).contains(number))
        .ok_or_else(say)?;
    let minutes = match unit {
        "minute" | "minutes" => 1,
        "hour" | "hours" => 60,
        "day" | "days" => 24 * 60,
        _ => return Err(say()),
    };
    Ok(jiff::SignedDuration::from_mins(number * minutes))
}

/// A form's examples with what the scenario says instead; `null` leaves a field empty.
pub fn filled(definition: &Definition, record: &str, over: &Answers) -> Answers {
    let mut answers = definition
        .records
        .get(record)
        .map(super::definition::record::Record::examples)
        .unwrap_or_default();
    answers.extend(over.clone());
    answers
}

impl Scenario {
    /// The answers of its application, on the form for its capacity.
    pub fn application(&self, definition: &Definition) -> (String, Answers) {
        let intake = &definition.scheme.intake;
        let offers = |form: &str| {
            let field = definition
                .records
                .get(form)
                .and_then(|record| record.fields.get("capacity"));
            field.is_some_and(|field| field.options.has(&self.capacity))
        };
        let form = if offers(&intake.public_form) {
            &intake.public_form
        } else {
            &intake.referral_form
        };
        let mut answers = filled(definition, form, &self.application);
        answers.insert("capacity".to_owned(), self.capacity.text.clone().into());
        (form.to_string(), answers)
    }

    /// The command of a step.
    pub fn command(
        &self,
        definition: &Definition,
        step: &Step,
        actor: Actor,
        now: Timestamp,
    ) -> Command {
        let action = definition.scheme.actions.get(&step.does);
        let record = action.and_then(|action| action.record.as_ref());
        let record = record.map_or_else(
            || step.record.clone(),
            |record| filled(definition, record, &step.record),
        );
        Command {
            action: step.does.to_string(),
            record,
            rationale: step.because.clone(),
            expected: None,
            actor,
            now,
        }
    }

    /// Plays the scenario; an empty list means that everything came out as it says.
    pub fn play(&self, definition: &Definition) -> Vec<Failure> {
        let mut failures = Vec::new();
        let received = self.received.to_zoned(definition.zone.clone());
        let Ok(mut now) = received.map(|zoned| zoned.timestamp()) else {
            return vec![Failure::at(
                &self.scheme,
                "There is no such time of receipt",
            )];
        };
        let (form, answers) = self.application(definition);
        let actor = Actor {
            id: "applicant".to_owned(),
            ..Actor::public()
        };
        let application = Application {
            form,
            answers,
            reference: String::new(),
            authority: String::new(),
            actor,
            now,
        };
        let mut case = match open(definition, &application) {
            Ok(happened) => record_all(Case::default(), happened, now),
            Err(refusal) => {
                return vec![Failure::at(
                    &self.capacity,
                    format!("The application is refused: {}", told(&refusal)),
                )];
            }
        };
        for step in &self.steps {
            match step
                .after
                .as_ref()
                .map_or(Ok(jiff::SignedDuration::ZERO), |after| wait(after))
            {
                Ok(waited) => now += waited,
                Err(text) => failures.push(Failure::at(&step.does, text)),
            }
            match self.play_step(definition, &case, step, now) {
                Ok(after) => case = after,
                Err(failure) => failures.push(failure),
            }
            failures.extend(step.then.differences(&case, &step.does));
        }
        failures.extend(self.ends.differences(&case));
        failures
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
        let role = self
            .people
            .get(who)
            .ok_or_else(|| Failure::at(who, "There is no such person under `people`"))?;
        let actor = Actor {
            id: who.to_string(),
            role: role.to_string(),
            agency: String::new(),
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

fn told(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Fields(errors) => {
            let each: Vec<_> = errors
                .iter()
                .map(|error| format!("{}: {}", error.field, error.message))
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
