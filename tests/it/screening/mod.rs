//! Conflict screening: whoever of the register is found alike to somebody in a case is tied to it, once, at once, whichever
//! of the two came first.

mod command;
mod events;
mod marks;
mod meeting;
mod pages;
mod people;

use clares_law::app::intake::Form;
use clares_law::app::reasons::Place;
use clares_law::app::register::{Entry, Listing, Replaced};
use clares_law::domain::id::CaseId;
use clares_law::domain::person::Person;
use clares_law::engine::command::Actor;
use clares_law::engine::scenario::filled;
use clares_law::store::ties::{self, StepRow, TieRow};
use serde_json::{Value, json};

use crate::support::house::{House, door};
use crate::support::world::{AUTHORITY, answers, dsdas};

/// An entry that is alike to nobody yet.
fn nobody(entry: &str) -> Entry {
    Entry {
        entry: entry.to_owned(),
        person: Person {
            given_names: "Ishbel".into(),
            family_name: "Nemo".into(),
            other_names: "".into(),
            born: "1971-01-31".into(),
        },
        staff_number: String::new(),
        addresses: Vec::new(),
        phones: Vec::new(),
        sign_in_name: None,
    }
}

/// An entry alike by name and birth to the person asked about in the form's own example.
fn the_subject(entry: &str) -> Entry {
    Entry {
        person: Person {
            given_names: "Calum".into(),
            family_name: "Breckenridge".into(),
            other_names: "".into(),
            born: "1988-03-14".into(),
        },
        ..nobody(entry)
    }
}

/// The same with an account.
fn with_account(entry: Entry, name: &str) -> Entry {
    Entry {
        sign_in_name: Some(name.to_owned()),
        ..entry
    }
}

fn police() -> Listing {
    Listing {
        authority: AUTHORITY.to_owned(),
        agency: String::new(),
    }
}

async fn list(house: &House, entries: Vec<Entry>) -> Replaced {
    let replaced = house.app.replace_register(police(), entries, "moira");
    replaced.await.unwrap()
}

async fn standing(house: &House, case: CaseId) -> Vec<TieRow> {
    let mut tx = house.app.db.begin_read().await.unwrap();
    ties::standing(&mut tx, case.0).await.unwrap()
}

/// Whom the standing ties are about and why, in the order they were made.
async fn tied(house: &House, case: CaseId) -> Vec<(Option<String>, String)> {
    let ties = standing(house, case).await;
    assert!(
        ties.iter()
            .all(|tie| tie.kind == "matched" && tie.done_by == "screening")
    );
    let reasons = house.app.reasons().await.unwrap();
    let told = ties.into_iter().map(|tie| {
        let because = reasons.opened(Place::Tie(tie.id), &tie.because);
        (tie.staff_id.map(|id| id.to_string()), because.unwrap())
    });
    told.collect()
}

/// As two people would.
async fn lift(house: &House, case: CaseId) {
    for tie in standing(house, case).await {
        let mut tx = house.app.db.begin_write().await.unwrap();
        let step = StepRow {
            tie_id: tie.id,
            step: "ended".to_owned(),
            at: house.app.clock.now().into(),
            done_by: "two people".to_owned(),
            reason: "Another person of that name".to_owned(),
        };
        house.app.add_step(&mut tx, &step).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// A case from a form filled in with its examples but for these answers.
pub async fn received(house: &House, form: Form, over: Value) -> CaseId {
    let name = match form {
        Form::Public => "application",
        Form::Referral => "referral",
    };
    let answers = filled(dsdas(), name, &answers(over));
    let received = house
        .app
        .receive(door(form), answers, None, Actor::public());
    received.await.unwrap().case
}

/// A case about somebody whom nobody of the register is.
async fn another(house: &House) -> CaseId {
    let subject = json!({ "given_names": "Euan", "family_name": "Fairlie", "born": "1990-12-01" });
    received(house, Form::Public, json!({ "subject": subject })).await
}
