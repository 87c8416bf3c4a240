//! One answer out of a few.

use maud::{Markup, html};

use super::form_group::{Explained, form_group, in_fieldset};
use super::{Content, Fieldset, Hint, Label, classes, hint, label, present};

/// One answer. Nothing is ever revealed beneath it: the component's conditional reveal fails axe, so ask on the next page.
#[derive(Debug, Clone, Default)]
pub struct Radio<'a> {
    pub value: &'a str,
    pub text: Content,
    pub hint: Content,
    pub id: &'a str,
    pub label_classes: &'a str,
    pub disabled: bool,
    /// A word such as 'or' in place of an answer; all else is then ignored.
    pub divider: &'a str,
}

/// The question. `chosen` is the value of the answer given; an empty `id` means the name, and is the first answer's id.
#[derive(Debug, Clone, Default)]
pub struct Radios<'a> {
    pub fieldset: Option<Fieldset<'a>>,
    pub name: &'a str,
    pub id: &'a str,
    pub items: Vec<Radio<'a>>,
    pub chosen: Option<&'a str>,
    pub hint: Content,
    pub error: Content,
    pub classes: &'a str,
    pub group_classes: &'a str,
}

/// The question with its answers.
#[must_use]
pub fn radios(radios: &Radios) -> Markup {
    let id = present(radios.id).unwrap_or(radios.name);
    let explained = Explained {
        id,
        hint: &radios.hint,
        error: &radios.error,
        also: radios
            .fieldset
            .as_ref()
            .map_or("", |frame| frame.described_by),
    };
    let fields = html! {
        (explained.show())
        div class=(classes(&["govuk-radios", radios.classes])) data-module="govuk-radios" {
            @for (index, item) in radios.items.iter().enumerate() {
                @if item.divider.is_empty() {
                    (radio(radios, item, &item_id(id, item.id, index)))
                } @else {
                    div class="govuk-radios__divider" { (item.divider) }
                }
            }
        }
    };
    let fields = in_fieldset(radios.fieldset.as_ref(), &explained.described_by(), fields);
    form_group(&radios.error, radios.group_classes, &fields)
}

/// The first item takes the plain id, so that the error summary can link to it.
pub(super) fn item_id(prefix: &str, own: &str, index: usize) -> String {
    match (own, index) {
        ("", 0) => prefix.to_owned(),
        ("", _) => format!("{prefix}-{}", index + 1),
        _ => own.to_owned(),
    }
}

fn radio(radios: &Radios, item: &Radio, id: &str) -> Markup {
    let hint_id = format!("{id}-item-hint");
    let has_hint = !item.hint.is_empty();
    html! {
        div class="govuk-radios__item" {
            input class="govuk-radios__input" id=(id) name=(radios.name) type="radio" value=(item.value)
                checked[radios.chosen == Some(item.value)] disabled[item.disabled]
                aria-describedby=[has_hint.then_some(&hint_id)];
            (label(&Label {
                text: item.text.clone(),
                classes: &classes(&["govuk-radios__label", item.label_classes]),
                target: id,
                heading: false,
            }))
            @if has_hint { (hint(&Hint { text: item.hint.clone(), id: &hint_id, classes: "govuk-radios__hint" })) }
        }
    }
}
