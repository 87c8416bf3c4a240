//! The form of an action, generated from its record.

use maud::{Markup, html};

use super::task::{Form, Page, Task};
use super::{KEY, RECORD, STEP, VERSION};
use crate::domain::refusal::FieldError;
use crate::web::components::{
    Button, ErrorLink, InsetText, Label, Textarea, button, inset_text, unconfirmed,
};
use crate::web::form::fields::{REASON, counted, error_link};
use crate::web::form::{Asked, Audience};
use crate::web::layout::StaffPage;
use crate::web::pages::address;
use crate::web::pages::apply::default_button;
use crate::web::pages::case::{bar, events, waiting, who};
use crate::web::pages::frame;
use crate::web::words;

/// The longest reason, as the engine takes it.
const LONGEST_REASON: u32 = 4000;

/// The form with what was typed; `errors` by field, `sentences` for the whole.
pub fn form(task: &Task, page: &Page, errors: &[FieldError], sentences: &[String]) -> Markup {
    let whole = sentences.iter().map(|sentence| ErrorLink {
        text: sentence.as_str().into(),
        href: String::new(),
    });
    let fields = errors.iter().map(|error| error_link(task.record(), error));
    shell(
        task,
        &task.label(),
        whole.chain(fields).collect(),
        &html! { (about(task)) (fields_and_buttons(task, page, errors)) },
    )
}

/// The form after the case has changed: who did what, and everything that was typed.
pub fn changed(task: &Task, page: &Page, seen: u64) -> Markup {
    let view = task.view;
    let since = view.history.iter().filter(|recorded| recorded.seq > seen);
    let body = html! {
        p class="govuk-body" { "Since you opened this form, this was recorded. Nothing you typed is lost: look, then check and send it again." }
        div class="app-reason" {
            ul class="govuk-list govuk-list--bullet" {
                @for recorded in since {
                    li { (events::title(view.definition_at(recorded.seq), &recorded.event)) " – " (who(view, task.names, &recorded.actor)) ", " (words::moment(recorded.at, &view.definition.zone)) }
                }
            }
            p { a class="govuk-link" href=(address::case(view.id)) { "Open the case as it is now" } }
        }
        h2 class="govuk-heading-m" { (task.label()) }
        (fields_and_buttons(task, page, &[]))
    };
    shell(task, "Somebody has changed this case", Vec::new(), &body)
}

/// The frame that every step of an action stands in.
pub fn shell(task: &Task, heading: &str, errors: Vec<ErrorLink>, body: &Markup) -> Markup {
    let back = address::case(task.view.id);
    let page = StaffPage {
        title: "Case form",
        heading,
        back: &back,
        above: bar::bar(task.view),
        errors,
        body: html! { div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (body) } } },
        ..StaffPage::default()
    };
    frame::staff(task.person, page)
}

/// What this is for, what it rests on, and who else has to agree.
fn about(task: &Task) -> Markup {
    let action = task.declared();
    let doubt = action.and_then(|action| action.unconfirmed.as_ref());
    let help = action
        .and_then(|action| action.help.as_deref())
        .or(task.record().and_then(|record| record.help.as_deref()));
    let second = task.second_person();
    let proposal = task.view.case.pending.as_ref().filter(|_| action.is_none());
    html! {
        @if help.is_some() || doubt.is_some() {
            p class="govuk-body" { (help.unwrap_or_default()) @if let Some(doubt) = doubt { " " (unconfirmed(&doubt.sentence())) } }
        }
        @if let (Form::ReasonOnly, Some(proposal)) = (&task.form, proposal) { (waiting::proposed(task.view, proposal, task.names)) }
        @if !second.is_empty() {
            (inset_text(&InsetText {
                body: format!("This takes effect when a second person confirms it: {second}. Until then the case stays where it is.").into(),
                ..InsetText::default()
            }))
        }
    }
}

fn fields_and_buttons(task: &Task, page: &Page, errors: &[FieldError]) -> Markup {
    let asked = task.record().map(|record| Asked {
        record,
        typed: &page.typed,
        errors,
        audience: Audience::Staff,
    });
    html! {
        form class="app-form" method="post" autocomplete="off" novalidate {
            (default_button("check"))
            (carried(task, page))
            @if let Some(asked) = asked { (asked.fields()) }
            (reason(task, page, errors))
            div class="govuk-button-group" {
                (button(&Button { text: "Check your answers".into(), name: STEP, value: "check", ..Button::default() }))
                @if asked.is_some_and(|asked| asked.has_lists()) {
                    (button(&Button { text: "More rows".into(), name: STEP, value: "more", classes: "govuk-button--secondary", ..Button::default() }))
                }
                a class="govuk-link" href=(address::case(task.view.id)) { "Leave without saving" }
            }
        }
    }
}

/// What goes along with every step.
pub fn carried(task: &Task, page: &Page) -> Markup {
    let record = match &task.form {
        Form::Amend(record, _) => Some(&record.record),
        _ => None,
    };
    html! {
        input type="hidden" name=(VERSION) value=(page.version);
        input type="hidden" name=(KEY) value=(page.key);
        @if let Some(record) = record { input type="hidden" name=(RECORD) value=(record); }
    }
}

fn reason(task: &Task, page: &Page, errors: &[FieldError]) -> Markup {
    let wrong: Vec<_> = errors
        .iter()
        .filter(|error| error.field == "rationale")
        .map(|error| error.message.as_str())
        .collect();
    let why = task.reason_why.as_deref();
    let why = why.filter(|_| task.declared().is_some());
    let beside = "It stands in the history beside this step; your answers above are kept with it.";
    let hint = match (why, task.record()) {
        (Some(why), Some(_)) => format!("{why}. {beside}"),
        (why, _) => why.unwrap_or_default().to_owned(),
    };
    let text = html! { (task.reason_label()) @if !task.reason_needed() { " " span class="app-optional" { "(optional)" } } };
    counted(
        &Textarea {
            label: Label {
                text: text.into(),
                classes: "govuk-label--s",
                ..Label::default()
            },
            name: REASON,
            value: page.typed.text(REASON),
            rows: 4,
            hint: hint.into(),
            error: wrong.join(". ").into(),
            autocomplete: "off",
            ..Textarea::default()
        },
        LONGEST_REASON,
    )
}
