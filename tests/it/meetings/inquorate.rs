//! A meeting without those who are needed: it adjourns with a plan, or puts to the police what cannot wait. It never says no.

use clares_law::engine::meeting::ask::Ask;
use serde_json::json;

use super::{AGENCIES, Forum, unmet};

/// A forum of a scheme, whose scenario leads a case to it, and why it may not type that it was quorate.
async fn put_to_the_police(scheme: &str, title: &str) {
    let forum = Forum::of(scheme, title, &AGENCIES).await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &["chair", "housing"]).await;
    let next = forum.convened().await;
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    forum
        .ask(meeting, "chair", Ask::OpenViews { case })
        .await
        .unwrap();
    for action in ["decide_to_disclose", "decide_not_to_disclose"] {
        let told = unmet(forum.act(case, "chair", action, json!({})).await);
        assert!(told[0].contains("needed are here"), "{told:?}");
    }
    let short = json!({"proportionate": false});
    let told = unmet(forum.act(case, "chair", "put_to_police", short).await);
    assert_eq!(
        told,
        ["All three tests have to be met; adjourn, with a plan for the time until then"]
    );
    let put = forum.act(case, "chair", "put_to_police", json!({})).await;
    assert_eq!(put.unwrap().pending.as_deref(), Some("put_to_police"));
    let own = forum.act(case, "chair", "confirm", json!({})).await;
    assert!(own.is_err(), "{own:?}");
    assert_eq!(forum.load(next).await.items, []);
    let confirmed = forum.act(case, "supervisor", "confirm", json!({})).await;
    assert_eq!(confirmed.unwrap().state, "decided");

    // It is ratified here if enough come yet, and else at the next meeting.
    assert!(forum.load(meeting).await.item(case).unwrap().ratifies);
    assert_eq!(forum.load(next).await.items, []);
    let told = unmet(forum.act(case, "chair", "ratify", json!({})).await);
    assert!(told[0].contains("needed are here"), "{told:?}");
    forum.ask(meeting, "chair", Ask::Close).await.unwrap();
    let after = forum.load(next).await;
    assert!(after.item(case).unwrap().ratifies, "it came by itself");
    assert_eq!(forum.state(case).await, "decided", "and is told meanwhile");
}

#[tokio::test]
async fn l12_what_the_police_decide_for_a_forum_that_is_not_quorate_comes_to_the_next_one() {
    let title = "A member sends back a decision not to disclose";
    put_to_the_police("dsdas-scotland", title).await;
    let title = "The forum decides that it is not necessary to tell";
    put_to_the_police("dvds-england-wales", title).await;
}

#[tokio::test]
async fn a_forum_that_is_quorate_decides_itself() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let room = ["chair", "social_work", "victim_support"];
    let meeting = forum.begun(&[case], &room).await;
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    let told = unmet(forum.act(case, "chair", "put_to_police", json!({})).await);
    assert_eq!(told, ["The forum was quorate, so it decides itself"]);
}

#[tokio::test]
async fn l4_that_enough_were_there_is_not_typed_where_the_meeting_knows_better() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &["chair", "housing"]).await;
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    forum.ask(meeting, "chair", Ask::Close).await.unwrap();
    let typed = forum
        .act(case, "chair", "convene", json!({"quorate": true}))
        .await;
    assert_eq!(
        unmet(typed),
        ["The meeting that came to it was not quorate; put it on the agenda of another one"]
    );
    let told = unmet(
        forum
            .act(case, "chair", "decide_not_to_disclose", json!({}))
            .await,
    );
    assert_eq!(
        told,
        ["The forum was not quorate, so it can adjourn but not decide"]
    );
}
