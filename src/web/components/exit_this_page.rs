//! The way out: one press leaves the page, wipes what was typed and shows something harmless.

use maud::{Markup, html};

use super::{Button, Content, button, classes, present};

/// An empty text shows 'Exit this page'; the four announcements are for screen readers and have English defaults in the script.
#[derive(Debug, Clone, Default)]
pub struct ExitThisPage<'a> {
    /// Our own neutral address, which wipes and then redirects; empty means the component's default, a weather page.
    pub href: &'a str,
    pub text: Content,
    pub id: &'a str,
    pub classes: &'a str,
    pub activated: &'a str,
    pub timed_out: &'a str,
    pub press_two_more_times: &'a str,
    pub press_one_more_time: &'a str,
}

/// The exit; a plain link without scripts.
#[must_use]
pub fn exit_this_page(exit: &ExitThisPage) -> Markup {
    let text = if exit.text.is_empty() {
        html! { span class="govuk-visually-hidden" { "Emergency" } " Exit this page" }.into()
    } else {
        exit.text.clone()
    };
    html! {
        div id=[present(exit.id)] class=(classes(&["govuk-exit-this-page", exit.classes])) data-module="govuk-exit-this-page"
            "data-i18n.activated"=[present(exit.activated)] "data-i18n.timed-out"=[present(exit.timed_out)]
            "data-i18n.press-two-more-times"=[present(exit.press_two_more_times)]
            "data-i18n.press-one-more-time"=[present(exit.press_one_more_time)] {
            (button(&Button {
                text,
                href: present(exit.href).unwrap_or("https://www.bbc.co.uk/weather"),
                classes: "govuk-button--warning govuk-exit-this-page__button govuk-js-exit-this-page-button",
                rel: "nofollow noreferrer",
                ..Button::default()
            }))
        }
    }
}
