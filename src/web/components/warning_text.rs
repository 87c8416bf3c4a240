//! A sentence the reader must not miss.

use maud::{Markup, html};

use super::{Content, classes, present};

/// The sentence; `spoken` is read aloud in place of the sign (empty means 'Warning').
#[derive(Debug, Clone, Default)]
pub struct WarningText<'a> {
    pub text: Content,
    pub spoken: &'a str,
    pub classes: &'a str,
}

/// The sentence with its sign.
#[must_use]
pub fn warning_text(warning: &WarningText) -> Markup {
    html! {
        div class=(classes(&["govuk-warning-text", warning.classes])) {
            span class="govuk-warning-text__icon" aria-hidden="true" { "!" }
            " "
            strong class="govuk-warning-text__text" {
                span class="govuk-visually-hidden" { (present(warning.spoken).unwrap_or("Warning")) }
                " " (warning.text)
            }
        }
    }
}
