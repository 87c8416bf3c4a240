//! The facts that conditions may ask: which there are, what each can be, and how a filled-in form answers.

use jiff::civil::Date;
use serde_json::Value;

use super::Definition;
use super::condition::{Fact, Facts, LAST_DAY, TODAY};
use super::record::{Answers, Field, Kind, Record};
use crate::domain::contact::Way;
use crate::domain::person::Party;

/// What a fact can be.
#[derive(Debug, Clone, PartialEq)]
pub enum FactType {
    YesNo,
    Number,
    Text,
    /// Text out of a closed list.
    Word(Vec<String>),
    /// A list out of a closed list.
    Words(Vec<String>),
}

/// A fact of a record; `None` when the record has no such field.
pub fn answer(record: &Record, answers: Option<&Answers>, name: &str) -> Option<Fact> {
    if let Some(field) = record.fields.get(name) {
        return Some(field_fact(
            field,
            answers.and_then(|answers| answers.get(name)),
        ));
    }
    let checks = record
        .fields
        .iter()
        .filter(|(_, field)| field.kind == Kind::Checks);
    let sum = |count: fn(&Field, Option<&Value>) -> i64| {
        let each = checks
            .map(|(key, field)| count(field, answers.and_then(|answers| answers.get(&**key))));
        Fact::Number(each.sum())
    };
    match name {
        "missing" => Some(sum(missing)),
        "found" => Some(sum(found)),
        _ => None,
    }
}

fn field_fact(field: &Field, value: Option<&Value>) -> Fact {
    match (field.kind, value) {
        (Kind::Person, value) => Fact::Yes(value.is_some()),
        (Kind::Addresses | Kind::Entries, value) => {
            let count = value.and_then(Value::as_array).map_or(0, Vec::len);
            Fact::Number(i64::try_from(count).unwrap_or(i64::MAX))
        }
        (Kind::Checks, value) => Fact::Number(missing(field, value)),
        (Kind::Contact, Some(value)) => value["way"].as_str().map_or(Fact::Null, Fact::text),
        (_, Some(Value::Bool(yes))) => Fact::Yes(*yes),
        (_, Some(Value::Number(number))) => number.as_i64().map_or(Fact::Null, Fact::Number),
        // A date can be typed in several ways; written in one, days are in the order of their texts.
        (Kind::Date, Some(Value::String(text))) => text
            .parse()
            .map_or(Fact::Null, |day: Date| Fact::text(&day.to_string())),
        (_, Some(Value::String(text))) => Fact::text(text),
        (_, Some(Value::Array(items))) => {
            let texts = items.iter().filter_map(Value::as_str);
            Fact::List(texts.map(str::to_owned).collect())
        }
        (_, None | Some(Value::Null | Value::Object(_))) => Fact::Null,
    }
}

fn missing(field: &Field, value: Option<&Value>) -> i64 {
    let answered = |name: &str| value.is_some_and(|rows| rows[name].is_object());
    count(field.rows.names().filter(|name| !answered(name)).count())
}

fn found(_: &Field, value: Option<&Value>) -> i64 {
    let rows = value.and_then(Value::as_object);
    let hit = |row: &&Value| matches!(row["result"].as_str(), Some("found" | "possible"));
    rows.map_or(0, |rows| count(rows.values().filter(hit).count()))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// What kind of fact a path leads to; `None` when there is no such fact.
pub fn fact_type(
    definition: &Definition,
    path: &[String],
    this: Option<&Record>,
) -> Option<FactType> {
    let scheme = &definition.scheme;
    let words = |names: &mut dyn Iterator<Item = &str>| {
        Some(FactType::Word(names.map(str::to_owned).collect()))
    };
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match names[..] {
        ["case", "route"] => words(&mut scheme.routes.names()),
        ["case", "capacity"] => words(&mut scheme.capacities.names()),
        ["case", "state"] => words(&mut scheme.states.names()),
        ["case", "phase"] => words(&mut scheme.states.iter().map(|(_, state)| state.phase.name())),
        ["case", "outcome"] => words(&mut scheme.outcomes.names()),
        ["case", "pending"] | ["actor", "agency"] => Some(FactType::Text),
        ["actor", "role"] => words(&mut definition.roles.roles.names()),
        ["party", party, "known"] if Party::ALL.iter().any(|known| known.name() == party) => {
            Some(FactType::YesNo)
        }
        ["count", action] if scheme.actions.has(action) => Some(FactType::Number),
        ["flag", flag] if scheme.flags.has(flag) => Some(FactType::YesNo),
        ["clock", clock, "running" | "overdue"] if scheme.clocks.has(clock) => {
            Some(FactType::YesNo)
        }
        ["clock", clock, LAST_DAY] if this.is_some() && scheme.clocks.has(clock) => {
            Some(FactType::Text)
        }
        ["case", TODAY] if this.is_some() => Some(FactType::Text),
        ["record", record, field] => field_type(definition.records.get(record)?, field),
        ["this", field] => field_type(this?, field),
        _ => None,
    }
}

fn field_type(record: &Record, name: &str) -> Option<FactType> {
    let Some(field) = record.fields.get(name) else {
        return matches!(name, "missing" | "found").then_some(FactType::Number);
    };
    let options = || field.options.names().map(str::to_owned).collect();
    Some(match field.kind {
        Kind::YesNo | Kind::Person => FactType::YesNo,
        Kind::Number | Kind::Addresses | Kind::Checks | Kind::Entries => FactType::Number,
        Kind::Choice => FactType::Word(options()),
        Kind::Choices => FactType::Words(options()),
        Kind::Contact => {
            let ways = Way::ALL.iter().map(|(_, name, _)| (*name).to_owned());
            FactType::Word(ways.collect())
        }
        Kind::Text
        | Kind::LongText
        | Kind::Date
        | Kind::PartialDate
        | Kind::DateTime
        | Kind::Authority => FactType::Text,
    })
}

/// A made-up case on which `check` tries every condition: nothing known, or everything.
pub struct Sample<'a> {
    pub definition: &'a Definition,
    pub full: bool,
    pub this: Option<&'a Record>,
}

impl Facts for Sample<'_> {
    fn fact(&self, path: &[String]) -> Option<Fact> {
        let kind = fact_type(self.definition, path, self.this)?;
        let record = match path[0].as_str() {
            "record" => self.definition.records.get(&path[1]),
            "this" => self.this,
            _ => None,
        };
        if let Some(record) = record {
            let examples = record.examples();
            return answer(
                record,
                self.full.then_some(&examples),
                &path[path.len() - 1],
            );
        }
        let known = self.full
            || (path[0] == "case" && !matches!(path[1].as_str(), "outcome" | "pending"))
            || path[0] == "actor";
        Some(match kind {
            FactType::YesNo => Fact::Yes(self.full),
            FactType::Number => Fact::Number(i64::from(self.full)),
            FactType::Text | FactType::Word(_) if !known => Fact::Null,
            FactType::Text => Fact::text("text"),
            FactType::Word(words) => words.first().map_or(Fact::Null, |word| Fact::text(word)),
            FactType::Words(words) => Fact::List(if self.full { words } else { Vec::new() }),
        })
    }
}
