//! Errors, panics and what is printed of a value hold nothing that somebody said or typed.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use clares_law::app::error::AppError;
use clares_law::domain::person::Person;
use clares_law::engine::event::{Event, Filed};
use clares_law::engine::meeting::ask::Ask;
use clares_law::store::Sql;
use clares_law::web::form::typed::Typed;
use clares_law::web::{guard, pages, request_log};
use serde_json::json;

use super::{BORN, Log, WORD, canaries, holds};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::database::either;
use crate::support::house::{House, request_of};
use crate::support::world::{answers, person};

#[tokio::test]
async fn a_panic_is_logged_by_its_place_and_answered_with_the_page_for_every_fault() {
    let test = TestApp::open().await;
    let log = Log::everything();
    let breaks = get(async |Path(name): Path<String>| -> &'static str { panic!("{name}") });
    let breaking = Router::new().route("/breaks/{name}", breaks);
    let breaking = guard::netted(breaking, pages::problem::panicked)
        .layer(from_fn_with_state(Arc::clone(&test.app), request_log::told))
        .with_state(Arc::clone(&test.app));
    let mut browser = Browser::new(breaking);
    let status = browser.get(&format!("/breaks/{WORD}")).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(browser.heading(), "Sorry, something went wrong");
    assert!(!holds(&browser.html, &canaries()));
    assert_eq!(log.lines_with(&canaries()), Vec::<String>::new());
    let logged = log.text();
    let place = format!("a panic panic.at=\"{}:", file!());
    let line = logged.lines().find(|line| line.contains(&place));
    let line = line.unwrap_or_else(|| panic!("{place} is not in {logged}"));
    assert!(line.contains("http.route=\"/breaks/{name}\""), "{line}");
}

#[tokio::test]
async fn what_a_database_says_is_told_by_its_code_alone() {
    let house = House::new().await;
    let raised = either(
        "create trigger spoilt before insert on outbox begin select raise(abort, 'quaggawort'); end",
        "create trigger spoilt before insert on outbox for each statement execute function refuse('quaggawort')",
    );
    house.account("iain", "supervisor", None).await;
    house.case().await;
    house.tamper(raised).await;
    let log = Log::everything();
    house.wait(13);
    house.sweep(9).await.unwrap();
    assert_eq!(log.lines_with(&canaries()), Vec::<String>::new());
    let text = log.text();
    assert!(text.contains("what is due cannot be recorded"), "{text}");
    assert!(
        text.contains("the database could not do this code "),
        "{text}"
    );

    let mut tx = house.app.db.begin_read().await.unwrap();
    let cast = either(
        "select json_extract('quaggawort', '$')",
        "select cast('quaggawort' as uuid)",
    );
    let refused = tx.sql(Sql::one("test.CAST", cast)).scalar::<i64>().await;
    let refused = refused.unwrap_err();
    let told = format!("{refused:?} {refused}");
    let told = format!("{told} {:?}", AppError::from(refused));
    assert!(!holds(&told, &canaries()), "{told}");
}

#[test]
fn what_is_printed_of_a_value_says_what_it_is_and_nothing_that_is_in_it() {
    let words = answers(json!({ "concern": WORD }));
    let known = json!({ "given_names": WORD, "born": BORN });
    let known = Person::parse(&known).unwrap().unwrap();
    assert_eq!(known.full_name(), WORD);
    let filed = Filed {
        record: "application".to_owned(),
        answers: words.clone(),
    };
    let case = clares_law::domain::id::CaseId(uuid::Uuid::nil());
    let noted = Event::Noted {
        text: WORD.to_owned(),
    };
    let said = Ask::Comment {
        case: None,
        text: WORD.to_owned(),
    };
    let typed = Typed::new(vec![(WORD.to_owned(), WORD.to_owned())]);
    let asked = request_of(case, &person("ann", "intake"), "note", words);
    let printed = [
        (format!("{filed:?}"), "<Filed>"),
        (format!("{noted:?}"), "<noted>"),
        (format!("{said:?}"), "<comment>"),
        (format!("{typed:?}"), "<Typed>"),
        (format!("{asked:?}"), "<Request>"),
    ];
    for (printed, wanted) in printed {
        assert_eq!(printed, wanted);
    }
    let known = format!("{known:?}");
    assert!(
        !holds(&known, &canaries()) && known.contains("given_names: <name>"),
        "{known}"
    );
    let unread = serde_json::from_value::<u64>(json!(WORD)).unwrap_err();
    assert!(unread.to_string().contains(WORD), "serde repeats it");
    assert!(!holds(
        &format!("{:?}", AppError::unreadable(unread)),
        &canaries()
    ));
    let sentences = AppError::Unmet(vec![WORD.to_owned()]);
    assert!(!holds(&sentences.to_string(), &canaries()));
}
