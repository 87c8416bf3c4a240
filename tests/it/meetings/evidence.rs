//! Meetings that talked about a case leave with it as evidence, without what they said about others.

use std::fs;

use clares_law::engine::meeting::ask::Ask;
use serde_json::Value;

use super::Forum;
use crate::ledger::evidence::{evidence, keys, verify};
use crate::ledger::logged;

#[tokio::test]
async fn a_meeting_leaves_with_a_case_and_without_what_it_said_about_another() {
    let mut forum = Forum::new().await;
    forum.hire("morag", "verifier", "").await;
    let (case, other) = (forum.case().await, forum.case().await);
    let meeting = forum.begun(&[case, other], &["chair", "housing"]).await;
    for (case, text) in [(case, "We know the house"), (other, "We know the yacht")] {
        forum.opened(meeting, case).await;
        let said = Ask::Say {
            case,
            agency: "housing".to_owned(),
            text: text.to_owned(),
        };
        forum.ask(meeting, "housing", said).await.unwrap();
    }
    logged(&forum.house).await;
    let house = &forum.house;
    let reference = house.load(case).await.case.reference;
    let pack = house.folder().join("pack");
    let out = evidence(house, &reference, &pack, "A death review");
    assert!(out.status.success());

    let lines = fs::read_to_string(pack.join("events.jsonl")).unwrap();
    let events: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of_meeting = events
        .iter()
        .filter(|event| event["stream"] == meeting.0.to_string());
    let (about_other, rest): (Vec<_>, Vec<_>) =
        of_meeting.partition(|event| event["key_ref"] == other.0.to_string());
    assert!(about_other.len() > 2 && rest.len() > 2);
    for event in about_other {
        assert!(event["words"].is_null() && event["body"].is_null() && event["key"].is_null());
    }
    assert!(rest.iter().all(|event| event["words"].is_string()));
    assert!(lines.contains("We know the house") && !lines.contains("We know the yacht"));
    let chronology = fs::read_to_string(pack.join("chronology.txt")).unwrap();
    assert!(chronology.contains("We know the house"), "{chronology}");
    assert!(!chronology.contains("We know the yacht"));

    let trusted = house.folder().join("trusted.key");
    fs::write(&trusted, keys(house).await).unwrap();
    let (code, said) = verify(&pack, &trusted);
    assert_eq!(code, Some(0), "{said}");
}
