//! Grey help beneath a label.

use maud::{Markup, html};

use super::{Content, classes, present};

/// The help.
#[derive(Debug, Clone, Default)]
pub struct Hint<'a> {
    pub text: Content,
    pub id: &'a str,
    pub classes: &'a str,
}

/// The help.
#[must_use]
pub fn hint(hint: &Hint) -> Markup {
    html! {
        div id=[present(hint.id)] class=(classes(&["govuk-hint", hint.classes])) { (hint.text) }
    }
}
