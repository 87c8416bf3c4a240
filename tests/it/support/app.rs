//! An installation in a folder of its own, at a time that stands still until it is moved.

use std::path::Path;
use std::sync::Arc;

use clares_law::app::act::{Done, Request};
use clares_law::app::error::AppError;
use clares_law::app::installation::{MadeBy, open_installation};
use clares_law::app::intake::Form;
use clares_law::app::staff::NewPerson;
use clares_law::app::{App, library};
use clares_law::clock::Clock;
use clares_law::domain::id::CaseId;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::record::Answers;
use clares_law::web;
use tempfile::TempDir;

use super::browser::Browser;

/// The password of every account.
pub const PASSWORD: &str = "four plain words here";

pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Clock,
    _data: TempDir,
}

impl TestApp {
    /// Opens a new one on a Monday morning.
    pub async fn open() -> Self {
        let clock = Clock::travelling("2026-11-23T09:30:00Z".parse().unwrap());
        let data = TempDir::new().unwrap();
        let workflows = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
        let library = library::load(&workflows, true).unwrap();
        let database = data.path().join("test.db").to_string_lossy().into_owned();
        let app = open_installation(
            &database,
            data.path(),
            &library,
            clock.clone(),
            MadeBy::Demonstration,
        )
        .await
        .unwrap();
        Self {
            app,
            clock,
            _data: data,
        }
    }

    /// A browser that is not signed in.
    pub fn browser(&self) -> Browser {
        Browser::new(web::router(Arc::clone(&self.app), false))
    }

    /// Adds an account called after its role and number, and answers who acts with it.
    pub async fn add(&self, name: &str, role: &str) -> Actor {
        let person = NewPerson {
            sign_in_name: name.to_owned(),
            name: format!("Person {name}"),
            email: format!("{name}@example.org"),
            role: role.to_owned(),
            agency: String::new(),
            password: Some(PASSWORD.to_owned()),
        };
        let id = self.app.add_person(person).await.unwrap();
        self.app.person(id).await.unwrap().actor
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

    /// A case from the examples of the public form.
    pub async fn case(&self) -> CaseId {
        let definition = self.app.definition_now().unwrap();
        let answers = definition.records[&*definition.scheme.intake.public_form].examples();
        self.app
            .receive(Form::Public, answers, None, Actor::public())
            .await
            .unwrap()
            .case
    }

    /// Acts with the examples of the action's record.
    pub async fn act(&self, case: CaseId, actor: &Actor, action: &str) -> Result<Done, AppError> {
        let definition = self.app.definition_now().unwrap();
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
