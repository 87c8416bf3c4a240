//! A mistake is mended by a new version: the old one stays, what rested on it is marked, and a decision takes two.

use clares_law::app::error::AppError;
use clares_law::engine::event::Event;
use serde_json::json;

use crate::support::house::House;

#[tokio::test]
async fn an_amended_record_keeps_its_old_version_and_marks_what_rested_on_it() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let case = house.case().await;
    for action in [
        "register",
        "record_initial_checks",
        "triage",
        "request_meeting",
    ] {
        house.act(case, &morag, action, json!({})).await.unwrap();
    }
    let amend = |grade| json!({ "record": "triage", "answers": { "grade": grade } });
    house
        .act(case, &morag, "amend", amend("high"))
        .await
        .unwrap();
    let waits = house.load(case).await.case.pending.unwrap();
    let other = house.hire("fergus", &waits.confirm_by[0]).await;
    house.act(case, &other, "confirm", json!({})).await.unwrap();
    let loaded = house.load(case).await;
    let triage = &loaded.case.records["triage"];
    assert_eq!(
        (triage.version, &triage.answers["grade"]),
        (2, &json!("high"))
    );
    let grades = loaded
        .history
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::Acted {
                filed: Some(filed), ..
            }
            | Event::Amended { filed, .. } => filed.answers.get("grade"),
            _ => None,
        });
    let grades: Vec<_> = grades.collect();
    assert_eq!(
        grades,
        [&json!("medium"), &json!("high")],
        "the old version stays in the history"
    );
    assert!(
        loaded.case.stale.contains("request_meeting"),
        "{:?}",
        loaded.case.stale
    );
    assert_eq!(loaded.case.state, "meeting_due", "amending moves nothing");
    let unchanged = house.act(case, &morag, "amend", amend("high")).await;
    assert!(
        matches!(unchanged, Err(AppError::Fields(_))),
        "{unchanged:?}"
    );
}

#[tokio::test]
async fn l4_what_was_decided_is_amended_by_two_people() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let (iain, shona) = (
        house.hire("iain", "supervisor").await,
        house.hire("shona", "supervisor").await,
    );
    let case = house.case().await;
    for action in [
        "register",
        "record_initial_checks",
        "triage",
        "question_scope",
    ] {
        house.act(case, &morag, action, json!({})).await.unwrap();
    }
    house
        .act(case, &iain, "out_of_scope", json!({}))
        .await
        .unwrap();
    let alone = house.act(case, &iain, "confirm", json!({})).await;
    assert!(matches!(alone, Err(AppError::Unmet(_))), "{alone:?}");
    house.act(case, &shona, "confirm", json!({})).await.unwrap();
    let before = house.load(case).await.case.records["scope_refusal"].clone();
    let amend =
        json!({ "record": "scope_refusal", "answers": { "reason": "Otherwise than it was" } });
    let done = house.act(case, &iain, "amend", amend).await.unwrap();
    assert_eq!(
        done.pending.as_deref(),
        Some("amend"),
        "it waits for a second person"
    );
    assert_eq!(house.load(case).await.case.records["scope_refusal"], before);
    let alone = house.act(case, &iain, "confirm", json!({})).await;
    assert!(matches!(alone, Err(AppError::Unmet(_))), "{alone:?}");
    house.act(case, &shona, "confirm", json!({})).await.unwrap();
    let after = house.load(case).await.case;
    assert_eq!(
        after.records["scope_refusal"].answers["reason"],
        json!("Otherwise than it was")
    );
    assert_eq!(
        (after.outcome.as_deref(), after.pending),
        (Some("out_of_scope"), None)
    );
}
