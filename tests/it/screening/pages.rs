//! Whoever is found alike to somebody in a case is answered as if there were no such case, on every page.

use uuid::Uuid;

use super::{list, the_subject, with_account};
use crate::support::app::TestApp;

#[tokio::test]
async fn l10_the_matched_are_answered_as_if_there_were_no_such_case() {
    let test = TestApp::open().await;
    let case = test.case().await;
    test.add("calum", "supervisor").await;
    let mut browser = test.signed_in("calum").await;
    assert_eq!(browser.get(&format!("/staff/cases/{case}")).await, 200);
    list(&test, vec![with_account(the_subject("1"), "calum")]).await;
    let unknown = Uuid::from_u128(7).to_string();
    for page in ["", "/looks", "/ties", "/do/note", "/do/amend", "/do/triage"] {
        let mut answers = Vec::new();
        for id in [case.to_string(), unknown.clone()] {
            let status = browser.get(&format!("/staff/cases/{id}{page}")).await;
            answers.push((status, browser.html.replace(&id, "ID")));
        }
        assert_eq!(answers[0].0, 404, "{page}");
        assert_eq!(answers[0], answers[1], "{page}");
    }
}

#[tokio::test]
async fn l10_other_supervisors_still_see_a_case_that_has_become_restricted() {
    let test = TestApp::open().await;
    test.add("morag", "supervisor").await;
    test.add("iain", "verifier").await;
    let (mut morag, mut iain) = (test.signed_in("morag").await, test.signed_in("iain").await);
    list(&test, vec![the_subject("1")]).await;
    let path = format!("/staff/cases/{}", test.case().await);
    assert_eq!(morag.get(&path).await, 200);
    assert_eq!(
        iain.get(&path).await,
        404,
        "a restricted case is not for everybody"
    );
}
