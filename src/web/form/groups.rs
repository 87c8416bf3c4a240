//! Fields of several parts: a person, addresses, a safe contact, checks.

use maud::{Markup, html};

use super::fields::{Asked, hint};
use super::read::YES;
use crate::domain::check::CheckResult;
use crate::domain::contact::Way;
use crate::domain::person::Person;
use crate::engine::definition::record::Field;
use crate::web::components::{
    Checkbox, Checkboxes, Choice, Content, ErrorMessage, Fieldset, Hint, Input, Label, Legend,
    Radio, Radios, Select, Textarea, checkboxes, error_message, fieldset, input, radios, select,
    textarea,
};

/// Address rows that a form shows at least.
const LEAST_ROWS: usize = 3;

/// Several inputs under the field's own question.
pub(super) fn group(asked: &Asked, name: &str, field: &Field, body: &Markup) -> Markup {
    let error = asked.error(name);
    let (hint_id, error_id) = (format!("{name}-hint"), format!("{name}-error"));
    let hint = hint(field);
    let mut described = Vec::new();
    if !hint.is_empty() {
        described.push(hint_id.as_str());
    }
    if !error.is_empty() {
        described.push(&error_id);
    }
    let state = if error.is_empty() {
        "app-group"
    } else {
        "app-group govuk-form-group--error"
    };
    let frame = Fieldset {
        legend: Legend {
            text: asked.question(field),
            classes: "govuk-fieldset__legend--s",
            heading: false,
        },
        role: "group",
        described_by: &described.join(" "),
        ..Fieldset::default()
    };
    let inside = html! {
        @if !hint.is_empty() { (super::super::components::hint(&Hint { text: hint.clone(), id: &hint_id, ..Hint::default() })) }
        @if !error.is_empty() { (error_message(&ErrorMessage { text: error, id: &error_id, ..ErrorMessage::default() })) }
        (body)
    };
    html! { div class=(format!("govuk-form-group {state}")) { (fieldset(&frame, &inside)) } }
}

fn line(asked: &Asked, name: &str, label: &str, classes: &str) -> Markup {
    input(&Input {
        label: Label {
            text: label.into(),
            ..Label::default()
        },
        name,
        value: asked.typed.text(name),
        error: asked.error(name),
        classes,
        autocomplete: "off",
        spellcheck: Some(false),
        ..Input::default()
    })
}

pub(super) fn person(asked: &Asked, name: &str, field: &Field) -> Markup {
    let names = Person::PARTS.iter().filter(|(part, _)| *part != "born");
    let born_label = Person::PARTS
        .iter()
        .find(|(part, _)| *part == "born")
        .map_or("", |(_, label)| label);
    let born = format!("{name}.born");
    let frame = Fieldset {
        legend: Legend {
            text: born_label.into(),
            ..Legend::default()
        },
        ..Fieldset::default()
    };
    let body = html! {
        div class="app-pair" {
            @for (part, label) in names { (line(asked, &format!("{name}.{part}"), label, "")) }
        }
        (asked.boxes(&born, false, Some(frame), Content::default()))
    };
    group(asked, name, field, &body)
}

/// The rows filled in and one more, at least three.
pub(super) fn addresses(asked: &Asked, name: &str, field: &Field) -> Markup {
    let rows = LEAST_ROWS.max(asked.typed.rows(name) + 1);
    let body = html! {
        @for row in 0..rows {
            @let place = format!("{name}.{row}");
            @let number = row + 1;
            @let error = asked.error(&place);
            div class="app-address" role="group" aria-label=(format!("Address {number}")) {
                @if !error.is_empty() { (error_message(&ErrorMessage { text: error, ..ErrorMessage::default() })) }
                (line(asked, &format!("{place}.address"), &format!("Address or area {number}"), ""))
                (line(asked, &format!("{place}.from"), "From", "govuk-input--width-10"))
                (line(asked, &format!("{place}.to"), "Until", "govuk-input--width-10"))
            }
        }
        p class="govuk-hint" { "From and until can be a year, or a month and year. Leave them empty if you do not know." }
    };
    group(asked, name, field, &body)
}

pub(super) fn contact(asked: &Asked, name: &str, field: &Field) -> Markup {
    let [way, voicemail] = ["way", "voicemail"].map(|part| format!("{name}.{part}"));
    let ways = Way::ALL.iter().map(|(_, value, label)| Radio {
        value,
        text: (*label).into(),
        ..Radio::default()
    });
    let body = html! {
        (radios(&Radios {
            fieldset: Some(Fieldset { legend: Legend { text: "How".into(), ..Legend::default() }, ..Fieldset::default() }),
            name: &way,
            items: ways.collect(),
            chosen: asked.typed.all(&way).next(),
            error: asked.error(&way),
            classes: asked.size("govuk-radios--small"),
            ..Radios::default()
        }))
        (line(asked, &format!("{name}.details"), "The number or address to use, or the name of the person to go through", ""))
        (line(asked, &format!("{name}.safe_times"), "Days and times that are safe", ""))
        (line(asked, &format!("{name}.never"), "When or how never to make contact", ""))
        (checkboxes(&Checkboxes {
            name: &voicemail,
            items: vec![Checkbox {
                value: YES,
                text: "It is safe to leave a message on voicemail".into(),
                checked: asked.typed.text(&voicemail) == YES,
                ..Checkbox::default()
            }],
            error: asked.error(&voicemail),
            classes: asked.size("govuk-checkboxes--small"),
            ..Checkboxes::default()
        }))
        (line(asked, &format!("{name}.code_word"), "A word to say, so that it is clear who is calling", "govuk-input--width-20"))
    };
    group(asked, name, field, &body)
}

/// One system after the other. A row without a result has not been searched.
pub(super) fn checks(asked: &Asked, name: &str, field: &Field) -> Markup {
    let body = html! {
        @for (row, described) in field.rows.iter() {
            @let place = format!("{name}.{}", &**row);
            @let text = html! { (described.label) (asked.badge(described.unconfirmed.as_ref())) };
            @let frame = Fieldset { legend: Legend { text: text.into(), classes: "app-check__legend", heading: false }, ..Fieldset::default() };
            div class="app-check" { (fieldset(&frame, &check(asked, &place))) }
        }
    };
    group(asked, name, field, &body)
}

fn check(asked: &Asked, place: &str) -> Markup {
    let [result, terms, summary, reason] =
        ["result", "terms", "summary", "reason"].map(|part| format!("{place}.{part}"));
    let mut choices = vec![Choice {
        text: "Not searched yet",
        value: Some(""),
        disabled: false,
    }];
    choices.extend(CheckResult::ALL.iter().map(|(_, name, label)| Choice {
        text: label,
        value: Some(name),
        disabled: false,
    }));
    html! {
        div class="app-check__parts" {
            (select(&Select {
                label: Label { text: "Result".into(), ..Label::default() },
                name: &result,
                choices,
                chosen: asked.typed.all(&result).next(),
                error: asked.error(&result),
                ..Select::default()
            }))
            (line(asked, &terms, "Searched for", ""))
            (line(asked, &reason, "If not available, why", ""))
            (textarea(&Textarea {
                label: Label { text: "What it means".into(), ..Label::default() },
                name: &summary,
                value: asked.typed.text(&summary),
                rows: 2,
                error: asked.error(&summary),
                autocomplete: "off",
                ..Textarea::default()
            }))
        }
    }
}
