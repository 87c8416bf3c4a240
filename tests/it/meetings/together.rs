//! Thirty members act at once on one meeting and three cases, through the doors of the service: no view that was accepted is lost, no
//! case is decided twice, and nothing is taken from whoever has declared a conflict.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clares_law::app::App;
use clares_law::app::act::Request;
use clares_law::app::error::AppError;
use clares_law::app::meetings::MeetingRequest;
use clares_law::app::ties::NewTie;
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::domain::tie::TieKind;
use clares_law::engine::command::Actor;
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::Event;
use serde_json::json;
use tokio::task::JoinSet;

use super::{AGENCIES, Forum, view};

/// In `make test`; `make races` tries a thousand.
const FEW: usize = 2;
const MANY: usize = 1_000;
const MEMBERS: usize = 30;
const CASES: usize = 3;

/// What came of somebody's evening: the cases on which a view of theirs was accepted, and the one that turned out to be their own.
struct Evening {
    account: String,
    accepted: Vec<CaseId>,
    own: Option<CaseId>,
    /// The version of the meeting when the conflict had been declared.
    left: u64,
}

/// Asks until it is answered, as a browser does that sends its form again under the same key.
async fn asks(
    app: &Arc<App>,
    actor: &Actor,
    meeting: MeetingId,
    ask: Ask,
) -> Result<u64, AppError> {
    let key = Some(app.chance.id().to_string());
    loop {
        let request = MeetingRequest {
            meeting,
            ask: ask.clone(),
            key: key.clone(),
            actor: actor.clone(),
        };
        match app.ask(request).await {
            Err(AppError::Busy | AppError::Met | AppError::Stale(_)) => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            other => return other,
        }
    }
}

async fn version(app: &Arc<App>, meeting: MeetingId) -> u64 {
    let mut tx = app.db.begin_read().await.unwrap();
    let loaded = clares_law::app::meetings::stream::load(&app.keys, &mut tx, meeting).await;
    loaded.unwrap().meeting.version
}

/// A member gives a view on each case, again and again until the views are open; one of the cases may be their own.
async fn member(
    app: Arc<App>,
    person: clares_law::app::staff::Person,
    meeting: MeetingId,
    cases: Vec<CaseId>,
    own: Option<(CaseId, u64)>,
) -> Evening {
    let actor = person.actor.clone();
    let away = Arc::new(AtomicBool::new(false));
    let mut leaving = JoinSet::new();
    if let Some((case, pauses)) = own {
        let (app, away) = (Arc::clone(&app), Arc::clone(&away));
        leaving.spawn(async move {
            tokio::time::sleep(Duration::from_millis(pauses)).await;
            let conflict = NewTie {
                kind: TieKind::Declared,
                who: person.actor.id.parse().ok(),
                because: "She is my cousin".to_owned(),
            };
            while let Err(error) = app.tie(&person, case, conflict.clone(), None).await {
                assert!(matches!(error, AppError::Busy | AppError::Met), "{error:?}");
            }
            away.store(true, Ordering::SeqCst);
            version(&app, meeting).await
        });
    }
    let own = own.map(|(case, _)| case);
    let mut accepted = Vec::new();
    for _ in 0..3 {
        for case in &cases {
            let after = away.load(Ordering::SeqCst) && own == Some(*case);
            match asks(&app, &actor, meeting, view(*case)).await {
                Ok(_) => {
                    assert!(!after, "a view was taken after the conflict was declared");
                    accepted.push(*case);
                }
                Err(AppError::Unmet(_)) => {}
                Err(AppError::NotFound) => assert_eq!(own, Some(*case)),
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    let left = leaving.join_all().await;
    Evening {
        account: actor.id,
        accepted,
        own,
        left: left.first().copied().unwrap_or(u64::MAX),
    }
}

/// A chair opens the views of each case after a while, and tries to decide it until it is decided.
async fn chair(
    app: Arc<App>,
    actor: Actor,
    meeting: MeetingId,
    requests: Vec<Request>,
) -> Vec<(CaseId, u64)> {
    let mut decided = Vec::new();
    for request in requests {
        tokio::time::sleep(Duration::from_millis(400)).await;
        let opens = Ask::OpenViews { case: request.case };
        let _ = asks(&app, &actor, meeting, opens).await;
        let key = Some(app.chance.id().to_string());
        let asked = Request { key, ..request };
        loop {
            match app.act(asked.clone()).await {
                Err(AppError::Busy | AppError::Met | AppError::Stale(_)) => {}
                Ok(done) => break decided.push((asked.case, done.version)),
                Err(AppError::Unmet(_) | AppError::NotFound) => break,
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    decided
}

/// So many meetings take a year: bank holidays are known for a few.
const A_YEAR: usize = 40;

async fn evenings(rounds: usize) {
    for first in (0..rounds).step_by(A_YEAR) {
        evenings_of_a_year(first..rounds.min(first + A_YEAR)).await;
    }
}

async fn evenings_of_a_year(rounds: Range<usize>) {
    let mut forum = Forum::new().await;
    let names: Vec<&'static str> = (0..MEMBERS)
        .map(|number| &*Box::leak(format!("member {number}").into_boxed_str()))
        .collect();
    for (number, name) in names.iter().enumerate() {
        forum
            .hire(name, "member", AGENCIES[number % AGENCIES.len()])
            .await;
    }
    forum.hire("other chair", "chair", "").await;
    let (mut views, mut decisions) = (0, 0);
    for round in rounds.clone() {
        let mut cases = Vec::new();
        for _ in 0..CASES {
            cases.push(forum.case().await);
        }
        let present: Vec<_> = names
            .iter()
            .copied()
            .chain(["chair", "other chair"])
            .collect();
        let meeting = forum.begun(&cases, &present).await;
        for case in &cases {
            forum
                .ask(meeting, "chair", Ask::Take { case: *case })
                .await
                .unwrap();
        }
        let mut sitting = JoinSet::new();
        for (number, name) in names.iter().enumerate() {
            let mut order = cases.clone();
            order.rotate_left((number + round) % CASES);
            let pauses = u64::try_from((number * 7 + round * 13) % 50).unwrap();
            let own = (number % 3 == 0).then_some((order[number % 2], pauses));
            let app = Arc::clone(&forum.house.app);
            sitting.spawn(member(app, forum.person(name), meeting, order, own));
        }
        let mut deciding = JoinSet::new();
        for (name, action) in [
            ("chair", "decide_to_disclose"),
            ("other chair", "decide_not_to_disclose"),
            ("chair", "adjourn"),
        ] {
            let requests = cases
                .iter()
                .map(|case| forum.request(*case, name, action, json!({})));
            let app = Arc::clone(&forum.house.app);
            let actor = forum.who(name).clone();
            deciding.spawn(chair(app, actor, meeting, requests.collect()));
        }
        let evenings = sitting.join_all().await;
        let decided: Vec<_> = deciding.join_all().await.into_iter().flatten().collect();
        views += proved(&forum, meeting, &evenings, &decided).await;
        decisions += decided.len();
        let cases: BTreeSet<_> = decided.iter().map(|(case, _)| *case).collect();
        assert_eq!(cases.len(), decided.len(), "round {round}: {decided:?}");
    }
    assert!(
        decisions == rounds.len() * CASES && views > rounds.len() * MEMBERS,
        "{decisions} {views}"
    );
    assert_eq!(forum.house.app.verify_history().await.unwrap().bad, []);
    let (_, differing) = forum.house.app.rebuild().await.unwrap();
    assert!(differing.is_empty(), "{differing:?}");
    println!(
        "{} meetings of {MEMBERS} members: {views} views, {decisions} decisions, none lost, double or too late",
        rounds.len()
    );
}

/// Holds what was answered against the history. Answers how many views there are.
async fn proved(
    forum: &Forum,
    meeting: MeetingId,
    evenings: &[Evening],
    decided: &[(CaseId, u64)],
) -> usize {
    let mut tx = forum.house.app.db.begin_read().await.unwrap();
    let loaded = clares_law::app::meetings::stream::load(&forum.house.app.keys, &mut tx, meeting)
        .await
        .unwrap();
    drop(tx);
    let mut views = 0;
    for evening in evenings {
        for case in &evening.accepted {
            let item = loaded.meeting.item(*case).unwrap();
            assert!(item.views.contains_key(&evening.account), "a view is lost");
        }
        let taken = loaded
            .history
            .iter()
            .filter(|one| one.actor.id == evening.account);
        let taken: Vec<_> = taken
            .filter_map(|one| match one.event {
                Event::ViewTaken { case, .. } => Some((case, one.seq)),
                _ => None,
            })
            .collect();
        assert_eq!(
            taken.len(),
            evening.accepted.len(),
            "each view that was answered, and no other"
        );
        let late = taken
            .iter()
            .filter(|(case, seq)| Some(*case) == evening.own && *seq > evening.left);
        assert_eq!(late.count(), 0, "a view after the conflict was declared");
        views += taken.len();
    }
    let settled = loaded.history.iter().filter_map(|one| match &one.event {
        Event::Settled { case, version, .. } => Some((*case, *version)),
        _ => None,
    });
    assert_eq!(
        settled.collect::<BTreeSet<_>>(),
        decided.iter().copied().collect()
    );
    views
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn l10_thirty_members_at_once_lose_nothing_and_decide_once() {
    evenings(FEW).await;
}

/// Run with `make races`.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "a thousand meetings take hours"]
async fn l10_thirty_members_at_once_a_thousand_times() {
    evenings(MANY).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_case_that_two_put_on_two_agendas_at_once_is_on_one() {
    let forum = Forum::new().await;
    for round in 0..3 {
        let case = forum.case().await;
        let meetings = [forum.convened().await, forum.convened().await];
        let mut listing = JoinSet::new();
        for (meeting, name) in meetings.into_iter().zip(["coordinator", "deputy"]) {
            let (app, actor) = (Arc::clone(&forum.house.app), forum.who(name).clone());
            listing.spawn(async move { app.put_on_agenda(&actor, meeting, case, None).await });
        }
        let listed = listing.join_all().await;
        let won = listed.iter().filter(|listed| listed.is_ok()).count();
        assert_eq!(won, 1, "round {round}: {listed:?}");
    }
}
