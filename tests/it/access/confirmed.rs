//! What is most at stake is shown to whoever has just proved who they are, and ties are made and ended with reasons, by two.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use clares_law::app::error::AppError;
use clares_law::app::staff::Person;
use clares_law::app::ties::NewTie;
use clares_law::domain::class::FieldClass;
use clares_law::domain::id::CaseId;
use clares_law::domain::tie::TieKind;
use clares_law::engine::event::Event;
use jiff::SignedDuration;
use uuid::Uuid;

use super::asking::{Between, let_in};
use super::cut::answers;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::world::{dsdas, scenario};

/// The words of a disclosure go to roles that give or settle them; how she is reached to those who reach her.
const SHOWN: [(&str, bool, bool); 8] = [
    ("intake", true, false),
    ("verifier", true, true),
    ("supervisor", true, true),
    ("coordinator", true, true),
    ("chair", false, true),
    ("member", false, false),
    ("discloser", true, true),
    ("auditor", true, true),
];

#[tokio::test]
async fn l11_the_words_of_a_disclosure_are_shown_to_whoever_may_and_has_just_proved_who_they_are() {
    let test = TestApp::open().await;
    let told = scenario("A sister asks, and the forum");
    let case = test.case_of(told).await;
    for step in &told.steps {
        test.step(case, told, step).await;
    }
    let history = test.load(case).await.history.into_iter();
    let events: Vec<Event> = history.map(|recorded| recorded.event).collect();
    let only = |class: FieldClass| {
        let others = answers(dsdas(), &events, |one| one != class);
        let mut texts = answers(dsdas(), &events, |one| one == class);
        texts.retain(|text| !others.contains(text) && !text.contains(['\'', '"', '&', '\n']));
        assert!(!texts.is_empty(), "nothing of the class {class:?}");
        texts
    };
    let texts = BTreeMap::from([
        ("how she is reached", only(FieldClass::SafeContact)),
        ("the words", only(FieldClass::DisclosureWording)),
    ]);
    let page = format!("/staff/cases/{case}");
    for (role, reached, words) in SHOWN {
        let person = test.add(role, role).await.id.parse().unwrap();
        // It was before no meeting, so members of the forum see it only once they are let in.
        Between::made(&test, case, &[person], &let_in()).await;
        let mut browser = test.signed_in(role).await;
        for confirmed in [true, false, true] {
            assert_eq!(browser.get(&page).await, StatusCode::OK, "{role}");
            for (what, shown) in [("how she is reached", reached), ("the words", words)] {
                let wanted = shown && confirmed;
                let found = texts[what]
                    .iter()
                    .any(|text| browser.html.contains(text.as_str()));
                assert_eq!(found, wanted, "{role}, confirmed: {confirmed}: {what}");
            }
            if confirmed {
                test.clock.advance(SignedDuration::from_secs(5 * 60 + 1));
            } else {
                test.app
                    .confirm(&browser.cookies["w"], PASSWORD)
                    .await
                    .unwrap();
            }
        }
    }
}

/// A supervisor as the pages know them.
async fn supervisor(test: &TestApp, name: &str) -> Person {
    test.add(name, "supervisor").await;
    let secret = test.app.sign_in(name, PASSWORD).await.unwrap().secret;
    test.app.session(&secret).await.unwrap()
}

fn tie(kind: TieKind, who: &Person, because: &str) -> NewTie {
    NewTie {
        kind,
        who: who.actor.id.parse().ok(),
        because: because.to_owned(),
    }
}

async fn only_tie(test: &TestApp, person: &Person, case: CaseId) -> (Uuid, bool) {
    let ties = test.app.see_ties(person, case).await.unwrap().ties;
    assert_eq!(ties.len(), 1);
    (ties[0].row.id, ties[0].ended.is_some())
}

#[tokio::test]
async fn l4_what_keeps_somebody_away_ends_when_two_others_agree() {
    for kind in [TieKind::Declared, TieKind::ManagesSubject] {
        let test = TestApp::open().await;
        let case = test.case().await;
        let (iain, shona, fergus) = (
            supervisor(&test, "iain").await,
            supervisor(&test, "shona").await,
            supervisor(&test, "fergus").await,
        );
        test.app
            .tie(&fergus, case, tie(kind, &fergus, "He is my brother"), None)
            .await
            .unwrap();
        let (id, _) = only_tie(&test, &iain, case).await;
        let end = |person: Person| {
            let app = test.app.clone();
            async move {
                app.settle_tie(&person, (case, id), false, "It was a mistake", None)
                    .await
            }
        };
        // Whom it keeps away is neither the first nor the second.
        assert!(end(fergus.clone()).await.is_err(), "{kind:?}");
        end(iain.clone()).await.unwrap();
        assert!(
            matches!(end(iain.clone()).await, Err(AppError::Forbidden(_))),
            "{kind:?}"
        );
        assert!(end(fergus.clone()).await.is_err(), "{kind:?}");
        assert!(!only_tie(&test, &iain, case).await.1, "{kind:?}");
        end(shona.clone()).await.unwrap();
        assert!(only_tie(&test, &iain, case).await.1, "{kind:?}");
        assert!(
            test.app.see_case(&fergus, case, "case").await.is_ok(),
            "{kind:?}"
        );
    }
}

#[tokio::test]
async fn l3_nobody_is_kept_away_or_let_in_without_a_reason() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let (iain, shona) = (
        supervisor(&test, "iain").await,
        supervisor(&test, "shona").await,
    );
    for kind in [
        TieKind::Declared,
        TieKind::ManagesSubject,
        TieKind::LetIn,
        TieKind::Restricted,
    ] {
        let silent = test
            .app
            .tie(&iain, case, tie(kind, &shona, "  "), None)
            .await;
        assert!(
            matches!(silent, Err(AppError::Fields(_))),
            "{kind:?}: {silent:?}"
        );
    }
    test.app
        .tie(
            &iain,
            case,
            tie(TieKind::ManagesSubject, &shona, "She knows him"),
            None,
        )
        .await
        .unwrap();
    let (id, _) = only_tie(&test, &iain, case).await;
    for keep in [true, false] {
        let silent = test
            .app
            .settle_tie(&iain, (case, id), keep, " ", None)
            .await;
        assert!(matches!(silent, Err(AppError::Fields(_))), "{silent:?}");
    }
    assert_eq!(test.count("select count(*) from ties").await, 1);
    assert_eq!(test.count("select count(*) from tie_steps").await, 0);
}
