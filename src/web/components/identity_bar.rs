//! Who and what a case is about, at the top of every page of the case.

use maud::{Markup, html};

use super::Content;

/// Facts as name and value, and the case's flags (tags). Shown only to those who may see the case.
#[derive(Debug, Clone, Default)]
pub struct IdentityBar {
    pub facts: Vec<(Content, Content)>,
    pub flags: Vec<Markup>,
}

/// The bar.
#[must_use]
pub fn identity_bar(bar: &IdentityBar) -> Markup {
    html! {
        section class="app-identity-bar" aria-label="About this case" {
            dl class="app-identity-bar__facts" {
                @for (name, value) in &bar.facts {
                    div class="app-identity-bar__fact" {
                        dt class="app-identity-bar__name" { (name) }
                        dd class="app-identity-bar__value" { (value) }
                    }
                }
            }
            @if !bar.flags.is_empty() {
                ul class="app-identity-bar__flags" { @for flag in &bar.flags { li { (flag) } } }
            }
        }
    }
}
