//! Fixtures of the form components, told in our options.

use clares_law::web::components::{
    Affix, CharacterCount, Checkbox, Checkboxes, Choice, DateInput, DatePart, ErrorMessage,
    Fieldset, Hint, Input, Label, Legend, Radio, Radios, Select, Textarea, character_count,
    checkboxes, date_input, error_message, fieldset, hint, input, label, radios, select, textarea,
};
use maud::{Markup, PreEscaped};

use super::options::Options;

pub fn render(component: &str, o: Options) -> Option<Markup> {
    Some(match component {
        "character-count" => character_count(&as_character_count(o)),
        "checkboxes" => as_checkboxes(o),
        "date-input" => as_date_input(o),
        "error-message" => error_message(&ErrorMessage {
            text: o.content(),
            id: o.str("id"),
            classes: o.str("classes"),
            prefix: o.words("visuallyHiddenText").as_deref(),
        }),
        "fieldset" => fieldset(&as_fieldset(o), &PreEscaped(o.str("html").to_owned())),
        "hint" => hint(&Hint {
            text: o.content(),
            id: o.str("id"),
            classes: o.str("classes"),
        }),
        "input" => as_input(o),
        "label" => label(&as_label(o)),
        "radios" => as_radios(o),
        "select" => as_select(o),
        "textarea" => textarea(&as_textarea(o)),
        _ => return None,
    })
}

fn as_label(o: Options) -> Label {
    Label {
        text: o.content(),
        classes: o.str("classes"),
        heading: o.flag("isPageHeading"),
        target: o.str("for"),
    }
}

fn as_fieldset(o: Options) -> Fieldset {
    let legend = o.at("legend");
    Fieldset {
        legend: Legend {
            text: legend.content(),
            classes: legend.str("classes"),
            heading: legend.flag("isPageHeading"),
        },
        classes: o.str("classes"),
        role: o.str("role"),
        described_by: o.str("describedBy"),
    }
}

fn as_input(o: Options) -> Markup {
    let affix = |key| Affix {
        text: o.at(key).content(),
        classes: o.at(key).str("classes"),
    };
    input(&Input {
        label: as_label(o.at("label")),
        name: o.str("name"),
        id: o.str("id"),
        value: &o.words("value").unwrap_or_default(),
        hint: o.at("hint").content(),
        error: o.at("errorMessage").content(),
        kind: o.str("type"),
        classes: o.str("classes"),
        group_classes: o.at("formGroup").str("classes"),
        described_by: o.str("describedBy"),
        autocomplete: o.str("autocomplete"),
        autocapitalize: o.str("autocapitalize"),
        inputmode: o.str("inputmode"),
        pattern: o.str("pattern"),
        spellcheck: o.maybe("spellcheck"),
        disabled: o.flag("disabled"),
        prefix: affix("prefix"),
        suffix: affix("suffix"),
        wrapper_classes: o.at("inputWrapper").str("classes"),
    })
}

fn as_textarea(o: Options) -> Textarea {
    Textarea {
        label: as_label(o.at("label")),
        name: o.str("name"),
        id: o.str("id"),
        value: o.str("value"),
        rows: o
            .words("rows")
            .and_then(|rows| rows.parse().ok())
            .unwrap_or_default(),
        hint: o.at("hint").content(),
        error: o.at("errorMessage").content(),
        classes: o.str("classes"),
        group_classes: o.at("formGroup").str("classes"),
        described_by: o.str("describedBy"),
        autocomplete: o.str("autocomplete"),
        spellcheck: o.maybe("spellcheck"),
        disabled: o.flag("disabled"),
    }
}

fn as_character_count(o: Options) -> CharacterCount {
    CharacterCount {
        field: as_textarea(o),
        max_words: o.number("maxwords"),
        max_length: o.number("maxlength"),
        threshold: o.number("threshold"),
        counts: o.str("countType"),
        description: o.str("textareaDescriptionText"),
        message_classes: o.at("countMessage").str("classes"),
    }
}

/// The value of the item that is marked, or the one named for the whole unless that item is turned off.
fn chosen(o: Options, items: &[Options], mark: &str) -> Option<String> {
    let value = |item: &Options| item.words("value").or(item.words("text"));
    let named = o.words("value").filter(|named| !named.is_empty());
    let off = |named: &String| {
        items
            .iter()
            .any(|item| item.off(mark) && value(item).as_ref() == Some(named))
    };
    let marked = items.iter().find(|item| item.flag(mark)).and_then(value);
    marked.or(named.filter(|named| !off(named)))
}

fn as_select(o: Options) -> Markup {
    let items = o.list("items");
    let values: Vec<_> = items.iter().map(|item| item.words("value")).collect();
    let chosen = chosen(o, &items, "selected");
    select(&Select {
        label: as_label(o.at("label")),
        name: o.str("name"),
        id: o.str("id"),
        choices: items
            .iter()
            .zip(&values)
            .map(|(item, value)| Choice {
                text: item.str("text"),
                value: value.as_deref(),
                disabled: item.flag("disabled"),
            })
            .collect(),
        chosen: chosen.as_deref(),
        hint: o.at("hint").content(),
        error: o.at("errorMessage").content(),
        classes: o.str("classes"),
        group_classes: o.at("formGroup").str("classes"),
        described_by: o.str("describedBy"),
    })
}

fn as_radios(o: Options) -> Markup {
    let items = o.list("items");
    let chosen = chosen(o, &items, "checked");
    radios(&Radios {
        fieldset: o.given("fieldset").map(as_fieldset),
        name: o.str("name"),
        id: o.str("idPrefix"),
        items: items
            .iter()
            .map(|item| Radio {
                value: item.str("value"),
                text: item.content(),
                hint: item.at("hint").content(),
                id: item.str("id"),
                label_classes: item.at("label").str("classes"),
                disabled: item.flag("disabled"),
                divider: item.str("divider"),
            })
            .collect(),
        chosen: chosen.as_deref(),
        hint: o.at("hint").content(),
        error: o.at("errorMessage").content(),
        classes: o.str("classes"),
        group_classes: o.at("formGroup").str("classes"),
    })
}

fn as_checkboxes(o: Options) -> Markup {
    let items = o.list("items");
    let values: Vec<_> = items
        .iter()
        .map(|item| item.words("value").unwrap_or_default())
        .collect();
    let chosen = o.words_list("values");
    checkboxes(&Checkboxes {
        fieldset: o.given("fieldset").map(as_fieldset),
        name: o.str("name"),
        id: o.str("idPrefix"),
        items: items
            .iter()
            .zip(&values)
            .map(|(item, value)| Checkbox {
                value,
                text: item.content(),
                hint: item.at("hint").content(),
                id: item.str("id"),
                name: item.str("name"),
                label_classes: item.at("label").str("classes"),
                checked: item
                    .maybe("checked")
                    .unwrap_or(chosen.contains(&value.as_str())),
                disabled: item.flag("disabled"),
                exclusive: item.str("behaviour") == "exclusive",
                divider: item.str("divider"),
            })
            .collect(),
        hint: o.at("hint").content(),
        error: o.at("errorMessage").content(),
        classes: o.str("classes"),
        group_classes: o.at("formGroup").str("classes"),
        described_by: o.str("describedBy"),
    })
}

/// A box of a date as the templates complete it: label from the name, value from `values`, width from the kind.
struct Part {
    label: String,
    value: String,
    classes: String,
}

fn as_date_input(o: Options) -> Markup {
    let defaults = ["day", "month", "year"]
        .into_iter()
        .filter(|kind| !o.off(kind));
    let items: Vec<(&str, Options)> = match o.list("items") {
        items if items.is_empty() => defaults.map(|kind| (kind, o.at(kind))).collect(),
        items => items.iter().map(|item| (item.str("name"), *item)).collect(),
    };
    // An error turned off on one box means that it lies in the others.
    let others_wrong = items.iter().any(|(_, item)| item.off("error"));
    let parts: Vec<Part> = items
        .iter()
        .map(|(kind, item)| part(o, kind, *item))
        .collect();
    date_input(&DateInput {
        fieldset: o.given("fieldset").map(as_fieldset),
        id: o.str("id"),
        prefix: o.str("namePrefix"),
        parts: items
            .iter()
            .zip(&parts)
            .map(|((kind, item), part)| DatePart {
                name: name(kind, *item),
                label: &part.label,
                value: &part.value,
                classes: &part.classes,
                error: item.maybe("error").unwrap_or(others_wrong),
                autocomplete: item.str("autocomplete"),
                inputmode: item.str("inputmode"),
                pattern: item.str("pattern"),
                id: item.str("id"),
            })
            .collect(),
        hint: o.at("hint").content(),
        error: o.at("errorMessage").content(),
        classes: o.str("classes"),
        group_classes: o.at("formGroup").str("classes"),
    })
}

fn name<'a>(kind: &'a str, item: Options<'a>) -> &'a str {
    match item.str("name") {
        "" => kind,
        name => name,
    }
}

fn part(o: Options, kind: &str, item: Options) -> Part {
    let name = name(kind, item);
    let key = match o.str("namePrefix") {
        "" => name.to_owned(),
        prefix => format!("{prefix}-{name}"),
    };
    let width = if kind == "year" { 4 } else { 2 };
    let given = item.str("classes");
    Part {
        label: item.words("label").unwrap_or_else(|| capitalised(name)),
        value: item
            .words("value")
            .or(o.at(kind).words("value"))
            .or(o.at("values").words(&key))
            .unwrap_or_default(),
        classes: if given.contains("govuk-input--width-") {
            given.to_owned()
        } else {
            format!("govuk-input--width-{width} {given}")
        },
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
