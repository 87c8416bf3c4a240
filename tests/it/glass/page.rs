//! The way through the pages: proving who one is, the form, the case with its banner, and the review.

use axum::http::StatusCode;
use clares_law::domain::tie::TieKind;
use jiff::SignedDuration;

use super::{OPENINGS, REASON, SILENT, reference, tie};
use crate::pages::sound::sound;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::machine::Installation;

const OPEN: &str = "Open the case for 60 minutes";

#[tokio::test]
async fn an_officer_opens_a_case_in_an_emergency_and_a_supervisor_reviews_it() {
    let test = TestApp::open().await;
    let case = test.case().await;
    tie(&test, case, None, TieKind::Restricted).await;
    let called = reference(&test, case).await;
    test.add("morag", "verifier").await;
    test.add("iain", "supervisor").await;
    test.add("una", "supervisor").await;
    let mut browser = test.signed_in("morag").await;
    let at = format!("/staff/cases/{case}");
    assert_eq!(browser.get(&at).await, StatusCode::NOT_FOUND);
    browser.get("/staff").await;
    let to = browser.link("Open a case in an emergency");

    // The proof comes before the form.
    test.clock.advance(SignedDuration::from_mins(6));
    browser.get(&to).await;
    assert_eq!(
        browser.path,
        "/staff/confirm-it-is-you?back=/staff/break-glass"
    );
    browser.send(&[("code", PASSWORD)], "Confirm").await;
    assert_eq!(browser.path, "/staff/break-glass");
    sound(&browser);
    assert!(browser.has("Two other people are told at once"));

    let status = browser
        .send(&[("reference", ""), ("reason", "urgent")], OPEN)
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&browser);
    assert!(browser.has("Enter the reference") && browser.has("Say in a sentence"));
    assert!(browser.html.contains("urgent"), "what was typed is kept");

    // Whoever took longer proves it on the form, and loses nothing.
    test.clock.advance(SignedDuration::from_mins(6));
    let typed = [("reference", called.as_str()), ("reason", REASON)];
    let status = browser.send(&typed, OPEN).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&browser);
    assert!(browser.has("More than 5 minutes have passed"));
    assert!(browser.html.contains(&called) && browser.has(REASON));
    let status = browser.send(&[("code", "wrong")], OPEN).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(test.count(OPENINGS).await, 0);
    let pressed = browser.form(&[("code", PASSWORD)], OPEN);
    for _ in 0..2 {
        browser.post(&pressed.0, &pressed.1).await;
        assert_eq!(browser.path, at);
        sound(&browser);
        assert!(browser.has("You opened this case in an emergency. It closes for you on"));
        assert!(browser.has("Inverallan"));
    }
    assert_eq!(
        (test.count(OPENINGS).await, test.count(SILENT).await),
        (1, 0)
    );
    assert_eq!(test.messages().await.len(), 2);

    let mut reviewer = test.signed_in("iain").await;
    reviewer.get("/staff/looks").await;
    sound(&reviewer);
    assert!(reviewer.has("Opened in an emergency by morag"));
    assert!(reviewer.has("Tuesday 24 November – due tomorrow"));
    assert!(reviewer.has(REASON) && reviewer.has(&called) && reviewer.has("2 people"));
    reviewer
        .get(&reviewer.link("Decide (Opened in an emergency by morag)"))
        .await;
    sound(&reviewer);
    reviewer
        .send(&[("reason", "She was right")], "In order")
        .await;
    assert!(reviewer.has("Your decision is recorded."));
    reviewer.get(&format!("{at}/looks")).await;
    assert!(reviewer.has("Looked at: case in an emergency emergency"));

    for _ in 0..5 {
        test.clock.advance(SignedDuration::from_mins(12));
        browser.get("/staff").await;
    }
    assert_eq!(browser.get(&at).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_looks_at_no_cases_finds_no_such_page() {
    let test = TestApp::open().await;
    test.add("ada", "administrator").await;
    let mut browser = test.signed_in("ada").await;
    assert!(!browser.has("emergency"));
    let status = browser.get("/staff/break-glass").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    browser.post("/staff/break-glass", &[]).await;
    assert_eq!(browser.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_machine_has_no_way_to_ask() {
    let service = Installation::at("2026-11-23T09:30").await;
    let document = service.document().await.to_string();
    for word in ["glass", "emergency_access", "break"] {
        assert!(!document.contains(&format!("/{word}")), "{word}");
    }
    let token = service.token("iona", "intake").await;
    for path in ["/staff/break-glass", "/api/v1/break-glass"] {
        let answer = service.get(path, &token).await;
        assert!(!answer.status.is_success(), "{path}");
    }
    assert_eq!(service.count(OPENINGS).await, 0);
}
