//! The main job in a browser: an application goes from the public form to closure, by the roles that may.

use std::path::Path;

use clares_law::app::library;
use clares_law::engine::definition::record::{Answers, Record};
use clares_law::engine::scenario::{NOTHING, Scenario, Step, filled};
use clares_law::web::form;
use thirtyfour::prelude::*;

use crate::chrome::{Browser, Width};
use crate::service::{PASSWORD, Service};

fn scenario(name: &str) -> Scenario {
    let library = library::from_folder(Path::new("workflows")).unwrap();
    library.0[&format!("scenarios/{name}.yaml")].read().unwrap()
}

/// Fills a page's form with what would be typed for these answers, field by field as a person would.
pub async fn fill(browser: &Browser, record: &Record, answers: &Answers) {
    let accepted = record.accept(answers).unwrap();
    for (name, value) in form::write(record, &accepted).pairs() {
        let found = browser
            .driver
            .find_all(By::Css(format!("[name='{name}']")))
            .await
            .unwrap();
        let first = found
            .first()
            .unwrap_or_else(|| panic!("the page has no field {name}"));
        let kind = first.attr("type").await.unwrap().unwrap_or_default();
        if kind == "radio" || kind == "checkbox" {
            let one = By::Css(format!("[name='{name}'][value='{value}']"));
            let chosen = browser.driver.find(one).await.unwrap();
            if !chosen.is_selected().await.unwrap() {
                chosen.click().await.unwrap();
            }
        } else if first.tag_name().await.unwrap() == "select" {
            first
                .find(By::Css(format!("option[value='{value}']")))
                .await
                .unwrap()
                .click()
                .await
                .unwrap();
        } else {
            first.clear().await.unwrap();
            first.send_keys(value).await.unwrap();
        }
    }
}

async fn sign_in(browser: &Browser, service: &Service, name: &str) {
    browser.driver.delete_all_cookies().await.unwrap();
    browser
        .goto(&format!("{}/staff/sign-in", service.address))
        .await;
    browser.fill("Name", name).await;
    browser.fill("Password", PASSWORD).await;
    browser.press("Sign in").await;
}

/// Sends the public form and answers the reference shown at the end.
async fn apply(browser: &Browser, service: &Service, scenario: &Scenario) -> String {
    browser.goto(&format!("{}/", service.address)).await;
    browser.press("Start").await;
    let definition = service.definition();
    let (form, answers) = scenario.application(&definition);
    fill(browser, &definition.records[&form], &answers).await;
    browser.press("Send").await;
    let text = browser.text().await;
    let words = text.split_whitespace();
    let mut references =
        words.filter(|word| clares_law::domain::reference::Reference::parse(word).is_ok());
    references
        .next()
        .unwrap_or_else(|| panic!("no reference on the page: {text}"))
        .to_owned()
}

/// Does a step on its page: the form, the check, the confirmation.
async fn step(browser: &Browser, service: &Service, case: &str, step: &Step) {
    let definition = service.definition();
    browser.goto(&format!("{case}/do/{}", step.does)).await;
    if step.then.refused.is_some()
        && browser
            .driver
            .find_all(By::Css("form [name='form-key']"))
            .await
            .unwrap()
            .is_empty()
    {
        return;
    }
    let action = definition.scheme.actions.get(&step.does);
    if let Some(record) = action.and_then(|action| action.record.as_ref()) {
        fill(
            browser,
            &definition.records[&**record],
            &filled(&definition, record, &step.record),
        )
        .await;
    }
    if !step.because.is_empty() {
        let reason = browser
            .driver
            .find(By::Css("textarea[name='form-reason']"))
            .await
            .unwrap();
        reason.send_keys(&step.because).await.unwrap();
    }
    browser.press("Check your answers").await;
    if step.then.refused.is_none() {
        browser.press("Confirm and record").await;
    }
}

/// Walks a scenario through the pages; answers the address of the case.
async fn walk(browser: &Browser, service: &Service, scenario: &Scenario) -> String {
    let reference = apply(browser, service, scenario).await;
    let definition = service.definition();
    let mut case = String::new();
    for one in &scenario.steps {
        service.clock.advance(one.waits().unwrap());
        service.sweep(100).await.unwrap();
        if *one.does == *NOTHING {
            continue;
        }
        sign_in(browser, service, one.by.as_ref().unwrap()).await;
        if case.is_empty() {
            browser
                .goto(&format!(
                    "{}/staff/schemes/dsdas-scotland/queues/to_register",
                    service.address
                ))
                .await;
            browser.follow(&reference).await;
            case = browser.driver.current_url().await.unwrap().to_string();
        }
        step(browser, service, &case, one).await;
        let text = browser.text().await;
        for sentence in one.then.refused.iter().flatten() {
            assert!(
                text.contains(sentence),
                "{} should be refused because: {sentence}\n{text}",
                one.does
            );
        }
        if let Some(state) = &one.then.state {
            let label = definition.state_label(state);
            assert!(
                text.contains(label),
                "after {} the case should be ‘{label}’:\n{text}",
                one.does
            );
        }
    }
    case
}

#[tokio::test]
async fn an_application_goes_from_the_public_form_to_closure() {
    let scenario = scenario("asks-for-herself-and-is-told");
    let service = Service::start(&scenario).await;
    let browser = Browser::open(Width::Desk).await;
    let case = walk(&browser, &service, &scenario).await;
    browser.goto(&case).await;
    browser.screenshot("closed-case").await;
    assert!(browser.text().await.contains("Closed"));
    assert!(browser.axe().await.is_empty(), "{:?}", browser.axe().await);
    assert!(service.app.verify_history().await.unwrap().bad.is_empty());
}

#[tokio::test]
async fn a_no_is_sent_back_and_then_confirmed_on_a_phone() {
    let scenario = scenario("nothing-held-sent-back-then-confirmed");
    let service = Service::start(&scenario).await;
    let browser = Browser::open(Width::Phone).await;
    let case = walk(&browser, &service, &scenario).await;
    browser.goto(&case).await;
    browser.screenshot("closed-case").await;
    browser.no_sideways_scroll().await;
}
