//! What the access log costs, with it and without it in turns, in one run: a case led through six actions (W2), the first page
//! of a queue among 10,000 cases (W4), and a case opened. Without it, the database takes no row of it; everything else is done
//! as ever, even the transaction of a look, which is empty then. The floor is a transaction that makes one small row last.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::store::Sql;
use serde_json::json;
use tokio::task::JoinSet;

use crate::restore::drill::fill;
use crate::support::database::{dropping, either};
use crate::support::house::House;
use crate::support::world::{dsdas, scenario};

/// Six actions that need no waiting between them, with who does them.
pub const ACTIONS: [(&str, &str); 6] = [
    ("register", "intake"),
    ("record_initial_checks", "verifier"),
    ("begin_contact", "intake"),
    ("record_initial_contact", "intake"),
    ("triage", "verifier"),
    ("request_meeting", "verifier"),
];
/// How often each is measured with the log, and as often without.
const ROUNDS: usize = 15;
/// Cases led on, and looks, in a round.
const CASES: usize = 32;
const LOOKS: usize = 160;
/// All cases of the queue's database, and how many of ten are over.
const MANY: usize = 10_000;
const OVER: usize = 9;

/// What is done over and over.
#[derive(Clone, Copy)]
enum Work {
    /// A case is led through `ACTIONS`.
    Act,
    /// The first page of a queue.
    Queue,
    /// A case.
    Open,
}

#[derive(Clone)]
struct People {
    intake: Actor,
    verifier: Actor,
}

/// Run by itself with `make bench`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, for the README: run it alone, optimised"]
async fn what_the_log_costs() {
    let house = Arc::new(filled().await);
    let people = People {
        intake: house.hire("catriona", "intake").await,
        verifier: house.hire("morag", "verifier").await,
    };
    for (what, work, clients) in [
        ("W2, an action", Work::Act, 1),
        ("W2, an action", Work::Act, 4),
        ("W2, an action", Work::Act, 16),
        ("W4, a queue", Work::Queue, 1),
        ("W4, a queue", Work::Queue, 8),
        ("a case opened", Work::Open, 1),
        ("a case opened", Work::Open, 8),
    ] {
        let (mut with, mut without, mut floor) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            // So that one round's looks are not counted as the next one's trawl.
            house.wait(1);
            with.push(each(&house, &people, work, clients).await);
            house.tamper(without_log()).await;
            without.push(each(&house, &people, work, clients).await);
            house.tamper(&dropping("unlogged", "access_log")).await;
            floor.push(a_row_made_to_last(&house).await);
        }
        let (with, without, floor) = (median(with), median(without), median(floor));
        let more = 100.0 * (with.as_secs_f64() / without.as_secs_f64() - 1.0);
        println!(
            "{what}, {clients} clients: {with:?}, {without:?} without the log: {more:+.0} %; floor {floor:?}"
        );
    }
}

/// An installation with `MANY` cases, one of ten in the queue.
async fn filled() -> House {
    let house = House::new().await;
    let withdrawn = scenario("She asks to stop, is safe");
    for _ in 0..OVER {
        let case = house.case_of(withdrawn).await;
        for step in &withdrawn.steps {
            house.step(case, withdrawn, step).await;
        }
    }
    house.case().await;
    fill(&house, MANY).await;
    let floor = either(
        "create table floor (n integer)",
        "create table floor (n integer); grant insert on floor to clares_law_app",
    );
    house.tamper(floor).await;
    house
}

/// What makes the database take no row of the log, and say nothing.
fn without_log() -> &'static str {
    either(
        "create trigger unlogged before insert on access_log begin select raise(ignore); end",
        "create or replace function unlogged() returns trigger language plpgsql as 'begin return null; end';
         create trigger unlogged before insert on access_log for each row execute function unlogged()",
    )
}

/// How long one action or one look takes from the view of whoever serves so many clients at once.
#[expect(clippy::disallowed_methods, reason = "a stopwatch beside the clock")]
async fn each(house: &Arc<House>, people: &People, work: Work, clients: usize) -> Duration {
    let mut cases = Vec::new();
    match work {
        Work::Act => {
            for _ in 0..CASES {
                cases.push(house.case().await);
            }
        }
        Work::Queue | Work::Open => cases.resize(LOOKS, house.case().await),
    }
    let done = match work {
        Work::Act => CASES * ACTIONS.len(),
        Work::Queue | Work::Open => LOOKS,
    };
    let begun = Instant::now();
    let mut all = JoinSet::new();
    for share in cases.chunks(cases.len() / clients) {
        let (house, people, share) = (Arc::clone(house), people.clone(), share.to_vec());
        all.spawn(async move { client(&house, &people, work, &share).await });
    }
    all.join_all().await;
    begun.elapsed() / u32::try_from(done).unwrap()
}

async fn client(house: &House, people: &People, work: Work, cases: &[CaseId]) {
    for case in cases {
        match work {
            Work::Act => {
                for (action, role) in ACTIONS {
                    let by_intake = role == "intake";
                    let by = if by_intake {
                        &people.intake
                    } else {
                        &people.verifier
                    };
                    house.act(*case, by, action, json!({})).await.unwrap();
                }
            }
            Work::Queue => {
                let scheme = &dsdas().scheme.scheme;
                let page = house
                    .app
                    .see_queue(&people.intake, scheme, "to_register", None, 50);
                assert_eq!(page.await.unwrap().rows.len(), 50);
            }
            Work::Open => {
                house
                    .app
                    .see_case(&people.verifier, *case, "case")
                    .await
                    .unwrap();
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a stopwatch beside the clock")]
async fn a_row_made_to_last(house: &House) -> Duration {
    let begun = Instant::now();
    let mut tx = house.app.db.begin_write().await.unwrap();
    let row = tx.sql(Sql::one("test.FLOOR", "insert into floor values (1)"));
    row.execute().await.unwrap();
    tx.commit().await.unwrap();
    begun.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
