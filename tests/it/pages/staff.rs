//! Signing in, queues, cases and actions, as the people of a case work with them.

use axum::http::StatusCode;
use jiff::SignedDuration;

use super::address;
use super::sound::sound;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, select};
use crate::support::world::dsdas;

/// A registration as the form would send it.
const REGISTRATION: [(&str, &str); 4] = [
    ("channel", "online"),
    ("searched_earlier_cases", "yes"),
    ("safe_contact_read", "yes"),
    ("expected_area", "Strathdunan"),
];

#[tokio::test]
async fn signing_in_has_one_answer_for_every_failure() {
    let test = TestApp::open().await;
    test.add("verifier", "verifier").await;
    let mut browser = test.browser();
    browser.get("/staff").await;
    assert_eq!(browser.path, "/staff/sign-in");
    sound(&browser);
    let mut answers = Vec::new();
    for (name, password) in [("verifier", "wrong"), ("nobody", "wrong")] {
        let status = browser
            .send(&[("name", name), ("password", password)], "Sign in")
            .await;
        sound(&browser);
        assert!(
            browser.html.contains(&format!("value=\"{name}\"")),
            "the name is kept"
        );
        answers.push((status, browser.html.replace(name, "NAME")));
    }
    assert_eq!(answers[0], answers[1]);

    let mut browser = test.signed_in("verifier").await;
    let cookie = browser.cookies.clone();
    assert!(cookie.contains_key("w"));
    browser.get("/staff").await;
    assert!(browser.has("verifier, Verifier"));
    browser.post("/staff/sign-out", &[]).await;
    assert_eq!(browser.path, "/staff/sign-in");
    browser.cookies = cookie;
    browser.get("/staff").await;
    assert_eq!(
        browser.path, "/staff/sign-in",
        "a session ends on the server"
    );
}

#[tokio::test]
async fn a_case_is_found_in_its_queue_and_worked_on() {
    let test = TestApp::open().await;
    let case = test.case().await;
    test.add("verifier", "verifier").await;
    test.clock.advance(SignedDuration::from_hours(2));
    let mut browser = test.signed_in("verifier").await;
    browser
        .get("/staff/schemes/dsdas-scotland/queues/to_register")
        .await;
    sound(&browser);
    assert!(
        browser.has("Tuesday 24 November, 09:30 – 22 hours left"),
        "{}",
        browser.text()
    );
    assert!(browser.has("unconfirmed") && browser.has("nobody has registered it"));
    let reference = select(&browser.html, ".app-queue tbody a").join("");
    let to = browser.link(&reference);
    assert_eq!(to, address(case));
    assert_eq!(
        browser
            .get("/staff/schemes/dsdas-scotland/queues/to_triage")
            .await,
        StatusCode::OK
    );
    assert!(browser.has("Nothing waits here."));

    browser.get(&to).await;
    sound(&browser);
    assert!(browser.has("Mairi Inverallan") && browser.has("Never: Evenings and weekends"));
    let register = browser.link("Register");
    browser.get(&register).await;

    // A condition of the scheme, in its own words; nothing typed is lost.
    let mut bad = REGISTRATION.to_vec();
    bad[1].1 = "no";
    assert_eq!(
        browser.send(&bad, "Check your answers").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    sound(&browser);
    assert!(
        browser.has("Look for earlier cases about the same people before you register this one")
    );
    assert!(browser.html.contains("value=\"Strathdunan\""));

    assert_eq!(
        browser
            .send(&[("searched_earlier_cases", "yes")], "Check your answers")
            .await,
        StatusCode::OK
    );
    assert_eq!(browser.heading(), "Check your answers");
    sound(&browser);
    browser.send(&[], "Change").await;
    assert!(browser.html.contains("value=\"Strathdunan\""));
    browser.send(&[], "Check your answers").await;
    let confirmed = browser.form(&[], "Confirm and record");
    browser.post(&confirmed.0, &confirmed.1).await;
    assert_eq!(browser.path, format!("{to}?done"));
    assert!(browser.has("Recorded: Register") && browser.heading() == "Registered");
    sound(&browser);

    // Pressed twice, it is done once: the second answer is the first one's.
    let before = select(&browser.html, ".app-timeline__item");
    browser.post(&confirmed.0, &confirmed.1).await;
    assert_eq!(browser.path, format!("{to}?done"));
    assert_eq!(select(&browser.html, ".app-timeline__item"), before);
}

#[tokio::test]
async fn somebody_elses_change_is_shown_and_nothing_typed_is_lost() {
    let test = TestApp::open().await;
    let case = test.case().await;
    test.add("verifier", "verifier").await;
    test.add("intake", "intake").await;
    let form = format!("{}/do/register", address(case));
    let note = format!("{}/do/note", address(case));
    let mut mine = test.signed_in("verifier").await;
    mine.get(&form).await;
    let mut theirs = test.signed_in("intake").await;
    theirs.get(&note).await;
    theirs
        .send(
            &[("form-reason", "<b>He rang</b>\nand rang again")],
            "Check your answers",
        )
        .await;
    theirs.send(&[], "Confirm and record").await;
    assert!(
        theirs
            .html
            .contains("&lt;b&gt;He rang&lt;/b&gt;\nand rang again")
    );

    assert_eq!(
        mine.send(&REGISTRATION, "Check your answers").await,
        StatusCode::CONFLICT
    );
    sound(&mine);
    assert!(mine.has("Somebody has changed this case") && mine.has("Note – intake, Intake"));
    assert!(mine.html.contains("value=\"Strathdunan\""));
    // Having looked, the same answers go through.
    assert_eq!(mine.send(&[], "Check your answers").await, StatusCode::OK);
    mine.send(&[], "Confirm and record").await;
    assert_eq!(mine.heading(), "Registered");

    // What the clock alone has written since is no reason to start again.
    mine.get(&note).await;
    let (action, pairs) = mine.form(&[("form-reason", "Still here")], "Check your answers");
    test.clock.advance(SignedDuration::from_hours(30));
    test.sweep(100).await.unwrap();
    let mut mine = test.signed_in("verifier").await;
    assert_eq!(mine.post(&action, &pairs).await, StatusCode::OK);
    mine.send(&[], "Confirm and record").await;
    assert!(
        mine.has("Recorded: Note") && mine.has("6 hours late"),
        "{}",
        mine.text()
    );
}

#[tokio::test]
async fn l4_a_second_person_confirms_and_the_first_cannot() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let verifier = test.add("verifier", "verifier").await;
    let first = test.add("first", "supervisor").await;
    test.add("second", "supervisor").await;
    for action in ["register", "record_initial_checks", "flag_conflict"] {
        test.act(case, &verifier, action).await.unwrap();
    }
    test.act(case, &first, "decline_application").await.unwrap();

    let mut browser = test.signed_in("first").await;
    browser.get(&address(case)).await;
    sound(&browser);
    assert!(browser.has("You proposed this, so another person must confirm it"));
    let status = browser.get(&format!("{}/do/confirm", address(case))).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(browser.has("You proposed this, so another person must confirm it"));

    let mut browser = test.signed_in("second").await;
    browser
        .get("/staff/schemes/dsdas-scotland/queues/to_confirm")
        .await;
    sound(&browser);
    assert!(browser.has("To confirm: Stop because of misuse or a conflict"));
    browser.get(&address(case)).await;
    assert!(browser.has("A reason in a few words"));
    let confirm = browser.link("Confirm");
    browser.get(&confirm).await;
    sound(&browser);
    assert_eq!(
        browser.send(&[], "Check your answers").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(browser.has("Say why you agree"));
    browser
        .send(&[("form-reason", "I read it all")], "Check your answers")
        .await;
    browser.send(&[], "Confirm and record").await;
    assert_eq!(browser.heading(), "Outcome to tell");
    sound(&browser);
}

#[tokio::test]
async fn a_record_is_amended_and_the_old_version_stays() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let verifier = test.add("verifier", "verifier").await;
    test.act(case, &verifier, "register").await.unwrap();
    let mut browser = test.signed_in("verifier").await;
    browser.get(&format!("{}/do/amend", address(case))).await;
    sound(&browser);
    let registration = browser.link("Registration");
    browser.get(&registration).await;
    sound(&browser);
    assert!(
        browser.html.contains("value=\"The town\""),
        "it holds what is on record"
    );
    assert_eq!(
        browser
            .send(&[("form-reason", "A slip")], "Check your answers")
            .await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(browser.has("Nothing would change"));
    browser
        .send(
            &[("expected_area", "Dundrennick"), ("taken_by", "")],
            "Check your answers",
        )
        .await;
    assert_eq!(browser.heading(), "Check your answers");
    assert_eq!(
        select(&browser.html, ".app-before"),
        ["PC Struthers, front office", "The town"]
    );
    browser.send(&[], "Confirm and record").await;
    assert!(browser.has("Recorded: Amended: Registration") && browser.has("Version 2"));
    assert!(
        browser.has("Dundrennick") && browser.has("The town"),
        "both versions can be read"
    );
    sound(&browser);
}

#[tokio::test]
async fn unknown_hidden_and_malformed_are_one_page() {
    let test = TestApp::open().await;
    let case = test.case().await;
    test.add("verifier", "verifier").await;
    test.add("administrator", "administrator").await;
    let mut verifier = test.signed_in("verifier").await;
    let mut administrator = test.signed_in("administrator").await;
    sound(&administrator);
    let mut pages = Vec::new();
    for path in [
        "/staff/cases/00000000-0000-4000-8000-000000000000".to_owned(),
        "/staff/cases/7K3M-9PQ2".to_owned(),
        "/staff/schemes/dsdas-scotland/queues/nowhere".to_owned(),
        "/staff/schemes/dsdas-scotland/queues/to_confirm".to_owned(),
        "/staff/schemes/dsdas-scotland/queues/to_register?after=x".to_owned(),
        format!("{}/do/fly", address(case)),
        format!("{}/do/amend?record=nothing", address(case)),
    ] {
        pages.push(page(&mut verifier, &path).await);
    }
    for path in [
        address(case),
        format!("{}/do/note", address(case)),
        "/staff/schemes/dsdas-scotland/queues/to_register".to_owned(),
    ] {
        pages.push(page(&mut administrator, &path).await);
    }
    assert_eq!(pages[0].0, StatusCode::NOT_FOUND);
    assert!(pages.iter().all(|page| *page == pages[0]), "{pages:#?}");
    // An action of another state is no secret: it says why it is off.
    assert_eq!(
        verifier.get(&format!("{}/do/triage", address(case))).await,
        StatusCode::CONFLICT
    );
    assert!(verifier.has("cannot be done while the case is in the state ‘Received’"));
}

async fn page(browser: &mut Browser, path: &str) -> (StatusCode, String) {
    (browser.get(path).await, browser.html.clone())
}

#[tokio::test]
async fn a_long_queue_has_pages() {
    let test = TestApp::open().await;
    for _ in 0..52 {
        test.case().await;
        test.clock.advance(SignedDuration::from_secs(1));
    }
    test.add("intake", "intake").await;
    let mut browser = test.signed_in("intake").await;
    browser
        .get("/staff/schemes/dsdas-scotland/queues/to_register")
        .await;
    let first = select(&browser.html, ".app-queue tbody a");
    assert_eq!(first.len(), 50);
    let next = browser.link("Next page");
    browser.get(&next).await;
    sound(&browser);
    let second = select(&browser.html, ".app-queue tbody a");
    assert_eq!(second.len(), 2);
    assert!(second.iter().all(|reference| !first.contains(reference)));
    browser.get(&browser.link("First page")).await;
    assert_eq!(select(&browser.html, ".app-queue tbody a"), first);
}

#[tokio::test]
async fn a_scheme_shows_where_its_open_cases_are_and_explains_itself() {
    let test = TestApp::open().await;
    let cases = [test.case().await, test.case().await, test.case().await];
    let verifier = test.add("verifier", "verifier").await;
    test.act(cases[0], &verifier, "register").await.unwrap();
    let mut browser = test.signed_in("verifier").await;
    let schemes = browser.link("Schemes");
    browser.get(&schemes).await;
    sound(&browser);
    let one = browser.link(&dsdas().scheme.name);
    browser.get(&one).await;
    sound(&browser);
    let rows = select(&browser.html, ".app-states tbody tr");
    for row in [
        "ReceivedIntake2",
        "RegisteredIntake1",
        "TriagedVerification0",
    ] {
        assert!(rows.contains(&row.to_owned()), "{row}: {rows:#?}");
    }
    assert!(browser.has("3 open cases.") && browser.has("2026-01"));
    let pictured = select(&browser.html, "svg text");
    assert!(pictured.contains(&"2".to_owned()) && pictured.contains(&"Received".to_owned()));
    assert!(browser.has("no source gives a quorum"));

    let handbook = browser.link("Handbook");
    browser.get(&handbook).await;
    sound(&browser);
    assert!(browser.has("Look for earlier cases about the same people"));
    let badges = select(&browser.html, ".app-unconfirmed");
    assert!(badges.len() > 100, "{}", badges.len());
}

#[tokio::test]
async fn schemes_are_for_those_who_see_cases() {
    let test = TestApp::open().await;
    test.add("referrer", "referrer").await;
    let mut browser = test.browser();
    for page in ["/staff/schemes", "/staff/schemes/dsdas-scotland"] {
        browser.get(page).await;
        assert_eq!(browser.path, "/staff/sign-in");
    }
    let mut browser = test.signed_in("referrer").await;
    assert!(!browser.has("Schemes"));
    for page in [
        "",
        "/dsdas-scotland",
        "/dsdas-scotland/handbook",
        "/nothing",
    ] {
        let page = format!("/staff/schemes{page}");
        assert_eq!(browser.get(&page).await, StatusCode::NOT_FOUND, "{page}");
    }
}
