//! The pages on which cases past their day are reviewed, as two people use them.

use axum::http::StatusCode;
use clares_law::domain::id::CaseId;

use super::{closed, years};
use crate::pages::sound::sound;
use crate::support::app::TestApp;

async fn past() -> (TestApp, CaseId, String) {
    let test = TestApp::open().await;
    let (case, _) = closed(&test).await;
    let reference = test.load(case).await.case.reference;
    test.clock.advance(years(11));
    for name in ["una", "vera"] {
        test.add(name, "supervisor").await;
    }
    (test, case, reference)
}

#[tokio::test]
async fn one_proposes_another_confirms_and_the_case_is_gone() {
    let (test, case, reference) = past().await;
    let mut una = test.signed_in("una").await;
    assert!(una.has("1 case to review for keeping"));
    assert_eq!(una.get("/staff/keeping").await, StatusCode::OK);
    sound(&una);
    let page = una.link(&reference);
    assert_eq!(una.get(&page).await, StatusCode::OK);
    sound(&una);
    // Nothing that was typed is lost.
    let nothing = [("reason", "Typed already")];
    assert_eq!(
        una.send(&nothing, "Propose").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    sound(&una);
    assert!(una.has("Choose what is to happen, and why") && una.html.contains("Typed already"));
    let forget = [("ground", "not_needed"), ("reason", "By the rule")];
    assert_eq!(una.send(&forget, "Propose").await, StatusCode::OK);
    assert!(una.has("Another person has to confirm it"));
    // Alone is not enough.
    let decide = format!("/staff/keeping/{case}/decide");
    assert_eq!(una.get(&page).await, StatusCode::OK);
    assert_eq!(una.path, decide);
    let mine = una
        .send(&[("reason", "I agree with myself")], "Confirm")
        .await;
    assert_eq!(mine, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(una.has("You proposed this, so another person must confirm it"));
    assert!(una.html.contains("I agree with myself"));

    let mut vera = test.signed_in("vera").await;
    assert_eq!(vera.get(&decide).await, StatusCode::OK);
    sound(&vera);
    assert!(vera.has("nobody can read the case again"));
    assert_eq!(
        vera.send(&[("reason", "I agree")], "Confirm").await,
        StatusCode::OK
    );
    assert!(vera.has("Your decision is recorded"));

    // The same answer as for a case that never was, byte for byte.
    let unknown = CaseId(test.app.chance.id());
    for path in [
        "/staff/cases/ID",
        "/staff/cases/ID/looks",
        "/staff/keeping/ID",
        "/staff/keeping/ID/decide",
    ] {
        let mut told = Vec::new();
        for id in [case, unknown] {
            let status = vera.get(&path.replace("ID", &id.to_string())).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            told.push(vera.html.replace(&id.to_string(), "ID"));
        }
        assert_eq!(told[0], told[1], "{path}");
    }
    assert_eq!(vera.get("/staff").await, StatusCode::OK);
    assert!(!vera.has("to review for keeping"));
}

#[tokio::test]
async fn a_hold_is_said_before_anything_is_typed() {
    let (test, case, _) = past().await;
    let una = test.add("una", "supervisor").await;
    test.act(case, &una, "place_legal_hold").await.unwrap();
    let mut una = test.signed_in("una").await;
    let page = format!("/staff/keeping/{case}");
    assert_eq!(una.get(&page).await, StatusCode::OK);
    sound(&una);
    assert!(una.has("It cannot be forgotten now. A legal hold keeps it"));
    let forget = [("ground", "not_needed"), ("reason", "By the rule")];
    assert_eq!(
        una.send(&forget, "Propose").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let keep = [
        ("ground", "proceedings"),
        ("years", "2 years"),
        ("reason", "The review goes on"),
    ];
    assert_eq!(una.send(&keep, "Propose").await, StatusCode::OK);
    assert!(una.has("Another person has to confirm it"));
}
