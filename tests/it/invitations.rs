//! What members are told of meetings: a reminder where their agency's answer is awaited, and an appointment for their own calendar.
//! Neither says what it is about.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{StatusCode, header};
use clares_law::app::meetings::MeetingRequest;
use clares_law::domain::class::FieldClass;
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::domain::tie::TieKind;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::roles::Banned;
use clares_law::engine::meeting::ask::{Ask, Convening};
use clares_law::engine::meeting::event::{Form, Sitting};
use clares_law::store::At;
use clares_law::store::meeting_rows;
use clares_law::store::meetings::ReturnRow;
use clares_law::store::outbox::MessageRow;
use clares_law::store::ties::TieRow;
use clares_law::worker;
use icalendar::{Calendar, CalendarComponent, Component as _, Event};
use jiff::{Timestamp, ToSpan as _};
use serde_json::json;

use crate::support::agreement::only;
use crate::support::app::TestApp;
use crate::support::house::House;
use crate::support::post::folder_mailer;
use crate::support::world::{
    AUTHORITY, answers, dsdas, received, scenarios, shipped, steps_before,
};

const PLACE: &str = "Conference room of the partnership";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The forum meets two hours from then on.
fn sitting(starts_at: Timestamp) -> Sitting {
    Sitting {
        starts_at,
        ends_at: starts_at + 2.hours(),
        place: PLACE.to_owned(),
    }
}

async fn convene(house: &House, by: &Actor, starts_at: Timestamp) -> MeetingId {
    let convening = Convening {
        authority: AUTHORITY.to_owned(),
        form: Form::Regular,
        series: None,
        sitting: sitting(starts_at),
        because: String::new(),
    };
    let scheme = &dsdas().scheme.scheme;
    let called = house.app.convene(by, scheme, convening, None).await;
    called.unwrap()
}

async fn ask(house: &House, by: &Actor, meeting: MeetingId, ask: Ask) {
    let request = MeetingRequest {
        meeting,
        ask,
        key: None,
        actor: by.clone(),
    };
    house.app.ask(request).await.unwrap();
}

/// A case that waits for the forum.
async fn case_for_the_forum(house: &House) -> CaseId {
    let scenario = scenarios()
        .iter()
        .find(|scenario| scenario.steps.iter().any(|step| *step.does == *"convene"))
        .unwrap();
    house.clock.set(received(scenario));
    let case = house.case_of(scenario).await;
    for step in &scenario.steps[..steps_before(scenario, "record_agency_returns")] {
        house.step(case, scenario, step).await;
    }
    case
}

/// A meeting with one case on its agenda, two weeks off, and what was sent until then out of the way.
struct Forum {
    house: House,
    coordinator: Actor,
    meeting: MeetingId,
    case: CaseId,
}

impl Forum {
    async fn with(people: &[(&str, &str, &str)]) -> Self {
        let house = House::new().await;
        let case = case_for_the_forum(&house).await;
        let coordinator = house.hire("ailsa", "coordinator").await;
        for (agency, name, role) in people {
            house.account_for(agency, name, role, None).await;
        }
        let meeting = convene(&house, &coordinator, house.clock.now() + (24 * 14).hours()).await;
        let listed = house.app.put_on_agenda(&coordinator, meeting, case, None);
        listed.await.unwrap();
        house.tamper("update outbox set status = 'settled'").await;
        Self {
            house,
            coordinator,
            meeting,
            case,
        }
    }

    async fn remind(&self) -> usize {
        let lease = self.house.lease("meetings").await;
        self.house.app.remind_agencies(&lease).await.unwrap()
    }

    async fn returns(&self) -> Vec<ReturnRow> {
        let mut tx = self.house.app.db.begin_read().await.unwrap();
        let rows = meeting_rows::rows(&mut tx, self.meeting.0).await.unwrap();
        rows.unwrap().returns
    }

    async fn due_at(&self) -> Timestamp {
        self.returns().await[0].due_at.timestamp()
    }

    /// How often each agency was reminded that was.
    async fn reminders(&self) -> BTreeMap<String, i64> {
        let rows = self.returns().await.into_iter();
        let reminded = rows.filter(|row| row.reminders > 0);
        reminded.map(|row| (row.agency, row.reminders)).collect()
    }

    /// The names of those to whom a message waits, and each is put away.
    async fn told(&self) -> Vec<String> {
        let names = self.house.app.names().await.unwrap();
        let waiting = self.house.messages().await;
        self.house
            .tamper("update outbox set status = 'settled'")
            .await;
        for row in &waiting {
            assert_eq!(
                (&*row.message, row.case_id, row.meeting_id),
                ("staff_task", None, None)
            );
        }
        let mut told: Vec<_> = waiting
            .iter()
            .map(|row| names[&row.recipient].clone())
            .collect();
        told.sort();
        told
    }

    async fn tie(&self, who: &Actor) {
        let row = TieRow {
            id: self.house.app.chance.id(),
            case_id: self.case.0,
            staff_id: Some(who.id.parse().unwrap()),
            kind: TieKind::Declared.name().to_owned(),
            at: At::from(self.house.clock.now()),
            done_by: "test".to_owned(),
            because: "as a test wants it".to_owned(),
        };
        let mut tx = self.house.app.db.begin_write().await.unwrap();
        self.house.app.add_tie(&mut tx, &row).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn an_agency_is_reminded_before_its_answer_is_due_and_again_when_it_is_late() {
    let forum = Forum::with(&[
        ("health", "hugh", "member"),
        ("housing", "una", "member"),
        ("housing", "struan", "member"),
        ("", "iain", "supervisor"),
        ("", "morag", "chair"),
        ("housing", "effie", "auditor"),
    ])
    .await;
    let due_at = forum.due_at().await;
    // It is due at midnight after a Tuesday or so; the working day before begins a day earlier at least.
    forum.house.clock.set(due_at - (24 * 6).hours());
    assert_eq!(forum.remind().await, 0);
    forum.house.clock.set(due_at - 47.hours());
    assert_eq!(forum.remind().await, 3, "health, housing and the police");
    assert_eq!(forum.remind().await, 0, "once");
    assert_eq!(forum.told().await, ["hugh", "morag", "struan", "una"]);

    let answer = Ask::Answer {
        case: forum.case,
        agency: "health".to_owned(),
        answers: answers(json!({ "answer": "nothing_held" })),
    };
    ask(&forum.house, &forum.coordinator, forum.meeting, answer).await;
    forum.house.clock.set(due_at);
    assert_eq!(forum.remind().await, 2, "never after the answer came");
    assert_eq!(forum.remind().await, 0, "once");
    forum.house.wait(24);
    assert_eq!(forum.remind().await, 0, "and not each day");
    assert_eq!(
        forum.told().await,
        ["iain", "morag", "struan", "una"],
        "the senior too"
    );
    let expected = [("health", 1), ("housing", 2), ("police", 2)];
    let expected = expected.map(|(agency, number)| (agency.to_owned(), number));
    assert_eq!(forum.reminders().await, expected.into());
}

#[tokio::test]
async fn a_node_that_comes_late_reminds_once_and_not_twice() {
    let forum = Forum::with(&[("housing", "una", "member"), ("", "iain", "supervisor")]).await;
    forum.house.clock.set(forum.due_at().await + 1.hour());
    assert_eq!(forum.remind().await, 2);
    assert_eq!(forum.remind().await, 0);
    assert_eq!(forum.told().await, ["iain", "una"]);
    assert_eq!(forum.reminders().await["housing"], 1);
}

#[tokio::test]
async fn l10_whoever_is_kept_away_from_a_case_is_not_reminded_of_it() {
    let forum = Forum::with(&[("housing", "una", "member")]).await;
    let agnes = forum
        .house
        .account_for("health", "agnes", "member", None)
        .await;
    let bruce = forum
        .house
        .account_for("health", "bruce", "member", None)
        .await;
    forum.tie(&agnes).await;
    forum.house.clock.set(forum.due_at().await - 1.hour());
    forum.remind().await;
    assert_eq!(forum.told().await, ["bruce", "una"]);
    // Where nobody is left to be told, nobody was reminded.
    forum.tie(&bruce).await;
    forum.house.clock.set(forum.due_at().await + 1.hour());
    forum.remind().await;
    assert_eq!(forum.told().await, ["una"]);
    let expected = [("health", 1), ("housing", 2)];
    let expected = expected.map(|(agency, number)| (agency.to_owned(), number));
    assert_eq!(forum.reminders().await, expected.into());
}

#[tokio::test]
async fn a_reminder_by_hand_goes_out_and_stands_for_that_of_the_clock() {
    let forum = Forum::with(&[("housing", "una", "member")]).await;
    let by_hand = Ask::Remind {
        case: forum.case,
        agency: "housing".to_owned(),
    };
    ask(&forum.house, &forum.coordinator, forum.meeting, by_hand).await;
    assert_eq!(forum.told().await, ["una"]);
    forum.house.clock.set(forum.due_at().await - 1.hour());
    assert_eq!(forum.remind().await, 0);
}

#[tokio::test]
async fn nobody_is_reminded_for_a_meeting_that_was_called_off() {
    let forum = Forum::with(&[("housing", "una", "member")]).await;
    let because = "Snow".to_owned();
    ask(
        &forum.house,
        &forum.coordinator,
        forum.meeting,
        Ask::CallOff { because },
    )
    .await;
    forum
        .house
        .tamper("update outbox set status = 'settled'")
        .await;
    forum.house.clock.set(forum.due_at().await + 1.hour());
    assert_eq!(forum.remind().await, 0);
    assert_eq!(forum.told().await, [""; 0]);
}

// --- appointments ---

/// What stands in an appointment, by name, and what is done with it.
struct Entry {
    method: String,
    properties: BTreeMap<String, String>,
}

fn entry(text: &str) -> Entry {
    let calendar: Calendar = text.parse().unwrap();
    let method = calendar.property_value("METHOD").unwrap().to_owned();
    let [CalendarComponent::Event(event)] = &calendar.components[..] else {
        panic!("one appointment: {text}");
    };
    assert!(
        event.multi_properties().is_empty() && event.components().is_empty(),
        "{text}"
    );
    let own = |event: &Event| {
        let own = event.properties().iter();
        own.map(|(name, property)| (name.clone(), property.value().to_owned()))
            .collect()
    };
    Entry {
        method,
        properties: own(event),
    }
}

/// Sends what waits; answers the letters by the account that each was for.
async fn letters(house: &House) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let waiting: Vec<MessageRow> = house.messages().await;
    let mailer = folder_mailer(folder.path());
    while worker::outbox::step(&house.app, &mailer).await.unwrap() {}
    let names = house.app.names().await.unwrap();
    let letter = |row: MessageRow| {
        let file = format!("{}.eml", row.id.simple());
        let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
        (names[&row.recipient].clone(), text)
    };
    waiting.into_iter().map(letter).collect()
}

/// The appointment in a letter.
fn attached(letter: &str) -> Entry {
    let (_, rest) = letter.split_once("BEGIN:VCALENDAR").unwrap();
    let (inside, _) = rest.split_once("END:VCALENDAR").unwrap();
    entry(&format!("BEGIN:VCALENDAR{inside}END:VCALENDAR\r\n"))
}

fn says_nothing(text: &str) {
    let banned = &shipped().0["messages/banned.yaml"];
    let banned: Banned = banned.read().unwrap();
    // A line that is too long goes on after a space.
    let text = text.replace("\r\n ", "");
    assert_eq!(banned.first_in(&text), None, "{text}");
    let scheme = &dsdas().scheme;
    for telling in [
        PLACE,
        &*scheme.scheme,
        &*scheme.name,
        AUTHORITY,
        "room",
        "forum",
        "police",
    ] {
        assert!(
            !text.to_lowercase().contains(&telling.to_lowercase()),
            "{telling}: {text}"
        );
    }
}

/// What stands in an appointment and nothing else.
const STANDS: [&str; 9] = [
    "CLASS",
    "DESCRIPTION",
    "DTEND",
    "DTSTAMP",
    "DTSTART",
    "SEQUENCE",
    "STATUS",
    "SUMMARY",
    "UID",
];

#[tokio::test]
async fn l8_an_appointment_says_when_and_nothing_else() {
    let house = House::new().await;
    let coordinator = house.hire("ailsa", "coordinator").await;
    house.account_for("housing", "una", "member", None).await;
    let meeting = convene(&house, &coordinator, at("2026-11-19T10:00:00Z")).await;
    let sent = letters(&house).await;
    let letter = &sent["una"];
    says_nothing(letter);
    assert!(
        letter.contains("Subject: You have new tasks\r\n"),
        "{letter}"
    );
    assert!(letter.contains("filename=\"appointment.ics\""), "{letter}");
    assert_eq!(letter.matches("MIME-Version").count(), 1);
    let by_mail = attached(letter);
    assert_eq!(
        by_mail.properties["ORGANIZER"],
        "mailto:no-reply@example.org"
    );
    let by_hand = house.app.invitation(&coordinator, meeting).await.unwrap();
    says_nothing(&by_hand.text(None));
    let by_hand = entry(&by_hand.text(None));
    let names: BTreeSet<_> = by_hand.properties.keys().map(String::as_str).collect();
    assert_eq!(names, STANDS.into());
    assert_eq!(by_mail.properties.len(), STANDS.len() + 1);
    for one in [&by_mail, &by_hand] {
        let value = |name: &str| &*one.properties[name];
        assert_eq!(
            (value("SUMMARY"), value("CLASS")),
            ("Appointment", "PRIVATE")
        );
        assert_eq!(value("DESCRIPTION"), "Sign in for details.");
        assert_eq!(
            (value("DTSTART"), value("DTEND")),
            ("20261119T100000Z", "20261119T120000Z")
        );
        assert_eq!((value("STATUS"), &*one.method), ("CONFIRMED", "PUBLISH"));
        assert_eq!(value("UID"), meeting.to_string());
    }
}

#[tokio::test]
async fn an_appointment_moves_with_its_meeting_and_ends_with_it() {
    let house = House::new().await;
    let coordinator = house.hire("ailsa", "coordinator").await;
    house.account_for("housing", "una", "member", None).await;
    let meeting = convene(&house, &coordinator, at("2026-11-19T10:00:00Z")).await;
    let first = attached(&letters(&house).await["una"]);
    let because = "The room is taken".to_owned();
    for starts_at in ["2026-11-20T10:00:00Z", "2026-11-26T14:00:00Z"] {
        house.wait(1);
        let (sitting, because) = (sitting(at(starts_at)), because.clone());
        ask(
            &house,
            &coordinator,
            meeting,
            Ask::Move { sitting, because },
        )
        .await;
    }
    // Both moves are told, and each letter brings the date as it is now.
    let waiting = house.messages().await.len();
    let moved = attached(&letters(&house).await["una"]);
    assert_eq!(waiting, 2);
    house.wait(1);
    ask(&house, &coordinator, meeting, Ask::CallOff { because }).await;
    let off = attached(&letters(&house).await["una"]);
    let of = |name: &str| [&first, &moved, &off].map(|one| one.properties[name].clone());
    assert_eq!(of("UID"), [(); 3].map(|()| meeting.to_string()));
    assert_eq!(of("SEQUENCE"), ["0", "2", "3"]);
    assert_eq!(
        of("DTSTART"),
        ["20261119T100000Z", "20261126T140000Z", "20261126T140000Z"]
    );
    assert_eq!(of("STATUS"), ["CONFIRMED", "CONFIRMED", "CANCELLED"]);
    assert_eq!(
        [&*first.method, &*moved.method, &*off.method],
        ["PUBLISH", "PUBLISH", "CANCEL"]
    );
    assert!(of("DTSTAMP").is_sorted());
}

#[tokio::test]
async fn those_are_invited_who_sit_in_the_forum_and_whose_agency_has_agreed() {
    const DAYS: [&str; 2] = ["2026-06-02", "2027-01-22"];
    let library = only(shipped(), "housing", &[FieldClass::Subject], DAYS);
    let house = House::with(&library).await;
    let coordinator = house.hire("ailsa", "coordinator").await;
    for (agency, name, role) in [
        ("housing", "una", "member"),
        ("health", "hugh", "member"),
        ("housing", "effie", "auditor"),
        ("", "morag", "chair"),
        ("", "gone", "chair"),
        ("", "iain", "supervisor"),
    ] {
        house.account_for(agency, name, role, None).await;
    }
    house
        .tamper("update staff set disabled = not disabled where name = 'gone'")
        .await;
    convene(&house, &coordinator, at("2026-11-19T10:00:00Z")).await;
    let sent = letters(&house).await;
    let names: Vec<_> = sent.keys().map(String::as_str).collect();
    assert_eq!(names, ["morag", "una"]);
}

#[tokio::test]
async fn whoever_sits_in_it_no_more_has_the_appointment_struck_out_all_the_same() {
    let house = House::new().await;
    let coordinator = house.hire("ailsa", "coordinator").await;
    house.account_for("housing", "una", "member", None).await;
    let meeting = convene(&house, &coordinator, at("2026-11-19T10:00:00Z")).await;
    letters(&house).await;
    house
        .tamper("update staff set role = 'auditor' where name = 'una'")
        .await;
    house.account_for("health", "hugh", "auditor", None).await;
    house.wait(1);
    let because = "Snow".to_owned();
    ask(&house, &coordinator, meeting, Ask::CallOff { because }).await;
    let sent = letters(&house).await;
    let names: Vec<_> = sent.keys().map(String::as_str).collect();
    assert_eq!(names, ["una"], "nobody else had it");
    assert_eq!(attached(&sent["una"]).properties["STATUS"], "CANCELLED");
}

#[tokio::test]
async fn a_member_takes_the_appointment_from_the_site() {
    let test = TestApp::open().await;
    let coordinator = test.add("ailsa", "coordinator").await;
    test.add_for("housing", "una", "member").await;
    test.add("angus", "administrator").await;
    let meeting = convene(&test, &coordinator, at("2026-12-03T10:00:00Z")).await;
    let address = format!("/staff/meetings/{meeting}/invitation.ics");
    let mut browser = test.signed_in("una").await;
    assert_eq!(browser.get(&address).await, StatusCode::OK);
    let of = |name| browser.headers.get(name).unwrap().to_str().unwrap();
    assert_eq!(
        of(header::CONTENT_TYPE),
        "text/calendar; charset=utf-8; method=PUBLISH"
    );
    assert_eq!(
        of(header::CONTENT_DISPOSITION),
        "attachment; filename=\"appointment.ics\""
    );
    assert_eq!(of(header::CACHE_CONTROL), "no-store");
    assert_eq!(entry(&browser.html).properties["UID"], meeting.to_string());
    for unknown in ["00000000-0000-0000-0000-000000000000", "x"] {
        let address = format!("/staff/meetings/{unknown}/invitation.ics");
        assert_eq!(browser.get(&address).await, StatusCode::NOT_FOUND);
    }
    let mut without_cases = test.signed_in("angus").await;
    assert_eq!(without_cases.get(&address).await, StatusCode::NOT_FOUND);
    let mut nobody = test.browser();
    nobody.get(&address).await;
    assert!(nobody.path.starts_with("/staff/sign-in"), "{}", nobody.path);
}
