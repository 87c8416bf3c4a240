//! From answers to what would have been typed, to fill a form with what is on record.

use serde_json::Value;

use super::dates::{Boxes, as_one_line};
use super::read::{CONTACT_TEXTS, NO, YES};
use super::typed::Typed;
use crate::domain::check::Check;
use crate::domain::person::Person;
use crate::engine::definition::record::{Answers, Kind, Record};

/// The answers of a record as a form would send them.
pub fn write(record: &Record, answers: &Answers) -> Typed {
    let mut typed = Typed::default();
    for (name, field) in record.fields.iter() {
        if let Some(value) = answers.get(&**name) {
            put(&mut typed, name, field.kind, value);
        }
    }
    typed
}

fn put(typed: &mut Typed, name: &str, kind: Kind, value: &Value) {
    match kind {
        Kind::Choices => {
            for item in value.as_array().into_iter().flatten() {
                typed.put(name, text(item));
            }
        }
        Kind::YesNo => typed.put(name, if value == true { YES } else { NO }),
        Kind::Number => typed.put(name, value.to_string()),
        Kind::Date | Kind::PartialDate => put_date(typed, name, text(value)),
        Kind::DateTime => {
            let (date, time) = text(value).split_once('T').unwrap_or_default();
            put_date(typed, name, date);
            typed.put(format!("{name}-time"), time.get(..5).unwrap_or(time));
        }
        Kind::Person => {
            for (part, _) in Person::PARTS.iter().filter(|(part, _)| *part != "born") {
                put_part(typed, name, part, value);
            }
            put_date(typed, &format!("{name}.born"), text(&value["born"]));
        }
        Kind::Addresses => {
            for (row, address) in value.as_array().into_iter().flatten().enumerate() {
                let row = format!("{name}.{row}");
                put_part(typed, &row, "address", address);
                for end in ["from", "to"] {
                    typed.put(format!("{row}.{end}"), as_one_line(text(&address[end])));
                }
            }
        }
        Kind::Contact => {
            for part in CONTACT_TEXTS {
                put_part(typed, name, part, value);
            }
            if value["voicemail"] == true {
                typed.put(format!("{name}.voicemail"), YES);
            }
        }
        Kind::Checks => {
            for (row, check) in value.as_object().into_iter().flatten() {
                for part in Check::PARTS {
                    put_part(typed, &format!("{name}.{row}"), part, check);
                }
            }
        }
        Kind::Text | Kind::LongText | Kind::Choice | Kind::Authority => {
            typed.put(name, text(value));
        }
    }
}

fn put_part(typed: &mut Typed, name: &str, part: &str, value: &Value) {
    typed.put(format!("{name}.{part}"), text(&value[part]));
}

fn put_date(typed: &mut Typed, name: &str, stored: &str) {
    let boxes = Boxes::of(stored);
    typed.put(format!("{name}-day"), boxes.day);
    typed.put(format!("{name}-month"), boxes.month);
    typed.put(format!("{name}-year"), boxes.year);
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::super::read;
    use super::*;
    use crate::app::library;
    use crate::engine::definition::compose::compose;

    fn shipped() -> Vec<Record> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
        let library = library::load(&folder, true).unwrap();
        library
            .under("records")
            .map(|(path, _)| compose(&library, path).unwrap().0.read().unwrap())
            .collect()
    }

    /// A record with every kind, for those that no shipped record has.
    fn odd() -> Record {
        let text = "record: odd\nlabel: Odd\nfields:\n  born:\n    label: Born\n    kind: partial_date\n    class: process\n    example: 1984-05\n";
        serde_saphyr::from_str(text).unwrap()
    }

    #[test]
    fn every_field_kind_survives_the_way_through_a_form() {
        let mut kinds = BTreeSet::new();
        for record in shipped().into_iter().chain([odd()]) {
            let answers = record.accept(&record.examples()).unwrap();
            let typed = write(&record, &answers);
            assert_eq!(read(&record, &typed), Ok(answers), "{}", &*record.record);
            kinds.extend(
                record
                    .fields
                    .iter()
                    .filter(|(_, field)| field.example.is_some())
                    .map(|(_, field)| field.kind.name()),
            );
        }
        assert_eq!(kinds.len(), 14, "{kinds:?}");
    }

    #[test]
    fn what_the_form_does_not_ask_for_is_refused() {
        let record = odd();
        let mut typed = write(&record, &record.examples());
        typed.put("shoe_size", "9");
        let errors = read(&record, &typed).unwrap_err();
        assert_eq!(errors.len(), 1);
        assert!(
            !format!("{errors:?}").contains("shoe_size"),
            "an error never repeats what was sent"
        );
    }

    #[test]
    fn what_cannot_be_read_is_named_once_and_in_order() {
        let records = shipped();
        let record = records
            .iter()
            .find(|record| &*record.record == "application")
            .unwrap();
        let mut typed = write(record, &record.examples());
        for (name, value) in [
            ("applicant.born-year", "84"),
            ("applicant_addresses.0.from", "long ago"),
            ("danger_now", "perhaps"),
        ] {
            typed.take(name);
            typed.put(name, value);
        }
        let fields: Vec<_> = read(record, &typed)
            .unwrap_err()
            .into_iter()
            .map(|error| error.field)
            .collect();
        assert_eq!(
            fields,
            ["danger_now", "applicant.born", "applicant_addresses.0.from"]
        );
        typed.put("danger_now", "yes");
        assert!(
            read(record, &typed)
                .unwrap_err()
                .iter()
                .any(|error| error.message.contains("twice"))
        );
    }
}
