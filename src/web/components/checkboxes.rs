//! Any number of answers out of a few.

use maud::{Markup, html};

use super::form_group::{Explained, form_group, in_fieldset};
use super::radios::item_id;
use super::{Content, Fieldset, Hint, Label, classes, hint, label, present};

/// One answer. Nothing is ever revealed beneath it (see [`super::Radio`]). `exclusive` ('None of these') clears the others.
#[derive(Debug, Clone, Default)]
pub struct Checkbox<'a> {
    pub value: &'a str,
    pub text: Content,
    pub hint: Content,
    pub id: &'a str,
    /// Empty means the question's name.
    pub name: &'a str,
    pub label_classes: &'a str,
    pub checked: bool,
    pub disabled: bool,
    pub exclusive: bool,
    /// A word such as 'or' in place of an answer; all else is then ignored.
    pub divider: &'a str,
}

/// The question. An empty `id` means the name, and is the first answer's id.
#[derive(Debug, Clone, Default)]
pub struct Checkboxes<'a> {
    pub fieldset: Option<Fieldset<'a>>,
    pub name: &'a str,
    pub id: &'a str,
    pub items: Vec<Checkbox<'a>>,
    pub hint: Content,
    pub error: Content,
    pub classes: &'a str,
    pub group_classes: &'a str,
    /// Ids of elements that explain the question, when there is no fieldset to say so.
    pub described_by: &'a str,
}

/// The question with its answers.
#[must_use]
pub fn checkboxes(checkboxes: &Checkboxes) -> Markup {
    let id = present(checkboxes.id).unwrap_or(checkboxes.name);
    let frame = checkboxes.fieldset.as_ref();
    let explained = Explained {
        id,
        hint: &checkboxes.hint,
        error: &checkboxes.error,
        also: frame
            .and_then(|frame| present(frame.described_by))
            .unwrap_or(checkboxes.described_by),
    };
    let described_by = explained.described_by();
    let inherited = if frame.is_some() { "" } else { &described_by };
    let fields = html! {
        (explained.show())
        div class=(classes(&["govuk-checkboxes", checkboxes.classes])) data-module="govuk-checkboxes" {
            @for (index, item) in checkboxes.items.iter().enumerate() {
                @if item.divider.is_empty() {
                    (checkbox(checkboxes, item, &item_id(id, item.id, index), inherited))
                } @else {
                    div class="govuk-checkboxes__divider" { (item.divider) }
                }
            }
        }
    };
    let fields = in_fieldset(frame, &described_by, fields);
    form_group(&checkboxes.error, checkboxes.group_classes, &fields)
}

fn checkbox(checkboxes: &Checkboxes, item: &Checkbox, id: &str, inherited: &str) -> Markup {
    let hint_id = if item.hint.is_empty() {
        String::new()
    } else {
        format!("{id}-item-hint")
    };
    html! {
        div class="govuk-checkboxes__item" {
            input class="govuk-checkboxes__input" id=(id) name=(present(item.name).unwrap_or(checkboxes.name)) type="checkbox"
                value=(item.value) checked[item.checked] disabled[item.disabled]
                data-behaviour=[item.exclusive.then_some("exclusive")]
                aria-describedby=[present(&classes(&[inherited, &hint_id]))];
            (label(&Label {
                text: item.text.clone(),
                classes: &classes(&["govuk-checkboxes__label", item.label_classes]),
                target: id,
                heading: false,
            }))
            @if !item.hint.is_empty() {
                (hint(&Hint { text: item.hint.clone(), id: &hint_id, classes: "govuk-checkboxes__hint" }))
            }
        }
    }
}
