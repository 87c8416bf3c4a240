//! Forms filled in as people fill them in: by the examples, otherwise, and wrongly.

use std::collections::BTreeSet;

use clares_law::engine::definition::record::{Answers, Field, Kind, Record};
use fastrand::Rng;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::operation::Slip;

/// A form filled in by its examples, with some answers changed. `today` is the day on which it is filled in.
pub fn filled(record: &Record, fill: u32, today: Date, elsewhere: &[&str]) -> Answers {
    let mut chance = Rng::with_seed(u64::from(fill));
    let varied = !fill.is_multiple_of(4);
    let mut answers = record.examples();
    for (name, field) in record.fields.iter() {
        let other = varied && chance.u8(0..5) == 0;
        let answer = match field.kind {
            Kind::Date if **name == *"review_on" => {
                let days = jiff::Span::new().days(chance.i64(1..40));
                today
                    .checked_add(days)
                    .ok()
                    .map(|day| json!(day.to_string()))
            }
            Kind::Authority => {
                (!elsewhere.is_empty()).then(|| json!(elsewhere[chance.usize(..elsewhere.len())]))
            }
            _ if other => otherwise(field, &mut chance),
            _ => continue,
        };
        match answer {
            Some(answer) => answers.insert(name.to_string(), answer),
            None if !field.required => answers.remove(&**name),
            None => None,
        };
    }
    answers
}

/// Another answer that the field takes; `None` leaves it empty.
fn otherwise(field: &Field, chance: &mut Rng) -> Option<Value> {
    let options: Vec<&str> = field.options.names().collect();
    match field.kind {
        Kind::YesNo => Some(json!(chance.bool())),
        Kind::Choice if !options.is_empty() => Some(json!(options[chance.usize(..options.len())])),
        Kind::Choices if !options.is_empty() => {
            let chosen: BTreeSet<_> = options.iter().filter(|_| chance.bool()).collect();
            Some(json!(chosen))
        }
        Kind::Number => {
            let (least, most) = (field.min.unwrap_or(0), field.max.unwrap_or(1000));
            Some(json!(chance.i64(least..=most.max(least))))
        }
        Kind::Checks => {
            let rows = field.rows.names();
            let rows = rows.filter(|_| chance.u8(0..6) > 0).collect::<Vec<_>>();
            let answered = rows
                .into_iter()
                .map(|row| (row.to_owned(), searched(chance)));
            Some(Value::Object(answered.collect()))
        }
        Kind::Entries => {
            let one = field.sample()?.get(0)?.clone();
            let most = field.most().min(3);
            Some(Value::Array(vec![one; chance.usize(0..=most)]))
        }
        _ => None,
    }
}

fn searched(chance: &mut Rng) -> Value {
    match chance.u8(0..4) {
        0 => json!({"result": "found", "summary": "Something"}),
        1 => json!({"result": "not_available", "reason": "The system was down"}),
        _ => json!({"result": "nothing_found", "terms": "The name"}),
    }
}

/// Spoils a form; answers whether there was something to spoil, so that it must be refused.
pub fn spoil(
    record: Option<&Record>,
    answers: &mut Answers,
    reason: &mut String,
    slip: Slip,
) -> bool {
    let fields = || record.into_iter().flat_map(|record| record.fields.iter());
    let of = |kinds: &[Kind]| {
        let found = fields().find(|(_, field)| kinds.contains(&field.kind));
        found.map(|(name, field)| (name.to_string(), field))
    };
    match slip {
        Slip::Nothing => return false,
        Slip::UnknownField => {
            answers.insert("no_such_field".to_owned(), json!("x"));
        }
        Slip::MissingField => {
            let Some((name, _)) = fields().find(|(_, field)| field.required) else {
                return false;
            };
            answers.remove(&**name);
        }
        Slip::WrongKind => {
            let kinds = [
                Kind::YesNo,
                Kind::Choice,
                Kind::Number,
                Kind::Date,
                Kind::Text,
            ];
            let Some((name, _)) = of(&kinds) else {
                return false;
            };
            answers.insert(name, json!({"neither": ["here", "nor", "there"]}));
        }
        Slip::TooLong => match of(&[Kind::Text, Kind::LongText]) {
            Some((name, field)) => {
                let length = usize::try_from(field.longest()).unwrap_or(0) + 1;
                answers.insert(name, json!("x".repeat(length)));
            }
            None => *reason = "x".repeat(4001),
        },
        Slip::Unprintable => match of(&[Kind::Text, Kind::LongText]) {
            Some((name, _)) => {
                answers.insert(name, json!("a\u{0}b\u{202e}c"));
            }
            None => "a\u{0}b\u{202e}c".clone_into(reason),
        },
        Slip::NoReason => {
            " . ".clone_into(reason);
            return false;
        }
    }
    true
}
