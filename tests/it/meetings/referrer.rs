//! What a meeting settles and promises, as whoever referred the case reads it: their own agency's promises, and nobody else's.

use clares_law::app::staff::Person;
use clares_law::domain::id::StaffId;
use clares_law::engine::command::Actor;
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::Promise;
use serde_json::json;
use uuid::Uuid;

use super::Forum;
use super::conference::{HEARD, SCHEME, both_give_their_view};

async fn as_person(forum: &Forum, actor: &Actor) -> Person {
    let id = StaffId(actor.id.parse().unwrap());
    forum.house.app.person(id).await.unwrap()
}

#[tokio::test]
async fn whoever_referred_reads_what_their_own_agency_promised_and_no_other() {
    let mut forum = Forum::of(SCHEME, HEARD, &["victim_support"]).await;
    let mut cases = Vec::new();
    for (name, agency) in [
        ("rory", "victim_support"),
        ("una", "housing"),
        ("iona", ""),
        ("eve", "a_stranger"),
    ] {
        forum.hire(name, "referrer", agency).await;
        let sender = forum.who(name).clone();
        let case = forum.house.case_from(forum.scenario, sender).await;
        for step in &forum.scenario.steps[..forum.until] {
            forum.house.step(case, forum.scenario, step).await;
        }
        cases.push((name, case));
    }
    let all: Vec<_> = cases.iter().map(|(_, case)| *case).collect();
    let meeting = forum.begun(&all, &["chair", "victim_support"]).await;
    let mut hers = None;
    for (name, case) in cases {
        forum
            .ask(meeting, "chair", Ask::Take { case })
            .await
            .unwrap();
        both_give_their_view(&forum, meeting, case).await;
        for (agency, what) in [
            ("victim_support", "Call her on Thursday"),
            ("housing", "New locks by noon"),
            ("police", "A car at her work"),
        ] {
            let promise = Promise {
                id: Uuid::new_v4(),
                case: Some(case),
                agency: agency.to_owned(),
                what: what.to_owned(),
                by: "2026-12-01".parse().unwrap(),
            };
            forum
                .ask(meeting, "chair", Ask::Promise(promise))
                .await
                .unwrap();
        }
        forum
            .act(case, "chair", "agree_plan", json!({}))
            .await
            .unwrap();
        let reader = as_person(&forum, forum.who(name)).await;
        let referral = forum.house.app.see_referral(&reader, case).await.unwrap();
        assert!(referral.told.is_some());
        let promised: Vec<_> = { referral.promised.iter() }
            .map(|kept| &*kept.promise.what)
            .collect();
        let own = match name {
            "rory" => vec!["Call her on Thursday"],
            "una" => vec!["New locks by noon"],
            "iona" => vec!["A car at her work"],
            // With this agency nothing was agreed.
            _ => vec![],
        };
        assert_eq!(promised, own, "{name}");
        if name == "una" {
            hers = Some((reader, case));
        }
    }

    // Once the agreement is over, she is told of the referral, and of no promise.
    let (una, case) = hers.unwrap();
    forum
        .house
        .clock
        .set("2045-01-02T12:00:00Z".parse().unwrap());
    let referral = forum.house.app.see_referral(&una, case).await.unwrap();
    assert!(referral.told.is_some() && referral.promised.is_empty());
}
