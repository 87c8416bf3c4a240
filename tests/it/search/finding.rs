//! Who is found, and who is not.

use std::collections::{BTreeMap, BTreeSet};

use clares_law::app::error::AppError;
use clares_law::domain::likeness::Ground;
use clares_law::engine::parties;
use serde_json::json;

use super::{case_about, found};
use crate::glass::hired;
use crate::support::house::House;
use crate::support::world::{dsdas, scenario};

#[tokio::test]
async fn the_same_person_is_found_by_what_this_case_holds_or_by_what_is_typed() {
    let house = House::new().await;
    let morag = hired(&house, "morag", "verifier").await;
    let from = case_about(&house, 1, json!({})).await;
    let other = case_about(
        &house,
        2,
        json!({
            "subject": {"given_names": "Neil", "family_name": "Kincardie-Hope", "born": "1984-11-30"},
            "subject_addresses": [{"address": "8 Sallachy Bank, Kirkallan"}],
        }),
    )
    .await;
    case_about(&house, 3, json!({})).await;
    let none = found(&house, &morag, from, json!({})).await.unwrap();
    assert!(none.is_empty(), "nobody in this case is in another");
    for (asked, ground) in [
        // One part of a double name, spelled in another way.
        (
            json!({"person": {"family_name": "  HOPE ", "born": "1984-11-30"}}),
            Ground::NameAndBirth,
        ),
        (
            json!({"person": {"given_names": "neil", "family_name": "Kincardie Hope", "born": "1984"}}),
            Ground::NameAndBirth,
        ),
        (
            json!({"phones": "0131 496 0000 or +44 7700 900102"}),
            Ground::Phone,
        ),
        (
            json!({"addresses": "1 Nowhere Row, Kirkallan\n8, Sallachy Bank Kirkallan"}),
            Ground::Address,
        ),
    ] {
        let expected = BTreeMap::from([(other, BTreeSet::from([ground]))]);
        assert_eq!(
            found(&house, &morag, from, asked.clone()).await.unwrap(),
            expected,
            "{asked}"
        );
    }
    // As soon as this case holds it too, nothing has to be typed.
    let same =
        json!({"subject": {"given_names": "Neil", "family_name": "Hope", "born": "1984-11-30"}});
    let third = case_about(&house, 4, same).await;
    let expected = BTreeMap::from([(other, BTreeSet::from([Ground::NameAndBirth]))]);
    assert_eq!(
        found(&house, &morag, third, json!({})).await.unwrap(),
        expected
    );
}

#[tokio::test]
async fn a_closed_case_is_found_too() {
    let house = House::new().await;
    let morag = hired(&house, "morag", "verifier").await;
    let withdrawn = scenario("She asks to stop, is safe");
    let closed = house.case_of(withdrawn).await;
    for step in &withdrawn.steps {
        house.step(closed, withdrawn, step).await;
    }
    let again = house.case_of(withdrawn).await;
    let found = found(&house, &morag, again, json!({})).await.unwrap();
    assert!(found.contains_key(&closed));
}

#[tokio::test]
async fn what_could_be_many_people_is_refused_and_not_compared() {
    let house = House::new().await;
    let morag = hired(&house, "morag", "verifier").await;
    let from = case_about(&house, 1, json!({})).await;
    case_about(&house, 2, json!({})).await;
    for asked in [
        json!({"person": {"family_name": "Strathcccc"}}),
        json!({"person": {"family_name": "Strathcccc", "born": "1980"}}),
        json!({"phones": "900102"}),
        json!({"addresses": "Kirkallan"}),
        // What is enough beside it does not make up for it.
        json!({"addresses": "8 Sallachy Bank, Kirkallan\nKirkallan"}),
        json!({"person": {"family_name": "Strathcccc"}, "phones": "07700 900102"}),
    ] {
        let before = house.count("select count(*) from access_log").await;
        let refused = found(&house, &morag, from, asked.clone())
            .await
            .unwrap_err();
        assert!(
            format!("{refused:?}").contains("too many people"),
            "{asked}: {refused:?}"
        );
        assert_eq!(house.count("select count(*) from access_log").await, before);
    }
}

#[tokio::test]
async fn only_a_few_are_searched_for_at_once() {
    let house = House::new().await;
    let morag = hired(&house, "morag", "verifier").await;
    let from = case_about(&house, 1, json!({})).await;
    let homes = |number: u32| (1..=number).map(|home| format!("{home} Brackla Row, Kirkallan\n"));
    let five = json!({"addresses": homes(5).collect::<String>()});
    assert!(found(&house, &morag, from, five).await.is_ok());
    let names: Vec<_> = ('a'..='z').map(|letter| format!("Ard{letter}")).collect();
    for many in [
        json!({"addresses": homes(6).collect::<String>()}),
        json!({"phones": "07700 900101, 07700 900102, 07700 900103, 07700 900104, 07700 900105, 07700 900106"}),
        json!({"person": {"family_name": "Ardle", "other_names": names.join(" "), "born": "1980-02-02"}}),
    ] {
        let refused = found(&house, &morag, from, many).await.unwrap_err();
        let said = said(&refused);
        assert!(said.contains("at a time"), "{said}");
    }
}

fn said(refused: &AppError) -> &str {
    match refused {
        AppError::Fields(errors) => &errors[0].message,
        other => panic!("{other:?}"),
    }
}

/// The oracle compares the marks themselves, which nothing keeps.
#[tokio::test]
async fn two_cases_find_each_other_exactly_where_a_mark_is_in_both() {
    let house = House::new().await;
    let morag = hired(&house, "morag", "verifier").await;
    let mut cases = Vec::new();
    for number in 0..12_u32 {
        // Every second shares its person with the next but one, every third its address, every fourth its phone.
        let person = format!(
            "Ardle{}",
            ["one", "two", "three", "four"][(number % 4) as usize]
        );
        let over = json!({
            "subject": {"given_names": "Neil", "family_name": person, "born": format!("198{}-02-02", number % 3)},
            "subject_addresses": [{"address": format!("{} Brackla Row, Kirkallan", number % 5 + 1)}],
            "contact": {"way": "call", "details": format!("07700 9001{:02}", number % 7), "safe_times": "Mornings"},
        });
        cases.push(case_about(&house, number, over).await);
    }
    let mut marks = BTreeMap::new();
    for case in &cases {
        let history = house.load(*case).await.history;
        let filed = history.iter().map(|recorded| &recorded.event);
        marks.insert(*case, parties::marks(dsdas(), filed));
    }
    let mut pairs = 0;
    for from in &cases {
        let mut expected = BTreeMap::new();
        for other in cases.iter().filter(|other| *other != from) {
            let both = marks[from].intersection(&marks[other]);
            let both: BTreeSet<_> = both.map(|mark| mark.ground).collect();
            if !both.is_empty() {
                pairs += 1;
                expected.insert(*other, both);
            }
        }
        house.wait(1);
        assert_eq!(
            found(&house, &morag, *from, json!({})).await.unwrap(),
            expected
        );
    }
    assert!((20..100).contains(&pairs), "{pairs} of 132 pairs");
}
