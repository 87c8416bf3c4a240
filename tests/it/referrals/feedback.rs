//! What a scheme lets whoever referred learn: its own words, at the right moment, for them alone, and a message that names nothing.

use std::cell::Cell;

use axum::http::StatusCode;
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Definition;
use clares_law::engine::scenario::Scenario;
use clares_law::store::outbox::MessageRow;

use super::receipts::tie;
use super::{LIST, refer};
use crate::looks::{log, new_since};
use crate::pages::sound::sound;
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::Browser;
use crate::support::house::new_person;
use crate::support::world::{edition_of, person, scenarios_of};

const SCHEME: &str = "marac";
const HERE: &str = "kirkallan";

/// A referral of a conference, as its referrer sees it.
struct Referred {
    test: TestApp,
    scenario: &'static Scenario,
    definition: &'static Definition,
    rory: Actor,
    case: CaseId,
    /// How many steps of the scenario have been done.
    done: Cell<usize>,
}

async fn hired(test: &TestApp, name: &str, role: &str) -> Actor {
    let hash = clares_law::app::password::hash_password(PASSWORD.to_owned()).await;
    let account = new_person(name, role, HERE, Some(hash.unwrap()));
    let id = test.app.add_person(account).await.unwrap();
    Actor {
        authority: HERE.to_owned(),
        ..person(&id.to_string(), role)
    }
}

impl Referred {
    async fn new(title: &str) -> Self {
        let test = TestApp::of(SCHEME).await;
        let mut all = scenarios_of(SCHEME).into_iter();
        let scenario = all.find(|one| one.scenario.starts_with(title)).unwrap();
        let rory = hired(&test, "rory", "referrer").await;
        let case = test.case_from(scenario, rory.clone()).await;
        Self {
            definition: edition_of(scenario),
            test,
            scenario,
            rory,
            case,
            done: Cell::new(0),
        }
    }

    /// Does what the scenario does until it has done this.
    async fn until(&self, action: &str) {
        for step in self.scenario.steps.iter().skip(self.done.get()) {
            self.done.set(self.done.get() + 1);
            self.test.step(self.case, self.scenario, step).await;
            if *step.does == *action && step.then.refused.is_none() {
                return;
            }
        }
        panic!("nobody did {action}");
    }

    fn address(&self) -> String {
        format!("{LIST}/{}", self.case)
    }

    /// The page of the referral, as its referrer reads it now.
    async fn page(&self) -> Browser {
        let mut browser = self.test.signed_in("rory").await;
        assert_eq!(browser.get(&self.address()).await, StatusCode::OK);
        sound(&browser);
        browser
    }

    async fn written(&self) -> Vec<MessageRow> {
        let mut messages = self.test.messages().await;
        messages.retain(|message| message.recipient == self.rory.id);
        messages
    }
}

#[tokio::test]
async fn whoever_referred_reads_the_words_of_the_scheme_when_they_hold_and_is_told_so() {
    let referred = Referred::new("The score reaches the threshold").await;
    let definition = referred.definition;
    let page = referred.page().await;
    assert!(page.has("Received") && page.has("More is not told of it"));
    assert!(page.has("What happens next"));
    assert_eq!(referred.written().await, []);

    referred.until("take_on").await;
    let page = referred.page().await;
    let accepted = definition.scheme.states.get("taken_on").unwrap();
    let words = accepted.to_referrer.as_ref().unwrap();
    assert!(page.has(&words.says) && page.has(words.asks.as_ref().unwrap()));
    assert!(page.has("unconfirmed"), "L15");
    assert_eq!(referred.written().await.len(), 1);

    referred.until("convene").await;
    assert_eq!(referred.written().await.len(), 1, "nothing new to read");
    referred.until("agree_plan").await;
    let page = referred.page().await;
    let settled = definition.scheme.states.get("actions_open").unwrap();
    let words = settled.to_referrer.as_ref().unwrap();
    assert!(page.has(&words.says) && !page.has("It was accepted"));
    let written = referred.written().await;
    assert_eq!(written.len(), 2);
    for message in &written {
        assert_eq!(message.case_id, None, "L8");
        assert_eq!(*message.message, *definition.scheme.task_message);
    }
    let mut list = referred.test.signed_in("rory").await;
    list.get(LIST).await;
    assert!(list.has("There is something to read") && list.has("Being looked at"));
}

#[tokio::test]
async fn l4_what_waits_for_a_second_person_is_not_told_yet() {
    let referred = Referred::new("The meeting sees nothing more to do").await;
    referred.until("convene").await;
    let before = referred.written().await;
    referred.until("no_further_action").await;
    assert_eq!(referred.written().await, before, "it is only proposed");
    assert!(referred.page().await.has("It was accepted"));
    referred.until("confirm").await;
    assert_eq!(referred.written().await.len(), before.len() + 1);
    let page = referred.page().await;
    assert!(page.has("The meeting has come to it") && !page.has("nothing more"));
}

#[tokio::test]
async fn l10_nobody_else_reads_it_and_nobody_with_a_conflict_is_written_to() {
    let referred = Referred::new("The score reaches the threshold").await;
    let test = &referred.test;
    referred.until("take_on").await;
    let told = referred.written().await.len();
    for role in ["referrer", "intake", "verifier", "coordinator", "auditor"] {
        let name = format!("a {role}");
        hired(test, &name, role).await;
        let mut browser = test.signed_in(&name).await;
        browser
            .get(&format!("{LIST}/{}", CaseId(uuid::Uuid::nil())))
            .await;
        assert_eq!(browser.status, StatusCode::NOT_FOUND);
        let unknown = browser.html.clone();
        for address in [referred.address(), format!("{LIST}/nothing")] {
            assert_eq!(browser.get(&address).await, StatusCode::NOT_FOUND);
            assert_eq!(browser.html, unknown, "{role}");
        }
    }
    tie(test, referred.case, Some(&referred.rory), "declared").await;
    let mut browser = test.signed_in("rory").await;
    let status = browser.get(&referred.address()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    referred.until("agree_plan").await;
    assert_eq!(referred.written().await.len(), told);
}

#[tokio::test]
async fn l18_reading_it_is_a_look_and_so_is_trying_to() {
    let referred = Referred::new("The score reaches the threshold").await;
    let mut browser = referred.test.signed_in("rory").await;
    let before = log(&referred.test).await;
    browser.get(&referred.address()).await;
    let rows = new_since(&referred.test, &before).await;
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((&*row.what, &*row.classes), ("own referral", "process"));
    assert_eq!(
        (row.case_id, &row.actor),
        (Some(referred.case.0), &referred.rory.id)
    );

    hired(&referred.test, "una", "referrer").await;
    let mut browser = referred.test.signed_in("una").await;
    let before = log(&referred.test).await;
    browser.get(&referred.address()).await;
    let rows = new_since(&referred.test, &before).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&*rows[0].what, &*rows[0].classes),
        ("refused own referral", "")
    );
}

#[tokio::test]
async fn a_scheme_that_gives_a_receipt_has_a_page_that_says_no_more() {
    let test = TestApp::open().await;
    let rory = test.add("rory", "referrer").await;
    let case = refer(&test, &rory).await;
    let mut browser = test.signed_in("rory").await;
    browser.get(LIST).await;
    assert!(!browser.has("There is something to read"));
    browser.get(&format!("{LIST}/{case}")).await;
    sound(&browser);
    assert!(browser.has("More is not told of it") && !browser.has("What we ask of you"));
}

#[test]
fn what_came_of_an_earlier_hearing_is_not_told_while_the_next_one_is_prepared() {
    let definition = edition_of(scenarios_of(SCHEME)[0]);
    let told = |state| definition.to_referrer("professional", state, Some("plan_carried_through"));
    assert!(told("reviewed").is_some() && told("closed").is_some());
    assert!(told("referred").is_none());
}
