//! Making a referral: the scheme's own form for professionals, asked and sent. Whatever is in the way, nothing typed is lost; sent
//! twice under one key, it is one referral (L16). After it comes the list of one's own, with the reference.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use maud::{Markup, html};

use super::apply::default_button;
use super::frame;
use super::problem::Problem;
use super::settling::KEY;
use crate::app::App;
use crate::app::error::{AppError, BUSY};
use crate::app::staff::Person;
use crate::domain::refusal::FieldError;
use crate::engine::definition::Definition;
use crate::engine::definition::record::Record;
use crate::web::components::{Button, ErrorLink, button};
use crate::web::form::{Asked, Audience, Sent, Typed, own_key, pressed, read};
use crate::web::guard::RETRY_AFTER;
use crate::web::layout::{REFERRALS, SCHEMES, STAFF_HOME, StaffPage};
use crate::web::sign_in::SignedIn;
use crate::web::sign_in::cookie::Secure;

/// The field of the button that was pressed; no record has a name like it.
const STEP: &str = "form-step";
const MORE: &str = "more";

/// What is said where the same form was sent before with other answers.
const SENT_BEFORE: &str = "You have sent this form already, with other answers, and it is one of your referrals. If this is another referral, send it";

/// What is on the form.
struct Form<'a> {
    definition: &'a Definition,
    typed: &'a Typed,
    key: &'a str,
    errors: &'a [FieldError],
    /// What is wrong with no field of its own; empty for nothing.
    whole: &'a str,
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(scheme): Path<String>,
) -> Result<Markup, Problem> {
    let definition = app.referred_under(&person.actor, &scheme)?;
    let form = Form {
        definition: &definition,
        typed: &Typed::default(),
        key: &app.chance.id().to_string(),
        errors: &[],
        whole: "",
    };
    Ok(page(&person, &form))
}

pub async fn send(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(scheme): Path<String>,
    secure: Secure,
    jar: CookieJar,
    Sent(mut typed): Sent,
) -> Result<Response, Problem> {
    let definition = app.referred_under(&person.actor, &scheme)?;
    let fresh = || app.chance.id().to_string();
    let key = typed.take(KEY).pop().and_then(|key| own_key(&key));
    let key = key.unwrap_or_else(fresh);
    let step = typed.take(STEP).pop();
    let pressed = pressed(record(&definition), &mut typed);
    let again = |status: StatusCode, key: &str, errors: &[FieldError], whole| {
        let form = Form {
            definition: &definition,
            typed: &typed,
            key,
            errors,
            whole,
        };
        (status, page(&person, &form)).into_response()
    };
    if pressed || step.as_deref() == Some(MORE) {
        return Ok(again(StatusCode::OK, &key, &[], ""));
    }
    let sent = match read(record(&definition), &typed) {
        Ok(answers) => {
            let key = Some(key.clone());
            app.refer(&person.actor, &scheme, answers, key).await
        }
        Err(errors) => Err(AppError::Fields(errors)),
    };
    match sent {
        Ok(received) => {
            let jar = jar.add(secure.sent(received.reference));
            Ok((jar, Redirect::to(REFERRALS)).into_response())
        }
        Err(AppError::Fields(errors)) => {
            Ok(again(StatusCode::UNPROCESSABLE_ENTITY, &key, &errors, ""))
        }
        Err(AppError::KeyTaken) => Ok(again(StatusCode::CONFLICT, &fresh(), &[], SENT_BEFORE)),
        Err(AppError::Met | AppError::Busy) => {
            let page = again(StatusCode::SERVICE_UNAVAILABLE, &key, &[], BUSY);
            Ok(([(header::RETRY_AFTER, RETRY_AFTER)], page).into_response())
        }
        Err(error) => Err(Problem(error)),
    }
}

fn record(definition: &Definition) -> &Record {
    &definition.records[&*definition.scheme.intake.referral_form]
}

fn page(person: &Person, form: &Form<'_>) -> Markup {
    let scheme = &form.definition.scheme;
    let record = record(form.definition);
    let asked = Asked {
        record,
        typed: form.typed,
        errors: form.errors,
        audience: Audience::Staff,
    };
    let whole = (!form.whole.is_empty()).then(|| ErrorLink {
        text: format!("{}.", form.whole).into(),
        href: String::new(),
    });
    let body = html! {
        p class="govuk-body" { (scheme.name) ". " (record.help.as_deref().unwrap_or_default()) }
        form class="app-form" method="post" action=(address(&scheme.scheme)) autocomplete="off" novalidate {
            (default_button("send"))
            input type="hidden" name=(KEY) value=(form.key) autocomplete="off";
            (asked.fields())
            div class="govuk-button-group" {
                (button(&Button { text: "Send the referral".into(), name: STEP, value: "send", once: Some(true), ..Button::default() }))
                @if asked.has_lists() {
                    (button(&Button { text: "More rows".into(), name: STEP, value: MORE, classes: "govuk-button--secondary", ..Button::default() }))
                }
                a class="govuk-link" href=(STAFF_HOME) { "Leave without sending" }
            }
        }
    };
    let page = StaffPage {
        title: "Make a referral",
        heading: "Make a referral",
        back: STAFF_HOME,
        errors: whole.into_iter().chain(asked.error_links()).collect(),
        body: html! { div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (body) } } },
        ..StaffPage::default()
    };
    frame::staff(person, page)
}

/// The address of the form for referrals under a scheme.
pub fn address(scheme: &str) -> String {
    format!("{SCHEMES}/{scheme}/refer")
}
