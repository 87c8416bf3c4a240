//! The 'Back' link above a page's heading.

use maud::{Markup, html};

use super::{Content, classes};

/// Where 'Back' leads. An empty text shows 'Back'; an empty href leads nowhere (`#`).
#[derive(Debug, Clone, Default)]
pub struct BackLink<'a> {
    pub href: &'a str,
    pub text: Content,
    pub classes: &'a str,
}

/// The link.
#[must_use]
pub fn back_link(link: &BackLink) -> Markup {
    let href = super::present(link.href).unwrap_or("#");
    html! {
        a href=(href) class=(classes(&["govuk-back-link", link.classes])) { (link.text.or("Back")) }
    }
}
