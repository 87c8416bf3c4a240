//! What sealing costs, beside the whole that it is part of, in one run: cases led through six actions (W2) at the write door, and apart from it
//! all that sealing adds to them: the keys found, every body opened, the new ones sealed. There is no way to write without it.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

use clares_law::app::key_store::KeyStore;
use clares_law::ledger::sealed;
use clares_law::store::events::EventRow;
use clares_law::store::{Db, events, keys, open_keys};
use clares_law::vault::keys::{AuthorityKey, StreamKey};
use serde_json::json;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::looks::cost::ACTIONS;
use crate::support::house::House;

/// Cases that are led through them.
const CASES: usize = 100;

/// Run by itself with `make bench`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, for docs/keys.md: run it alone, optimised"]
async fn what_sealing_costs() {
    let house = House::new().await;
    let people = HashMap::from([
        ("intake", house.hire("catriona", "intake").await),
        ("verifier", house.hire("morag", "verifier").await),
    ]);
    let kept = KeyStore::of(house.folder());
    let of_keys = open_keys(&kept.database).await.unwrap();
    let (mut whole, mut part, mut actions) = (Duration::ZERO, Duration::ZERO, 0_u32);
    for _ in 0..CASES {
        let case = house.case().await;
        for (action, role) in ACTIONS {
            let before = rows(&house.app.db, case.0).await;
            let begun = now();
            house
                .act(case, &people[role], action, json!({}))
                .await
                .unwrap();
            whole += begun.elapsed();
            let after = rows(&house.app.db, case.0).await;
            let begun = now();
            sealing(&of_keys, &before, &after[before.len()..]).await;
            part += begun.elapsed();
            actions += 1;
        }
    }
    let share = part.as_secs_f64() / (whole.as_secs_f64() - part.as_secs_f64());
    println!(
        "an action takes {:?}, of which sealing {:?}: {:+.1} %",
        whole / actions,
        part / actions,
        100.0 * share
    );
    assert!(share <= 0.15, "{share}");
}

#[expect(clippy::disallowed_methods, reason = "a stopwatch beside the clock")]
fn now() -> Instant {
    Instant::now()
}

async fn rows(db: &Db, stream: Uuid) -> Vec<EventRow> {
    let mut tx = db.begin_read().await.unwrap();
    events::load(&mut tx, stream).await.unwrap()
}

/// What sealing does in one action: its key is found, all that was is opened, all that is new is sealed.
async fn sealing(of_keys: &Db, before: &[EventRow], new: &[EventRow]) {
    let stream = before[0].stream;
    let mut tx = of_keys.begin_read().await.unwrap();
    let found = keys::stream_keys(&mut tx, &[stream]).await.unwrap();
    assert_eq!(found.len(), 1);
    let authority = AuthorityKey::new(Zeroizing::new([1; 32]));
    assert!(
        authority
            .unwrap(stream, found[0].wrapped.as_deref().unwrap())
            .is_err()
    );
    let key = StreamKey::new(Zeroizing::new([2; 32]));
    let salt = [3; sealed::LENGTH];
    let mut seen = BTreeSet::new();
    for row in before {
        let leaf = row.leaf();
        // As much as an opening takes, but for the text of some length that comes of it.
        let sealed = key.seal(
            &leaf.header,
            &leaf.body[..leaf.body.len() / 4 * 3 - 80],
            &salt,
        );
        assert!(seen.insert(sealed));
    }
    for row in new {
        let leaf = row.leaf();
        let plain = "x".repeat(leaf.body.len() / 4 * 3 - 80);
        assert!(seen.insert(key.seal(&leaf.header, &plain, &salt)));
    }
}
