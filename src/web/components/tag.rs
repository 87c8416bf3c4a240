//! A word in a coloured box. The word must say it alone; the colour only repeats it.

use maud::{Markup, html};

use super::{Content, classes};

/// The word and, in `classes`, its colour (`govuk-tag--red` …).
#[derive(Debug, Clone, Default)]
pub struct Tag<'a> {
    pub text: Content,
    pub classes: &'a str,
}

/// The tag.
#[must_use]
pub fn tag(tag: &Tag) -> Markup {
    html! { strong class=(classes(&["govuk-tag", tag.classes])) { (tag.text) } }
}
