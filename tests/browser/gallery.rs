//! Every kind of page at 320 px and desk width: nothing for axe to find, nothing wider than the window, and a picture of
//! each in `target/gallery` for a person to look at.

use std::sync::Arc;
use std::time::Duration;

use crate::chrome::{Browser, Width};
use crate::journeys::fill;
use crate::service::Service;
use clares_law::app::App;
use clares_law::app::notices::Attempt;
use clares_law::app::password::hash_password;
use clares_law::app::staff::NewPerson;
use clares_law::domain::id::{CaseId, MeetingId, StaffId};
use clares_law::mail::Outcome;
use clares_law::store::cases;
use jiff::Timestamp;
use thirtyfour::prelude::*;

/// The page at an address: a picture, nothing wider than the window, nothing for axe to find.
pub async fn look(browser: &Browser, address: &str, name: &str) {
    browser.goto(address).await;
    browser.screenshot(name).await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "{name}: {faults:?}");
}

/// The address behind the first link in the page's table or list of actions.
pub async fn first(browser: &Browser, links: &str) -> String {
    let found = browser.driver.find(By::Css(links)).await.unwrap();
    found.prop("href").await.unwrap().unwrap()
}

async fn tour(width: Width) {
    let service = Service::demonstration().await;
    let browser = Browser::open(width).await;
    let at = |path: &str| format!("{}{path}", service.address);
    look(&browser, &at("/"), "1-start").await;
    look(
        &browser,
        &at("/at/scotland/ask/next"),
        "1-what-happens-next",
    )
    .await;
    look(&browser, &at("/at/scotland/ask/f"), "2-form").await;
    browser.press("Send").await;
    browser.screenshot("3-form-with-errors").await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "3-form-with-errors: {faults:?}");
    look(&browser, &at("/nothing-here"), "4-not-found").await;
    look(&browser, &at("/staff/sign-in"), "5-sign-in").await;
    browser.fill("Name", "verifier-1").await;
    browser.fill("Password", "demonstration").await;
    browser.press("Sign in").await;
    look(&browser, &at("/staff"), "6-desk").await;
    in_an_emergency(&service, &browser).await;
    look(
        &browser,
        &at("/staff/schemes/dsdas-scotland/queues/to_triage"),
        "7-queue",
    )
    .await;
    let case = first(&browser, "td a, th a").await;
    look(&browser, &case, "8-case").await;
    look(&browser, &format!("{case}/looks"), "8-who-has-looked").await;
    look(&browser, &format!("{case}/do/triage"), "9-action").await;
    look(&browser, &format!("{case}/do/note"), "10-note").await;
    browser.fill("The note", "She rang the front desk.").await;
    browser.press("Check your answers").await;
    browser.screenshot("11-check").await;
    browser.no_sideways_scroll().await;
    look(&browser, &format!("{case}/do/close"), "12-off").await;
    look(&browser, &at("/staff/schemes"), "13-schemes").await;
    let scheme = first(&browser, "main a").await;
    look(&browser, &scheme, "14-scheme").await;
    look(&browser, &format!("{scheme}/handbook"), "15-handbook").await;
    referrals(&service, &browser).await;
}

/// A professional refers somebody, and reads how far their referrals have come.
async fn referrals(service: &Service, browser: &Browser) {
    let at = |path: &str| format!("{}{path}", service.address);
    browser.driver.delete_all_cookies().await.unwrap();
    browser.goto(&at("/staff/sign-in")).await;
    browser.fill("Name", "referrer").await;
    browser.fill("Password", "demonstration").await;
    browser.press("Sign in").await;
    look(browser, &at("/staff"), "37-desk-of-a-professional").await;
    look(browser, &at("/staff/referrals"), "38-own-referrals").await;
    let form = at("/staff/schemes/dsdas-scotland/refer");
    look(browser, &form, "39-referral").await;
    browser.press("Send the referral").await;
    browser.screenshot("40-referral-with-errors").await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "40-referral-with-errors: {faults:?}");
    let edition = service.app.in_force("scotland", "dsdas-scotland").unwrap();
    let record = &edition.definition.records["referral"];
    fill(browser, record, &record.examples()).await;
    browser.press("Send the referral").await;
    assert_eq!(browser.heading().await, "Your referrals");
    browser.screenshot("41-referral-received").await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "41-referral-received: {faults:?}");
    let own = first(browser, "tbody th a").await;
    look(browser, &own, "39-own-referral").await;
}

/// Whoever has just signed in opens a case of which their role does not see everything.
async fn in_an_emergency(service: &Service, browser: &Browser) {
    let reference = {
        let mut tx = service.app.db.begin_read().await.unwrap();
        let all = cases::all(&mut tx).await.unwrap();
        all[0].reference.clone()
    };
    let form = format!("{}/staff/break-glass", service.address);
    look(browser, &form, "29-emergency").await;
    browser.press("Open the case for 60 minutes").await;
    browser.screenshot("30-emergency-with-errors").await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "30-emergency-with-errors: {faults:?}");
    browser.fill("Reference", &reference).await;
    let reason = "He has found her new address and is on his way there";
    browser.fill("Why it cannot wait", reason).await;
    browser.press("Open the case for 60 minutes").await;
    browser.screenshot("31-case-in-an-emergency").await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "31-case-in-an-emergency: {faults:?}");
}

#[tokio::test]
async fn every_kind_of_page_at_desk_width() {
    tour(Width::Desk).await;
}

#[tokio::test]
async fn every_kind_of_page_on_a_phone() {
    tour(Width::Narrow).await;
}

/// Of the messages that wait, two are refused for each authority at least.
async fn some_mail_goes_wrong(app: &Arc<App>) {
    for _ in 0..20 {
        let claimed = app.claim_message(Duration::from_secs(1)).await.unwrap();
        let Some(claimed) = claimed else { return };
        let refused = Attempt::Made(Outcome::Refused);
        assert!(app.note_attempt(&claimed, refused).await.unwrap());
    }
}

/// Somebody goes on looking until a supervisor is asked about it.
async fn some_looks_are_drawn(app: &Arc<App>) {
    let verifier = app.account_named("verifier-1").await.unwrap();
    let all = {
        let mut tx = app.db.begin_read().await.unwrap();
        cases::all(&mut tx).await.unwrap()
    };
    let supervisor = app.account_named("supervisor-1").await.unwrap();
    let id = StaffId(supervisor.id.parse().unwrap());
    let supervisor = app.person(id).await.unwrap();
    while app.open_reviews(&supervisor).await.unwrap() == 0 {
        for case in all
            .iter()
            .filter(|case| case.authority == verifier.authority)
        {
            let case = CaseId(case.id);
            app.see_case(&verifier, case, "case").await.unwrap();
        }
    }
}

/// What only an installation with several authorities has: the choice of one, one action on many cases, handing over.
async fn tour_of_several(service: &Service, width: Width) {
    let browser = Browser::open(width).await;
    let at = |path: &str| format!("{}{path}", service.address);
    look(&browser, &at("/"), "16-where").await;
    look(&browser, &at("/at/westbury/a-question"), "17-way-in").await;
    browser.goto(&at("/staff/sign-in")).await;
    browser.fill("Name", "supervisor-1").await;
    browser.fill("Password", "demonstration").await;
    browser.press("Sign in").await;
    look(&browser, &at("/staff"), "18-desk-of-a-supervisor").await;
    look(&browser, &at("/staff/messages"), "23-messages").await;
    let message = first(&browser, ".govuk-summary-card a").await;
    look(&browser, &message, "24-message").await;
    browser.press("Settled another way").await;
    browser.screenshot("25-message-with-errors").await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "25-message-with-errors: {faults:?}");
    look(&browser, &at("/staff/looks"), "26-looks").await;
    let review = first(&browser, ".govuk-summary-card__actions a").await;
    look(&browser, &review, "27-look").await;
    browser.press("In order").await;
    browser.screenshot("28-look-with-errors").await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "28-look-with-errors: {faults:?}");
    look(&browser, &at("/staff/keeping"), "86-keeping").await;
    let scheme = "/staff/schemes/dvds-england-wales";
    look(
        &browser,
        &at(&format!("{scheme}/many/reopen_for_review")),
        "19-many",
    )
    .await;
    browser.press("Do this for every case").await;
    browser.screenshot("20-many-with-errors").await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "20-many-with-errors: {faults:?}");
    look(&browser, &at(scheme), "21-scheme-of-several").await;
    browser.goto(&at("/staff")).await;
    let queue = first(&browser, ".app-desk__link").await;
    browser.goto(&queue).await;
    let case = first(&browser, "td a, th a").await;
    look(&browser, &format!("{case}/do/transfer"), "22-transfer").await;
    look(&browser, &format!("{case}/ties"), "32-who-may-see-it").await;
    browser.press("Record").await;
    browser.screenshot("33-who-may-see-it-with-errors").await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(
        faults.is_empty(),
        "33-who-may-see-it-with-errors: {faults:?}"
    );
    browser.choose("Restricted").await;
    browser
        .fill("Why", "He is married to one of our sergeants")
        .await;
    browser.press("Record").await;
    look(&browser, &format!("{case}/ties"), "34-restricted").await;
    let tie = first(&browser, ".app-section a").await;
    look(&browser, &tie, "35-end-of-a-tie").await;
    let browser = Browser::open(width).await;
    browser.goto(&at("/staff/sign-in")).await;
    browser.fill("Name", STRANGER).await;
    browser.fill("Password", "demonstration").await;
    browser.press("Sign in").await;
    look(&browser, &at("/staff"), "36-desk-without-an-agreement").await;
}

/// Somebody whose agency has agreed nothing.
const STRANGER: &str = "stranger";

async fn somebody_of_an_agency_without_an_agreement(app: &Arc<App>) {
    let password_hash = hash_password("demonstration".to_owned()).await.unwrap();
    let person = NewPerson {
        sign_in_name: STRANGER.to_owned(),
        name: "Perran Nance".to_owned(),
        email: "stranger@example.org".to_owned(),
        role: "member".to_owned(),
        agency: "education".to_owned(),
        authority: "westbury".to_owned(),
        password_hash: Some(password_hash),
    };
    app.add_person(person).await.unwrap();
}

#[tokio::test]
async fn every_kind_of_page_of_several_authorities() {
    let service = Service::demonstration_of("dvds-england-wales").await;
    some_mail_goes_wrong(&service.app).await;
    some_looks_are_drawn(&service.app).await;
    somebody_of_an_agency_without_an_agreement(&service.app).await;
    for width in [Width::Narrow, Width::Desk] {
        tour_of_several(&service, width).await;
    }
}

/// Somebody signed in to the demonstration.
pub async fn signed_in(service: &Service, width: Width, name: &str) -> Browser {
    let browser = Browser::open(width).await;
    let at = format!("{}/staff/sign-in", service.address);
    browser.goto(&at).await;
    browser.fill("Name", name).await;
    browser.fill("Password", "demonstration").await;
    browser.press("Sign in").await;
    browser
}

/// The page that is open, looked at like any other.
async fn look_here(browser: &Browser, name: &str) {
    browser.screenshot(name).await;
    browser.no_sideways_scroll().await;
    let faults = browser.axe().await;
    assert!(faults.is_empty(), "{name}: {faults:?}");
}

/// All cases that wait but the last come to the meeting at this address.
async fn some_cases_are_listed(app: &Arc<App>, meeting: &str) {
    let coordinator = app.account_named("coordinator").await.unwrap();
    let id = StaffId(coordinator.id.parse().unwrap());
    let waiting = app.see_meetings(&app.person(id).await.unwrap()).await;
    let waiting = waiting.unwrap().waiting;
    let meeting = meeting.rsplit('/').next().unwrap();
    let meeting = MeetingId(meeting.parse().unwrap());
    assert!(waiting.len() > 1, "cases of the demonstration wait");
    for one in &waiting[1..] {
        let case = CaseId(one.case.id);
        let listed = app.put_on_agenda(&coordinator, meeting, case, None);
        listed.await.unwrap();
    }
}

/// Some minutes before the hour of the meeting.
const BEGINS: &str = "2026-11-26T09:55:00Z";

/// A meeting from its calling to its minutes.
async fn tour_of_a_meeting(service: &Service, width: Width) {
    let at = |path: &str| format!("{}{path}", service.address);
    let cora = signed_in(service, width, "coordinator").await;
    look(&cora, &at("/staff/meetings"), "40-meetings").await;
    cora.goto(&at("/staff/meetings/new?form=extraordinary"))
        .await;
    cora.press("Call the meeting").await;
    look_here(&cora, "41-call-a-meeting-with-errors").await;
    for (label, text) in [
        ("Day", "26"),
        ("Month", "11"),
        ("Year", "2026"),
        ("Begins", "10:00"),
        ("Ends", "12:00"),
        ("Place or link", "Room 4, the harbour office"),
        ("Why it is called", "Two cases cannot wait for December"),
    ] {
        cora.fill(label, text).await;
    }
    cora.press("Call the meeting").await;
    let meeting: String = cora.driver.current_url().await.unwrap().into();
    let meeting = meeting.split('?').next().unwrap().to_owned();
    some_cases_are_listed(&service.app, &meeting).await;
    look(&cora, &at("/staff/meetings"), "42-meetings-to-come").await;
    look(&cora, &meeting, "43-meeting-to-come").await;
    cora.press("Settle the agenda").await;
    look(&cora, &meeting, "43-before-the-room-opens").await;
    drop(cora);

    let begins: Timestamp = BEGINS.parse().unwrap();
    service
        .clock
        .advance(begins.duration_since(service.clock.now()));
    let chair = signed_in(service, width, "chair").await;
    chair.goto(&meeting).await;
    chair.press("I am here").await;
    look_here(&chair, "44-meeting-settled-with-errors").await;
    chair.choose("I accept that what is said and shown here stays in the room, and is used only to keep people safe").await;
    chair.press("I am here").await;
    chair.press("Begin the meeting").await;
    look(&chair, &meeting, "45-meeting-under-way").await;
    look(&chair, &format!("{meeting}/pack"), "83-the-papers").await;
    chair.goto(&meeting).await;
    chair.press("End the meeting").await;
    look(&chair, &meeting, "46-minutes").await;
    let minutes = format!("{meeting}/minutes");
    look(&chair, &minutes, "84-minutes-as-one-document").await;
    drop(chair);
    let cora = signed_in(service, width, "coordinator").await;
    let works = at("/staff/schemes/dsdas-scotland/forum");
    look(&cora, &works, "47-how-the-forum-works").await;
    who_is_named(&cora, &format!("{works}/contacts")).await;
}

/// Somebody is named for each agency that has members in the demonstration.
async fn who_is_named(cora: &Browser, named: &str) {
    cora.goto(named).await;
    for (number, senior) in [(0, true), (1, false)] {
        let folds = cora.driver.find_all(By::Css("details")).await.unwrap();
        let fold = &folds[number];
        let press = async |css: &str| {
            let element = fold.find(By::Css(css)).await.unwrap();
            element.click().await.unwrap();
        };
        press("summary").await;
        press("option:nth-child(2)").await;
        press("input[value=contact]").await;
        if senior {
            press("input[value=yes]").await;
        }
        let button = async || {
            let folds = cora.driver.find_all(By::Css("details")).await.unwrap();
            folds[number].find(By::Css("button")).await.unwrap()
        };
        cora.leave_by(button, "name somebody").await;
        cora.goto(named).await;
    }
    look(cora, named, "48-who-is-named").await;
    let fold = cora.driver.find(By::Css("details summary")).await.unwrap();
    fold.click().await.unwrap();
    let button = By::Css("details[open] button");
    let button = async || cora.driver.find(button.clone()).await.unwrap();
    cora.leave_by(button, "name nobody").await;
    look_here(cora, "49-who-is-named-with-errors").await;
}

#[tokio::test]
async fn every_page_of_a_meeting() {
    for width in [Width::Narrow, Width::Desk] {
        let service = Service::demonstration().await;
        tour_of_a_meeting(&service, width).await;
    }
}
