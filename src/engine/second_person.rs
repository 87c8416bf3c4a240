//! The second person: a proposal is confirmed or sent back by another signed-in account (L4). Amending what a decision
//! rests on needs one as well, or a 'no' could be made alone by mending a record.

use std::collections::BTreeSet;

use super::case::{Case, Proposal};
use super::clocks;
use super::command::{Actor, Command};
use super::definition::Definition;
use super::definition::builtin::{AMEND, MIGRATE, SECOND_PERSON};
use super::draft::{Draft, Effected};
use super::event::{Confirmation, Event, Filed};
use super::guards::{only_known, reason, unmet_by_place, unmet_conditions};
use super::migration;
use crate::domain::refusal::{FieldError, Refusal};

/// Why this actor may not confirm, if so.
pub fn may_confirm(
    definition: &Definition,
    case: &Case,
    proposal: &Proposal,
    actor: &Actor,
) -> Result<(), Refusal> {
    if !proposal.confirm_by.contains(&actor.role) {
        let labels: Vec<_> = proposal
            .confirm_by
            .iter()
            .map(|role| definition.role_label(role))
            .collect();
        return Err(Refusal::NotYours(format!(
            "This is confirmed by: {}",
            labels.join(" or ")
        )));
    }
    if proposal.by.id == actor.id {
        return Err(Refusal::unmet(
            "You proposed this, so another person must confirm it",
        ));
    }
    if authors(definition, case, proposal).contains(&actor.id) {
        return Err(Refusal::unmet(
            "You filled in a record that this rests on, so another person must confirm it",
        ));
    }
    if proposal.in_room.contains(&actor.id) {
        return Err(Refusal::unmet(
            "You were in the meeting that came to this case, so somebody from outside it must confirm it",
        ));
    }
    Ok(())
}

/// Everybody who filled in a record that the proposal rests on; an amendment rests on the record it changes.
fn authors(definition: &Definition, case: &Case, proposal: &Proposal) -> BTreeSet<String> {
    let amended = proposal
        .answers
        .as_ref()
        .and_then(|held| held.get("record")?.as_str());
    let rests_on = match definition.scheme.actions.get(&proposal.action) {
        Some(action) => definition.rests_on(action),
        None => amended.into_iter().collect(),
    };
    let filings = rests_on
        .iter()
        .filter_map(|record| case.records.get(*record));
    filings
        .flat_map(|filing| filing.authors.iter().cloned())
        .collect()
}

pub fn confirm(draft: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    only_known(&command.record, &[])?;
    let definition = draft.definition;
    let proposal = waiting(&draft.case)?;
    may_confirm(definition, &draft.case, &proposal, &command.actor)?;
    let rationale = reason(command, "Say why you agree")?;
    stop_clock(draft);
    let confirmed = Confirmation {
        proposed_by: proposal.by.clone(),
        rationale,
    };
    if proposal.action == AMEND {
        confirm_amendment(draft, &proposal, confirmed);
        return Ok(());
    }
    if proposal.action == MIGRATE {
        return migration::take_effect(draft, &proposal, confirmed);
    }
    let action = definition
        .scheme
        .actions
        .get(&proposal.action)
        .ok_or(Refusal::UnknownAction)?;
    let mut still = draft.case.clone();
    still.pending = None;
    let mut unmet = unmet_by_place(definition, &still, action);
    let answers = proposal.answers.clone().unwrap_or_default();
    let as_proposed = Draft::new(definition, still, proposal.by.clone(), draft.now);
    unmet.extend(unmet_conditions(&as_proposed, action, Some(&answers)));
    if !unmet.is_empty() {
        return Err(Refusal::Unmet(unmet));
    }
    let filed = action.record.as_ref().map(|record| Filed {
        record: record.to_string(),
        answers,
    });
    let effected = Effected {
        rationale: proposal.rationale,
        filed,
        outcome: proposal.outcome,
        confirmed: Some(confirmed),
    };
    draft.take_effect(&proposal.action, action, effected)
}

pub fn send_back(draft: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    only_known(&command.record, &[])?;
    let definition = draft.definition;
    let proposal = waiting(&draft.case)?;
    let takes_back = proposal.by.id == command.actor.id;
    let in_role = proposal.confirm_by.contains(&command.actor.role);
    let in_room = proposal.in_room.contains(&command.actor.id);
    if !takes_back && (!in_role || in_room) {
        may_confirm(definition, &draft.case, &proposal, &command.actor)?;
    }
    let rationale = reason(command, "Say why you send this back")?;
    let action = definition.scheme.actions.get(&proposal.action);
    let second = action.and_then(|action| action.second_person.as_ref());
    let from = draft.case.state.clone();
    // Taking back one's own proposal moves nothing: only a second person's word does (L4).
    let to = second
        .filter(|_| !takes_back)
        .and_then(|second| second.back_to.as_ref())
        .map(ToString::to_string)
        .filter(|state| *state != from);
    stop_clock(draft);
    draft.push(Event::SentBack {
        action: proposal.action,
        proposed_by: proposal.by,
        rationale,
        from,
        to: to.clone(),
    });
    draft.run_clocks(None, to.as_deref())
}

/// A new version of a record. What a decision rests on is amended by two people.
pub fn amend(draft: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    only_known(&command.record, &["record", "answers"])?;
    let definition = draft.definition;
    let name = command
        .record
        .get("record")
        .and_then(|value| value.as_str())
        .unwrap_or_default();
    let (Some(form), Some(filing)) = (definition.records.get(name), draft.case.records.get(name))
    else {
        return Err(Refusal::Fields(vec![FieldError::new(
            "record",
            "Name a record that has been filled in",
        )]));
    };
    if !definition.may_amend(name, &command.actor.role) {
        return Err(Refusal::NotYours(
            "This record is amended by those who may fill it in".to_owned(),
        ));
    }
    let mut answers = filing.answers.clone();
    match command
        .record
        .get("answers")
        .and_then(|value| value.as_object())
    {
        Some(changed) => answers.extend(changed.clone()),
        None => {
            return Err(Refusal::Fields(vec![FieldError::new(
                "answers",
                "Give the fields that change",
            )]));
        }
    }
    let accepted = form.accept(&answers).map_err(|errors| {
        Refusal::Fields(
            errors
                .into_iter()
                .map(|error| error.within("answers"))
                .collect(),
        )
    })?;
    if accepted == filing.answers {
        return Err(Refusal::Fields(vec![FieldError::new(
            "answers",
            "Nothing would change",
        )]));
    }
    let rationale = reason(command, "Say why the record is amended")?;
    let filed = Filed {
        record: name.to_owned(),
        answers: accepted,
    };
    let Some((confirm_by, within)) = definition.amended_by_two(name) else {
        let stale = stale_after(definition, &draft.case, name);
        draft.push(Event::Amended {
            filed,
            rationale,
            stale,
            confirmed: None,
        });
        return Ok(());
    };
    if draft.case.pending.is_some() {
        return Err(Refusal::unmet(
            "Another proposal waits for a second person; confirm it or send it back first",
        ));
    }
    draft.push(Event::Proposed {
        action: AMEND.to_owned(),
        rationale,
        filed: Some(wrapped(filed)),
        outcome: None,
        confirm_by,
    });
    draft.push(clocks::start_second_person(
        definition,
        &draft.case,
        &within,
        draft.now,
    )?);
    Ok(())
}

/// While it waits, an amendment is held as the form it came in.
fn wrapped(filed: Filed) -> Filed {
    let mut answers = super::definition::record::Answers::new();
    answers.insert("record".to_owned(), filed.record.into());
    answers.insert("answers".to_owned(), filed.answers.into());
    Filed {
        record: AMEND.to_owned(),
        answers,
    }
}

fn confirm_amendment(draft: &mut Draft<'_>, proposal: &Proposal, confirmed: Confirmation) {
    let held = proposal.answers.clone().unwrap_or_default();
    let name = held
        .get("record")
        .and_then(|value| value.as_str())
        .unwrap_or_default()
        .to_owned();
    let answers = held
        .get("answers")
        .and_then(|value| value.as_object())
        .cloned()
        .unwrap_or_default();
    let stale = stale_after(draft.definition, &draft.case, &name);
    let filed = Filed {
        record: name,
        answers,
    };
    draft.push(Event::Amended {
        filed,
        rationale: proposal.rationale.clone(),
        stale,
        confirmed: Some(confirmed),
    });
}

/// The actions already taken that rested on this record.
fn stale_after(definition: &Definition, case: &Case, record: &str) -> Vec<String> {
    let rested = |name: &str| {
        let action = definition.scheme.actions.get(name);
        action.is_some_and(|action| {
            action.record.as_deref() != Some(record)
                && definition.rests_on(action).contains(&record)
        })
    };
    let taken: BTreeSet<_> = case
        .acts
        .iter()
        .map(|(name, _)| name.clone())
        .filter(|name| rested(name))
        .collect();
    taken.into_iter().collect()
}

fn waiting(case: &Case) -> Result<Proposal, Refusal> {
    case.pending
        .clone()
        .ok_or_else(|| Refusal::unmet("Nothing waits for a second person"))
}

fn stop_clock(draft: &mut Draft<'_>) {
    if let Some(run) = draft.case.running(SECOND_PERSON) {
        let stopped = clocks::stop(run);
        draft.push(stopped);
    }
}
