//! What happened to a case, newest first.

use maud::{Markup, html};

use super::{Content, heading::heading};

/// What, who and when in words, the same moment for machines (`at`, RFC 3339 or a date), and any details.
#[derive(Debug, Clone, Default)]
pub struct TimelineItem<'a> {
    pub what: Content,
    pub who: Content,
    pub when: Content,
    pub at: &'a str,
    pub body: Markup,
}

/// The history. `level` is the level of each item's heading.
#[must_use]
pub fn timeline(level: u8, items: &[TimelineItem]) -> Markup {
    html! {
        ol class="app-timeline" {
            @for item in items {
                li class="app-timeline__item" {
                    (heading(level, "", "app-timeline__title", &item.what))
                    p class="app-timeline__byline" {
                        @if !item.who.is_empty() { (item.who) ", " }
                        time datetime=(item.at) { (item.when) }
                    }
                    @if !item.body.0.is_empty() { div class="app-timeline__body" { (item.body) } }
                }
            }
        }
    }
}
