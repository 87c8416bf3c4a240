//! A record in which everything that can hold words holds a canary.

use clares_law::engine::definition::Definition;
use clares_law::engine::definition::record::{Answers, Field, Kind};
use clares_law::engine::scenario::filled;
use serde_json::{Value, json};

use super::{BORN, PHONE, WORD};

/// The form of this name, filled in with its examples and these answers, and a canary wherever there are words.
pub fn told(definition: &Definition, form: &str, over: &Answers) -> Answers {
    let mut answers = filled(definition, form, over);
    for (name, field) in definition.records[form].fields.iter() {
        let kept = over.contains_key(&**name);
        if let Some(value) = answers.get_mut(&**name).filter(|_| !kept) {
            sow(field, value);
        }
    }
    answers
}

fn sow(field: &Field, value: &mut Value) {
    match field.kind {
        Kind::Text | Kind::LongText => *value = json!(WORD),
        Kind::Person => {
            *value = json!({
                "given_names": WORD, "family_name": format!("Mac{WORD}"), "other_names": WORD, "born": BORN
            });
        }
        Kind::Addresses => *value = json!([{ "address": format!("7 {WORD} Row"), "from": "2021" }]),
        Kind::Contact => {
            *value = json!({
                "way": "call", "details": PHONE, "safe_times": WORD, "never": WORD, "code_word": WORD
            });
        }
        Kind::Checks => {
            for row in value.as_object_mut().unwrap().values_mut() {
                row["terms"] = json!(WORD);
                row["summary"] = json!(WORD);
            }
        }
        _ => {}
    }
}
