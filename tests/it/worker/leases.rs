//! One node at a time: a lease is taken when it is free, and a write under one that is over is refused.

use std::time::Duration;

use clares_law::store::leases::{self, Lease, LeaseRow};
use uuid::Uuid;

use super::{ALL, stages};
use crate::support::house::House;

const ONE: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const LONG: Duration = Duration::from_mins(1);
const SHORT: Duration = Duration::from_millis(100);

async fn take(house: &House, node: Uuid, lasts: Duration) -> Option<Lease> {
    let taken = house.app.take_lease("deadlines", node, lasts).await;
    taken.unwrap()
}

async fn rows(house: &House) -> Vec<LeaseRow> {
    let mut tx = house.app.db.begin_read().await.unwrap();
    leases::all(&mut tx).await.unwrap()
}

#[tokio::test]
async fn a_lease_is_taken_when_it_is_free_over_or_ones_own() {
    let house = House::new().await;
    let first = take(&house, ONE, LONG).await.unwrap();
    assert_eq!(first.token, 1);
    assert_eq!(take(&house, OTHER, LONG).await, None, "held");
    let again = take(&house, ONE, LONG).await.unwrap();
    assert_eq!(again.token, 2, "its own, and the earlier one is over");
    assert!(!house.app.keep_lease(&first).await.unwrap());
    assert!(house.app.keep_lease(&again).await.unwrap());

    house.app.give_back(first).await.unwrap();
    assert_eq!(take(&house, OTHER, LONG).await, None, "not its to give");
    house.app.give_back(again).await.unwrap();
    let theirs = take(&house, OTHER, SHORT).await.unwrap();
    assert_eq!(theirs.token, 3);
    tokio::time::sleep(SHORT * 2).await;
    assert_eq!(
        take(&house, ONE, LONG).await.unwrap().token,
        4,
        "it is over"
    );
    let other_task = house.app.take_lease("outbox", OTHER, LONG).await.unwrap();
    assert_eq!(other_task.unwrap().token, 1, "each task has its own");
}

#[tokio::test]
async fn keeping_a_lease_makes_it_last_anew() {
    let house = House::new().await;
    let lease = take(&house, ONE, SHORT * 4).await.unwrap();
    for _ in 0..6 {
        tokio::time::sleep(SHORT).await;
        assert!(house.app.keep_lease(&lease).await.unwrap());
    }
    assert_eq!(take(&house, OTHER, LONG).await, None);
    let [row] = &rows(&house).await[..] else {
        panic!("one lease");
    };
    assert_eq!((row.holder, row.token), (ONE, 1));
    assert!(
        row.seconds_left > 0.0 && row.seconds_left <= 0.4,
        "{}",
        row.seconds_left
    );
}

/// The clock of a node has no say in whether a lease is over.
#[tokio::test]
async fn a_node_whose_clock_is_wrong_steals_nothing() {
    let house = House::new().await;
    take(&house, ONE, LONG).await.unwrap();
    house.wait(24 * 365);
    assert_eq!(take(&house, OTHER, LONG).await, None);
    house.clock.set("1999-12-31T23:59:59Z".parse().unwrap());
    assert_eq!(take(&house, OTHER, LONG).await, None);
}

/// D3: as after SIGSTOP, the node does not know that its lease is over and that another has gone on.
#[tokio::test]
async fn a_stale_holders_write_is_refused() {
    let house = House::new().await;
    let case = house.case().await;
    let stale = take(&house, ONE, SHORT).await.unwrap();
    tokio::time::sleep(SHORT * 2).await;
    let fresh = take(&house, OTHER, LONG).await.unwrap();
    house.wait(24 * 60);
    assert_eq!(house.app.sweep(&stale, 9).await.unwrap(), 0);
    assert_eq!(stages(&house, case).await, [""; 0], "nothing was written");
    assert_eq!(house.app.sweep(&fresh, 9).await.unwrap(), 1);
    assert_eq!(house.app.sweep(&stale, 9).await.unwrap(), 0);
    assert_eq!(stages(&house, case).await, ALL);
}

/// Nobody took it meanwhile, so nobody can have done the same.
#[tokio::test]
async fn a_lease_that_is_over_still_holds_while_nobody_takes_it() {
    let house = House::new().await;
    let case = house.case().await;
    let lease = take(&house, ONE, SHORT).await.unwrap();
    tokio::time::sleep(SHORT * 2).await;
    house.wait(24 * 60);
    assert_eq!(house.app.sweep(&lease, 9).await.unwrap(), 1);
    assert_eq!(stages(&house, case).await, ALL);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_that_ask_at_once_one_gets_it() {
    let house = House::new().await;
    for round in 0..10_u128 {
        let asked = (1..=8).map(|node| {
            let app = house.app.clone();
            async move {
                let node = Uuid::from_u128(round * 100 + node);
                app.take_lease("deadlines", node, LONG).await.unwrap()
            }
        });
        let mut asking = tokio::task::JoinSet::new();
        asked.for_each(|ask| {
            asking.spawn(ask);
        });
        let got: Vec<Lease> = asking.join_all().await.into_iter().flatten().collect();
        assert_eq!(got.len(), 1, "{got:?}");
        house.app.give_back(got[0].clone()).await.unwrap();
    }
}
