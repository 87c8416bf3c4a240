//! From answers to what would have been typed, to fill a form with what is on record.

use serde_json::Value;

use super::dates::{Boxes, as_one_line};
use super::read::{CONTACT_TEXTS, NO, YES};
use super::typed::Typed;
use crate::domain::check::Check;
use crate::domain::person::Person;
use crate::engine::definition::record::{Answers, Field, Kind, Record};

/// The answers of a record as a form would send them.
pub fn write(record: &Record, answers: &Answers) -> Typed {
    let mut typed = Typed::default();
    let answers = record.lifted(answers);
    for (name, field) in record.fields.iter() {
        if let Some(value) = answers.get(&**name) {
            put(&mut typed, name, field, value);
        }
    }
    typed
}

fn put(typed: &mut Typed, name: &str, field: &Field, value: &Value) {
    match field.kind {
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
        Kind::Entries => {
            for (row, entry) in value.as_array().into_iter().flatten().enumerate() {
                for (part, field) in field.fields.iter() {
                    if let Some(value) = entry.get(&**part) {
                        put(typed, &format!("{name}.{row}.{part}"), field, value);
                    }
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

    use proptest::prelude::{Strategy, prop_assert_eq, proptest};
    use serde_json::json;

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
                    .filter(|(_, field)| field.sample().is_some())
                    .map(|(_, field)| field.kind.name()),
            );
        }
        assert_eq!(kinds.len(), 15, "{kinds:?}");
    }

    /// An entry of an answer, with or without each of what it may leave out.
    fn entry() -> impl Strategy<Value = Value> {
        let text = || "[a-z]([a-z \n]{0,20}[a-z])?";
        let dated = proptest::option::of((1950..2026_i32).prop_map(|year| year.to_string()));
        let told = proptest::sample::select(vec!["told", "reworded", "not_told"]);
        (text(), dated, told, text()).prop_map(|(information, dated, told, why)| {
            let mut entry = json!({"information": information, "may_be_told": told});
            match told {
                "reworded" => entry["other_words"] = why.into(),
                "not_told" => entry["not_told_because"] = why.into(),
                _ => {}
            }
            if let Some(dated) = dated {
                entry["dated"] = dated.into();
            }
            entry
        })
    }

    proptest! {
        #[test]
        fn entries_survive_the_way_through_a_form(entries in proptest::collection::vec(entry(), 1..12), empty in 0..12_usize) {
            let records = shipped();
            let record = records.iter().find(|record| &*record.record == "agency_answer").unwrap();
            let answers = json!({"answer": "information", "pieces": entries});
            let answers = record.accept(answers.as_object().unwrap()).unwrap();
            let typed = write(record, &answers);
            prop_assert_eq!(read(record, &typed), Ok(answers.clone()));
            // One that is left empty in between counts as not given.
            let mut roomy = answers.clone();
            let pieces = roomy["pieces"].as_array_mut().unwrap();
            pieces.insert(empty.min(pieces.len()), json!({"information": " ", "dated": null}));
            if pieces.len() <= 12 {
                prop_assert_eq!(record.accept(&roomy), Ok(answers));
            }
        }
    }

    #[test]
    fn an_error_names_its_entry() {
        let records = shipped();
        let record = records
            .iter()
            .find(|record| &*record.record == "agency_answer")
            .unwrap();
        let told = json!({"information": "x", "may_be_told": "told"});
        for (pieces, fields) in [
            (
                json!([told, {}, {"information": "x"}]),
                vec!["pieces.2.may_be_told"],
            ),
            (
                json!([told, {"information": "x", "may_be_told": "reworded"}]),
                vec!["pieces.1.other_words"],
            ),
            (
                json!([{"dated": "June", "shoe_size": 9}]),
                vec![
                    "pieces.0.shoe_size",
                    "pieces.0.information",
                    "pieces.0.dated",
                    "pieces.0.may_be_told",
                ],
            ),
            (
                json!([{"shoe_size": null}]),
                vec![
                    "pieces.0.shoe_size",
                    "pieces.0.information",
                    "pieces.0.may_be_told",
                ],
            ),
            (json!(["x"]), vec!["pieces.0"]),
            (json!({"information": "x"}), vec!["pieces"]),
            (json!(vec![told.clone(); 13]), vec!["pieces"]),
        ] {
            let answers = json!({"answer": "information", "pieces": pieces});
            let errors = record.accept(answers.as_object().unwrap()).unwrap_err();
            let found: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
            assert_eq!(found, fields, "{answers}");
        }
        let none = json!({"answer": "information", "pieces": [{}, {"dated": " "}]});
        let accepted = record.accept(none.as_object().unwrap()).unwrap();
        assert!(!accepted.contains_key("pieces"));
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
