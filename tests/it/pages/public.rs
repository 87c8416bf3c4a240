//! The public form from the front door to the reference, and the ways out.

use axum::http::StatusCode;

use super::sound::sound;
use crate::support::app::TestApp;
use crate::support::browser::select;

const HOSTILE: &str = "\"><script>alert('1')</script>\nand a second line";

pub const GOOD: [(&str, &str); 16] = [
    ("capacity", "for_someone_else"),
    ("danger_now", "no"),
    ("applicant.given_names", "Mairi"),
    ("applicant.family_name", "Inverallan"),
    ("applicant.born-year", "1991"),
    (
        "applicant_addresses.0.address",
        "14 Tollcairn Road, Strathdunan",
    ),
    ("applicant_addresses.0.from", "May 2021"),
    ("contact.way", "call"),
    ("contact.details", "01632 960123"),
    ("contact.voicemail", "yes"),
    ("subject.other_names", "Cal"),
    ("relationship", "with_family"),
    ("relationship_status", "unknown"),
    ("children", "unknown"),
    ("declaration", "yes"),
    ("concern", HOSTILE),
];

#[tokio::test]
async fn an_application_is_mended_and_sent_and_its_reference_shown_once() {
    let test = TestApp::open().await;
    let mut browser = test.browser();
    browser.get("/").await;
    let start = browser.link("Start");
    browser.get(&start).await;
    sound(&browser);

    // Nothing filled in: every required field is named.
    assert_eq!(
        browser.send(&[], "Send").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    sound(&browser);
    assert!(select(&browser.html, "title")[0].starts_with("Error: "));
    let errors = select(&browser.html, ".govuk-error-summary li");
    assert_eq!(errors.len(), 11, "{errors:#?}");

    // One field wrong: the rest is kept, and nothing typed becomes markup.
    let mut bad = GOOD.to_vec();
    bad.push(("subject.born-month", "Smarch"));
    bad.push(("subject.born-year", "1988"));
    assert_eq!(
        browser.send(&bad, "Send").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    sound(&browser);
    let errors = select(&browser.html, ".govuk-error-summary li");
    assert_eq!(
        errors,
        ["Who are you asking about?: Enter the month as a number or a name"]
    );
    assert!(!browser.html.contains("<script>alert"));
    let (_, kept) = browser.form(&[], "Send");
    for (name, value) in &bad {
        let sent = value.replace('\n', "\r\n");
        assert!(
            kept.iter().any(|(key, was)| key == name && *was == sent),
            "{name} was not kept"
        );
    }

    browser
        .send(&[("subject.born-month", "March")], "Send")
        .await;
    assert_eq!(
        (browser.status, browser.path.as_str()),
        (StatusCode::OK, "/at/scotland/ask/f/sent")
    );
    sound(&browser);
    let reference = select(&browser.html, ".govuk-panel strong").join("");
    assert_eq!(reference.len(), 9, "{reference}");
    assert!(
        browser.has("as soon as we can") && !browser.has("December") && !browser.has("January"),
        "no unconfirmed date outside"
    );

    browser.get("/at/scotland/ask/f/sent").await;
    assert!(!browser.has(&reference), "only once");
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn what_is_sent_twice_is_one_application_and_unknown_fields_are_refused() {
    let test = TestApp::open().await;
    let mut browser = test.browser();
    browser.get("/at/scotland/ask/f").await;
    let (action, mut pairs) = browser.form(&GOOD, "Send");
    browser.post(&action, &pairs).await;
    let reference = select(&browser.html, ".govuk-panel strong");
    browser.post(&action, &pairs).await;
    assert_eq!(select(&browser.html, ".govuk-panel strong"), reference);

    // The same key for something else says so, and not whether there is a case.
    for (name, value) in &mut pairs {
        if name == "concern" {
            "Something else".clone_into(value);
        }
    }
    assert_eq!(browser.post(&action, &pairs).await, StatusCode::CONFLICT);
    assert!(browser.has("already sent"));

    pairs.push(("shoe_size".to_owned(), "9".to_owned()));
    assert_eq!(
        browser.post(&action, &pairs).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert!(browser.has("does not ask for") && !browser.has("shoe_size"));
}

#[tokio::test]
async fn more_rows_keep_what_was_typed() {
    let test = TestApp::open().await;
    let mut browser = test.browser();
    browser.get("/at/scotland/ask/f").await;
    let rows = [0, 1, 2].map(|row| format!("subject_addresses.{row}.address"));
    let filled: Vec<_> = rows
        .iter()
        .map(|name| (name.as_str(), "Dundrennick"))
        .collect();
    assert_eq!(
        browser.send(&filled, "More room for addresses").await,
        StatusCode::OK
    );
    let (_, pairs) = browser.form(&[], "Send");
    assert!(pairs.contains(&(
        "subject_addresses.2.address".to_owned(),
        "Dundrennick".to_owned()
    )));
    assert!(pairs.contains(&("subject_addresses.3.address".to_owned(), String::new())));
    sound(&browser);
}

#[tokio::test]
async fn the_way_out_forgets_and_leads_elsewhere() {
    let test = TestApp::open().await;
    let mut browser = test.browser();
    browser
        .cookies
        .insert("s".to_owned(), "AAAA-AAAA".to_owned());
    assert_eq!(browser.get("/weather").await, StatusCode::SEE_OTHER);
    assert_eq!(browser.path, "https://www.bbc.co.uk/weather");
    assert_eq!(
        browser.headers["clear-site-data"],
        "\"cookies\", \"storage\""
    );
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn cookies_are_bound_to_tls_where_the_service_has_it() {
    let test = TestApp::open().await;
    let mut browser = crate::support::browser::Browser::new(clares_law::web::router(
        std::sync::Arc::clone(&test.app),
        true,
    ));
    browser.get("/weather").await;
    let cookies: Vec<_> = browser
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|cookie| cookie.to_str().unwrap())
        .collect();
    assert!(cookies.len() == 2);
    for cookie in cookies {
        assert!(cookie.starts_with("__Host-"), "{cookie}");
        for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
    }
}

#[tokio::test]
async fn what_happens_next_can_be_read_before_and_after_sending() {
    let test = TestApp::open().await;
    let mut browser = test.browser();
    for from in ["", "/f/sent"] {
        browser.get(&format!("/at/scotland/ask{from}")).await;
        let next = browser.link("More about what happens next");
        assert_eq!(browser.get(&next).await, StatusCode::OK);
        sound(&browser);
        assert!(browser.has("We read what you sent us"));
        assert_eq!(select(&browser.html, ".govuk-exit-this-page").len(), 1);
        assert!(browser.has("as soon as we can") && !browser.has("45"));
    }
}
