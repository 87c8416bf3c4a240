//! The clocks of a case: what is due, when in words, and how it stands.

use maud::{Markup, html};

use super::Content;

/// One clock. `due` is a date and what is left of it in words; `standing` is a tag and says it without colour.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    pub name: Content,
    pub due: Content,
    pub standing: Markup,
}

/// The list, or a sentence that there is none: blank would look broken.
#[must_use]
pub fn clock_list(clocks: &[Clock]) -> Markup {
    html! {
        @if clocks.is_empty() {
            p class="govuk-body" { "No deadlines are running." }
        } @else {
            ul class="app-clocks" {
                @for clock in clocks {
                    li class="app-clocks__item" {
                        span class="app-clocks__name" { (clock.name) }
                        span class="app-clocks__due" { (clock.due) }
                        (clock.standing)
                    }
                }
            }
        }
    }
}
