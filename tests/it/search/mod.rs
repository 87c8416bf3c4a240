//! Searching other cases for the same people: from an open case alone, with a reason that is in the log, numbers before cases, and nothing
//! of what somebody could not search from.

mod finding;
mod pages;
mod telling;

use std::collections::{BTreeMap, BTreeSet};

use clares_law::app::error::AppError;
use clares_law::app::intake::Form;
use clares_law::app::staff::Person;
use clares_law::domain::id::CaseId;
use clares_law::domain::likeness::Ground;
use serde_json::{Value, json};

use crate::screening::received;
use crate::support::house::House;
use crate::support::world::answers;

/// What is always given.
const WHY: &str = "He was known by another name";

/// A case about people who are in no other one, but for these answers. The number tells them apart.
async fn case_about(house: &House, number: u32, over: Value) -> CaseId {
    let letter = char::from_u32(u32::from('a') + number % 26).unwrap();
    let last = format!("Strath{}", letter.to_string().repeat(4));
    let mut form = answers(json!({
        "applicant": {"given_names": "Ailsa", "family_name": last, "born": "1990-05-05"},
        "applicant_addresses": [{"address": format!("{} Cairnlee Wynd, Kirkallan", 100 + number)}],
        "contact": {"way": "call", "details": format!("07700 900{:03}", 100 + number), "safe_times": "Mornings"},
        "subject": {"given_names": "Neil", "family_name": last, "born": "1980-02-02"},
        "subject_addresses": [{"address": format!("{} Brackla Row, Kirkallan", 200 + number)}],
    }));
    form.extend(answers(over));
    received(house, Form::Public, form.into()).await
}

fn typed(over: Value) -> Value {
    let mut form = answers(over);
    form.insert("because".to_owned(), WHY.into());
    form.into()
}

/// The other cases that are found, each with what it has in common. They are as many as were counted.
async fn found(
    house: &House,
    person: &Person,
    from: CaseId,
    asked: Value,
) -> Result<BTreeMap<CaseId, BTreeSet<Ground>>, AppError> {
    let asked = answers(typed(asked));
    let (_, counted) = house.app.count_alike(person, from, &asked).await?;
    let (_, listed) = house.app.list_alike(person, from, &asked).await?;
    let listed: BTreeMap<_, _> = listed
        .into_iter()
        .map(|one| (CaseId(one.row.id), one.by))
        .collect();
    assert_eq!(counted.cases, listed.len());
    let mut by = BTreeMap::new();
    for ground in listed.values().flatten() {
        *by.entry(*ground).or_insert(0) += 1;
    }
    assert_eq!(counted.by, by);
    Ok(listed)
}
