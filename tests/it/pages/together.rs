//! How the forum works, as a coordinator reads it: each question has a sentence, a picture and a table, and the three agree.

use axum::http::StatusCode;
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::Promise;
use uuid::Uuid;

use super::sound::sound;
use super::table::Table;
use crate::support::browser::select;

const PAGE: &str = "/staff/schemes/dsdas-scotland/forum";

#[tokio::test]
async fn each_question_has_a_sentence_a_picture_and_a_table() {
    let table = Table::taken().await;
    table.test.wait(7 * 24);
    let mut browser = table.test.signed_in("duncan").await;
    browser.get(PAGE).await;
    assert!(browser.has("Nothing that was promised is open."));
    for by in ["2026-01-05", "2030-01-05"] {
        let promise = Promise {
            id: Uuid::new_v4(),
            case: Some(table.case),
            agency: "housing".to_owned(),
            what: "New locks".to_owned(),
            by: by.parse().unwrap(),
        };
        table.ask(&table.chair, Ask::Promise(promise)).await;
    }
    assert_eq!(browser.get(PAGE).await, StatusCode::OK);
    sound(&browser);
    let asked = select(&browser.html, "main h2");
    assert_eq!(asked.len(), 5, "{asked:?}");
    for part in ["main h2 + p + .app-scroll svg title", "main table caption"] {
        assert_eq!(select(&browser.html, part).len(), 5, "{part}");
    }
    assert!(browser.has("1 promise overdue of 2 open."));
    let last = "[aria-label^='What was promised'] tbody tr > *";
    assert_eq!(select(&browser.html, last), ["Housing", "1", "2"]);
    assert!(
        !browser.has("New locks"),
        "what was promised is not told here"
    );
}
