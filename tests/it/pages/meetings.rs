//! The meetings of the forum as people see them who call them, come to them and read their minutes.

use axum::http::StatusCode;
use clares_law::app::meetings::{MeetingRequest, Naming, Place};
use clares_law::app::ties::NewTie;
use clares_law::domain::id::{CaseId, MeetingId, StaffId};
use clares_law::domain::tie::TieKind;
use clares_law::engine::command::Actor;
use clares_law::engine::meeting::ask::Ask;
use clares_law::engine::meeting::event::Promise;
use jiff::civil::date;
use uuid::Uuid;

use super::sound::sound;
use crate::support::app::TestApp;
use crate::support::browser::{Browser, select};
use crate::support::world::{scenario, steps_before};

/// A meeting that anybody may call.
const TYPED: [(&str, &str); 7] = [
    ("form", "extraordinary"),
    ("date-day", "12"),
    ("date-month", "November"),
    ("date-year", "2026"),
    ("starts_at", "10.00"),
    ("ends_at", "1200"),
    ("place", "Room 4, the harbour office"),
];
const WHY: (&str, &str) = ("because", "Two cases cannot wait for December");

/// An installation with a case that waits for the forum, and those who meet.
struct Forum {
    test: TestApp,
    case: CaseId,
    coordinator: Actor,
    chair: Actor,
}

impl Forum {
    async fn new() -> Self {
        let test = TestApp::of("dsdas-scotland").await;
        let way = scenario("A member sends back a decision not to disclose");
        let case = test.case_of(way).await;
        for step in &way.steps[..steps_before(way, "record_agency_returns")] {
            test.step(case, way, step).await;
        }
        let coordinator = test.add("cora", "coordinator").await;
        let chair = test.add("chris", "chair").await;
        test.add_for("health", "hanna", "member").await;
        test.add_for("housing", "hugo", "member").await;
        Self {
            test,
            case,
            coordinator,
            chair,
        }
    }

    async fn reference(&self) -> String {
        self.test.load(self.case).await.case.reference
    }

    async fn ask(&self, meeting: MeetingId, actor: &Actor, ask: Ask) {
        let request = MeetingRequest {
            meeting,
            ask,
            key: None,
            actor: actor.clone(),
        };
        self.test.app.ask(request).await.unwrap();
    }

    /// A meeting with the case on its agenda.
    async fn listed(&self) -> MeetingId {
        let meeting = self.test.meeting().await;
        let listed = self
            .test
            .app
            .put_on_agenda(&self.coordinator, meeting, self.case, None);
        listed.await.unwrap();
        meeting
    }

    /// The same, under way, with the chair in the room.
    async fn begun(&self) -> MeetingId {
        let meeting = self.listed().await;
        self.ask(meeting, &self.coordinator, Ask::SealAgenda).await;
        let circulated = self.test.act(self.case, &self.coordinator, "circulate");
        circulated.await.unwrap();
        self.test.opens(meeting).await;
        for ask in [Ask::Accept, Ask::Come, Ask::Begin] {
            self.ask(meeting, &self.chair, ask).await;
        }
        meeting
    }

    async fn at(&self, name: &str, meeting: MeetingId) -> Browser {
        let mut browser = self.test.signed_in(name).await;
        assert_eq!(browser.get(&page(meeting)).await, StatusCode::OK);
        sound(&browser);
        browser
    }
}

fn page(meeting: MeetingId) -> String {
    format!("/staff/meetings/{meeting}")
}

#[tokio::test]
async fn a_coordinator_calls_a_meeting_for_what_fits_in_no_other() {
    let forum = Forum::new().await;
    let reference = forum.reference().await;
    let mut browser = forum.test.signed_in("cora").await;
    let to = browser.link("Meetings");
    browser.get(&to).await;
    sound(&browser);
    assert_eq!(browser.heading(), "Meetings");
    assert_eq!(select(&browser.html, "title"), ["Meetings – Case work"]);
    assert!(browser.has("No meeting has been called."));
    assert!(browser.has(&reference) && browser.has("No meeting that has been called is in time"));
    browser.link("Call a meeting in writing");

    let to = browser.link("Call an extraordinary meeting");
    browser.get(&to).await;
    sound(&browser);
    let chosen = select(&browser.html, "input[checked][value=extraordinary]");
    assert_eq!(chosen.len(), 1);
    let (send_to, first) = browser.form(&[TYPED.as_slice(), &[WHY]].concat(), "Call the meeting");
    for (field, typed, said) in [
        ("date-day", "31", "There is no such date"),
        ("starts_at", "soon", "Enter when it begins, such as 10:00"),
        ("ends_at", "09:00", "It has to end after it begins"),
        ("place", " ", "Say where, or give the link"),
        ("because", "", "Say why it cannot wait for the next one"),
    ] {
        let mut fields = [TYPED.as_slice(), &[WHY]].concat();
        fields.retain(|(name, _)| *name != field);
        fields.push((field, typed));
        let status = browser.send(&fields, "Call the meeting").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        sound(&browser);
        assert_eq!(select(&browser.html, ".govuk-error-summary a"), [said]);
        for (name, value) in fields {
            let kept = ["form", "because"].contains(&name)
                || browser.html.contains(&format!("value=\"{value}\""));
            assert!(kept || value.trim().is_empty(), "L17: {name} after {field}");
        }
    }
    // In the night in which the clocks go forward there is no half past one.
    let mut night = [TYPED.as_slice(), &[WHY]].concat();
    night.retain(|(name, _)| !name.starts_with("date") && *name != "starts_at");
    night.extend([
        ("date-day", "28"),
        ("date-month", "3"),
        ("date-year", "2027"),
        ("starts_at", "01:30"),
    ]);
    browser.send(&night, "Call the meeting").await;
    assert!(browser.has("the clocks go forward"));

    // Sent twice by a double click, it is one meeting (L16).
    browser.post(&send_to, &first).await;
    let meeting = browser.path.clone();
    sound(&browser);
    assert_eq!(
        browser.heading(),
        "Extraordinary meeting, Thursday 12 November 2026"
    );
    assert!(browser.has("Two cases cannot wait for December"));
    assert!(browser.has("Thursday 12 November 2026, 10:00 to 12:00"));
    browser.post(&send_to, &first).await;
    assert_eq!(browser.path, meeting);
    assert_eq!(forum.test.count("select count(*) from meetings").await, 1);

    browser.get("/staff/meetings").await;
    sound(&browser);
    assert!(browser.has("0 cases. Room 4") && browser.has("of its 8 places are taken."));
    let button = "Put on this agenda";
    browser.send(&[], button).await;
    sound(&browser);
    assert!(browser.has("The case is on the agenda."));
    assert!(browser.has("1 case. Room 4") && browser.has("No case waits for a meeting."));
    assert!(!select(&browser.html, "title").join("").contains(&reference));
}

#[tokio::test]
async fn l10_whoever_has_a_conflict_finds_neither_the_case_nor_what_is_asked_about_it() {
    let forum = Forum::new().await;
    let meeting = forum.listed().await;
    let reference = forum.reference().await;
    let hanna = forum.test.app.account_named("hanna").await.unwrap();
    let mut browser = forum.at("hanna", meeting).await;
    assert!(browser.has(&reference) && browser.has("Answer for your agency"));
    browser.get("/staff/meetings").await;
    assert!(browser.has("Answers your agency owes") && browser.has("1 case. Room 4"));
    assert_eq!(
        browser.link(&reference),
        format!("{}/cases/{}", page(meeting), forum.case)
    );

    let id: Uuid = hanna.id.parse().unwrap();
    let person = forum.test.app.person(StaffId(id)).await.unwrap();
    let tie = NewTie {
        kind: TieKind::Declared,
        who: Some(id),
        because: "She is my sister".to_owned(),
    };
    let tied = forum.test.app.tie(&person, forum.case, tie, None);
    tied.await.unwrap();
    for path in ["/staff/meetings".to_owned(), page(meeting)] {
        browser.get(&path).await;
        sound(&browser);
        assert!(!browser.html.contains(&reference), "{path}");
        assert!(!browser.html.contains(&forum.case.to_string()), "{path}");
    }
    assert!(browser.has("No case is on the agenda."));
    browser.get("/staff/meetings").await;
    assert!(browser.has("0 cases. Room 4") && !browser.has("Answers your agency owes"));
}

#[tokio::test]
async fn a_meeting_is_settled_begun_and_driven_from_its_page() {
    let forum = Forum::new().await;
    let meeting = forum.listed().await;
    let mut cora = forum.at("cora", meeting).await;
    assert!(cora.has("have not said.") && !cora.has("needed are here."));
    assert!(cora.has("answers in. Until"));
    cora.send(&[("because", " ")], "Move the meeting").await;
    assert_eq!(cora.status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&cora);
    assert_eq!(select(&cora.html, ".govuk-error-summary a"), ["Say why"]);
    assert_eq!(
        select(&cora.html, "details[open] button"),
        ["Move the meeting"]
    );
    cora.send(
        &[("place", "Room 9"), ("because", "Room 4 is flooded")],
        "Move the meeting",
    )
    .await;
    sound(&cora);
    assert!(cora.has("Room 9") && cora.has("Room 4 is flooded"));
    cora.send(&[], "Settle the agenda").await;
    sound(&cora);
    assert!(cora.has("Agenda settled") && !cora.html.contains(">Settle the agenda<"));
    let circulated = forum.test.act(forum.case, &forum.coordinator, "circulate");
    circulated.await.unwrap();

    let mut chris = forum.at("chris", meeting).await;
    let opens_at = forum.test.opens_at(meeting).await;
    let opens_at = opens_at.to_zoned(jiff::tz::TimeZone::get("Europe/London").unwrap());
    let from = opens_at.strftime("%-d %B, %H:%M");
    let early = &format!("You can say that you are here from {from}.");
    assert!(chris.has(early) && chris.has("I am coming"));
    assert!(!chris.html.contains("I am here"));
    let sent = [("form-does", "i-am-here"), ("accepted", "yes")];
    let sent = sent.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let refused = chris.post(&page(meeting), &sent).await;
    assert_eq!(refused, StatusCode::CONFLICT);
    sound(&chris);
    assert!(chris.has("There is a problem") && chris.has("have not said."));
    assert!(chris.html.contains(early) && !chris.html.contains("I am here"));

    forum.test.opens(meeting).await;
    let mut chris = forum.at("chris", meeting).await;
    assert!(!chris.html.contains("Begin the meeting") && !chris.has(early));
    chris.send(&[], "I am here").await;
    assert_eq!(chris.status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&chris);
    assert!(chris.has("Accept first that what is said stays in the room"));
    chris.send(&[("accepted", "yes")], "I am here").await;
    sound(&chris);
    // In the room it goes without saying; the minutes say it.
    assert!(chris.has("chris, Chair of the forum: here since") && !chris.has("Accepted at"));
    chris.send(&[], "I leave the meeting").await;
    assert!(chris.has("here from"));
    chris.send(&[], "I am here again").await;
    chris.send(&[], "Begin the meeting").await;
    sound(&chris);
    assert!(chris.has("Under way"));

    let mut hugo = forum.at("hugo", meeting).await;
    assert!(
        !hugo.html.contains("Come to this case") && !hugo.html.contains("Call the meeting off")
    );
    hugo.send(&[("because", "The boiler room is on fire")], "Apologise")
        .await;
    sound(&hugo);
    assert!(hugo.has("Apologies: The boiler room is on fire"));
    let refused =
        [("form-does", "end-meeting")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(
        hugo.post(&page(meeting), &refused).await,
        StatusCode::FORBIDDEN
    );
    sound(&hugo);
    assert!(hugo.has("There is a problem") && hugo.has("This is done by: Chair of the forum"));

    chris.get(&page(meeting)).await;
    let (to, pairs) = chris.form(&[], "Come to this case");
    chris.post(&to, &pairs).await;
    assert_eq!(
        chris.path,
        format!("{}/cases/{}", page(meeting), forum.case)
    );
    chris.get(&page(meeting)).await;
    sound(&chris);
    assert!(chris.has("Now") && chris.has("The meeting came to it at"));
    assert!(!chris.html.contains("Take it off"));
}

#[tokio::test]
async fn the_minutes_are_the_record_itself_and_are_approved_as_they_were_read() {
    let forum = Forum::new().await;
    let meeting = forum.begun().await;
    let take = Ask::Take { case: forum.case };
    forum.ask(meeting, &forum.chair, take).await;
    let promise = Promise {
        id: Uuid::from_u128(7),
        case: Some(forum.case),
        agency: "housing".to_owned(),
        what: "Find her a flat".to_owned(),
        by: date(2026, 11, 20),
    };
    forum
        .ask(meeting, &forum.chair, Ask::Promise(promise))
        .await;

    let mut hugo = forum.at("hugo", meeting).await;
    assert!(hugo.has("Find her a flat"));
    hugo.send(&[], "Record").await;
    assert_eq!(hugo.status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&hugo);
    assert!(hugo.has("Choose what became of it"));
    hugo.send(&[("became", "was-not-possible"), ("because", "")], "Record")
        .await;
    sound(&hugo);
    assert_eq!(select(&hugo.html, ".govuk-error-summary a"), ["Say why"]);
    let kept = select(&hugo.html, "input[checked][value=was-not-possible]");
    assert_eq!(kept.len(), 1, "L17");
    hugo.send(
        &[("became", "was-not-possible"), ("because", "None is free")],
        "Record",
    )
    .await;
    sound(&hugo);
    assert!(hugo.has("Not possible") && hugo.has("None is free"));

    let mut chris = forum.at("chris", meeting).await;
    assert!(chris.has("1 case is not settled."));
    chris.send(&[], "End the meeting").await;
    sound(&chris);
    assert_eq!(select(&chris.html, "title"), ["Minutes – Case work"]);
    assert!(chris.has("Minutes open for comments") && chris.has("None came from:"));
    assert!(chris.has("Not settled. It waits for another meeting.") && chris.has("Accepted at"));
    let (to, read) = chris.form(&[], "Approve the minutes");

    let mut cora = forum.at("cora", meeting).await;
    let comment = ("text", "Housing sent a letter too");
    let (to_comment, mut sent) = cora.form(&[comment], "Comment");
    cora.post(&to_comment, &sent).await;
    sound(&cora);
    assert!(cora.has("Housing sent a letter too"));
    // Other words under the same key are not taken, and come back.
    let text = sent.iter_mut().find(|(name, _)| name == "text").unwrap();
    text.1 = "And a second one".to_owned();
    assert_eq!(cora.post(&to_comment, &sent).await, StatusCode::CONFLICT);
    sound(&cora);
    assert!(cora.has("This was sent before with other words"));
    assert_eq!(
        select(&cora.html, "textarea[name=text]"),
        ["And a second one"]
    );
    // What was read is not what stands there now.
    assert_eq!(chris.post(&to, &read).await, StatusCode::CONFLICT);
    sound(&chris);
    assert!(chris.has("Somebody has added something since you opened this page"));
    assert!(chris.has("Housing sent a letter too"));
    chris.send(&[], "Approve the minutes").await;
    sound(&chris);
    assert!(chris.has("Minutes approved"));
    for over in ["Approve the minutes", "End the meeting", "I am here"] {
        assert!(!chris.has(over), "{over}");
    }

    chris.get("/staff/meetings").await;
    sound(&chris);
    assert!(chris.has("Meetings that are over") && !chris.has("Promised and open"));
}

#[tokio::test]
async fn what_is_no_meeting_of_theirs_is_nothing() {
    let forum = Forum::new().await;
    let meeting = forum.test.meeting().await;
    forum.test.add("ada", "administrator").await;
    for (name, path) in [
        ("cora", "/staff/meetings/nothing".to_owned()),
        ("hugo", "/staff/meetings/new".to_owned()),
        ("ada", "/staff/meetings".to_owned()),
        ("ada", page(meeting)),
    ] {
        let mut browser = forum.test.signed_in(name).await;
        assert_eq!(browser.get(&path).await, StatusCode::NOT_FOUND, "{path}");
        let posted = browser.post(&path, &[]).await;
        assert!(!posted.is_success(), "{path}: {posted}");
    }
}

/// The page on which it is kept who is named for each agency.
const NAMED: &str = "/staff/schemes/dsdas-scotland/forum/contacts";

#[tokio::test]
async fn it_is_kept_who_is_named_for_each_agency() {
    let forum = Forum::new().await;
    let hilda = forum.test.add_for("health", "hilda", "member").await;
    let mut cora = forum.test.signed_in("cora").await;
    cora.get("/staff/schemes/dsdas-scotland/forum").await;
    sound(&cora);
    let to = cora.link("Who is named for each agency");
    assert_eq!(to, NAMED);
    cora.get(&to).await;
    sound(&cora);
    assert!(cora.has("Health: nobody is named yet."));
    assert!(cora.has("Nobody who sits in the forum speaks for it"));

    // What was typed stays, in the form that it was typed into.
    let typed = [("who", hilda.id.as_str()), ("senior", "yes")];
    let status = cora.send(&typed, "Name them: Health").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&cora);
    let summary = select(&cora.html, ".govuk-error-summary a");
    assert_eq!(summary, ["Choose what they are"]);
    let open = "details[open] option[selected], details[open] input[checked] + label";
    let kept = select(&cora.html, open);
    assert_eq!(kept, ["hilda", "They can commit their agency (Health)"]);

    cora.send(&[("place", "deputy")], "Name them: Health").await;
    assert_eq!(cora.path, NAMED);
    sound(&cora);
    assert!(cora.has("hilda, deputy, can commit the agency") && cora.has("By cora."));
    let hanna = forum.test.app.account_named("hanna").await.unwrap();
    let contact = [("who", hanna.id.as_str()), ("place", "contact")];
    cora.send(&contact, "Name them: Health").await;
    sound(&cora);
    assert!(cora.has("hanna, contact") && cora.has("hilda, deputy"));

    let shut_out = forum.test.app.disable("hanna", "angus").await;
    assert!(shut_out.unwrap());
    cora.get(NAMED).await;
    assert!(cora.has("hanna, contact. Not counted: their account is shut out."));
    cora.send(&[], "Take out: hanna").await;
    sound(&cora);
    assert!(cora.has("Health, hanna, taken out. By cora."));
    for name in ["chris", "hugo"] {
        let mut browser = forum.test.signed_in(name).await;
        assert_eq!(browser.get(NAMED).await, StatusCode::NOT_FOUND, "{name}");
        browser.get("/staff/schemes/dsdas-scotland/forum").await;
        assert!(!browser.html.contains(NAMED), "{name}");
    }
}

#[tokio::test]
async fn l10_a_meeting_tells_who_is_named_and_not_who_is_kept_away() {
    let forum = Forum::new().await;
    forum.test.add_for("health", "hilda", "member").await;
    for (name, place) in [("hanna", Place::Contact), ("hilda", Place::Deputy)] {
        let account = forum.test.app.account_named(name).await.unwrap();
        let naming = Naming {
            agency: "health".to_owned(),
            who: account.id.parse().ok(),
            place: Some(place),
            senior: false,
        };
        let app = &forum.test.app;
        let named = app.name_contact(&forum.coordinator, "dsdas-scotland", naming, None);
        named.await.unwrap();
    }
    let meeting = forum.test.meeting().await;
    let mut seen = Vec::new();
    for listed in [false, true] {
        if listed {
            let account = forum.test.app.account_named("hanna").await.unwrap();
            let id: Uuid = account.id.parse().unwrap();
            let person = forum.test.app.person(StaffId(id)).await.unwrap();
            let tie = NewTie {
                kind: TieKind::Declared,
                who: Some(id),
                because: "She is my sister".to_owned(),
            };
            let tied = forum.test.app.tie(&person, forum.case, tie, None);
            tied.await.unwrap();
            let coordinator = &forum.coordinator;
            let app = &forum.test.app;
            let listed = app.put_on_agenda(coordinator, meeting, forum.case, None);
            listed.await.unwrap();
        }
        for name in ["cora", "chris", "hugo", "hanna", "hilda"] {
            let browser = forum.at(name, meeting).await;
            assert!(browser.has("Asked: hanna, contact"), "{name}");
            assert!(!browser.has("Asked: hilda"), "{name}");
            seen.push(select(&browser.html, ".govuk-grid-column-one-third").join(" "));
        }
    }
    let (before, after) = seen.split_at(5);
    assert_eq!(before, after);
}

#[tokio::test]
async fn somebody_says_that_they_come_and_takes_it_back() {
    let forum = Forum::new().await;
    let meeting = forum.listed().await;
    let mut hugo = forum.at("hugo", meeting).await;
    assert!(hugo.has("Who comes") && hugo.has("Has not said whether anybody comes"));
    hugo.send(&[], "I am coming").await;
    sound(&hugo);
    assert!(hugo.has("hugo comes") && !hugo.html.contains(">I am coming<"));
    let mut cora = forum.at("cora", meeting).await;
    assert!(cora.has("hugo comes") && !cora.html.contains(">I am coming<"));
    assert!(hugo.has("I do not come after all"));
    hugo.send(&[("because", "On leave")], "Apologise").await;
    sound(&hugo);
    assert!(hugo.has("Apologies: On leave") && !hugo.has("hugo comes"));
    cora.get(&page(meeting)).await;
    assert!(cora.has("Apologies: On leave") && !cora.has("hugo comes"));
    hugo.send(&[], "I am coming").await;
    assert!(hugo.has("hugo comes") && !hugo.has("Apologies"));
}
