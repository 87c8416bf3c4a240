//! Keeping no longer than allowed: how long, who decides it, and what is left when a case has been forgotten.

mod decided;
mod forgotten;
mod pages;
mod rules;

use clares_law::app::erasure::NewErasure;
use clares_law::app::error::AppError;
use clares_law::app::staff::Person;
use clares_law::domain::ground::Ground;
use clares_law::domain::id::{CaseId, StaffId};
use clares_law::engine::command::Actor;
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use crate::support::house::House;
use crate::support::world::{scenario, steps_before};

/// Somebody's years, and a day of grace.
fn years(number: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * (number * 366 + 1))
}

async fn person(house: &House, actor: &Actor) -> Person {
    let id = StaffId(actor.id.parse().unwrap());
    house.app.person(id).await.unwrap()
}

async fn supervisor(house: &House, name: &str) -> Person {
    let actor = house.hire(name, "supervisor").await;
    person(house, &actor).await
}

/// Two who did not decide any case.
async fn supervisors(house: &House) -> (Person, Person) {
    (
        supervisor(house, "una").await,
        supervisor(house, "vera").await,
    )
}

/// A case long past its end that Una has proposed to forget, with Una and Vera.
async fn proposed_by_una(house: &House) -> (CaseId, Person, Person) {
    let (case, _) = closed(house).await;
    house.clock.advance(years(11));
    let (una, vera) = supervisors(house).await;
    assert!(propose(house, &una, case, Ground::NotNeeded).await.unwrap());
    (case, una, vera)
}

/// A case that was closed, and who confirmed that.
async fn closed(house: &House) -> (CaseId, Actor) {
    let scenario = scenario("She asks to stop");
    let case = house.case_of(scenario).await;
    let closing = steps_before(scenario, "close");
    for step in &scenario.steps[..=closing] {
        house.step(case, scenario, step).await;
    }
    let decider = house.hire("decider", "supervisor").await;
    house
        .act(case, &decider, "confirm", json!({}))
        .await
        .unwrap();
    assert!(house.load(case).await.case.ended);
    (case, decider)
}

fn wanting(ground: Ground) -> NewErasure {
    NewErasure {
        ground: Some(ground),
        years: "2 years".parse().ok(),
        words: "Looked at by the rule".to_owned(),
    }
}

async fn propose(
    house: &House,
    person: &Person,
    case: CaseId,
    ground: Ground,
) -> Result<bool, AppError> {
    let new = wanting(ground);
    house.app.propose_erasure(person, case, new, None).await
}

/// What is proposed and not settled.
async fn proposed(house: &House, person: &Person, case: CaseId) -> Uuid {
    let asked = house.app.see_erasure(person, case).await.unwrap();
    asked.proposed.unwrap().id
}

async fn settle(
    house: &House,
    person: &Person,
    case: CaseId,
    confirms: bool,
) -> Result<bool, AppError> {
    let id = proposed(house, person, case).await;
    let reason = "I have looked at the rule and agree";
    house
        .app
        .settle_erasure(person, case, (id, confirms), reason, None)
        .await
}

/// A case that two people have given up, long after its end.
async fn forgotten(house: &House) -> CaseId {
    let (case, _) = closed(house).await;
    forget(house, case).await;
    case
}

/// Two people give up a case, long after its end.
pub async fn forget(house: &House, case: CaseId) {
    house.clock.advance(years(11));
    let (una, vera) = supervisors(house).await;
    assert!(propose(house, &una, case, Ground::NotNeeded).await.unwrap());
    assert!(settle(house, &vera, case, true).await.unwrap());
}

fn is_unknown<T>(answer: &Result<T, AppError>) -> bool {
    matches!(answer, Err(AppError::NotFound))
}
