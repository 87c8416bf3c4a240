//! What an agency's people and machines are shown: nothing without an agreement in force, and with one only its classes.

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use clares_law::app::error::AppError;
use clares_law::app::standing::Sight;
use clares_law::domain::class::FieldClass;
use clares_law::domain::id::CaseId;
use clares_law::domain::scope::Scopes;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Library;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::support::agreement::{only, without};
use crate::support::house::House;
use crate::support::machine::Installation;
use crate::support::world::shipped;

const SOME: [FieldClass; 2] = [FieldClass::Subject, FieldClass::Intelligence];
/// In summer, when midnight here is eleven in the evening of Greenwich.
const DAYS: [&str; 2] = ["2026-06-02", "2026-06-15"];

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

async fn sight(house: &House, actor: &Actor, case: CaseId) -> Result<Sight, AppError> {
    let seen = house.app.see_case(actor, case, "case").await;
    seen.map(|view| view.sight)
}

fn classes(sight: &Sight) -> BTreeSet<FieldClass> {
    FieldClass::ALL
        .into_iter()
        .filter(|class| sight.has(*class))
        .collect()
}

fn with_housing() -> Library {
    only(shipped(), "housing", &SOME, DAYS)
}

#[tokio::test]
async fn without_an_agreement_an_agencys_people_see_nothing_and_do_nothing() {
    let mut library = shipped();
    without(&mut library);
    let house = House::at(at("2026-06-10T09:00:00Z"), &library).await;
    let case = house.case().await;
    for role in ["intake", "verifier", "supervisor", "chair", "auditor"] {
        let theirs = house.account_for("housing", role, role, None).await;
        let ours = house.hire(&format!("our {role}"), role).await;
        assert!(sight(&house, &ours, case).await.is_ok(), "{role}");
        assert!(
            matches!(sight(&house, &theirs, case).await, Err(AppError::NotFound)),
            "{role}"
        );
        let done = house.act(case, &theirs, "note", json!({})).await;
        assert!(matches!(done, Err(AppError::NotFound)), "{role}: {done:?}");
        let schemes = house.app.see_schemes(&theirs);
        assert!(matches!(schemes, Err(AppError::NotFound)), "{role}");
        assert!(
            house.app.see_desk(&theirs).await.unwrap().is_empty(),
            "{role}"
        );
        assert!(house.app.on_many(&theirs).is_empty(), "{role}");
    }
    let theirs = house
        .account_for("housing", "verifier", "verifier", None)
        .await;
    let queues = house
        .app
        .see_desk(&house.hire("our verifier", "verifier").await)
        .await
        .unwrap();
    for queue in &queues {
        let (scheme, name) = (&queue.count.scheme, &queue.count.queue);
        let seen = house.app.see_queue(&theirs, scheme, name, None, 50).await;
        assert!(matches!(seen, Err(AppError::NotFound)), "{name}");
    }
    assert!(!queues.is_empty());
}

#[tokio::test]
async fn an_agreement_opens_its_classes_and_no_more_than_the_role_sees() {
    let house = House::at(at("2026-06-10T09:00:00Z"), &with_housing()).await;
    let case = house.case().await;
    let supervisor = house
        .account_for("housing", "una", "supervisor", None)
        .await;
    let chair = house.account_for("housing", "hamish", "chair", None).await;
    let shared: BTreeSet<_> = SOME.into_iter().chain([FieldClass::Process]).collect();
    for theirs in [&supervisor, &chair] {
        let seen = sight(&house, theirs, case).await.unwrap();
        assert_eq!(classes(&seen), shared, "{}", theirs.role);
    }
    let view = house.app.see_case(&supervisor, case, "case").await.unwrap();
    assert!(view.hidden().contains(&FieldClass::PersonAtRisk));
    let ours = house.hire("iain", "supervisor").await;
    assert_eq!(sight(&house, &ours, case).await.unwrap(), Sight::whole());
    // Of another agency, of one written otherwise, and of none.
    for agency in ["health", "Housing", "housing "] {
        let other = house.account_for(agency, agency, "supervisor", None).await;
        assert!(sight(&house, &other, case).await.is_err(), "{agency}");
    }
    // A whole agreement gives a chair no more than chairs see.
    let always = ["2000-01-01", "2099-12-31"];
    let house = house
        .reopened(&only(shipped(), "housing", &FieldClass::ALL, always))
        .await;
    let seen = sight(&house, &chair, case).await.unwrap();
    assert!(!seen.has(FieldClass::SafeContact) && seen.has(FieldClass::Decision));
    assert_eq!(
        sight(&house, &supervisor, case).await.unwrap(),
        Sight::whole()
    );
}

#[tokio::test]
async fn an_agreement_of_one_authority_opens_nothing_at_another() {
    let mut library = with_housing();
    let file = library.0.get_mut("agreements/with-housing.yaml").unwrap();
    file.text = file
        .text
        .replace("authority: scotland", "authority: westbury");
    let house = House::at(at("2026-06-10T09:00:00Z"), &library).await;
    let case = house.case().await;
    let theirs = house
        .account_for("housing", "una", "supervisor", None)
        .await;
    assert!(sight(&house, &theirs, case).await.is_err());
}

#[tokio::test]
async fn an_agreement_begins_and_ends_at_midnight_where_the_authority_is() {
    let house = House::at(at("2026-06-01T22:59:59Z"), &with_housing()).await;
    let case = house.case().await;
    let theirs = house
        .account_for("housing", "una", "supervisor", None)
        .await;
    assert!(
        sight(&house, &theirs, case).await.is_err(),
        "it has not begun"
    );
    house.clock.advance(SignedDuration::from_secs(1));
    assert!(sight(&house, &theirs, case).await.is_ok(), "it has begun");
    let left = at("2026-06-15T22:59:59Z").duration_since(house.clock.now());
    house.clock.advance(left);
    assert!(
        sight(&house, &theirs, case).await.is_ok(),
        "its last second"
    );
    let noted = house.act(case, &theirs, "note", json!({})).await;
    assert!(noted.is_ok(), "{noted:?}");
    house.clock.advance(SignedDuration::from_secs(1));
    assert!(sight(&house, &theirs, case).await.is_err(), "it is over");
    let noted = house.act(case, &theirs, "note", json!({})).await;
    assert!(matches!(noted, Err(AppError::NotFound)), "{noted:?}");
}

#[tokio::test]
async fn a_machine_of_an_agency_is_shut_out_at_midnight_with_the_token_that_it_has() {
    let service = Installation::with(at("2026-06-15T22:58:00Z"), &with_housing()).await;
    let case = service.case().await;
    let of = async |agency: &str| {
        let client = service
            .credentials_for(agency, &format!("of {agency}"), "supervisor", Scopes::all())
            .await;
        let key = service.app.token_key.as_ref().unwrap();
        let (now, id) = (service.clock.now(), service.app.chance.id());
        format!(
            "Bearer {}",
            key.token(client.id, &Scopes::all(), now, id).unwrap()
        )
    };
    let (theirs, ours, strangers) = (of("housing").await, of("").await, of("health").await);
    let path = format!("/api/v1/cases/{case}");
    let ask = async |token: &str| {
        let headers = [("authorization", token)];
        service.send(Method::GET, &path, &headers, "").await
    };
    assert_eq!(ask(&strangers).await.status, StatusCode::NOT_FOUND);
    let answer = ask(&theirs).await;
    assert_eq!(answer.status, StatusCode::OK);
    let shown = answer.body.to_string();
    let record = &answer.body["records"]["application"]["answers"];
    assert!(
        record.get("subject").is_some() && record.get("concern").is_none(),
        "{shown}"
    );
    let left = at("2026-06-15T23:00:00Z").duration_since(service.clock.now());
    service.clock.advance(left);
    assert_eq!(ask(&ours).await.status, StatusCode::OK);
    let refused = ask(&theirs).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    assert_eq!(refused.body, ask(&strangers).await.body);
    let queues = [("authorization", theirs.as_str())];
    let queues = service
        .send(Method::GET, "/api/v1/queues", &queues, "")
        .await;
    assert_eq!(queues.body, json!([]));
}
