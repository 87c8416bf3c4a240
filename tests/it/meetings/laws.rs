//! What a meeting may not do: decide without those who are needed, show a view too early, or let anybody near a case of their own.

use clares_law::app::error::AppError;
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::{Event, Form, Promise, Report};
use jiff::civil::date;
use serde_json::json;

use super::{Forum, answer, is_not_found, unmet, view};
use crate::support::database::{with_room, without_room};

/// Everybody whom the Scottish forum needs, and more.
const ALL: [&str; 5] = [
    "chair",
    "health",
    "housing",
    "social_work",
    "victim_support",
];

#[tokio::test]
async fn l4_a_meeting_without_those_who_are_needed_adjourns_and_decides_nothing() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum
        .begun(&[case], &["chair", "housing", "social_work"])
        .await;
    forum.opened(meeting, case).await;
    for action in ["decide_to_disclose", "decide_not_to_disclose"] {
        let told = unmet(forum.act(case, "chair", action, json!({})).await);
        assert_eq!(
            told[0], "2 of 3 needed are here. Victim support and advocacy is missing.",
            "{action}"
        );
    }
    let done = forum
        .act(case, "chair", "adjourn", json!({}))
        .await
        .unwrap();
    assert_eq!(done.pending.as_deref(), Some("adjourn"));
    let own = forum.act(case, "chair", "confirm", json!({})).await;
    assert!(own.is_err(), "{own:?}");
    let sent_back = forum.act(case, "supervisor", "send_back", json!({})).await;
    assert_eq!(sent_back.unwrap().state, "forum_held");

    // What was sent back is decided by the room again, and the room is as it was.
    let told = unmet(
        forum
            .act(case, "chair", "decide_not_to_disclose", json!({}))
            .await,
    );
    assert!(told[0].starts_with("2 of 3 needed"), "{told:?}");
    forum.ask(meeting, "chair", Ask::Close).await.unwrap();
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

#[tokio::test]
async fn l4_a_no_waits_for_its_second_person() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &ALL).await;
    let early = unmet(forum.act(case, "chair", "convene", json!({})).await);
    assert_eq!(
        early,
        ["It is on the agenda of a meeting, which takes it itself"]
    );
    forum.opened(meeting, case).await;
    let done = forum
        .act(case, "chair", "decide_not_to_disclose", json!({}))
        .await
        .unwrap();
    assert_eq!(
        (&*done.state, done.pending.as_deref()),
        ("forum_held", Some("decide_not_to_disclose"))
    );
    assert!(
        forum
            .act(case, "chair", "confirm", json!({}))
            .await
            .is_err()
    );
    let sent_back = forum
        .act(case, "police", "send_back", json!({}))
        .await
        .unwrap();
    assert_eq!(sent_back.state, "forum_held");
    let again = forum
        .act(case, "chair", "decide_to_disclose", json!({}))
        .await
        .unwrap();
    assert_eq!(again.state, "decided");
    let settled = forum
        .load(meeting)
        .await
        .item(case)
        .unwrap()
        .settled
        .clone();
    assert_eq!(settled.len(), 2, "{settled:?}");
}

#[tokio::test]
async fn whoever_comes_late_makes_up_the_quorum() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &["chair", "social_work"]).await;
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    for ask in [Ask::Accept, Ask::Come] {
        forum.ask(meeting, "victim_support", ask).await.unwrap();
    }
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    assert_eq!(forum.filed(case, "forum_meeting").await["quorate"], true);
    forum
        .ask(meeting, "chair", Ask::OpenViews { case })
        .await
        .unwrap();
    let decided = forum
        .act(case, "chair", "decide_to_disclose", json!({}))
        .await;
    assert_eq!(decided.unwrap().state, "decided");
}

#[tokio::test]
async fn l3_reasons_are_asked_for() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    forum.list(meeting, case).await.unwrap();
    for (given, told) in [
        (
            json!({"answer": "information"}),
            "Say what you hold, and whether it may be told",
        ),
        (
            json!({"answer": "cannot_share"}),
            "Say why you cannot share it",
        ),
    ] {
        let refused = forum
            .ask(meeting, "housing", answer(case, "housing", given))
            .await;
        assert_eq!(unmet(refused), [told]);
    }
    let (because, sitting) = (String::new(), forum.convening(Form::Regular).sitting);
    let agency = "housing".to_owned();
    for (name, ask) in [
        (
            "coordinator",
            Ask::CallOff {
                because: because.clone(),
            },
        ),
        (
            "coordinator",
            Ask::Move {
                sitting,
                because: because.clone(),
            },
        ),
        (
            "coordinator",
            Ask::Unlist {
                case,
                because: because.clone(),
            },
        ),
        (
            "housing",
            Ask::Apologise {
                agency,
                because: " - ".to_owned(),
            },
        ),
    ] {
        let refused = forum.ask(meeting, name, ask.clone()).await;
        assert!(
            matches!(refused, Err(AppError::Fields(_))),
            "{ask:?}: {refused:?}"
        );
    }
    let mut convening = forum.convening(Form::Extraordinary);
    convening.because = " ".to_owned();
    let scheme = &forum.definition().scheme.scheme;
    let coordinator = forum.who("coordinator");
    let refused = forum
        .house
        .app
        .convene(coordinator, scheme, convening, None)
        .await;
    assert!(matches!(refused, Err(AppError::Fields(_))), "{refused:?}");
    let refused = forum
        .ask(
            meeting,
            "housing",
            answer(case, "health", json!({"answer": "nothing_held"})),
        )
        .await;
    assert!(
        matches!(refused, Err(AppError::Forbidden(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn nobody_floods_a_meeting_or_apologises_for_others() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    forum.list(meeting, case).await.unwrap();
    let sorry = |agency: &str, letters| Ask::Apologise {
        agency: agency.to_owned(),
        because: "a".repeat(letters),
    };
    let refused = forum.ask(meeting, "housing", sorry("housing", 4001)).await;
    let Err(AppError::Fields(errors)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(errors[0].message, "Use 4000 characters or fewer");
    // A supervisor works for the police and does not sit in the forum.
    for (name, agency) in [("supervisor", "police"), ("housing", "health")] {
        let refused = forum.ask(meeting, name, sorry(agency, 9)).await;
        assert!(
            matches!(refused, Err(AppError::Forbidden(_))),
            "{refused:?}"
        );
    }
    forum
        .ask(meeting, "housing", sorry("housing", 4000))
        .await
        .unwrap();
}

/// What anybody could ask about one case.
fn asks(forum: &Forum, case: CaseId, promise: uuid::Uuid) -> Vec<Ask> {
    let agency = "housing".to_owned();
    let by = date(2026, 12, 1);
    let text = "What was said".to_owned();
    vec![
        answer(case, "housing", json!({"answer": "nothing_held"})),
        Ask::Remind {
            case,
            agency: agency.clone(),
        },
        Ask::Unlist {
            case,
            because: text.clone(),
        },
        Ask::Take { case },
        view(case),
        Ask::OpenViews { case },
        Ask::Say {
            case,
            agency: agency.clone(),
            text: text.clone(),
        },
        Ask::Settle {
            case,
            action: "adjourn".to_owned(),
        },
        Ask::Promise(Promise {
            id: forum.house.app.chance.id(),
            case: Some(case),
            agency,
            what: text.clone(),
            by,
        }),
        Ask::Report {
            promise,
            report: Report::Done,
            because: text.clone(),
        },
        Ask::Comment {
            case: Some(case),
            text,
        },
    ]
}

#[tokio::test]
async fn l10_nobody_has_a_part_in_a_case_of_their_own() {
    let forum = Forum::new().await;
    let (own, other, elsewhere) = (forum.case().await, forum.case().await, forum.case().await);
    let meeting = forum.begun(&[own, other], &ALL).await;
    let promise = |case| Promise {
        id: forum.house.app.chance.id(),
        case: Some(case),
        agency: "housing".to_owned(),
        what: "New locks".to_owned(),
        by: date(2026, 12, 1),
    };
    let promised = promise(own);
    let id = promised.id;
    for ask in [
        Ask::Promise(promised),
        Ask::Promise(promise(other)),
        Ask::Take { case: own },
    ] {
        forum.ask(meeting, "chair", ask).await.unwrap();
    }
    let text = "It was otherwise".to_owned();
    forum.ask(meeting, "housing", view(own)).await.unwrap();
    let reported = Ask::Report {
        promise: id,
        report: Report::NotDone,
        because: text.clone(),
    };
    forum.ask(meeting, "chair", reported).await.unwrap();
    forum.declare("housing", own).await;

    let unknown = CaseId(forum.house.app.chance.id());
    let no_promise = forum.house.app.chance.id();
    for (case, promise) in [(own, id), (elsewhere, no_promise), (unknown, no_promise)] {
        for ask in asks(&forum, case, promise) {
            let refused = forum.ask(meeting, "housing", ask.clone()).await;
            assert!(is_not_found(&refused), "{ask:?}: {refused:?}");
        }
        assert!(is_not_found(&forum.item("housing", meeting, case).await));
    }
    assert!(is_not_found(
        &forum.item("housing", MeetingId(unknown.0), other).await
    ));
    assert_unseen(&forum, meeting, own).await;

    let quorum = forum
        .item("chair", meeting, own)
        .await
        .unwrap()
        .meeting
        .quorum;
    assert!(quorum.is_met(), "housing is not needed");
    forum.declare("social_work", own).await;
    let view = forum.item("chair", meeting, own).await.unwrap();
    assert_eq!(
        view.meeting.quorum.sentence(),
        "2 of 3 needed are here. Social work is missing."
    );
    assert!(
        forum
            .item("chair", meeting, other)
            .await
            .unwrap()
            .meeting
            .quorum
            .is_met()
    );
}

/// Nothing that housing is shown speaks of the case.
async fn assert_unseen(forum: &Forum, meeting: MeetingId, case: CaseId) {
    let seen = forum.meeting("housing", meeting).await;
    assert!(seen.meeting.item(case).is_none() && !seen.cases.contains_key(&case));
    assert_eq!((seen.meeting.items.len(), seen.meeting.at_case), (1, None));
    assert_eq!(seen.meeting.promises.len(), 1);
    for one in &seen.history {
        assert_ne!(one.event.case(), Some(case), "{one:?}");
        if let Event::AgendaSealed { order } = &one.event {
            assert_eq!(order.len(), 1);
        }
    }
    let text = format!("{:?}", seen.history);
    assert!(!text.contains(&case.to_string()), "{text}");
    let all = forum
        .house
        .app
        .see_meetings(&forum.person("housing"))
        .await
        .unwrap();
    assert_eq!((all.asked.len(), all.promises.len()), (1, 1));
    let asked = forum
        .house
        .app
        .see_meetings(&forum.person("health"))
        .await
        .unwrap();
    assert_eq!(asked.asked.len(), 2);
}

#[tokio::test]
async fn l10_a_coordinator_who_is_kept_away_settles_the_agenda_and_learns_nothing() {
    let forum = Forum::new().await;
    let (own, other) = (forum.case().await, forum.case().await);
    let meeting = forum.convened().await;
    forum.declare("deputy", own).await;
    let deputy = forum.who("deputy");
    let refused = forum
        .house
        .app
        .put_on_agenda(deputy, meeting, own, None)
        .await;
    assert!(is_not_found(&refused), "{refused:?}");
    for case in [own, other] {
        forum.list(meeting, case).await.unwrap();
    }
    let refused = forum
        .house
        .app
        .put_on_agenda(deputy, meeting, own, None)
        .await;
    assert!(
        is_not_found(&refused),
        "as before it was listed: {refused:?}"
    );
    let all = forum
        .house
        .app
        .see_meetings(&forum.person("deputy"))
        .await
        .unwrap();
    assert!(all.waiting.is_empty());
    forum.ask(meeting, "deputy", Ask::SealAgenda).await.unwrap();
    let filed = forum.house.load(other).await.case.records;
    assert!(filed.contains_key("agency_returns"));
    assert_eq!(
        forum.meeting("deputy", meeting).await.meeting.items.len(),
        1
    );
}

#[tokio::test]
async fn nobody_sees_a_view_before_the_views_are_open() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &ALL).await;
    forum
        .ask(meeting, "chair", Ask::Take { case })
        .await
        .unwrap();
    for name in ["health", "housing"] {
        forum.ask(meeting, name, view(case)).await.unwrap();
    }
    for (name, own) in [
        ("chair", 0),
        ("housing", 1),
        ("coordinator", 0),
        ("supervisor", 0),
    ] {
        let seen = forum.meeting(name, meeting).await;
        let item = forum.item(name, meeting, case).await.unwrap();
        for (meeting, from) in [(&seen, "meeting"), (&item.meeting, "item")] {
            let views = &meeting.meeting.item(case).unwrap().views;
            assert_eq!(views.len(), own, "{name}, {from}");
            let told = meeting.history.iter();
            let told = told.filter(|one| matches!(one.event, Event::ViewTaken { .. }));
            assert_eq!(told.count(), own, "{name}, {from}");
        }
        assert_eq!(item.item.views.len(), own, "{name}");
    }
    forum
        .ask(meeting, "chair", Ask::OpenViews { case })
        .await
        .unwrap();
    let item = forum
        .item("victim_support", meeting, case)
        .await
        .unwrap()
        .item;
    assert_eq!(item.views.len(), 2);
    let late = unmet(forum.ask(meeting, "social_work", view(case)).await);
    assert_eq!(
        late,
        ["The views are open; say what changed yours in the discussion"]
    );
    let mut missing = item.opened.unwrap();
    missing.sort();
    assert_eq!(
        missing,
        ["Police", "Social work", "Victim support and advocacy"]
    );
}

#[tokio::test]
async fn l18_nothing_of_a_meeting_is_shown_that_is_not_written_down() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.begun(&[case], &ALL).await;
    forum
        .ask(
            meeting,
            "housing",
            answer(case, "housing", json!({"answer": "nothing_held"})),
        )
        .await
        .unwrap();
    let looks = "select count(*) from access_log where operation = 'consultation'";
    let before = forum.house.count(looks).await;
    let rows = "select count(*) from access_log where what = 'a meeting' and case_id is not null and classes like '%agency_return%'";
    forum.meeting("health", meeting).await;
    assert_eq!(forum.house.count(looks).await, before + 2);
    assert_eq!(forum.house.count(rows).await, 1);
    forum.item("health", meeting, case).await.unwrap();
    assert!(forum.house.count(looks).await > before + 2);

    forum
        .house
        .tamper(&without_room("access_log", "insert"))
        .await;
    let app = &forum.house.app;
    let health = forum.person("health");
    assert!(matches!(
        app.see_meeting(&health.actor, meeting).await,
        Err(AppError::Inside(_))
    ));
    assert!(matches!(
        app.see_item(&health, meeting, case).await,
        Err(AppError::Inside(_))
    ));
    assert!(matches!(
        app.see_meetings(&health).await,
        Err(AppError::Inside(_))
    ));
    let version = forum.load(meeting).await.version;
    let said = Ask::Say {
        case,
        agency: "health".to_owned(),
        text: "x".to_owned(),
    };
    assert!(forum.ask(meeting, "health", said).await.is_err());
    let refused = forum
        .ask(
            meeting,
            "housing",
            answer(case, "housing", json!({"answer": "nothing_held"})),
        )
        .await;
    assert!(matches!(refused, Err(AppError::Inside(_))), "{refused:?}");
    assert_eq!(forum.load(meeting).await.version, version);
    forum.house.tamper(&with_room("access_log")).await;
}

#[tokio::test]
async fn l18_a_refused_ask_about_a_case_is_a_look() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    let refused =
        "select count(*) from access_log where what like 'refused%' and operation = 'consultation'";
    let before = forum.house.count(refused).await;
    assert!(forum.ask(meeting, "housing", view(case)).await.is_err());
    assert!(
        forum
            .ask(
                meeting,
                "chair",
                Ask::Settle {
                    case,
                    action: "adjourn".to_owned()
                }
            )
            .await
            .is_err()
    );
    assert_eq!(forum.house.count(refused).await, before + 1);
}

#[tokio::test]
async fn l16_asked_twice_is_done_once() {
    let forum = Forum::new().await;
    let (case, other) = (forum.case().await, forum.case().await);
    let app = &forum.house.app;
    let coordinator = forum.who("coordinator");
    let scheme = &forum.definition().scheme.scheme;
    let key = || Some("k".to_owned());
    let convening = forum.convening(Form::Regular);
    let meeting = app
        .convene(coordinator, scheme, convening.clone(), key())
        .await
        .unwrap();
    assert_eq!(
        app.convene(coordinator, scheme, convening, key())
            .await
            .unwrap(),
        meeting
    );
    let another = app
        .convene(coordinator, scheme, forum.convening(Form::Written), key())
        .await;
    assert!(matches!(another, Err(AppError::KeyTaken)), "{another:?}");

    let key = || Some("l".to_owned());
    let version = app
        .put_on_agenda(coordinator, meeting, case, key())
        .await
        .unwrap();
    forum.house.wait(1);
    let again = app.put_on_agenda(coordinator, meeting, case, key()).await;
    assert_eq!(again.unwrap(), version);
    let another = app.put_on_agenda(coordinator, meeting, other, key()).await;
    assert!(matches!(another, Err(AppError::KeyTaken)), "{another:?}");

    let housing = forum.who("housing");
    let nothing = || answer(case, "housing", json!({"answer": "nothing_held"}));
    let version = forum
        .ask_as(meeting, housing, nothing(), Some("m"))
        .await
        .unwrap();
    assert_eq!(
        forum
            .ask_as(meeting, housing, nothing(), Some("m"))
            .await
            .unwrap(),
        version
    );
    assert_eq!(forum.load(meeting).await.version, version);
    let another = forum.ask_as(meeting, housing, Ask::Accept, Some("m")).await;
    assert!(matches!(another, Err(AppError::KeyTaken)), "{another:?}");

    let listed = forum.list(meeting, case).await;
    assert_eq!(
        unmet(listed),
        ["It is on the agenda of another meeting, or of this one"]
    );
}

#[tokio::test]
async fn an_agency_without_an_agreement_has_no_part() {
    let mut forum = Forum::new().await;
    forum.hire("education", "member", "education").await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    forum.list(meeting, case).await.unwrap();
    let education = forum.who("education");
    assert!(is_not_found(
        &forum.house.app.see_meeting(education, meeting).await
    ));
    for ask in [
        Ask::Accept,
        answer(case, "education", json!({"answer": "nothing_held"})),
    ] {
        assert!(is_not_found(&forum.ask(meeting, "education", ask).await));
    }
}

#[tokio::test]
async fn an_event_says_apart_for_whom_it_is_and_who_did_it() {
    let forum = Forum::new().await;
    let case = forum.case().await;
    let meeting = forum.convened().await;
    forum.list(meeting, case).await.unwrap();
    let given = answer(case, "housing", json!({"answer": "nothing_held"}));
    forum
        .ask(meeting, "coordinator", given.clone())
        .await
        .unwrap();
    forum.ask(meeting, "housing", given).await.unwrap();
    let seen = forum.meeting("coordinator", meeting).await;
    let [.., theirs, own] = &seen.history[..] else {
        panic!()
    };
    for (one, by) in [(theirs, ""), (own, "housing")] {
        let Event::Answered { agency, .. } = &one.event else {
            panic!("{one:?}")
        };
        assert_eq!((&**agency, &*one.actor.agency), ("housing", by));
    }
}
