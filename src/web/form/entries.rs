//! Several things of one kind: a group of inputs for each, and buttons that add one and take one away, without scripts.

use maud::{Markup, html};

use super::fields::Asked;
use super::groups::group;
use super::read::MOST_ROWS;
use super::typed::Typed;
use crate::engine::definition::record::{Field, Kind, Record};
use crate::web::components::{
    Button, ErrorMessage, Fieldset, Legend, button, error_message, fieldset,
};

/// The buttons; no record has fields with names like these.
const ADD: &str = "form-add";
const REMOVE: &str = "form-remove";

/// Does what a pressed 'Add another' or 'Remove' asks for. Answers whether one was: the form is then shown again, and nothing is read.
pub fn pressed(record: &Record, typed: &mut Typed) -> bool {
    let (add, remove) = (typed.take(ADD).pop(), typed.take(REMOVE).pop());
    let several = |name: &str| {
        let field = record.fields.get(name);
        field.is_some_and(|field| field.kind == Kind::Entries)
    };
    if let Some(name) = add.as_deref().filter(|name| several(name)) {
        typed.add_row(name);
    }
    let entry = remove.as_deref().and_then(|entry| entry.rsplit_once('.'));
    if let Some((name, Ok(row))) = entry.map(|(name, row)| (name, row.parse()))
        && several(name)
    {
        typed.remove_row(name, row);
    }
    add.is_some() || remove.is_some()
}

/// The entries that were on the page, one at least.
pub(super) fn entries(asked: &Asked, name: &str, field: &Field) -> Markup {
    let rows = asked.typed.rows_sent(name).clamp(1, MOST_ROWS);
    let body = html! {
        @for row in 0..rows { (entry(asked, (name, field), row, rows > 1)) }
        @if rows < field.most() {
            (button(&Button {
                text: html! { "Add another" span class="govuk-visually-hidden" { ": " (field.label) } }.into(),
                name: ADD,
                value: name,
                classes: "govuk-button--secondary",
                ..Button::default()
            }))
        }
    };
    group(asked, name, field, &body)
}

fn entry(asked: &Asked, (name, field): (&str, &Field), row: usize, several: bool) -> Markup {
    let place = format!("{name}.{row}");
    let number = row + 1;
    let error = asked.error(&place);
    let frame = Fieldset {
        legend: Legend {
            text: html! { (field.label) ", " (number) }.into(),
            classes: "govuk-fieldset__legend--s",
            heading: false,
        },
        ..Fieldset::default()
    };
    let inside = html! {
        @if !error.is_empty() { (error_message(&ErrorMessage { text: error, ..ErrorMessage::default() })) }
        @for (part, inner) in field.fields.iter() { (asked.field(&format!("{place}.{part}"), inner)) }
        @if several {
            (button(&Button {
                text: html! { "Remove" span class="govuk-visually-hidden" { ": " (field.label) ", " (number) } }.into(),
                name: REMOVE,
                value: &place,
                classes: "govuk-button--secondary",
                ..Button::default()
            }))
        }
    };
    html! { div class="app-entry" { (fieldset(&frame, &inside)) } }
}
