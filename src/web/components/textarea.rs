//! Several lines of text to fill in.

use maud::{Markup, html};

use super::form_group::{Explained, form_group};
use super::{Content, Label, classes, present};

/// The field. An empty `id` means the name; `rows` of 0 means 5.
#[derive(Debug, Clone, Default)]
pub struct Textarea<'a> {
    pub label: Label<'a>,
    pub name: &'a str,
    pub id: &'a str,
    pub value: &'a str,
    pub rows: u16,
    pub hint: Content,
    pub error: Content,
    pub classes: &'a str,
    pub group_classes: &'a str,
    pub described_by: &'a str,
    pub autocomplete: &'a str,
    pub spellcheck: Option<bool>,
    pub disabled: bool,
}

/// The field with its label, hint and error.
#[must_use]
pub fn textarea(textarea: &Textarea) -> Markup {
    form_group(&textarea.error, textarea.group_classes, &fields(textarea))
}

/// The same without the group around it, for components that bring their own.
pub(super) fn fields(textarea: &Textarea) -> Markup {
    let id = present(textarea.id).unwrap_or(textarea.name);
    let explained = Explained {
        id,
        hint: &textarea.hint,
        error: &textarea.error,
        also: textarea.described_by,
    };
    let state = if textarea.error.is_empty() {
        ""
    } else {
        "govuk-textarea--error"
    };
    let rows = if textarea.rows == 0 { 5 } else { textarea.rows };
    html! {
        (textarea.label.on(id))
        (explained.show())
        textarea class=(classes(&["govuk-textarea", state, textarea.classes])) id=(id) name=(textarea.name) rows=(rows)
            spellcheck=[textarea.spellcheck] disabled[textarea.disabled]
            aria-describedby=[present(&explained.described_by())] autocomplete=[present(textarea.autocomplete)] {
            // A browser drops the first line break inside a textarea; one more keeps a break that was typed.
            @if textarea.value.starts_with('\n') { "\n" }
            (textarea.value)
        }
    }
}
