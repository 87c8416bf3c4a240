//! Keys are wrapped anew without a pause, and nothing is sealed anew.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use clares_law::app::chance::Chance;
use clares_law::app::key_rotation::Rotated;
use clares_law::app::key_store::{KeyStore, RootKey};
use clares_law::domain::id::CaseId;
use clares_law::store::keys::{add_stream, newest};
use clares_law::store::{At, Sql, open_keys};
use clares_law::vault::keys::StreamKey;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::support::house::House;
use crate::support::world::AUTHORITY;

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

/// What was rotated, and the cases that came in and were opened meanwhile. Nothing of it may fail.
async fn rotated_while_others_work(house: &House, before: &[CaseId]) -> (Rotated, Vec<CaseId>) {
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
            all_open(house, before).await;
        }
        meanwhile
    };
    tokio::join!(rotating, working)
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

    let (rotated, meanwhile) = rotated_while_others_work(&house, &before).await;
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

/// As many cases as a large installation ever has.
const MANY: u32 = 100_000;

/// Run by itself with `make drill`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a drill, for docs/keys.md: run it alone, optimised"]
async fn a_hundred_thousand_keys_are_rotated_within_five_minutes_while_others_work() {
    let house = House::new().await;
    let before = [house.case().await, house.case().await];
    filled_with_keys(&house).await;
    let begun = now();
    let (rotated, meanwhile) = rotated_while_others_work(&house, &before).await;
    let took = begun.elapsed();
    println!(
        "{} keys wrapped anew in {took:?}, while {} cases came in and were opened",
        rotated.streams,
        meanwhile.len()
    );
    assert!(rotated.streams >= MANY as usize && !meanwhile.is_empty());
    assert!(took.as_secs() <= 300, "{took:?}");
    all_open(&house, &before).await;
    all_open(&house, &meanwhile).await;
    assert_eq!(opened_by_the_newest(&house).await, u64::from(MANY));
}

#[expect(clippy::disallowed_methods, reason = "a stopwatch beside the clock")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

/// Keys of cases that have no history here: rotation reads none.
async fn filled_with_keys(house: &House) {
    let keys = KeyStore::of(house.folder());
    let root = keys.root.read_or_made().unwrap();
    let db = open_keys(&keys.database).await.unwrap();
    let mut tx = db.begin_write().await.unwrap();
    let of_authority = newest(&mut tx, AUTHORITY).await.unwrap().unwrap();
    let opener = root.unwrap(&of_authority.wrapped).unwrap();
    for number in 0..MANY {
        let stream = Uuid::from_u128((1 << 64) + u128::from(number));
        let (mut key, mut once) = ([7; 32], [0; 12]);
        key[..4].copy_from_slice(&number.to_be_bytes());
        once[..4].copy_from_slice(&number.to_be_bytes());
        let wrapped = opener.wrap(stream, &StreamKey::new(Zeroizing::new(key)), once);
        let at = At::from(house.clock.now());
        add_stream(&mut tx, stream, of_authority.id, &wrapped, at)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    db.close().await;
}

/// How many of those keys open with the authority's newest.
async fn opened_by_the_newest(house: &House) -> u64 {
    let keys = KeyStore::of(house.folder());
    let root = keys.root.read_or_made().unwrap();
    let db = open_keys(&keys.database).await.unwrap();
    let mut tx = db.begin_read().await.unwrap();
    let of_authority = newest(&mut tx, AUTHORITY).await.unwrap().unwrap();
    let opener = root.unwrap(&of_authority.wrapped).unwrap();
    let all = Sql::one("test.KEYS", "select stream, wrapped from stream_keys");
    let all: Vec<(Uuid, String)> = tx.sql(all).all().await.unwrap();
    let ours = all.iter().filter(|(stream, _)| stream.as_u128() >> 64 == 1);
    ours.filter(|(stream, wrapped)| opener.unwrap(*stream, wrapped).is_ok())
        .count()
        .try_into()
        .unwrap()
}
