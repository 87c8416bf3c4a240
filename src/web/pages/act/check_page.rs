//! 'Check your answers': everything as it would be recorded, before it is.

use maud::{Markup, html};

use super::STEP;
use super::form_page::{carried, shell};
use super::task::{Form, Page, Task};
use crate::engine::definition::record::Answers;
use crate::web::components::{
    Button, Content, InsetText, Row, SummaryList, button, inset_text, summary_list,
};
use crate::web::form::shown;

/// The answers in words; the form itself goes along hidden.
pub fn check(task: &Task, page: &Page, answers: &Answers, rationale: &str) -> Markup {
    let second = task.second_person();
    let to = task.declared().and_then(|action| action.to.as_ref());
    let body = html! {
        p class="govuk-body" {
            strong { (task.label()) }
            @if let Some(to) = to { " → " (task.view.definition.state_label(to)) }
        }
        (shown(task, answers))
        @if !rationale.trim().is_empty() {
            h2 class="govuk-heading-s" { (task.reason_label()) }
            div class="app-reason" { (shown::lines(rationale.trim())) }
        }
        @if !second.is_empty() {
            (inset_text(&InsetText { body: format!("It then waits for a second person: {second}.").into(), ..InsetText::default() }))
        }
        form method="post" autocomplete="off" {
            (carried(task, page))
            @for (name, value) in page.typed.pairs() { input type="hidden" name=(name) value=(value); }
            div class="govuk-button-group" {
                (button(&Button { text: "Confirm and record".into(), name: STEP, value: "confirm", once: Some(true), ..Button::default() }))
                (button(&Button { text: "Change".into(), name: STEP, value: "change", classes: "govuk-button--secondary", ..Button::default() }))
            }
        }
    };
    shell(task, "Check your answers", Vec::new(), &body)
}

fn shown(task: &Task, answers: &Answers) -> Markup {
    match &task.form {
        Form::ReasonOnly => html! {},
        Form::Record(record) => shown::record(record, answers),
        Form::Amend(record, filing) => {
            let changed = answers
                .get("answers")
                .and_then(|changed| changed.as_object());
            let rows = record.fields.iter().filter_map(|(name, field)| {
                let after = changed?.get(&**name)?;
                let words = |value: Option<&serde_json::Value>| {
                    let value = value.filter(|value| !value.is_null());
                    value.map_or_else(|| "Not answered".into(), |value| Content::from(shown::shown(field, value)))
                };
                let value = html! { div class="app-before" { (words(filing.answers.get(&**name))) } div { (words(Some(after))) } };
                Some(Row { key: (&field.label).into(), value: value.into(), ..Row::default() })
            });
            html! {
                p class="app-quiet" { "What was recorded before is struck through; the earlier version stays in the history." }
                (summary_list(&SummaryList { rows: rows.collect(), classes: "app-answers", ..SummaryList::default() }))
            }
        }
    }
}
