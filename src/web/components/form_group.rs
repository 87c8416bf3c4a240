//! What all fields share: the group around them, their label, hint and error, and the ids that tie these together.

use maud::{Markup, html};

use super::{Content, ErrorMessage, Fieldset, Hint, classes, error_message, fieldset, hint};

/// Hint and error of the field with this id; `also` holds ids of other elements that explain it.
pub(super) struct Explained<'a> {
    pub id: &'a str,
    pub hint: &'a Content,
    pub error: &'a Content,
    pub also: &'a str,
}

impl Explained<'_> {
    /// The value of `aria-describedby`: empty when nothing explains the field.
    pub(super) fn described_by(&self) -> String {
        let hint = self.part(self.hint, "hint");
        let error = self.part(self.error, "error");
        classes(&[self.also, &hint, &error])
    }

    /// The hint and the error themselves.
    pub(super) fn show(&self) -> Markup {
        html! {
            @if !self.hint.is_empty() {
                (hint(&Hint { text: self.hint.clone(), id: &self.part(self.hint, "hint"), ..Hint::default() }))
            }
            @if !self.error.is_empty() {
                (error_message(&ErrorMessage { text: self.error.clone(), id: &self.part(self.error, "error"), ..ErrorMessage::default() }))
            }
        }
    }

    fn part(&self, content: &Content, what: &str) -> String {
        if content.is_empty() {
            String::new()
        } else {
            format!("{}-{what}", self.id)
        }
    }
}

/// The group around one field or a set of them.
pub(super) fn form_group(error: &Content, more_classes: &str, body: &Markup) -> Markup {
    let state = if error.is_empty() {
        ""
    } else {
        "govuk-form-group--error"
    };
    html! {
        div class=(classes(&["govuk-form-group", state, more_classes])) { (body) }
    }
}

/// The fields in their fieldset when there is one, with everything that explains them named on it.
pub(super) fn in_fieldset(frame: Option<&Fieldset>, described_by: &str, fields: Markup) -> Markup {
    match frame {
        None => fields,
        Some(frame) => fieldset(
            &Fieldset {
                described_by,
                ..frame.clone()
            },
            &fields,
        ),
    }
}
