//! The rows of meetings follow from their histories: made anew they are the same, and a row that was tampered with is found.

use clares_law::app::integrity::Check;
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::Promise;
use jiff::civil::date;
use serde_json::json;

use super::{Forum, answer};

/// A row of each table changed as the owner of the tables could.
const TAMPERED: [&str; 10] = [
    "update meetings set stage = 'approved'",
    "update meetings set version = version + 1",
    "update meetings set authority = 'elsewhere'",
    "update agenda set settled = 'adjourn'",
    "update agenda set first = (not first)",
    "update returns set answered_at = null",
    "delete from returns where agency = 'health'",
    "update attendance set attended = 'absent'",
    "update attendance set senior = (not senior)",
    "delete from promises",
];

/// A meeting that nobody called.
const FORGED: &str = "insert into meetings (id, authority, scheme, edition, form, starts_at, ends_at, stage, version)
    select promises.id, authority, scheme, edition, form, starts_at, ends_at, stage, meetings.version
    from meetings join promises on promises.meeting_id = meetings.id";

/// How many histories differ from their rows, by the check that happens by itself, and how many rows are broken.
async fn found(forum: &Forum) -> (i64, i64) {
    let mut check = Check::default();
    while forum.house.app.check_next(&mut check, 2).await.unwrap() {}
    let lease = forum.house.lease("integrity").await;
    let row = forum.house.app.conclude(check, &lease).await.unwrap();
    (row.differing, row.broken)
}

#[tokio::test]
async fn rows_are_made_anew_from_history_and_are_the_same() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &["chair", "housing"]).await;
    let given = answer(case, "housing", json!({"answer": "nothing_held"}));
    let promise = Promise {
        id: forum.house.app.chance.id(),
        case: Some(case),
        agency: "housing".to_owned(),
        what: "New locks".to_owned(),
        by: date(2026, 12, 1),
    };
    forum.ask(meeting, "housing", given).await.unwrap();
    forum
        .ask(meeting, "chair", Ask::Promise(promise))
        .await
        .unwrap();
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    let app = &forum.house.app;
    assert_eq!(app.rebuild().await.unwrap(), (2, vec![]));
    assert_eq!(found(&forum).await, (0, 0));
    for tampered in TAMPERED {
        forum.house.tamper(tampered).await;
        assert_eq!(found(&forum).await, (1, 0), "{tampered}");
        assert_eq!(app.differing().await.unwrap(), [meeting.0], "{tampered}");
        assert_eq!(
            app.rebuild().await.unwrap(),
            (2, vec![meeting.0]),
            "{tampered}"
        );
        assert!(app.differing().await.unwrap().is_empty(), "{tampered}");
    }
    forum.house.tamper(FORGED).await;
    assert_eq!(found(&forum).await, (0, 1), "a meeting without a history");
}
