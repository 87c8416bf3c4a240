//! The fields of a record as HTML, with what was typed and what is wrong with it.

use maud::{Markup, html};

use super::typed::Typed;
use super::{entries, groups};
use crate::domain::refusal::FieldError;
use crate::engine::definition::record::{Field, Kind, Record};
use crate::engine::definition::wording::Wording;
use crate::engine::definition::yaml::Unconfirmed;
use crate::web::components::{
    CharacterCount, Checkbox, Checkboxes, Content, DateInput, DatePart, ErrorLink, Fieldset, Input,
    Label, Legend, Radio, Radios, Textarea, character_count, checkboxes, date_input, input, radios,
    unconfirmed,
};

/// Who reads the form. Badges of what is unconfirmed are for those inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Public,
    Staff,
}

/// A record to fill in.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub record: &'a Record,
    pub typed: &'a Typed,
    pub errors: &'a [FieldError],
    pub audience: Audience,
}

impl<'a> Asked<'a> {
    /// Every field of the record.
    pub fn fields(&self) -> Markup {
        html! { @for (name, field) in self.record.fields.iter() { (self.field(name, field)) } }
    }

    /// The errors as links to the first box that can mend each.
    pub fn error_links(&self) -> Vec<ErrorLink> {
        self.errors
            .iter()
            .map(|error| error_link(Some(self.record), error))
            .collect()
    }

    /// Whether it has lists that may need more rows.
    pub fn has_lists(&self) -> bool {
        self.record
            .fields
            .iter()
            .any(|(_, field)| field.kind == Kind::Addresses)
    }

    pub(super) fn field(&self, name: &str, field: &Field) -> Markup {
        match field.kind {
            Kind::Text => self.line(name, field),
            Kind::Number => self.number(name, field),
            Kind::LongText => self.lines(name, field),
            Kind::Choice | Kind::Authority => self.choice(name, field),
            Kind::YesNo => self.yes_no(name, field),
            Kind::Choices => self.choices(name, field),
            Kind::Date | Kind::PartialDate | Kind::DateTime => self.date(name, field),
            Kind::Person => groups::person(self, name, field),
            Kind::Addresses => groups::addresses(self, name, field),
            Kind::Contact => groups::contact(self, name, field),
            Kind::Checks => groups::checks(self, name, field),
            Kind::Entries => entries::entries(self, name, field),
        }
    }

    /// What the field asks, whether it may stay empty, and what nobody has confirmed about it.
    pub(super) fn question(&self, field: &Field) -> Content {
        html! {
            (field.label)
            @if !field.required && field.required_when.is_empty() { " " span class="app-optional" { "(optional)" } }
            (self.badge(field.unconfirmed.as_ref()))
        }
        .into()
    }

    pub(super) fn badge(&self, doubt: Option<&Unconfirmed>) -> Markup {
        html! {
            @if let Some(doubt) = doubt.filter(|_| self.audience == Audience::Staff) {
                " " (unconfirmed(&doubt.sentence()))
            }
        }
    }

    /// Everything that is wrong at one place.
    pub(super) fn error(&self, place: &str) -> Content {
        let here = self.errors.iter().filter(|error| error.field == place);
        let sentences: Vec<_> = here.map(|error| error.message.as_str()).collect();
        let sentence = sentences.join(". ");
        self.record.field_at(place).map_or_else(
            || sentence.as_str().into(),
            |field| naming(&sentence, &field.label),
        )
    }

    pub(super) fn legend(&self, field: &Field) -> Fieldset<'a> {
        Fieldset {
            legend: Legend {
                text: self.question(field),
                classes: "govuk-fieldset__legend--s",
                heading: false,
            },
            ..Fieldset::default()
        }
    }

    fn line(&self, name: &str, field: &Field) -> Markup {
        let value = self.typed.text(name);
        let label = Label {
            text: self.question(field),
            classes: "govuk-label--s",
            ..Label::default()
        };
        // A long line deserves room to be read again.
        if field.longest() > Field::LONGEST_TEXT {
            return self.area(name, label, field, 2);
        }
        input(&Input {
            label,
            name,
            value,
            hint: hint(field),
            error: self.error(name),
            autocomplete: "off",
            ..Input::default()
        })
    }

    fn number(&self, name: &str, field: &Field) -> Markup {
        input(&Input {
            label: Label {
                text: self.question(field),
                classes: "govuk-label--s",
                ..Label::default()
            },
            name,
            value: self.typed.text(name),
            hint: hint(field),
            error: self.error(name),
            classes: "govuk-input--width-5",
            inputmode: "numeric",
            autocomplete: "off",
            ..Input::default()
        })
    }

    fn lines(&self, name: &str, field: &Field) -> Markup {
        let label = Label {
            text: self.question(field),
            classes: "govuk-label--s",
            ..Label::default()
        };
        self.area(name, label, field, 4)
    }

    fn area(&self, name: &str, label: Label, field: &Field, rows: u16) -> Markup {
        counted(
            &Textarea {
                label,
                name,
                value: self.typed.text(name),
                rows,
                hint: hint(field),
                error: self.error(name),
                autocomplete: "off",
                ..Textarea::default()
            },
            u32::try_from(field.longest()).unwrap_or(u32::MAX),
        )
    }

    fn choice(&self, name: &str, field: &Field) -> Markup {
        let items = field.options.iter().map(|(value, label)| Radio {
            value,
            text: label.into(),
            ..Radio::default()
        });
        self.one_of(name, field, items.collect(), "")
    }

    fn yes_no(&self, name: &str, field: &Field) -> Markup {
        let item = |value, text: &str| Radio {
            value,
            text: text.into(),
            ..Radio::default()
        };
        self.one_of(
            name,
            field,
            vec![item("yes", "Yes"), item("no", "No")],
            "govuk-radios--inline",
        )
    }

    fn one_of(&self, name: &str, field: &Field, items: Vec<Radio>, classes: &str) -> Markup {
        radios(&Radios {
            fieldset: Some(self.legend(field)),
            name,
            items,
            chosen: self.typed.all(name).next(),
            hint: hint(field),
            error: self.error(name),
            classes: &format!("{} {classes}", self.size("govuk-radios--small")),
            ..Radios::default()
        })
    }

    fn choices(&self, name: &str, field: &Field) -> Markup {
        let items = field.options.iter().map(|(value, label)| Checkbox {
            value,
            text: label.into(),
            checked: self.typed.all(name).any(|chosen| chosen == &**value),
            ..Checkbox::default()
        });
        checkboxes(&Checkboxes {
            fieldset: Some(self.legend(field)),
            name,
            items: items.collect(),
            hint: hint(field),
            error: self.error(name),
            classes: self.size("govuk-checkboxes--small"),
            ..Checkboxes::default()
        })
    }

    /// Staff fill in many forms a day, at a desk: theirs are dense.
    pub(super) fn size(&self, small: &'static str) -> &'static str {
        if self.audience == Audience::Staff {
            small
        } else {
            ""
        }
    }

    fn date(&self, name: &str, field: &Field) -> Markup {
        let usual = match field.kind {
            Kind::PartialDate => "Leave out what you do not know",
            Kind::DateTime => "For example, 24 11 2026, 14:30",
            _ => "For example, 24 11 2026",
        };
        let hint = field
            .help
            .as_ref()
            .map_or_else(|| usual.into(), Content::from);
        self.boxes(
            name,
            field.kind == Kind::DateTime,
            Some(self.legend(field)),
            hint,
        )
    }

    /// The boxes of a date, named `name-day` and so on.
    pub(super) fn boxes(
        &self,
        name: &str,
        timed: bool,
        fieldset: Option<Fieldset>,
        hint: Content,
    ) -> Markup {
        let [day, month, year, time] =
            ["day", "month", "year", "time"].map(|part| self.typed.text(&format!("{name}-{part}")));
        let mut parts = DatePart::day_month_year(day, month, year);
        if timed {
            parts.push(DatePart {
                name: "time",
                label: "Time",
                value: time,
                classes: "govuk-input--width-4",
                inputmode: "text",
                ..DatePart::default()
            });
        }
        for part in &mut parts {
            part.autocomplete = "off";
        }
        date_input(&DateInput {
            fieldset,
            id: name,
            prefix: name,
            parts,
            hint,
            error: self.error(name),
            ..DateInput::default()
        })
    }
}

pub(super) fn hint(field: &Field) -> Content {
    field.help.as_ref().map(Content::from).unwrap_or_default()
}

/// Lines of text with their limit; the count shows when a quarter is left.
pub fn counted(field: &Textarea, longest: u32) -> Markup {
    character_count(&CharacterCount {
        field: field.clone(),
        max_length: Some(longest),
        threshold: Some(75),
        ..CharacterCount::default()
    })
}

/// An error with a link to the box that mends it. It names the field where its sentence does not.
pub fn error_link(record: Option<&Record>, error: &FieldError) -> ErrorLink {
    let Some((record, field)) =
        record.and_then(|record| Some((record, record.field_at(&error.field)?)))
    else {
        let href = if error.field == "rationale" {
            format!("#{REASON}")
        } else {
            String::new()
        };
        return ErrorLink {
            text: error.message.as_str().into(),
            href,
        };
    };
    let text = if error.message.contains(&*field.label) {
        naming(&error.message, &field.label)
    } else {
        html! { (field.label) ": " (error.message) }.into()
    };
    ErrorLink {
        text: html! { (entry_of(record, &error.field)) (text) }.into(),
        href: format!("#{}", anchor(field, &error.field)),
    }
}

/// Which of several entries a place is in, in front of what is wrong there; empty for a place in none.
fn entry_of(record: &Record, place: &str) -> Markup {
    let mut parts = place.split('.');
    let field = parts.next().and_then(|name| record.fields.get(name));
    let field = field.filter(|field| field.kind == Kind::Entries);
    let row = parts.next().and_then(|row| row.parse::<usize>().ok());
    html! { @if let Some((field, row)) = field.zip(row) { (field.label) ", " (row + 1) ": " } }
}

/// A sentence in which a label may stand, which knows its own language.
fn naming(sentence: &str, label: &Wording) -> Content {
    match sentence.split_once(&**label) {
        Some((before, after)) => html! { (before) (label) (after) }.into(),
        None => sentence.into(),
    }
}

/// The id and name of the box for the reason.
pub const REASON: &str = "form-reason";

/// The id of the first box at a place.
fn anchor(field: &Field, place: &str) -> String {
    let depth = place.split('.').count();
    match (field.kind, depth) {
        (Kind::Date | Kind::PartialDate | Kind::DateTime, _) => format!("{place}-day"),
        (Kind::Person, 1) => format!("{place}.given_names"),
        (Kind::Person, _)
            if place
                .rsplit_once('.')
                .is_some_and(|(_, part)| part == "born") =>
        {
            format!("{place}-day")
        }
        (Kind::Addresses, 1) => format!("{place}.0.address"),
        (Kind::Addresses, 2) => format!("{place}.address"),
        (Kind::Contact, 1) => format!("{place}.way"),
        (Kind::Checks, 1) => format!(
            "{place}.{}.result",
            field.rows.names().next().unwrap_or_default()
        ),
        (Kind::Checks, 2) => format!("{place}.result"),
        (Kind::Entries, depth) => {
            let entry = if depth == 1 {
                format!("{place}.0")
            } else {
                place.to_owned()
            };
            let first = field.fields.iter().next();
            first.map_or_else(
                || entry.clone(),
                |(name, first)| anchor(first, &format!("{entry}.{name}")),
            )
        }
        _ => place.to_owned(),
    }
}
