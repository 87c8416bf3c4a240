//! Looks that somebody else is asked about: a few drawn by chance, every trawl, and never one's own.

use axum::http::StatusCode;
use clares_law::app::error::AppError;
use clares_law::app::look_reviews::{Kind, Verdict};
use clares_law::app::reasons::Place;
use clares_law::app::staff::Person;
use clares_law::domain::id::{CaseId, StaffId};
use clares_law::engine::command::Actor;
use jiff::SignedDuration;
use uuid::Uuid;

use super::log;
use crate::pages::sound::sound;
use crate::support::app::TestApp;
use crate::support::house::House;

const TRAWLS: &str = "select count(*) from look_reviews where kind = 'trawl'";
const VERDICTS: &str = "select count(*) from look_verdicts";

async fn look(house: &House, actor: &Actor, cases: &[CaseId]) {
    for case in cases {
        house.app.see_case(actor, *case, "case").await.unwrap();
    }
}

async fn signed_in(house: &House, actor: &Actor) -> Person {
    let id = StaffId(actor.id.parse().unwrap());
    house.app.person(id).await.unwrap()
}

/// Puts somebody's only look before the reviewers; answers it.
async fn drawn(house: &House, actor: &Actor, case: CaseId) -> Uuid {
    look(house, actor, &[case]).await;
    house
        .tamper(&format!(
            "insert into look_reviews (look_id, kind, at, actor, authority, cases)
             select id, 'sample', at, actor, authority, 1 from access_log
             where actor = '{}' and operation = 'consultation'
             on conflict (look_id, kind) do nothing",
            actor.id
        ))
        .await;
    let mut rows = log(house).await;
    rows.retain(|row| row.actor == actor.id && row.operation == "consultation");
    rows[0].id
}

#[tokio::test]
async fn the_thirtieth_case_within_ten_minutes_raises_an_alert_at_once() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    let other = house.hire("other", "verifier").await;
    let mut cases = Vec::new();
    for _ in 0..31 {
        cases.push(house.case().await);
    }
    let minutes = |number| house.clock.advance(SignedDuration::from_mins(number));
    // Slowly is no trawl, and neither is one case many times or two people together.
    look(&house, &morag, &cases[..15]).await;
    minutes(11);
    look(&house, &morag, &cases[2..31]).await;
    look(&house, &morag, &cases[2..31]).await;
    look(&house, &other, &cases[..3]).await;
    assert_eq!(house.count(TRAWLS).await, 0);
    look(&house, &morag, &cases[..1]).await;
    assert_eq!(house.count(TRAWLS).await, 1);
    let of_her = "select count(*) from look_reviews join access_log on access_log.id = look_id
        join staff on staff.name = 'morag'
        where kind = 'trawl' and cases = 30 and look_reviews.authority = 'scotland'
            and access_log.operation = 'consultation' and look_reviews.actor = access_log.actor";
    assert_eq!(house.count(of_her).await, 1);
    // Once is enough for ten minutes.
    look(&house, &morag, &cases).await;
    assert_eq!(house.count(TRAWLS).await, 1);
    minutes(11);
    look(&house, &morag, &cases[..29]).await;
    assert_eq!(house.count(TRAWLS).await, 1);
    look(&house, &morag, &cases[29..]).await;
    assert_eq!(house.count(TRAWLS).await, 2);
}

#[tokio::test]
async fn chance_puts_some_looks_before_a_reviewer() {
    let house = House::new().await;
    let case = house.case().await;
    let morag = house.hire("morag", "verifier").await;
    let sampled = "select count(*) from look_reviews join access_log on access_log.id = look_id
        where kind = 'sample' and operation = 'consultation' and case_id is not null and cases = 1";
    for _ in 0..800 {
        look(&house, &morag, &[case]).await;
        if house.count(sampled).await > 0 {
            return;
        }
    }
    panic!("none of 800 looks was drawn");
}

#[tokio::test]
async fn l18_nobody_reviews_their_own_looks() {
    let house = House::new().await;
    let case = house.case().await;
    let iain = house.hire("iain", "supervisor").await;
    let una = house.hire("una", "supervisor").await;
    let ada = house.hire("ada", "auditor").await;
    let own = drawn(&house, &iain, case).await;
    let (of_iain, of_una) = (
        signed_in(&house, &iain).await,
        signed_in(&house, &una).await,
    );
    let settle = async |person: &Person, reason: &str, key: &str| {
        let key = Some(key.to_owned());
        let look = (own, Kind::Sample);
        house
            .app
            .settle_review(person, look, Verdict::InOrder, reason, key)
            .await
    };
    assert!(house.app.reviews(&of_iain).await.unwrap().is_empty());
    assert_eq!(house.app.open_reviews(&of_iain).await.unwrap(), 0);
    let asked = house.app.review(&of_iain, own, Kind::Sample).await;
    assert!(matches!(asked, Err(AppError::Forbidden(_))), "{asked:?}");
    let settled = settle(&of_iain, "I know why", "a key of my own").await;
    assert!(
        matches!(settled, Err(AppError::Forbidden(_))),
        "{settled:?}"
    );

    let of_ada = signed_in(&house, &ada).await;
    let asked = house.app.reviews(&of_ada).await;
    assert!(matches!(asked, Err(AppError::NotFound)), "{asked:?}");
    let settled = settle(&of_ada, "Fine", "a key of hers").await;
    assert!(matches!(settled, Err(AppError::NotFound)));
    let mut elsewhere = of_una.clone();
    elsewhere.actor.authority = "elsewhere".to_owned();
    let settled = settle(&elsewhere, "Fine", "a key of hers").await;
    assert!(matches!(settled, Err(AppError::NotFound)));
    assert_eq!(house.count(VERDICTS).await, 0);

    assert_eq!(house.app.reviews(&of_una).await.unwrap().len(), 1);
    let settled = settle(&of_una, "  ", "a key of hers").await;
    assert!(matches!(settled, Err(AppError::Fields(_))));
    // L16: under one key once, with the same answer each time; whoever comes second changes nothing.
    for _ in 0..2 {
        assert!(
            settle(&of_una, "His own case", "a key of hers")
                .await
                .unwrap()
        );
    }
    let other = settle(&of_una, "Other words", "a key of hers").await;
    assert!(matches!(other, Err(AppError::KeyTaken)));
    assert!(!settle(&of_una, "Too late", "a second key").await.unwrap());
    assert_eq!(house.count(VERDICTS).await, 1);
    let gone = house.app.review(&of_una, own, Kind::Sample).await.unwrap();
    assert!(gone.is_none());
    for change in [
        "update look_verdicts set reason = 'x'",
        "delete from look_verdicts",
        "update look_reviews set actor = 'x'",
        "delete from look_reviews",
    ] {
        assert!(house.try_to(change).await.is_err(), "{change}");
    }
}

#[tokio::test]
async fn a_reviewer_sees_who_looked_at_what_and_settles_it() {
    let test = TestApp::open().await;
    let case = test.case().await;
    let morag = test.add("morag", "verifier").await;
    drawn(&test, &morag, case).await;
    test.add("iain", "supervisor").await;
    let mut browser = test.signed_in("iain").await;
    let to = browser.link("1 look to review");
    browser.get(&to).await;
    sound(&browser);
    assert_eq!(browser.heading(), "Looks to review");
    assert!(browser.has("A look by morag") && browser.has("case work"));
    assert!(browser.has(&test.references().await[0]));
    assert!(!browser.has("Inverallan"));
    let to = browser.link("Decide (A look by morag)");
    browser.get(&to).await;
    sound(&browser);
    assert_eq!(
        browser.send(&[("reason", "")], "In order").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    sound(&browser);
    assert!(browser.has("Say why it is or is not in order"));
    let pressed = browser.form(&[("reason", "Not her case")], "Not in order");
    browser.post(&pressed.0, &pressed.1).await;
    sound(&browser);
    assert!(browser.has("Your decision is recorded.") && !browser.has("A look by morag"));
    browser.post(&pressed.0, &pressed.1).await;
    assert!(browser.has("Your decision is recorded."));
    browser.get(&to).await;
    assert!(browser.has("Somebody has settled that already."));
    let recorded = "select count(*) from look_verdicts join staff on staff.name = 'iain'
        where verdict = 'not_in_order'";
    assert_eq!(test.count(recorded).await, 1);
    let judged = test.told("select look_id from look_verdicts").await;
    let stored: String = test.told("select reason from look_verdicts").await;
    let reasons = test.app.reasons().await.unwrap();
    let told = reasons.opened(Place::Verdict(judged, "sample"), &stored);
    assert_eq!(told.unwrap(), "Not her case");

    // A trawl stands there with its cases.
    let mut cases = vec![case];
    for _ in 0..29 {
        cases.push(test.case().await);
    }
    look(&test, &morag, &cases).await;
    browser.get("/staff/looks").await;
    sound(&browser);
    assert!(browser.has("Many cases looked at by morag"));
    assert!(browser.has("30 cases within 10 minutes"));
    for reference in test.references().await {
        assert!(browser.has(&reference), "{reference}");
    }
    browser
        .get(&browser.link("Decide (Many cases looked at by morag)"))
        .await;
    sound(&browser);

    test.add("ada", "auditor").await;
    let mut other = test.signed_in("ada").await;
    assert!(!other.has("to review") && !other.has("Looks"));
    for path in ["/staff/looks", &to] {
        assert_eq!(other.get(path).await, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/staff/looks/sample/x", "/staff/looks/other/x"] {
        assert_eq!(browser.get(path).await, StatusCode::NOT_FOUND, "{path}");
    }
}
