//! Scenarios: given / when / then walks that a police officer can read. They are played on the pure engine by
//! `workflow test`; the demonstration plays the same steps through the write door. What is true of a real case is not told
//! here but by `decide`. Start with `Scenario`, the shape of a file; `play` walks through one.

pub mod dates;
mod play;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;

use super::command::{Actor, Command};
use super::definition::Definition;
use super::definition::record::Answers;
use super::definition::yaml::{Entries, Word};

pub use play::record_all;

/// One scenario file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub scenario: String,
    pub scheme: Word,
    /// The authority that receives it; else the first that runs the scheme.
    #[serde(default)]
    pub authority: Option<Word>,
    /// Name to role, or to `ROLE at AUTHORITY` for people of another one.
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

impl Step {
    /// How long after the step before this one is done.
    ///
    /// # Errors
    /// A sentence saying what may be written.
    pub fn waits(&self) -> Result<jiff::SignedDuration, String> {
        self.after
            .as_ref()
            .map_or(Ok(jiff::SignedDuration::ZERO), |after| wait(after))
    }
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
    /// The authority that receives the application; empty where no authority runs the scheme.
    pub fn authority(&self, definition: &Definition) -> String {
        let first = || definition.authorities.keys().next().cloned();
        let named = self.authority.as_ref().map(ToString::to_string);
        named.or_else(first).unwrap_or_default()
    }

    /// The role and the authority of one of the people.
    pub fn person(&self, definition: &Definition, who: &str) -> Option<(String, String)> {
        let word = self.people.get(who)?;
        Some(match word.split_once(" at ") {
            Some((role, authority)) => (role.to_owned(), authority.to_owned()),
            None => (word.to_string(), self.authority(definition)),
        })
    }

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
        let public = intake.public_form.as_ref();
        let public = public.filter(|form| offers(form));
        let form = public.unwrap_or(&intake.referral_form);
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
}
