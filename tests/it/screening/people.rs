//! The register changes, and so do accounts: whoever becomes known is compared with the cases there are.

use std::collections::BTreeSet;

use clares_law::app::register::{Entry, Listing};
use clares_law::domain::likeness::Ground;

use super::{another, lift, list, nobody, police, standing, the_subject, tied, with_account};
use crate::support::house::House;

const BIRTH: &str = "name_and_birth";

#[tokio::test]
async fn l10_a_new_list_ties_people_to_cases_that_are_there() {
    let house = House::new().await;
    let case = house.case().await;
    let other = another(&house).await;
    let calum = house.hire("calum", "supervisor").await;
    let morag = house.hire("morag", "supervisor").await;
    let replaced = list(&house, vec![with_account(the_subject("1"), "calum")]).await;
    assert_eq!((replaced.added, replaced.restricted), (1, 1));
    assert_eq!(
        tied(&house, case).await,
        [(Some(calum.id), BIRTH.to_owned())]
    );
    assert_eq!(tied(&house, other).await, []);
    let told = house.messages().await;
    assert_eq!(told.len(), 1, "not the supervisor who is kept away");
    assert_eq!(told[0].recipient, morag.id);

    let again = list(&house, vec![with_account(the_subject("1"), "calum")]).await;
    assert_eq!(
        (again.added, again.removed, again.changed, again.restricted),
        (0, 0, 0, 0)
    );
    assert_eq!(standing(&house, case).await.len(), 1, "never twice");
    assert_eq!(house.messages().await.len(), 1);
}

#[tokio::test]
async fn one_message_tells_of_all_cases_that_one_list_restricts() {
    let house = House::new().await;
    house.hire("morag", "supervisor").await;
    for _ in 0..3 {
        house.case().await;
    }
    assert_eq!(list(&house, vec![the_subject("1")]).await.restricted, 3);
    assert_eq!(house.messages().await.len(), 1);
}

#[tokio::test]
async fn l10_an_account_added_later_is_kept_away_too() {
    let house = House::new().await;
    list(&house, vec![with_account(the_subject("1"), "calum")]).await;
    let case = house.case().await;
    assert_eq!(tied(&house, case).await, [(None, BIRTH.to_owned())]);
    let calum = house.hire("calum", "verifier").await;
    assert_eq!(
        tied(&house, case).await,
        [(Some(calum.id.clone()), BIRTH.to_owned())]
    );
    house.hire("calum", "verifier").await;
    list(&house, vec![with_account(the_subject("1"), "calum")]).await;
    assert_eq!(
        tied(&house, case).await,
        [(Some(calum.id), BIRTH.to_owned())]
    );
    assert_eq!(house.count("select count(*) from ties").await, 2);
}

#[tokio::test]
async fn l10_an_invited_account_is_kept_away_too() {
    let house = House::new().await;
    list(&house, vec![with_account(the_subject("1"), "calum")]).await;
    let case = house.case().await;
    let person = crate::support::house::new_person("calum", "verifier", "scotland", None);
    house.app.invite(person, "moira").await.unwrap().unwrap();
    let ties = tied(&house, case).await;
    assert_eq!(ties.len(), 1);
    assert!(ties[0].0.is_some(), "{ties:?}");
}

#[tokio::test]
async fn an_account_added_after_the_tie_was_lifted_is_not_tied() {
    let house = House::new().await;
    list(&house, vec![with_account(the_subject("1"), "calum")]).await;
    let case = house.case().await;
    lift(&house, case).await;
    house.hire("calum", "verifier").await;
    assert_eq!(tied(&house, case).await, []);
}

#[tokio::test]
async fn another_account_on_the_same_entry_is_another_person() {
    let house = House::new().await;
    let (one, other) = (
        house.hire("one", "verifier").await,
        house.hire("other", "verifier").await,
    );
    let case = house.case().await;
    list(&house, vec![with_account(the_subject("1"), "one")]).await;
    list(&house, vec![with_account(the_subject("1"), "other")]).await;
    let tied = tied(&house, case).await.into_iter();
    let about: BTreeSet<_> = tied.filter_map(|(who, _)| who).collect();
    assert_eq!(about, BTreeSet::from([one.id, other.id]));
}

#[tokio::test]
async fn a_person_in_two_registers_is_tied_once() {
    let house = House::new().await;
    let calum = house.hire("calum", "verifier").await;
    let case = house.case().await;
    let entry = with_account(the_subject("1"), "calum");
    list(&house, vec![entry.clone()]).await;
    let housing = Listing {
        agency: "housing".to_owned(),
        ..police()
    };
    let replaced = house
        .app
        .replace_register(housing, vec![entry], "moira")
        .await
        .unwrap();
    assert_eq!((replaced.added, replaced.restricted), (1, 0));
    assert_eq!(
        tied(&house, case).await,
        [(Some(calum.id), BIRTH.to_owned())]
    );
    let agencies: Vec<_> = house.app.registered().await.unwrap();
    let agencies: Vec<_> = agencies
        .iter()
        .map(|one| (&*one.count.agency, one.count.people))
        .collect();
    assert_eq!(agencies, [("", 1), ("housing", 1)]);
}

#[tokio::test]
async fn leaving_the_register_lifts_nothing_and_coming_back_ties_nobody_twice() {
    let house = House::new().await;
    house.hire("calum", "verifier").await;
    let case = house.case().await;
    list(&house, vec![with_account(the_subject("1"), "calum")]).await;
    let left = list(&house, vec![nobody("2")]).await;
    assert_eq!((left.added, left.removed), (1, 1));
    assert_eq!(standing(&house, case).await.len(), 1);
    list(&house, vec![with_account(the_subject("7"), "calum")]).await;
    assert_eq!(standing(&house, case).await.len(), 1);
    lift(&house, case).await;
    list(&house, vec![with_account(the_subject("8"), "calum")]).await;
    assert_eq!(tied(&house, case).await, []);
}

#[tokio::test]
async fn what_a_whole_office_shares_says_nothing_of_anybody() {
    let house = House::new().await;
    let case = house.case().await;
    let switchboard = |number: usize| Entry {
        phones: vec!["01632 960123".to_owned()],
        ..nobody(&number.to_string())
    };
    let office = list(&house, (0..9).map(switchboard).collect()).await;
    assert_eq!(office.restricted, 0);
    let home = list(&house, (0..8).map(switchboard).collect()).await;
    assert_eq!(home.restricted, 1);
    assert_eq!(standing(&house, case).await.len(), 8);
}

#[tokio::test]
async fn the_database_takes_every_ground_and_keeps_what_was_matched() {
    let house = House::new().await;
    house.case().await;
    list(&house, vec![the_subject("1")]).await;
    for change in [
        "update register_matches set case_id = case_id",
        "delete from register_matches",
        "update register_loads set added = added",
        "delete from register_loads",
    ] {
        assert!(house.try_to(change).await.is_err(), "{change}");
    }
    assert_eq!(
        house
            .count("select count(distinct ground) from register_keys")
            .await,
        1
    );
    let entry = Entry {
        staff_number: "4411".to_owned(),
        addresses: vec!["14 Tollcairn Road, Strathdunan".to_owned()],
        phones: vec!["01632 960123".to_owned()],
        ..the_subject("1")
    };
    list(&house, vec![entry]).await;
    let grounds = house
        .count("select count(distinct ground) from register_keys")
        .await;
    assert_eq!(usize::try_from(grounds).unwrap(), Ground::ALL.len());
}
