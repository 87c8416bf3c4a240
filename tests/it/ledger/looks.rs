//! Looks have a log of their own: one that was altered, removed or slipped in is named.

use clares_law::app::ledger_walk::{About, BadEntry};
use uuid::Uuid;

use super::{house, logged, walked};
use crate::support::database::dropping;
use crate::support::house::House;

/// The one look that this says, if it is the only thing that is found.
async fn found(house: &House) -> (Uuid, &'static str) {
    let bad = walked(house, &[]).await.bad;
    let [
        BadEntry {
            about: Some(About::Look(look)),
            why,
            ..
        },
    ] = &bad[..]
    else {
        panic!("{bad:?}");
    };
    (*look, *why)
}

async fn without_guards(house: &House) {
    for trigger in ["access_log_no_update", "access_log_no_delete"] {
        house.tamper(&dropping(trigger, "access_log")).await;
    }
}

const FIRST: &str =
    "(select look_id from look_entries where log = 'scotland/access' order by position limit 1)";

#[tokio::test]
async fn l18_every_look_is_in_the_log_of_whoever_has_the_case() {
    let (house, verifier) = house().await;
    let case = house.case().await;
    house.app.see_case(&verifier, case, "case").await.unwrap();
    let waiting = house.count("select count(*) from looks_waiting").await;
    assert!(waiting > 0, "written with the look");
    assert_eq!(walked(&house, &[]).await.bad, [], "what waits is no fault");
    logged(&house).await;
    assert_eq!(house.count("select count(*) from looks_waiting").await, 0);
    let looks = house.count("select count(*) from access_log").await;
    assert_eq!(
        house.count("select count(*) from look_entries").await,
        looks
    );
    // The public belongs to no authority; the application that it sent does.
    let public = "select count(*) from access_log join look_entries on look_id = access_log.id
        where authority = '' and case_id is not null and log = 'scotland/access'";
    assert!(house.count(public).await > 0);
    let walk = walked(&house, &[]).await;
    assert_eq!((walk.bad, walk.logs), (vec![], 2));
}

#[tokio::test]
async fn a_look_of_nobody_at_nothing_is_in_the_log_of_the_installation() {
    let (house, _) = house().await;
    house
        .tamper(
            "insert into access_log (id, at, actor, actor_role, agency, authority, operation, classes, purpose, what)
                select (select stream from events order by stream limit 1), at, actor, actor_role, '', '', operation, '', purpose, 'search'
                from access_log order by id limit 1",
        )
        .await;
    assert_eq!(found(&house).await.1, "no log knows of it");
    house
        .tamper("insert into looks_waiting (look_id) select id from access_log where what = 'search' and authority = ''")
        .await;
    logged(&house).await;
    let here = "select count(*) from look_entries where log = 'installation/access'";
    assert_eq!(house.count(here).await, 1);
    assert_eq!(walked(&house, &[]).await.bad, []);
}

#[tokio::test]
async fn an_altered_look_is_named() {
    for set in [
        "reason = 'Somebody asked'",
        "actor = 'somebody'",
        "at = '2026-11-01T00:00:00.000000Z'",
        "case_id = null",
    ] {
        let (house, _) = house().await;
        without_guards(&house).await;
        house
            .tamper(&format!("update access_log set {set} where id = {FIRST}"))
            .await;
        let (look, why) = found(&house).await;
        assert_eq!(why, "the look is not the one that was logged", "{set}");
        let mut tx = house.app.db.begin_read().await.unwrap();
        let entries = clares_law::store::look_ledger::entries(&mut tx, "scotland/access", 0, 1);
        assert_eq!(entries.await.unwrap().0[0].look_id, look);
    }
}

#[tokio::test]
async fn a_removed_look_is_named() {
    let (house, _) = house().await;
    without_guards(&house).await;
    house
        .tamper(&format!("delete from access_log where id = {FIRST}"))
        .await;
    assert_eq!(found(&house).await.1, "the look is gone");
}

#[tokio::test]
async fn a_look_that_was_kept_from_its_log_is_named() {
    let (house, verifier) = house().await;
    let case = house.case().await;
    logged(&house).await;
    house.app.see_case(&verifier, case, "case").await.unwrap();
    house.tamper("delete from looks_waiting").await;
    assert_eq!(found(&house).await.1, "no log knows of it");
}

#[tokio::test]
async fn looks_that_were_written_anew_do_not_fit_an_old_head() {
    let (house, _) = house().await;
    let (head, _) = house.app.newest_head("scotland/access").await.unwrap();
    assert!(head.starts_with("clares-law/scotland/access\n"), "{head}");
    without_guards(&house).await;
    house
        .tamper(&format!(
            "update access_log set actor = 'somebody' where id = {FIRST}"
        ))
        .await;
    super::logs_written_anew(&house).await;
    assert_eq!(
        walked(&house, &[]).await.bad,
        [],
        "nothing in the house tells"
    );
    let bad = walked(&house, &[head]).await.bad;
    assert_eq!(bad[0].log, "scotland/access");
    assert_eq!(
        bad[0].why,
        "the log up to here is not the one that was signed"
    );
}
