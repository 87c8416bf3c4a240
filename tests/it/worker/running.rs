//! The worker as it runs: every task in a loop of its own, and an orderly stop.

use std::sync::Arc;
use std::time::Duration;

use clares_law::mail::Mailer;
use clares_law::store::leases;
use clares_law::worker;
use jiff::SignedDuration;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{ALL, stages};
use crate::support::house::House;

/// Nodes that work on one installation.
struct Nodes {
    stop: watch::Sender<bool>,
    running: JoinSet<()>,
}

impl Nodes {
    fn start(house: &House, number: usize) -> Self {
        let (stop, stopped) = watch::channel(false);
        let mut running = JoinSet::new();
        for _ in 0..number {
            let work = worker::run(
                Arc::clone(&house.app),
                Arc::new(Mailer::Log),
                stopped.clone(),
            );
            running.spawn(work);
        }
        Self { stop, running }
    }

    async fn stop(self) {
        self.stop.send(true).unwrap();
        let stopped = tokio::time::timeout(Duration::from_secs(10), self.running.join_all());
        stopped.await.expect("the worker stops when it is asked to");
    }
}

/// Lets time go by, ten times as fast as it does, until something is so.
async fn until(house: &House, what: &str, mut so: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        house.clock.advance(SignedDuration::from_millis(500));
    }
    panic!("not within 30 seconds: {what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn three_nodes_do_everything_once_and_stop_when_asked() {
    let house = House::new().await;
    house.hire("iain", "supervisor").await;
    let mut cases = Vec::new();
    for _ in 0..8 {
        cases.push(house.case().await);
    }
    let nodes = Nodes::start(&house, 3);
    house.wait(24 * 60);
    until(&house, "every message is sent", async || {
        let sent = house
            .count("select count(*) from outbox where status = 'sent'")
            .await;
        assert!(sent <= 8 * 7);
        sent == 8 * 7
    })
    .await;
    for case in cases {
        assert_eq!(stages(&house, case).await, ALL);
    }
    until(&house, "all histories are checked", async || {
        house.count("select count(*) from integrity_checks").await > 0
    })
    .await;
    assert_eq!(house.app.readiness().because, [""; 0]);
    nodes.stop().await;
    let mut tx = house.app.db.begin_read().await.unwrap();
    for lease in leases::all(&mut tx).await.unwrap() {
        assert!(lease.seconds_left <= 0.0, "{} is given back", lease.task);
    }
}

/// D11, D12: a task whose every round fails leaves the others alone, and goes on trying.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_that_fails_holds_up_no_other() {
    let house = House::new().await;
    let case = house.case().await;
    house.tamper("alter table outbox rename to elsewhere").await;
    house
        .tamper("alter table integrity_checks rename to lost")
        .await;
    let nodes = Nodes::start(&house, 1);
    house.wait(24 * 60);
    until(&house, "the stages are recorded", async || {
        stages(&house, case).await.len() == ALL.len()
    })
    .await;
    let failed = &house.app.pulse.failed_rounds;
    let failures = |task| failed.get_or_create(&vec![("task", task)]).get();
    until(&house, "the outbox has failed", async || {
        failures("outbox") > 0
    })
    .await;
    assert_eq!(failures("deadlines"), 0);
    assert!(
        !house.app.pulse.is_silent(&house.clock),
        "it goes on trying"
    );
    nodes.stop().await;
}
