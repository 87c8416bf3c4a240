//! A link that shows only when the keyboard reaches it.

use maud::{Markup, html};

use super::{Content, classes, present};

/// Where it leads; empty means `#content`.
#[derive(Debug, Clone, Default)]
pub struct SkipLink<'a> {
    pub text: Content,
    pub href: &'a str,
    pub classes: &'a str,
    pub rel: &'a str,
}

/// The link.
#[must_use]
pub fn skip_link(link: &SkipLink) -> Markup {
    html! {
        a href=(present(link.href).unwrap_or("#content")) class=(classes(&["govuk-skip-link", link.classes]))
            rel=[present(link.rel)] data-module="govuk-skip-link" { (link.text) }
    }
}
