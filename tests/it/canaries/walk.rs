//! One case from the public form to its end, with everything that can go wrong on the way.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use clares_law::app::act::{Done, Request};
use clares_law::app::error::AppError;
use clares_law::app::meetings::MeetingRequest;
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Definition;
use clares_law::engine::definition::record::Answers;
use clares_law::engine::meeting::ask::{Ask, Convening};
use clares_law::engine::meeting::event::{Form, Promise, Report, Sitting};
use clares_law::engine::scenario::{Scenario, Step};
use jiff::SignedDuration;
use jiff::civil::date;
use serde_json::json;

use super::letters;
use super::told::told;
use super::{BORN, COLLEAGUE, Log, PHONE, WORD, canaries, holds};
use crate::accounts::{invited, joins};
use crate::support::app::{PASSWORD, TestApp};
use crate::support::browser::{Browser, select};
use crate::support::house::door;
use crate::support::world::{actor, answers, edition_of, own_name, scenario, steps_before, waited};

/// How long before the meeting it is called.
const DAYS_BEFORE: i64 = 7;
/// Whoever answers for an agency in the forum.
const AGENCIES: [&str; 4] = ["health", "housing", "social_work", "victim_support"];

/// An installation with a case, and what must not be found in its log.
pub struct Run {
    pub test: TestApp,
    way: &'static Scenario,
    definition: &'static Definition,
    pub case: CaseId,
    pub canaries: Vec<String>,
    people: BTreeMap<&'static str, Actor>,
}

#[tokio::test]
async fn nothing_that_anybody_says_types_or_is_called_is_in_the_log() {
    let log = Log::everything();
    let mut run = Run::ended().await;
    let reference = run.test.load(run.case).await.case.reference;
    run.canaries.push(reference);
    let found = log.lines_with(&run.canaries);
    assert!(
        found.is_empty(),
        "{} lines, such as {}",
        found.len(),
        found[0]
    );
    let text = log.text();
    assert!(!text.contains(&format!("/{}", run.case)), "an address");
    for said in [
        "http.route=\"/at/{authority}/{address}/f\"",
        "mail.fault=\"a message was not taken\" mail.code=550",
        "mail.fault=\"the mail server cannot be reached\"",
    ] {
        assert!(text.contains(said), "{said} was not logged");
    }

    // The same log finds a canary where there is one.
    tracing::info!(target: "clares_law::test", { error.inside = format!("of {WORD}") }, "a slip");
    assert_eq!(log.lines_with(&run.canaries).len(), 1);
}

impl Run {
    /// All of it.
    pub async fn ended() -> Self {
        let mut run = Self::begun().await;
        run.signs_in().await;
        run.plays(0, "record_agency_returns").await;
        let meeting = run.meets().await;
        run.looked_at(meeting).await;
        run.searched().await;
        let decided = steps_before(run.way, "decide_to_disclose") + 1;
        run.plays(decided, "").await;
        assert_eq!(run.test.load(run.case).await.case.state, "closed");
        run.machines_ask().await;
        letters::are_sent(&run.test, &run.canaries).await;
        run
    }

    /// People with telling names, and an application sent on the public form; another comes by another door and is the case.
    async fn begun() -> Self {
        let test = TestApp::of("dsdas-scotland").await;
        let way = scenario("She asks about the man she lives with");
        let definition = edition_of(way);
        applies(&test).await;
        let (form, over) = way.application(definition);
        let application = told(definition, &form, &over);
        let door = door(clares_law::app::intake::Form::Public);
        let received = test.app.receive(door, application, None, Actor::public());
        let case = received.await.unwrap().case;
        let mut people = BTreeMap::new();
        for (name, role) in [("cora", "coordinator"), ("chris", "chair")] {
            people.insert(name, test.add(name, role).await);
        }
        for agency in AGENCIES {
            people.insert(agency, test.add_for(agency, agency, "member").await);
        }
        test.add(&format!("{COLLEAGUE} supervises"), "supervisor")
            .await;
        Self {
            test,
            way,
            definition,
            case,
            canaries: canaries(),
            people,
        }
    }

    /// Somebody joins and signs in, with mistakes; what they typed and were given must not be found either.
    async fn signs_in(&mut self) {
        let name = format!("{COLLEAGUE} joins");
        let invitation = invited(&self.test, &name).await;
        let member = joins(&self.test, &invitation).await;
        let mut browser = self.test.browser();
        for password in [WORD, PASSWORD] {
            browser.get("/staff/sign-in").await;
            let typed = [("name", &*name), ("password", password)];
            browser.send(&typed, "Sign in").await;
        }
        let code = member.secret.code_at(self.test.clock.now());
        for code in ["987650", &code] {
            browser.send(&[("code", code)], "Continue").await;
        }
        assert_eq!(browser.path, "/staff", "{}", browser.text());
        browser.get(&format!("/staff/cases/{WORD}?by={WORD}")).await;
        browser.get(&format!("/staff/cases/{}", self.case)).await;
        let secrets = [invitation, member.session, member.secret.for_typing(), code];
        self.canaries.extend(secrets);
        self.canaries
            .extend(["987650".to_owned(), PASSWORD.to_owned()]);
        self.canaries.extend(member.recovery_codes);
        let cookies = browser.cookies.into_values();
        self.canaries
            .extend(cookies.filter(|cookie| cookie.len() > 16));
    }

    /// Plays steps of the scenario, each form first with something that is refused.
    async fn plays(&self, from: usize, until: &str) {
        let steps = &self.way.steps[from..];
        for step in steps.iter().take_while(|step| *step.does != *until) {
            self.test.clock.advance(waited(step));
            while self.test.sweep(7).await.unwrap() > 0 {}
            self.plays_one(step).await;
        }
    }

    async fn plays_one(&self, step: &Step) {
        let named = |role: &str, number| own_name(self.way, role, number);
        let by = actor(self.way, step, named).unwrap();
        self.does(&by, &step.does, &step.record).await;
    }

    /// Somebody does something, with a canary in each field and in the reason; where there is a form, they first make a mistake in it.
    async fn does(&self, by: &Actor, action: &str, over: &Answers) {
        let declared = self.definition.scheme.actions.get(action);
        let form = declared.and_then(|action| action.record.as_ref());
        let mut record = over.clone();
        if let Some(form) = form {
            record = told(self.definition, form, over);
            let mut wrong = record.clone();
            wrong.insert(WORD.to_owned(), json!(WORD));
            assert!(self.act(by, action, wrong).await.is_err(), "{action}");
        }
        let done = self.act(by, action, record).await;
        assert!(done.is_ok(), "{action}: {done:?}");
    }

    async fn act(&self, by: &Actor, action: &str, record: Answers) -> Result<Done, AppError> {
        let request = Request {
            case: self.case,
            action: action.to_owned(),
            record,
            rationale: format!("Because of {WORD}"),
            expected: None,
            key: None,
            actor: by.clone(),
        };
        self.test.app.act(request).await
    }

    /// The forum: called, answered to, held and ended.
    async fn meets(&self) -> MeetingId {
        let meeting = self.convened().await;
        let case = self.case;
        let cora = &self.people["cora"];
        let listed = self.test.app.put_on_agenda(cora, meeting, case, None);
        listed.await.unwrap();
        for agency in AGENCIES {
            let given = json!({
                "answer": "information",
                "pieces": [{"information": WORD, "may_be_told": "reworded", "other_words": WORD}]
            });
            let (agency_name, answers) = (agency.to_owned(), answers(given));
            self.ask(
                meeting,
                agency,
                Ask::Answer {
                    case,
                    agency: agency_name,
                    answers,
                },
            )
            .await;
        }
        self.ask(meeting, "cora", Ask::SealAgenda).await;
        self.does(cora, "circulate", &Answers::new()).await;
        self.test.wait(DAYS_BEFORE * 24);
        for name in AGENCIES.into_iter().chain(["chris"]) {
            self.ask(meeting, name, Ask::Accept).await;
            self.ask(meeting, name, Ask::Come).await;
        }
        self.ask(meeting, "chris", Ask::Begin).await;
        self.ask(meeting, "chris", Ask::Take { case }).await;
        for name in AGENCIES.into_iter().chain(["chris"]) {
            let view = json!({
                "view": "disclose", "lawful": true, "necessary": true, "proportionate": true, "because": WORD
            });
            self.ask(
                meeting,
                name,
                Ask::View {
                    case,
                    answers: answers(view),
                },
            )
            .await;
        }
        let (agency, text) = ("housing".to_owned(), format!("{WORD} was said"));
        self.ask(meeting, "housing", Ask::Say { case, agency, text })
            .await;
        let chris = &self.people["chris"];
        self.does(chris, "decide_to_disclose", &Answers::new())
            .await;
        self.ends(meeting).await;
        meeting
    }

    async fn convened(&self) -> MeetingId {
        let starts_at = self.test.clock.now() + SignedDuration::from_hours(DAYS_BEFORE * 24);
        let cora = &self.people["cora"];
        let convening = Convening {
            authority: cora.authority.clone(),
            form: Form::Extraordinary,
            series: None,
            sitting: Sitting {
                starts_at,
                ends_at: starts_at + SignedDuration::from_hours(2),
                place: format!("{WORD} house"),
            },
            because: format!("{WORD} cannot wait"),
        };
        let scheme = &self.definition.scheme.scheme;
        let convened = self.test.app.convene(cora, scheme, convening, None);
        convened.await.unwrap()
    }

    async fn ends(&self, meeting: MeetingId) {
        let promise = Promise {
            id: self.test.app.chance.id(),
            case: Some(self.case),
            agency: "housing".to_owned(),
            what: format!("{WORD} gets locks"),
            by: date(2026, 12, 1),
        };
        let report = Ask::Report {
            promise: promise.id,
            report: Report::Done,
            because: WORD.to_owned(),
        };
        self.ask(meeting, "chris", Ask::Promise(promise)).await;
        self.ask(meeting, "chris", Ask::Close).await;
        self.ask(meeting, "housing", report).await;
        let (case, text) = (Some(self.case), WORD.to_owned());
        self.ask(meeting, "housing", Ask::Comment { case, text })
            .await;
    }

    async fn ask(&self, meeting: MeetingId, name: &str, ask: Ask) {
        let request = MeetingRequest {
            meeting,
            ask,
            key: None,
            actor: self.people[name].clone(),
        };
        let told = format!("{request:?}");
        assert!(!holds(&told, &self.canaries), "{told}");
        let asked = self.test.app.ask(request).await;
        asked.unwrap_or_else(|error| panic!("{told}: {error:?}"));
    }

    /// The chair looks at what is there; the pages show it.
    async fn looked_at(&self, meeting: MeetingId) {
        let mut browser = self.test.signed_in("chris").await;
        let page = format!("/staff/meetings/{meeting}");
        for address in [page.clone(), format!("{page}/cases/{}", self.case)] {
            assert_eq!(browser.get(&address).await, StatusCode::OK, "{address}");
            assert!(browser.html.contains(WORD), "{address}");
        }
    }

    /// Somebody searches other cases for the people in this one, wrongly at first.
    async fn searched(&self) {
        self.test.add("searches", "verifier").await;
        let mut browser = self.test.signed_in("searches").await;
        browser
            .get(&format!("/staff/cases/{}/search", self.case))
            .await;
        let family = format!("Mac{WORD}");
        let road = format!("7 {WORD} Row, Kirkallan");
        let typed = [
            ("person.family_name", &*family),
            ("phones", PHONE),
            ("addresses", &road),
            ("because", WORD),
        ];
        assert_eq!(browser.send(&typed, "Search").await, 422);
        let born = ["day", "month", "year"].map(|part| format!("person.born-{part}"));
        let born = [(&*born[0], "7"), (&*born[1], "4"), (&*born[2], "1913")];
        assert_eq!(browser.send(&born, "Search").await, StatusCode::OK);
        browser.send(&[], "Show what was found").await;
        assert_eq!(browser.heading(), "1 case found");
        assert!(!browser.html.contains(WORD));
    }

    /// Machines that do not know their secret, or show a token of their own making.
    async fn machines_ask(&self) {
        let mut browser = self.test.browser();
        let typed = [("grant_type", "client_credentials"), ("client_id", WORD)];
        let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
        browser.post("/api/v1/token", &typed).await;
        assert!(browser.status.is_client_error(), "{}", browser.status);
        browser.get(&format!("/api/v1/cases/{WORD}")).await;
        assert_eq!(browser.status, StatusCode::UNAUTHORIZED);
    }
}

/// Fills in the public form, wrongly at first.
async fn applies(test: &TestApp) {
    let (family, road) = (format!("Mac{WORD}"), format!("7 {WORD} Row"));
    let typed = [
        ("capacity", "for_someone_else"),
        ("danger_now", "no"),
        ("applicant.given_names", WORD),
        ("applicant.family_name", &family),
        ("applicant.born-day", "7"),
        ("applicant.born-month", "4"),
        ("applicant.born-year", "1913"),
        ("applicant_addresses.0.address", &road),
        ("applicant_addresses.0.from", "May 2021"),
        ("contact.way", "call"),
        ("contact.details", PHONE),
        ("contact.voicemail", "yes"),
        ("contact.code_word", WORD),
        ("subject.other_names", WORD),
        ("relationship", "with_family"),
        ("relationship_status", "unknown"),
        ("children", "unknown"),
        ("declaration", "yes"),
        ("concern", WORD),
    ];
    let mut browser: Browser = test.browser();
    browser.get("/at/scotland/ask/f").await;
    let wrong = [&typed[..], &[("subject.born-month", WORD)]].concat();
    browser.send(&wrong, "Send").await;
    assert_eq!(browser.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        browser.html.contains(WORD) && browser.html.contains("1913"),
        "{BORN} is kept"
    );
    browser.send(&[("subject.born-month", "")], "Send").await;
    assert_eq!(browser.path, "/at/scotland/ask/f/sent");
    assert_eq!(select(&browser.html, ".govuk-panel strong").len(), 1);
}
