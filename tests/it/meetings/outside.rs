//! What a meeting proposed is confirmed or sent back by somebody who was not in it, and the page of the case says who that is.

use clares_law::app::error::AppError;
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::engine::meeting::ask::Ask;
use serde_json::json;

use super::{Forum, unmet};

const WHY: &str =
    "You were in the meeting that came to this case, so somebody from outside it must confirm it";

async fn comes(forum: &Forum, meeting: MeetingId, name: &str) {
    for ask in [Ask::Accept, Ask::Come] {
        forum.ask(meeting, name, ask).await.unwrap();
    }
}

/// A 'no' that waits, decided with housing gone before the case, health gone after it and the police come later.
async fn proposed(forum: &Forum) -> (CaseId, MeetingId) {
    let case = forum.case().await;
    let room = [
        "chair",
        "health",
        "housing",
        "social_work",
        "victim_support",
    ];
    let meeting = forum.begun(&[case], &room).await;
    let ask = |name, ask| forum.ask(meeting, name, ask);
    forum.house.wait(1);
    ask("housing", Ask::Leave).await.unwrap();
    forum.house.wait(1);
    ask("chair", Ask::Take { case }).await.unwrap();
    forum.house.wait(1);
    ask("health", Ask::Leave).await.unwrap();
    ask("chair", Ask::Take { case }).await.unwrap();
    ask("chair", Ask::OpenViews { case }).await.unwrap();
    let done = forum.act(case, "chair", "decide_not_to_disclose", json!({}));
    done.await.unwrap();
    (case, meeting)
}

#[tokio::test]
async fn l4_whoever_was_in_the_meeting_confirms_nothing_of_it() {
    let forum = Forum::new().await;
    let (case, meeting) = proposed(&forum).await;
    comes(&forum, meeting, "police").await;
    for closed in [false, true] {
        for name in ["health", "social_work", "victim_support", "police"] {
            let confirm = forum.act(case, name, "confirm", json!({})).await;
            assert_eq!(unmet(confirm), [WHY], "{name}, closed: {closed}");
            let back = forum.act(case, name, "send_back", json!({})).await;
            assert_eq!(unmet(back), [WHY], "{name}, closed: {closed}");
        }
        if !closed {
            forum.ask(meeting, "chair", Ask::Close).await.unwrap();
        }
    }
    let done = forum.act(case, "housing", "confirm", json!({})).await;
    assert_eq!(done.unwrap().state, "outcome_to_tell");
}

#[tokio::test]
async fn l4_the_page_says_who_was_outside_and_may_confirm() {
    let forum = Forum::new().await;
    let (case, _) = proposed(&forum).await;
    forum.declare("victim_support", case).await;
    let seen = |name| {
        let person = forum.person(name);
        let app = &forum.house.app;
        async move { app.see_case(&person, case, "case").await.unwrap() }
    };
    let view = seen("coordinator").await;
    let colleagues = forum.house.app.colleagues(&view).await.unwrap();
    let mut told: Vec<_> = view
        .confirmers(&colleagues)
        .map(|(one, why)| (one.name.as_str(), why))
        .collect();
    told.sort_unstable();
    let was_there = Some("Was in the meeting that came to it");
    assert_eq!(
        told,
        [
            ("health", was_there),
            ("housing", None),
            ("police", None),
            ("social_work", was_there),
            ("supervisor", None),
        ],
        "nothing of whoever is kept away"
    );
    for (name, may) in [("health", false), ("housing", true), ("supervisor", true)] {
        let view = seen(name).await;
        let offers = view.offers(forum.who(name));
        for action in ["confirm", "send_back"] {
            let mut all = offers.iter();
            let offer = all.find(|offer| offer.action == action).unwrap();
            assert_eq!(offer.allowed, may, "{name}, {action}");
            assert_eq!(
                offer.because,
                if may { vec![] } else { vec![WHY.to_owned()] }
            );
        }
    }
    // The chair takes it back; that decides nothing.
    let back = forum.act(case, "chair", "send_back", json!({})).await;
    assert_eq!(back.unwrap().state, "forum_held");
}

#[tokio::test]
async fn l10_whoever_is_kept_away_is_not_told_that_they_were_outside() {
    let forum = Forum::new().await;
    let (case, _) = proposed(&forum).await;
    forum.declare("health", case).await;
    let confirm = forum.act(case, "health", "confirm", json!({})).await;
    assert!(matches!(confirm, Err(AppError::NotFound)), "{confirm:?}");
}
