//! What must be told is a row in the outbox: once for each event and person, and never to an applicant.

use std::collections::BTreeSet;

use clares_law::engine::case::Case;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::builtin::SECOND_PERSON;
use clares_law::engine::draft::Happening;
use clares_law::engine::effects::effects;
use clares_law::engine::event::{Confirmation, Edition, Event};
use clares_law::store::outbox::MessageRow;
use serde_json::json;

use crate::support::house::House;
use crate::support::world::dsdas;

#[tokio::test]
async fn each_active_colleague_of_the_role_is_told_once() {
    let house = House::new().await;
    let coordinator = house.hire("ewan", "coordinator").await;
    let (iain, shona) = (
        house.hire("iain", "supervisor").await,
        house.hire("shona", "supervisor").await,
    );
    let gone = house.hire("gone", "supervisor").await;
    let verifier = house.hire("morag", "verifier").await;
    house
        .tamper("update staff set disabled = not disabled where sign_in_name = 'gone'")
        .await;
    let case = house.case().await;
    for (actor, action) in [
        (&verifier, "register"),
        (&verifier, "record_initial_checks"),
        (&verifier, "triage"),
        (&verifier, "question_scope"),
    ] {
        house.act(case, actor, action, json!({})).await.unwrap();
    }
    assert_eq!(house.messages().await, [], "nothing has to be told yet");
    house
        .act(case, &coordinator, "other_route", json!({}))
        .await
        .unwrap();
    let told = |rows: Vec<MessageRow>| -> Vec<String> {
        rows.into_iter().map(|row| row.recipient).collect()
    };
    let confirmers = told(house.messages().await);
    assert_eq!(confirmers.len(), 2, "one message for each");
    assert_eq!(
        BTreeSet::from_iter(confirmers),
        BTreeSet::from([iain.id.clone(), shona.id.clone()])
    );
    assert!(!told(house.messages().await).contains(&gone.id));

    house.wait(24 * 60);
    house.sweep(9).await.unwrap();
    let dedupes = house
        .count("select count(distinct dedupe) from outbox")
        .await;
    assert_eq!(dedupes, house.count("select count(*) from outbox").await);
    // The overall clock warned three times and was breached: to two supervisors and a coordinator each time.
    let history = house.load(case).await.history;
    let overall = history.iter().filter(|recorded| match &recorded.event {
        Event::ClockWarned { clock, .. } | Event::ClockBreached { clock, .. } => clock == "overall",
        _ => false,
    });
    assert_eq!(overall.count(), 4);
    let to_ewan = told(house.messages().await)
        .into_iter()
        .filter(|recipient| *recipient == coordinator.id)
        .count();
    assert_eq!(to_ewan, 4);
}

#[tokio::test]
async fn l5_whoever_confirms_is_told_again_when_the_second_person_is_late() {
    let house = House::new().await;
    let coordinator = house.hire("ewan", "coordinator").await;
    let verifier = house.hire("morag", "verifier").await;
    let supervisors = [
        house.hire("iain", "supervisor").await.id,
        house.hire("shona", "supervisor").await.id,
    ];
    let case = house.case().await;
    for (actor, action) in [
        (&verifier, "register"),
        (&verifier, "record_initial_checks"),
        (&verifier, "triage"),
        (&verifier, "question_scope"),
        (&coordinator, "other_route"),
    ] {
        house.act(case, actor, action, json!({})).await.unwrap();
    }
    house.wait(24 * 7);
    while house.sweep(9).await.unwrap() > 0 {}
    let history = house.load(case).await.history;
    let late = |event: &Event| matches!(event, Event::ClockBreached { clock, .. } if clock == SECOND_PERSON);
    let breach = history.iter().find(|recorded| late(&recorded.event));
    let of_breach = format!(":{}:", breach.unwrap().seq);
    let messages = house.messages().await.into_iter();
    let told = messages.filter(|row| row.dedupe.contains(&of_breach));
    let told: BTreeSet<_> = told.map(|row| row.recipient).collect();
    assert_eq!(told, BTreeSet::from(supervisors));
}

#[test]
fn l13_what_was_late_before_a_move_alerts_by_the_edition_it_was_late_in() {
    let own = dsdas();
    let (clock, roles) = (own.scheme.clocks.iter())
        .map(|(name, clock)| (name.to_string(), &clock.alerts))
        .find(|(_, roles)| !roles.is_empty())
        .unwrap();
    let mut target = own.clone();
    target.scheme.clocks.0.retain(|(name, _)| **name != *clock);
    let happening = |event| Happening {
        actor: Actor::clock(),
        event,
    };
    let edition = |hash: &str| Edition {
        hash: hash.to_owned(),
        label: hash.to_owned(),
    };
    let due_at = "2026-11-02T09:30:00Z".parse().unwrap();
    let breached = Event::ClockBreached {
        clock,
        instance: 1,
        due_at,
    };
    let migrated = Event::Migrated {
        from: edition("own"),
        to: edition("target"),
        rationale: String::new(),
        confirmed: Confirmation {
            proposed_by: Actor::public(),
            rationale: String::new(),
        },
    };
    let happened = [breached.clone(), migrated, breached].map(happening);
    let alerts = effects(own, Some(&target), &Case::default(), &happened);
    let causes: Vec<usize> = alerts.into_iter().map(|(place, _)| place).collect();
    assert_eq!(causes, vec![0; roles.iter().count()]);
}
