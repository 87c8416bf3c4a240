//! A scheme without a public form: there for those who sign in, and outside as if it were not.

use axum::http::StatusCode;
use clares_law::app::error::AppError;
use clares_law::app::intake::{Door, Form};
use clares_law::app::library;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Library;
use clares_law::engine::definition::explain::{handbook, public};
use serde_json::Value;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::world::{dsdas, editions, shipped};

const SCHEME: &str = "marac";
const HERE: &str = "kirkallan";

/// Everything of an answer, but for the names that the service makes anew each time.
fn whole(browser: &Browser) -> (StatusCode, Vec<String>, Vec<u8>) {
    let headers = browser.headers.iter();
    let headers = headers.map(|(name, value)| format!("{name}: {value:?}"));
    (browser.status, headers.collect(), browser.bytes.clone())
}

#[tokio::test]
async fn outside_it_is_answered_like_what_there_is_not() {
    let test = TestApp::of(SCHEME).await;
    assert!(test.app.public_doors().is_empty());
    let mut browser = test.browser();
    for page in ["", "/f", "/f/sent", "/next", "?lang=cy"] {
        browser.get(&format!("/at/nowhere/nothing{page}")).await;
        let unknown = whole(&browser);
        assert_eq!(unknown.0, StatusCode::NOT_FOUND);
        for address in ["refer", SCHEME, "referral"] {
            browser.get(&format!("/at/{HERE}/{address}{page}")).await;
            assert_eq!(whole(&browser), unknown, "{address}{page}");
        }
    }
    let typed = [("capacity".to_owned(), "professional".to_owned())];
    browser.post("/at/nowhere/nothing/f", &typed).await;
    let unknown = whole(&browser);
    browser.post(&format!("/at/{HERE}/refer/f"), &typed).await;
    assert_eq!(whole(&browser), unknown);

    let definition = editions()
        .find(|one| *one.scheme.scheme == *SCHEME)
        .unwrap();
    let form = &definition.scheme.intake.referral_form;
    let door = |form| Door {
        authority: HERE.to_owned(),
        scheme: SCHEME.to_owned(),
        form,
    };
    let answers = definition.records[&**form].examples();
    let sent = test
        .app
        .receive(door(Form::Public), answers, None, Actor::public());
    assert!(matches!(sent.await, Err(AppError::NotFound)));
    assert_eq!(test.count("select count(*) from cases").await, 0);
}

#[tokio::test]
async fn where_no_scheme_has_a_public_form_the_first_page_leads_to_the_sign_in() {
    let test = TestApp::of(SCHEME).await;
    let mut browser = test.browser();
    browser.get("/").await;
    assert_eq!(
        (browser.status, &*browser.path),
        (StatusCode::OK, "/staff/sign-in")
    );
}

#[tokio::test]
async fn the_document_of_the_api_has_its_referrals_and_no_applications() {
    let applications = "/api/v1/at/{authority}/{address}/applications";
    for (scheme, form, is_public) in [
        (SCHEME, "marac.referral", false),
        ("dsdas-scotland", "dsdas-scotland.referral", true),
    ] {
        let test = TestApp::of(scheme).await;
        let mut browser = test.browser();
        browser.get("/api/v1/openapi.json").await;
        let document: Value = serde_json::from_slice(&browser.bytes).unwrap();
        assert_eq!(document["paths"].get(applications).is_some(), is_public);
        assert!(document["components"]["schemas"].get(form).is_some());
        let referrals = document["paths"]["/api/v1/schemes/{scheme}/referrals"].to_string();
        assert!(referrals.contains(&format!("#/components/schemas/{form}")));
    }
}

#[test]
fn the_handbook_says_who_can_refer_and_the_other_text_whom_it_is_for() {
    let definition = editions()
        .find(|one| *one.scheme.scheme == *SCHEME)
        .unwrap();
    let book = handbook(definition).markdown();
    let refers = "There is no public form. Only a signed-in ‘Intake’, ‘Verifier’ or ‘Referring professional’ can refer.";
    assert!(book.contains(refers), "{book}");
    assert!(
        handbook(dsdas())
            .markdown()
            .contains("Anybody can fill in the public form.")
    );
    let theirs = "for people who tell us about somebody as part of their job";
    let page = public(definition).markdown();
    assert!(
        page.contains(theirs) && page.contains("As part of my job"),
        "{page}"
    );
    assert!(!public(dsdas()).markdown().contains(theirs));
    assert!(definition.said_outside().is_empty());
}

#[test]
fn an_address_without_a_form_and_a_form_without_an_address_are_found() {
    let found = |library: &Library| {
        let findings = library::others(library, &library::schemes(library)).into_iter();
        let wanted = findings.filter(|finding| finding.file.contains("authorities/"));
        let told: Vec<_> = wanted.map(|finding| finding.text).collect();
        told.join("\n")
    };
    assert_eq!(found(&shipped()), "");
    let changed = |path: &str, from: &str, to: &str| {
        let mut library = shipped();
        let file = library.0.get_mut(path).unwrap();
        assert!(file.text.contains(from), "{from}");
        file.text = file.text.replacen(from, to, 1);
        found(&library)
    };
    let kirkallan = "authorities/kirkallan.yaml";
    let face = "  marac:\n    address: refer\n    public_name: Tell us\n";
    let told = changed(kirkallan, "  marac:\n", face);
    assert!(told.contains("`marac` has no public form"), "{told}");
    let half = "  marac:\n    address: refer\n";
    let told = changed(kirkallan, "  marac:\n", half);
    assert!(
        told.contains("Give both an `address` and a `public_name`"),
        "{told}"
    );
    let library = shipped();
    let scotland = &library.0["authorities/scotland.yaml"].text;
    let is_face = |line: &&str| line.contains(" address: ") || line.contains(" public_name: ");
    let face: String = scotland.split_inclusive('\n').filter(is_face).collect();
    let told = changed("authorities/scotland.yaml", &face, "");
    assert!(
        told.contains("`dsdas-scotland` has a public form"),
        "{told}"
    );
}
