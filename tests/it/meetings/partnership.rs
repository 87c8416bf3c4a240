//! How the agencies work together: every number is one that the meetings' histories give when they are counted by hand.

use clares_law::app::meetings::{Line, Share};
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::Promise;
use jiff::civil::date;
use serde_json::json;
use uuid::Uuid;

use super::{Forum, answer, is_not_found};

#[tokio::test]
async fn l14_each_number_is_counted_from_history() {
    let forum = Forum::new().await;
    let (one, two) = (forum.case().await, forum.case().await);
    let meeting = forum.settled(&[one, two]).await;
    let nothing = || json!({"answer": "nothing_held"});
    forum
        .ask(meeting, "health", answer(one, "health", nothing()))
        .await
        .unwrap();
    // The answers were due two working days before; this one is too late.
    forum.house.wait(7 * 24);
    forum
        .ask(meeting, "housing", answer(one, "housing", nothing()))
        .await
        .unwrap();
    for name in ["chair", "social_work", "victim_support", "health"] {
        forum.ask(meeting, name, Ask::Accept).await.unwrap();
        forum.ask(meeting, name, Ask::Come).await.unwrap();
    }
    forum.ask(meeting, "chair", Ask::Begin).await.unwrap();
    forum
        .ask(meeting, "chair", Ask::Take { case: one })
        .await
        .unwrap();
    forum.ask(meeting, "social_work", Ask::Leave).await.unwrap();
    forum
        .ask(meeting, "chair", Ask::Take { case: two })
        .await
        .unwrap();
    let today = forum
        .house
        .clock
        .now()
        .to_zoned(jiff::tz::TimeZone::get("Europe/London").unwrap())
        .date();
    let (yesterday, tomorrow) = (today.yesterday().unwrap(), today.tomorrow().unwrap());
    for (agency, by) in [
        ("health", today),
        ("health", yesterday),
        ("housing", tomorrow),
    ] {
        let promise = Promise {
            id: Uuid::from_u128(u128::from(by.day().unsigned_abs())),
            case: None,
            agency: agency.to_owned(),
            what: "Ask the practice again".to_owned(),
            by,
        };
        forum
            .ask(meeting, "chair", Ask::Promise(promise))
            .await
            .unwrap();
    }

    let seen = forum
        .house
        .app
        .see_partnership(&forum.person("coordinator"), "dsdas-scotland")
        .await
        .unwrap();
    let november = date(2026, 11, 1);
    assert_eq!(
        (seen.months.len(), seen.months.last()),
        (12, Some(&november))
    );
    let in_november = |so, of| Line::from([(november, Share { so, of })]);
    assert_eq!(seen.came["health"], in_november(1, 1));
    assert_eq!(seen.came["housing"], in_november(0, 1));
    assert_eq!(seen.answered["health"], in_november(1, 2));
    assert_eq!(seen.answered["housing"], in_november(0, 2));
    assert_eq!(seen.quorate, in_november(1, 2));
    assert_eq!(seen.overdue["health"], Share { so: 1, of: 2 });
    assert_eq!(seen.overdue["housing"], Share { so: 0, of: 1 });

    // Whoever is kept away from a case finds it in no count.
    forum.declare("health", two).await;
    let seen = forum
        .house
        .app
        .see_partnership(&forum.person("health"), "dsdas-scotland")
        .await
        .unwrap();
    assert_eq!(seen.quorate, in_november(1, 1));
    assert_eq!(seen.answered["housing"], in_november(0, 1));
}

#[tokio::test]
async fn a_scheme_that_nobody_runs_here_is_not_found() {
    let forum = Forum::new().await;
    let asked = forum
        .house
        .app
        .see_partnership(&forum.person("chair"), "dvds-england-wales")
        .await;
    assert!(is_not_found(&asked));
}
