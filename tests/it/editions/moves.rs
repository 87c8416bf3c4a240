//! Cases move through the write door: two people, one transaction, every row after the new edition, and the way back.

use clares_law::app::act::{Done, Request};
use clares_law::app::drafts::Drafts;
use clares_law::app::error::AppError;
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Library;
use clares_law::engine::definition::builtin::{CONFIRM, MIGRATE};
use clares_law::store::{deadlines, events};
use serde_json::json;

use super::{beside, edited};
use crate::support::app::TestApp;
use crate::support::house::House;
use crate::support::world::{SCHEME, answers, dsdas, no_answers};

const OLD_RULE: &str = "Look for earlier cases about the same people before you register this one";
const NEW_RULE: &str = "Look twice for earlier cases";

/// A later edition: another rule, fewer days, a queue that is called otherwise.
pub fn later() -> Library {
    edited(&[
        (SCHEME, "edition: 2026-01\n", "edition: later\n"),
        (
            SCHEME,
            "effective_from: 2026-01-01\n",
            "effective_from: 2026-11-03\n",
        ),
        (SCHEME, OLD_RULE, NEW_RULE),
        (
            SCHEME,
            "    limit: 45 calendar days\n",
            "    limit: 28 calendar days\n",
        ),
        (SCHEME, "\n  to_register:\n", "\n  to_take_on:\n"),
    ])
}

/// The hash under which this edition of the scheme is published.
pub async fn publish(house: &House, library: &Library) -> String {
    let mut library = library.clone();
    let tomorrow = house
        .clock
        .now()
        .to_zoned(dsdas().zone.clone())
        .date()
        .tomorrow()
        .unwrap();
    let file = library.0.get_mut(SCHEME).unwrap();
    let begins = format!("effective_from: {tomorrow}\n");
    file.text = file.text.replace("effective_from: 2026-11-03\n", &begins);
    let library = beside(&library);
    house.publish(&library).await;
    // Past midnight, to the day on which it begins.
    house.wait(15);
    let drafts = Drafts::read(&library)
        .unwrap()
        .of_scheme(&dsdas().scheme.scheme);
    let later = drafts
        .editions
        .iter()
        .find(|edition| *edition.definition.scheme.edition == *"later");
    later.unwrap().hash.clone()
}

async fn ask(house: &House, case: CaseId, by: &Actor, to: Option<&str>) -> Result<Done, AppError> {
    let record = to.map_or_else(no_answers, |to| answers(json!({ "to": to })));
    let request = Request {
        case,
        action: if to.is_some() { MIGRATE } else { CONFIRM }.to_owned(),
        record,
        rationale: "The new edition is law".to_owned(),
        expected: None,
        key: None,
        actor: by.clone(),
    };
    house.app.act(request).await
}

async fn rule(house: &House, case: CaseId, actor: &Actor) -> String {
    let over = json!({ "searched_earlier_cases": false });
    match house.act(case, actor, "register", over).await {
        Err(AppError::Unmet(sentences)) => sentences.join("; "),
        other => panic!("{other:?}"),
    }
}

async fn overall(house: &House, case: CaseId) -> deadlines::DeadlineRow {
    let mut tx = house.app.db.begin_read().await.unwrap();
    let rows = deadlines::for_case(&mut tx, case.0).await.unwrap();
    rows.into_iter().find(|row| row.clock == "overall").unwrap()
}

async fn places(house: &House, case: CaseId) -> Vec<String> {
    let mut tx = house.app.db.begin_read().await.unwrap();
    let rows = clares_law::store::queues::for_case(&mut tx, case.0)
        .await
        .unwrap();
    rows.into_iter().map(|row| row.queue).collect()
}

#[tokio::test]
async fn l13_a_case_that_was_moved_goes_by_the_new_edition_and_back() {
    let house = House::new().await;
    let (morag, ailsa, bram) = (
        house.hire("morag", "verifier").await,
        house.hire("ailsa", "supervisor").await,
        house.hire("bram", "supervisor").await,
    );
    let (case, other) = (house.case().await, house.case().await);
    let before = house.load(case).await;
    let due = overall(&house, case).await;
    let hash = publish(&house, &later()).await;
    assert_eq!(
        rule(&house, case, &morag).await,
        OLD_RULE,
        "publishing moves nothing"
    );

    let refused = ask(&house, case, &morag, Some(&hash)).await;
    assert!(
        matches!(refused, Err(AppError::Forbidden(_))),
        "{refused:?}"
    );
    let unknown = ask(&house, case, &ailsa, Some("no such edition")).await;
    assert!(matches!(unknown, Err(AppError::Fields(_))), "{unknown:?}");
    let proposed = ask(&house, case, &ailsa, Some(&hash)).await.unwrap();
    assert_eq!(proposed.pending.as_deref(), Some(MIGRATE));
    assert!(
        places(&house, case)
            .await
            .contains(&"to_confirm".to_owned())
    );
    assert_eq!(house.load(case).await.edition, before.edition);
    assert_eq!(overall(&house, case).await, due);
    assert!(
        ask(&house, case, &ailsa, None).await.is_err(),
        "not by the same person"
    );
    house.wait(3);
    ask(&house, case, &bram, None).await.unwrap();

    let moved = house.load(case).await;
    assert_eq!(moved.edition, hash);
    assert_eq!(rule(&house, case, &morag).await, NEW_RULE);
    assert_eq!(
        rule(&house, other, &morag).await,
        OLD_RULE,
        "the others stay"
    );
    assert_eq!(places(&house, case).await, ["to_take_on"]);
    let now_due = overall(&house, case).await;
    assert_eq!(now_due.original_due_at, due.due_at);
    assert_eq!(due.due_date.as_deref(), Some("2026-12-17"));
    assert_eq!(now_due.due_date.as_deref(), Some("2026-11-30"));
    // The headers tell under which edition each event happened; nothing before was touched.
    let mut tx = house.app.db.begin_read().await.unwrap();
    let rows = events::load(&mut tx, case.0).await.unwrap();
    drop(tx);
    let first = rows.iter().position(|row| row.kind == "migrated").unwrap();
    assert!(
        rows[..first]
            .iter()
            .all(|row| row.edition == before.edition)
    );
    assert!(rows[first..].iter().all(|row| row.edition == hash));
    assert_eq!(moved.history[..before.history.len()], before.history);
    assert_eq!(
        house
            .count("select count(distinct edition) from cases")
            .await,
        2
    );

    // Sweeping, rebuilding and verifying go by the new edition.
    house.wait(24 * 35);
    house.sweep(9).await.unwrap();
    assert!(overall(&house, case).await.breached_at.is_some());
    assert!(overall(&house, other).await.breached_at.is_none());
    assert_eq!(house.app.rebuild().await.unwrap(), (2, vec![]));
    assert_eq!(house.app.verify_history().await.unwrap().bad, []);

    // Undo.
    ask(&house, case, &bram, Some(&before.edition))
        .await
        .unwrap();
    ask(&house, case, &ailsa, None).await.unwrap();
    assert_eq!(house.load(case).await.edition, before.edition);
    assert_eq!(overall(&house, case).await.due_at, due.due_at);
    assert_eq!(overall(&house, case).await.breached_at, None);
    assert_eq!(rule(&house, case, &morag).await, OLD_RULE);
    assert_eq!(places(&house, case).await, places(&house, other).await);
    assert_eq!(house.app.rebuild().await.unwrap(), (2, vec![]));
    assert_eq!(house.app.verify_history().await.unwrap().bad, []);
}

#[tokio::test]
async fn nothing_is_written_when_a_move_is_refused() {
    let house = House::new().await;
    let ailsa = house.hire("ailsa", "supervisor").await;
    let case = house.case().await;
    // The state in which it is has another name there.
    let mut renamed = later();
    let file = renamed.0.get_mut(SCHEME).unwrap();
    file.text = file.text.replace("  received:\n", "  come_in:\n");
    file.text = file
        .text
        .replace("- received\n", "- come_in\n")
        .replace(": received\n", ": come_in\n");
    file.text = file.text.replace("order: come_in\n", "order: received\n");
    let hash = publish(&house, &renamed).await;
    let events = house.count("select count(*) from events").await;
    match ask(&house, case, &ailsa, Some(&hash)).await {
        Err(AppError::Unmet(sentences)) => assert_eq!(sentences, ["It has no state ‘Received’"]),
        other => panic!("{other:?}"),
    }
    assert_eq!(house.count("select count(*) from events").await, events);
}

#[tokio::test]
async fn the_pages_show_what_waits_and_what_has_moved() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let ailsa = test.hire("ailsa", "supervisor").await;
    test.add("bram", "supervisor").await;
    let hash = publish(&test, &later()).await;
    ask(&test, case, &ailsa, Some(&hash)).await.unwrap();

    let mut browser = test.signed_in("bram").await;
    let queue = format!(
        "/staff/schemes/{}/queues/to_confirm",
        &*dsdas().scheme.scheme
    );
    browser.get(&queue).await;
    assert!(
        browser.has("To confirm: Move to another edition"),
        "{}",
        browser.text()
    );
    let page = format!("/staff/cases/{case}");
    browser.get(&page).await;
    for words in [
        "Waits for a second person: Move to another edition",
        "To edition later, from edition 2026-01",
        "Overall time limit would be due",
        "Time to triage stays due",
        "The new edition is law",
    ] {
        assert!(browser.has(words), "{words}: {}", browser.text());
    }
    browser.get(&format!("{page}/do/confirm")).await;
    browser
        .send(&[("form-reason", "I agree")], "Check your answers")
        .await;
    browser.send(&[], "Confirm and record").await;
    assert_eq!(
        browser.path.split('?').next(),
        Some(page.as_str()),
        "{}",
        browser.text()
    );
    for words in [
        "Moved to edition later",
        "From edition 2026-01 to edition later",
        "Overall time limit is now due",
        "it was due",
        "I agree",
    ] {
        assert!(browser.has(words), "{words}: {}", browser.text());
    }
    assert_eq!(test.load(case).await.edition, hash);
    assert_eq!(
        browser.get(&format!("{page}/do/migrate")).await,
        axum::http::StatusCode::NOT_FOUND
    );
}
