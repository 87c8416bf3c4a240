//! The big box that says it is done.

use maud::{Markup, html};

use super::{Content, classes, heading::heading};

/// The news in `title`, the reference in `body`. A `level` of 0 means 1.
#[derive(Debug, Clone, Default)]
pub struct Panel<'a> {
    pub title: Content,
    pub body: Content,
    pub level: u8,
    pub classes: &'a str,
}

/// The box.
#[must_use]
pub fn panel(panel: &Panel) -> Markup {
    html! {
        div class=(classes(&["govuk-panel", "govuk-panel--confirmation", panel.classes])) {
            (heading(panel.level, "", "govuk-panel__title", &panel.title))
            @if !panel.body.is_empty() { div class="govuk-panel__body" { (panel.body) } }
        }
    }
}
