//! A command becomes events, or a refusal that names every unmet condition. Pure: no clock, no chance, no input or output.

use jiff::Timestamp;

use super::case::Case;
use super::clocks;
use super::command::{Actor, Application, Command};
use super::definition::Definition;
use super::definition::builtin::{AMEND, CONFIRM, MIGRATE, NOTE, SEND_BACK};
use super::definition::record::{Answers, Record};
use super::definition::scheme::Action;
use super::draft::{Draft, Effected, Happening, Target};
use super::event::{Event, Filed};
use super::facts::{CaseFacts, Filling};
use super::guards::{
    may_act, of_authority, only_known, other_authority, reason, unmet_by_place, unmet_conditions,
};
use super::migration;
use super::second_person;
use crate::domain::refusal::{FieldError, Refusal};
use crate::domain::text::{UNPRINTABLE, is_printable, says_something};

const LONGEST_RATIONALE: usize = 4000;

/// Opens a case from an application.
///
/// # Errors
/// What is wrong with its fields.
pub fn open(definition: &Definition, application: &Application) -> Result<Vec<Happening>, Refusal> {
    let scheme = &definition.scheme;
    let form = definition
        .records
        .get(&application.form)
        .ok_or(Refusal::UnknownAction)?;
    let answers = form.accept(&application.answers).map_err(Refusal::Fields)?;
    let capacity = answers
        .get("capacity")
        .and_then(|value| value.as_str())
        .unwrap_or_default()
        .to_owned();
    let Some(kind) = scheme.capacities.get(&capacity) else {
        return Err(Refusal::Fields(vec![FieldError::new(
            "capacity",
            "Choose one of the answers listed",
        )]));
    };
    let mut draft = Draft::new(
        definition,
        Case::default(),
        application.actor.clone(),
        application.now,
    );
    draft.push(Event::Opened {
        scheme: scheme.scheme.to_string(),
        authority: application.authority.clone(),
        reference: application.reference.clone(),
        route: kind.route.to_string(),
        capacity,
        state: scheme.intake.state.to_string(),
        filed: Filed {
            record: application.form.clone(),
            answers,
        },
    });
    for flag in raised_at_intake(&draft, form) {
        draft.raise(&flag)?;
    }
    draft.run_clocks(None, Some(&scheme.intake.state))?;
    Ok(draft.happened)
}

/// The flags that an application raises by what it says. A condition that cannot be answered raises its flag: the safe side.
fn raised_at_intake(draft: &Draft<'_>, form: &Record) -> Vec<String> {
    let name = &*form.record;
    let answers = draft.case.records.get(name).map(|filing| &filing.answers);
    let facts = CaseFacts {
        definition: draft.definition,
        case: &draft.case,
        actor: &draft.actor,
        form: answers.map(|answers| Filling {
            record: form,
            answers,
            now: draft.now,
        }),
    };
    let raised = draft.definition.scheme.intake.raises.iter();
    raised
        .filter(|raised| raised.when.holds(&facts).unwrap_or(true))
        .map(|raised| raised.flag.to_string())
        .collect()
}

/// What happens by itself: warnings, breaches, the end of a pause.
pub fn tick(definition: &Definition, case: Case, now: Timestamp) -> Vec<Happening> {
    let mut draft = Draft::new(definition, case, Actor::clock(), now);
    draft.catch_up();
    draft.happened
}

/// What a command does to a case.
///
/// # Errors
/// Why it is refused; nothing has happened then.
pub fn decide(
    definition: &Definition,
    case: &Case,
    command: &Command,
) -> Result<Vec<Happening>, Refusal> {
    decide_between(definition, None, case, command)
}

/// What a command does to a case that may be about to go by another edition, `target`.
///
/// # Errors
/// As [`decide`]; a move to another edition is refused without it.
pub fn decide_between(
    definition: &Definition,
    target: Option<Target<'_>>,
    case: &Case,
    command: &Command,
) -> Result<Vec<Happening>, Refusal> {
    if command
        .expected
        .is_some_and(|expected| expected != case.version)
    {
        return Err(Refusal::Stale(case.version));
    }
    if command.rationale.chars().count() > LONGEST_RATIONALE {
        let sentence = format!("Use {LONGEST_RATIONALE} characters or fewer");
        return Err(Refusal::Fields(vec![FieldError::new(
            "rationale",
            sentence,
        )]));
    }
    if !is_printable(&command.rationale) {
        return Err(Refusal::Fields(vec![FieldError::new(
            "rationale",
            UNPRINTABLE,
        )]));
    }
    of_authority(case, &command.actor)?;
    let mut draft = Draft::new(definition, case.clone(), command.actor.clone(), command.now);
    draft.target = target;
    draft.catch_up();
    match command.action.as_str() {
        NOTE => note(&mut draft, command)?,
        AMEND => second_person::amend(&mut draft, command)?,
        CONFIRM => second_person::confirm(&mut draft, command)?,
        SEND_BACK => second_person::send_back(&mut draft, command)?,
        MIGRATE => migration::propose(&mut draft, command)?,
        _ => act(&mut draft, command)?,
    }
    Ok(draft.happened)
}

fn note(draft: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    only_known(&command.record, &[])?;
    draft.push(Event::Noted {
        text: reason(command, "Write the note")?,
    });
    Ok(())
}

fn act(draft: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    let definition = draft.definition;
    let action = definition
        .scheme
        .actions
        .get(&command.action)
        .ok_or(Refusal::UnknownAction)?;
    may_act(definition, action, &command.actor)?;
    let mut unmet = unmet_by_place(definition, &draft.case, action);
    unmet.extend(unmet_conditions(draft, action, None));
    if !unmet.is_empty() {
        return Err(Refusal::Unmet(unmet));
    }
    let (answers, outcome) = filled_in(draft, action, command)?;
    let unmet = unmet_conditions(draft, action, Some(&answers));
    if !unmet.is_empty() {
        return Err(Refusal::Unmet(unmet));
    }
    let filed = action.record.as_ref().map(|record| Filed {
        record: record.to_string(),
        answers,
    });
    let rationale = command.rationale.trim().to_owned();
    match &action.second_person {
        Some(second) => {
            let confirm_by = second.role.iter().map(ToString::to_string).collect();
            draft.push(Event::Proposed {
                action: command.action.clone(),
                rationale,
                filed,
                outcome,
                confirm_by,
            });
            draft.push(clocks::start_second_person(
                definition,
                &draft.case,
                &second.within,
                draft.now,
            )?);
            Ok(())
        }
        None => draft.take_effect(
            &command.action,
            action,
            Effected {
                rationale,
                filed,
                outcome,
                confirmed: None,
            },
        ),
    }
}

/// The form and the reason, checked; every wrong field is named at once.
fn filled_in(
    draft: &Draft<'_>,
    action: &Action,
    command: &Command,
) -> Result<(Answers, Option<String>), Refusal> {
    let record = action
        .record
        .as_ref()
        .and_then(|name| draft.definition.records.get(&**name));
    let accepted = match record {
        Some(record) => record.accept(&command.record),
        None => only_known(&command.record, &[])
            .map(|()| Answers::new())
            .map_err(|refusal| match refusal {
                Refusal::Fields(errors) => errors,
                _ => Vec::new(),
            }),
    };
    let (answers, mut errors) = match accepted {
        Ok(answers) => (answers, Vec::new()),
        Err(errors) => (Answers::new(), errors),
    };
    if !says_something(&command.rationale)
        && let Some(sentence) = draft.reason_needed(&command.action, action)
    {
        errors.push(FieldError::new("rationale", sentence));
    }
    errors.extend(other_authority(draft, action, &answers));
    let outcome = match &action.outcome.0[..] {
        [] => None,
        [only] => Some(only.to_string()),
        several => {
            let chosen = answers.get("outcome").and_then(|value| value.as_str());
            let known = chosen.filter(|name| several.iter().any(|outcome| &**outcome == *name));
            if known.is_none() && errors.is_empty() {
                errors.push(FieldError::new(
                    "outcome",
                    "Choose an outcome that this decision can have",
                ));
            }
            known.map(str::to_owned)
        }
    };
    if errors.is_empty() {
        Ok((answers, outcome))
    } else {
        Err(Refusal::Fields(errors))
    }
}
