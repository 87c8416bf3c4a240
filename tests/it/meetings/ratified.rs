//! What was done in an emergency comes to the next meeting by itself, and leaves the agenda only when the forum has looked at it.

use std::sync::Arc;

use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::engine::command::Actor;
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::{Event, Form};
use jiff::SignedDuration;
use serde_json::json;
use tokio::task::JoinSet;

use super::{Forum, unmet};

const ALL: [&str; 3] = ["chair", "social_work", "victim_support"];

impl Forum {
    /// A case that nobody has registered, in which somebody was told in an emergency.
    async fn told_at_once(&self) -> CaseId {
        let case = self.house.case_of(self.scenario).await;
        self.emergency(case).await;
        case
    }

    async fn emergency(&self, case: CaseId) {
        let told = self.act(case, "supervisor", "emergency_disclose", json!({}));
        told.await.unwrap();
    }

    /// A meeting in so many days.
    async fn convened_in(&self, days: i64) -> MeetingId {
        let mut convening = self.convening(Form::Regular);
        let starts_at = self.house.clock.now() + SignedDuration::from_hours(24 * days);
        convening.sitting.starts_at = starts_at;
        convening.sitting.ends_at = starts_at + SignedDuration::from_hours(2);
        let scheme = &self.definition().scheme.scheme;
        let coordinator = self.who("coordinator");
        let convened = self.house.app.convene(coordinator, scheme, convening, None);
        convened.await.unwrap()
    }

    /// Whether a case is on the agenda to be ratified; `None` where it is not on it.
    async fn ratifies(&self, meeting: MeetingId, case: CaseId) -> Option<bool> {
        let meeting = self.load(meeting).await;
        meeting.item(case).map(|item| item.ratifies)
    }

    async fn sweep(&self) -> usize {
        let lease = self.house.lease("meetings").await;
        self.house.app.bring_left_over(&lease).await.unwrap()
    }
}

#[tokio::test]
async fn l12_an_emergency_disclosure_comes_to_the_next_meeting_by_itself_and_is_ratified_there() {
    let forum = Forum::new().await;
    let (later, next) = (forum.convened_in(9).await, forum.convened_in(5).await);
    let case = forum.told_at_once().await;
    assert_eq!(forum.ratifies(next, case).await, Some(true));
    assert_eq!(forum.ratifies(later, case).await, None);
    let seen = forum.meeting("coordinator", next).await;
    let listed = seen.history.iter();
    let listed: Vec<_> = listed.filter(|one| one.event.case().is_some()).collect();
    assert!(
        listed.iter().all(|one| one.actor == Actor::clock()),
        "{listed:?}"
    );
    assert_eq!(seen.meeting.items[0].listing.asked, Vec::<String>::new());
    assert_eq!(forum.state(case).await, "received", "it is where it was");

    // Told again, it is there once.
    forum.emergency(case).await;
    assert_eq!(forum.sweep().await, 0);
    let again = forum.load(next).await;
    assert_eq!(
        (again.items.len(), again.version),
        (1, seen.meeting.version)
    );

    let early = unmet(forum.act(case, "chair", "ratify", json!({})).await);
    assert_eq!(early, ["The meeting has not begun"]);
    forum
        .ask(next, "coordinator", Ask::SealAgenda)
        .await
        .unwrap();
    forum.opens(next).await;
    for name in ["chair", "social_work"] {
        for ask in [Ask::Accept, Ask::Come] {
            forum.ask(next, name, ask).await.unwrap();
        }
    }
    forum.ask(next, "chair", Ask::Begin).await.unwrap();
    let early = unmet(forum.act(case, "chair", "ratify", json!({})).await);
    assert_eq!(early, ["The meeting has not come to this case"]);
    forum.ask(next, "chair", Ask::Take { case }).await.unwrap();
    assert_eq!(forum.state(case).await, "received");
    // The form says that enough are there; the room knows better.
    let told = unmet(
        forum
            .act(case, "chair", "ratify", json!({"quorate": true}))
            .await,
    );
    assert_eq!(
        told[0],
        "2 of 3 needed are here. Victim support and advocacy is missing."
    );
    let item = forum.item("chair", next, case).await.unwrap();
    assert_eq!(item.room.unfit["ratify"][0], told[0]);
    for ask in [Ask::Accept, Ask::Come] {
        forum.ask(next, "victim_support", ask).await.unwrap();
    }
    forum.act(case, "chair", "ratify", json!({})).await.unwrap();
    assert!(
        forum
            .house
            .load(case)
            .await
            .case
            .flags
            .keys()
            .all(|flag| flag != "emergency_disclosed")
    );
    let item = forum.load(next).await.item(case).unwrap().clone();
    assert_eq!(item.settled[0].0, "ratify");
    forum.ask(next, "chair", Ask::Close).await.unwrap();
    assert_eq!(forum.ratifies(later, case).await, None);
    assert!(forum.house.app.rebuild().await.unwrap().1.is_empty());
}

#[tokio::test]
async fn l12_what_a_meeting_does_not_ratify_comes_to_the_one_after_it() {
    let forum = Forum::new().await;
    let case = forum.told_at_once().await;
    assert_eq!(forum.sweep().await, 0, "no meeting is to come");
    let first = forum.convened_in(5).await;
    assert_eq!(forum.ratifies(first, case).await, Some(true), "it waited");
    let second = forum.convened_in(6).await;
    assert_eq!(forum.ratifies(second, case).await, None);

    let because = "It is not their forum's".to_owned();
    let unlist = Ask::Unlist {
        case,
        because: because.clone(),
    };
    forum
        .ask(first, "coordinator", unlist.clone())
        .await
        .unwrap();
    assert_eq!(forum.ratifies(second, case).await, Some(true));
    forum.ask(second, "coordinator", unlist).await.unwrap();
    for meeting in [first, second] {
        assert_eq!(
            forum.ratifies(meeting, case).await,
            None,
            "it was taken off both"
        );
    }
    let third = forum.convened_in(4).await;
    assert_eq!(forum.ratifies(third, case).await, Some(true));
    let fourth = forum.convened_in(7).await;
    let call_off = Ask::CallOff { because };
    forum.ask(third, "coordinator", call_off).await.unwrap();
    assert_eq!(forum.ratifies(fourth, case).await, Some(true));

    forum
        .ask(fourth, "coordinator", Ask::SealAgenda)
        .await
        .unwrap();
    forum.opens(fourth).await;
    for name in ALL {
        for ask in [Ask::Accept, Ask::Come] {
            forum.ask(fourth, name, ask).await.unwrap();
        }
    }
    forum.ask(fourth, "chair", Ask::Begin).await.unwrap();
    let fifth = forum.convened_in(8).await;
    forum
        .ask(fourth, "chair", Ask::Take { case })
        .await
        .unwrap();
    assert_eq!(forum.ratifies(fifth, case).await, None);
    forum.ask(fourth, "chair", Ask::Close).await.unwrap();
    assert_eq!(forum.ratifies(fifth, case).await, Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn l12_nodes_that_look_at_once_bring_a_case_once() {
    let forum = Forum::new().await;
    let meeting = forum.convened_in(5).await;
    // It was told while no meeting was to come, as far as the service knew.
    forum
        .house
        .tamper("update meetings set stage = 'called_off'")
        .await;
    let case = forum.told_at_once().await;
    assert_eq!(forum.ratifies(meeting, case).await, None);
    forum
        .house
        .tamper("update meetings set stage = 'convened'")
        .await;
    let lost = forum.house.lease("meetings").await;
    let lease = forum.house.lease("meetings").await;
    assert_eq!(forum.house.app.bring_left_over(&lost).await.unwrap(), 0);
    assert_eq!(forum.ratifies(meeting, case).await, None);
    let mut nodes = JoinSet::new();
    for _ in 0..4 {
        let (app, lease) = (Arc::clone(&forum.house.app), lease.clone());
        nodes.spawn(async move { app.bring_left_over(&lease).await.unwrap() });
    }
    let brought: usize = nodes.join_all().await.into_iter().sum();
    assert_eq!(brought, 1);
    assert_eq!(forum.ratifies(meeting, case).await, Some(true));
    let count = "select count(*) from events where kind = 'listed'";
    assert_eq!(forum.house.count(count).await, 1);
}

#[tokio::test]
async fn l12_a_case_on_an_agenda_is_marked_there_and_its_agencies_stay_asked() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    forum.list(meeting, case).await.unwrap();
    let other = forum.convened_in(1).await;
    forum.emergency(case).await;
    assert_eq!(forum.ratifies(meeting, case).await, Some(true));
    assert_eq!(forum.ratifies(other, case).await, None);
    let item = forum.load(meeting).await.item(case).unwrap().clone();
    assert!(!item.listing.asked.is_empty());
    let listed = forum.meeting("coordinator", meeting).await.history;
    let marks = listed
        .iter()
        .filter(|one| matches!(one.event, Event::Ratifies { .. }));
    assert_eq!(marks.count(), 1);
}

#[tokio::test]
async fn a_case_that_came_to_be_ratified_has_its_agencies_asked_once_it_is_ready_for_the_forum() {
    let forum = Forum::new().await;
    let meeting = forum.convened_in(60).await;
    let case = forum.told_at_once().await;
    let asked = |loaded: &clares_law::engine::meeting::table::Meeting| {
        loaded.item(case).unwrap().listing.asked.len()
    };
    assert_eq!(asked(&forum.load(meeting).await), 0);
    for step in &forum.scenario.steps[..forum.until] {
        forum.house.step(case, forum.scenario, step).await;
    }
    assert_eq!(forum.state(case).await, "forum_pending");
    let loaded = forum.load(meeting).await;
    assert_eq!((asked(&loaded), loaded.items.len()), (7, 1));
    assert_eq!(forum.ratifies(meeting, case).await, Some(true));
}
