//! An action on its way: its form, the answers checked, and the command sent through the write door.
//! Whether it may be done is asked of the engine, twice: before 'Check your answers', and for good by `app::act`.
//! Start with `sent`; `task` is what is to be filled in, `form_page` and `check_page` show it, `off_page` says why not.

mod check_page;
mod form_page;
mod off_page;
mod task;

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use std::collections::BTreeMap;

use super::address;
use super::case::Names;
use super::problem::Problem;
use crate::app::App;
use crate::app::act::{Done, Request};
use crate::app::error::{AppError, BUSY};
use crate::app::read::CaseView;
use crate::app::staff::Person;
use crate::domain::refusal::FieldError;
use crate::engine::command::Command;
use crate::engine::definition::builtin::{AMEND, BUILT_IN, MIGRATE};
use crate::engine::definition::record::Answers;
use crate::web::form::{Sent, Typed, own_key, pressed};
use crate::web::layout::STAFF_HOME;
use crate::web::sign_in::SignedIn;
use task::{Page, Task};

/// Fields of the page itself; no record has names like these.
const STEP: &str = "form-step";
const VERSION: &str = "form-version";
const KEY: &str = "form-key";
const RECORD: &str = "form-record";

/// What is said to whoever sees a case and acts on none.
const LOOKS_ONLY: &str = "Your role looks at this case and changes nothing";

/// A person in front of an action of a case.
struct Desk {
    app: Arc<App>,
    person: Person,
    view: CaseView,
    names: Names,
    action: String,
}

impl Desk {
    async fn open(
        app: Arc<App>,
        person: Person,
        case: &str,
        action: String,
    ) -> Result<Self, AppError> {
        let view = app
            .see_case(&person, address::case_id(case), "form")
            .await?;
        if !view.acts() {
            return Err(AppError::Forbidden(LOOKS_ONLY.to_owned()));
        }
        let built_in = BUILT_IN.contains(&action.as_str()) && action != MIGRATE; // which has no form
        if !view.definition.scheme.actions.has(&action) && !built_in {
            return Err(AppError::NotFound);
        }
        let names = app.names().await?;
        Ok(Self {
            app,
            person,
            view,
            names,
            action,
        })
    }

    fn task(&self, record: &str) -> Result<Task<'_>, AppError> {
        Task::new(&self.view, &self.names, &self.person, &self.action, record)
    }

    /// What the engine would say, without doing it.
    fn rehearse(&self, record: Answers, rationale: &str, seen: u64) -> Result<(), AppError> {
        let command = Command {
            action: self.action.clone(),
            record,
            rationale: rationale.to_owned(),
            expected: Some(self.seen(seen)),
            actor: self.person.actor.clone(),
            now: self.view.now,
        };
        self.view.decide(&command)?;
        Ok(())
    }

    /// The version this person has seen. What the clock alone has written since is no reason to start again.
    fn seen(&self, version: u64) -> u64 {
        let since = self
            .view
            .history
            .iter()
            .filter(|recorded| recorded.seq > version);
        let by_itself = since.clone().all(|recorded| recorded.actor.id == "clock");
        if by_itself && version <= self.view.case.version {
            self.view.case.version
        } else {
            version
        }
    }
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((case, action)): Path<(String, String)>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let desk = Desk::open(app, person, &case, action).await?;
    let record = asked.get("record").map_or("", String::as_str);
    if desk.action == AMEND && record.is_empty() {
        return Ok(off_page::choose(&desk.task("")?).into_response());
    }
    if desk.view.is_masked(&desk.action, record) {
        let here = format!("{}/do/{}", address::case(desk.view.id), desk.action);
        let named = if record.is_empty() {
            String::new()
        } else {
            format!("?record={record}")
        };
        return Ok(Redirect::to(&address::confirm(&format!("{here}{named}"))).into_response());
    }
    let task = desk.task(record)?;
    // An empty form is refused for what is missing in it; any other refusal is told before somebody fills it in.
    let refused = match desk.rehearse(Answers::new(), "", desk.view.case.version) {
        Err(AppError::Unmet(sentences)) => Some(sentences),
        Err(AppError::Forbidden(sentence)) => Some(vec![sentence]),
        _ => None,
    };
    if let Some(sentences) = refused.filter(|_| desk.action != AMEND && !task.is_offered()) {
        return Ok((StatusCode::CONFLICT, off_page::off(&task, &sentences)).into_response());
    }
    let page = Page {
        typed: task.present(),
        version: desk.view.case.version,
        key: desk.app.chance.id().to_string(),
    };
    Ok(form_page::form(&task, &page, &[], &[]).into_response())
}

pub async fn sent(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((case, action)): Path<(String, String)>,
    Sent(mut typed): Sent,
) -> Result<Response, Problem> {
    let gone = |done: &Done| done.authority != person.actor.authority;
    if app
        .answered(&person.actor, typed.text(KEY))
        .await?
        .is_some_and(|done| gone(&done))
    {
        return Ok(Redirect::to(STAFF_HOME).into_response());
    }
    let desk = Desk::open(app, person, &case, action).await?;
    let step = one(&mut typed, STEP);
    let version = one(&mut typed, VERSION)
        .parse()
        .unwrap_or(desk.view.case.version);
    let key = own_key(&one(&mut typed, KEY));
    let record = one(&mut typed, RECORD);
    let task = desk.task(&record)?;
    let pressed = task
        .record()
        .is_some_and(|record| pressed(record, &mut typed));
    let page = Page {
        typed,
        version,
        key: key.unwrap_or_else(|| desk.app.chance.id().to_string()),
    };
    if pressed || (step != "check" && step != "confirm") {
        return Ok(form_page::form(&task, &page, &[], &[]).into_response());
    }
    let (answers, rationale) = match task.read(&page.typed) {
        Ok(read) => read,
        Err(errors) => return Ok(mend(&task, &page, &errors, &[])),
    };
    if step == "check" {
        return match desk.rehearse(answers.clone(), &rationale, version) {
            Ok(()) => Ok(check_page::check(&task, &page, &answers, &rationale).into_response()),
            Err(error) => refused(&desk.app, &task, page, error),
        };
    }
    // No rehearsal here: sent twice under one key, it is done once and answered twice (L16).
    let request = Request {
        case: desk.view.id,
        action: desk.action.clone(),
        record: answers,
        rationale,
        expected: Some(desk.seen(version)),
        key: Some(page.key.clone()),
        actor: desk.person.actor.clone(),
    };
    match desk.app.act(request).await {
        Ok(done) if done.authority != desk.person.actor.authority => {
            Ok(Redirect::to(STAFF_HOME).into_response())
        }
        Ok(_) => Ok(Redirect::to(&format!("{}?done", address::case(desk.view.id))).into_response()),
        Err(AppError::Stale(_)) => {
            // Somebody was quicker by the blink of an eye: look again, so that the page tells what they did.
            let Desk {
                app,
                person,
                view,
                action,
                ..
            } = &desk;
            let again = Desk::open(
                Arc::clone(app),
                person.clone(),
                &view.id.to_string(),
                action.clone(),
            )
            .await?;
            refused(
                &again.app,
                &again.task(&record)?,
                page,
                AppError::Stale(again.view.case.version),
            )
        }
        Err(error) => refused(&desk.app, &task, page, error),
    }
}

/// The form again, with what is in the way and everything that was typed.
fn refused(app: &App, task: &Task, mut page: Page, error: AppError) -> Result<Response, Problem> {
    match error {
        AppError::Fields(errors) => Ok(mend(task, &page, &task.own(errors), &[])),
        AppError::Unmet(sentences) => Ok(mend(task, &page, &[], &sentences)),
        AppError::Forbidden(sentence) => Ok(mend(task, &page, &[], &[sentence])),
        AppError::Stale(_) | AppError::KeyTaken => {
            let seen = std::mem::replace(&mut page.version, task.view.case.version);
            page.key = app.chance.id().to_string();
            Ok((StatusCode::CONFLICT, form_page::changed(task, &page, seen)).into_response())
        }
        AppError::Busy => {
            let again = mend(task, &page, &[], &[format!("{BUSY}.")]);
            Ok((StatusCode::SERVICE_UNAVAILABLE, again).into_response())
        }
        other => Err(Problem(other)),
    }
}

fn mend(task: &Task, page: &Page, errors: &[FieldError], sentences: &[String]) -> Response {
    (
        StatusCode::UNPROCESSABLE_ENTITY,
        form_page::form(task, page, errors, sentences),
    )
        .into_response()
}

fn one(typed: &mut Typed, name: &str) -> String {
    typed.take(name).into_iter().next().unwrap_or_default()
}
