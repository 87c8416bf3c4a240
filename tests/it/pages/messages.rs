//! Messages that did not arrive, as the people see them who mind them.

use std::time::Duration;

use axum::http::StatusCode;
use clares_law::app::notices::Attempt;
use clares_law::app::reasons::Place;
use clares_law::mail::Outcome;
use jiff::SignedDuration;

use super::sound::sound;
use crate::support::app::TestApp;
use crate::support::browser::select;

/// An installation in which a message for Iain was refused and one for Una of another agency is in doubt.
async fn troubled() -> TestApp {
    let test = TestApp::open().await;
    test.add("iain", "supervisor").await;
    test.add_for("housing", "una", "supervisor").await;
    test.add("auditor", "auditor").await;
    test.case().await;
    test.clock.advance(SignedDuration::from_hours(13));
    test.sweep(9).await.unwrap();
    let longest = Duration::from_secs(1);
    while let Some(claimed) = test.app.claim_message(longest).await.unwrap() {
        let agency = claimed.row.recipient_kind == "agency";
        let outcome = if agency {
            Outcome::InDoubt
        } else {
            Outcome::Refused
        };
        let attempt = Attempt::Made(outcome);
        assert!(test.app.note_attempt(&claimed, attempt).await.unwrap());
    }
    test
}

#[tokio::test]
async fn undelivered_messages_are_settled_by_those_who_mind_them() {
    let test = troubled().await;
    let mut browser = test.signed_in("iain").await;
    assert!(browser.has("2 messages may not have arrived"));
    let to = browser.link("2 messages may not have arrived");
    browser.get(&to).await;
    sound(&browser);
    assert_eq!(
        select(&browser.html, "title"),
        ["Undelivered messages – Case work"]
    );
    assert!(browser.has("For iain") && browser.has("For una"));
    assert!(browser.has("The mail server refused it for good"));
    assert!(browser.has("it may have arrived"));
    assert!(browser.has("Monday 23 November, 22:30") && browser.has("1 time"));
    for party in ["Inverallan", "Mairi", "dsdas", "REF"] {
        assert!(!browser.has(party), "{party}");
    }

    let to = browser.link("Decide (For una)");
    browser.get(&to).await;
    sound(&browser);
    assert_eq!(browser.heading(), "A message for una");
    assert_eq!(
        select(&browser.html, "title"),
        ["Undelivered message – Case work"]
    );
    assert!(browser.has("Ask them by telephone"));
    let (_, first) = browser.form(
        &[("reason", "told by telephone at 23:00")],
        "Settled another way",
    );
    assert_eq!(
        browser
            .send(&[("reason", "  ")], "Settled another way")
            .await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    sound(&browser);
    assert!(browser.has("Say how it was settled"));
    browser
        .send(
            &[("reason", "told by telephone at 23:00")],
            "Settled another way",
        )
        .await;
    sound(&browser);
    assert!(browser.has("Your decision is recorded.") && !browser.has("For una"));
    // Sent again by a double click or the Back button, it is the same decision.
    browser.post(&to, &first).await;
    assert!(browser.has("Your decision is recorded."));
    let mut other = first.clone();
    other.retain(|(name, _)| name != "form-decision");
    other.push(("form-decision".to_owned(), "send_again".to_owned()));
    assert_eq!(browser.post(&to, &other).await, StatusCode::CONFLICT);

    browser.get("/staff/messages").await;
    let to = browser.link("Decide (For iain)");
    browser.get(&to).await;
    browser.send(&[], "Send again").await;
    assert!(
        browser.has("Your decision is recorded.")
            && browser.has("No message waits for a decision.")
    );
    browser.get(&to).await;
    assert!(browser.has("Somebody has dealt with that message already."));
    sound(&browser);

    let recorded = test.count(
        "select count(*) from outbox_decisions d join outbox m on m.id = d.message_id join staff s on s.name = 'iain'
         where d.at is not null
           and ((d.decision = 'settled' and d.reason is not null and m.status = 'settled')
             or (d.decision = 'send_again' and d.reason is null and m.status = 'waiting' and m.recipient = d.actor))",
    );
    assert_eq!(recorded.await, 2);
    let settled = "from outbox_decisions where decision = 'settled'";
    let decision = test.told(&format!("select id {settled}")).await;
    let kept: String = test.told(&format!("select reason {settled}")).await;
    let reasons = test.app.reasons().await.unwrap();
    let told = reasons.opened(Place::Decision(decision), &kept);
    assert_eq!(told.unwrap(), "told by telephone at 23:00");
    assert_eq!(test.count("select count(*) from outbox_decisions").await, 2);
    for change in [
        "update outbox_decisions set reason = 'x'",
        "delete from outbox_decisions",
    ] {
        assert!(test.try_to(change).await.is_err(), "{change}");
    }
    let again = test
        .app
        .claim_message(Duration::from_secs(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (again.row.recipient_kind.as_str(), again.row.attempts),
        ("staff", 2)
    );
}

#[tokio::test]
async fn the_desk_says_when_messages_are_not_going_out() {
    let test = troubled().await;
    let mut browser = test.signed_in("auditor").await;
    assert!(!browser.has("Messages are not going out") && !browser.has("may not have arrived"));
    test.tamper("update outbox set status = 'waiting'").await;
    test.clock.advance(SignedDuration::from_mins(2));
    browser.get("/staff").await;
    sound(&browser);
    assert!(
        browser.has("Messages have not gone out since Monday 23 November, 22:30; 2 have to go."),
        "{}",
        browser.text()
    );
}

#[tokio::test]
async fn nobody_else_sees_or_settles_them() {
    let test = troubled().await;
    let mut minder = test.signed_in("iain").await;
    minder.get("/staff/messages").await;
    let one = minder.link("Decide (For una)");
    let mut browser = test.signed_in("auditor").await;
    for path in ["/staff/messages", &one] {
        assert_eq!(browser.get(path).await, StatusCode::NOT_FOUND, "{path}");
    }
    let settled = [("form-decision", "settled"), ("reason", "x")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(browser.post(&one, &settled).await, StatusCode::NOT_FOUND);
    assert_eq!(minder.get("/staff/messages/x").await, StatusCode::NOT_FOUND);
    let foreign = "/staff/messages/00000000-0000-4000-8000-000000000000";
    assert_eq!(minder.post(foreign, &settled).await, StatusCode::NOT_FOUND);
    test.tamper("update outbox set authority = 'elsewhere'")
        .await;
    minder.get("/staff/messages").await;
    assert!(minder.has("No message waits for a decision."));
    assert_eq!(minder.post(&one, &settled).await, StatusCode::NOT_FOUND);
    assert_eq!(test.count("select count(*) from outbox_decisions").await, 0);
}
