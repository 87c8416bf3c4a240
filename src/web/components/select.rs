//! A list to choose one from. Public pages prefer radios.

use maud::{Markup, html};

use super::form_group::{Explained, form_group};
use super::{Content, Label, classes, present};

/// One line of the list; without a `value` its text is sent.
#[derive(Debug, Clone, Default)]
pub struct Choice<'a> {
    pub text: &'a str,
    pub value: Option<&'a str>,
    pub disabled: bool,
}

/// The list. `chosen` is the value (or text) of the line chosen; an empty `id` means the name.
#[derive(Debug, Clone, Default)]
pub struct Select<'a> {
    pub label: Label<'a>,
    pub name: &'a str,
    pub id: &'a str,
    pub choices: Vec<Choice<'a>>,
    pub chosen: Option<&'a str>,
    pub hint: Content,
    pub error: Content,
    pub classes: &'a str,
    pub group_classes: &'a str,
    pub described_by: &'a str,
}

/// The list with its label, hint and error.
#[must_use]
pub fn select(select: &Select) -> Markup {
    let id = present(select.id).unwrap_or(select.name);
    let explained = Explained {
        id,
        hint: &select.hint,
        error: &select.error,
        also: select.described_by,
    };
    let state = if select.error.is_empty() {
        ""
    } else {
        "govuk-select--error"
    };
    let body = html! {
        (select.label.on(id))
        (explained.show())
        select class=(classes(&["govuk-select", select.classes, state])) id=(id) name=(select.name)
            aria-describedby=[present(&explained.described_by())] {
            @for choice in &select.choices {
                option value=[choice.value] selected[select.chosen == Some(choice.value.unwrap_or(choice.text))]
                    disabled[choice.disabled] { (choice.text) }
            }
        }
    };
    form_group(&select.error, select.group_classes, &body)
}
