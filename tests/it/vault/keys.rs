//! Keys are wrapped anew without a pause, and nothing is sealed anew.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use clares_law::app::chance::Chance;
use clares_law::app::key_store::{KeyStore, RootKey};
use clares_law::domain::id::CaseId;
use clares_law::store::{Sql, open_keys};

use crate::support::house::House;

/// What is stored of all keys: whose, and as what.
async fn wrapped(house: &House) -> (i64, BTreeSet<String>) {
    let keys = KeyStore::of(house.folder());
    let db = open_keys(&keys.database).await.unwrap();
    let mut tx = db.begin_read().await.unwrap();
    let count = Sql::one("test.COUNT", "select count(*) from authority_keys");
    let of_authorities: i64 = tx.sql(count).scalar().await.unwrap();
    let all = Sql::one("test.WRAPPED", "select wrapped from stream_keys");
    let of_streams: Vec<(String,)> = tx.sql(all).all().await.unwrap();
    drop(tx);
    db.close().await;
    let of_streams = of_streams.into_iter().map(|(wrapped,)| wrapped);
    (of_authorities, of_streams.collect())
}

async fn all_open(house: &House, cases: &[CaseId]) {
    for case in cases {
        house.load(*case).await;
    }
}

async fn bodies(house: &House) -> Vec<String> {
    let mut tx = house.app.db.begin_read().await.unwrap();
    let all = Sql::one(
        "test.BODIES",
        "select body from events order by stream, seq",
    );
    let bodies: Vec<(String,)> = tx.sql(all).all().await.unwrap();
    bodies.into_iter().map(|(body,)| body).collect()
}

#[tokio::test]
async fn keys_are_rotated_while_others_work_and_nothing_is_sealed_anew() {
    let house = House::new().await;
    let mut before = Vec::new();
    for _ in 0..5 {
        before.push(house.case().await);
    }
    let (authorities, old) = wrapped(&house).await;
    let sealed = bodies(&house).await;

    let done = AtomicBool::new(false);
    let rotating = async {
        let now = house.clock.now();
        let rotated = house.app.keys.rotate(&Chance::system(), now).await;
        done.store(true, Ordering::SeqCst);
        rotated.unwrap()
    };
    let working = async {
        let mut meanwhile = Vec::new();
        while !done.load(Ordering::SeqCst) {
            meanwhile.push(house.case().await);
            all_open(&house, &before).await;
        }
        meanwhile
    };
    let (rotated, meanwhile) = tokio::join!(rotating, working);
    assert_eq!(i64::try_from(rotated.authorities), Ok(authorities));
    assert!(rotated.streams >= before.len());

    all_open(&house, &before).await;
    all_open(&house, &meanwhile).await;
    let (still, new) = wrapped(&house).await;
    assert_eq!(still, authorities, "the keys before are gone");
    assert!(old.is_disjoint(&new), "each is wrapped anew");
    let now = bodies(&house).await;
    assert!(sealed.iter().all(|body| now.contains(body)));
    assert_eq!(house.app.verify_history().await.unwrap().bad, []);

    let chance = Chance::system();
    let again = house.app.keys.rotate(&chance, house.clock.now());
    again.await.unwrap();
    all_open(&house, &before).await;
}

#[tokio::test]
async fn another_root_key_takes_over_and_the_one_before_opens_nothing() {
    let house = House::new().await;
    let case = house.case().await;
    let keys = KeyStore::of(house.folder());
    let file = RootKey::File(house.folder().join("other.key"));
    let root = file.read_or_made().unwrap();
    house.app.keys.take_root(&root).await.unwrap();

    let Err(refused) = keys.open().await else {
        panic!("the root key from before still opens");
    };
    let refused = refused.to_string();
    assert!(refused.contains("with this root key"), "{refused}");
    let keys = KeyStore { root: file, ..keys };
    let opened = keys.open().await.unwrap();
    let mut tx = house.app.db.begin_read().await.unwrap();
    let loaded = clares_law::app::history::load(&opened, &mut tx, case).await;
    assert!(loaded.is_ok());
}

#[tokio::test]
async fn cases_that_come_in_at_once_share_one_key_of_their_authority() {
    let house = House::new().await;
    let cases = tokio::join!(house.case(), house.case(), house.case(), house.case());
    let cases = [cases.0, cases.1, cases.2, cases.3];
    all_open(&house, &cases).await;
    let keys = KeyStore::of(house.folder());
    let db = open_keys(&keys.database).await.unwrap();
    let mut tx = db.begin_read().await.unwrap();
    let most = Sql::one("test.MOST", "select max(version) from authority_keys");
    let most: i64 = tx.sql(most).scalar().await.unwrap();
    assert_eq!(most, 1);
}
