//! What every page keeps to, whatever it says.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use clares_law::engine::definition::roles::Banned;
use scraper::Html;

use super::address;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, css, select};
use crate::support::house::definition;

/// One `h1`, a name for every field, ids only once, and every reference to an id leads somewhere.
pub fn sound(browser: &Browser) {
    let page = Html::parse_document(&browser.html);
    let at = &browser.path;
    assert_eq!(page.select(&css("h1")).count(), 1, "one h1 on {at}");
    let title = select(&browser.html, "head title").join("");
    let service = if at.starts_with("/staff") {
        " – Case work"
    } else {
        " – Online form"
    };
    assert!(title.ends_with(service), "{title} on {at}");
    let mut ids = BTreeSet::new();
    for element in page.select(&css("[id]")) {
        let id = element.value().attr("id").unwrap();
        assert!(ids.insert(id.to_owned()), "{id} twice on {at}");
    }
    for field in page.select(&css("input:not([type=hidden]), select, textarea")) {
        let id = field.value().attr("id").unwrap_or_default();
        let label = format!("label[for='{id}']");
        assert!(
            !id.is_empty() && page.select(&css(&label)).count() == 1,
            "{} has no label on {at}",
            field.html()
        );
    }
    for attribute in ["aria-describedby", "aria-labelledby", "for"] {
        for element in page.select(&css(&format!("[{attribute}]"))) {
            let named = element.value().attr(attribute).unwrap();
            assert!(
                named.split(' ').all(|id| ids.contains(id)),
                "{attribute}={named} on {at}"
            );
        }
    }
    for link in page.select(&css(".govuk-error-summary a")) {
        let href = link.value().attr("href").unwrap();
        assert!(ids.contains(href.trim_start_matches('#')), "{href} on {at}");
    }
    assert!(
        !browser.html.contains(" style=") && !browser.html.contains("<script>"),
        "inline style or script on {at}"
    );
    assert_eq!(browser.headers["cache-control"], "no-store", "{at}");
}

#[tokio::test]
async fn l8_no_public_title_address_or_cookie_says_what_this_is() {
    let test = TestApp::open().await;
    let definition = definition(&test.app);
    let banned: Banned = definition.documents.0["messages/banned.yaml"]
        .read()
        .unwrap();
    let mut browser = test.browser();
    let (mut waiting, mut seen) = (vec!["/".to_owned()], BTreeSet::new());
    while let Some(path) = waiting.pop() {
        if !seen.insert(path.clone()) || path == "/weather" {
            continue;
        }
        assert_eq!(browser.get(&path).await, StatusCode::OK, "{path}");
        sound(&browser);
        let emergency = select(&browser.html, "a[href='tel:999']");
        assert!(!emergency.is_empty(), "999 on {path}");
        let page = Html::parse_document(&browser.html);
        for element in page.select(&css("a[href], link[href], script[src], form[action]")) {
            let value = element.value();
            let to = value
                .attr("href")
                .or(value.attr("src"))
                .or(value.attr("action"))
                .unwrap();
            assert_eq!(banned.first_in(to), None, "{to}");
            if value.name() == "a" && to.starts_with('/') {
                waiting.push(to.to_owned());
            }
        }
        let title = select(&browser.html, "head title").join("");
        let cookies: Vec<_> = browser.cookies.keys().cloned().collect();
        for text in [path, title, cookies.join(" ")] {
            assert_eq!(banned.first_in(&text), None, "{text}");
        }
    }
    assert!(seen.contains("/at/scotland/ask/f"));
    browser.get("/at/scotland/ask/f/sent").await;
    sound(&browser);
}

#[tokio::test]
async fn every_form_that_is_offered_is_sound_empty_and_refused() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let verifier = test.add("verifier", "verifier").await;
    test.add("supervisor", "supervisor").await;
    for action in [
        "register",
        "begin_contact",
        "record_initial_contact",
        "record_initial_checks",
        "triage",
        "request_meeting",
    ] {
        for name in ["verifier", "supervisor"] {
            let mut browser = test.signed_in(name).await;
            every_form(&mut browser, &address(case)).await;
        }
        drop(test.act(case, &verifier, action).await);
    }
}

async fn every_form(browser: &mut Browser, case: &str) {
    browser.get(case).await;
    sound(browser);
    let page = Html::parse_document(&browser.html)
        .select(&css("a[href*='/do/']"))
        .map(|link| link.value().attr("href").unwrap().to_owned())
        .collect::<Vec<_>>();
    assert!(page.len() > 3);
    for form in page {
        assert_eq!(browser.get(&form).await, StatusCode::OK, "{form}");
        sound(browser);
        if browser.html.contains("Check your answers") {
            let status = browser.send(&[], "Check your answers").await;
            sound(browser);
            if status != StatusCode::OK {
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
                assert!(browser.has("There is a problem"), "{form}");
            }
        }
    }
}
