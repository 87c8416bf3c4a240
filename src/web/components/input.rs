//! One line of text to fill in.

use maud::{Markup, html};

use super::form_group::{Explained, form_group};
use super::{Content, Label, classes, present};

/// Words fixed to the left or right of a field, such as £ or 'per day'.
#[derive(Debug, Clone, Default)]
pub struct Affix<'a> {
    pub text: Content,
    pub classes: &'a str,
}

/// The field. An empty `id` means the name; an empty `kind` means `text`. Set `autocomplete` to `off` on anything
/// about another person or safe contact: browsers remember the rest.
#[derive(Debug, Clone, Default)]
pub struct Input<'a> {
    pub label: Label<'a>,
    pub name: &'a str,
    pub id: &'a str,
    pub value: &'a str,
    pub hint: Content,
    pub error: Content,
    pub kind: &'a str,
    pub classes: &'a str,
    pub group_classes: &'a str,
    pub described_by: &'a str,
    pub autocomplete: &'a str,
    pub autocapitalize: &'a str,
    pub inputmode: &'a str,
    pub pattern: &'a str,
    pub spellcheck: Option<bool>,
    pub disabled: bool,
    pub prefix: Affix<'a>,
    pub suffix: Affix<'a>,
    pub wrapper_classes: &'a str,
}

/// The field with its label, hint and error.
#[must_use]
pub fn input(input: &Input) -> Markup {
    let id = present(input.id).unwrap_or(input.name);
    let explained = Explained {
        id,
        hint: &input.hint,
        error: &input.error,
        also: input.described_by,
    };
    let bare = bare(input, id, &explained.described_by());
    let body = html! {
        (input.label.on(id))
        (explained.show())
        @if input.prefix.text.is_empty() && input.suffix.text.is_empty() {
            (bare)
        } @else {
            div class=(classes(&["govuk-input__wrapper", input.wrapper_classes])) {
                (affix(&input.prefix, "govuk-input__prefix"))
                (bare)
                (affix(&input.suffix, "govuk-input__suffix"))
            }
        }
    };
    form_group(&input.error, input.group_classes, &body)
}

fn bare(input: &Input, id: &str, described_by: &str) -> Markup {
    let state = if input.error.is_empty() {
        ""
    } else {
        "govuk-input--error"
    };
    html! {
        input class=(classes(&["govuk-input", input.classes, state])) id=(id) name=(input.name)
            type=(present(input.kind).unwrap_or("text")) spellcheck=[input.spellcheck] value=[present(input.value)]
            disabled[input.disabled] aria-describedby=[present(described_by)] autocomplete=[present(input.autocomplete)]
            autocapitalize=[present(input.autocapitalize)] pattern=[present(input.pattern)] inputmode=[present(input.inputmode)];
    }
}

fn affix(affix: &Affix, class: &str) -> Markup {
    html! {
        @if !affix.text.is_empty() {
            div class=(classes(&[class, affix.classes])) aria-hidden="true" { (affix.text) }
        }
    }
}
