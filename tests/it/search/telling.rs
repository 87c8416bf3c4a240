//! What a search tells of itself, and what it tells nobody.

use std::collections::BTreeMap;

use clares_law::app::error::AppError;
use clares_law::app::look_reviews::Kind;
use clares_law::app::reasons::Place;
use clares_law::app::staff::Person;
use clares_law::domain::tie::TieKind;
use serde_json::json;

use super::{WHY, case_about, found, typed};
use crate::glass::{hired, tie};
use crate::looks::{log, new_since};
use crate::support::database::{with_room, without_room};
use crate::support::house::House;
use crate::support::world::{answers, scenario};

/// Everybody in a case that the number 2 was given.
fn of_two() -> serde_json::Value {
    json!({"phones": "07700 900102"})
}

#[tokio::test]
async fn l18_a_search_is_in_the_log_before_anything_is_told_and_also_where_nothing_is_found() {
    let house = House::new().await;
    let morag = hired(&house, "morag", "verifier").await;
    let (from, other) = (
        case_about(&house, 1, json!({})).await,
        case_about(&house, 2, json!({})).await,
    );
    let reasons = house.app.reasons().await.unwrap();
    for (asked, hits) in [(json!({"phones": "07700 900199"}), 0), (of_two(), 1)] {
        let asked = answers(typed(asked));
        let before = log(&house).await;
        let (_, counted) = house.app.count_alike(&morag, from, &asked).await.unwrap();
        assert_eq!(counted.cases, hits);
        let rows = new_since(&house, &before).await;
        let [row] = &rows[..] else {
            panic!("{} rows", rows.len())
        };
        assert_eq!(
            (
                row.case_id,
                &*row.what,
                &*row.classes,
                &*row.operation,
                &row.actor
            ),
            (
                Some(from.0),
                "search_for_people",
                "",
                "consultation",
                &morag.actor.id
            )
        );
        let stored = row.reason.as_ref().unwrap();
        assert!(!stored.contains("name"), "it is sealed");
        assert_eq!(reasons.opened(Place::Look(row.id), stored).unwrap(), WHY);
    }
    let before = log(&house).await;
    let asked = answers(typed(of_two()));
    house.app.list_alike(&morag, from, &asked).await.unwrap();
    let rows = new_since(&house, &before).await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.case_id, &*row.what, &*row.classes, row.reason.is_some()))
        .collect();
    let people = "applicant_identity person_at_risk process safe_contact subject";
    assert!(told.contains(&(Some(from.0), "search_results", "", true)));
    // The reason is about the case it was searched from, and is nothing for whoever reads of this one.
    let mut classes: Vec<_> = rows
        .iter()
        .filter(|row| row.case_id == Some(other.0))
        .flat_map(|row| row.classes.split(' '))
        .collect();
    classes.sort_unstable();
    assert_eq!(classes.join(" "), people);
    let found = rows
        .iter()
        .find(|row| row.case_id == Some(other.0))
        .unwrap();
    assert_eq!((&*found.what, &found.reason), ("found_by_a_search", &None));
    assert_eq!(told.len(), 2);
    house.tamper(&without_room("access_log", "insert")).await;
    assert!(house.app.count_alike(&morag, from, &asked).await.is_err());
    assert!(house.app.list_alike(&morag, from, &asked).await.is_err());
    house.tamper(&with_room("access_log")).await;
    assert!(house.app.count_alike(&morag, from, &asked).await.is_ok());
}

#[tokio::test]
async fn what_somebody_could_not_search_from_is_neither_found_nor_counted() {
    let house = House::new().await;
    let from = case_about(&house, 1, json!({})).await;
    let other = case_about(&house, 2, json!({})).await;
    let everybody = ["plain", "conflict", "manages", "kept", "boss"];
    let mut people = BTreeMap::new();
    for name in everybody {
        let role = if name == "boss" {
            "supervisor"
        } else {
            "verifier"
        };
        people.insert(name, hired(&house, name, role).await);
    }
    let counts = async || {
        let mut counts = Vec::new();
        for name in everybody {
            house.wait(1);
            counts.push(
                found(&house, &people[name], from, of_two())
                    .await
                    .unwrap()
                    .len(),
            );
        }
        counts
    };
    assert_eq!(counts().await, [1, 1, 1, 1, 1]);
    tie(
        &house,
        other,
        Some(&people["conflict"].actor),
        TieKind::Declared,
    )
    .await;
    tie(
        &house,
        other,
        Some(&people["manages"].actor),
        TieKind::ManagesSubject,
    )
    .await;
    assert_eq!(counts().await, [1, 0, 0, 1, 1]);
    tie(&house, other, None, TieKind::Restricted).await;
    tie(&house, other, Some(&people["kept"].actor), TieKind::LetIn).await;
    assert_eq!(
        counts().await,
        [0, 0, 0, 1, 1],
        "of the few, those who work on cases"
    );
    // Nobody reads of what they did not find.
    let refused = |answer: &Result<_, AppError>| matches!(answer, Err(AppError::NotFound));
    assert!(refused(
        &found(&house, &people["conflict"], other, json!({})).await
    ));
    assert!(refused(
        &found(&house, &people["plain"], other, json!({})).await
    ));
}

#[tokio::test]
async fn it_begins_at_an_open_case_and_with_a_role_that_searches() {
    let house = House::new().await;
    let from = case_about(&house, 1, json!({})).await;
    let morag = hired(&house, "morag", "verifier").await;
    for (role, answer) in [
        ("intake", "0 found"),
        ("supervisor", "0 found"),
        ("coordinator", "0 found"),
        ("chair", "You do not search other cases from here"),
        ("discloser", "You do not search other cases from here"),
        ("auditor", "You do not search other cases from here"),
        ("administrator", "NotFound"),
        ("referrer", "NotFound"),
    ] {
        let one = hired(&house, role, role).await;
        let said = match found(&house, &one, from, json!({})).await {
            Err(AppError::Forbidden(why)) => why,
            Err(other) => format!("{other:?}"),
            Ok(found) => format!("{} found", found.len()),
        };
        assert_eq!(said, answer, "{role}");
    }
    let withdrawn = scenario("She asks to stop, is safe");
    let closed = house.case_of(withdrawn).await;
    for step in &withdrawn.steps {
        house.step(closed, withdrawn, step).await;
    }
    let refused = found(&house, &morag, closed, json!({})).await.unwrap_err();
    assert!(
        format!("{refused:?}").contains("This case is closed"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn the_fifth_search_within_ten_minutes_is_noticed_with_its_reason() {
    let house = House::new().await;
    let boss = hired(&house, "iain", "supervisor").await;
    hired(&house, "una", "supervisor").await;
    let morag = hired(&house, "morag", "verifier").await;
    let from = case_about(&house, 1, json!({})).await;
    let asked = answers(typed(of_two()));
    for number in 0..5 {
        let searched = async |boss| {
            let reviews = house.app.reviews(boss).await.unwrap();
            reviews
                .iter()
                .filter(|review| review.kind == Kind::Search)
                .count()
        };
        assert_eq!(searched(&boss).await, 0, "{number}");
        house.app.count_alike(&morag, from, &asked).await.unwrap();
    }
    let mut reviews = house.app.reviews(&boss).await.unwrap();
    reviews.retain(|review| review.kind == Kind::Search);
    assert_eq!(reviews.len(), 1);
    assert_eq!(reviews[0].look.reason.as_deref(), Some(WHY));
    assert_eq!(reviews[0].number, 5);
    assert_eq!(reviews[0].cases.len(), 1);
    assert_eq!(reviews[0].cases[0].0, from);
}

#[tokio::test]
async fn numbers_and_what_they_are_about_are_one_search() {
    let house = House::new().await;
    let boss = hired(&house, "iain", "supervisor").await;
    let morag = hired(&house, "morag", "verifier").await;
    let from = case_about(&house, 1, json!({})).await;
    case_about(&house, 2, json!({})).await;
    let searches = async || {
        let reviews = house.app.reviews(&boss).await.unwrap();
        reviews
            .iter()
            .filter(|review| review.kind == Kind::Search)
            .count()
    };
    for _ in 0..4 {
        found(&house, &morag, from, of_two()).await.unwrap();
    }
    assert_eq!(searches().await, 0);
    // Where nothing is found there is nothing to show: that is another search.
    let nobody = answers(typed(json!({"phones": "07700 900199"})));
    house.app.list_alike(&morag, from, &nobody).await.unwrap();
    assert_eq!(searches().await, 1);
}

#[tokio::test]
async fn l10_reviewers_who_are_kept_away_are_not_asked_about_searches_from_the_case() {
    let house = House::new().await;
    let kept = hired(&house, "kept", "supervisor").await;
    let boss = hired(&house, "iain", "supervisor").await;
    let morag = hired(&house, "morag", "verifier").await;
    let from = case_about(&house, 1, json!({})).await;
    let asked = answers(typed(of_two()));
    for _ in 0..5 {
        house.app.count_alike(&morag, from, &asked).await.unwrap();
    }
    tie(&house, from, Some(&kept.actor), TieKind::Declared).await;
    for (who, number) in [(&boss, 1), (&kept, 0)] {
        let reviews = house.app.reviews(who).await.unwrap();
        let searches = reviews.iter().filter(|review| review.kind == Kind::Search);
        assert_eq!(searches.count(), number);
    }
}

#[tokio::test]
async fn whoever_is_asked_about_many_cases_is_told_no_words_about_one() {
    let house = House::new().await;
    let boss = hired(&house, "iain", "supervisor").await;
    let morag = hired(&house, "morag", "verifier").await;
    let from = case_about(&house, 1, json!({})).await;
    for _ in 0..29 {
        let case = house.case().await;
        house.app.see_case(&morag, case, "case").await.unwrap();
    }
    let asked = answers(typed(of_two()));
    house.app.count_alike(&morag, from, &asked).await.unwrap();
    let reviews = house.app.reviews(&boss).await.unwrap();
    let trawl = reviews.iter().find(|review| review.kind == Kind::Trawl);
    let trawl = trawl.unwrap();
    assert_eq!((trawl.number, &trawl.look.reason), (30, &None));
    assert_eq!(trawl.look.what, "search_for_people");
}

#[tokio::test]
async fn the_reason_is_read_by_whoever_reads_reasons() {
    let house = House::new().await;
    let morag = hired(&house, "morag", "verifier").await;
    let from = case_about(&house, 1, json!({})).await;
    let asked = answers(typed(of_two()));
    house.app.count_alike(&morag, from, &asked).await.unwrap();
    let works = hired(&house, "works", "verifier").await;
    tie(&house, from, Some(&works.actor), TieKind::ManagesSubject).await;
    for (who, reads) in [(&morag, true), (&works, false)] {
        let looks = house.app.see_looks(&who.actor, from, None).await.unwrap();
        let mut reasons = looks
            .looks
            .iter()
            .filter_map(|look| look.row.reason.as_deref());
        assert_eq!(reasons.any(|reason| reason == WHY), reads);
    }
}

#[tokio::test]
async fn nobody_searches_who_has_not_just_proved_who_they_are() {
    let house = House::new().await;
    let morag = hired(&house, "morag", "verifier").await;
    let from = case_about(&house, 1, json!({})).await;
    let long_ago = Person {
        confirmed: false,
        ..morag.clone()
    };
    assert!(house.app.search_from(&long_ago, from).await.is_ok());
    let refused = found(&house, &long_ago, from, of_two()).await.unwrap_err();
    assert!(
        format!("{refused:?}").contains("Confirm first"),
        "{refused:?}"
    );
    assert!(found(&house, &morag, from, of_two()).await.is_ok());
}
