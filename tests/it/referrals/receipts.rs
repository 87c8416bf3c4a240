//! The list: one's own referrals and nobody else's, none that one is kept away from, and not more than can be read.

use clares_law::app::referrals::{MOST, Progress};
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::store::At;
use clares_law::store::ties::{StepRow, TieRow};
use uuid::Uuid;

use super::{LIST, refer, reference, rows, told};
use crate::support::app::TestApp;
use crate::support::house::House;

#[tokio::test]
async fn everybody_reads_of_their_own_referrals_alone() {
    let test = TestApp::open().await;
    test.case().await;
    let people = [
        ("rory", "referrer"),
        ("una", "referrer"),
        ("iona", "intake"),
    ];
    let mut own = Vec::new();
    for (name, role) in people {
        let actor = test.add(name, role).await;
        let case = refer(&test, &actor).await;
        own.push((name, actor, reference(&test, case).await));
    }
    for (name, actor, reference) in &own {
        let told = told(&test, actor).await;
        assert_eq!(told.len(), 1, "{name}");
        assert_eq!(&told[0].reference, reference);
        let rows = rows(&test, name).await;
        assert!(
            rows.len() == 1 && rows[0].starts_with(&**reference),
            "{rows:?}"
        );
    }
}

pub async fn tie(house: &House, case: CaseId, who: Option<&Actor>, kind: &str) -> Uuid {
    let row = TieRow {
        id: house.app.chance.id(),
        case_id: case.0,
        staff_id: who.map(|actor| actor.id.parse().unwrap()),
        kind: kind.to_owned(),
        at: At::from(house.clock.now()),
        done_by: "a test".to_owned(),
        because: "to see what becomes of it".to_owned(),
    };
    let mut tx = house.app.db.begin_write().await.unwrap();
    house.app.add_tie(&mut tx, &row).await.unwrap();
    tx.commit().await.unwrap();
    row.id
}

async fn ended(house: &House, tie: Uuid) {
    let step = StepRow {
        tie_id: tie,
        step: "ended".to_owned(),
        at: At::from(house.clock.now()),
        done_by: "a test".to_owned(),
        reason: "it has been seen".to_owned(),
    };
    let mut tx = house.app.db.begin_write().await.unwrap();
    house.app.add_step(&mut tx, &step).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn l10_a_referral_in_which_somebody_has_a_conflict_is_not_there_for_them() {
    let test = TestApp::open().await;
    let rory = test.add("rory", "referrer").await;
    let una = test.add("una", "referrer").await;
    let mut empty = test.signed_in("rory").await;
    empty.get(LIST).await;
    let case = refer(&test, &rory).await;
    // What keeps others away, or lets somebody in, does not take it from whoever made it.
    for (who, kind) in [
        (None, "restricted"),
        (Some(&una), "matched"),
        (Some(&rory), "manages_subject"),
        (Some(&rory), "let_in"),
    ] {
        let tie = tie(&test, case, who, kind).await;
        assert_eq!(told(&test, &rory).await.len(), 1, "{kind}");
        ended(&test, tie).await;
    }
    for kind in ["matched", "declared"] {
        let tie = tie(&test, case, Some(&rory), kind).await;
        let mut browser = test.signed_in("rory").await;
        browser.get(LIST).await;
        assert_eq!(browser.html, empty.html, "{kind}: as if it did not exist");
        ended(&test, tie).await;
        assert_eq!(told(&test, &rory).await.len(), 1, "{kind} ended");
    }
}

#[tokio::test]
async fn the_newest_are_shown_and_that_there_are_older_ones_is_said() {
    let test = TestApp::open().await;
    let rory = test.add("rory", "referrer").await;
    let oldest = refer(&test, &rory).await;
    let mut newest = oldest;
    for _ in 0..MOST {
        test.clock.advance(jiff::SignedDuration::from_secs(1));
        newest = refer(&test, &rory).await;
    }
    let mut browser = test.signed_in("rory").await;
    browser.get(LIST).await;
    assert!(browser.has("These are your newest 100 referrals."));
    let of_them = told(&test, &rory).await;
    assert_eq!(of_them.len(), MOST);
    assert_eq!(of_them[0].reference, reference(&test, newest).await);
    assert!(
        of_them
            .iter()
            .all(|told| told.progress == Progress::Received)
    );
    assert!(!browser.html.contains(&reference(&test, oldest).await));

    // One that is hidden leaves its place to an older one.
    tie(&test, newest, Some(&rory), "declared").await;
    browser.get(LIST).await;
    assert!(browser.html.contains(&reference(&test, oldest).await));
    assert!(!browser.has("Older ones are not shown"));
}

/// Whoever has no agreement is shown nothing; what they have to tell is heard all the same.
#[tokio::test]
async fn an_agency_without_an_agreement_may_refer() {
    let test = TestApp::open().await;
    let hamish = test.add_for("a_stranger", "hamish", "intake").await;
    refer(&test, &hamish).await;
    let mut browser = test.signed_in("hamish").await;
    assert!(browser.has("has no information-sharing agreement in force"));
    browser.get(LIST).await;
    assert!(browser.has("has no information-sharing agreement in force"));
    assert_eq!(rows(&test, "hamish").await, [""; 0]);
}
