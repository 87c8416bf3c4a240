//! Bodies are sealed where they stand, open nowhere else, and nothing else is taken for one.

use clares_law::app::error::AppError;
use clares_law::app::history::load;
use clares_law::domain::id::CaseId;
use serde_json::json;

use crate::support::database::dropping;
use crate::support::house::House;

/// A house with a case in which something was done.
async fn house() -> (House, CaseId) {
    let house = House::new().await;
    let verifier = house.hire("morag", "verifier").await;
    let case = house.case().await;
    for action in ["register", "record_initial_checks", "triage"] {
        let done = house.act(case, &verifier, action, json!({})).await;
        done.unwrap();
    }
    (house, case)
}

async fn read(house: &House, case: CaseId) -> Result<u64, AppError> {
    let mut tx = house.app.db.begin_read().await.unwrap();
    let loaded = load(&house.app.keys, &mut tx, case).await?;
    Ok(loaded.case.version)
}

/// Does something to history that no role of the service may do.
async fn tampered(house: &House, text: &str) {
    house.tamper(&dropping("events_no_update", "events")).await;
    house.tamper(text).await;
}

fn is_refused(read: &Result<u64, AppError>, why: &str) {
    match read {
        Err(AppError::Inside(text)) => assert!(text.contains(why), "{text}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn l1_every_body_is_sealed_and_opens() {
    let (house, case) = house().await;
    let events = house.count("select count(*) from events").await;
    let sealed = "select count(*) from events where sealing = 1 and key_ref is not null and body not like '%{%'";
    assert_eq!(house.count(sealed).await, events);
    let version = read(&house, case).await.unwrap();
    assert_eq!(i64::try_from(version), Ok(events));
    assert_eq!(house.app.verify_history().await.unwrap().bad, []);
}

#[tokio::test]
async fn l1_a_body_that_was_put_elsewhere_or_altered_does_not_open() {
    let (house, case) = house().await;
    let other = house.case().await;
    let first = "select body from events where seq = 1 and stream <> events_of.stream";
    let from_another_case = format!(
        "update events as events_of set body = ({first} limit 1) where seq = 1 and stream = (select id from cases order by received_at, reference limit 1)"
    );
    tampered(&house, &from_another_case).await;
    let moved = [read(&house, case).await, read(&house, other).await];
    let refused: Vec<_> = moved.iter().filter(|one| one.is_err()).collect();
    assert_eq!(refused.len(), 1);
    is_refused(refused[0], "the key is not the one that it was sealed with");
}

#[tokio::test]
async fn l1_a_body_of_another_event_of_the_same_case_does_not_open() {
    let (house, case) = house().await;
    tampered(
        &house,
        "update events set body = (select body from events where seq = 3) where seq = 2",
    )
    .await;
    is_refused(&read(&house, case).await, "event 2 of stream");
}

#[tokio::test]
async fn l1_a_plain_body_is_taken_for_none() {
    let (house, case) = house().await;
    tampered(
        &house,
        "update events set sealing = 0, key_ref = null, body = '{}' where seq = 2",
    )
    .await;
    is_refused(
        &read(&house, case).await,
        "it is not sealed as this version seals",
    );
}

#[tokio::test]
async fn a_case_whose_key_is_lost_is_told_apart_from_one_that_is_unknown() {
    let (house, case) = house().await;
    assert!(matches!(
        read(&house, CaseId(uuid::Uuid::nil())).await,
        Err(AppError::NotFound)
    ));
    let other = House::new().await;
    let mut tx = house.app.db.begin_read().await.unwrap();
    let lost = load(&other.app.keys, &mut tx, case).await.map(|_| 0);
    is_refused(&lost, "is not in the database of the keys");
}
