//! What stands between a command and its effect: the role, the place, the conditions, the reason.

use super::case::Case;
use super::command::{Actor, Command};
use super::definition::Definition;
use super::definition::record::Answers;
use super::definition::scheme::Action;
use super::draft::Draft;
use super::facts::{CaseFacts, Filling};
use crate::domain::refusal::{FieldError, Refusal};
use crate::domain::text::says_something;

/// Refuses people of another authority than the one that has the case.
pub fn of_authority(case: &Case, actor: &Actor) -> Result<(), Refusal> {
    if actor.authority == case.authority {
        return Ok(());
    }
    let sentence = "The case is with another authority";
    Err(Refusal::NotYours(sentence.to_owned()))
}

/// Refuses an authority that does not run the scheme or has the case already.
pub fn other_authority(
    draft: &Draft<'_>,
    action: &Action,
    answers: &Answers,
) -> Option<FieldError> {
    let field = action
        .transfers
        .as_ref()
        .filter(|word| ***word != *Action::BACK)?;
    let named = answers.get(&**field).and_then(|value| value.as_str())?;
    let runs = draft.definition.authorities.contains_key(named);
    let sentence = "Choose another authority that runs this scheme";
    (!runs || named == draft.case.authority).then(|| FieldError::new(&**field, sentence))
}

/// Refuses who does not have the role.
pub fn may_act(definition: &Definition, action: &Action, actor: &Actor) -> Result<(), Refusal> {
    if action.role.has(&actor.role) {
        return Ok(());
    }
    Err(Refusal::NotYours(format!(
        "This is done by: {}",
        definition.role_labels(&action.role)
    )))
}

/// What is in the way because of where the case is.
pub fn unmet_by_place(definition: &Definition, case: &Case, action: &Action) -> Vec<String> {
    let mut unmet = Vec::new();
    if !definition.may_start(action, &case.state) {
        unmet.push(format!(
            "This cannot be done while the case is in the state ‘{}’",
            definition.state_label(&case.state)
        ));
    }
    let changes = action.to.is_some()
        || action.second_person.is_some()
        || action.transfers.is_some()
        || !action.outcome.is_empty();
    if changes && let Some(waits) = &case.pending {
        let label = definition.action_label(&waits.action);
        unmet.push(format!(
            "‘{label}’ waits for a second person; confirm it or send it back first"
        ));
    }
    let back = action.transfers.as_deref() == Some(Action::BACK);
    if back && case.came_from.is_none() {
        unmet.push("The case has not come from another authority".to_owned());
    }
    let pausing = action
        .pauses
        .iter()
        .filter(|clock| case.running(clock).is_none_or(|run| run.paused.is_some()));
    for clock in pausing {
        unmet.push(format!("{} is not running", definition.clock_label(clock)));
    }
    if let Some(extension) = &action.extends
        && case
            .running(&extension.clock)
            .is_none_or(|run| run.paused.is_some())
    {
        unmet.push(format!(
            "{} is not running",
            definition.clock_label(&extension.clock)
        ));
    }
    unmet
}

/// Every `because` whose condition does not hold. Without a form, conditions about the form are left for later.
pub fn unmet_conditions(
    draft: &Draft<'_>,
    action: &Action,
    answers: Option<&Answers>,
) -> Vec<String> {
    let record = action
        .record
        .as_ref()
        .and_then(|name| draft.definition.records.get(&**name));
    let facts = CaseFacts {
        definition: draft.definition,
        case: &draft.case,
        actor: &draft.actor,
        form: record.zip(answers).map(|(record, answers)| Filling {
            record,
            answers,
            now: draft.now,
        }),
    };
    let quorum = draft
        .definition
        .scheme
        .forum
        .as_ref()
        .filter(|_| action.decided_by.is_some());
    let rules = action
        .requires
        .iter()
        .chain(quorum.map(|forum| &forum.quorate));
    let asked = rules.filter(|rule| answers.is_some() || !rule.when.needs_form());
    let unmet = asked.filter(|rule| !rule.when.holds(&facts).unwrap_or(false));
    unmet.map(|rule| rule.because.to_string()).collect()
}

/// Refuses parts of a record that the action does not have.
pub fn only_known(record: &Answers, known: &[&str]) -> Result<(), Refusal> {
    let unknown = record.keys().filter(|name| !known.contains(&name.as_str()));
    let errors: Vec<_> = unknown
        .map(|name| FieldError::new(name, "This form has no such field"))
        .collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Fields(errors))
    }
}

/// The reason given; its absence is an error of the field `rationale`.
pub fn reason(command: &Command, sentence: &str) -> Result<String, Refusal> {
    let text = command.rationale.trim();
    if !says_something(text) {
        return Err(Refusal::Fields(vec![FieldError::new(
            "rationale",
            sentence,
        )]));
    }
    Ok(text.to_owned())
}
