//! A page on which somebody settles one thing: what it is, a box for the reason, and the ways to decide.

use maud::{Markup, html};

use super::frame;
use crate::app::reason::REASON;
use crate::app::staff::Person;
use crate::domain::refusal::FieldError;
use crate::web::components::{
    Button, ErrorLink, Label, Row, SummaryList, Textarea, button, summary_list, textarea,
};
use crate::web::layout::StaffPage;

/// The field of the form's own key: sent twice, it is done once (L16).
pub const KEY: &str = "form-key";

/// What the page says and asks.
pub struct Settling<'a> {
    pub title: &'static str,
    pub heading: &'a str,
    pub back: &'a str,
    pub rows: Vec<Row<'a>>,
    pub advice: &'static str,
    /// What the box for the reason is called, and what belongs into it.
    pub label: &'static str,
    pub hint: &'static str,
    /// The field of the decision, with those that there are: what the button says, and what it sends.
    pub field: &'static str,
    pub choices: Vec<(&'static str, &'static str)>,
}

/// What was typed before, and what was wrong with it.
pub struct Given<'a> {
    pub key: &'a str,
    pub reason: &'a str,
    pub errors: &'a [FieldError],
}

pub fn page(person: &Person, asked: Settling<'_>, given: &Given<'_>) -> Markup {
    let links = given.errors.iter().map(|error| ErrorLink {
        text: error.message.as_str().into(),
        href: format!("#{}", error.field),
    });
    let error = given.errors.first();
    let error = error.map_or("", |error| error.message.as_str());
    let press = |(text, value): (&'static str, &'static str), classes| Button {
        text: text.into(),
        name: asked.field,
        value,
        classes,
        once: Some(true),
        ..Button::default()
    };
    let body = html! {
        (summary_list(&SummaryList { rows: asked.rows, ..SummaryList::default() }))
        p class="govuk-body" { (asked.advice) }
        form class="app-form" method="post" autocomplete="off" novalidate {
            input type="hidden" name=(KEY) value=(given.key) autocomplete="off";
            (textarea(&Textarea {
                label: Label { text: asked.label.into(), classes: "govuk-label--s", ..Label::default() },
                name: REASON,
                value: given.reason,
                hint: asked.hint.into(),
                error: error.into(),
                rows: 4,
                ..Textarea::default()
            }))
            div class="govuk-button-group" {
                @for (place, choice) in asked.choices.into_iter().enumerate() {
                    (button(&press(choice, if place == 0 { "" } else { "govuk-button--secondary" })))
                }
            }
        }
    };
    let page = StaffPage {
        title: asked.title,
        heading: asked.heading,
        back: asked.back,
        errors: links.collect(),
        body: html! { div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (body) } } },
        ..StaffPage::default()
    };
    frame::staff(person, page)
}
