//! The daily check finds what was tampered with, writes nothing but what it found, and starts again when it is time.

use clares_law::store::integrity_checks::{self, CheckRow};
use clares_law::worker::integrity::step;

use jiff::SignedDuration;

use crate::support::database::dropping;
use crate::support::house::House;

/// Checks as the worker does, until a step says 'empty'; answers how many steps it took.
async fn check(house: &House) -> usize {
    house.clock.advance(SignedDuration::from_secs(1));
    let (lease, mut check) = (house.lease("integrity").await, None);
    let mut steps = 1;
    while step(&house.app, &lease, &mut check).await.unwrap() {
        steps += 1;
    }
    steps
}

async fn last(house: &House) -> CheckRow {
    let mut tx = house.app.db.begin_read().await.unwrap();
    integrity_checks::last(&mut tx).await.unwrap().unwrap()
}

async fn found(house: &House) -> (i64, i64, i64) {
    let row = last(house).await;
    (row.broken, row.differing, row.stuck)
}

async fn with_cases(number: usize) -> House {
    let house = House::new().await;
    house.hire("iain", "supervisor").await;
    for _ in 0..number {
        house.case().await;
    }
    house
}

#[tokio::test]
async fn all_is_well_and_checked_once_a_day() {
    let house = with_cases(45).await;
    assert_eq!(check(&house).await, 4, "20, 20, 5 and the end");
    let row = last(&house).await;
    assert_eq!((row.histories, row.events), (45, 135));
    assert_eq!(found(&house).await, (0, 0, 0));
    house.wait(23);
    assert_eq!(check(&house).await, 1, "not yet");
    house.wait(1);
    assert_eq!(check(&house).await, 4);
}

#[tokio::test]
async fn a_broken_history_is_found_and_looked_for_again() {
    let house = with_cases(3).await;
    house.tamper(&dropping("events_no_update", "events")).await;
    house.tamper("update events set actor = 'somebody' where seq = 2 and stream = (select id from cases limit 1)").await;
    check(&house).await;
    assert_eq!(found(&house).await, (1, 0, 0));
    house.app.look().await;
    let readiness = house.app.readiness();
    let because = "The last check of all histories found a broken one";
    assert!(readiness.because.contains(&because), "{readiness:?}");
    assert!(check(&house).await > 1, "although no day has gone by");
}

#[tokio::test]
async fn a_history_without_its_end_and_a_case_without_a_history_are_found() {
    let house = with_cases(3).await;
    house.tamper(&dropping("events_no_delete", "events")).await;
    house.tamper("delete from events where seq = 3 and stream = (select id from cases order by id limit 1)").await;
    house
        .tamper("delete from events where stream = (select id from cases order by id desc limit 1)")
        .await;
    check(&house).await;
    assert_eq!(found(&house).await, (1, 1, 0));
}

#[tokio::test]
async fn rows_that_differ_are_found_and_left_as_they_are() {
    let house = with_cases(4).await;
    let before = house.count("select count(*) from events").await;
    house.tamper("update deadlines set next_stage_at = null where case_id = (select id from cases order by id limit 1)").await;
    house
        .tamper("update cases set urgent = not urgent where id = (select id from cases order by id desc limit 1)")
        .await;
    check(&house).await;
    assert_eq!(found(&house).await, (0, 2, 0));
    assert_eq!(house.count("select count(*) from events").await, before);
    house.app.look().await;
    assert_eq!(house.app.readiness().warnings.len(), 1);
    assert_eq!(house.app.rebuild().await.unwrap().1.len(), 2);
    check(&house).await;
    assert_eq!(found(&house).await, (0, 0, 0));
}

#[tokio::test]
async fn l5_a_case_that_nobody_moves_is_stuck() {
    for (text, stuck) in [
        ("delete from deadlines", 2),
        ("delete from queue_entries", 2),
        ("update deadlines set status = 'stopped'", 2),
        ("update staff set disabled = (1 = 1)", 2),
        ("update cases set open = (1 = 0)", 0),
    ] {
        let house = with_cases(2).await;
        house.tamper(text).await;
        let figures = house.app.figures().await.unwrap();
        assert_eq!(figures.stuck, stuck, "L5: {text}");
        check(&house).await;
        assert_eq!(found(&house).await.2, i64::try_from(stuck).unwrap());
    }
}
