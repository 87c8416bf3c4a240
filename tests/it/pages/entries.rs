//! Several things of one kind on a form: another can be added and one taken away without scripts, and nothing else that was typed is lost.

use axum::http::StatusCode;
use serde_json::json;

use super::sound::sound;
use super::table::Table;
use crate::support::browser::{Browser, select};
use crate::support::world::dsdas;

const FIRST: &str = "Two complaints about <doors>";
const SECOND: &str = "He asked for the lease\nin her name";

/// A member at the form of their agency's answer.
async fn at_the_form(table: &Table) -> Browser {
    let mut browser = table.test.signed_in("ailsa").await;
    browser.get(&format!("{}/answer", table.item())).await;
    browser
}

fn typed(browser: &Browser, name: &str) -> String {
    let (_, pairs) = browser.form(&[], "Send the answer");
    let found = pairs.into_iter().find(|(sent, _)| sent == name);
    let (_, value) = found.unwrap_or_else(|| panic!("nothing called {name}"));
    value.replace("\r\n", "\n")
}

#[tokio::test]
async fn two_pieces_are_told_and_each_is_shown() {
    let table = Table::laid().await;
    let mut browser = at_the_form(&table).await;
    sound(&browser);
    let one = [
        ("answer", "information"),
        ("pieces.0.information", FIRST),
        ("pieces.0.may_be_told", "told"),
        ("pieces.0.dated-year", "20x1"),
    ];
    assert_eq!(browser.send(&one, "Add another").await, StatusCode::OK);
    sound(&browser);
    assert!(!browser.has("There is a problem"), "nothing was read yet");
    assert_eq!(typed(&browser, "pieces.0.information"), FIRST);
    assert_eq!(typed(&browser, "pieces.0.dated-year"), "20x1");
    assert_eq!(typed(&browser, "pieces.0.may_be_told"), "told");
    assert_eq!(typed(&browser, "pieces.1.information"), "");

    let two = [
        ("pieces.0.dated-year", "2021"),
        ("pieces.1.information", SECOND),
        ("pieces.1.may_be_told", "reworded"),
    ];
    let status = browser.send(&two, "Send the answer").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&browser);
    let asked = "What you hold, 2: Answer this: In which words";
    assert!(browser.has(asked), "{}", browser.text());
    assert!(browser.html.contains("href=\"#pieces.1.other_words\""));
    assert_eq!(typed(&browser, "pieces.1.information"), SECOND);

    let words = [("pieces.1.other_words", "There have been complaints")];
    browser.send(&words, "Send the answer").await;
    assert_eq!(browser.path, format!("{}?done=answer", table.item()));
    sound(&browser);
    let shown = select(&browser.html, "ul.app-entries > li");
    assert_eq!(shown.len(), 2, "{shown:?}");
    assert!(shown[0].contains(FIRST) && shown[0].contains("From when it is: 2021"));
    assert!(shown[1].contains("In which words: There have been complaints"));

    let pack = format!("/staff/meetings/{}/pack", table.meeting);
    browser.get(&pack).await;
    sound(&browser);
    assert!(select(&browser.html, "ul.app-entries > li").len() >= 2);
}

#[tokio::test]
async fn one_of_three_is_taken_away_and_the_others_stay() {
    let table = Table::laid().await;
    let mut browser = at_the_form(&table).await;
    let names = [0, 1, 2].map(|row| format!("pieces.{row}.information"));
    for (row, name) in names.iter().enumerate() {
        let text = format!("Piece {row}");
        let button = if row < 2 {
            "Add another"
        } else {
            "Remove: What you hold, 2"
        };
        browser
            .send(&[(name.as_str(), text.as_str())], button)
            .await;
    }
    sound(&browser);
    assert_eq!(typed(&browser, &names[0]), "Piece 0");
    assert_eq!(typed(&browser, &names[1]), "Piece 2");
    assert!(!browser.html.contains("pieces.2."));
    // What nobody could have pressed changes nothing.
    for odd in ["pieces.9", "pieces", "answer.0", "pieces.x", ".."] {
        let (to, mut pairs) = browser.form(&[], "Send the answer");
        pairs.push(("form-remove".to_owned(), odd.to_owned()));
        assert_eq!(browser.post(&to, &pairs).await, StatusCode::OK);
        assert_eq!(typed(&browser, &names[1]), "Piece 2", "{odd}");
    }
}

#[tokio::test]
async fn there_is_room_for_so_many_and_no_more() {
    let table = Table::laid().await;
    let mut browser = at_the_form(&table).await;
    for _ in 1..12 {
        browser.send(&[], "Add another").await;
    }
    sound(&browser);
    assert!(browser.html.contains("name=\"pieces.11.information\""));
    assert!(!browser.has("Add another"));
    let (to, mut pairs) = browser.form(&[("answer", "information")], "Send the answer");
    pairs.push(("pieces.12.information".to_owned(), FIRST.to_owned()));
    pairs.push(("pieces.12.may_be_told".to_owned(), "told".to_owned()));
    let status = browser.post(&to, &pairs).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(browser.has("Give 12 or fewer"), "{}", browser.text());
    assert!(browser.has(FIRST), "what was typed is kept");
    pairs.push(("pieces.99999999999.information".to_owned(), "x".to_owned()));
    let status = browser.post(&to, &pairs).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn what_an_earlier_edition_asked_as_one_is_the_only_entry() {
    let record = &dsdas().records["agency_answer"];
    let given = json!({
        "answer": "information", "information": FIRST, "dated": "2021", "may_be_told": "told"
    });
    let lifted = record.lifted(given.as_object().unwrap());
    let entry = json!([{"information": FIRST, "dated": "2021", "may_be_told": "told"}]);
    assert_eq!(lifted["pieces"], entry);
    assert_eq!(lifted.keys().collect::<Vec<_>>(), ["answer", "pieces"]);
    assert_eq!(record.accept(&lifted), Ok(lifted.clone()));
    assert_eq!(record.lifted(&lifted), lifted);
}
