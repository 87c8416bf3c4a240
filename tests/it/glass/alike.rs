//! Where nothing opens, the answer is the same to the byte, whatever the cause, and each try is written down alike.

use clares_law::domain::reference::Reference;
use clares_law::domain::tie::TieKind;

use super::{OPENINGS, REASON, break_glass, is_refused, proved, reference, restricted, tie};
use crate::support::app::TestApp;
use crate::support::house::House;
use crate::support::world::{received, scenarios_of};

#[tokio::test]
async fn l10_what_cannot_be_opened_is_answered_like_what_is_not_there() {
    let test = TestApp::open().await;
    let iain = test.add("iain", "supervisor").await;
    let mut references = Vec::new();
    for kind in [TieKind::Matched, TieKind::Declared, TieKind::ManagesSubject] {
        let case = test.case().await;
        tie(&test, case, Some(&iain), kind).await;
        references.push(reference(&test, case).await);
    }
    // Both are restricted as well.
    for kind in [TieKind::Matched, TieKind::Declared] {
        let (case, called) = restricted(&test).await;
        tie(&test, case, Some(&iain), kind).await;
        references.push(called);
    }
    // He sees it whole already.
    references.push(reference(&test, test.case().await).await);
    references.push(Reference::from_bits(7).to_string());
    references.extend(["7K3M-Q2X!", "no reference", "%27--", "UUUU-UUUU"].map(str::to_owned));
    let mut browser = test.signed_in("iain").await;
    browser.get("/staff/break-glass").await;
    let first = browser.html.clone();
    let mut answers = Vec::new();
    for typed in &references {
        let fields = [("reference", typed.as_str()), ("reason", REASON)];
        let status = browser.send(&fields, "Open the case for 60 minutes").await;
        assert_eq!(status.as_u16(), 422, "{typed}");
        assert!(browser.has("No case can be opened with this"), "{typed}");
        let shown = typed.replace('\'', "&#39;");
        answers.push(browser.html.replace(&format!("\"{shown}\""), "\"\""));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert!(first != answers[0]);
    let tries = "select count(*) from access_log join staff on staff.name = 'iain'
        where what = 'search' and case_id is null and classes = '' and operation = 'consultation'
            and purpose = 'emergency' and reason is not null";
    assert_eq!(
        test.count(tries).await,
        i64::try_from(references.len()).unwrap()
    );
    assert_eq!(test.count(OPENINGS).await, 0);
}

#[tokio::test]
async fn a_case_of_another_authority_is_no_case() {
    let house = House::of("dvds-england-wales").await;
    let all = scenarios_of("dvds-england-wales");
    let scenario = &all[0];
    house.clock.set(received(scenario));
    let case = house.case_of(scenario).await;
    let called = reference(&house, case).await;
    let authority = house.load(case).await.case.authority;
    for home in house.app.definitions.authorities().keys() {
        let actor = house
            .app
            .account_named(&format!("verifier at {home}"))
            .await;
        let person = proved(&house, &actor.unwrap()).await;
        let opened = break_glass(&house, &person, &called, "a key of my own").await;
        if *home == authority {
            assert_eq!(opened.unwrap(), case);
        } else {
            assert!(is_refused(&opened), "{home}: {opened:?}");
        }
    }
    assert_eq!(house.count(OPENINGS).await, 1);
}
