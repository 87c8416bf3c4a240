//! The logs: nothing that happened stays out of them, whatever is altered afterwards is found and located, and a pack of evidence is
//! checked by somebody who has nothing else.

pub mod evidence;
mod looks;
mod packs;
mod second;
mod witnesses;

use clares_law::app::integrity::Check;
use clares_law::app::ledger_walk::{About, BadEntry, LogWalk};
use clares_law::engine::command::Actor;

use crate::support::database::dropping;
use crate::support::house::House;

const ENTRIES: &str = "select count(*) from ledger_entries";

/// Takes everything that waits into the logs.
pub async fn logged(house: &House) {
    let lease = house.lease("ledger").await;
    while house.app.log_next(&lease, 3).await.unwrap() {}
    house.app.give_back(lease).await.unwrap();
}

/// A house with two cases, of which the logs know everything.
pub async fn house() -> (House, Actor) {
    let house = House::new().await;
    let verifier = house.hire("morag", "verifier").await;
    for _ in 0..2 {
        house.case().await;
    }
    logged(&house).await;
    (house, verifier)
}

async fn walked(house: &House, held: &[String]) -> LogWalk {
    house.app.verify_logs(held).await.unwrap()
}

/// Makes a history that was written anew look like one that never was: every hash of it follows from the one before.
async fn rewritten(house: &House, body: &str) {
    use clares_law::store::events;
    house.tamper(&dropping("events_no_update", "events")).await;
    let set = format!(
        "update events set body = '{body}' where stream = (select stream from events order by stream limit 1) and seq = 1"
    );
    house.tamper(&set).await;
    let mut tx = house.app.db.begin_read().await.unwrap();
    let stream = events::streams(&mut tx).await.unwrap()[0].stream;
    let rows = events::load(&mut tx, stream).await.unwrap();
    drop(tx);
    let mut previous = String::new();
    for row in &rows {
        let leaf = row.leaf();
        let hash = clares_law::ledger::leaf::hash(&previous, &leaf.header, leaf.body);
        let set = format!(
            "update events set previous = '{previous}', hash = '{hash}' where hash = '{}'",
            row.hash
        );
        house.tamper(&set).await;
        previous = hash;
    }
    assert_eq!(house.app.verify_history().await.unwrap().bad, []);
}

/// The logs as if they had begun today, signed with the right key.
async fn logs_written_anew(house: &House) {
    for table in ["ledger_entries", "look_entries", "ledger_heads"] {
        let trigger = format!("{table}_no_delete");
        house.tamper(&dropping(&trigger, table)).await;
        house.tamper(&format!("delete from {table}")).await;
    }
    house
        .tamper("insert into ledger_waiting (stream, seq) select stream, seq from events")
        .await;
    house
        .tamper("insert into looks_waiting (look_id) select id from access_log")
        .await;
    logged(house).await;
}

#[tokio::test]
async fn l1_every_event_is_in_the_log_of_its_authority_once() {
    let (house, verifier) = house().await;
    let events = house.count("select count(*) from events").await;
    assert_eq!(walked(&house, &[]).await.bad, []);
    assert_eq!(house.count(ENTRIES).await, events);
    assert_eq!(house.count("select count(*) from ledger_waiting").await, 0);

    // Nothing new, nothing signed.
    let heads = house.count("select count(*) from ledger_heads").await;
    logged(&house).await;
    assert_eq!(
        house.count("select count(*) from ledger_heads").await,
        heads
    );

    let case = house.case().await;
    house.app.see_case(&verifier, case, "case").await.unwrap();
    let waiting = house.count("select count(*) from ledger_waiting").await;
    assert_eq!(
        house.count("select count(*) from events").await,
        events + waiting
    );
    assert_eq!(walked(&house, &[]).await.bad, [], "what waits is no fault");
    logged(&house).await;
    assert_eq!(walked(&house, &[]).await.bad, []);
    assert_eq!(house.count(ENTRIES).await, events + waiting);
}

#[tokio::test]
async fn two_nodes_take_each_event_once() {
    let house = House::new().await;
    for _ in 0..4 {
        house.case().await;
    }
    let lease = house.lease("ledger").await;
    let (one, other) = tokio::join!(
        house.app.log_next(&lease, 500),
        house.app.log_next(&lease, 500)
    );
    assert!(!one.unwrap() && !other.unwrap());
    let walk = walked(&house, &[]).await;
    assert_eq!(walk.bad, []);
    let events = house.count("select count(*) from events").await;
    let looks = house.count("select count(*) from access_log").await;
    assert_eq!(i64::try_from(walk.entries), Ok(events + looks));
}

#[tokio::test]
async fn a_node_that_lost_its_lease_writes_nothing() {
    let house = House::new().await;
    house.case().await;
    let lease = house.lease("ledger").await;
    house.tamper("update leases set token = token + 1").await;
    house.app.log_next(&lease, 500).await.unwrap();
    assert_eq!(house.count(ENTRIES).await, 0);
}

#[tokio::test]
async fn the_daily_check_walks_the_logs_and_a_log_without_its_key_does_not_go_on() {
    let (house, _) = house().await;
    let lease = house.lease("integrity").await;
    let checked = house.app.conclude(Check::default(), &lease).await.unwrap();
    assert_eq!(checked.broken, 0);

    let keys = house.folder().join("ledger-keys");
    std::fs::rename(&keys, house.folder().join("elsewhere")).unwrap();
    house.case().await;
    let lease = house.lease("ledger").await;
    assert!(house.app.log_next(&lease, 500).await.is_err());
    let bad = walked(&house, &[]).await.bad;
    assert_eq!(bad[0].why, "its key is not in the data folder");

    std::fs::rename(house.folder().join("elsewhere"), &keys).unwrap();
    logged(&house).await;
    house.tamper(&dropping("events_no_delete", "events")).await;
    house
        .tamper("delete from events where seq = 1 and stream = (select stream from events order by stream limit 1)")
        .await;
    let lease = house.lease("integrity").await;
    let checked = house.app.conclude(Check::default(), &lease).await.unwrap();
    assert!(checked.broken > 0, "{checked:?}");
}

#[tokio::test]
async fn logs_only_grow() {
    let (house, _) = house().await;
    for text in [
        "update ledger_entries set hash = 'x'",
        "delete from ledger_entries",
        "update ledger_heads set signed = 'x'",
        "delete from ledger_heads",
        "update look_entries set hash = 'x'",
        "delete from look_entries",
    ] {
        let refused = house.try_to(text).await.unwrap_err();
        assert!(
            refused.to_string().contains("logs are never changed"),
            "{text}: {refused}"
        );
    }
}

#[tokio::test]
async fn a_history_that_was_written_anew_is_found_and_located() {
    let (house, _) = house().await;
    rewritten(&house, "{}").await;
    let bad = walked(&house, &[]).await.bad;
    let [
        BadEntry {
            about: Some(About::Event(_, 1)),
            why,
            ..
        },
    ] = &bad[..]
    else {
        panic!("{bad:?}");
    };
    assert_eq!(*why, "the event is not the one that was logged");
}

#[tokio::test]
async fn with_the_key_and_everything_written_anew_an_old_head_tells() {
    let (house, _) = house().await;
    let (head, _) = house.app.newest_head("scotland").await.unwrap();
    house.case().await;
    logged(&house).await;
    assert_eq!(walked(&house, std::slice::from_ref(&head)).await.bad, []);

    rewritten(&house, "{}").await;
    logs_written_anew(&house).await;
    assert_eq!(
        walked(&house, &[]).await.bad,
        [],
        "nothing in the house tells"
    );
    let bad = walked(&house, &[head]).await.bad;
    let why: Vec<_> = bad.iter().map(|bad| bad.why).collect();
    assert_eq!(why, ["the log up to here is not the one that was signed"]);
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_missed() {
    let (house, _) = house().await;
    house.case().await;
    logged(&house).await;
    let (head, _) = house.app.newest_head("scotland").await.unwrap();
    for (trigger, table) in [
        ("events_no_delete", "events"),
        ("ledger_entries_no_delete", "ledger_entries"),
        ("ledger_heads_no_delete", "ledger_heads"),
    ] {
        house.tamper(&dropping(trigger, table)).await;
    }
    let last = "(select stream from ledger_entries order by position desc limit 1)";
    house
        .tamper(&format!("delete from events where stream = {last}"))
        .await;
    let bad = walked(&house, &[]).await.bad;
    assert_eq!(bad[0].why, "the event is gone");

    house
        .tamper(&format!("delete from ledger_entries where stream = {last}"))
        .await;
    let bad = walked(&house, &[]).await.bad;
    assert_eq!(bad[0].why, "the end of the log is missing");

    house
        .tamper("delete from ledger_heads where log = 'scotland' and size > (select count(*) from ledger_entries)")
        .await;
    let bad = walked(&house, &[head]).await.bad;
    assert_eq!(bad[0].why, "the end of the log is missing");
}

#[tokio::test]
async fn an_event_that_was_slipped_in_is_found() {
    let (house, _) = house().await;
    house
        .tamper(
            "insert into events (stream, stream_kind, seq, at, actor, actor_role, kind, edition, body, previous, hash)
                select stream, stream_kind, 900, at, actor, actor_role, kind, edition, body, previous, hash
                from events where seq = 1 and stream = (select stream from events order by stream limit 1)",
        )
        .await;
    let bad = walked(&house, &[]).await.bad;
    assert!(
        matches!(bad[0].about, Some(About::Event(_, 900))),
        "{bad:?}"
    );
    assert_eq!(bad[0].why, "no log knows of it");
}
