//! The red sentence above a field.

use maud::{Markup, html};

use super::{Content, classes, present};

/// What is wrong, in words that blame nobody. `prefix` is read aloud before it; `None` says 'Error', empty says nothing.
#[derive(Debug, Clone, Default)]
pub struct ErrorMessage<'a> {
    pub text: Content,
    pub id: &'a str,
    pub classes: &'a str,
    pub prefix: Option<&'a str>,
}

/// The sentence.
#[must_use]
pub fn error_message(error: &ErrorMessage) -> Markup {
    let prefix = error.prefix.unwrap_or("Error");
    html! {
        p id=[present(error.id)] class=(classes(&["govuk-error-message", error.classes])) {
            @if !prefix.is_empty() {
                span class="govuk-visually-hidden" { (prefix) ":" } " "
            }
            (error.text)
        }
    }
}
