//! A case moves to another edition of its scheme: proposed with a reason, confirmed by a second person, undone by moving
//! it back (L13). What the move does is worked out by `rehearsal`; here it becomes events.

use super::case::Proposal;
use super::clocks;
use super::command::Command;
use super::definition::Definition;
use super::definition::builtin::MIGRATE;
use super::definition::record::Answers;
use super::draft::{Draft, Target};
use super::event::{Confirmation, Edition, Event, Filed};
use super::guards::{only_known, reason};
use super::rehearsal::{Rehearsal, rehearse};
use crate::domain::refusal::{FieldError, Refusal};

/// The field of the command that names the edition, by the hash of its documents.
pub const TO: &str = "to";
/// What its owner calls it, kept with the proposal so that a page can name it.
pub const EDITION: &str = "edition";

/// Proposes to move a case. Nothing moves until somebody else confirms it.
pub fn propose(draft: &mut Draft<'_>, command: &Command) -> Result<(), Refusal> {
    only_known(&command.record, &[TO])?;
    let movers = movers(draft);
    if !movers.contains(&command.actor.role) {
        let labels: Vec<_> = movers
            .iter()
            .map(|role| draft.definition.role_label(role))
            .collect();
        return Err(Refusal::NotYours(format!(
            "This is done by: {}",
            labels.join(" or ")
        )));
    }
    let asked = command
        .record
        .get(TO)
        .and_then(|value| value.as_str())
        .unwrap_or_default();
    let target = target(draft, asked)?;
    if let Some(waits) = &draft.case.pending {
        let label = draft.definition.action_label(&waits.action);
        return Err(Refusal::unmet(format!(
            "‘{label}’ waits for a second person; confirm it or send it back first"
        )));
    }
    possible(draft, target)?;
    let rationale = reason(command, "Say why the case is moved")?;
    let second = draft
        .definition
        .any_second()
        .or_else(|| target.definition.any_second());
    let within = second.map(|second| second.within.to_string());
    let mut answers = Answers::new();
    answers.insert(TO.to_owned(), target.hash.into());
    answers.insert(
        EDITION.to_owned(),
        target.definition.scheme.edition.text.clone().into(),
    );
    draft.push(Event::Proposed {
        action: MIGRATE.to_owned(),
        rationale,
        filed: Some(Filed {
            record: MIGRATE.to_owned(),
            answers,
        }),
        outcome: None,
        confirm_by: movers,
    });
    if let Some(within) = within {
        draft.push(clocks::start_second_person(
            draft.definition,
            &draft.case,
            &within,
            draft.now,
        )?);
    }
    Ok(())
}

/// The case moves: from here on it goes by the other edition.
pub fn take_effect(
    draft: &mut Draft<'_>,
    proposal: &Proposal,
    confirmed: Confirmation,
) -> Result<(), Refusal> {
    let answers = proposal.answers.as_ref();
    let asked = answers
        .and_then(|answers| answers.get(TO)?.as_str())
        .unwrap_or_default();
    let target = target(draft, asked)?;
    let rehearsal = possible(draft, target)?;
    let edition = |hash: &str, definition: &Definition| Edition {
        hash: hash.to_owned(),
        label: definition.scheme.edition.text.clone(),
    };
    draft.push(Event::Migrated {
        from: edition(target.own, draft.definition),
        to: edition(target.hash, target.definition),
        rationale: proposal.rationale.clone(),
        confirmed,
    });
    draft.definition = target.definition;
    for fate in rehearsal.clocks {
        draft.push(fate.event);
    }
    draft.catch_up();
    Ok(())
}

/// Who may move cases, by either edition: an older one may not say.
fn movers(draft: &Draft<'_>) -> Vec<String> {
    let other = draft.target.map(|target| target.definition);
    let editions = other.into_iter().chain([draft.definition]);
    let mut roles: Vec<_> = editions
        .flat_map(Definition::movers)
        .map(str::to_owned)
        .collect();
    roles.sort();
    roles.dedup();
    roles
}

fn target<'a>(draft: &Draft<'a>, asked: &str) -> Result<Target<'a>, Refusal> {
    let known = draft.target.filter(|target| target.hash == asked);
    known.ok_or_else(|| {
        Refusal::Fields(vec![FieldError::new(
            TO,
            "Name an edition that has been published",
        )])
    })
}

/// What the move would do, unless it cannot be.
fn possible(draft: &Draft<'_>, target: Target<'_>) -> Result<Rehearsal, Refusal> {
    let case = &draft.case;
    if target.own == target.hash {
        return Err(Refusal::unmet("The case goes by this edition already"));
    }
    if case.ended {
        return Err(Refusal::unmet("The case has ended"));
    }
    let scheme = &target.definition.scheme;
    let today = draft.now.to_zoned(target.definition.zone.clone()).date();
    if scheme.effective_from > today {
        return Err(Refusal::unmet(format!(
            "This edition is in force only from {}",
            scheme.effective_from
        )));
    }
    let rehearsal = rehearse(
        draft.definition,
        target.definition,
        target.hash,
        case,
        draft.now,
    );
    if rehearsal.stranded.is_empty() {
        Ok(rehearsal)
    } else {
        Err(Refusal::Unmet(rehearsal.stranded))
    }
}
