//! Searching other cases for the same people, at 320 px and desk width.

use crate::chrome::{Browser, Width};
use crate::gallery::{first, look, signed_in};
use crate::service::Service;

async fn is_good(browser: &Browser, name: &str) {
    browser.screenshot(name).await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "{name}: {faults:?}");
}

#[tokio::test]
async fn numbers_are_told_before_cases_are_shown() {
    let service = Service::demonstration().await;
    for width in [Width::Narrow, Width::Desk] {
        let browser = signed_in(&service, width, "verifier-1").await;
        let queue = format!(
            "{}/staff/schemes/dsdas-scotland/queues/to_triage",
            service.address
        );
        browser.goto(&queue).await;
        let case = first(&browser, "td a, th a").await;
        look(&browser, &format!("{case}/search"), "96-search").await;
        browser.press("Search").await;
        is_good(&browser, "97-search-with-errors").await;
        browser
            .fill("Why you search", "She says that she asked before")
            .await;
        browser.press("Search").await;
        is_good(&browser, "98-numbers-found").await;
        let numbers = browser.heading().await;
        assert!(numbers.ends_with("found"), "{numbers}");
        browser.press("Show what was found").await;
        is_good(&browser, "99-cases-found").await;
        browser.goto(&format!("{case}/search")).await;
        browser
            .fill("Why you search", "She says that she asked before")
            .await;
        browser.press("Search").await;
        browser.press("Change the search").await;
        assert_eq!(browser.heading().await, "Search other cases");
        browser.fill("Last name", "Inverallan").await;
        browser.press("Search").await;
        is_good(&browser, "99-too-many-people").await;
    }
}
