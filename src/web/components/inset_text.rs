//! A block of words set apart.

use maud::{Markup, html};

use super::{Content, classes, present};

/// The words.
#[derive(Debug, Clone, Default)]
pub struct InsetText<'a> {
    pub body: Content,
    pub id: &'a str,
    pub classes: &'a str,
}

/// The block.
#[must_use]
pub fn inset_text(inset: &InsetText) -> Markup {
    html! {
        div id=[present(inset.id)] class=(classes(&["govuk-inset-text", inset.classes])) { (inset.body) }
    }
}
