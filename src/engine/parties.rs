//! The parties of a case as their records name them, by the marks that screening for conflicts compares.

use std::collections::BTreeSet;

use serde_json::Value;

use super::definition::Definition;
use super::definition::builtin::AMEND;
use super::definition::record::{Answers, Field, Kind, Record, Screened};
use super::event::{Event, Filed};
use crate::domain::contact::{SafeContact, Way};
use crate::domain::likeness::Mark;
use crate::domain::person::Person;

/// The marks of everybody named in what was filed, proposed or amended. A professional's own details, `screened: no`,
/// are left out.
pub fn marks<'e>(
    definition: &Definition,
    happened: impl IntoIterator<Item = &'e Event>,
) -> BTreeSet<Mark> {
    let filed = happened.into_iter().filter_map(filed);
    let marks = filed.flat_map(|filed| marks_of(definition, &filed.record, &filed.answers));
    marks.collect()
}

/// The record that an event holds.
fn filed(event: &Event) -> Option<&Filed> {
    match event {
        Event::Opened { filed, .. } | Event::Amended { filed, .. } => Some(filed),
        Event::Acted { filed, .. } | Event::Proposed { filed, .. } => filed.as_ref(),
        _ => None,
    }
}

fn marks_of(definition: &Definition, record: &str, answers: &Answers) -> BTreeSet<Mark> {
    if record == AMEND {
        return marks_of_amendment(definition, answers).unwrap_or_default();
    }
    let record = definition.records.get(record);
    record
        .map(|record| marks_in_record(record, answers))
        .unwrap_or_default()
}

/// The marks in the answers to a form.
pub fn marks_in_record(record: &Record, answers: &Answers) -> BTreeSet<Mark> {
    let fields = record.fields.iter();
    let answered = fields.filter_map(|(name, field)| Some((field, answers.get(&**name)?)));
    answered
        .flat_map(|(field, answer)| marks_in(field, answer))
        .collect()
}

/// While an amendment waits for its second person, the record stands within the form it was asked for with.
fn marks_of_amendment(definition: &Definition, form: &Answers) -> Option<BTreeSet<Mark>> {
    let record = form.get("record")?.as_str()?;
    let answers = form.get("answers")?.as_object()?;
    (record != AMEND).then(|| marks_of(definition, record, answers))
}

fn marks_in(field: &Field, answer: &Value) -> BTreeSet<Mark> {
    let text = answer.as_str().unwrap_or_default();
    match (field.screened, field.kind) {
        (Some(Screened::StaffNumber), _) => Mark::of_staff_number(text).into_iter().collect(),
        (Some(Screened::Phone), _) => Mark::of_phones(text),
        (None, Kind::Person) => {
            let person = Person::parse(answer).ok().flatten();
            person
                .map(|person| Mark::of_person(&person))
                .unwrap_or_default()
        }
        (None, Kind::Addresses) => {
            let addresses = answer.as_array().into_iter().flatten();
            let addresses = addresses.filter_map(|address| address.get("address")?.as_str());
            addresses.flat_map(Mark::of_address).collect()
        }
        (None, Kind::Contact) => {
            let contact = SafeContact::parse(answer).ok().flatten();
            contact
                .map(|contact| own_phones(&contact))
                .unwrap_or_default()
        }
        (None, Kind::Entries) => {
            let entries = answer.as_array().into_iter().flatten();
            let asked = entries.flat_map(|entry| {
                field
                    .fields
                    .iter()
                    .map(move |(name, field)| (field, &entry[&**name]))
            });
            asked
                .flat_map(|(field, answer)| marks_in(field, answer))
                .collect()
        }
        (Some(Screened::No) | None, _) => BTreeSet::new(),
    }
}

/// The numbers at which somebody is reached themselves. Through somebody they trust, it is the other's number.
fn own_phones(contact: &SafeContact) -> BTreeSet<Mark> {
    match contact.way {
        Way::ThroughSomeone => BTreeSet::new(),
        _ => Mark::of_phones(&contact.details),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_entry_is_compared_by_its_fields() {
        let number = "number: {label: Number, kind: text, class: process, screened: staff_number}";
        let field =
            format!("label: Officers\nkind: entries\nclass: process\nfields:\n  {number}\n");
        let field: Field = serde_saphyr::from_str(&field).unwrap();
        let answer = json!([{"number": "P1234"}, {}, {"number": "P9876"}]);
        let both = ["P1234", "P9876"].map(|number| Mark::of_staff_number(number).unwrap());
        assert_eq!(marks_in(&field, &answer), BTreeSet::from(both));
    }
}
