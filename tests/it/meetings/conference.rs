//! A risk assessment conference is data alone: the room of the disclosure forum hears its cases, by its rules and in its words.

use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::engine::definition;
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::scenario::Scenario;
use serde_json::{Value, json};

use super::{Forum, answer, unmet};
use crate::support::world::{answers, edition_of, scenarios_of, shipped};

pub const SCHEME: &str = "marac";
const FILE: &str = "schemes/marac.yaml";
/// Leads cases with children on to the list.
pub const HEARD: &str = "The score reaches the threshold";
/// Leads cases without children there.
const NOTHING_TO_DO: &str = "The meeting sees nothing more to do";

fn scenario(title: &str) -> &'static Scenario {
    let all = scenarios_of(SCHEME).into_iter();
    let mut found = all.filter(|scenario| scenario.scenario.starts_with(title));
    found.next().unwrap()
}

#[test]
fn the_twelve_months_count_from_the_last_hearing_or_from_the_last_referral() {
    let repeated = scenario("A further incident within twelve months");
    assert_eq!(repeated.play(edition_of(repeated)), []);
    let mut library = shipped();
    let file = library.0.get_mut(FILE).unwrap();
    let (hearing, referral) = ("counted_from: heard\n", "counted_from: referred\n");
    assert_eq!(
        file.text.matches(hearing).count(),
        1,
        "one word of the file"
    );
    file.text = file.text.replace(hearing, referral);
    let (changed, findings) = definition::read(&library, FILE);
    let changed = changed.unwrap_or_else(|| panic!("{findings:?}"));
    let failures = repeated.play(&changed);
    let texts: Vec<_> = failures.iter().map(|failure| &*failure.text).collect();
    let from_the_referral = ["repeat is due on 2028-06-20, not on 2028-07-02"];
    assert_eq!(texts, from_the_referral, "and nothing else is different");
}

#[tokio::test]
async fn a_further_incident_is_heard_again_with_the_earlier_plan_in_front_of_the_room() {
    let repeated = scenario("A further incident within twelve months");
    let mut again = repeated.steps.iter();
    let again = again.rposition(|step| *step.does == *"record_agency_returns");
    let forum = Forum::of(SCHEME, HEARD, &["victim_support"]).await;
    let case = forum.house.case_of(repeated).await;
    for step in &repeated.steps[..again.unwrap()] {
        forum.house.step(case, repeated, step).await;
    }
    assert_eq!(forum.state(case).await, "on_the_list");
    let meeting = forum.settled(&[case]).await;
    let item = forum.item("victim_support", meeting, case).await.unwrap();
    let seen = &item.case.case.records;
    for kept in ["action_plan", "action_review", "further_incident"] {
        assert!(seen.contains_key(kept), "{kept} is not shown");
    }
    assert!(
        !seen.contains_key("forum_meeting"),
        "what was before is no evidence"
    );
    let filed_for = &item.case.case.counts;
    assert!(
        !filed_for.contains_key("agree_plan"),
        "and has not been done this time"
    );
}

/// A case that was referred, accepted and put on the list.
async fn listed(forum: &Forum, title: &str) -> CaseId {
    let scenario = scenario(title);
    let case = forum.house.case_of(scenario).await;
    let steps = scenario.steps.iter();
    for step in steps.take_while(|step| *step.does != *"record_agency_returns") {
        forum.house.step(case, scenario, step).await;
    }
    assert_eq!(forum.state(case).await, "on_the_list");
    case
}

fn view(case: CaseId) -> Ask {
    let answers = answers(json!({
        "view": "plan",
        "because": "He waits outside her work although he is on bail",
        "offers": "New locks tomorrow by noon"
    }));
    Ask::View { case, answers }
}

fn result<'a>(returns: &'a Value, agency: &str) -> &'a Value {
    &returns["returns"][agency]["result"]
}

#[tokio::test]
async fn the_room_of_the_forum_hears_a_conference_by_data_alone() {
    let forum = Forum::of(SCHEME, HEARD, &["victim_support"]).await;
    let without = listed(&forum, NOTHING_TO_DO).await;
    let children = listed(&forum, HEARD).await;
    let meeting = forum.convened().await;
    for case in [without, children] {
        forum.list(meeting, case).await.unwrap();
    }
    let pieces = json!([{"information": "She wants to stay", "may_be_told": "told"}]);
    let given = json!({"answer": "information", "pieces": pieces});
    let answered = answer(children, "victim_support", given);
    forum
        .ask(meeting, "victim_support", answered)
        .await
        .unwrap();
    forum
        .ask(meeting, "coordinator", Ask::SealAgenda)
        .await
        .unwrap();
    let items = forum.load(meeting).await.items;
    let order: Vec<_> = items.iter().map(|item| item.listing.case).collect();
    assert_eq!(
        order,
        [children, without],
        "children first, so that those who came for them can leave"
    );
    for case in [children, without] {
        let state = forum.state(case).await;
        assert_eq!(state, "researched", "an absent agency holds nothing up");
    }
    let returns = forum.filed(children, "agency_returns").await;
    assert_eq!(result(&returns, "victim_support"), "found");
    assert_eq!(result(&returns, "rights"), "not_available");

    forum.opens(meeting).await;
    for ask in [
        Ask::Accept,
        Ask::Come,
        Ask::Begin,
        Ask::Take { case: children },
    ] {
        forum.ask(meeting, "chair", ask).await.unwrap();
    }
    let refused = forum.act(children, "chair", "agree_plan", json!({})).await;
    let refused = unmet(refused);
    assert_eq!(refused[0], "1 of 2 needed are here. Advocate is missing.");

    for ask in [Ask::Accept, Ask::Come] {
        forum.ask(meeting, "victim_support", ask).await.unwrap();
    }
    forum
        .ask(meeting, "chair", Ask::Take { case: children })
        .await
        .unwrap();
    let met = forum.filed(children, "forum_meeting").await;
    assert_eq!(
        (&met["quorate"], &met["present"]),
        (&json!(true), &json!(["police", "victim_support"]))
    );
    both_give_their_view(&forum, meeting, children).await;
    let agreed = forum.act(children, "chair", "agree_plan", json!({})).await;
    assert_eq!(agreed.unwrap().state, "actions_open");

    forum
        .ask(meeting, "chair", Ask::Take { case: without })
        .await
        .unwrap();
    both_give_their_view(&forum, meeting, without).await;
    let proposed = forum
        .act(without, "chair", "no_further_action", json!({}))
        .await;
    assert_eq!(proposed.unwrap().state, "heard", "L4: nobody says no alone");
    let confirmed = forum.act(without, "supervisor", "confirm", json!({})).await;
    assert_eq!(confirmed.unwrap().state, "reviewed");
}

pub async fn both_give_their_view(forum: &Forum, meeting: MeetingId, case: CaseId) {
    for name in ["chair", "victim_support"] {
        forum.ask(meeting, name, view(case)).await.unwrap();
    }
}
