//! One action on many cases, from a list of references; what became of each stands on the page after it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::apply::default_button;
use super::problem::Problem;
use super::{address, frame};
use crate::app::App;
use crate::app::bulk::{Bulk, Line, MOST};
use crate::app::error::AppError;
use crate::app::staff::Person;
use crate::domain::refusal::FieldError;
use crate::engine::definition::Definition;
use crate::engine::definition::record::{Answers, Record};
use crate::engine::definition::scheme::Action;
use crate::web::components::{Button, ErrorLink, Label, Textarea, button, textarea};
use crate::web::form::fields::{REASON, counted};
use crate::web::form::{Asked, Audience, Sent, Typed, pressed, read};
use crate::web::layout::{STAFF_HOME, StaffPage};
use crate::web::sign_in::SignedIn;
use crate::web::words::count;

/// Fields of the page itself; no record has names like these.
const REFERENCES: &str = "form-references";
const KEY: &str = "form-key";

/// Somebody before an action that may be taken on many cases.
struct Many {
    person: Person,
    scheme: String,
    action: String,
    definition: Arc<Definition>,
}

impl Many {
    fn open(app: &App, person: Person, scheme: String, action: String) -> Result<Self, AppError> {
        let definition = app.edition_for(&person.actor, &scheme)?;
        let many = Self {
            person,
            scheme,
            action,
            definition,
        };
        let fits = |action: &Action| action.in_bulk && action.role.has(&many.person.actor.role);
        let known = many.definition.scheme.actions.get(&many.action);
        if known.is_some_and(fits) {
            Ok(many)
        } else {
            Err(AppError::NotFound)
        }
    }

    fn record(&self) -> Option<&Record> {
        let action = self.definition.scheme.actions.get(&self.action)?;
        self.definition.records.get(action.record.as_deref()?)
    }

    fn page(&self, heading: &str, errors: Vec<ErrorLink>, body: &Markup) -> Markup {
        let page = StaffPage {
            title: "Many cases",
            heading,
            back: STAFF_HOME,
            errors,
            body: html! { div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (body) } } },
            ..StaffPage::default()
        };
        frame::staff(&self.person, page)
    }

    fn form(&self, typed: &Typed, errors: &[FieldError], key: &str) -> Markup {
        let asked = self.record().map(|record| Asked {
            record,
            typed,
            errors,
            audience: Audience::Staff,
        });
        let own = errors
            .iter()
            .filter(|error| [REFERENCES, REASON].contains(&&*error.field));
        let own = own.map(|error| ErrorLink {
            text: error.message.as_str().into(),
            href: format!("#{}", error.field),
        });
        let of_record = asked.as_ref().map(Asked::error_links).unwrap_or_default();
        let links = own.chain(of_record.into_iter().filter(|link| !link.href.is_empty()));
        let body = html! {
            p class="govuk-body" { "Each case is done for itself: what is refused for one is still done for the others, and the next page says what became of each." }
            form class="app-form" method="post" autocomplete="off" novalidate {
                (default_button("send"))
                input type="hidden" name=(KEY) value=(key) autocomplete="off";
                (textarea(&area(REFERENCES, "References", "One a line, up to 500", typed, errors)))
                @if let Some(asked) = &asked { (asked.fields()) }
                (counted(&area(REASON, "Why this is done", "It stands in the history of every one of these cases", typed, errors), 4000))
                (button(&Button { text: "Do this for every case".into(), once: Some(true), ..Button::default() }))
            }
        };
        self.page(
            self.definition.action_label(&self.action),
            links.collect(),
            &body,
        )
    }
}

fn area<'a>(
    name: &'a str,
    label: &'a str,
    hint: &'a str,
    typed: &'a Typed,
    errors: &'a [FieldError],
) -> Textarea<'a> {
    let wrong = errors.iter().find(|error| error.field == name);
    Textarea {
        label: Label {
            text: label.into(),
            classes: "govuk-label--s",
            ..Label::default()
        },
        name,
        value: typed.text(name),
        hint: hint.into(),
        error: wrong.map_or("", |error| error.message.as_str()).into(),
        rows: 6,
        ..Textarea::default()
    }
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((scheme, action)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    let many = Many::open(&app, person, scheme, action)?;
    Ok(many.form(&Typed::default(), &[], &app.chance.id().to_string()))
}

pub async fn send(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((scheme, action)): Path<(String, String)>,
    Sent(mut typed): Sent,
) -> Result<Response, Problem> {
    let many = Many::open(&app, person, scheme, action)?;
    let sent = typed.text(KEY);
    let key = if sent.is_empty() {
        app.chance.id().to_string()
    } else {
        sent.to_owned()
    };
    let form = many.record();
    if form.is_some_and(|record| pressed(record, &mut typed)) {
        return Ok(many.form(&typed, &[], &key).into_response());
    }
    let (references, record, rationale) = match answers(&many, &typed) {
        Ok(answers) => answers,
        Err(errors) => {
            let again = many.form(&typed, &errors, &key);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
    };
    let bulk = Bulk {
        scheme: many.scheme.clone(),
        action: many.action.clone(),
        references,
        record,
        rationale,
        key,
        actor: many.person.actor.clone(),
    };
    let lines = app.act_on_many(bulk).await?;
    Ok(many.done(&lines).into_response())
}

/// The references, the form and the reason; every wrong field is named at once.
fn answers(many: &Many, typed: &Typed) -> Result<(Vec<String>, Answers, String), Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut form = typed.clone();
    form.take(KEY);
    form.take("form-step");
    let written = form.take(REFERENCES).join("\n");
    let lines = written
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let references: Vec<String> = lines.map(str::to_owned).collect();
    if references.is_empty() || references.len() > MOST {
        let sentence = format!("Write one reference a line, from 1 to {MOST}");
        errors.push(FieldError::new(REFERENCES, sentence));
    }
    let rationale = form.take(REASON).join(" ").trim().to_owned();
    if rationale.is_empty() {
        errors.push(FieldError::new(
            REASON,
            "Give the reason, in your own words",
        ));
    }
    let record = many
        .record()
        .map_or_else(|| Ok(Answers::new()), |record| read(record, &form));
    match record {
        Ok(record) if errors.is_empty() => Ok((references, record, rationale)),
        Ok(_) => Err(errors),
        Err(wrong) => Err(errors.into_iter().chain(wrong).collect()),
    }
}

impl Many {
    fn done(&self, lines: &[Line]) -> Markup {
        let (done, refused): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.done.is_ok());
        let number = |lines: &[&Line]| count(i64::try_from(lines.len()).unwrap_or(0), "case");
        let body = html! {
            p class="govuk-body" { (self.definition.action_label(&self.action)) ": done for " (number(&done)) ", not done for " (number(&refused)) "." }
            @if !refused.is_empty() {
                h2 class="govuk-heading-m" { "Not done" }
                ul class="govuk-list govuk-list--bullet" {
                    @for line in &refused { li { (line.reference) ": " (line.done.as_ref().err().map_or("", String::as_str)) } }
                }
            }
            @if !done.is_empty() {
                h2 class="govuk-heading-m" { "Done" }
                ul class="govuk-list govuk-list--bullet" {
                    @for outcome in done.iter().filter_map(|line| Some((&line.reference, line.done.as_ref().ok()?))) {
                        li {
                            a class="govuk-link" href=(address::case(outcome.1.case)) { (outcome.0) }
                            ": " (self.definition.state_label(&outcome.1.state))
                            @if outcome.1.waits { ", waits for a second person" }
                        }
                    }
                }
            }
        };
        self.page("What became of each case", Vec::new(), &body)
    }
}

/// The address of the page for an action on many cases.
pub fn address_of(scheme: &str, action: &str) -> String {
    format!("/staff/schemes/{scheme}/many/{action}")
}
