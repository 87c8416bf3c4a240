//! Answers in words, for those who read them.

use jiff::civil::{Date, DateTime};
use maud::{Markup, html};
use serde_json::Value;

use crate::domain::check::Check;
use crate::domain::contact::{SafeContact, Way};
use crate::domain::person::Person;
use crate::engine::definition::record::{Answers, Field, Kind, Record};
use crate::web::components::{Row, SummaryList, summary_list};
use crate::web::words;

/// What was answered, field by field, and in one line what was not: blank would look broken.
pub fn record(record: &Record, answers: &Answers) -> Markup {
    let answered = record.fields.iter().filter_map(|(name, field)| {
        let value = answers.get(&**name)?;
        Some(Row {
            key: (&field.label).into(),
            value: shown(field, value).into(),
            ..Row::default()
        })
    });
    let open = record
        .fields
        .iter()
        .filter(|(name, _)| !answers.contains_key(&***name));
    let open: Vec<_> = open.map(|(_, field)| &*field.label).collect();
    html! {
        (summary_list(&SummaryList { rows: answered.collect(), classes: "app-answers", ..SummaryList::default() }))
        @if !open.is_empty() { p class="app-quiet" { "Not answered: " (open.join(" · ")) } }
    }
}

/// One answer.
pub fn shown(field: &Field, value: &Value) -> Markup {
    let text = value.as_str().unwrap_or_default();
    match field.kind {
        Kind::LongText => lines(text),
        Kind::Choice | Kind::Authority => html! { (option(field, text)) },
        Kind::Choices => html! {
            ul class="govuk-list govuk-list--bullet" {
                @for item in value.as_array().into_iter().flatten() { li { (option(field, item.as_str().unwrap_or_default())) } }
            }
        },
        Kind::YesNo => html! { @if value == true { "Yes" } @else { "No" } },
        Kind::Number => html! { (value.to_string()) },
        Kind::Date => {
            html! { (text.parse::<Date>().map_or_else(|_| text.to_owned(), words::date)) }
        }
        Kind::PartialDate => html! { (words::partial_date(text)) },
        Kind::DateTime => html! { (date_time(text)) },
        Kind::Person => person(value),
        Kind::Addresses => addresses(value),
        Kind::Contact => contact(value),
        Kind::Checks => checks(field, value),
        Kind::Text => html! { (text) },
    }
}

/// Text as it was written, with its line breaks.
pub fn lines(text: &str) -> Markup {
    html! { div class="app-lines" { (text) } }
}

fn option<'a>(field: &'a Field, name: &'a str) -> &'a str {
    field.options.get(name).map_or(name, |label| label)
}

fn date_time(text: &str) -> String {
    let read = text.parse::<DateTime>();
    read.map_or_else(
        |_| text.to_owned(),
        |at| format!("{}, {}", words::date(at.date()), at.strftime("%H:%M")),
    )
}

/// A name with what else is known: other names, and when born.
pub fn person(value: &Value) -> Markup {
    let Ok(Some(person)) = Person::parse(value) else {
        return html! {};
    };
    let full = person.full_name();
    html! {
        (full)
        @if !person.other_names.is_empty() && person.other_names != full { ", also " (person.other_names) }
        @if !person.born.is_empty() { ", born " (words::partial_date(&person.born)) }
    }
}

fn addresses(value: &Value) -> Markup {
    html! {
        ul class="govuk-list" {
            @for address in value.as_array().into_iter().flatten() {
                @let part = |name: &str| address[name].as_str().unwrap_or_default().to_owned();
                @let (from, to) = (words::partial_date(&part("from")), words::partial_date(&part("to")));
                li {
                    (part("address"))
                    @if !from.is_empty() { ", from " (from) }
                    @if !to.is_empty() { ", until " (to) }
                }
            }
        }
    }
}

/// The agreed way, with what must never be done in front of everything but the way itself.
pub fn contact(value: &Value) -> Markup {
    let Ok(Some(contact)) = SafeContact::parse(value) else {
        return html! {};
    };
    let way = Way::ALL
        .iter()
        .find(|(way, _, _)| *way == contact.way)
        .map_or("", |(_, _, label)| *label);
    html! {
        ul class="govuk-list" {
            li { (way) @if !contact.details.is_empty() { ": " (contact.details) } }
            @if !contact.never.is_empty() { li { strong { "Never: " (contact.never) } } }
            @if !contact.safe_times.is_empty() { li { "Safe: " (contact.safe_times) } }
            li { "Voicemail: " @if contact.voicemail { "a message may be left" } @else { strong { "never" } } }
            @if !contact.code_word.is_empty() { li { "Code word: " (contact.code_word) } }
        }
    }
}

/// Each system, searched or not: not searched is not nothing found.
fn checks(field: &Field, value: &Value) -> Markup {
    html! {
        ul class="govuk-list app-checks" {
            @for (row, described) in field.rows.iter() {
                li {
                    (described.label) ": "
                    @match Check::parse(&value[&**row]).ok().flatten() {
                        None => strong { "Not searched" },
                        Some(check) => {
                            strong { (check.result.label()) }
                            @for part in [&check.summary, &check.reason].into_iter().filter(|part| !part.is_empty()) { " – " (part) }
                            @if !check.terms.is_empty() { span class="app-quiet" { " (searched for: " (check.terms) ")" } }
                        },
                    }
                }
            }
        }
    }
}
