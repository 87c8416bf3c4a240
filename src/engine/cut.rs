//! A history as far as somebody may read it: answers of classes that they do not see are taken out of every event, and
//! with them out of everything that is made of the events. What happened, when and by whom stays.

use super::definition::Definition;
use super::definition::builtin::{AMEND, MIGRATE};
use super::definition::record::Answers;
use super::event::{Confirmation, Event, Filed, Recorded};
use crate::domain::class::FieldClass;

/// An event without what `sees` does not let through. `definition` is the edition under which it happened.
#[must_use]
pub fn cut(
    definition: &Definition,
    recorded: &Recorded,
    sees: &impl Fn(FieldClass) -> bool,
) -> Recorded {
    let mut recorded = recorded.clone();
    let reasons = sees(FieldClass::Decision);
    match &mut recorded.event {
        Event::Opened { filed, .. } => cut_filed(definition, filed, sees),
        Event::Acted {
            rationale,
            filed,
            confirmed,
            ..
        } => {
            cut_reason(rationale, reasons);
            cut_confirmed(confirmed.as_mut(), reasons);
            cut_if_filed(definition, filed, sees);
        }
        Event::Proposed {
            rationale, filed, ..
        } => {
            cut_reason(rationale, reasons);
            cut_if_filed(definition, filed, sees);
        }
        Event::Amended {
            filed,
            rationale,
            confirmed,
            ..
        } => {
            cut_reason(rationale, reasons);
            cut_confirmed(confirmed.as_mut(), reasons);
            cut_filed(definition, filed, sees);
        }
        Event::Migrated {
            rationale,
            confirmed,
            ..
        } => {
            cut_reason(rationale, reasons);
            cut_confirmed(Some(confirmed), reasons);
        }
        Event::SentBack { rationale, .. } => cut_reason(rationale, reasons),
        Event::Noted { text } => cut_reason(text, reasons),
        _ => {}
    }
    recorded
}

/// Reasons and notes are free text, so they may hold anything: whoever does not see decisions sees none of them.
fn cut_reason(reason: &mut String, seen: bool) {
    if !seen {
        reason.clear();
    }
}

fn cut_confirmed(confirmed: Option<&mut Confirmation>, seen: bool) {
    if let Some(confirmed) = confirmed {
        cut_reason(&mut confirmed.rationale, seen);
    }
}

fn cut_if_filed(
    definition: &Definition,
    filed: &mut Option<Filed>,
    sees: &impl Fn(FieldClass) -> bool,
) {
    if let Some(filed) = filed {
        cut_filed(definition, filed, sees);
    }
}

fn cut_filed(definition: &Definition, filed: &mut Filed, sees: &impl Fn(FieldClass) -> bool) {
    match filed.record.as_str() {
        // It names an edition and nobody.
        MIGRATE => {}
        AMEND => {
            let record = filed.answers.get("record").and_then(|name| name.as_str());
            let record = record.map(str::to_owned).unwrap_or_default();
            if let Some(answers) = filed
                .answers
                .get_mut("answers")
                .and_then(|held| held.as_object_mut())
            {
                cut_answers(definition, &record, answers, sees);
            }
        }
        record => {
            let record = record.to_owned();
            cut_answers(definition, &record, &mut filed.answers, sees);
        }
    }
}

/// What no form knows is of no class that anybody could be shown.
fn cut_answers(
    definition: &Definition,
    record: &str,
    answers: &mut Answers,
    sees: &impl Fn(FieldClass) -> bool,
) {
    let record = definition.records.get(record);
    answers.retain(|name, _| {
        let field = record.and_then(|record| record.fields.get(name));
        field.is_some_and(|field| sees(field.class))
    });
}
