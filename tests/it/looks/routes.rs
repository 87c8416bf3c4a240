//! Every address that shows something of a case: it is logged with the right case and classes, and without a log it shows
//! nothing. An address that is not told of here fails the test.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::engine::command::Actor;
use clares_law::store::access_log::AccessRow;
use clares_law::store::ties::TieRow;
use serde_json::Value;

use super::{log, new_since};
use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::database::{with_room, without_room};
use crate::support::house::House;
use crate::support::machine::Installation;

/// What an address shows.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shows {
    /// Nothing of any case; numbers at most.
    Nothing,
    /// What stands in one case.
    Case,
    /// Who has looked at one case.
    Looks,
    /// Who may see one case.
    Ties,
    /// How several cases stand, without naming a party.
    Several,
    /// What stands in a case on an agenda: `pages::table` tries it there.
    AtTable,
}
use Shows::{AtTable, Case, Looks, Nothing, Several, Ties};

/// Every page, as `src/web/pages/mod.rs` writes its address.
const PAGES: [(&str, Shows); 47] = [
    ("/", Nothing),
    ("/at/{authority}/{address}", Nothing),
    ("/at/{authority}/{address}/f", Nothing),
    ("/at/{authority}/{address}/f/sent", Nothing),
    ("/at/{authority}/{address}/next", Nothing),
    ("EXIT", Nothing),
    ("STAFF_HOME", Nothing),
    ("CONFIRM", Nothing),
    ("BREAK_GLASS", Nothing),
    ("MESSAGES", Nothing),
    ("/staff/messages/{id}", Nothing),
    ("SCHEMES", Nothing),
    ("/staff/schemes/{scheme}", Nothing),
    ("/staff/schemes/{scheme}/forum", Several),
    ("/staff/schemes/{scheme}/forum/contacts", Nothing),
    ("/staff/schemes/{scheme}/handbook", Nothing),
    ("/staff/schemes/{scheme}/many/{action}", Nothing),
    ("/staff/schemes/{scheme}/queues/{queue}", Several),
    ("/staff/schemes/{scheme}/refer", Nothing),
    ("REFERRALS", Several),
    // Whoever made the referral alone: `referrals::feedback` tries it.
    ("/staff/referrals/{id}", Nothing),
    ("LOOKS", Several),
    ("/staff/looks/{kind}/{look}", Looks),
    ("KEEPING", Several),
    // A case past its day: `keeping::decided` tries them there.
    ("/staff/keeping/{case}", AtTable),
    ("/staff/keeping/{case}/decide", AtTable),
    ("/staff/meetings/{meeting}/invitation.ics", Nothing),
    ("MEETINGS", Several),
    ("/staff/meetings/new", Nothing),
    ("/staff/meetings/{meeting}", Several),
    ("/staff/meetings/{meeting}/version", Nothing),
    ("/staff/meetings/{meeting}/pack", Several),
    // The minutes of a meeting that is over, and what leaves as a file: `pages::papers` tries them there.
    ("/staff/meetings/{meeting}/pack.docx", AtTable),
    ("/staff/meetings/{meeting}/minutes", AtTable),
    ("/staff/meetings/{meeting}/minutes.docx", AtTable),
    ("/staff/meetings/{meeting}/cases/{case}", AtTable),
    ("/staff/meetings/{meeting}/cases/{case}/answer", AtTable),
    ("/staff/meetings/{meeting}/cases/{case}/view", AtTable),
    ("/staff/cases/{id}", Case),
    ("/staff/cases/{id}/looks", Looks),
    // Of schemes that hand something over alone: `own_data` tries them.
    ("/staff/cases/{id}/given", Nothing),
    ("/staff/cases/{id}/given.docx", Nothing),
    ("/staff/cases/{id}/ties", Ties),
    ("/staff/cases/{id}/ties/{tie}", Ties),
    // What it finds: `search` tries it.
    ("/staff/cases/{id}/search", Ties),
    ("/staff/cases/{id}/do/{action}", Case),
    // The pages of signing in, which know accounts and no case, are merged from elsewhere.
    ("sign-in", Nothing),
];

/// Every address of the API that can be read.
const API: [(&str, Shows); 7] = [
    ("/api/v1/queues", Nothing),
    ("/api/v1/schemes/{scheme}/queues/{queue}", Several),
    ("/api/v1/cases/{id}", Case),
    ("/api/v1/cases/{id}/history", Case),
    ("/api/v1/cases/{id}/deadlines", Case),
    ("/api/v1/cases/{id}/actions", Case),
    ("/api/v1/cases/{id}/looks", Looks),
];

/// Words of the one case, its parties and where it stands.
const SAID: [&str; 6] = [
    "Inverallan",
    "Mairi",
    "Register",
    "nobody has registered it",
    "Received",
    "state",
];

fn filled(path: &str, case: CaseId, look: uuid::Uuid, meeting: MeetingId) -> String {
    let path = match path {
        "LOOKS" => "/staff/looks",
        "KEEPING" => "/staff/keeping",
        "REFERRALS" => "/staff/referrals",
        "MEETINGS" => "/staff/meetings",
        path => path,
    };
    path.replace("{id}", &case.to_string())
        .replace("{action}", "note")
        .replace("{scheme}", "dsdas-scotland")
        .replace("{queue}", "to_register")
        .replace("{kind}", "sample")
        .replace("{look}", &look.to_string())
        .replace("{tie}", &look.to_string())
        .replace("{meeting}", &meeting.to_string())
}

/// Addresses that show something of a case.
fn telling(all: &[(&'static str, Shows)]) -> Vec<(&'static str, Shows)> {
    let mut telling = all.to_vec();
    telling.retain(|(_, shows)| ![Nothing, AtTable].contains(shows));
    telling
}

/// One look that is told of rightly.
fn is_told(rows: &[AccessRow], shows: Shows, actor: &Actor, case: CaseId) -> bool {
    let one = |row: &AccessRow| {
        let classes: Vec<_> = row.classes.split(' ').collect();
        let right = match shows {
            Nothing | AtTable => false,
            Case => row.case_id == Some(case.0) && classes.contains(&"subject"),
            Looks | Ties => row.case_id == Some(case.0) && classes == ["process"],
            Several => row.case_id.is_none() && classes == ["process"],
        };
        let oversees = shows == Looks || row.what == "looks to review";
        let purpose = if oversees { "oversight" } else { "case_work" };
        right
            && row.operation == "consultation"
            && row.purpose == purpose
            && (&row.actor, &row.actor_role) == (&actor.id, &actor.role)
            && row.authority == "scotland"
    };
    rows.len() == 1 && rows.iter().all(one)
}

/// Asks somebody about the look that somebody else had at a case; answers that look.
async fn asked_about(house: &House, case: CaseId) -> uuid::Uuid {
    let other = house.hire("other", "verifier").await;
    let before = log(house).await;
    house.app.see_case(&other, case, "drawn").await.unwrap();
    house
        .tamper(
            "insert into look_reviews (look_id, kind, at, actor, authority, cases)
             select id, 'sample', at, actor, authority, 1 from access_log where what = 'drawn'
             on conflict (look_id, kind) do nothing",
        )
        .await;
    // A tie under the same id, so that one id stands for both in addresses.
    let look = new_since(house, &before).await.remove(0);
    let tie = TieRow {
        id: look.id,
        case_id: case.0,
        staff_id: None,
        kind: "let_in".to_owned(),
        at: look.at,
        done_by: look.actor,
        because: "drawn".to_owned(),
    };
    let mut tx = house.app.db.begin_write().await.unwrap();
    house.app.add_tie(&mut tx, &tie).await.unwrap();
    tx.commit().await.unwrap();
    look.id
}

/// The shipped files, with a role that does it all.
fn library() -> clares_law::engine::definition::Library {
    let mut library = crate::support::world::shipped();
    let roles = library.0.get_mut("policy/roles.yaml").unwrap();
    roles.text = roles.text.replace(
        "  intake:\n    label: Intake\n",
        "  intake:\n    label: Intake\n    reviews_looks: yes\n    reviews_keeping: yes\n",
    );
    let policies = library.0.get_mut("policy/access.cedar").unwrap();
    policies.text = policies.text.replace(
        "principal in Role::\"supervisor\", action == Action::\"guard\"",
        "principal in Role::\"intake\", action == Action::\"guard\"",
    );
    library
}

#[tokio::test]
async fn l18_every_page_that_shows_a_case_is_logged_or_shows_nothing() {
    let written = include_str!("../../../src/web/pages/mod.rs");
    let written = written.split(".route(").skip(1);
    let written: BTreeSet<_> = written
        .map(|rest| rest.split(',').next().unwrap().trim().trim_matches('"'))
        .collect();
    let told: BTreeSet<_> = PAGES.iter().map(|(path, _)| *path).collect();
    let new: Vec<_> = written.difference(&told).collect();
    assert!(new.is_empty(), "say here what these pages show: {new:?}");

    let test = TestApp::with(&library()).await;
    let case = test.case().await;
    let look = asked_about(&test, case).await;
    let meeting = test.meeting().await;
    let actor = test.add("iona", "intake").await;
    let mut browser = test.signed_in("iona").await;
    for (path, shows) in telling(&PAGES) {
        let path = filled(path, case, look, meeting);
        let before = log(&test).await;
        assert_eq!(browser.get(&path).await, StatusCode::OK, "{path}");
        let rows = new_since(&test, &before).await;
        assert!(
            is_told(&rows, shows, &actor, case),
            "{path}: {shows:?}: {:?}",
            brief(&rows)
        );
    }

    let reference = test.references().await.remove(0);
    test.tamper(&without_room("access_log", "insert")).await;
    for (path, _) in telling(&PAGES) {
        let path = filled(path, case, look, meeting);
        let status = browser.get(&path).await;
        shows_nothing(&browser, status, &path, &reference);
    }
    let form = format!("/staff/cases/{case}/do/note");
    let reason = ("form-reason".to_owned(), "x".to_owned());
    for step in ["edit", "check", "confirm"] {
        let step = ("form-step".to_owned(), step.to_owned());
        let status = browser.post(&form, &[step, reason.clone()]).await;
        shows_nothing(&browser, status, &form, &reference);
    }
    test.tamper(&with_room("access_log")).await;
    assert_eq!(browser.get(&form).await, StatusCode::OK);
}

fn shows_nothing(browser: &Browser, status: StatusCode, path: &str, reference: &str) {
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    assert_eq!(browser.heading(), "Sorry, something went wrong", "{path}");
    for said in SAID.iter().chain([&reference]) {
        assert!(!browser.html.contains(said), "{path} says {said}");
    }
}

/// What is wrong, without what was typed.
fn brief(rows: &[AccessRow]) -> Vec<(&str, &str, &str, Option<uuid::Uuid>)> {
    rows.iter()
        .map(|row| (&*row.what, &*row.classes, &*row.purpose, row.case_id))
        .collect()
}

#[tokio::test]
async fn l18_every_answer_of_the_api_that_shows_a_case_is_logged_or_shows_nothing() {
    let service = Installation::at("2026-11-23T09:30").await;
    let document = service.document().await;
    let paths = document["paths"].as_object().unwrap();
    let read: BTreeSet<_> = paths
        .iter()
        .filter(|(_, methods)| methods.get("get").is_some())
        .map(|(path, _)| path.as_str())
        .collect();
    let told: BTreeSet<_> = API.iter().map(|(path, _)| *path).collect();
    let new: Vec<_> = read.difference(&told).collect();
    assert!(new.is_empty(), "say here what these answers show: {new:?}");

    let case = service.case().await;
    let actor = Actor {
        id: service.client("iona", "intake").await.0.to_string(),
        role: "intake".to_owned(),
        ..Actor::public()
    };
    let token = service.token("iona", "intake").await;
    let nowhere = MeetingId(uuid::Uuid::nil());
    for (path, shows) in telling(&API) {
        let path = filled(path, case, uuid::Uuid::nil(), nowhere);
        let before = log(&service).await;
        assert_eq!(
            service.get(&path, &token).await.status,
            StatusCode::OK,
            "{path}"
        );
        let rows = new_since(&service, &before).await;
        assert!(
            is_told(&rows, shows, &actor, case),
            "{path}: {shows:?}: {:?}",
            brief(&rows)
        );
    }

    let reference = service.references().await.remove(0);
    service.tamper(&without_room("access_log", "insert")).await;
    for (path, _) in telling(&API) {
        let path = filled(path, case, uuid::Uuid::nil(), nowhere);
        let answer = service.get(&path, &token).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        says_nothing(&answer.body, &reference);
    }
    // Neither is a refusal told that says how the case stands.
    let bearer = format!("Bearer {token}");
    let path = format!("/api/v1/cases/{case}/actions/triage");
    for version in ["\"1\"", "\"9\""] {
        let headers = [("authorization", bearer.as_str()), ("if-match", version)];
        let answer = service.send(Method::POST, &path, &headers, Body::from("{}"));
        let answer = answer.await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        says_nothing(&answer.body, &reference);
    }
}

fn says_nothing(body: &Value, reference: &str) {
    let members: Vec<_> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["type", "title", "status"]);
    assert!(!body.to_string().contains(reference));
}
