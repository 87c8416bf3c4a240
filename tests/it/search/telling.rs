//! What a search tells of itself, and what it tells nobody.

use std::collections::BTreeMap;

use clares_law::app::error::AppError;
use clares_law::app::look_reviews::Kind;
use clares_law::app::reasons::Place;
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
        .map(|row| (row.case_id, &*row.what, &*row.classes))
        .collect();
    assert!(told.contains(&(Some(from.0), "search_for_people", "")));
    assert!(told.contains(&(Some(other.0), "found_by_a_search", "process")));
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
        ("chair", "Your role does not search other cases"),
        ("discloser", "Your role does not search other cases"),
        ("auditor", "Your role does not search other cases"),
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
}
