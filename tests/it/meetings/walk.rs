//! One meeting from its calling to its minutes, with a case that comes before it.

use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::{Event, Promise, Report};
use clares_law::engine::meeting::table::Stage;
use jiff::civil::date;
use serde_json::json;

use super::{AGENCIES, Forum, answer, unmet, view};

#[tokio::test]
async fn a_case_comes_before_the_scottish_forum_and_is_decided_there() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    forum.list(meeting, case).await.unwrap();

    for (agency, given) in [
        ("health", json!({"answer": "nothing_held"})),
        (
            "housing",
            json!({
                "answer": "information",
                "pieces": [
                    {"information": "Complaints of noise and damage to doors in 2021",
                     "may_be_told": "reworded", "other_words": "There have been complaints"},
                    {"information": "He asks for the lease in her name", "may_be_told": "told"}
                ]
            }),
        ),
        (
            "social_work",
            json!({"answer": "cannot_share", "reason": "It is before a court"}),
        ),
    ] {
        let answered = forum.ask(meeting, agency, answer(case, agency, given));
        answered.await.unwrap();
    }
    forum
        .ask(meeting, "coordinator", Ask::SealAgenda)
        .await
        .unwrap();
    assert_returns(&forum, case).await;

    let circulated = forum.act(case, "coordinator", "circulate", json!({})).await;
    assert_eq!(circulated.unwrap().state, "forum_ready");

    forum.opens(meeting).await;
    for name in AGENCIES.iter().chain(&["chair"]) {
        let told = unmet(forum.ask(meeting, name, Ask::Come).await);
        assert_eq!(told, ["Accept first that what is said stays in the room"]);
        forum.ask(meeting, name, Ask::Accept).await.unwrap();
        forum.ask(meeting, name, Ask::Come).await.unwrap();
    }
    forum.ask(meeting, "chair", Ask::Begin).await.unwrap();
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    assert_eq!(forum.state(case).await, "forum_held");
    let met = forum.filed(case, "forum_meeting").await;
    assert_eq!(met["quorate"], true);
    assert_eq!(met["conflicts"], "None.");
    assert_eq!(
        met["present"],
        json!([
            "health",
            "housing",
            "police",
            "social_work",
            "victim_support"
        ])
    );
    assert!(
        met["attendance"]
            .as_str()
            .unwrap()
            .contains("Housing: housing."),
        "{met}"
    );

    let early = forum
        .act(case, "chair", "decide_to_disclose", json!({}))
        .await;
    assert_eq!(unmet(early), ["Open the views first"]);
    for name in AGENCIES {
        forum.ask(meeting, name, view(case)).await.unwrap();
        let item = forum.item("chair", meeting, case).await.unwrap().item;
        assert!(item.views.is_empty() && item.opened.is_none(), "{name}");
    }
    forum.ask(meeting, "chair", view(case)).await.unwrap();
    let item = forum.item("housing", meeting, case).await.unwrap().item;
    assert_eq!((item.views.len(), item.opened), (5, Some(Vec::new())));

    let said = Ask::Say {
        case,
        agency: "housing".to_owned(),
        text: "She asked for new locks".to_owned(),
    };
    forum.ask(meeting, "housing", said).await.unwrap();
    let decided = forum
        .act(case, "chair", "decide_to_disclose", json!({}))
        .await;
    let decided = decided.unwrap();
    assert_eq!(decided.state, "decided");
    let item = forum.load(meeting).await.item(case).unwrap().clone();
    assert_eq!(
        item.settled,
        [("decide_to_disclose".to_owned(), decided.version)]
    );
    afterwards(&forum, meeting, case).await;
}

/// What each agency answered stands in the record of the case.
async fn assert_returns(forum: &Forum, case: clares_law::domain::id::CaseId) {
    let filed = forum.filed(case, "agency_returns").await;
    let row = |agency: &str| filed["returns"][agency]["result"].clone();
    assert_eq!(row("housing"), "found");
    let summary = filed["returns"]["housing"]["summary"].as_str().unwrap();
    let both = "Complaints of noise and damage to doors in 2021\nHe asks for the lease in her name";
    assert_eq!(summary, both);
    assert_eq!(row("health"), "nothing_found");
    for silent in ["social_work", "victim_support", "education", "police"] {
        assert_eq!(row(silent), "not_available", "{silent}");
    }
}

/// Promises, the end, comments and the minutes.
async fn afterwards(
    forum: &Forum,
    meeting: clares_law::domain::id::MeetingId,
    case: clares_law::domain::id::CaseId,
) {
    let id = forum.house.app.chance.id();
    let promise = Promise {
        id,
        case: Some(case),
        agency: "housing".to_owned(),
        what: "New locks".to_owned(),
        by: date(2026, 12, 1),
    };
    forum
        .ask(meeting, "chair", Ask::Promise(promise))
        .await
        .unwrap();
    forum.ask(meeting, "chair", Ask::Close).await.unwrap();
    let report = Ask::Report {
        promise: id,
        report: Report::Done,
        because: String::new(),
    };
    forum.ask(meeting, "housing", report).await.unwrap();
    let text = "I said new locks and new keys".to_owned();
    forum
        .ask(
            meeting,
            "housing",
            Ask::Comment {
                case: Some(case),
                text,
            },
        )
        .await
        .unwrap();
    let version = forum.meeting("chair", meeting).await.meeting.version;
    let approve = |version| Ask::Approve { version };
    let stale = forum.ask(meeting, "chair", approve(version - 1)).await;
    assert!(matches!(
        stale,
        Err(clares_law::app::error::AppError::Stale(current)) if current == version
    ));
    forum.ask(meeting, "chair", approve(version)).await.unwrap();
    let seen = forum.meeting("housing", meeting).await;
    assert_eq!(seen.meeting.stage, Stage::Approved);
    assert_eq!(seen.history.last().unwrap().event, Event::Approved);
    assert_eq!(seen.meeting.promises[0].report, Report::Done);
    assert_eq!(seen.history.len() as u64, version + 1);
    assert_eq!(forum.house.app.rebuild().await.unwrap(), (2, vec![]));
    assert_eq!(forum.house.app.verify_history().await.unwrap().bad, []);
}

#[tokio::test]
async fn a_case_comes_before_a_forum_in_england_and_a_no_is_confirmed_outside_it() {
    let title = "The forum decides that it is not necessary to tell";
    let forum = Forum::of("dvds-england-wales", title, &AGENCIES).await;
    let case = forum.case().await;
    let room = ["chair", "social_work", "victim_support"];
    let meeting = forum.begun(&[case], &room).await;
    let filed = forum.filed(case, "partner_returns").await;
    assert_eq!(filed["returns"]["probation"]["result"], "not_available");
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    let met = forum.filed(case, "local_forum").await;
    assert_eq!(met["body"], "decision_panel");
    assert_eq!(
        met["present"],
        json!(["police", "social_work", "victim_support"])
    );
    let attendance = met["attendance"].as_str().unwrap();
    assert!(
        attendance.contains("Children's and adults' social care: social_work."),
        "{attendance}"
    );
    for name in room {
        forum.ask(meeting, name, view(case)).await.unwrap();
    }
    let done = forum
        .act(case, "chair", "decide_not_to_disclose", json!({}))
        .await
        .unwrap();
    assert_eq!(done.pending.as_deref(), Some("decide_not_to_disclose"));
    forum.ask(meeting, "chair", Ask::Close).await.unwrap();
    let done = forum.act(case, "police", "confirm", json!({})).await;
    assert_ne!(done.unwrap().state, "forum_held");
}
