//! The line that says how finished the service is.

use maud::{Markup, html};

use super::{Content, Tag, classes, tag};

/// The phase and a sentence about it.
#[derive(Debug, Clone, Default)]
pub struct PhaseBanner<'a> {
    pub tag: Tag<'a>,
    pub text: Content,
    pub classes: &'a str,
}

/// The line.
#[must_use]
pub fn phase_banner(banner: &PhaseBanner) -> Markup {
    let phase = tag(&Tag {
        text: banner.tag.text.clone(),
        classes: &classes(&["govuk-phase-banner__content__tag", banner.tag.classes]),
    });
    html! {
        div class=(classes(&["govuk-phase-banner", "govuk-width-container", banner.classes])) {
            p class="govuk-phase-banner__content" {
                (phase) " "
                span class="govuk-phase-banner__text" { (banner.text) }
            }
        }
    }
}
