//! What is to be filled in for an action: a record of its own, a record to amend, or a reason only.

use serde_json::Value;

use crate::app::error::AppError;
use crate::app::read::CaseView;
use crate::app::staff::Person;
use crate::domain::refusal::{FieldError, Refusal};
use crate::engine::case::Filing;
use crate::engine::command::Command;
use crate::engine::definition::builtin::{AMEND, CONFIRM, NOTE, SEND_BACK};
use crate::engine::definition::record::{Answers, Record};
use crate::engine::definition::scheme::Action;
use crate::engine::offers::Offer;
use crate::web::form::fields::REASON;
use crate::web::form::{Typed, read, write};
use crate::web::pages::case::Names;

/// An action in front of a person.
pub struct Task<'a> {
    pub view: &'a CaseView,
    pub names: &'a Names,
    pub person: &'a Person,
    pub action: &'a str,
    pub form: Form<'a>,
    /// What the engine says of it now; `None` when it has nothing to do with the present state.
    offer: Option<Offer>,
    /// Why a reason is wanted, in the engine's words.
    pub reason_why: Option<String>,
}

pub enum Form<'a> {
    ReasonOnly,
    Record(&'a Record),
    Amend(&'a Record, &'a Filing),
}

/// What a page carries from one step to the next.
pub struct Page {
    pub typed: Typed,
    /// The version of the case that was looked at.
    pub version: u64,
    pub key: String,
}

impl<'a> Task<'a> {
    /// The task; `amended` is the record that `amend` is about.
    ///
    /// # Errors
    /// `NotFound` when there is no such record to amend.
    pub fn new(
        view: &'a CaseView,
        names: &'a Names,
        person: &'a Person,
        action: &'a str,
        amended: &str,
    ) -> Result<Self, AppError> {
        let definition = &view.definition;
        let declared = definition.scheme.actions.get(action);
        let own = declared
            .and_then(|action| action.record.as_ref())
            .and_then(|name| definition.records.get(&**name));
        let form = match own {
            Some(record) => Form::Record(record),
            None if action == AMEND && !amended.is_empty() => {
                let known = view.may_amend(amended, &person.actor);
                let record = definition
                    .records
                    .get(amended)
                    .zip(view.case.records.get(amended));
                let (record, filing) = record.filter(|_| known).ok_or(AppError::NotFound)?;
                Form::Amend(record, filing)
            }
            None => Form::ReasonOnly,
        };
        let offer = view
            .offers(&person.actor)
            .into_iter()
            .find(|offer| offer.action == action);
        let reason_why = reason_why(view, person, action);
        Ok(Self {
            view,
            names,
            person,
            action,
            form,
            offer,
            reason_why,
        })
    }

    pub fn record(&self) -> Option<&'a Record> {
        match self.form {
            Form::ReasonOnly => None,
            Form::Record(record) | Form::Amend(record, _) => Some(record),
        }
    }

    pub fn declared(&self) -> Option<&'a Action> {
        self.view.definition.scheme.actions.get(self.action)
    }

    /// Whether it can be begun now.
    pub fn is_offered(&self) -> bool {
        self.offer.as_ref().is_some_and(|offer| offer.allowed)
    }

    /// Whether the form asks for a reason before it goes on; the engine has the last word.
    pub fn reason_needed(&self) -> bool {
        self.offer.as_ref().is_some_and(|offer| offer.reason_needed)
    }

    /// The roles that must confirm, as people call them. Empty when one person is enough.
    pub fn second_person(&self) -> String {
        let definition = &self.view.definition;
        let roles = match self.form {
            Form::Amend(record, _) => definition
                .amended_by_two(&record.record)
                .map(|(roles, _)| roles),
            _ => self
                .offer
                .as_ref()
                .and_then(|offer| offer.second_person.clone()),
        };
        let labels: Vec<_> = roles
            .iter()
            .flatten()
            .map(|role| definition.role_label(role))
            .collect();
        labels.join(" or ")
    }

    pub fn label(&self) -> String {
        let definition = &self.view.definition;
        match &self.form {
            Form::Amend(record, _) => format!("Amend: {}", record.label),
            _ => match (self.action, &self.view.case.pending) {
                (CONFIRM, Some(waits)) => {
                    format!("Confirm: {}", definition.action_label(&waits.action))
                }
                (SEND_BACK, Some(waits)) => {
                    format!("Send back: {}", definition.action_label(&waits.action))
                }
                _ => definition.action_label(self.action).to_owned(),
            },
        }
    }

    /// What the box for the reason is called.
    pub fn reason_label(&self) -> &'static str {
        match self.action {
            NOTE => "The note",
            CONFIRM => "Why you agree",
            SEND_BACK => "Why you send it back",
            AMEND => "Why the record is amended",
            _ if self.record().is_some() => "Your reasons, in short",
            _ => "Your reasons",
        }
    }

    /// What a fresh form holds.
    pub fn present(&self) -> Typed {
        match &self.form {
            Form::Amend(record, filing) => write(record, &filing.answers),
            _ => Typed::default(),
        }
    }

    /// The record and the reason as the engine takes them.
    ///
    /// # Errors
    /// A sentence for each field.
    pub fn read(&self, typed: &Typed) -> Result<(Answers, String), Vec<FieldError>> {
        let mut left = typed.clone();
        let rationale = left.take(REASON).into_iter().next().unwrap_or_default();
        let sentence = self
            .reason_why
            .as_deref()
            .unwrap_or("Give the reason, in your own words");
        let missing = (self.reason_needed() && rationale.trim().is_empty())
            .then(|| FieldError::new("rationale", sentence));
        let answers = match &self.form {
            Form::ReasonOnly if left.is_empty() => Ok(Answers::new()),
            Form::ReasonOnly => Err(vec![FieldError::new(
                "",
                "Something was sent that this form does not ask for",
            )]),
            Form::Record(record) => read(record, &left),
            Form::Amend(record, filing) => {
                read(record, &left).map(|answers| amendment(record, &filing.answers, &answers))
            }
        };
        match (answers, missing) {
            (Ok(answers), None) => Ok((answers, rationale)),
            (answers, missing) => Err(answers.err().into_iter().flatten().chain(missing).collect()),
        }
    }

    /// Errors seen from the record that is on the page.
    pub fn own(&self, errors: Vec<FieldError>) -> Vec<FieldError> {
        let within = |error: FieldError| match error.field.strip_prefix("answers") {
            Some(rest) if self.action == AMEND => {
                FieldError::new(rest.trim_start_matches('.'), error.message)
            }
            _ => error,
        };
        errors.into_iter().map(within).collect()
    }
}

/// What the engine says to an empty form about its reason.
fn reason_why(view: &CaseView, person: &Person, action: &str) -> Option<String> {
    let command = Command {
        action: action.to_owned(),
        record: Answers::new(),
        rationale: String::new(),
        expected: None,
        actor: person.actor.clone(),
        now: view.now,
    };
    let Err(Refusal::Fields(errors)) = view.decide(&command) else {
        return None;
    };
    errors
        .into_iter()
        .find(|error| error.field == "rationale")
        .map(|error| error.message)
}

/// Only what changes; `null` takes an answer away.
fn amendment(record: &Record, before: &Answers, after: &Answers) -> Answers {
    let names = before
        .keys()
        .chain(after.keys().filter(|name| !before.contains_key(*name)));
    let changed = names.filter(|name| before.get(*name) != after.get(*name));
    let changed: Answers = changed
        .map(|name| {
            (
                name.clone(),
                after.get(name).cloned().unwrap_or(Value::Null),
            )
        })
        .collect();
    let mut amendment = Answers::new();
    amendment.insert("record".to_owned(), (*record.record).into());
    amendment.insert("answers".to_owned(), changed.into());
    amendment
}
