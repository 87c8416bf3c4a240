//! What waits for a second person: who proposed what and why, and who may confirm it.

use maud::{Markup, html};

use super::events::due_words;
use super::{Names, who};
use crate::app::read::{CaseView, Colleague};
use crate::app::staff::Person;
use crate::engine::case::Proposal;
use crate::engine::definition::Definition;
use crate::engine::definition::builtin::{AMEND, CONFIRM, SECOND_PERSON, SEND_BACK};
use crate::engine::definition::record::{Answers, Record};
use crate::engine::rehearsal::{Fate, rehearse};
use crate::web::components::{Button, Details, button, details};
use crate::web::form::shown;
use crate::web::pages::address;
use crate::web::pages::due::deadline_words;
use crate::web::words;

/// The proposal with its buttons; nothing when none waits.
pub fn waiting(
    view: &CaseView,
    person: &Person,
    names: &Names,
    colleagues: &[Colleague],
) -> Markup {
    let Some(proposal) = &view.case.pending else {
        return html! {};
    };
    let offers = view.offers(&person.actor);
    let offer = |name: &str| offers.iter().find(|offer| offer.action == name);
    let here = address::case(view.id);
    let confirm = offer(CONFIRM);
    html! {
        section class="app-waiting" aria-labelledby="waiting" {
            h2 class="govuk-heading-m" id="waiting" { "Waits for a second person: " (view.definition.action_label(&proposal.action)) }
            (proposed(view, proposal, names))
            @if let Some(refused) = confirm.filter(|offer| !offer.allowed) {
                p class="govuk-body" { strong { "You cannot confirm this. " } (refused.because.join(". ")) "." }
            }
            (confirmers(view, colleagues))
            div class="govuk-button-group" {
                @if confirm.is_some_and(|offer| offer.allowed) {
                    (button(&Button { text: "Confirm".into(), href: &format!("{here}/do/{CONFIRM}"), ..Button::default() }))
                }
                @if offer(SEND_BACK).is_some_and(|offer| offer.allowed) {
                    @let own = proposal.by.id == person.actor.id;
                    @let text = if own { "Take it back" } else { "Send it back" };
                    (button(&Button { text: text.into(), href: &format!("{here}/do/{SEND_BACK}"), classes: "govuk-button--secondary", ..Button::default() }))
                }
            }
        }
    }
}

/// Who may confirm, and who may not and why.
fn confirmers(view: &CaseView, colleagues: &[Colleague]) -> Markup {
    let (may, may_not): (Vec<_>, Vec<_>) = view
        .confirmers(colleagues)
        .partition(|(_, why)| why.is_none());
    let names: Vec<_> = may.iter().map(|(one, _)| one.name.as_str()).collect();
    html! {
        p class="govuk-body" {
            @if names.is_empty() { strong { "Nobody here may confirm it at present." } }
            @else { "May confirm it: " (names.join(", ")) "." }
        }
        @if !may_not.is_empty() {
            (details(&Details {
                summary: "Who may not, and why".into(),
                body: html! { dl class="app-reasons" { @for (one, why) in &may_not { dt { (one.name) } dd { (why.unwrap_or_default()) } } } }.into(),
                ..Details::default()
            }))
        }
    }
}

/// Who proposed it and why, by when it must be confirmed, and the record as it would be filed.
pub fn proposed(view: &CaseView, proposal: &Proposal, names: &Names) -> Markup {
    let definition = &view.definition;
    let roles: Vec<_> = proposal
        .confirm_by
        .iter()
        .map(|role| definition.role_label(role))
        .collect();
    let due = view
        .case
        .running(SECOND_PERSON)
        .map(|run| words::deadline(run.due.at, view.now, &definition.zone));
    let outcome = proposal
        .outcome
        .as_ref()
        .and_then(|name| definition.scheme.outcomes.get(name));
    html! {
        p class="govuk-body" {
            "Proposed by " strong { (who(view, names, &proposal.by)) } ", " (words::moment(proposal.at, &definition.zone)) ". "
            "Another person confirms it: " (roles.join(" or ")) "."
            @if let Some(due) = due { " To be answered by " (deadline_words(&due)) "." }
        }
        @if let Some(outcome) = outcome { p class="govuk-body" { "Outcome: " strong { (outcome.label) } } }
        @if !proposal.rationale.is_empty() {
            div class="app-reason" { (shown::lines(&proposal.rationale)) }
        }
        (moves(view))
        @if let Some((record, answers)) = record(view, proposal) {
            (details(&Details {
                summary: html! { (record.label) ", as proposed" }.into(),
                body: shown::record(record, &answers).into(),
                open: true,
                ..Details::default()
            }))
        }
    }
}

/// What a move to another edition would do to the due dates; nothing when no such move waits.
fn moves(view: &CaseView) -> Markup {
    let Some(target) = &view.target else {
        return html! {};
    };
    let (own, new) = (&view.definition, &target.definition);
    let rehearsal = rehearse(own, new, &target.hash, &view.case, view.now);
    html! {
        p class="govuk-body" { "To edition " strong { (new.scheme.edition) } ", from edition " (own.scheme.edition) "." }
        ul class="govuk-list govuk-list--bullet" {
            @for fate in &rehearsal.clocks { li { (fate_words(new, fate)) } }
            @for what in &rehearsal.unknown { li { "This edition does not know " (what) "; it stays in the history" } }
            @for reason in &rehearsal.stranded { li { strong { (reason) } } }
        }
    }
}

fn fate_words(definition: &Definition, fate: &Fate) -> String {
    let label = &fate.label;
    let words = |due| due_words(definition, due);
    match (fate.old, fate.new) {
        (Some(old), Some(new)) if old == new => format!("{label} stays due {}", words(old)),
        (Some(old), Some(new)) => format!(
            "{label} would be due {} instead of {}",
            words(new),
            words(old)
        ),
        (None, Some(new)) => format!("{label} would start, due {}", words(new)),
        (Some(old), None) => format!("{label}, due {}, would stop", words(old)),
        (None, None) => label.clone(),
    }
}

/// The record that would be filed. An amendment waits in the form it came in.
fn record<'a>(view: &'a CaseView, proposal: &Proposal) -> Option<(&'a Record, Answers)> {
    let held = proposal.answers.as_ref()?;
    if proposal.action == AMEND {
        let record = view.definition.records.get(held.get("record")?.as_str()?)?;
        return Some((record, held.get("answers")?.as_object()?.clone()));
    }
    let name = view
        .definition
        .scheme
        .actions
        .get(&proposal.action)?
        .record
        .as_ref()?;
    Some((view.definition.records.get(&**name)?, held.clone()))
}
