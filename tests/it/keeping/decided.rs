//! Who decides what becomes of a case past its day: always two people, and never over a legal hold.

use clares_law::app::erasure::{GROUND, NewErasure, YEARS};
use clares_law::app::error::AppError;
use clares_law::domain::ground::Ground;
use clares_law::domain::id::CaseId;
use serde_json::json;

use super::{
    closed, forgotten, is_unknown, person, propose, proposed, proposed_by_una, settle, supervisor,
    supervisors, wanting, years,
};
use crate::support::house::House;

fn unmet<T: std::fmt::Debug>(answer: Result<T, AppError>) -> Vec<String> {
    match answer {
        Err(AppError::Unmet(sentences)) => sentences,
        other => panic!("{other:?}"),
    }
}

fn forbidden<T: std::fmt::Debug>(answer: Result<T, AppError>) -> String {
    match answer {
        Err(AppError::Forbidden(sentence)) => sentence,
        other => panic!("{other:?}"),
    }
}

fn wrong(answer: Result<bool, AppError>) -> String {
    match answer {
        Err(AppError::Fields(errors)) => errors[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

async fn listed(house: &House, case: CaseId) -> bool {
    let una = supervisor(house, "una").await;
    let keeping = house.app.see_keeping(&una).await.unwrap();
    keeping.past.iter().any(|row| row.id == case.0)
}

#[tokio::test]
async fn a_case_comes_to_the_list_with_the_day_after_its_last() {
    let house = House::new().await;
    let (case, _) = closed(&house).await;
    let una = supervisor(&house, "una").await;
    assert!(!listed(&house, case).await);
    assert!(is_unknown(&house.app.see_erasure(&una, case).await));
    assert!(is_unknown(
        &propose(&house, &una, case, Ground::NotNeeded).await
    ));
    house.clock.advance(years(11));
    assert!(listed(&house, case).await);
    assert_eq!(house.app.open_keeping(&una).await.unwrap(), 1);
    let morag = house.hire("morag", "verifier").await;
    let morag = person(&house, &morag).await;
    assert!(is_unknown(&house.app.see_keeping(&morag).await));
    assert!(is_unknown(&house.app.see_erasure(&morag, case).await));
    assert!(is_unknown(
        &propose(&house, &morag, case, Ground::NotNeeded).await
    ));
    assert_eq!(house.app.open_keeping(&morag).await.unwrap(), 0);
}

#[tokio::test]
async fn l4_nobody_forgets_a_case_alone_and_nobody_who_decided_it() {
    let house = House::new().await;
    let (case, decider) = closed(&house).await;
    house.clock.advance(years(11));
    let (una, vera) = supervisors(&house).await;
    let decider = person(&house, &decider).await;
    assert!(
        propose(&house, &una, case, Ground::NotNeeded)
            .await
            .unwrap()
    );
    assert!(
        !propose(&house, &vera, case, Ground::Risk).await.unwrap(),
        "something is proposed already"
    );
    assert!(!listed(&house, case).await, "it waits elsewhere");
    assert!(forbidden(settle(&house, &una, case, true).await).starts_with("You proposed this"));
    assert!(
        forbidden(settle(&house, &decider, case, true).await).starts_with("You decided this case")
    );
    assert_eq!(house.count("select count(*) from forgotten").await, 0);
    // Whoever proposed it may take it back, and it is as before.
    assert!(settle(&house, &una, case, false).await.unwrap());
    assert!(listed(&house, case).await);
    assert!(
        propose(&house, &una, case, Ground::NotNeeded)
            .await
            .unwrap()
    );
    let id = proposed(&house, &vera, case).await;
    assert!(settle(&house, &vera, case, true).await.unwrap());
    assert_eq!(house.count("select count(*) from forgotten").await, 1);
    let again = house
        .app
        .settle_erasure(&vera, case, (id, true), "Again", None)
        .await;
    assert!(is_unknown(&again));
}

#[tokio::test]
async fn no_statement_forgets_a_case_that_two_people_have_not_confirmed() {
    let house = House::new().await;
    let (case, _) = closed(&house).await;
    house.clock.advance(years(11));
    let una = supervisor(&house, "una").await;
    propose(&house, &una, case, Ground::NotNeeded)
        .await
        .unwrap();
    let forget =
        "insert into forgotten (case_id, erasure_id, at) select case_id, id, at from erasures";
    assert!(house.try_to(forget).await.is_err());
    // The same person's word twice is one person's word.
    let alone = "insert into erasure_steps (erasure_id, step, at, done_by, reason) select id, 'confirmed', at, done_by, 'x' from erasures";
    house.tamper(alone).await;
    assert!(house.try_to(forget).await.is_err());
    let twice = "insert into erasure_steps (erasure_id, step, at, done_by, reason) select id, 'sent_back', at, done_by, 'x' from erasures";
    assert!(house.try_to(twice).await.is_err());
    for text in [
        "update erasures set ground = 'risk'",
        "delete from erasures",
        "update erasure_steps set reason = 'x'",
        "delete from erasure_steps",
    ] {
        assert!(house.try_to(text).await.is_err(), "{text}");
    }
}

#[tokio::test]
async fn a_hold_blocks_when_it_is_proposed_and_again_when_it_is_confirmed() {
    let house = House::new().await;
    let (case, decider) = closed(&house).await;
    house.clock.advance(years(11));
    let (una, vera) = supervisors(&house).await;
    let held = "A legal hold keeps it; two people have to end that first";
    assert!(
        propose(&house, &una, case, Ground::NotNeeded)
            .await
            .unwrap()
    );
    house
        .act(case, &decider, "place_legal_hold", json!({}))
        .await
        .unwrap();
    assert_eq!(unmet(settle(&house, &vera, case, true).await), [held]);
    assert!(settle(&house, &vera, case, false).await.unwrap());
    assert_eq!(
        unmet(propose(&house, &una, case, Ground::HeldElsewhere).await),
        [held]
    );
    assert_eq!(house.count("select count(*) from forgotten").await, 0);
    // To keep it on is no harm.
    assert!(
        propose(&house, &una, case, Ground::Proceedings)
            .await
            .unwrap()
    );
    assert!(settle(&house, &vera, case, false).await.unwrap());
    // One person asks for the end of the hold: it stands until another agrees.
    house
        .act(case, &decider, "lift_legal_hold", json!({}))
        .await
        .unwrap();
    let still = unmet(propose(&house, &una, case, Ground::NotNeeded).await);
    assert_eq!((still.len(), &*still[0]), (2, held));
    house
        .act(case, &una.actor, "confirm", json!({}))
        .await
        .unwrap();
    assert!(
        propose(&house, &una, case, Ground::NotNeeded)
            .await
            .unwrap()
    );
    assert!(settle(&house, &vera, case, true).await.unwrap());
}

#[tokio::test]
async fn a_case_that_was_opened_again_is_not_forgotten() {
    let house = House::new().await;
    let (case, _, vera) = proposed_by_una(&house).await;
    let id = proposed(&house, &vera, case).await;
    house
        .act(case, &vera.actor, "reopen", json!({}))
        .await
        .unwrap();
    let yes = "I have looked at it";
    let settled = house.app.settle_erasure(&vera, case, (id, true), yes, None);
    assert!(is_unknown(&settled.await));
    assert_eq!(house.count("select count(*) from forgotten").await, 0);
}

#[tokio::test]
async fn what_is_kept_on_comes_back_on_its_day() {
    let house = House::new().await;
    let (case, decider) = closed(&house).await;
    house.clock.advance(years(11));
    let una = supervisor(&house, "una").await;
    for (new, field) in [
        (
            NewErasure {
                ground: None,
                ..wanting(Ground::Risk)
            },
            GROUND,
        ),
        (
            NewErasure {
                years: None,
                ..wanting(Ground::Risk)
            },
            YEARS,
        ),
        (
            NewErasure {
                years: "100 years".parse().ok(),
                ..wanting(Ground::Risk)
            },
            YEARS,
        ),
        (
            NewErasure {
                words: "  ".to_owned(),
                ..wanting(Ground::Risk)
            },
            "reason",
        ),
    ] {
        assert_eq!(
            wrong(house.app.propose_erasure(&una, case, new, None).await),
            field
        );
    }
    assert!(propose(&house, &una, case, Ground::Risk).await.unwrap());
    // To keep a case on is no 'no': whoever decided it may agree.
    let decider = person(&house, &decider).await;
    assert!(forbidden(settle(&house, &una, case, true).await).starts_with("You proposed this"));
    assert!(settle(&house, &decider, case, true).await.unwrap());
    assert!(!listed(&house, case).await);
    house
        .clock
        .advance(jiff::SignedDuration::from_hours(24 * 700));
    assert!(!listed(&house, case).await);
    house
        .clock
        .advance(jiff::SignedDuration::from_hours(24 * 32));
    assert!(listed(&house, case).await);
}

#[tokio::test]
async fn l18_who_reviewed_proposed_and_forgot_is_in_the_log() {
    let house = House::new().await;
    let case = forgotten(&house).await;
    let rows = crate::looks::log(&house).await;
    let rows = rows.iter().filter(|row| row.case_id == Some(case.0));
    let said: Vec<_> = rows.map(|row| (&*row.operation, &*row.what)).collect();
    for one in [
        ("consultation", "review for keeping"),
        ("erasure", "proposed for keeping"),
        ("erasure", "forgotten"),
    ] {
        assert!(said.contains(&one), "{one:?}: {said:?}");
    }
}
