//! Joining by invitation, signing in with a code, confirming who one is, and leaving, by the words on the pages.

use axum::http::StatusCode;
use clares_law::app::totp::Secret;
use jiff::SignedDuration;

use super::sound::sound;
use crate::accounts::{invited, member};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, select};

async fn first_step(test: &TestApp, name: &str) -> Browser {
    let mut browser = test.browser();
    browser.get("/staff/sign-in").await;
    let fields = [("name", name), ("password", PASSWORD)];
    browser.send(&fields, "Sign in").await;
    browser
}

#[tokio::test]
async fn an_invited_person_joins_and_signs_in_with_a_code() {
    let test = TestApp::open().await;
    let invitation = invited(&test, "fiona").await;
    let mut browser = test.browser();
    browser.get("/staff/sign-in").await;
    let join = browser.link("Use an invitation");
    browser.get(&join).await;
    sound(&browser);
    let wrong = [("invitation", "AAAA-BBBB"), ("password", PASSWORD)];
    let status = browser.send(&wrong, "Continue").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&browser);
    assert!(
        !browser.html.contains("AAAA"),
        "a secret is never shown again"
    );
    let right = [("invitation", &*invitation), ("password", PASSWORD)];
    browser.send(&right, "Continue").await;
    assert_eq!(browser.path, "/staff/join/device");
    sound(&browser);
    assert!(
        browser.html.contains("<svg") && browser.html.contains("otpauth://totp/Case%20work:fiona")
    );
    browser.send(&[("code", "000000")], "Finish").await;
    assert!(browser.has("Enter the six digits that your device shows now"));
    sound(&browser);

    let joining = browser.cookies["w"].clone();
    let secret: Secret = test.app.device(&joining).await.unwrap().secret;
    assert!(browser.has(&secret.for_typing()));
    let code = secret.code_at(test.app.clock.now());
    browser.send(&[("code", &code)], "Finish").await;
    assert_eq!(browser.heading(), "Recovery codes");
    sound(&browser);
    let codes = select(&browser.html, "main li");
    assert_eq!(codes.len(), 10);
    assert_ne!(browser.cookies["w"], joining);
    browser.get("/staff").await;
    assert!(browser.has("fiona, Verifier"), "joining signs in");

    test.clock.advance(SignedDuration::from_secs(30));
    let mut browser = first_step(&test, "fiona").await;
    assert_eq!(browser.path, "/staff/sign-in/code");
    sound(&browser);
    browser.get("/staff").await;
    assert_eq!(browser.path, "/staff/sign-in", "a password opens nothing");
    browser.get("/staff/sign-in/code").await;
    let status = browser.send(&[("code", "000000")], "Continue").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&browser);
    browser.send(&[("code", &codes[7])], "Continue").await;
    assert_eq!(browser.path, "/staff");
}

#[tokio::test]
async fn a_name_that_has_to_wait_is_answered_like_any_other() {
    let test = TestApp::open().await;
    test.add("verifier", "verifier").await;
    let mut browser = test.browser();
    browser.get("/staff/sign-in").await;
    let mut answers = Vec::new();
    for (name, password) in [
        ("verifier", "wrong"),
        ("nobody", "wrong"),
        ("verifier", PASSWORD),
    ] {
        for _ in 0..6 {
            let fields = [("name", name), ("password", password)];
            let status = browser.send(&fields, "Sign in").await;
            answers.push((status, browser.html.replace(name, "NAME")));
        }
    }
    let (first, others) = answers.split_first().unwrap();
    assert_eq!(first.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(others.iter().all(|answer| answer == first));
}

#[tokio::test]
async fn who_is_asked_again_goes_back_to_where_they_were() {
    let test = TestApp::open().await;
    let fiona = member(&test, "fiona").await;
    let mut browser = test.browser();
    browser
        .get("/staff/confirm-it-is-you?back=/staff/schemes")
        .await;
    assert_eq!(browser.path, "/staff/sign-in");
    browser.cookies.insert("w".to_owned(), fiona.session);
    for (back, to) in [
        ("/staff/schemes", "/staff/schemes"),
        ("https://example.org/staff", "/staff"),
    ] {
        test.clock.advance(SignedDuration::from_mins(6));
        browser
            .get(&format!("/staff/confirm-it-is-you?back={back}"))
            .await;
        sound(&browser);
        browser.send(&[("code", "000000")], "Confirm").await;
        assert!(browser.has("Enter the newest code of your device"));
        sound(&browser);
        let person = test.app.session(&browser.cookies["w"]).await.unwrap();
        assert!(!person.confirmed);
        let code = fiona.secret.code_at(test.app.clock.now());
        let forged = [("code", &*code), ("back", back)];
        browser.send(&forged, "Confirm").await;
        assert_eq!(browser.path, to);
        let person = test.app.session(&browser.cookies["w"]).await.unwrap();
        assert!(person.confirmed);
    }

    test.add("verifier", "verifier").await;
    let mut browser = test.signed_in("verifier").await;
    browser.get("/staff/confirm-it-is-you").await;
    sound(&browser);
    browser.send(&[("code", PASSWORD)], "Confirm").await;
    assert_eq!(browser.path, "/staff");
}

#[tokio::test]
async fn signing_out_leaves_nothing_in_the_browser() {
    let test = TestApp::open().await;
    test.add("verifier", "verifier").await;
    let mut browser = test.signed_in("verifier").await;
    let secret = browser.cookies["w"].clone();
    browser.post_once("/staff/sign-out").await;
    assert_eq!(
        browser.headers["clear-site-data"],
        "\"cookies\", \"storage\""
    );
    assert!(!browser.cookies.contains_key("w"));
    assert!(test.app.session(&secret).await.is_err());
}
