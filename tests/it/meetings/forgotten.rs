//! What a meeting still tells once a case that it talked about has been forgotten: everything of the others.

use clares_law::engine::meeting::ask::Ask;
use serde_json::json;

use super::{AGENCIES, Forum, answer};
use crate::keeping::forget;

#[tokio::test]
async fn a_meeting_tells_nothing_of_a_forgotten_case_and_everything_of_the_others() {
    let title = "She asks about the man she lives with";
    let forum = Forum::of("dsdas-scotland", title, &AGENCIES).await;
    let (stays, gone) = (forum.case().await, forum.case().await);
    let meeting = forum.convened().await;
    for case in [gone, stays] {
        forum.list(meeting, case).await.unwrap();
        let given = answer(case, "health", json!({"answer": "nothing_held"}));
        forum.ask(meeting, "health", given).await.unwrap();
    }
    let because = "The harbour office is shut".to_owned();
    let off = forum.ask(meeting, "coordinator", Ask::CallOff { because });
    off.await.unwrap();
    for step in &forum.scenario.steps[forum.until..] {
        forum.house.step(gone, forum.scenario, step).await;
    }
    let before = forum.load(meeting).await;
    assert_eq!(before.items.len(), 2);
    forget(&forum.house, gone).await;

    let after = forum.load(meeting).await;
    assert_eq!(after.version, before.version);
    assert_eq!(after.stage, before.stage);
    let left: Vec<_> = after.items.iter().map(|item| item.listing.case).collect();
    assert_eq!(left, [stays]);
    assert!(after.items[0].answers.contains_key("health"));
    assert_eq!(forum.house.count("select count(*) from agenda").await, 1);
    assert_eq!(
        forum
            .house
            .count("select count(distinct case_id) from returns")
            .await,
        1
    );
    let (_, differed) = forum.house.app.rebuild().await.unwrap();
    assert!(differed.is_empty());
    let seen = forum.meeting("coordinator", meeting).await;
    assert_eq!(seen.meeting.items.len(), 1);
}
