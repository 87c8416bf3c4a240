//! The pages of a search: numbers first, nothing typed is lost, and nothing of it stands in an address or a title.

use jiff::SignedDuration;
use serde_json::json;

use super::{WHY, case_about};
use crate::support::app::{PASSWORD, TestApp};

const LINK: &str = "Search other cases for the same people";

#[tokio::test]
async fn a_verifier_searches_and_is_shown_numbers_before_cases() {
    let test = TestApp::open().await;
    test.add("morag", "verifier").await;
    let from = case_about(&test, 1, json!({})).await;
    let other = case_about(&test, 2, json!({})).await;
    let mut browser = test.signed_in("morag").await;
    browser.get(&format!("/staff/cases/{from}")).await;
    browser.get(&browser.link(LINK)).await;
    assert_eq!(browser.heading(), "Search other cases");
    // Without a reason nothing is searched, and what was typed stays.
    let phone = ("phones", "07700 900102");
    assert_eq!(browser.send(&[phone], "Search").await, 422);
    assert!(browser.html.contains("07700 900102") && browser.has("Why you search"));
    assert_eq!(browser.send(&[("because", WHY)], "Search").await, 200);
    assert_eq!(browser.heading(), "1 case found");
    assert!(!browser.html.contains(&other.to_string()), "not yet");
    // Back to what was typed, and on again.
    browser.send(&[], "Change the search").await;
    assert!(browser.html.contains("07700 900102") && browser.html.contains(WHY));
    browser.send(&[], "Search").await;
    assert_eq!(browser.send(&[], "Show what was found").await, 200);
    assert_eq!(browser.heading(), "1 case found");
    assert!(browser.has("Phone number"));
    for personal in ["Strath", "Ailsa", "Neil", "900102", WHY] {
        assert!(!browser.html.contains(personal), "{personal}");
    }
    let reference = test.load(other).await.case.reference;
    browser.get(&browser.link(&reference)).await;
    assert!(browser.has("Strathcccc"));
}

#[tokio::test]
async fn none_found_says_that_there_may_be_some() {
    let test = TestApp::open().await;
    test.add("morag", "intake").await;
    let from = case_about(&test, 1, json!({})).await;
    let mut browser = test.signed_in("morag").await;
    browser.get(&format!("/staff/cases/{from}/search")).await;
    assert_eq!(browser.send(&[("because", WHY)], "Search").await, 200);
    assert_eq!(browser.heading(), "No other case found");
    assert!(browser.has("does not mean that there is none") && !browser.has("Show what was found"));
}

#[tokio::test]
async fn too_many_people_is_said_on_the_form_and_nothing_is_lost() {
    let test = TestApp::open().await;
    test.add("morag", "verifier").await;
    let from = case_about(&test, 1, json!({})).await;
    let mut browser = test.signed_in("morag").await;
    browser.get(&format!("/staff/cases/{from}/search")).await;
    let sent = [("person.family_name", "Kincardie"), ("because", WHY)];
    assert_eq!(browser.send(&sent, "Search").await, 422);
    assert!(browser.has("too many people") && browser.html.contains("Kincardie"));
}

#[tokio::test]
async fn whoever_took_longer_proves_who_they_are_and_loses_nothing() {
    let test = TestApp::open().await;
    test.add("morag", "verifier").await;
    let from = case_about(&test, 1, json!({})).await;
    case_about(&test, 2, json!({})).await;
    let mut browser = test.signed_in("morag").await;
    let search = format!("/staff/cases/{from}/search");
    assert_eq!(browser.get(&search).await, 200);
    test.clock.advance(SignedDuration::from_mins(6));
    let typed = [("phones", "07700 900102"), ("because", WHY)];
    assert_eq!(browser.send(&typed, "Search").await, 422);
    assert!(browser.has("More than 5 minutes have passed"));
    assert!(browser.html.contains("07700 900102") && browser.html.contains(WHY));
    assert_eq!(browser.send(&[("code", "wrong")], "Search").await, 422);
    assert!(browser.html.contains("07700 900102") && !browser.html.contains("wrong"));
    assert_eq!(browser.send(&[("code", PASSWORD)], "Search").await, 200);
    assert_eq!(browser.heading(), "1 case found");
    assert!(!browser.html.contains(PASSWORD));
    test.clock.advance(SignedDuration::from_mins(6));
    browser.get(&search).await;
    assert_eq!(browser.heading(), "Confirm it is you");
}

#[tokio::test]
async fn whoever_may_not_search_is_offered_nothing() {
    let test = TestApp::open().await;
    test.add("anna", "auditor").await;
    let from = case_about(&test, 1, json!({})).await;
    let mut browser = test.signed_in("anna").await;
    assert_eq!(browser.get(&format!("/staff/cases/{from}")).await, 200);
    assert!(!browser.has(LINK));
}
