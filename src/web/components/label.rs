//! The words that name a field.

use maud::{Markup, html};

use super::{Content, classes, present};

/// `heading` makes it the page's `h1`.
#[derive(Debug, Clone, Default)]
pub struct Label<'a> {
    pub text: Content,
    pub classes: &'a str,
    pub heading: bool,
    /// Id of the field. Fields set it on their own label.
    pub target: &'a str,
}

impl Label<'_> {
    /// The same label on the field with this id.
    pub(super) fn on(&self, target: &str) -> Markup {
        label(&Label {
            target,
            ..self.clone()
        })
    }
}

/// The label; nothing when it has no words.
#[must_use]
pub fn label(label: &Label) -> Markup {
    let inner = html! {
        label class=(classes(&["govuk-label", label.classes])) for=[present(label.target)] { (label.text) }
    };
    html! {
        @if label.text.is_empty() {
        } @else if label.heading {
            h1 class="govuk-label-wrapper" { (inner) }
        } @else {
            (inner)
        }
    }
}
