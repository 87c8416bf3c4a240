//! The badge on a rule that nobody has confirmed yet (L15).

use maud::{Markup, html};

/// The badge with the reason beside it, where there is room to read it.
#[must_use]
pub fn unconfirmed_because(why: &str) -> Markup {
    html! { (unconfirmed("")) " " span class="app-unconfirmed-why" { (why) } }
}

/// The badge; `why` says what is open and who could settle it.
#[must_use]
pub fn unconfirmed(why: &str) -> Markup {
    html! {
        span class="app-unconfirmed" {
            "unconfirmed"
            @if !why.is_empty() { span class="govuk-visually-hidden" { ": " (why) } }
        }
    }
}
