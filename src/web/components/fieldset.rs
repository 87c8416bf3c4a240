//! A group of fields under one legend.

use maud::{Markup, html};

use super::{Content, classes, present};

/// What the group asks. `heading` makes it the page's `h1`.
#[derive(Debug, Clone, Default)]
pub struct Legend<'a> {
    pub text: Content,
    pub classes: &'a str,
    pub heading: bool,
}

/// The frame of the group; the fields come separately.
#[derive(Debug, Clone, Default)]
pub struct Fieldset<'a> {
    pub legend: Legend<'a>,
    pub classes: &'a str,
    pub role: &'a str,
    /// Ids of elements that explain the group, divided by spaces.
    pub described_by: &'a str,
}

/// The group with its fields.
#[must_use]
pub fn fieldset(fieldset: &Fieldset, fields: &Markup) -> Markup {
    html! {
        fieldset class=(classes(&["govuk-fieldset", fieldset.classes])) role=[present(fieldset.role)]
            aria-describedby=[present(fieldset.described_by)] {
            @if !fieldset.legend.text.is_empty() { (legend(&fieldset.legend)) }
            (fields)
        }
    }
}

fn legend(legend: &Legend) -> Markup {
    html! {
        legend class=(classes(&["govuk-fieldset__legend", legend.classes])) {
            @if legend.heading {
                h1 class="govuk-fieldset__heading" { (legend.text) }
            } @else {
                (legend.text)
            }
        }
    }
}
