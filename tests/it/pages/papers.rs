//! The papers of a meeting: the pack before and the minutes after it, on a page and as a Word file that says the same. What is kept from
//! somebody is in neither, and nothing leaves that is not in the log.

use std::io::Read as _;

use axum::http::StatusCode;
use clares_law::app::ties::NewTie;
use clares_law::domain::id::StaffId;
use clares_law::domain::tie::TieKind;
use clares_law::engine::definition::record::Answers;
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::Promise;
use docx_rs::read_docx;
use jiff::SignedDuration;
use jiff::civil::date;
use serde_json::{Value, json};

use super::sound::sound;
use super::table::Table;
use crate::looks::{log, new_since};
use crate::support::browser::{Browser, select};
use crate::support::database::without_room;

const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn answers(given: Value) -> Answers {
    serde_json::from_value(given).unwrap()
}

pub fn information(text: &str) -> Answers {
    let pieces = json!([
        {"information": text, "may_be_told": "told"},
        {"information": "Noise at night", "may_be_told": "not_told", "not_told_because": "It names a neighbour"},
    ]);
    answers(json!({"answer": "information", "pieces": pieces}))
}

pub fn view() -> Answers {
    answers(json!({
        "view": "disclose", "lawful": true, "necessary": true, "proportionate": true,
        "because": "She is about to let him move in"
    }))
}

impl Table {
    pub fn pack(&self) -> String {
        format!("/staff/meetings/{}/pack", self.meeting)
    }

    pub fn minutes(&self) -> String {
        format!("/staff/meetings/{}/minutes", self.meeting)
    }

    /// Something was said, seen and promised, and the meeting is over.
    async fn over() -> Self {
        let table = Self::taken().await;
        let case = table.case;
        let said = Ask::Say {
            case,
            agency: "housing".to_owned(),
            text: "He <moved> & left\nin \u{1}May".to_owned(),
        };
        table.ask(&table.members[0], said).await;
        for who in table.members.iter().chain([&table.chair]) {
            table
                .ask(
                    who,
                    Ask::View {
                        case,
                        answers: view(),
                    },
                )
                .await;
        }
        let promise = Promise {
            id: uuid::Uuid::from_u128(7),
            case: Some(case),
            agency: "housing".to_owned(),
            what: "Change the locks".to_owned(),
            by: date(2026, 12, 4),
        };
        table.ask(&table.chair, Ask::Promise(promise)).await;
        table.ask(&table.chair, Ask::Close).await;
        let comment = Ask::Comment {
            case: None,
            text: "The hour is wrong".to_owned(),
        };
        table.ask(&table.members[0], comment).await;
        table
    }
}

/// The paragraphs of a Word file, as a reader of such files finds them, and the names of its parts with what is in them.
pub fn opened(browser: &Browser) -> (Vec<String>, Vec<(String, String)>) {
    assert_eq!(browser.status, StatusCode::OK, "{}", browser.text());
    assert_eq!(browser.headers["content-type"], WORD);
    let read = read_docx(&browser.bytes).unwrap().json();
    let mut lines = Vec::new();
    paragraphs(&serde_json::from_str(&read).unwrap(), &mut lines);
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&browser.bytes)).unwrap();
    let mut parts = Vec::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        parts.push((part.name().to_owned(), text));
    }
    (lines, parts)
}

fn paragraphs(part: &Value, lines: &mut Vec<String>) {
    match part {
        Value::Object(fields) if fields.get("type") == Some(&json!("paragraph")) => {
            let mut line = String::new();
            runs(&fields["data"]["children"], &mut line);
            lines.push(line.trim().to_owned());
        }
        // The head and foot of each page are told by themselves.
        Value::Object(fields) => {
            let body = fields
                .get("document")
                .map_or(part, |document| &document["children"]);
            let parts: Vec<_> = match body {
                Value::Object(fields) => fields.values().collect(),
                other => vec![other],
            };
            for value in parts {
                paragraphs(value, lines);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| paragraphs(item, lines)),
        _ => {}
    }
}

fn runs(part: &Value, line: &mut String) {
    match part {
        Value::Object(fields) if fields.get("type") == Some(&json!("text")) => {
            line.push_str(fields["data"]["text"].as_str().unwrap());
        }
        Value::Object(fields) if fields.get("type") == Some(&json!("break")) => line.push('\n'),
        Value::Object(fields) => fields.values().for_each(|value| runs(value, line)),
        Value::Array(items) => items.iter().for_each(|item| runs(item, line)),
        _ => {}
    }
}

/// Every word in order, whatever stands between.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// The words of the sheets on the page, without what only the screen has.
fn read(browser: &Browser) -> Vec<String> {
    let html = &browser.html;
    let mut text = html.clone();
    for only in [
        "<p class=\"app-sheet__made\">",
        "<p class=\"govuk-body app-sheet__open\">",
    ] {
        while let Some((before, rest)) = text.clone().split_once(only) {
            let (_, after) = rest.split_once("</p>").unwrap();
            text = format!("{before}{after}");
        }
    }
    // Names and values stand in elements of their own, with nothing between that is read.
    let text = text.replace("</", " </");
    words(&select(&text, "h1, .app-sheet").join(" "))
}

/// Takes a paper along; answers the paragraphs of the file after looking at the page that says the same.
pub async fn same_on_both(browser: &mut Browser, address: &str) -> Vec<String> {
    assert_eq!(browser.get(address).await, StatusCode::OK);
    sound(browser);
    let page = read(browser);
    let file = browser.link("Take it along as a Word file");
    browser.get(&file).await;
    let (lines, parts) = opened(browser);
    assert_eq!(words(&lines.join("\n")), page);
    let named = |name: &str| &parts.iter().find(|(part, _)| part == name).unwrap().1;
    assert!(named("word/header1.xml").contains("Made for ailsa, Housing, on "));
    for name in [
        "docProps/core.xml",
        "docProps/app.xml",
        "docProps/custom.xml",
    ] {
        for told in ["ailsa", "Housing", "Mairi", "2026", "eeting", "inutes"] {
            assert!(!named(name).contains(told), "{name} tells {told}");
        }
    }
    lines
}

/// That these lines stand in a file, one after the other.
pub fn in_order(lines: &[String], expected: &[&str]) {
    let mut rest = lines.iter();
    for wanted in expected {
        assert!(
            rest.any(|line| line == wanted),
            "{wanted:?} not in {lines:#?}"
        );
    }
}

#[tokio::test]
async fn the_pack_has_a_page_for_each_case_with_the_readers_own_part_first_two_clicks_away() {
    let table = Table::laid().await;
    let case = table.case;
    let held = Ask::Answer {
        case,
        agency: "housing".to_owned(),
        answers: information("Two complaints about <doors>"),
    };
    table.ask(&table.members[0], held).await;
    let reference = table.test.references().await.remove(0);
    let mut browser = table.test.signed_in("ailsa").await;
    browser.get("/staff/meetings").await;
    let meeting = format!("/staff/meetings/{}", table.meeting);
    assert!(browser.html.contains(&format!("href=\"{meeting}\"")));
    browser.get(&meeting).await;
    let papers = browser.link("Read the papers of all cases");
    assert_eq!(papers, table.pack());
    let lines = same_on_both(&mut browser, &papers).await;
    let heading = format!("Case 1 of 1: {reference}");
    in_order(
        &lines,
        &[
            "The meeting",
            "Agenda open",
            &heading,
            "Your part: Housing",
            "We hold information",
            "1. What it says: Two complaints about <doors>\nMay it be told to the tenant? Yes",
            "2. What it says: Noise at night\nMay it be told to the tenant? No\nWhy it may not be told: It names a neighbour",
            "What is to be decided",
            "People",
            "What the agencies answered",
            "Housing",
            "We hold information",
        ],
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("No answer yet, due by "))
    );
    let name = browser.headers["content-disposition"].to_str().unwrap();
    assert_eq!(name, "attachment; filename=\"papers.docx\"");
    browser.get(&papers).await;
    assert_eq!(select(&browser.html, ".app-sheet").len(), 2);
    let first = select(&browser.html, ".app-sheet + .app-sheet h3").remove(0);
    assert_eq!(first, "Your part: Housing");
    assert!(
        !browser.has("Safe contact"),
        "how she is reached stands on no paper"
    );
}

#[tokio::test]
async fn the_minutes_say_the_same_on_the_page_and_in_the_file_and_approval_locks_them() {
    let table = Table::over().await;
    let mut browser = table.test.signed_in("ailsa").await;
    browser
        .get(&format!("/staff/meetings/{}", table.meeting))
        .await;
    let minutes = browser.link("Read the minutes as one document");
    let lines = same_on_both(&mut browser, &minutes).await;
    in_order(
        &lines,
        &[
            "Draft: the minutes are open for comments",
            "Attendance",
            "Discussion",
            "Housing",
            "He <moved> & left\nin May",
            "Views of the members",
            "Housing",
            "She is about to let him move in",
            "Decision",
            "Not settled. It waits for another meeting.",
            "Promised for this case",
            "Change the locks\nBy Friday 4 December 2026: open",
            "Comments",
            "The hour is wrong",
        ],
    );
    assert!(!lines.iter().any(|line| line.contains("SHA-256")));

    let mut tx = table.test.app.db.begin_read().await.unwrap();
    let loaded =
        clares_law::app::meetings::stream::load(&table.test.app.keys, &mut tx, table.meeting);
    let version = loaded.await.unwrap().meeting.version;
    drop(tx);
    let approve = Ask::Approve { version };
    table.ask(&table.chair, approve).await;
    let lines = same_on_both(&mut browser, &minutes).await;
    let mut tx = table.test.app.db.begin_read().await.unwrap();
    let events = clares_law::store::events::load(&mut tx, table.meeting.0)
        .await
        .unwrap();
    let last = events.last().unwrap();
    assert_eq!(last.kind, "approved");
    let lock = format!("{} events, SHA-256 {}", last.seq, last.hash);
    in_order(&lines, &[&lock]);
    let state = lines
        .iter()
        .find(|line| line.starts_with("Approved by shona, "));
    assert!(state.is_some(), "{lines:#?}");
}

#[tokio::test]
async fn l10_a_case_that_somebody_is_kept_from_is_in_no_paper_of_theirs() {
    let table = Table::over().await;
    let reference = table.test.references().await.remove(0);
    let kirsty = &table.members[2];
    let id = StaffId(kirsty.id.parse().unwrap());
    let person = table.test.app.person(id).await.unwrap();
    let tie = NewTie {
        kind: TieKind::Declared,
        who: Some(id.0),
        because: "She is my sister".to_owned(),
    };
    let tied = table.test.app.tie(&person, table.case, tie, None);
    tied.await.unwrap();
    let mut browser = table.test.signed_in("kirsty").await;
    for address in [table.pack(), table.minutes()] {
        let mut texts = Vec::new();
        browser.get(&address).await;
        sound(&browser);
        assert_eq!(select(&browser.html, ".app-sheet h2")[0], "The meeting");
        texts.push(browser.text());
        browser.get(&format!("{address}.docx")).await;
        let (lines, parts) = opened(&browser);
        texts.push(lines.join("\n"));
        texts.extend(parts.into_iter().map(|(_, text)| text));
        for text in texts {
            for told in [
                &*reference,
                "Case 1",
                "Mairi",
                "locks",
                "moved",
                "No case was",
            ] {
                assert!(!text.contains(told), "{address} tells {told}: {text}");
            }
        }
    }
}

#[tokio::test]
async fn l18_papers_leave_only_when_that_is_in_the_log() {
    let table = Table::over().await;
    let reference = table.test.references().await.remove(0);
    let mut browser = table.test.signed_in("ailsa").await;
    for address in [table.pack(), table.minutes()] {
        let before = log(&table.test).await;
        browser.get(&address).await;
        let shown = new_since(&table.test, &before).await;
        assert!(shown.iter().any(|row| row.case_id == Some(table.case.0)));
        assert!(shown.iter().all(|row| row.operation == "consultation"));

        let before = log(&table.test).await;
        browser.get(&format!("{address}.docx")).await;
        let mut left = new_since(&table.test, &before).await;
        left.retain(|row| row.operation == "disclosure");
        assert_eq!(left.len(), 2, "the meeting and its case");
        for row in &left {
            assert_eq!(
                (&*row.purpose, &row.actor),
                ("export", &table.members[0].id)
            );
        }
        let of_case = left
            .iter()
            .find(|row| row.case_id == Some(table.case.0))
            .unwrap();
        let classes: Vec<_> = of_case.classes.split(' ').collect();
        assert!(classes.contains(&"decision"), "{classes:?}");
    }
    table
        .test
        .tamper(&without_room("access_log", "insert"))
        .await;
    for address in [table.pack(), table.minutes()] {
        for address in [address.clone(), format!("{address}.docx")] {
            let status = browser.get(&address).await;
            assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{address}");
            assert!(
                !browser.has(&reference) && !browser.has("Mairi"),
                "{address}"
            );
        }
    }
}

#[tokio::test]
async fn papers_are_taken_along_by_whoever_has_just_proved_who_they_are() {
    let table = Table::over().await;
    let mut browser = table.test.signed_in("ailsa").await;
    table.test.clock.advance(SignedDuration::from_mins(6));
    for address in [table.pack(), table.minutes()] {
        browser.get(&format!("{address}.docx")).await;
        assert_eq!(browser.heading(), "Confirm it is you");
        assert!(
            browser.path.ends_with(&format!("?back={address}")),
            "{}",
            browser.path
        );
        // The page itself can be read without.
        assert_eq!(browser.get(&address).await, StatusCode::OK);
    }
    let nothing = format!("/staff/meetings/{}/pack.docx", uuid::Uuid::from_u128(9));
    assert_eq!(browser.get(&nothing).await, StatusCode::NOT_FOUND);
    // There are no minutes before it is over.
    let fresh = Table::laid().await;
    let mut browser = fresh.test.signed_in("ailsa").await;
    assert_eq!(browser.get(&fresh.minutes()).await, StatusCode::NOT_FOUND);
}
