//! A meeting without those who are needed: it adjourns with a plan, or puts to the police what cannot wait. It never says no.

use clares_law::app::act::Done;
use clares_law::app::error::AppError;
use clares_law::domain::id::CaseId;
use clares_law::engine::meeting::ask::Ask;
use jiff::ToSpan as _;
use serde_json::json;

use super::{AGENCIES, Forum, unmet};

/// A forum of a scheme, whose scenario leads a case to it, and why it may not type that it was quorate.
async fn put_to_the_police(scheme: &str, title: &str) {
    let forum = Forum::of(scheme, title, &AGENCIES).await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &["chair", "housing"]).await;
    let next = forum.convened().await;
    forum.opened(meeting, case).await;
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

/// Adjourns a case that is before the forum, to so many days from now.
async fn adjourned(forum: &Forum, case: CaseId, days: i64) -> Result<Done, AppError> {
    let next_on = forum.today().checked_add(days.days()).unwrap();
    let next_on = json!({"next_on": next_on.to_string()});
    forum.act(case, "chair", "adjourn", next_on).await
}

#[tokio::test]
async fn a_meeting_adjourns_to_a_day_within_the_time_for_it() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &["chair", "housing"]).await;
    let take = Ask::Take { case };
    forum.ask(meeting, "chair", take).await.unwrap();
    let limit = &forum
        .definition()
        .scheme
        .clocks
        .get("adjourn")
        .unwrap()
        .limit
        .0[0]
        .is;
    let late = format!("It has to meet again within {limit}; choose an earlier day");
    let told = unmet(adjourned(&forum, case, 8).await);
    assert_eq!(told, [late.as_str()], "as many days as the clock has");
    let told = unmet(adjourned(&forum, case, 4_000).await);
    assert_eq!(told, [late.as_str()]);
    let told = unmet(adjourned(&forum, case, -1).await);
    assert_eq!(told, ["Choose a day that is still to come"]);
    // However a day is written, it is that day.
    let far = json!({"next_on": "20991231"});
    let told = unmet(forum.act(case, "chair", "adjourn", far).await);
    assert_eq!(told, [late.as_str()]);

    let done = adjourned(&forum, case, 7).await.unwrap();
    assert_eq!(done.pending.as_deref(), Some("adjourn"));
    let done = forum.act(case, "supervisor", "confirm", json!({})).await;
    assert_eq!(done.unwrap().state, "forum_pending");
    let due = forum.house.load(case).await.case;
    let last = due.running("adjourn").unwrap().due.date.unwrap();
    assert_eq!(last, forum.today().checked_add(7.days()).unwrap());
}

#[tokio::test]
async fn an_adjournment_whose_day_has_gone_by_is_not_confirmed() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &["chair", "housing"]).await;
    let take = Ask::Take { case };
    forum.ask(meeting, "chair", take).await.unwrap();
    adjourned(&forum, case, 1).await.unwrap();
    forum.house.wait(48);
    let told = unmet(forum.act(case, "supervisor", "confirm", json!({})).await);
    assert_eq!(told, ["Choose a day that is still to come"]);
    let back = forum.act(case, "supervisor", "send_back", json!({})).await;
    assert_eq!(back.unwrap().state, "forum_held");
}
