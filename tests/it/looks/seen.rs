//! What the log says of each look, and the page that shows it.

use axum::http::StatusCode;
use clares_law::app::error::AppError;
use clares_law::domain::look::{Operation, Purpose};
use clares_law::engine::definition::record::Answers;
use clares_law::store::access_log;
use serde_json::json;

use super::{log, new_since};
use crate::pages::sound::sound;
use crate::support::app::TestApp;
use crate::support::browser::select;
use crate::support::database::without_room;
use crate::support::house::{House, request};
use crate::support::machine::Installation;

#[tokio::test]
async fn l18_a_look_says_who_from_where_what_for_and_what_was_done() {
    let house = House::new().await;
    let case = house.case().await;
    let rows = log(&house).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&*rows[0].operation, &*rows[0].actor),
        ("collection", "public")
    );
    assert!(rows[0].classes.contains("applicant_identity"));

    let una = house.account_for("housing", "una", "auditor", None).await;
    house.app.see_case(&una, case, "case").await.unwrap();
    let look = new_since(&house, &rows).await.remove(0);
    assert_eq!(
        (
            &*look.actor_role,
            &*look.agency,
            &*look.authority,
            &*look.purpose
        ),
        ("auditor", "housing", "scotland", "audit")
    );
    assert_eq!((look.on_behalf_of, look.reason), (None, None));

    let morag = house.hire("morag", "verifier").await;
    let rows = log(&house).await;
    house
        .act(case, &morag, "register", json!({}))
        .await
        .unwrap();
    let change = new_since(&house, &rows).await.remove(0);
    assert_eq!(
        (&*change.operation, &*change.purpose, &*change.what),
        ("alteration", "case_work", "register")
    );
    assert!(!change.classes.is_empty());
}

#[tokio::test]
async fn l18_the_lists_are_closed_in_the_database_too() {
    let house = House::new().await;
    house.case().await;
    let row = log(&house).await.remove(0);
    let written = async |operation: &str, purpose: &str| {
        let mut row = row.clone();
        row.id = house.app.chance.id();
        (row.operation, row.purpose) = (operation.to_owned(), purpose.to_owned());
        let mut tx = house.app.db.begin_write().await.unwrap();
        access_log::write(&mut tx, &row).await.is_ok()
    };
    for operation in Operation::ALL {
        for purpose in Purpose::ALL {
            assert!(written(operation.name(), purpose.name()).await);
        }
    }
    assert!(!written("view", "case_work").await);
    assert!(!written("consultation", "curiosity").await);
}

#[tokio::test]
async fn l18_to_be_told_why_a_command_is_refused_is_a_look() {
    let house = House::new().await;
    let case = house.case().await;
    let auditor = house.hire("ada", "auditor").await;
    let morag = house.hire("morag", "verifier").await;
    let mut stale = request(case, &morag, "note", json!({}));
    stale.expected = Some(9);
    let mut empty = request(case, &morag, "register", json!({}));
    empty.record = Answers::new();
    for asked in [
        request(case, &auditor, "register", json!({})),
        request(case, &morag, "triage", json!({})),
        stale,
        empty,
    ] {
        let before = log(&house).await;
        let refused = house.app.act(asked.clone()).await.unwrap_err();
        let rows = new_since(&house, &before).await;
        assert_eq!(rows.len(), 1, "{refused:?}");
        assert_eq!(rows[0].what, format!("refused {}", asked.action));
        assert_eq!(
            (&*rows[0].operation, rows[0].case_id, &*rows[0].actor),
            ("consultation", Some(case.0), &*asked.actor.id)
        );
    }
    let before = log(&house).await;
    let referrer = house.hire("rory", "referrer").await;
    let hidden = house.act(case, &referrer, "register", json!({})).await;
    assert!(matches!(hidden, Err(AppError::NotFound)));
    let rows = new_since(&house, &before).await;
    assert_eq!(rows.len(), 1, "that somebody tried is written down");
    assert_eq!(rows[0].what, "refused to act");

    house.tamper(&without_room("access_log", "insert")).await;
    let untold = house.act(case, &auditor, "register", json!({})).await;
    assert!(matches!(untold, Err(AppError::Inside(_))), "{untold:?}");
}

#[tokio::test]
async fn l18_an_answer_given_again_is_a_look() {
    let house = House::new().await;
    let case = house.case().await;
    let morag = house.hire("morag", "verifier").await;
    let mut asked = request(case, &morag, "note", json!({}));
    asked.key = Some("once".to_owned());
    let first = house.app.act(asked.clone()).await.unwrap();
    let before = log(&house).await;
    assert_eq!(house.app.act(asked).await.unwrap(), first);
    let rows = new_since(&house, &before).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&*rows[0].operation, &*rows[0].what),
        ("consultation", "answer to note")
    );
}

#[tokio::test]
async fn who_has_looked_stands_on_every_case() {
    let test = TestApp::open().await;
    let case = test.case().await;
    test.clock.advance(jiff::SignedDuration::from_secs(1));
    let verifier = test.add("morag", "verifier").await;
    test.act(case, &verifier, "register").await.unwrap();
    test.add("ada", "auditor").await;
    let mut browser = test.signed_in("ada").await;
    browser.get(&format!("/staff/cases/{case}")).await;
    let to = browser.link("Who has looked at this case");
    browser.get(&to).await;
    sound(&browser);
    assert!(browser.heading().starts_with("Who has looked at "));
    let rows = select(&browser.html, "tbody tr");
    assert_eq!(rows.len(), 4, "{rows:#?}");
    let of = |words: &str| rows.iter().find(|row| row.contains(words)).unwrap();
    assert!(of("Looked at: looks").contains("ada Auditor"));
    assert!(of("Looked at: looks").contains("oversight"));
    assert!(of("Looked at: case").contains("safe contact"));
    assert!(of("Changed: Register").contains("morag Verifier"));
    assert!(of("Received the application").contains("Public form"));
    for party in ["Inverallan", "Mairi"] {
        assert!(!browser.has(party), "{party}");
    }

    for _ in 0..48 {
        test.clock.advance(jiff::SignedDuration::from_secs(1));
        test.app.see_case(&verifier, case, "case").await.unwrap();
    }
    browser.get(&to).await;
    sound(&browser);
    assert_eq!(select(&browser.html, "tbody tr").len(), 50);
    browser.get(&browser.link("Older looks")).await;
    sound(&browser);
    let older = select(&browser.html, "tbody tr");
    assert_eq!(older.len(), 3, "{older:#?}");
    assert!(
        older
            .iter()
            .any(|row| row.contains("Received the application"))
    );
    assert_eq!(browser.link("Newest looks"), to);
    let nowhere = browser.get(&format!("{to}?before=x")).await;
    assert_eq!(nowhere, StatusCode::NOT_FOUND);

    test.add("rory", "referrer").await;
    let mut other = test.signed_in("rory").await;
    let before = log(&test).await;
    assert_eq!(other.get(&to).await, StatusCode::NOT_FOUND);
    let rows = new_since(&test, &before).await;
    assert_eq!(rows.len(), 1, "that somebody tried is written down");
    assert_eq!((&*rows[0].what, &*rows[0].classes), ("refused looks", ""));
}

#[tokio::test]
async fn the_api_says_who_has_looked() {
    let service = Installation::at("2026-11-23T09:30").await;
    let case = service.case().await;
    let token = service.token("ada", "auditor").await;
    let path = format!("/api/v1/cases/{case}/looks");
    let first = service.get(&path, &token).await;
    let items = first.body["items"].as_array().unwrap();
    assert_eq!((items.len(), &first.body["next"]), (2, &json!(null)));
    let own = items.iter().find(|item| item["name"] == "ada").unwrap();
    assert_eq!(own["purpose"], "oversight");
    assert_eq!(own["operation"], "consultation");
    for _ in 0..50 {
        service.get(&path, &token).await;
    }
    service.clock.advance(jiff::SignedDuration::from_secs(1));
    let page = service.get(&path, &token).await.body;
    assert_eq!(page["items"].as_array().unwrap().len(), 50);
    let next = page["next"].as_str().unwrap();
    service.clock.advance(jiff::SignedDuration::from_secs(1));
    let older = service.get(&format!("{path}?before={next}"), &token).await;
    // The application and 52 askings, 50 of them on the page before; the asking for older ones is newer than all.
    assert_eq!(older.body["items"].as_array().unwrap().len(), 3);
    let wrong = service.get(&format!("{path}?before=x"), &token).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let token = service.token("rory", "referrer").await;
    assert_eq!(
        service.get(&path, &token).await.status,
        StatusCode::NOT_FOUND
    );
}
