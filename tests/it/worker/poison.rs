//! A case that cannot be looked at is passed over, shown, and never starves the others.

use clares_law::worker::deadlines::step;
use jiff::SignedDuration;

use super::{ALL, stages};
use crate::support::database::dropping;
use crate::support::house::House;

/// Makes these cases unreadable.
async fn poison(house: &House) {
    house.tamper(&dropping("events_no_update", "events")).await;
    house
        .tamper("update events set body = '{}' where seq = 1")
        .await;
}

#[tokio::test]
async fn l6_a_batch_full_of_poison_does_not_starve_the_next_case() {
    let house = House::new().await;
    house.hire("iain", "supervisor").await;
    for _ in 0..60 {
        house.case().await;
    }
    poison(&house).await;
    house.wait(1);
    let sound = house.case().await;
    house.wait(24 * 60);
    let lease = house.lease("deadlines").await;
    let mut steps = 0;
    while step(&house.app, &lease).await.unwrap() {
        steps += 1;
        assert!(steps < 10, "the steps never come to an end");
    }
    assert_eq!(stages(&house, sound).await, ALL, "in the same round");
}

#[tokio::test]
async fn poison_is_tried_ever_more_seldom_and_shown_after_five_failures() {
    let house = House::new().await;
    house.hire("iain", "supervisor").await;
    house.case().await;
    poison(&house).await;
    house.wait(24 * 60);
    let mut tried_at = Vec::new();
    let begun = house.clock.now();
    let lease = house.lease("deadlines").await;
    for _ in 0..60 {
        if step(&house.app, &lease).await.unwrap() {
            tried_at.push(house.clock.now().duration_since(begun).as_secs());
        }
        let parked = house.app.figures().await.unwrap().parked;
        assert_eq!(parked, i64::from(tried_at.len() >= 5), "{tried_at:?}");
        house.clock.advance(SignedDuration::from_secs(10));
    }
    assert_eq!(tried_at, [0, 10, 30, 70, 150, 310]);
}

#[tokio::test]
async fn a_case_that_can_be_read_again_is_whole_again() {
    let house = House::new().await;
    house.hire("iain", "supervisor").await;
    let case = house.case().await;
    house.tamper(&dropping("events_no_update", "events")).await;
    house
        .tamper("update events set body = 'x' || body where seq = 1")
        .await;
    house.wait(24 * 60);
    assert_eq!(house.sweep(9).await.unwrap(), 1);
    assert_eq!(house.count("select failures from parked_cases").await, 1);
    house
        .tamper("update events set body = substr(body, 2) where seq = 1")
        .await;
    assert_eq!(house.sweep(9).await.unwrap(), 0, "it is still passed over");
    house.clock.advance(SignedDuration::from_secs(10));
    assert_eq!(house.sweep(9).await.unwrap(), 1);
    assert_eq!(stages(&house, case).await, ALL);
    assert_eq!(house.count("select count(*) from parked_cases").await, 0);
}

/// Otherwise it would be looked at for ever.
#[tokio::test]
async fn a_row_that_says_due_without_reason_counts_as_a_failure() {
    let house = House::new().await;
    house.case().await;
    house
        .tamper("update deadlines set next_stage_at = started_at where clock = 'overall'")
        .await;
    assert_eq!(house.sweep(9).await.unwrap(), 1);
    assert_eq!(house.sweep(9).await.unwrap(), 0);
    assert_eq!(house.count("select failures from parked_cases").await, 1);
}
