//! Who is kept away from a case does not learn that it exists; two people end that.

use axum::http::StatusCode;
use clares_law::app::error::AppError;
use clares_law::app::staff::Person;
use clares_law::app::ties::NewTie;
use clares_law::domain::class::FieldClass;
use clares_law::domain::id::CaseId;
use clares_law::domain::tie::TieKind;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::builtin::NOTE;
use clares_law::store::At;
use clares_law::store::ties::TieRow;
use jiff::SignedDuration;
use serde_json::json;
use uuid::Uuid;

use crate::support::app::TestApp;
use crate::support::browser::Browser;

/// The person behind an account, just signed in.
async fn person(test: &TestApp, actor: &Actor) -> Person {
    let id = clares_law::domain::id::StaffId(actor.id.parse().unwrap());
    let person = test.app.person(id).await.unwrap();
    Person {
        confirmed: true,
        ..person
    }
}

fn about(kind: TieKind, who: Option<&Actor>) -> NewTie {
    NewTie {
        kind,
        who: who.map(|actor| actor.id.parse().unwrap()),
        because: "She is my sister".to_owned(),
    }
}

/// The one tie of a case that stands, as whoever guards it sees it.
async fn only(test: &TestApp, guard: &Person, case: CaseId) -> Uuid {
    let ties = test.app.see_ties(guard, case).await.unwrap().ties;
    let stand: Vec<_> = ties.iter().filter(|tie| tie.ended.is_none()).collect();
    assert_eq!(stand.len(), 1);
    stand[0].row.id
}

/// Whether what they are shown of a case is, in bytes, what they are shown of none.
async fn sees_nothing(test: &TestApp, browser: &mut Browser, case: CaseId) {
    for part in ["", "/looks", "/ties", "/do/note"] {
        let unknown = format!("/staff/cases/{}{part}", Uuid::from_u128(7));
        let status = browser.get(&unknown).await;
        let of_none = (status, browser.html.clone());
        assert_eq!(status, StatusCode::NOT_FOUND);
        let status = browser.get(&format!("/staff/cases/{case}{part}")).await;
        assert!((status, browser.html.clone()) == of_none, "{part}");
    }
    let reference = test.references().await.remove(0);
    for list in [
        "/staff",
        "/staff/schemes/dsdas-scotland",
        "/staff/schemes/dsdas-scotland/queues/to_register",
    ] {
        browser.get(list).await;
        assert!(!browser.html.contains(&reference), "{list}");
        assert!(!browser.html.contains(&case.to_string()), "{list}");
    }
}

#[tokio::test]
async fn l10_whoever_declares_a_conflict_does_not_see_the_case_any_more_until_two_others_agree() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let iona = test.add("iona", "intake").await;
    let (morag, iain) = (
        test.add("morag", "supervisor").await,
        test.add("iain", "supervisor").await,
    );
    let mut browser = test.signed_in("iona").await;
    let queue = "/staff/schemes/dsdas-scotland/queues/to_register";
    browser.get(queue).await;
    assert!(browser.html.contains(&case.to_string()));
    browser.get("/staff").await;
    let desk = browser.text();

    browser.get(&format!("/staff/cases/{case}/ties")).await;
    assert!(browser.has("Keep yourself away"));
    let status = browser.send(&[("kind", "declared")], "Record").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.has("Say why"));
    let why = [("kind", "declared"), ("reason", "She is my sister")];
    browser.send(&why, "Record").await;
    assert_eq!(browser.path, "/staff?kept-away");
    assert!(browser.has("Your conflict is recorded."));
    let reference = test.references().await.remove(0);
    assert!(!browser.html.contains(&reference), "L10");
    browser.get("/staff").await;
    assert!(!browser.has("Your conflict is recorded."));
    assert_ne!(browser.text(), desk, "the count is lower");
    sees_nothing(&test, &mut browser, case).await;
    let refused = (*test).act(case, &iona, NOTE, json!({})).await;
    assert!(matches!(refused, Err(AppError::NotFound)), "{refused:?}");
    let own = person(&test, &iona).await;
    assert!(matches!(
        test.app.see_ties(&own, case).await,
        Err(AppError::NotFound)
    ));

    let (first, second) = (person(&test, &morag).await, person(&test, &iain).await);
    let tie = only(&test, &first, case).await;
    let settle = async |who: &Person, keep| {
        test.app
            .settle_tie(who, (case, tie), keep, "A mistake", None)
            .await
    };
    settle(&first, false).await.unwrap();
    sees_nothing(&test, &mut browser, case).await;
    let alone = settle(&first, false).await;
    assert!(matches!(alone, Err(AppError::Forbidden(_))), "{alone:?}");
    settle(&second, true).await.unwrap();
    settle(&second, false).await.unwrap();
    sees_nothing(&test, &mut browser, case).await;
    settle(&first, false).await.unwrap();
    let status = browser.get(&format!("/staff/cases/{case}")).await;
    assert_eq!(status, StatusCode::OK);
    let ties = test.app.see_ties(&first, case).await.unwrap();
    assert!(ties.ties[0].ended.is_some(), "it stays on record");
}

#[tokio::test]
async fn l10_whoever_is_found_alike_sees_nothing_and_their_colleagues_only_when_let_in() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let iona = test.add("iona", "intake").await;
    let ross = test.add("ross", "intake").await;
    let morag = test.add("morag", "supervisor").await;
    let found = TieRow {
        id: test.app.chance.id(),
        case_id: case.0,
        staff_id: Some(iona.id.parse().unwrap()),
        kind: "matched".to_owned(),
        at: At::from(test.clock.now()),
        done_by: "screening".to_owned(),
        because: "phone".to_owned(),
    };
    let mut tx = test.app.db.begin_write().await.unwrap();
    test.app.add_tie(&mut tx, &found).await.unwrap();
    tx.commit().await.unwrap();
    let (mut hers, mut his) = (test.signed_in("iona").await, test.signed_in("ross").await);
    sees_nothing(&test, &mut hers, case).await;
    sees_nothing(&test, &mut his, case).await;

    let mut guard = test.signed_in("morag").await;
    guard.get(&format!("/staff/cases/{case}/ties")).await;
    assert!(guard.has("Restricted"));
    assert!(guard.has("Alike: phone"));
    let let_in = [
        ("who", &*ross.id),
        ("kind", "let_in"),
        ("reason", "He registers it"),
    ];
    assert_eq!(guard.send(&let_in, "Record").await, StatusCode::OK);
    assert!(guard.has("Recorded. It holds from now on."));
    assert_eq!(
        his.get(&format!("/staff/cases/{case}")).await,
        StatusCode::OK
    );
    his.get("/staff/schemes/dsdas-scotland/queues/to_register")
        .await;
    assert!(his.html.contains(&case.to_string()));

    let supervisor = person(&test, &morag).await;
    let let_her_in = about(TieKind::LetIn, Some(&iona));
    let tied = test.app.tie(&supervisor, case, let_her_in, None).await;
    tied.unwrap();
    sees_nothing(&test, &mut hers, case).await;

    let own = about(TieKind::LetIn, Some(&morag));
    let oneself = test.app.tie(&supervisor, case, own, None).await;
    assert!(
        matches!(oneself, Err(AppError::Forbidden(_))),
        "{oneself:?}"
    );
    let other = person(&test, &ross).await;
    let restricted = test
        .app
        .tie(&other, case, about(TieKind::Restricted, None), None)
        .await;
    assert!(
        matches!(restricted, Err(AppError::Forbidden(_))),
        "{restricted:?}"
    );
}

#[tokio::test]
async fn whoever_works_with_the_person_asked_about_does_not_learn_who_asked() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let iona = test.add("iona", "intake").await;
    let own = person(&test, &iona).await;
    let manages = about(TieKind::ManagesSubject, Some(&iona));
    test.app.tie(&own, case, manages, None).await.unwrap();
    let view = test.app.see_case(&iona, case, "case").await.unwrap();
    assert!(view.sight.has(FieldClass::Subject));
    for class in [
        FieldClass::ApplicantIdentity,
        FieldClass::SafeContact,
        FieldClass::PersonAtRisk,
    ] {
        assert!(view.hidden().contains(&class), "{class:?}");
    }
    let mut browser = test.signed_in("iona").await;
    for page in ["", "/do/amend", "/ties", "/looks"] {
        browser.get(&format!("/staff/cases/{case}{page}")).await;
        for said in ["Inverallan", "Mairi", "01632 960123"] {
            assert!(!browser.html.contains(said), "{page}: {said}");
        }
    }
    let answers = test.load(case).await.case.records["application"]
        .answers
        .clone();
    let amended = json!({ "record": "application", "answers": answers });
    let refused = (*test).act(case, &iona, "amend", amended).await;
    assert!(
        matches!(refused, Err(AppError::Forbidden(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn how_she_is_reached_is_shown_to_whoever_has_just_proved_who_they_are() {
    let test = TestApp::open().await;
    let case = test.case().await;
    test.add("iona", "intake").await;
    let mut browser = test.signed_in("iona").await;
    let page = format!("/staff/cases/{case}");
    browser.get(&page).await;
    assert!(browser.html.contains("01632 960123"));
    test.clock.advance(SignedDuration::from_mins(6));
    browser.get(&page).await;
    assert!(!browser.html.contains("01632 960123"));
    assert!(browser.has("Shown when you have confirmed that it is you: safe contact."));
    let amend = format!("{page}/do/amend?record=application");
    browser.get(&amend).await;
    assert_eq!(browser.heading(), "Confirm it is you");
    assert!(!browser.html.contains("01632 960123"));
    let password = [("code", crate::support::app::PASSWORD)];
    browser.send(&password, "Confirm").await;
    assert_eq!(browser.path, amend);
    assert!(browser.html.contains("01632 960123"));
}

#[tokio::test]
async fn an_alert_goes_to_nobody_who_is_kept_away() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let (morag, iain) = (
        test.add("morag", "supervisor").await,
        test.add("iain", "supervisor").await,
    );
    let own = person(&test, &morag).await;
    let conflict = about(TieKind::Declared, Some(&morag));
    test.app.tie(&own, case, conflict, None).await.unwrap();
    test.clock.advance(SignedDuration::from_hours(24 * 30));
    while test.sweep(99).await.unwrap() > 0 {}
    let told: Vec<_> = test
        .messages()
        .await
        .into_iter()
        .map(|row| row.recipient)
        .collect();
    assert!(told.contains(&iain.id), "{told:?}");
    assert!(!told.contains(&morag.id), "{told:?}");
}

#[tokio::test]
async fn l16_a_conflict_sent_twice_is_declared_once() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let iona = test.add("iona", "intake").await;
    let morag = test.add("morag", "supervisor").await;
    let own = person(&test, &iona).await;
    let key = Some("0123456789abcdef".to_owned());
    for _ in 0..2 {
        let conflict = about(TieKind::Declared, Some(&iona));
        let tied = test.app.tie(&own, case, conflict, key.clone()).await;
        tied.unwrap();
    }
    let conflict = about(TieKind::Declared, None);
    let nobody = test.app.tie(&own, case, conflict, key).await;
    assert!(matches!(nobody, Err(AppError::Fields(_))), "{nobody:?}");
    only(&test, &person(&test, &morag).await, case).await;
}
