//! What is left of a forgotten case: that there was one, when two people gave it up and by which rule, and a history that still verifies.

use clares_law::app::error::AppError;
use clares_law::app::history::load;
use clares_law::app::installation::{MadeBy, open_installation};
use clares_law::app::key_store::KeyStore;
use clares_law::domain::id::CaseId;
use clares_law::store::{copy, open_keys};

use super::{closed, forget, forgotten, is_unknown, proposed_by_una, settle, supervisor};
use crate::support::database::on_postgres;
use crate::support::house::{House, shipped_drafts};
use crate::support::world::dsdas;

/// Everything that has a column for a case, and must have no row for a forgotten one.
const GONE: [&str; 12] = [
    "select count(*) from cases",
    "select count(*) from deadlines",
    "select count(*) from queue_entries",
    "select count(*) from case_keys",
    "select count(*) from register_matches",
    "select count(*) from ties",
    "select count(*) from tie_steps",
    "select count(*) from broken_glass",
    "select count(*) from parked_cases",
    "select count(*) from agenda",
    "select count(*) from returns",
    "select count(*) from outbox where status = 'waiting'",
];

async fn reference(house: &House, case: CaseId) -> String {
    house.load(case).await.case.reference
}

async fn proved(house: &House) {
    let walk = house.app.verify_history().await.unwrap();
    assert!(walk.bad.is_empty(), "{:?}", walk.bad);
    let lease = house.lease("ledger").await;
    while house.app.log_next(&lease, 500).await.unwrap() {}
    let logs = house.app.verify_logs(&[]).await.unwrap();
    assert!(logs.bad.is_empty() && logs.entries > 0, "{:?}", logs.bad);
    let (_, differed) = house.app.rebuild().await.unwrap();
    assert!(differed.is_empty());
}

#[tokio::test]
async fn nothing_is_left_but_that_two_people_gave_it_up() {
    let house = House::new().await;
    let (case, decider) = closed(&house).await;
    let called = reference(&house, case).await;
    house
        .tamper(&format!(
            "insert into ties (id, case_id, staff_id, kind, at, done_by, because)
             select id, id, null, 'restricted', received_at, '{}', 'she is a colleague' from cases",
            decider.id
        ))
        .await;
    for text in [
        "delete from ties",
        "delete from broken_glass",
        "delete from register_matches",
    ] {
        let rows = text.replace("delete", "select count(*)");
        let rows: &'static str = rows.leak();
        assert!(
            house.count(rows).await == 0 || house.try_to(text).await.is_err(),
            "{text}"
        );
    }
    forget(&house, case).await;
    for text in GONE {
        assert_eq!(house.count(text).await, 0, "{text}");
    }
    assert_eq!(
        house
            .count("select count(*) from erasure_steps where step = 'key_destroyed'")
            .await,
        1
    );
    assert_eq!(
        house
            .count("select count(*) from events where kind = 'erased'")
            .await,
        1
    );
    proved(&house).await;

    // As for an unknown case, wherever it is asked for.
    let app = &house.app;
    let una = supervisor(&house, "una").await;
    assert!(is_unknown(&app.see_case(&una.actor, case, "case").await));
    assert!(is_unknown(&app.see_looks(&una.actor, case, None).await));
    assert!(is_unknown(&app.see_erasure(&una, case).await));
    let noted = house
        .act(
            case,
            &una.actor,
            "note",
            serde_json::json!({"text": "Hello"}),
        )
        .await;
    assert!(is_unknown(&noted));
    assert!(app.see_keeping(&una).await.unwrap().past.is_empty());

    // The operator is told that there was one.
    match app.evidence(&una.actor, &called, "A review asks").await {
        Err(AppError::Unmet(sentences)) => {
            assert!(
                sentences[0].starts_with("It was forgotten on 20"),
                "{sentences:?}"
            );
            assert!(
                sentences[0].contains("by the rule ‘long’")
                    || sentences[0].contains("by the rule ‘standard’")
            );
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("there is evidence of a forgotten case"),
    }
    assert!(is_unknown(
        &app.evidence(&una.actor, "00000000", "A review asks")
            .await
            .map(drop)
    ));
}

#[tokio::test]
async fn the_daily_check_goes_past_a_forgotten_case() {
    let house = House::new().await;
    forgotten(&house).await;
    house.case().await;
    let mut check = clares_law::app::integrity::Check::default();
    while house.app.check_next(&mut check, 7).await.unwrap() {}
    assert_eq!((check.broken, check.differing), (0, 0));
    assert_eq!(check.histories, 2);
}

/// G16: a copy of the database from before, with the keys of today.
#[tokio::test]
async fn a_copy_from_before_shows_nothing_with_the_keys_of_today() {
    let house = House::new().await;
    let (case, _) = closed(&house).await;
    let other = house.case().await;
    let copied = if on_postgres() {
        crate::restore::server::copied(house.database()).await
    } else {
        let to = house.folder().join("before.db");
        copy(house.database().as_ref(), &to).await.unwrap();
        to.to_string_lossy().into_owned()
    };
    forget(&house, case).await;
    let drafts = shipped_drafts().clone().of_scheme(&dsdas().scheme.scheme);
    let app = open_installation(
        &copied,
        house.folder(),
        KeyStore::of(house.folder()),
        &drafts,
        house.clock.clone(),
        MadeBy::Demonstration,
    );
    let app = app.await.unwrap();
    let una = supervisor(&house, "una").await;
    {
        let mut tx = app.db.begin_read().await.unwrap();
        assert!(is_unknown(&load(&app.keys, &mut tx, case).await.map(drop)));
        assert!(load(&app.keys, &mut tx, other).await.is_ok());
    }
    assert!(is_unknown(&app.see_case(&una.actor, case, "case").await));
    // Its rows go with the next rebuild; its chain still holds.
    assert!(app.verify_history().await.unwrap().bad.is_empty());
    let (_, differed) = app.rebuild().await.unwrap();
    assert_eq!(differed, [case.0]);
    assert!(app.rebuild().await.unwrap().1.is_empty());
    app.db.close().await;
}

/// The power goes between the two databases: the case is forgotten already, and the worker destroys its key.
#[tokio::test]
async fn a_key_that_was_left_is_destroyed_afterwards() {
    let house = House::new().await;
    let (case, una, vera) = proposed_by_una(&house).await;
    let blocked = "create trigger in_the_way before update on stream_keys begin select raise(abort, 'the power is out'); end";
    let file = house.folder().join(KeyStore::DATABASE);
    let file = file.to_str().unwrap();
    let keys = open_keys(file).await.unwrap();
    crate::support::database::tamper(&keys, file, blocked)
        .await
        .unwrap();
    // What was confirmed is done, whatever becomes of the key.
    assert!(settle(&house, &vera, case, true).await.unwrap());
    let destroyed = "select count(*) from erasure_steps where step = 'key_destroyed'";
    assert_eq!(house.count(destroyed).await, 0);
    assert!(is_unknown(
        &house.app.see_case(&una.actor, case, "case").await
    ));
    let (_, differed) = house.app.rebuild().await.unwrap();
    assert!(differed.is_empty());
    assert!(house.app.destroy_keys().await.is_err());

    crate::support::database::tamper(&keys, file, "drop trigger in_the_way")
        .await
        .unwrap();
    while house.app.destroy_keys().await.unwrap() {}
    assert_eq!(house.count(destroyed).await, 1);
    proved(&house).await;
}
