//! The room while people come and go: views that open by themselves, answers that are filed in the end, dates that follow a meeting
//! that is moved, promises of one forum, and a decision against a conflict declared at the same moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clares_law::app::error::AppError;
use clares_law::app::ties::NewTie;
use clares_law::domain::tie::TieKind;
use clares_law::engine::command::Actor;
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::{Event, Form};
use jiff::SignedDuration;
use serde_json::json;
use tokio::task::JoinSet;

use super::{Forum, answer, view};

const ALL: [&str; 4] = ["chair", "housing", "social_work", "victim_support"];

#[tokio::test]
async fn when_the_last_who_was_silent_goes_the_views_are_open() {
    let forum = Forum::new().await;
    let (case, other) = (forum.case().await, forum.case().await);
    let meeting = forum.begun(&[case, other], &ALL).await;
    for case in [case, other] {
        forum
            .ask(meeting, "chair", Ask::Take { case })
            .await
            .unwrap();
    }
    for name in ["chair", "housing"] {
        forum.ask(meeting, name, view(case)).await.unwrap();
    }
    forum.declare("social_work", case).await;
    let silent = forum.load(meeting).await.item(case).unwrap().clone();
    assert_eq!(silent.opened, None, "victim support has not spoken");
    forum
        .ask(meeting, "victim_support", Ask::Leave)
        .await
        .unwrap();
    let loaded = forum.load(meeting).await;
    assert_eq!(loaded.item(case).unwrap().opened, Some(Vec::new()));
    assert_eq!(
        loaded.item(other).unwrap().opened,
        None,
        "nobody gave one there"
    );
    let seen = forum.meeting("coordinator", meeting).await.history;
    let opened = seen.last().unwrap();
    assert!(matches!(opened.event, Event::ViewsOpened { .. }));
    assert_eq!(opened.actor, Actor::clock());

    // Likewise when a conflict takes the last one away.
    for name in ["chair", "housing"] {
        forum.ask(meeting, name, view(other)).await.unwrap();
    }
    forum.declare("social_work", other).await;
    let loaded = forum.load(meeting).await;
    assert_eq!(loaded.item(other).unwrap().opened, Some(Vec::new()));
}

#[tokio::test]
async fn a_case_listed_late_has_its_answers_filed_when_the_meeting_comes_to_it() {
    let title = "The forum decides that it is not necessary to tell";
    let forum = Forum::of("dvds-england-wales", title, &super::AGENCIES).await;
    let (case, late) = (forum.case().await, forum.case().await);
    let meeting = forum.begun(&[case], &["chair"]).await;
    forum.list(meeting, late).await.unwrap();
    forum
        .ask(meeting, "chair", Ask::Take { case: late })
        .await
        .unwrap();
    let filed = forum.filed(late, "partner_returns").await;
    assert_eq!(filed["returns"]["housing"]["result"], "not_available");
    assert_eq!(forum.state(late).await, "forum_held");
    let before = forum.house.events_with("partner_returns").await;
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    let after = forum.house.events_with("partner_returns").await;
    assert_eq!(after, before, "filed already");
}

#[tokio::test]
async fn answers_are_due_by_another_day_when_a_meeting_is_moved() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    forum.list(meeting, case).await.unwrap();
    forum.declare("deputy", case).await;
    let due = |loaded: &clares_law::engine::meeting::table::Meeting| {
        loaded.item(case).unwrap().listing.answers_by
    };
    let before = due(&forum.load(meeting).await);
    let moved = |days: i64| {
        let mut sitting = forum.convening(Form::Regular).sitting;
        sitting.starts_at += SignedDuration::from_hours(24 * days);
        sitting.ends_at += SignedDuration::from_hours(24 * days);
        let because = "The room is taken".to_owned();
        Ask::Move { sitting, because }
    };
    // By somebody who must not know of the case.
    forum.ask(meeting, "deputy", moved(7)).await.unwrap();
    let later = due(&forum.load(meeting).await);
    assert_eq!(later, before + SignedDuration::from_hours(24 * 7));
    let seen = forum.meeting("deputy", meeting).await.history;
    assert!(seen.iter().all(|one| one.event.case().is_none()));
    let reminded = Ask::Remind {
        case,
        agency: "housing".to_owned(),
    };
    forum.ask(meeting, "coordinator", reminded).await.unwrap();
    assert_eq!(
        forum
            .load(meeting)
            .await
            .item(case)
            .unwrap()
            .reminded_at
            .len(),
        1
    );

    // So near that the day has passed: until it begins, never in the past.
    forum.ask(meeting, "coordinator", moved(-6)).await.unwrap();
    let loaded = forum.load(meeting).await;
    assert_eq!(due(&loaded), loaded.sitting.starts_at);
    assert!(due(&loaded) > forum.house.clock.now());
    let item = loaded.item(case).unwrap();
    assert!(
        item.reminded_at.is_empty(),
        "of the new day nobody was reminded"
    );
    assert_eq!(
        item.reminders["housing"], 1,
        "and it is known that they were of the old one"
    );
    let given = answer(case, "housing", json!({"answer": "nothing_held"}));
    forum.ask(meeting, "housing", given).await.unwrap();
    assert!(forum.house.app.rebuild().await.unwrap().1.is_empty());
}

/// However the two meet: whoever begins to decide after their conflict was declared does not.
#[tokio::test(flavor = "multi_thread")]
async fn l10_a_decision_and_a_conflict_of_its_decider_at_once_leave_none_after_it() {
    let forum = Arc::new(Forum::new().await);
    let (mut decided, mut refused) = (0, 0);
    for round in 0..6_u64 {
        let case = forum.case().await;
        let meeting = forum.begun(&[case], &ALL).await;
        for ask in [Ask::Take { case }, Ask::OpenViews { case }] {
            forum.ask(meeting, "chair", ask).await.unwrap();
        }
        let away = Arc::new(AtomicBool::new(false));
        let declares = {
            let (forum, away) = (Arc::clone(&forum), Arc::clone(&away));
            let conflict = NewTie {
                kind: TieKind::Declared,
                who: forum.who("chair").id.parse().ok(),
                because: "She is my cousin".to_owned(),
            };
            async move {
                tokio::time::sleep(Duration::from_millis(15)).await;
                let person = forum.person("chair");
                forum
                    .house
                    .app
                    .tie(&person, case, conflict, None)
                    .await
                    .unwrap();
                away.store(true, Ordering::SeqCst);
            }
        };
        let acting = {
            let (forum, away) = (Arc::clone(&forum), Arc::clone(&away));
            async move {
                tokio::time::sleep(Duration::from_millis(6 * round)).await;
                let after = away.load(Ordering::SeqCst);
                let done = forum
                    .act(case, "chair", "decide_to_disclose", json!({}))
                    .await;
                (after, done)
            }
        };
        let mut both = JoinSet::new();
        both.spawn(declares);
        let (after, done) = acting.await;
        both.join_all().await;
        let item = forum.load(meeting).await.item(case).unwrap().clone();
        match done {
            Ok(done) => {
                assert!(!after, "decided after the conflict was declared");
                assert_eq!(
                    item.settled,
                    [("decide_to_disclose".to_owned(), done.version)]
                );
                decided += 1;
            }
            Err(AppError::NotFound) => {
                assert_eq!(item.settled, []);
                assert_eq!(forum.state(case).await, "forum_held");
                refused += 1;
            }
            Err(other) => panic!("{other:?}"),
        }
        // Whatever came first, nothing comes after it.
        let again = forum.act(case, "chair", "adjourn", json!({})).await;
        assert!(matches!(again, Err(AppError::NotFound)), "{again:?}");
    }
    assert_eq!(decided + refused, 6);
}

#[tokio::test]
async fn a_case_that_a_meeting_came_to_and_did_not_settle_waits_for_another() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &ALL).await;
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    assert_eq!(forum.state(case).await, "forum_held");
    let other = forum.convened().await;
    assert!(forum.list(other, case).await.is_err(), "it is at a table");
    forum.ask(meeting, "chair", Ask::Close).await.unwrap();
    let coordinator = forum.person("coordinator");
    let meetings = forum.house.app.see_meetings(&coordinator);
    let meetings = meetings.await.unwrap();
    let waits = meetings.waiting.iter().any(|one| one.case.id == case.0);
    assert!(waits, "it stands under the cases that wait");
    forum.list(other, case).await.unwrap();
}
