//! In place of a form: why an action is off, and which record is to be amended.

use maud::{Markup, html};

use super::form_page::shell;
use super::task::Task;
use crate::web::pages::address;

/// Every reason why this cannot be done now.
pub fn off(task: &Task, sentences: &[String]) -> Markup {
    let body = html! {
        p class="govuk-body" { "This cannot be done now:" }
        ul class="govuk-list govuk-list--bullet" { @for sentence in sentences { li { (sentence) } } }
        p class="govuk-body" { a class="govuk-link" href=(address::case(task.view.id)) { "Back to the case" } }
    };
    shell(task, &task.label(), Vec::new(), &body)
}

/// The records that this person may amend.
pub fn choose(task: &Task) -> Markup {
    let (view, actor) = (task.view, &task.person.actor);
    let may = view
        .case
        .records
        .keys()
        .filter(|name| view.may_amend(name, actor));
    let records: Vec<_> = may
        .filter_map(|name| Some((name, view.definition.records.get(name)?)))
        .collect();
    let body = html! {
        @if records.is_empty() {
            p class="govuk-body" { "You fill in none of this case’s records, so there is none to amend." }
        } @else {
            p class="govuk-body" { "A new version is added; the old one stays in the history. Which record?" }
            ul class="govuk-list govuk-list--spaced" {
                @for (name, record) in records {
                    li { a class="govuk-link" href=(format!("{}/do/amend?record={name}", address::case(view.id))) { (record.label) } }
                }
            }
        }
    };
    shell(task, &task.label(), Vec::new(), &body)
}
