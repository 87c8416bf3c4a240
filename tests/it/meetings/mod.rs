//! The forum's meetings through the doors of the service: what is asked of them, what they do to cases, and what is kept from whom.

mod coming;
mod conference;
mod contacts;
mod evidence;
mod forgotten;
mod inquorate;
mod laws;
mod outside;
mod partnership;
mod properties;
mod ratified;
mod referrer;
mod room;
mod rows;
mod together;
mod walk;

use std::collections::BTreeMap;

use clares_law::app::act::{Done, Request};
use clares_law::app::error::AppError;
use clares_law::app::meetings::MeetingRequest;
use clares_law::app::meetings::{ItemView, MeetingView};
use clares_law::app::staff::Person;
use clares_law::app::ties::NewTie;
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::domain::tie::TieKind;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Definition;
use clares_law::engine::meeting::ask::{Ask, Convening};
use clares_law::engine::meeting::event::{Form, Sitting};
use clares_law::engine::meeting::table::Meeting;
use clares_law::engine::scenario::{Scenario, filled};
use jiff::SignedDuration;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::support::house::{House, new_person, request_of};
use crate::support::world::{answers, edition_of, scenarios_of, steps_before};

/// The agencies that have an agreement with the Scottish authority.
const AGENCIES: [&str; 4] = ["health", "housing", "social_work", "victim_support"];

/// A house with the people of a forum.
struct Forum {
    house: House,
    scenario: &'static Scenario,
    /// The last step before the case is before the forum.
    until: usize,
    people: BTreeMap<&'static str, Actor>,
}

impl Forum {
    /// The Scottish forum.
    async fn new() -> Self {
        let title = "A member sends back a decision not to disclose";
        Self::of("dsdas-scotland", title, &AGENCIES).await
    }

    /// A forum of a scheme, with a member for each of these agencies; the scenario leads cases to it.
    async fn of(scheme: &str, title: &str, agencies: &[&'static str]) -> Self {
        let scenario = scenarios_of(scheme).into_iter();
        let scenario = { scenario }
            .find(|scenario| scenario.scenario.starts_with(title))
            .unwrap();
        let start = "2026-11-02T09:30:00Z".parse().unwrap();
        let mut forum = Self {
            house: House::without_staff(scheme, start).await,
            scenario,
            until: steps_before(scenario, "record_agency_returns"),
            people: BTreeMap::new(),
        };
        for (name, role) in [
            ("coordinator", "coordinator"),
            ("deputy", "coordinator"),
            ("chair", "chair"),
            ("supervisor", "supervisor"),
            ("police", "member"),
        ] {
            forum.hire(name, role, "").await;
        }
        for agency in agencies {
            forum.hire(agency, "member", agency).await;
        }
        forum
    }

    fn definition(&self) -> &'static Definition {
        edition_of(self.scenario)
    }

    /// Somebody new, who goes by this name here.
    async fn hire(&mut self, name: &'static str, role: &str, agency: &str) {
        let authority = self.scenario.authority(self.definition());
        let mut new = new_person(name, role, &authority, None);
        agency.clone_into(&mut new.agency);
        let id = self.house.app.add_person(new).await.unwrap();
        let actor = Actor {
            id: id.to_string(),
            role: role.to_owned(),
            agency: agency.to_owned(),
            authority,
        };
        self.people.insert(name, actor);
    }

    fn who(&self, name: &str) -> &Actor {
        &self.people[name]
    }

    /// Somebody as the pages know them.
    fn person(&self, name: &str) -> Person {
        let actor = self.who(name).clone();
        Person {
            name: name.to_owned(),
            role: actor.role.clone(),
            authority: actor.authority.clone(),
            confirmed: true,
            reads_cases: true,
            minds_messages: false,
            reviews_looks: false,
            reviews_keeping: false,
            refers: false,
            actor,
        }
    }

    /// The day it is where they meet.
    fn today(&self) -> Date {
        let zone = self.definition().zone.clone();
        self.house.clock.now().to_zoned(zone).date()
    }

    /// It becomes late enough to come in.
    async fn opens(&self, meeting: MeetingId) {
        let meets = self.definition().meets().unwrap();
        let opens_at = meets.opens_at(self.load(meeting).await.sitting.starts_at);
        let clock = &self.house.clock;
        clock.advance(
            opens_at
                .duration_since(clock.now())
                .max(SignedDuration::ZERO),
        );
    }

    /// A case for which the agencies are to be asked.
    async fn case(&self) -> CaseId {
        let case = self.house.case_of(self.scenario).await;
        for step in &self.scenario.steps[..self.until] {
            self.house.step(case, self.scenario, step).await;
        }
        assert_eq!(self.state(case).await, "forum_pending");
        case
    }

    async fn state(&self, case: CaseId) -> String {
        self.house.load(case).await.case.state
    }

    /// What stands in a record of a case, as the last action filed it.
    async fn filed(&self, case: CaseId, record: &str) -> Value {
        let filed = self.house.load(case).await.case.records;
        json!(filed[record].answers)
    }

    fn convening(&self, form: Form) -> Convening {
        let starts_at = self.house.clock.now() + SignedDuration::from_hours(7 * 24);
        Convening {
            authority: self.who("coordinator").authority.clone(),
            form,
            series: None,
            sitting: Sitting {
                starts_at,
                ends_at: starts_at + SignedDuration::from_hours(2),
                place: "Room 4, the harbour office".to_owned(),
            },
            because: "It cannot wait for the next one".to_owned(),
        }
    }

    async fn convened(&self) -> MeetingId {
        let convening = self.convening(Form::Regular);
        let scheme = &self.definition().scheme.scheme;
        let convened = self
            .house
            .app
            .convene(self.who("coordinator"), scheme, convening, None);
        convened.await.unwrap()
    }

    /// A meeting whose agenda has these cases and is settled, with what the agencies answered among the papers.
    async fn settled(&self, cases: &[CaseId]) -> MeetingId {
        let meeting = self.convened().await;
        for case in cases {
            self.list(meeting, *case).await.unwrap();
        }
        let sealed = self.ask(meeting, "coordinator", Ask::SealAgenda);
        sealed.await.unwrap();
        for case in cases {
            if self.definition().scheme.actions.has("circulate") {
                let coordinator = "coordinator";
                self.act(*case, coordinator, "circulate", json!({}))
                    .await
                    .unwrap();
            }
        }
        meeting
    }

    /// A meeting that has begun, with these people in the room.
    async fn begun(&self, cases: &[CaseId], present: &[&str]) -> MeetingId {
        let meeting = self.settled(cases).await;
        self.opens(meeting).await;
        for name in present {
            self.ask(meeting, name, Ask::Accept).await.unwrap();
            self.ask(meeting, name, Ask::Come).await.unwrap();
        }
        self.ask(meeting, "chair", Ask::Begin).await.unwrap();
        meeting
    }

    /// The meeting comes to a case, and the chair opens the views without waiting for any.
    async fn opened(&self, meeting: MeetingId, case: CaseId) {
        self.ask(meeting, "chair", Ask::Take { case })
            .await
            .unwrap();
        self.ask(meeting, "chair", Ask::OpenViews { case })
            .await
            .unwrap();
    }

    async fn list(&self, meeting: MeetingId, case: CaseId) -> Result<u64, AppError> {
        let coordinator = self.who("coordinator");
        self.house
            .app
            .put_on_agenda(coordinator, meeting, case, None)
            .await
    }

    async fn ask(&self, meeting: MeetingId, name: &str, ask: Ask) -> Result<u64, AppError> {
        self.ask_as(meeting, self.who(name), ask, None).await
    }

    async fn ask_as(
        &self,
        meeting: MeetingId,
        actor: &Actor,
        ask: Ask,
        key: Option<&str>,
    ) -> Result<u64, AppError> {
        let request = MeetingRequest {
            meeting,
            ask,
            key: key.map(ToOwned::to_owned),
            actor: actor.clone(),
        };
        self.house.app.ask(request).await
    }

    /// Somebody acts on a case, the form filled in with its examples but for these answers.
    async fn act(
        &self,
        case: CaseId,
        name: &str,
        action: &str,
        over: Value,
    ) -> Result<Done, AppError> {
        self.house
            .app
            .act(self.request(case, name, action, over))
            .await
    }

    fn request(&self, case: CaseId, name: &str, action: &str, over: Value) -> Request {
        let declared = self.definition().scheme.actions.get(action);
        let form = declared.and_then(|action| action.record.as_ref());
        let mut over = answers(over);
        if action == "adjourn" {
            let again = self.today().tomorrow().unwrap().to_string();
            over.entry("next_on").or_insert_with(|| json!(again));
        }
        let record = form.map_or(over.clone(), |form| filled(self.definition(), form, &over));
        request_of(case, self.who(name), action, record)
    }

    async fn meeting(&self, name: &str, meeting: MeetingId) -> MeetingView {
        self.house
            .app
            .see_meeting(self.who(name), meeting)
            .await
            .unwrap()
    }

    async fn item(
        &self,
        name: &str,
        meeting: MeetingId,
        case: CaseId,
    ) -> Result<ItemView, AppError> {
        self.house
            .app
            .see_item(&self.person(name), meeting, case)
            .await
    }

    async fn declare(&self, name: &str, case: CaseId) {
        let person = self.person(name);
        let conflict = NewTie {
            kind: TieKind::Declared,
            who: person.actor.id.parse().ok(),
            because: "She is my cousin".to_owned(),
        };
        self.house
            .app
            .tie(&person, case, conflict, None)
            .await
            .unwrap();
    }

    /// The meeting as its history makes it, without a look being noted.
    async fn load(&self, meeting: MeetingId) -> Meeting {
        let mut tx = self.house.app.db.begin_read().await.unwrap();
        let loaded =
            clares_law::app::meetings::stream::load(&self.house.app.keys, &mut tx, meeting);
        loaded.await.unwrap().meeting
    }
}

fn answer(case: CaseId, agency: &str, given: Value) -> Ask {
    Ask::Answer {
        case,
        agency: agency.to_owned(),
        answers: answers(given),
    }
}

fn view(case: CaseId) -> Ask {
    Ask::View {
        case,
        answers: answers(json!({
            "view": "disclose",
            "lawful": true,
            "necessary": true,
            "proportionate": true,
            "because": "She is about to let him move in"
        })),
    }
}

/// The sentences of what was refused because of how things stand.
fn unmet<T: std::fmt::Debug>(done: Result<T, AppError>) -> Vec<String> {
    match done {
        Err(AppError::Unmet(sentences)) => sentences,
        other => panic!("{other:?}"),
    }
}

fn is_not_found<T>(done: &Result<T, AppError>) -> bool {
    matches!(done, Err(AppError::NotFound))
}
