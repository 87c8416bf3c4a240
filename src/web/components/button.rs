//! A button, or a link that looks like one.

use maud::{Markup, html};

use super::{Content, classes, present};

/// What pressing the button does in its form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Submit,
    Button,
    Reset,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::Button => "button",
            Self::Reset => "reset",
        }
    }
}

/// With an `href` it is a link. `once` ignores a second press within a second (needs scripts; the server must cope anyway).
#[derive(Debug, Clone, Default)]
pub struct Button<'a> {
    pub text: Content,
    pub href: &'a str,
    pub kind: Kind,
    pub name: &'a str,
    pub value: &'a str,
    pub id: &'a str,
    pub classes: &'a str,
    pub start: bool,
    pub disabled: bool,
    pub once: Option<bool>,
    /// Only for links: how the browser treats the target.
    pub rel: &'a str,
}

/// The button or link.
#[must_use]
pub fn button(button: &Button) -> Markup {
    let start = if button.start {
        "govuk-button--start"
    } else {
        ""
    };
    let class = classes(&["govuk-button", button.classes, start]);
    let id = present(button.id);
    html! {
        @if button.href.is_empty() {
            button type=(button.kind.name()) value=[present(button.value)] name=[present(button.name)]
                disabled[button.disabled] aria-disabled=[button.disabled.then_some("true")]
                data-prevent-double-click=[button.once] class=(class) data-module="govuk-button" id=[id] { (inside(button)) }
        } @else {
            a href=(button.href) role="button" draggable="false" class=(class) data-module="govuk-button"
                rel=[present(button.rel)] id=[id] { (inside(button)) }
        }
    }
}

fn inside(button: &Button) -> Markup {
    html! {
        (button.text)
        @if button.start {
            svg class="govuk-button__start-icon" xmlns="http://www.w3.org/2000/svg" width="17.5" height="19"
                viewBox="0 0 33 40" aria-hidden="true" focusable="false" {
                path fill="currentColor" d="M0 0h13l20 20-20 20H0l20-20z" {}
            }
        }
    }
}
