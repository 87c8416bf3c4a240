//! History only grows, races have one winner, tampering is found and located.

use clares_law::ledger::leaf::{FirstBad, Why};
use clares_law::store::{StoreError, access_log, events};

use super::{CASE, Fresh, event, look};
use crate::support::database::{dropping, either};

#[tokio::test]
async fn l1_history_refuses_update_delete_and_replace() {
    let fresh = Fresh::new().await;
    fresh.append(0, &["one", "two"]).await.unwrap();
    let mut tx = fresh.db.begin_write().await.unwrap();
    access_log::write(&mut tx, &look()).await.unwrap();
    tx.commit().await.unwrap();

    for (text, said) in [
        ("update events set body = 'x'", "events are never changed"),
        ("delete from events where seq = 2", "events are never deleted"),
        (
            either(
                "insert or replace into events select stream, stream_kind, seq, at, 'x', actor_role, kind,
                    edition, key_ref, sealing, body, previous, hash from events",
                "truncate events",
            ),
            "events are never deleted",
        ),
        ("update access_log set actor = 'x'", "the access log is never changed"),
        ("delete from access_log", "the access log is never deleted"),
    ] {
        let refused = fresh.tamper(&[text]).await.unwrap_err();
        assert!(refused.to_string().contains(said), "{text}: {refused}");
    }
    assert_eq!(fresh.verify().await, Ok(()));
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the race is between tasks")]
async fn of_sixteen_writers_with_the_same_version_one_wins() {
    let fresh = Fresh::new().await;
    fresh.append(0, &["first"]).await.unwrap();
    let race: Vec<_> = (0..16)
        .map(|_| {
            let db = fresh.db.clone();
            tokio::spawn(async move {
                let mut tx = db.begin_write().await?;
                let new = vec![event("mine"), event("mine too")];
                let version = events::append(&mut tx, CASE, "case", 1, new).await?;
                tx.commit().await?;
                Ok::<i64, StoreError>(version)
            })
        })
        .collect();
    let mut won = 0;
    for racer in race {
        match racer.await.unwrap() {
            Ok(version) => won += version,
            Err(StoreError::Conflict { current }) => assert_eq!(current, 3),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(won, 3, "exactly one writer brings the stream to version 3");
    assert_eq!(fresh.verify().await, Ok(()));
    assert!(matches!(
        fresh.append(9, &["late"]).await,
        Err(StoreError::Conflict { current: 3 })
    ));
}

#[tokio::test]
async fn tampering_is_found_and_located() {
    let open_up = ["events_no_update", "events_no_delete"].map(|name| dropping(name, "events"));
    for (tampering, bad) in [
        (
            vec!["update events set body = 'thref' where seq = 3"],
            FirstBad {
                seq: 3,
                why: Why::Altered,
            },
        ),
        (
            vec!["update events set at = '2026-03-02T09:30:00.123457Z' where seq = 2"],
            FirstBad {
                seq: 2,
                why: Why::Altered,
            },
        ),
        (
            vec!["delete from events where seq = 3"],
            FirstBad {
                seq: 3,
                why: Why::OutOfOrder,
            },
        ),
        (
            vec![
                "update events set seq = 99 where seq = 2",
                "update events set seq = 2 where seq = 3",
                "update events set seq = 3 where seq = 99",
            ],
            FirstBad {
                seq: 2,
                why: Why::NotLinked,
            },
        ),
    ] {
        let fresh = Fresh::new().await;
        fresh.append(0, &["one", "two"]).await.unwrap();
        fresh.append(2, &["three", "four"]).await.unwrap();
        assert_eq!(fresh.verify().await, Ok(()));
        for text in &open_up {
            fresh.tamper(&[text]).await.unwrap();
        }
        fresh.tamper(&tampering).await.unwrap();
        assert_eq!(fresh.verify().await, Err(bad), "{tampering:?}");
    }
}
