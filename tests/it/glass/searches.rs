//! Whoever searches without a case, or goes through many, is noticed at once.

use clares_law::app::look_reviews::Kind;
use clares_law::domain::id::CaseId;
use jiff::SignedDuration;

use super::{break_glass, hired, is_refused, restricted, reviewers};
use crate::support::house::House;

const SEARCHES: &str = "select count(*) from look_reviews where kind = 'search'";

#[tokio::test]
async fn the_fifth_search_without_a_case_within_ten_minutes_raises_an_alert() {
    let house = House::new().await;
    reviewers(&house).await;
    let morag = hired(&house, "morag", "verifier").await;
    let other = hired(&house, "other", "verifier").await;
    let search = async |who| {
        let answer = break_glass(&house, who, "no reference", "a key of my own").await;
        assert!(is_refused(&answer), "{answer:?}");
    };
    let minutes = |number| house.clock.advance(SignedDuration::from_mins(number));
    // Slowly, and two people together, is no alert.
    for _ in 0..6 {
        search(&morag).await;
        minutes(3);
    }
    search(&other).await;
    assert_eq!(house.count(SEARCHES).await, 0);
    search(&morag).await;
    assert_eq!(house.count(SEARCHES).await, 0, "the fourth");
    search(&morag).await;
    assert_eq!(house.count(SEARCHES).await, 1);
    assert_eq!(house.messages().await.len(), 2, "both reviewers are told");
    for _ in 0..9 {
        search(&morag).await;
    }
    assert_eq!(
        house.count(SEARCHES).await,
        1,
        "once is enough for ten minutes"
    );
    assert_eq!(house.messages().await.len(), 2);
    minutes(11);
    for _ in 0..5 {
        search(&morag).await;
    }
    assert_eq!(house.count(SEARCHES).await, 2);
    let iain = hired(&house, "iain", "supervisor").await;
    let review = house.app.reviews(&iain).await.unwrap().remove(0);
    assert_eq!(
        (review.kind, review.number, review.told),
        (Kind::Search, 5, 2)
    );
    assert!(review.cases.is_empty());
}

#[tokio::test]
async fn addresses_that_open_nothing_count_as_searches() {
    let house = House::new().await;
    reviewers(&house).await;
    let morag = hired(&house, "morag", "verifier").await;
    let (case, _) = restricted(&house).await;
    let unknown = CaseId(uuid::Uuid::from_u128(7));
    for (number, id) in [case, unknown, case, unknown, case].into_iter().enumerate() {
        assert_eq!(house.count(SEARCHES).await, 0, "{number}");
        let seen = house.app.see_case(&morag, id, "case").await;
        assert!(seen.is_err(), "{number}");
    }
    assert_eq!(house.count(SEARCHES).await, 1);
}

#[tokio::test]
async fn tries_to_act_on_what_is_hidden_count_and_forms_with_mistakes_do_not() {
    let house = House::new().await;
    reviewers(&house).await;
    let morag = hired(&house, "morag", "verifier").await;
    let case = house.case().await;
    let act = async |case| {
        let act = house.act(case, &morag.actor, "triage", serde_json::json!({}));
        act.await.unwrap_err()
    };
    for _ in 0..9 {
        act(case).await;
    }
    assert_eq!(house.count(SEARCHES).await, 0);
    for _ in 0..5 {
        act(CaseId(uuid::Uuid::from_u128(7))).await;
    }
    assert_eq!(house.count(SEARCHES).await, 1);
}

#[tokio::test]
async fn a_trawl_of_thirty_cases_is_told_to_reviewers_at_once() {
    let house = House::new().await;
    reviewers(&house).await;
    let morag = hired(&house, "morag", "verifier").await;
    let began = house.clock.now();
    for number in 1..=30 {
        assert_eq!(house.messages().await.len(), 0, "{number}");
        let case = house.case().await;
        house.app.see_case(&morag, case, "case").await.unwrap();
        house.clock.advance(SignedDuration::from_secs(18));
    }
    let trawls = "select count(*) from look_reviews where kind = 'trawl' and told = 2";
    assert_eq!(house.count(trawls).await, 1);
    let messages = house.messages().await;
    assert_eq!(messages.len(), 2);
    for message in messages {
        let lasted = message.due_at.timestamp().duration_since(began);
        assert_eq!(
            lasted,
            SignedDuration::from_secs(29 * 18),
            "with the thirtieth look"
        );
        assert!(house.app.notice(&message).await.unwrap().is_ok());
    }
}
