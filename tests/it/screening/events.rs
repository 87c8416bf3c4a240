//! What is filed in a case, and by which action, is compared at once.

use clares_law::app::intake::Form;
use clares_law::app::register::Entry;
use clares_law::domain::person::Person;
use clares_law::engine::event::{Event, Filed};
use clares_law::engine::parties;
use serde_json::json;

use super::{another, lift, list, nobody, received, the_subject, tied, with_account};
use crate::support::house::House;
use crate::support::world::dsdas;

fn alone(because: &str) -> Vec<(Option<String>, String)> {
    vec![(None, because.to_owned())]
}

#[tokio::test]
async fn l10_whoever_is_the_person_asked_about_is_tied_when_the_case_comes_in() {
    let house = House::new().await;
    let callum = house.hire("calum", "verifier").await;
    let morag = house.hire("morag", "supervisor").await;
    let entries = vec![with_account(the_subject("1"), "calum"), nobody("2")];
    assert_eq!(list(&house, entries).await.restricted, 0);
    assert_eq!(house.messages().await, []);

    let case = house.case().await;
    let because = "name_and_birth".to_owned();
    assert_eq!(
        tied(&house, case).await,
        [(Some(callum.id.clone()), because)]
    );
    assert_eq!(tied(&house, another(&house).await).await, []);
    let told = house.messages().await;
    assert_eq!(told.len(), 1, "a supervisor is told once");
    assert_eq!(told[0].recipient, morag.id);
    assert_eq!(told[0].case_id, Some(case.0));
}

#[tokio::test]
async fn every_party_counts_by_each_of_their_marks() {
    let house = House::new().await;
    let mairi = Person {
        given_names: "Mairi".into(),
        family_name: "Inverallan".into(),
        other_names: "".into(),
        born: "1991".into(),
    };
    let home = "14 Tollcairn Rd, Strathdunan ZZ1 2AB".to_owned();
    for (entry, because) in [
        (
            Entry {
                person: mairi,
                ..nobody("1")
            },
            "name_and_birth",
        ),
        (
            Entry {
                addresses: vec![home],
                ..nobody("1")
            },
            "address",
        ),
        (
            Entry {
                phones: vec!["+44 1632 960123".to_owned()],
                ..nobody("1")
            },
            "phone",
        ),
    ] {
        list(&house, vec![nobody("0")]).await;
        list(&house, vec![entry]).await;
        assert_eq!(tied(&house, house.case().await).await, alone(because));
    }
}

#[tokio::test]
async fn a_professional_who_refers_is_no_party() {
    let house = House::new().await;
    let sorley = Person {
        given_names: "Sorley".into(),
        family_name: "Drumfearn".into(),
        other_names: "".into(),
        born: "1980-02-02".into(),
    };
    let entry = Entry {
        person: sorley,
        phones: vec!["01632 960245".to_owned()],
        ..nobody("1")
    };
    list(&house, vec![entry]).await;
    let applicant =
        json!({ "given_names": "Sorley", "family_name": "Drumfearn", "born": "1980-02-02" });
    let case = received(&house, Form::Referral, json!({ "applicant": applicant })).await;
    assert_eq!(tied(&house, case).await, []);
}

#[tokio::test]
async fn a_staff_number_ties_when_it_becomes_known() {
    let house = House::new().await;
    let entry = Entry {
        staff_number: "PC 04411".to_owned(),
        ..nobody("1")
    };
    list(&house, vec![entry]).await;
    let case = received(
        &house,
        Form::Referral,
        json!({ "subject_staff_number": "4411" }),
    )
    .await;
    assert_eq!(tied(&house, case).await, alone("staff_number"));
}

#[tokio::test]
async fn an_amendment_is_compared() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    list(&house, vec![the_subject("1")]).await;
    let case = another(&house).await;
    assert_eq!(tied(&house, case).await, []);
    let subject = json!({ "given_names": "Calum", "family_name": "Breckenridge", "born": "1988" });
    let form = json!({ "record": "application", "answers": { "subject": subject } });
    house
        .act(case, &morag, "register", json!({}))
        .await
        .unwrap();
    house.act(case, &morag, "amend", form).await.unwrap();
    assert_eq!(tied(&house, case).await, alone("name_and_birth"));
}

#[test]
fn what_waits_for_a_second_person_is_compared_like_what_is_filed() {
    let subject = json!({ "given_names": "Calum", "family_name": "Breckenridge", "born": "1988" });
    let filed = |record: &str, answers: serde_json::Value| Event::Proposed {
        action: "anything".to_owned(),
        rationale: String::new(),
        filed: Some(Filed {
            record: record.to_owned(),
            answers: answers.as_object().unwrap().clone(),
        }),
        outcome: None,
        confirm_by: Vec::new(),
    };
    let marks = |event| parties::marks(dsdas(), &[event]);
    let plain = marks(filed("application", json!({ "subject": subject })));
    assert_eq!(plain.len(), 1);
    let held = json!({ "record": "application", "answers": { "subject": subject } });
    assert_eq!(marks(filed("amend", held)), plain);
    let within = json!({ "record": "amend", "answers": {} });
    assert!(marks(filed("amend", within)).is_empty());
}

#[tokio::test]
async fn what_was_lifted_stays_lifted_but_for_a_new_ground() {
    let house = House::new().await;
    let morag = house.hire("morag", "verifier").await;
    list(&house, vec![the_subject("1")]).await;
    let case = house.case().await;
    lift(&house, case).await;
    let subject = json!({ "given_names": "Calum", "family_name": "Breckenridge", "born": "1988" });
    let form = json!({ "record": "application", "answers": { "subject": subject } });
    house
        .act(case, &morag, "register", json!({}))
        .await
        .unwrap();
    house.act(case, &morag, "amend", form).await.unwrap();
    list(&house, vec![the_subject("1"), nobody("2")]).await;
    assert_eq!(
        tied(&house, case).await,
        [],
        "the same ground does not come back"
    );

    let phones = vec!["01632 960123".to_owned()];
    let replaced = list(
        &house,
        vec![Entry {
            phones,
            ..the_subject("1")
        }],
    )
    .await;
    assert_eq!(tied(&house, case).await, alone("phone"));
    assert_eq!((replaced.changed, replaced.restricted), (1, 1));
}

#[tokio::test]
async fn rebuilding_compares_cases_that_were_there_before_there_was_screening() {
    let house = House::new().await;
    let (case, other) = (house.case().await, another(&house).await);
    let keys = house.count("select count(*) from case_keys").await;
    house.tamper("delete from case_keys").await;
    list(&house, vec![the_subject("1")]).await;
    assert_eq!(tied(&house, case).await, []);
    house.app.rebuild().await.unwrap();
    assert_eq!(house.count("select count(*) from case_keys").await, keys);
    assert_eq!(tied(&house, case).await, alone("name_and_birth"));
    assert_eq!(tied(&house, other).await, []);
    lift(&house, case).await;
    house.app.rebuild().await.unwrap();
    assert_eq!(tied(&house, case).await, [], "lifted is lifted");
}
