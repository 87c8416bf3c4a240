//! The write door: everything or nothing, once, in order, by whoever may, whatever the caller does meanwhile.

mod amendments;
mod editions;
mod looks;
mod messages;
mod sweeps;

use std::sync::Arc;
use std::time::Duration;

use clares_law::app::act::Request;
use clares_law::app::error::AppError;
use clares_law::app::intake::Form;
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::engine::scenario::filled;
use clares_law::store::events::{self, EventRow};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::database::{either, with_room, without_room};
use crate::support::house::{House, door, request};
use crate::support::world::{answers, dsdas};

async fn rows(house: &House, case: CaseId) -> Vec<EventRow> {
    let mut tx = house.app.db.begin_read().await.unwrap();
    events::load(&mut tx, case.0).await.unwrap()
}

#[tokio::test]
async fn l1_an_action_only_appends() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let case = house.case().await;
    let mut before = rows(&house, case).await;
    for action in [
        "register",
        "record_initial_checks",
        "note",
        "raise_immediate_risk",
    ] {
        house.wait(7);
        house.act(case, &morag, action, json!({})).await.unwrap();
        let after = rows(&house, case).await;
        assert!(after.len() > before.len(), "{action} left no event");
        assert_eq!(
            after[..before.len()],
            before,
            "{action} changed what had happened"
        );
        assert!(
            after.iter().zip(1..).all(|(row, number)| row.seq == number),
            "{action} left a gap"
        );
        before = after;
    }
    for text in [
        "update events set body = '{}'",
        "delete from events",
        "update access_log set actor = 'x'",
        "delete from access_log",
    ] {
        assert!(house.try_to(text).await.is_err(), "{text}");
    }
    assert_eq!(rows(&house, case).await, before);
}

/// Each table that an action writes to, with how.
const WRITTEN: [(&str, &str); 7] = [
    ("events", "insert"),
    ("cases", "update"),
    ("deadlines", "insert"),
    ("queue_entries", "insert"),
    ("outbox", "insert"),
    ("idempotency", "insert"),
    ("access_log", "insert"),
];

/// What is stored, in numbers: a change of any table shows.
async fn stored(house: &House) -> [i64; 7] {
    [
        house.count("select count(*) from events").await,
        house
            .count("select cast(coalesce(sum(version), 0) as bigint) from cases")
            .await,
        house
            .count(either(
                "select count(*) + 1000 * coalesce(sum(unicode(next_stage)), 0) from deadlines",
                "select count(*) + 1000 * coalesce(sum(ascii(next_stage)), 0) from deadlines",
            ))
            .await,
        house
            .count("select cast(coalesce(sum(length(queue)), 0) as bigint) from queue_entries")
            .await,
        house.count("select count(*) from outbox").await,
        house.count("select count(*) from idempotency").await,
        house.count("select count(*) from access_log").await,
    ]
}

#[tokio::test]
async fn l2_when_one_row_cannot_be_written_nothing_is() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let case = house.case().await;
    house.wait(13); // the first warning of the triage clock goes out with the action
    let register = || Request {
        key: Some("once".to_owned()),
        ..request(case, &morag, "register", json!({}))
    };
    let before = stored(&house).await;
    for (table, how) in WRITTEN {
        house.tamper(&without_room(table, how)).await;
        let refused = house.app.act(register()).await;
        assert!(
            matches!(refused, Err(AppError::Inside(_))),
            "{table}: {refused:?}"
        );
        assert_eq!(
            stored(&house).await,
            before,
            "something was stored although {table} had no room"
        );
        house.tamper(&with_room(table)).await;
    }
    let done = house.app.act(register()).await.unwrap();
    assert_eq!(done.state, "registered");
    let after = stored(&house).await;
    assert!(
        before
            .iter()
            .zip(after)
            .all(|(before, after)| *before != after),
        "every table has its row: {before:?} {after:?}"
    );
}

#[tokio::test]
async fn l2_an_application_is_stored_wholly_or_not_at_all() {
    let house = House::new().await;
    let before = stored(&house).await;
    let form = filled(dsdas(), "application", &answers(json!({})));
    for (table, how) in WRITTEN
        .into_iter()
        .filter(|(table, _)| !matches!(*table, "outbox" | "cases"))
    {
        house.tamper(&without_room(table, how)).await;
        let refused = house
            .app
            .receive(
                door(Form::Public),
                form.clone(),
                Some("k".to_owned()),
                Actor::public(),
            )
            .await;
        assert!(
            matches!(refused, Err(AppError::Inside(_))),
            "{table}: {refused:?}"
        );
        assert_eq!(stored(&house).await, before, "{table}");
        house.tamper(&with_room(table)).await;
    }
}

#[tokio::test]
async fn l16_a_command_sent_twice_is_done_once() {
    let house = House::new().await;
    let (morag, fergus) = (
        house.hire("morag", "verifier").await,
        house.hire("fergus", "verifier").await,
    );
    let case = house.case().await;
    let keyed = |actor: &Actor, action: &str| Request {
        key: Some("k1".to_owned()),
        ..request(case, actor, action, json!({}))
    };
    let first = house.app.act(keyed(&morag, "register")).await.unwrap();
    let events = rows(&house, case).await;
    house.wait(30);
    assert_eq!(
        house.app.act(keyed(&morag, "register")).await.unwrap(),
        first,
        "the same reply"
    );
    assert_eq!(
        rows(&house, case).await,
        events,
        "and nothing more has happened"
    );

    let other = Request {
        rationale: "Another".to_owned(),
        ..keyed(&morag, "register")
    };
    assert!(
        matches!(house.app.act(other).await, Err(AppError::KeyTaken)),
        "the same key with another body"
    );
    assert!(matches!(
        house.app.act(keyed(&morag, "note")).await,
        Err(AppError::KeyTaken)
    ));
    let second = house.case().await;
    let elsewhere = Request {
        case: second,
        ..keyed(&morag, "register")
    };
    assert!(
        matches!(house.app.act(elsewhere).await, Err(AppError::KeyTaken)),
        "or for another case"
    );
    house.app.act(keyed(&fergus, "note")).await.unwrap();

    let form = filled(dsdas(), "application", &answers(json!({})));
    let send = |form| {
        house.app.receive(
            door(Form::Public),
            form,
            Some("k2".to_owned()),
            Actor::public(),
        )
    };
    let received = send(form.clone()).await.unwrap();
    assert_eq!(
        send(form.clone()).await.unwrap(),
        received,
        "an application sent twice is one case"
    );
    let mut changed = form;
    changed.insert("danger_now".to_owned(), json!(true));
    assert!(matches!(send(changed).await, Err(AppError::KeyTaken)));
    assert_eq!(house.count("select count(*) from cases").await, 3);
}

#[tokio::test]
async fn l16_a_refused_command_does_not_use_up_its_key() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let case = house.case().await;
    let keyed = |over| Request {
        key: Some("k1".to_owned()),
        ..request(case, &morag, "register", over)
    };
    assert!(
        house
            .app
            .act(keyed(json!({ "searched_earlier_cases": false })))
            .await
            .is_err()
    );
    assert_eq!(
        house.app.act(keyed(json!({}))).await.unwrap().state,
        "registered"
    );
}

#[tokio::test]
async fn who_has_not_seen_the_newest_version_is_told_it() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let case = house.case().await;
    let seen = house.load(case).await.case.version;
    let at = |expected| Request {
        expected: Some(expected),
        ..request(case, &morag, "note", json!({}))
    };
    let now = house.app.act(at(seen)).await.unwrap().version;
    assert!(
        matches!(house.app.act(at(seen)).await, Err(AppError::Stale(current)) if current == now)
    );
    assert!(
        matches!(house.app.act(at(now + 1)).await, Err(AppError::Stale(current)) if current == now)
    );
    house.app.act(at(now)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_writers_who_saw_the_same_version_one_wins() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let case = house.case().await;
    let seen = house.load(case).await.case.version;
    let mut writers = JoinSet::new();
    for _ in 0..30 {
        let app = Arc::clone(&house.app);
        let note = Request {
            expected: Some(seen),
            ..request(case, &morag, "note", json!({}))
        };
        writers.spawn(async move { app.act(note).await });
    }
    let outcomes = writers.join_all().await;
    let won: Vec<_> = outcomes
        .iter()
        .filter_map(|outcome| outcome.as_ref().ok())
        .collect();
    assert_eq!(won.len(), 1);
    let stale = |outcome: &&Result<_, AppError>| matches!(outcome, Err(AppError::Stale(current)) if *current == seen + 1);
    assert_eq!(outcomes.iter().filter(stale).count(), 29, "{outcomes:?}");
    assert_eq!(house.load(case).await.case.version, seen + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_hangs_up_neither_stops_nor_halves_a_write() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let case = house.case().await;
    let before = house.load(case).await.case.version;
    for microseconds in 0..40 {
        let note = Request {
            key: Some(format!("note {microseconds}")),
            ..request(case, &morag, "note", json!({}))
        };
        let _ = tokio::time::timeout(
            Duration::from_micros(microseconds * 50),
            house.app.act(note),
        )
        .await;
    }
    let written = async {
        while house.load(case).await.case.version < before + 40 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), written)
        .await
        .expect("every note is written in the end");
    assert_eq!(house.load(case).await.case.version, before + 40);
    assert_eq!(house.count("select count(*) from idempotency").await, 40);
    assert_eq!(
        house
            .count("select count(*) from access_log where operation = 'alteration'")
            .await,
        40
    );
    assert_eq!(house.app.verify_history().await.unwrap().bad, []);
    assert_eq!(house.app.rebuild().await.unwrap(), (1, vec![]));
}
