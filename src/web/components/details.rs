//! Words folded away under a summary.

use maud::{Markup, html};

use super::{Content, classes, present};

/// A summary to press and what it shows.
#[derive(Debug, Clone, Default)]
pub struct Details<'a> {
    pub summary: Content,
    pub body: Content,
    pub id: &'a str,
    pub open: bool,
    pub classes: &'a str,
}

/// The folded words; they open without scripts.
#[must_use]
pub fn details(details: &Details) -> Markup {
    html! {
        details id=[present(details.id)] class=(classes(&["govuk-details", details.classes])) open[details.open] {
            summary class="govuk-details__summary" {
                span class="govuk-details__summary-text" { (details.summary) }
            }
            div class="govuk-details__text" { (details.body) }
        }
    }
}
