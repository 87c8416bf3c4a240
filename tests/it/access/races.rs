//! Somebody is kept away while their pages are open and while they act: whatever they begin afterwards is refused, and nothing that
//! they began before takes effect afterwards (G9 of the reference on reliability).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::Method;
use clares_law::app::App;
use clares_law::app::error::AppError;
use clares_law::app::staff::Person;
use clares_law::app::ties::NewTie;
use clares_law::domain::id::CaseId;
use clares_law::domain::tie::TieKind;
use clares_law::store::Sql;
use tokio::task::JoinSet;

use super::asking::{HERE, case_at, installation, person, ways};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::database::on_postgres;
use crate::support::house::{new_person, request_of};
use crate::support::world::no_answers;

/// In `make test`; `make races` tries a thousand of each.
const FEW: usize = 50;
const MANY: usize = 1_000;
/// Colleagues who act at the same time.
const WORKERS: usize = 4;

/// Somebody signed in, as the pages know them.
async fn signed_in(test: &TestApp, name: &str) -> Person {
    let secret = test.app.sign_in(name, PASSWORD).await.unwrap().secret;
    test.app.session(&secret).await.unwrap()
}

fn conflict_of(person: &Person) -> NewTie {
    NewTie {
        kind: TieKind::Declared,
        who: person.actor.id.parse().ok(),
        because: "She is my cousin".to_owned(),
    }
}

/// The versions that somebody's acts have made of a case.
async fn acts_of(test: &TestApp, person: &Person, case: CaseId) -> Vec<u64> {
    let history = test.load(case).await.history;
    let own = history
        .iter()
        .filter(|recorded| recorded.actor.id == person.actor.id);
    own.map(|recorded| recorded.seq).collect()
}

/// Writes notes until told to stop or refused; answers how many were accepted of those that were begun after `away`.
async fn writes(
    app: Arc<App>,
    person: Person,
    case: CaseId,
    (away, stop): (Arc<AtomicBool>, Arc<AtomicBool>),
) -> usize {
    let mut too_late = 0;
    while !stop.load(Ordering::SeqCst) {
        let after = away.load(Ordering::SeqCst);
        let done = app
            .act(request_of(case, &person.actor, "note", no_answers()))
            .await;
        match done {
            Ok(_) if after => too_late += 1,
            Ok(_) | Err(AppError::Busy | AppError::Met) => {}
            Err(AppError::NotFound) => return too_late,
            Err(other) => panic!("{other:?}"),
        }
    }
    too_late
}

/// Several write notes on a case, and one of them declares a conflict meanwhile.
async fn conflicts(rounds: usize) {
    let test = installation().await;
    let way = ways().into_values().min_by_key(|way| way.1).unwrap();
    let mut workers = Vec::new();
    for number in 0..WORKERS {
        let name = format!("writer {number}");
        let account = new_person(
            &name,
            "verifier",
            HERE,
            Some(TestApp::password_hash().await),
        );
        test.app.add_person(account).await.unwrap();
        workers.push(signed_in(&test, &name).await);
    }
    let mut accepted = 0;
    for round in 0..rounds {
        let case = case_at(&test, way).await;
        let (away, stop) = (
            Arc::new(AtomicBool::new(false)),
            Arc::new(AtomicBool::new(false)),
        );
        let never = Arc::new(AtomicBool::new(false));
        let leaves = &workers[round % WORKERS];
        let mut writing = JoinSet::new();
        for worker in &workers {
            let leaves = worker.actor.id == leaves.actor.id;
            let away = if leaves { &away } else { &never };
            let flags = (Arc::clone(away), Arc::clone(&stop));
            writing.spawn(writes(Arc::clone(&test.app), worker.clone(), case, flags));
        }
        // Each round a little later.
        while test.load(case).await.case.version < 2 + (round % 5) as u64 {
            tokio::task::yield_now().await;
        }
        let declared = test.app.tie(leaves, case, conflict_of(leaves), None);
        declared.await.unwrap();
        away.store(true, Ordering::SeqCst);
        let then = test.load(case).await.case.version;
        while test.load(case).await.case.version < then + 3 {
            tokio::task::yield_now().await;
        }
        stop.store(true, Ordering::SeqCst);
        while let Some(too_late) = writing.join_next().await {
            assert_eq!(
                too_late.unwrap(),
                0,
                "round {round}: begun after the declaration, and accepted"
            );
        }
        let acts = acts_of(&test, leaves, case).await;
        accepted += acts.len();
        assert!(
            acts.iter().all(|version| *version <= then),
            "round {round}: {acts:?} after {then}"
        );
        assert_eq!(written_after(&test, leaves, case).await, 0, "round {round}");
    }
    println!(
        "{rounds} conflicts declared among {WORKERS} writers; {accepted} acts of those who left, all before"
    );
    assert!(
        accepted > 0,
        "nobody who left had done anything, so nothing is proved"
    );
}

/// How many acts of somebody were committed after the declaration. SQLite commits one after the other, and numbers the rows of
/// the log in that order; elsewhere there is no such order to ask for.
async fn written_after(test: &TestApp, person: &Person, case: CaseId) -> i64 {
    if on_postgres() {
        return 0;
    }
    let mut tx = test.app.db.begin_read().await.unwrap();
    let after = "select count(*) from access_log where case_id = $1 and actor = $2 and what = 'note' and operation = 'alteration'
        and rowid > (select max(rowid) from access_log where case_id = $1 and actor = $2 and what = 'who may see it')";
    let after = tx
        .sql(Sql::one("test.AFTER", after))
        .bind(case.0)
        .bind(&person.actor.id);
    after.scalar().await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn l10_nothing_is_done_by_whoever_has_declared_a_conflict() {
    conflicts(FEW).await;
}

/// Run with `make races`.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a thousand races take minutes"]
async fn l10_nothing_is_done_by_whoever_has_declared_a_conflict_a_thousand_times() {
    conflicts(MANY).await;
}

/// What keeps somebody away whose page is open.
#[derive(Debug, Clone, Copy)]
enum Leaves {
    /// They declare a conflict: there is no such case.
    Conflict,
    /// Their account is shut: they are asked to sign in.
    Account,
}

/// Somebody reloads a page without a pause, and is kept away meanwhile.
async fn pages(rounds: usize, leaves: Leaves) {
    let test = installation().await;
    let way = ways().into_values().min_by_key(|way| way.1).unwrap();
    let mut shown = 0;
    for round in 0..rounds {
        let case = case_at(&test, way).await;
        let role = "verifier";
        let asker = person(&test, role, HERE).await;
        let name = format!("{role} who asks at {HERE}");
        let colleague = signed_in(&test, &name).await;
        let away = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&away);
        let page = format!("/staff/cases/{case}");
        #[expect(
            clippy::disallowed_methods,
            reason = "a browser that reloads beside the test"
        )]
        let reloads = tokio::spawn(async move {
            let mut answers = Vec::new();
            while answers.last().is_none_or(|(after, _)| !after) {
                let after = seen.load(Ordering::SeqCst);
                let reply = asker.ask(&Method::GET, &page, "").await;
                answers.push((after, reply.status.as_u16()));
            }
            answers
        });
        for _ in 0..round % 7 {
            tokio::task::yield_now().await;
        }
        match leaves {
            Leaves::Conflict => test
                .app
                .tie(&colleague, case, conflict_of(&colleague), None)
                .await
                .unwrap(),
            Leaves::Account => assert!(test.app.disable(&name, "a test").await.unwrap()),
        }
        away.store(true, Ordering::SeqCst);
        let refused = match leaves {
            Leaves::Conflict => 404,
            Leaves::Account => 303,
        };
        for (after, status) in reloads.await.unwrap() {
            assert!(
                status == refused || (!after && status == 200),
                "round {round}: {status}, after: {after}"
            );
            shown += usize::from(status == 200);
        }
        if let Leaves::Account = leaves {
            test.app.enable(&name, "a test").await.unwrap();
        }
    }
    println!("{rounds} times {leaves:?}: shown {shown} times before, never after");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn l10_a_page_is_not_shown_again_after_a_conflict_was_declared() {
    pages(FEW, Leaves::Conflict).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_page_is_not_shown_again_after_an_account_was_shut() {
    pages(FEW, Leaves::Account).await;
}

/// Run with `make races`.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a thousand races take minutes"]
async fn no_page_is_shown_again_a_thousand_times() {
    pages(MANY, Leaves::Conflict).await;
    pages(MANY, Leaves::Account).await;
}
