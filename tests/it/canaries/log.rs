//! What a line of the log may hold, whoever writes it.

use axum::http::StatusCode;

use super::{Log, WORD, canaries};
use crate::support::app::TestApp;

#[test]
fn a_field_that_is_not_on_the_list_and_the_words_of_libraries_are_left_out() {
    let log = Log::everything();
    let error = format!("near {WORD}");
    tracing::error!(target: "clares_law::test", { name = WORD, case.id = 7, born = "1913-04-07" }, "a text");
    tracing::error!(target: "lettre::smtp", { case.id = WORD }, "250 {WORD} is taken");
    tracing::info_span!(target: "sqlx::query", "query", case.id = WORD).in_scope(|| {
        tracing::info_span!(target: "clares_law::web", "request", http.route = "/a", name = WORD)
            .in_scope(
                || tracing::warn!(target: "clares_law::test", { name = %error }, "in a request"),
            );
    });
    assert_eq!(log.lines_with(&canaries()), Vec::<String>::new());
    let text = log.text();
    for said in [
        "ERROR clares_law::test: a text case.id=7 fields.left_out=2\n",
        "ERROR lettre::smtp: a library has something to say at line ",
        "WARN request{http.route=\"/a\" fields.left_out=1} clares_law::test: in a request fields.left_out=1\n",
    ] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
}

#[test]
fn a_value_cannot_begin_a_line_of_its_own() {
    let log = Log::everything();
    let forged = format!("x\n{} ERROR a line", "2026-11-23T09:30:00Z");
    tracing::error!(target: "clares_law::test", { error.inside = %forged }, "a text");
    assert_eq!(log.text().lines().count(), 1, "{}", log.text());
}

#[tokio::test]
async fn the_log_tells_the_pattern_of_an_address_and_never_the_address() {
    let test = TestApp::open().await;
    let mut browser = test.browser();
    let log = Log::everything();
    let asked = format!("/staff/cases/{WORD}?name={WORD}");
    browser.get(&asked).await;
    assert_eq!(
        browser.get(&format!("/{WORD}")).await,
        StatusCode::NOT_FOUND
    );
    assert_eq!(log.lines_with(&canaries()), Vec::<String>::new());
    let logged = log.text();
    for (route, status) in [("/staff/cases/{id}", 303), ("none", 404)] {
        let span = format!("http.method=\"GET\" http.route=\"{route}\"}} ");
        let line = logged.lines().find(|line| {
            line.contains(&span) && line.contains(&format!("answered http.status={status} "))
        });
        let line = line.unwrap_or_else(|| panic!("{route} is not in {logged}"));
        assert!(line.contains(" request{request.id=") && line.contains(" http.milliseconds="));
    }
}
