//! A case at the table: what is asked of each member comes first, what is sealed is on nobody's page, and nothing typed is lost.

use axum::http::StatusCode;
use clares_law::app::meetings::MeetingRequest;
use clares_law::app::ties::NewTie;
use clares_law::domain::id::{CaseId, MeetingId, StaffId};
use clares_law::domain::tie::TieKind;
use clares_law::engine::command::Actor;
use clares_law::engine::meeting::ask::{Ask, Convening};
use clares_law::engine::meeting::event::{Form, Sitting};
use jiff::SignedDuration;

use super::sound::sound;
use crate::looks::{log, new_since};
use crate::support::app::TestApp;
use crate::support::browser::{Browser, select};
use crate::support::database::without_room;
use crate::support::world::{AUTHORITY, scenario, steps_before};

/// Those who sit at the table, by their agency; the chair speaks for the police.
const MEMBERS: [(&str, &str); 3] = [
    ("housing", "ailsa"),
    ("social_work", "fraser"),
    ("victim_support", "kirsty"),
];

/// A meeting with one case on its agenda.
pub struct Table {
    pub test: TestApp,
    pub meeting: MeetingId,
    pub case: CaseId,
    pub others: Vec<CaseId>,
    pub chair: Actor,
    pub coordinator: Actor,
    pub members: Vec<Actor>,
}

impl Table {
    pub async fn laid() -> Self {
        Self::with(0).await
    }

    /// The same with so many more cases, all of them brought to the forum on the same day.
    pub async fn with(more: usize) -> Self {
        let test = TestApp::open().await;
        let walk = scenario("A member sends back a decision not to disclose");
        let case = test.case_of(walk).await;
        let steps = &walk.steps[..steps_before(walk, "record_agency_returns")];
        for step in steps {
            test.step(case, walk, step).await;
        }
        let mut others = Vec::new();
        for _ in 0..more {
            let other = test.case_of(walk).await;
            for step in steps {
                test.does(other, walk, step).await;
            }
            others.push(other);
        }
        let coordinator = test.add("duncan", "coordinator").await;
        let chair = test.add("shona", "chair").await;
        let mut members = Vec::new();
        for (agency, name) in MEMBERS {
            members.push(test.add_for(agency, name, "member").await);
        }
        let starts_at = test.clock.now() + SignedDuration::from_hours(7 * 24);
        let convening = Convening {
            authority: AUTHORITY.to_owned(),
            form: Form::Regular,
            series: None,
            sitting: Sitting {
                starts_at,
                ends_at: starts_at + SignedDuration::from_hours(2),
                place: "Room 4".to_owned(),
            },
            because: String::new(),
        };
        let called = test
            .app
            .convene(&coordinator, "dsdas-scotland", convening, None);
        let meeting = called.await.unwrap();
        for case in [&case].into_iter().chain(&others) {
            let listed = test.app.put_on_agenda(&coordinator, meeting, *case, None);
            listed.await.unwrap();
        }
        Self {
            test,
            meeting,
            case,
            others,
            chair,
            coordinator,
            members,
        }
    }

    /// Everybody has come, and the meeting is at the case.
    pub async fn taken() -> Self {
        let table = Self::laid().await;
        table.ask(&table.coordinator, Ask::SealAgenda).await;
        let circulated = table.test.act(table.case, &table.coordinator, "circulate");
        circulated.await.unwrap();
        table.test.opens(table.meeting).await;
        for who in table.members.iter().chain([&table.chair]) {
            table.ask(who, Ask::Accept).await;
            table.ask(who, Ask::Come).await;
        }
        table.ask(&table.chair, Ask::Begin).await;
        let case = table.case;
        table.ask(&table.chair, Ask::Take { case }).await;
        table
    }

    pub async fn ask(&self, actor: &Actor, ask: Ask) {
        let request = MeetingRequest {
            meeting: self.meeting,
            ask,
            key: None,
            actor: actor.clone(),
        };
        self.test.app.ask(request).await.unwrap();
    }

    pub fn item(&self) -> String {
        format!("/staff/meetings/{}/cases/{}", self.meeting, self.case)
    }

    async fn version(&self, browser: &mut Browser) -> String {
        let asked = format!("/staff/meetings/{}/version", self.meeting);
        assert_eq!(browser.get(&asked).await, StatusCode::OK);
        browser.html.clone()
    }
}

/// What one of the page's forms would send, but for what is typed.
fn carried(browser: &Browser, form: &str) -> Vec<(String, String)> {
    let page = scraper::Html::parse_document(&browser.html);
    let fields = crate::support::browser::css(&format!("form#{form} input[type=hidden]"));
    let pairs = page.select(&fields).map(|field| {
        let of = |name| field.value().attr(name).unwrap_or_default().to_owned();
        (of("name"), of("value"))
    });
    pairs.collect()
}

/// Fills in one of the page's forms and sends it.
async fn send(browser: &mut Browser, form: &str, typed: &[(&str, &str)]) -> StatusCode {
    let mut pairs = carried(browser, form);
    assert!(!pairs.is_empty(), "no form {form}: {}", browser.text());
    let typed = typed
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_string()));
    pairs.extend(typed);
    let path = browser.path.split(['?', '#']).next().unwrap().to_owned();
    browser.post(&path, &pairs).await
}

const VIEW: [(&str, &str); 5] = [
    ("view", "disclose"),
    ("lawful", "yes"),
    ("necessary", "yes"),
    ("proportionate", "no"),
    ("because", "The tenancy file says enough for me"),
];

#[tokio::test]
async fn an_agency_that_holds_nothing_says_so_with_one_button() {
    let table = Table::laid().await;
    let mut browser = table.test.signed_in("ailsa").await;
    browser.get(&table.item()).await;
    sound(&browser);
    assert_eq!(browser.heading(), "Case 1 of 1");
    assert!(browser.has("What does Housing hold?"), "{}", browser.text());
    assert_eq!(select(&browser.html, ".app-card h3").len(), 7);
    assert!(browser.has("No answer yet, due "));
    // It is the first form on the page, and there is nothing to fill in.
    let pressed = browser.form(&[], "We hold nothing");
    browser.post(&pressed.0, &pressed.1).await;
    assert_eq!(browser.path, format!("{}?done=answer", table.item()));
    sound(&browser);
    assert!(browser.has("Housing: We hold nothing"));
    let once = table.version(&mut browser).await;
    browser.post(&pressed.0, &pressed.1).await;
    assert_eq!(browser.status, StatusCode::OK);
    assert_eq!(
        table.version(&mut browser).await,
        once,
        "sent twice, done once"
    );

    browser.get(&table.item()).await;
    let change = browser.link("Change it: what your agency holds");
    browser.get(&change).await;
    sound(&browser);
    assert!(browser.html.contains("value=\"nothing_held\" checked"));
}

#[tokio::test]
async fn a_refused_answer_keeps_what_was_typed_and_says_what_is_missing() {
    let table = Table::laid().await;
    let mut browser = table.test.signed_in("ailsa").await;
    browser.get(&table.item()).await;
    let form = browser.link("We hold something");
    browser.get(&form).await;
    sound(&browser);
    assert!(browser.has("For Housing, by "));
    let held = "Two complaints about <doors>";
    let typed = [
        ("pieces.0.information", held),
        ("pieces.0.dated-year", "21"),
    ];
    let status = browser.send(&typed, "Send the answer").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&browser);
    assert!(
        browser.has("Answer this: What can you tell the forum?"),
        "{}",
        browser.text()
    );
    assert!(browser.has(held) && browser.html.contains("value=\"21\""));

    let typed = [("answer", "information"), ("pieces.0.dated-year", "2021")];
    let status = browser.send(&typed, "Send the answer").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&browser);
    let asked = "What you hold, 1: Answer this: May it be told to the tenant?";
    assert!(browser.has(asked), "{}", browser.text());
    assert!(browser.has(held));
    browser
        .send(&[("pieces.0.may_be_told", "told")], "Send the answer")
        .await;
    assert_eq!(browser.path, format!("{}?done=answer", table.item()));
    assert!(browser.has("We hold information") && browser.has(held));
}

#[tokio::test]
async fn the_coordinator_writes_down_what_an_agency_says() {
    let table = Table::laid().await;
    let mut browser = table.test.signed_in("duncan").await;
    browser.get(&table.item()).await;
    sound(&browser);
    let form = browser.link("Answer for them: Health");
    browser.get(&form).await;
    browser
        .send(&[("answer", "nothing_held")], "Send the answer")
        .await;
    assert!(browser.has("Your answer is recorded"), "{}", browser.text());
    assert!(browser.has("We hold nothing"));

    // Without one named, they say for which.
    browser.get(&format!("{}/answer", table.item())).await;
    sound(&browser);
    let status = browser
        .send(&[("answer", "nothing_held")], "Send the answer")
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&browser);
    assert!(browser.has("Choose one of the agencies listed"));
    let typed = [("form-agency", "education")];
    browser.send(&typed, "Send the answer").await;
    assert_eq!(browser.path, format!("{}?done=answer", table.item()));

    // Nobody answers for another agency, whatever is sent.
    let mut other = table.test.signed_in("ailsa").await;
    other.get(&format!("{}/answer", table.item())).await;
    let typed = [("form-agency", "health"), ("answer", "nothing_held")];
    let status = other.send(&typed, "Send the answer").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.has("Answer for your own agency"));
}

#[tokio::test]
async fn l4_a_sealed_view_is_on_nobody_elses_page() {
    let table = Table::taken().await;
    let mut ailsa = table.test.signed_in("ailsa").await;
    ailsa.get(&table.item()).await;
    sound(&ailsa);
    let form = ailsa.link("Give your view");
    ailsa.get(&form).await;
    sound(&ailsa);
    let status = ailsa.send(&VIEW[..4], "Give this view").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    sound(&ailsa);
    assert!(ailsa.has("Answer this: Why"), "{}", ailsa.text());
    assert!(ailsa.html.contains("value=\"disclose\" checked"));
    ailsa.send(&VIEW[4..], "Give this view").await;
    assert!(ailsa.has("Your view is recorded") && ailsa.has(VIEW[4].1));
    assert!(ailsa.has("1 of 4 in the room have given theirs"));

    for name in ["fraser", "shona", "duncan"] {
        let mut other = table.test.signed_in(name).await;
        for page in ["", "/view", "/answer"] {
            other.get(&format!("{}{page}", table.item())).await;
            assert!(!other.has(VIEW[4].1), "{name} reads it on {page}");
        }
        other.get(&table.item()).await;
        sound(&other);
        assert!(other.has("1 of 4 in the room have given theirs"));
        let names = other.has("Still missing: ");
        assert_eq!(
            names,
            name == "shona",
            "only the chair is told who is missing"
        );
    }

    let mut chair = table.test.signed_in("shona").await;
    chair.get(&table.item()).await;
    assert!(chair.has("Not possible yet") && chair.has("Open the views first"));
    assert!(
        chair.has("Still missing: Police, Social work, Victim support and advocacy"),
        "{}",
        chair.text()
    );
    send(&mut chair, "open", &[]).await;
    sound(&chair);
    assert!(chair.has(VIEW[4].1) && chair.has("Not given when they were opened: "));
    let decide = chair.link("Record a decision to disclose");
    assert_eq!(
        decide,
        format!("/staff/cases/{}/do/decide_to_disclose", table.case)
    );
    let mut other = table.test.signed_in("fraser").await;
    other.get(&table.item()).await;
    assert!(other.has(VIEW[4].1) && other.has("Recorded by others:"));
}

#[tokio::test]
async fn l10_whoever_is_kept_away_gets_what_an_unknown_address_gets() {
    let table = Table::taken().await;
    let mut browser = table.test.signed_in("kirsty").await;
    let own = table.version(&mut browser).await;
    let kirsty = &table.members[2];
    let id = StaffId(kirsty.id.parse().unwrap());
    let person = table.test.app.person(id).await.unwrap();
    let tie = NewTie {
        kind: TieKind::Declared,
        who: Some(id.0),
        because: "She is my sister".to_owned(),
    };
    table
        .test
        .app
        .tie(&person, table.case, tie, None)
        .await
        .unwrap();
    let nothing = CaseId(uuid::Uuid::from_u128(8));
    for page in ["", "/answer", "/view"] {
        let mut replies = Vec::new();
        for case in [table.case, nothing] {
            let path = format!("/staff/meetings/{}/cases/{case}{page}", table.meeting);
            browser.get(&path).await;
            replies.push((
                browser.status,
                browser.headers.clone(),
                browser.html.clone(),
            ));
            browser
                .post(&path, &[("form-step".to_owned(), "take".to_owned())])
                .await;
            replies.push((
                browser.status,
                browser.headers.clone(),
                browser.html.clone(),
            ));
        }
        for (_, headers, _) in &mut replies {
            headers.remove("date");
        }
        assert_eq!(replies[0].0, StatusCode::NOT_FOUND);
        assert!(replies.iter().all(|reply| *reply == replies[0]), "{page}");
    }
    // Neither does their page hear that anything happens there.
    let away = table.version(&mut browser).await;
    assert!(away < own, "{away} of {own}");
    let said = Ask::Say {
        case: table.case,
        agency: "housing".to_owned(),
        text: "He has moved".to_owned(),
    };
    table.ask(&table.members[0], said).await;
    assert_eq!(table.version(&mut browser).await, away);
}

#[tokio::test]
async fn l18_a_look_at_a_case_at_the_table_is_written_down_or_nothing_is_shown() {
    let table = Table::taken().await;
    let mut browser = table.test.signed_in("ailsa").await;
    let reference = table.test.references().await.remove(0);
    for page in ["", "/answer", "/view"] {
        let path = format!("{}{page}", table.item());
        let before = log(&table.test).await;
        assert_eq!(browser.get(&path).await, StatusCode::OK, "{path}");
        assert!(browser.has(&reference));
        let rows = new_since(&table.test, &before).await;
        let own = |row: &clares_law::store::access_log::AccessRow| {
            row.case_id == Some(table.case.0) && row.actor == table.members[0].id
        };
        assert!(!rows.is_empty() && rows.iter().all(own), "{path}");
        assert!(rows.iter().any(|row| row.classes.contains("subject")));
    }
    let full = without_room("access_log", "insert");
    table.test.tamper(&full).await;
    for page in ["", "/answer", "/view"] {
        let path = format!("{}{page}", table.item());
        let status = browser.get(&path).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        assert!(!browser.has(&reference) && !browser.has("Mairi"), "{path}");
    }
}

#[tokio::test]
async fn what_is_said_and_promised_is_written_down_once_and_by_whom() {
    let table = Table::taken().await;
    let mut browser = table.test.signed_in("fraser").await;
    browser.get(&table.item()).await;
    assert_eq!(
        send(&mut browser, "say", &[("text", "  ")]).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    sound(&browser);
    assert!(browser.has("Write what was said"));
    send(
        &mut browser,
        "say",
        &[("text", "The school has seen\nnothing")],
    )
    .await;
    assert_eq!(browser.path, format!("{}#discussion", table.item()));
    sound(&browser);
    let notes = select(&browser.html, ".app-timeline__item");
    assert!(
        notes.len() == 1 && notes[0].contains("Social workwritten down by fraser"),
        "{notes:?}"
    );
    assert!(
        !browser.has("Who promises"),
        "members promise nothing for others"
    );

    let mut chair = table.test.signed_in("shona").await;
    chair.get(&table.item()).await;
    sound(&chair);
    let typed = [
        ("agency", "housing"),
        ("what", "Changes the lock"),
        ("by-day", "31"),
        ("by-month", "11"),
        ("by-year", "2026"),
    ];
    assert_eq!(
        send(&mut chair, "promise", &typed).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    sound(&chair);
    assert!(chair.has("There is no such date") && chair.has("Changes the lock"));
    let mut typed = typed;
    typed[2].1 = "30";
    let mut pairs = carried(&chair, "promise");
    pairs.extend(typed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    for _ in 0..2 {
        chair.post(&table.item(), &pairs).await;
        assert_eq!(chair.path, format!("{}#promises", table.item()));
        let kept = select(&chair.html, "section[aria-labelledby=promises] li");
        assert_eq!(kept.len(), 1, "{kept:?}");
        assert!(kept[0].contains("Monday 30 November 2026"), "{kept:?}");
    }
    // The same key with other words is refused, and what was typed can be sent anew.
    for pair in &mut pairs {
        if pair.0 == "what" {
            pair.1 = "Changes both locks".to_owned();
        }
    }
    assert_eq!(
        chair.post(&table.item(), &pairs).await,
        StatusCode::CONFLICT
    );
    sound(&chair);
    assert!(chair.has("Changes both locks"));
    let mut again = carried(&chair, "promise");
    again.extend(
        pairs
            .into_iter()
            .filter(|(name, _)| !name.starts_with("form-")),
    );
    assert_eq!(chair.post(&table.item(), &again).await, StatusCode::OK);
    assert_eq!(
        select(&chair.html, "section[aria-labelledby=promises] li").len(),
        2
    );
}

#[tokio::test]
async fn a_page_left_open_hears_that_something_has_happened_and_keeps_nobody_signed_in() {
    let table = Table::taken().await;
    let mut browser = table.test.signed_in("ailsa").await;
    browser.get(&table.item()).await;
    let version = table.version(&mut browser).await;
    browser.get(&table.item()).await;
    assert!(
        browser
            .html
            .contains(&format!("data-version=\"{version}\""))
    );
    let before = log(&table.test).await;
    let case = table.case;
    let text = "He has moved".to_owned();
    let agency = "social_work".to_owned();
    table
        .ask(&table.members[1], Ask::Say { case, agency, text })
        .await;
    let looks = new_since(&table.test, &before).await.len();
    let now: u64 = table.version(&mut browser).await.parse().unwrap();
    assert_eq!(now, version.parse::<u64>().unwrap() + 1);
    let after = new_since(&table.test, &before).await.len();
    assert_eq!(after, looks, "it is not a look at anything");

    // Twelve hours of asking do not make a session last.
    for _ in 0..12 * 4 {
        table.test.clock.advance(SignedDuration::from_mins(15));
        browser
            .get(&format!("/staff/meetings/{}/version", table.meeting))
            .await;
    }
    assert_eq!(browser.path, "/staff/sign-in");
}
