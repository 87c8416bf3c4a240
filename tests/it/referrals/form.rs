//! The form: asked, mended, sent once, and closed to everybody whose role does not refer.

use axum::http::StatusCode;
use jiff::SignedDuration;

use super::{CASES, FORM, LIST, SEND, borrowed, filled};
use crate::pages::sound::sound;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, select};

/// The reference that the page shows once after sending.
fn shown_once(browser: &Browser) -> String {
    let banner = select(&browser.html, ".govuk-notification-banner__heading").join("");
    let (_, reference) = banner.rsplit_once(' ').unwrap_or_default();
    reference.trim_end_matches('.').to_owned()
}

#[tokio::test]
async fn a_professional_refers_and_reads_how_far_it_has_come() {
    let test = TestApp::open().await;
    test.add("rory", "referrer").await;
    let mut browser = test.signed_in("rory").await;
    sound(&browser);
    assert_eq!(browser.heading(), "Referrals");
    assert!(!browser.has("queues"), "{}", browser.text());
    browser.get(&browser.link("Your referrals")).await;
    sound(&browser);
    assert!(browser.has("You have made no referrals."));
    let form = browser.link("Make a referral: Disclosure Scheme for Domestic Abuse Scotland");
    assert_eq!(form, FORM);
    browser.get(&form).await;
    sound(&browser);

    let status = browser.send(&[], SEND).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&browser);
    assert!(browser.has("There is a problem"));
    let mut bad = filled();
    bad.retain(|(name, _)| name != "subject.born-month");
    bad.push(("subject.born-month".to_owned(), "Smarch".to_owned()));
    let status = browser.send(&borrowed(&bad), SEND).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&browser);
    let (_, kept) = browser.form(&[], SEND);
    for (name, value) in &bad {
        let value = value.replace('\n', "\r\n");
        assert!(kept.contains(&(name.clone(), value)), "{name} was not kept");
    }
    assert_eq!(test.count(CASES).await, 0);

    browser.get(FORM).await;
    browser.send(&borrowed(&filled()), SEND).await;
    assert_eq!((browser.status, &*browser.path), (StatusCode::OK, LIST));
    sound(&browser);
    let reference = shown_once(&browser);
    assert_eq!(test.references().await.join(" "), reference);
    let row = select(&browser.html, "main tbody tr > *");
    let (day, scheme) = (
        "Monday 23 November 2026",
        "Disclosure Scheme for Domestic Abuse Scotland",
    );
    assert_eq!(row, [&*reference, "Received", day, scheme]);
    browser.get(LIST).await;
    sound(&browser);
    assert_eq!(shown_once(&browser), "", "once");
    assert_eq!(select(&browser.html, "main tbody tr > *"), row);
    assert_eq!(browser.cookies.len(), 1, "the session alone");
}

#[tokio::test]
async fn whoever_only_refers_is_not_sent_to_queues() {
    let test = TestApp::open().await;
    for (name, role) in [
        ("rory", "referrer"),
        ("iona", "intake"),
        ("iain", "supervisor"),
    ] {
        test.add(name, role).await;
    }
    test.case().await;
    // A clock warns the supervisor, and no mail goes out.
    test.clock.advance(SignedDuration::from_hours(13));
    test.sweep(9).await.unwrap();
    test.clock.advance(SignedDuration::from_mins(3));
    let late = "Look into your queues yourself";
    assert!(test.signed_in("iona").await.has(late));
    let browser = test.signed_in("rory").await;
    assert!(!browser.has(late) && !browser.has("queues"));
}

#[tokio::test]
async fn l16_a_referral_sent_twice_is_one_case_and_other_answers_are_not_lost() {
    let test = TestApp::open().await;
    test.add("rory", "referrer").await;
    let mut browser = test.signed_in("rory").await;
    browser.get(FORM).await;
    let (to, mut pairs) = browser.form(&borrowed(&filled()), SEND);
    browser.post(&to, &pairs).await;
    let reference = shown_once(&browser);
    browser.post(&to, &pairs).await;
    assert_eq!(shown_once(&browser), reference);
    assert_eq!(test.count(CASES).await, 1);

    for (name, value) in &mut pairs {
        if name == "agency_role" {
            "Health visitor".clone_into(value);
        }
    }
    let status = browser.post(&to, &pairs).await;
    assert_eq!(status, StatusCode::CONFLICT);
    sound(&browser);
    assert!(browser.has("You have sent this form already"));
    assert!(browser.html.contains("Health visitor"));
    assert_eq!(test.count(CASES).await, 1);
    browser.send(&[], SEND).await;
    assert_eq!(browser.path, LIST);
    assert_eq!(test.count(CASES).await, 2);
    assert_ne!(shown_once(&browser), reference);
}

#[tokio::test]
async fn more_rows_keep_what_was_typed_and_what_is_not_asked_is_refused() {
    let test = TestApp::open().await;
    test.add("iona", "intake").await;
    let mut browser = test.signed_in("iona").await;
    assert!(browser.has("Your queues") && browser.has("Open a case in an emergency"));
    browser.get(FORM).await;
    let home = [("subject_addresses.2.address", "Dundrennick")];
    assert_eq!(browser.send(&home, "More rows").await, StatusCode::OK);
    sound(&browser);
    let (to, mut pairs) = browser.form(&[], SEND);
    let kept = |name: &str, value: &str| pairs.contains(&(name.to_owned(), value.to_owned()));
    assert!(kept("subject_addresses.2.address", "Dundrennick"));
    assert!(kept("subject_addresses.3.address", ""));
    pairs.push(("shoe_size".to_owned(), "9".to_owned()));
    let status = browser.post(&to, &pairs).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.has("does not ask for") && !browser.has("shoe_size"));
}

#[tokio::test]
async fn whoever_does_not_refer_finds_no_such_page() {
    let test = TestApp::open().await;
    for role in ["supervisor", "auditor", "administrator", "member"] {
        test.add(role, role).await;
        let mut browser = test.signed_in(role).await;
        assert!(!browser.has("Make a referral") && !browser.has("Your referrals"));
        browser.get("/staff/schemes/nothing/refer").await;
        assert_eq!(browser.status, StatusCode::NOT_FOUND);
        let unknown = browser.html.clone();
        for page in [FORM, LIST] {
            assert_eq!(browser.get(page).await, StatusCode::NOT_FOUND, "{page}");
            assert_eq!(browser.html, unknown, "{page}");
        }
        assert_eq!(browser.post(FORM, &filled()).await, StatusCode::NOT_FOUND);
        assert_eq!(browser.html, unknown);
    }
    assert_eq!(test.count(CASES).await, 0);
}
