//! What makes a field unfit for use: each kind has its own keys, and what several entries are asked is simple.

use super::record::{Field, Kind, Screened};
use super::yaml::{Entries, Word};

/// The kinds of what an entry is asked. A part with parts of its own would be a form within a form.
const SIMPLE: [Kind; 7] = [
    Kind::Text,
    Kind::LongText,
    Kind::Date,
    Kind::PartialDate,
    Kind::Choice,
    Kind::YesNo,
    Kind::Number,
];

/// What is wrong with each field of a form and of its entries, and where.
pub fn faults(fields: &Entries<Field>) -> Vec<(&Word, String)> {
    let mut faults = beside_each_other(fields);
    for (_, field) in fields.iter() {
        let inner = field.fields.iter();
        faults.extend(inner.filter_map(|(key, inner)| Some((key, of_entry(field, inner)?.into()))));
        faults.extend(beside_each_other(&field.fields));
    }
    faults
}

/// What is wrong with the fields of a form, or of an entry, each by itself and beside the others.
fn beside_each_other(fields: &Entries<Field>) -> Vec<(&Word, String)> {
    let mut faults = Vec::new();
    for (key, field) in fields.iter() {
        faults.extend(fault(field).map(|text| (key, text.to_owned())));
        for (name, options) in field.required_when.iter() {
            let choice = fields.get(name).filter(|field| field.kind == Kind::Choice);
            let Some(choice) = choice else {
                faults.push((
                    name,
                    format!("There is no choice `{name}` beside this field"),
                ));
                continue;
            };
            let unknown = options.iter().filter(|option| !choice.options.has(option));
            faults.extend(
                unknown.map(|option| (option, format!("`{name}` has no answer `{option}`"))),
            );
        }
    }
    faults
}

/// Whoever may read the entries reads all of each.
fn of_entry(entries: &Field, inner: &Field) -> Option<&'static str> {
    match () {
        () if !SIMPLE.contains(&inner.kind) => Some(
            "An entry is asked for text, long_text, date, partial_date, choice, yes_no or number",
        ),
        () if inner.class != entries.class => {
            Some("What an entry is asked is of the same `class` as the entries")
        }
        () => None,
    }
}

fn fault(field: &Field) -> Option<&'static str> {
    let chooses = matches!(field.kind, Kind::Choice | Kind::Choices);
    let bounded = matches!(
        field.kind,
        Kind::Text | Kind::LongText | Kind::Number | Kind::Entries
    );
    let most = 1..=Field::MOST_ENTRIES;
    match () {
        () if chooses == field.options.is_empty() => {
            Some("A choice needs `options`, and only a choice has them")
        }
        () if (field.kind == Kind::Checks) == field.rows.is_empty() => {
            Some("Checks need `rows`, and only checks have them")
        }
        () if (field.kind == Kind::Entries) == field.fields.is_empty() => {
            Some("Entries need `fields`, and only entries have them")
        }
        () if field.kind == Kind::Entries && field.max.is_some_and(|max| !most.contains(&max)) => {
            Some("Entries have a `max` from 1 to 20")
        }
        () if field.party.is_some() && field.kind != Kind::Person => {
            Some("Only a person has a `party`")
        }
        () if !is_screened_rightly(field) => Some(
            "Only text is `screened: staff_number` or `phone`; only a person, addresses or a contact is `screened: no`",
        ),
        () if field.max.is_some() && !bounded => {
            Some("Only text, numbers and entries have a `max`")
        }
        () if field.min.is_some() && field.kind != Kind::Number => {
            Some("Only numbers have a `min`")
        }
        () if field.required && field.sample().is_none() => {
            Some("A required field needs an `example`")
        }
        () => None,
    }
}

fn is_screened_rightly(field: &Field) -> bool {
    match field.screened {
        None => true,
        Some(Screened::No) => {
            matches!(field.kind, Kind::Person | Kind::Addresses | Kind::Contact)
        }
        Some(Screened::StaffNumber | Screened::Phone) => field.kind == Kind::Text,
    }
}
