//! Several lines of text with a limit, and how much of it is left.

use maud::{Markup, html};

use super::{Content, Hint, Textarea, classes, hint, present, textarea};

/// The field and its limits. Give `max_words` or `max_length`, never both. `threshold` is the share of the limit,
/// in percent, from which the count shows. The server must hold the limit too.
#[derive(Debug, Clone, Default)]
pub struct CharacterCount<'a> {
    pub field: Textarea<'a>,
    pub max_words: Option<u32>,
    pub max_length: Option<u32>,
    pub threshold: Option<u8>,
    /// What the script counts when it is not the obvious thing: `words`, `characters` or its own names.
    pub counts: &'a str,
    /// Where `%{count}` stands the limit; empty means 'You can enter up to %{count} characters'.
    pub description: &'a str,
    pub message_classes: &'a str,
}

/// The field with its count.
#[must_use]
pub fn character_count(count: &CharacterCount) -> Markup {
    let id = present(count.field.id).unwrap_or(count.field.name);
    let info = format!("{id}-info");
    let field = Textarea {
        classes: &classes(&["govuk-js-character-count", count.field.classes]),
        described_by: &info,
        ..count.field.clone()
    };
    let state = if field.error.is_empty() {
        ""
    } else {
        "govuk-form-group--error"
    };
    html! {
        div class=(classes(&["govuk-form-group", state, "govuk-character-count", field.group_classes]))
            data-module="govuk-character-count" data-maxlength=[count.max_length] data-maxwords=[count.max_words]
            data-threshold=[count.threshold] data-count-type=[count_type(count)]
            "data-i18n.textarea-description.other"=[present(count.description).filter(|_| limit(count).is_none())] {
            (textarea::fields(&field))
            (hint(&Hint {
                text: message(count),
                id: &info,
                classes: &classes(&["govuk-character-count__message", count.message_classes]),
            }))
        }
    }
}

fn limit(count: &CharacterCount) -> Option<u32> {
    count.max_words.or(count.max_length)
}

fn count_type<'a>(count: &CharacterCount<'a>) -> Option<&'a str> {
    present(count.counts).or(count.max_words.map(|_| "words"))
}

fn message(count: &CharacterCount) -> Content {
    let default = if count_type(count) == Some("words") {
        "You can enter up to %{count} words"
    } else {
        "You can enter up to %{count} characters"
    };
    let words = present(count.description).unwrap_or(default);
    match limit(count) {
        Some(limit) => words.replace("%{count}", &limit.to_string()).into(),
        None => Content::default(),
    }
}
