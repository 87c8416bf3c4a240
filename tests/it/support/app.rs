//! An installation in a folder of its own, at a time that stands still until it is moved.

use std::ops::Deref;
use std::sync::Arc;

use clares_law::app::act::{Done, Request};
use clares_law::app::error::AppError;
use clares_law::app::password::hash_password;
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Library;
use clares_law::engine::definition::record::Answers;
use clares_law::engine::meeting::ask::Convening;
use clares_law::engine::meeting::event::{Form, Sitting};
use clares_law::web;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::browser::Browser;
use super::house::House;
use super::world::{AUTHORITY, dsdas, shipped};

/// The password of every account.
pub const PASSWORD: &str = "four plain words here";

pub struct TestApp(House);

impl Deref for TestApp {
    type Target = House;
    fn deref(&self) -> &House {
        &self.0
    }
}

impl TestApp {
    /// Opens a new one on a Monday morning.
    pub async fn open() -> Self {
        Self::with(&shipped()).await
    }

    /// The same with these workflow files.
    pub async fn with(library: &Library) -> Self {
        Self(House::at("2026-11-23T09:30:00Z".parse().unwrap(), library).await)
    }

    /// The same with every scheme that is shipped.
    pub async fn whole() -> Self {
        Self(House::whole("2026-11-23T09:30:00Z".parse().unwrap()).await)
    }

    /// A new one with every authority that runs this scheme.
    pub async fn of(scheme: &str) -> Self {
        Self(House::of(scheme).await)
    }

    /// The password of every account, as it is kept.
    pub async fn password_hash() -> String {
        hash_password(PASSWORD.to_owned()).await.unwrap()
    }

    /// A browser that is not signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(web::router(Arc::clone(&self.app), false))
    }

    /// Adds an account that can sign in, and answers who acts with it.
    pub async fn add(&self, name: &str, role: &str) -> Actor {
        self.account(name, role, Some(PASSWORD)).await
    }

    /// The same for somebody who answers for an agency.
    pub async fn add_for(&self, agency: &str, name: &str, role: &str) -> Actor {
        self.account_for(agency, name, role, Some(PASSWORD)).await
    }

    /// A browser in which this account is signed in.
    pub async fn signed_in(&self, name: &str) -> Browser {
        let mut browser = self.browser();
        browser.get("/staff/sign-in").await;
        browser
            .send(&[("name", name), ("password", PASSWORD)], "Sign in")
            .await;
        assert_eq!(browser.path, "/staff", "{}", browser.text());
        browser
    }

    /// A meeting of the Scottish forum, a week from now.
    pub async fn meeting(&self) -> MeetingId {
        self.meeting_at(AUTHORITY, &dsdas().scheme.scheme).await
    }

    /// A meeting of the forum of a scheme at an authority, a week from now.
    pub async fn meeting_at(&self, authority: &str, scheme: &str) -> MeetingId {
        let starts_at = self.clock.now() + SignedDuration::from_hours(7 * 24);
        let convening = Convening {
            authority: authority.to_owned(),
            form: Form::Regular,
            series: None,
            sitting: Sitting {
                starts_at,
                ends_at: starts_at + SignedDuration::from_hours(2),
                place: "Room 4, the harbour office".to_owned(),
            },
            because: String::new(),
        };
        let coordinator = Actor {
            id: Uuid::nil().to_string(),
            role: "coordinator".to_owned(),
            agency: String::new(),
            authority: authority.to_owned(),
        };
        let convened = self.app.convene(&coordinator, scheme, convening, None);
        convened.await.unwrap()
    }

    /// From when on people can come in to a meeting.
    pub async fn opens_at(&self, meeting: MeetingId) -> Timestamp {
        let mut tx = self.app.db.begin_read().await.unwrap();
        let row = clares_law::store::meetings::get(&mut tx, meeting.0).await;
        let starts_at = row.unwrap().unwrap().starts_at.timestamp();
        dsdas().meets().unwrap().opens_at(starts_at)
    }

    /// It becomes late enough to come in to a meeting. Whoever was signed in is not any more.
    pub async fn opens(&self, meeting: MeetingId) {
        let opens_at = self.opens_at(meeting).await;
        let wait = opens_at.duration_since(self.clock.now());
        self.clock.advance(wait.max(SignedDuration::ZERO));
    }

    /// Acts with the examples of the action's record.
    pub async fn act(&self, case: CaseId, actor: &Actor, action: &str) -> Result<Done, AppError> {
        let definition = super::house::definition(&self.app);
        let name = definition
            .scheme
            .actions
            .get(action)
            .and_then(|action| action.record.clone());
        let record = name.map_or_else(Answers::new, |name| definition.records[&*name].examples());
        let request = Request {
            case,
            action: action.to_owned(),
            record,
            rationale: "A reason in a few words".to_owned(),
            expected: None,
            key: None,
            actor: actor.clone(),
        };
        self.app.act(request).await
    }
}
