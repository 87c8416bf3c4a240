//! Who is told of agreements: whoever is shown nothing, whoever sees to it that one is looked at again, and operators.

use axum::http::StatusCode;
use clares_law::app::agreements::Unshared;
use clares_law::app::clients::NewClient;
use clares_law::domain::class::FieldClass;
use clares_law::domain::scope::Scopes;
use clares_law::engine::definition::Library;
use jiff::SignedDuration;

use crate::support::agreement::only;
use crate::support::app::TestApp;
use crate::support::world::{AUTHORITY, shipped};

/// In force at the time of the test, which is a Monday morning in November.
const DAYS: [&str; 2] = ["2026-06-02", "2027-01-22"];

fn with_housing() -> Library {
    only(shipped(), "housing", &[FieldClass::Subject], DAYS)
}

#[tokio::test]
async fn whoever_is_shown_nothing_is_told_why() {
    const WHY: &str = "no information-sharing agreement in force with Scotland demonstration force";
    let test = TestApp::with(&with_housing()).await;
    let case = test.case().await;
    for (agency, role) in [
        ("health", "supervisor"),
        ("health", "member"),
        ("health", "auditor"),
    ] {
        test.add_for(agency, role, role).await;
        let mut browser = test.signed_in(role).await;
        assert!(browser.has(WHY), "{}", browser.text());
        for gone in [
            "Nothing waits for you",
            "On many cases",
            "Schemes",
            "Messages",
            "Looks",
        ] {
            assert!(
                !browser.has(gone),
                "{role} is shown {gone}: {}",
                browser.text()
            );
        }
        for closed in ["/staff/schemes", "/staff/messages", "/staff/looks"] {
            assert_eq!(browser.get(closed).await, StatusCode::NOT_FOUND, "{closed}");
        }
        let id = uuid::Uuid::nil();
        assert_eq!(
            browser.get(&format!("/staff/cases/{id}")).await,
            StatusCode::NOT_FOUND
        );
        let unknown = browser.html.clone();
        assert_eq!(
            browser.get(&format!("/staff/cases/{case}")).await,
            StatusCode::NOT_FOUND
        );
        assert_eq!(browser.html, unknown, "the same answer as for no case");
    }
    for (agency, role) in [
        ("housing", "member"),
        ("health", "referrer"),
        ("", "member"),
    ] {
        let name = format!("{agency}-{role}");
        test.add_for(agency, &name, role).await;
        let browser = test.signed_in(&name).await;
        assert!(!browser.has(WHY), "{name}");
    }
}

#[tokio::test]
async fn the_agreements_in_force_stand_where_an_auditor_reads_them() {
    let test = TestApp::open().await;
    test.add("ada", "auditor").await;
    let mut browser = test.signed_in("ada").await;
    browser.get("/staff/schemes").await;
    for told in [
        "Information-sharing agreements",
        "Agreement on deciding together",
        "An invented health board",
        "To decide together whether somebody is told",
        "how the case was worked",
        "UK GDPR, Article 6(1)(e)",
        "31 December 2033",
        "invented for the demonstration",
        "health, housing, social_work",
    ] {
        assert!(browser.has(told), "{told}: {}", browser.text());
    }
    let test = TestApp::with(&only(
        shipped(),
        "housing",
        &[FieldClass::Subject],
        ["2025-01-01", "2026-11-22"],
    ))
    .await;
    test.add("ada", "auditor").await;
    let mut browser = test.signed_in("ada").await;
    browser.get("/staff/schemes").await;
    assert!(
        browser.has("No agreement is in force"),
        "{}",
        browser.text()
    );
}

#[tokio::test]
async fn an_agreement_that_ends_soon_stands_on_the_desk_of_whoever_sees_to_it() {
    const SOON: &str = "ends within 60 days, on Friday 22 January 2027";
    let test = TestApp::with(&with_housing()).await;
    test.add("kirsty", "coordinator").await;
    test.add("iain", "supervisor").await;
    test.add_for("housing", "hugh", "coordinator").await;
    assert!(!test.signed_in("kirsty").await.has(SOON), "it is 61 days");
    assert!(test.app.agreements_ending().is_empty());
    test.clock.advance(SignedDuration::from_hours(24));
    assert!(test.signed_in("kirsty").await.has(SOON));
    for other in ["iain", "hugh"] {
        assert!(!test.signed_in(other).await.has(SOON), "{other}");
    }
    assert_eq!(test.app.agreements_ending().len(), 1);
}

#[tokio::test]
async fn operators_are_told_of_accounts_that_are_shown_nothing() {
    let test = TestApp::with(&with_housing()).await;
    test.add("morag", "member").await;
    test.add_for("housing", "hugh", "member").await;
    test.add_for("health", "una", "member").await;
    test.add_for("health", "rae", "referrer").await;
    let client = NewClient {
        name: "records of health".to_owned(),
        role: "member".to_owned(),
        agency: "health".to_owned(),
        authority: AUTHORITY.to_owned(),
        scopes: Scopes::all(),
    };
    test.app.add_client(client).await.unwrap().unwrap();
    let told = |name: &str, agency: &str| Unshared {
        name: name.to_owned(),
        agency: agency.to_owned(),
        authority: AUTHORITY.to_owned(),
    };
    let without = [told("una", "health"), told("records of health", "health")];
    assert_eq!(test.app.unshared().await.unwrap(), without);
    test.clock.advance(SignedDuration::from_hours(24 * 61));
    let ended = [
        told("hugh", "housing"),
        told("una", "health"),
        told("records of health", "health"),
    ];
    assert_eq!(test.app.unshared().await.unwrap(), ended);
}
