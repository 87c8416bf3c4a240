//! What becomes due by itself is recorded once and in order, however late and by however many sweepers.

use std::collections::BTreeSet;

use clares_law::app::act::Request;
use clares_law::app::error::AppError;
use clares_law::domain::id::CaseId;
use clares_law::engine::event::Event;
use clares_law::worker;
use jiff::Timestamp;
use serde_json::json;

use crate::support::database::dropping;
use crate::support::house::{House, request};

/// Each warning and breach of a case: clock, stage, and when it was due.
async fn noticed(house: &House, case: CaseId) -> Vec<(String, String, Timestamp)> {
    let history = house.load(case).await.history.into_iter();
    let events = history.filter_map(|recorded| match recorded.event {
        Event::ClockWarned {
            clock,
            stage,
            due_at,
            ..
        } => Some((clock, stage, due_at)),
        Event::ClockBreached { clock, due_at, .. } => Some((clock, "breach".to_owned(), due_at)),
        _ => None,
    });
    events.collect()
}

fn once_and_in_order(noticed: &[(String, String, Timestamp)]) {
    let each: BTreeSet<_> = noticed
        .iter()
        .map(|(clock, stage, _)| (clock, stage))
        .collect();
    assert_eq!(
        each.len(),
        noticed.len(),
        "something was noticed twice: {noticed:?}"
    );
    assert!(
        noticed.is_sorted_by_key(|(_, _, due)| *due),
        "not in the order of falling due: {noticed:?}"
    );
}

#[tokio::test]
async fn after_a_long_outage_every_stage_is_recorded_once_and_in_order() {
    let house = House::new().await;
    house.hire("iain", "supervisor").await;
    let case = house.case().await;
    house.wait(24 * 60);
    assert_eq!(house.sweep(9).await.unwrap(), 1);
    let found = noticed(&house, case).await;
    once_and_in_order(&found);
    let stages: Vec<_> = found
        .iter()
        .map(|(clock, stage, _)| format!("{clock} {stage}"))
        .collect();
    let expected = [
        "triage 50%",
        "triage 75%",
        "triage breach",
        "overall 50%",
        "overall 75%",
        "overall 90%",
        "overall breach",
    ];
    assert_eq!(stages, expected);
    let loaded = house.load(case).await;
    assert!(
        loaded
            .history
            .iter()
            .skip(3)
            .all(|recorded| recorded.at == house.clock.now()),
        "written when noticed"
    );
    assert_eq!(house.sweep(9).await.unwrap(), 0, "and nothing is left");
    assert_eq!(noticed(&house, case).await, found);
    assert_eq!(house.count("select count(*) from outbox").await, 7);
    let waiting = house
        .count("select count(*) from queue_entries where queue in ('to_register', 'overdue')")
        .await;
    assert_eq!(waiting, 2, "L6: a breach hides nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sweepers_at_once_record_everything_once() {
    let house = House::new().await;
    house.hire("iain", "supervisor").await;
    let mut cases = Vec::new();
    for _ in 0..12 {
        cases.push(house.case().await);
    }
    house.wait(24 * 60);
    let lease = house.lease("deadlines").await;
    let (one, other) = tokio::join!(house.app.sweep(&lease, 99), house.app.sweep(&lease, 99));
    assert_eq!(one.unwrap() + other.unwrap(), 12);
    for case in cases {
        let found = noticed(&house, case).await;
        once_and_in_order(&found);
        assert_eq!(found.len(), 7);
    }
    assert_eq!(house.count("select count(*) from outbox").await, 12 * 7);
    assert_eq!(house.app.verify_history().await.unwrap().bad, []);
}

#[tokio::test]
async fn l6_a_case_that_cannot_be_read_does_not_hold_up_the_others() {
    let house = House::new().await;
    let broken = house.case().await;
    house.wait(1);
    let sound = house.case().await;
    house.tamper(&dropping("events_no_update", "events")).await;
    house.tamper("update events set body = '{}' where seq = 1 and stream = (select id from cases order by received_at limit 1)").await;
    house.wait(24 * 60);
    let mut rounds = 0;
    let lease = house.lease("deadlines").await;
    while worker::deadlines::step(&house.app, &lease).await.unwrap() {
        rounds += 1;
        assert!(rounds < 5, "the sweeper never comes to an end");
    }
    assert_eq!(
        noticed(&house, sound).await.len(),
        7,
        "the sound case has its breach"
    );
    let walk = house.app.verify_history().await.unwrap();
    assert_eq!(walk.bad.len(), 1);
    assert_eq!(walk.bad[0].stream, broken.0);
}

#[tokio::test]
async fn l3_who_ends_a_time_limit_late_says_why() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let case = house.case().await;
    for action in ["register", "record_initial_checks"] {
        house.act(case, &morag, action, json!({})).await.unwrap();
    }
    house.wait(30);
    let silent = || Request {
        rationale: " ".to_owned(),
        ..request(case, &morag, "triage", json!({}))
    };
    match house.app.act(silent()).await {
        Err(AppError::Fields(errors)) => {
            assert_eq!(errors.len(), 1);
            assert_eq!(errors[0].field, "rationale");
            assert_eq!(
                errors[0].message,
                "Time to triage ran late: give the reason for the delay"
            );
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(
        noticed(&house, case).await,
        [],
        "what was refused has left nothing"
    );
    house.act(case, &morag, "triage", json!({})).await.unwrap();
    let found = noticed(&house, case).await;
    assert_eq!(
        found.len(),
        3,
        "the breach comes before the action that would have hidden it"
    );
    let reason = house
        .load(case)
        .await
        .history
        .into_iter()
        .find_map(|recorded| match recorded.event {
            Event::Acted {
                action, rationale, ..
            } if action == "triage" => Some(rationale),
            _ => None,
        });
    assert_eq!(reason.as_deref(), Some("The reason, in my own words"));
}
