//! A frame in which something wide scrolls, so that the page does not; the keyboard can reach it.

use maud::{Markup, html};

/// The frame; `label` says what is in it.
#[must_use]
pub fn scroll_region(label: &str, body: &Markup) -> Markup {
    html! {
        div class="app-scroll" role="region" aria-label=(label) tabindex="0" { (body) }
    }
}
