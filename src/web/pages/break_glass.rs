//! Opening a case in an emergency: what it does in plain words, the reference and the reason. Whoever has not just proved who
//! they are does that first; whoever took longer over the reason does it on the form, and nothing typed is lost.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::confirm::CODE;
use super::problem::Problem;
use super::settling::KEY;
use super::{address, confirm, frame};
use crate::app::App;
use crate::app::break_glass::{Emergency, REFERENCE};
use crate::app::error::AppError;
use crate::app::read::CaseView;
use crate::app::reason::REASON;
use crate::app::staff::Person;
use crate::domain::refusal::FieldError;
use crate::web::components::{
    Button, Input, Label, Textarea, WarningText, button, input, textarea, warning_text,
};
use crate::web::form::{Sent, own_key};
use crate::web::layout::{BREAK_GLASS, CONFIRM, STAFF_HOME, StaffPage};
use crate::web::sign_in::cookie::Secure;
use crate::web::sign_in::{SignedIn, error_of, links_to, secret_of};
use crate::web::words::recent;

/// What is on the form.
struct Form<'a> {
    key: &'a str,
    reference: &'a str,
    reason: &'a str,
    errors: &'a [FieldError],
    /// What proves who they are, where that was too long ago: whether it is a code.
    proof: Option<bool>,
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
) -> Result<Response, Problem> {
    reads_cases(&person)?;
    if !person.confirmed {
        let to = format!("{CONFIRM}?back={BREAK_GLASS}");
        return Ok(Redirect::to(&to).into_response());
    }
    let form = Form {
        key: &app.chance.id().to_string(),
        reference: "",
        reason: "",
        errors: &[],
        proof: None,
    };
    Ok(page(&person, &form).into_response())
}

pub async fn send(
    State(app): State<Arc<App>>,
    SignedIn(mut person): SignedIn,
    secure: Secure,
    jar: CookieJar,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    reads_cases(&person)?;
    let (key, reference, reason) = (typed.text(KEY), typed.text(REFERENCE), typed.text(REASON));
    let sent = async {
        if !person.confirmed {
            confirm::prove(&app, &secret_of(&jar, secure), typed.text(CODE)).await?;
            person.confirmed = true;
        }
        let asked = Emergency {
            reference: reference.to_owned(),
            reason: reason.to_owned(),
            key: own_key(key),
        };
        app.break_glass(&person, asked).await
    };
    match sent.await {
        Ok(case) => Ok(Redirect::to(&address::case(case)).into_response()),
        Err(AppError::Fields(errors)) => {
            let has_code = app.has_second_factor(&person.actor).await?;
            let form = Form {
                key,
                reference,
                reason,
                errors: &errors,
                proof: (!person.confirmed).then_some(has_code),
            };
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&person, &form)).into_response())
        }
        Err(error) => Err(Problem(error)),
    }
}

fn reads_cases(person: &Person) -> Result<(), AppError> {
    if person.reads_cases {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}

fn page(person: &Person, form: &Form<'_>) -> Markup {
    let title = "Open a case in an emergency";
    let body = html! {
        div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
            p class="govuk-body" {
                "For a case that you cannot open, or not see whole, when a life may hang on it and nobody who may is at hand."
            }
            (warning_text(&WarningText {
                text: "Two other people are told at once that you opened it.".into(),
                ..WarningText::default()
            }))
            ul class="govuk-list govuk-list--bullet" {
                li { "It opens for you alone, with all that is in it, and closes by itself after 60 minutes." }
                li { "Somebody else reviews it within one working day, with your reason before them." }
                li { "It stands under ‘Who has looked at this case’ and cannot be taken back." }
                li { "Each try is written down, also one that opens nothing." }
            }
            (fields(form))
        } }
    };
    let page = StaffPage {
        title,
        heading: title,
        back: STAFF_HOME,
        errors: links_to(form.errors),
        body,
        ..StaffPage::default()
    };
    frame::staff(person, page)
}

fn fields(form: &Form<'_>) -> Markup {
    let label = |text: &'static str| Label {
        text: text.into(),
        classes: "govuk-label--s",
        ..Label::default()
    };
    html! {
        form class="app-form" method="post" action=(BREAK_GLASS) autocomplete="off" novalidate {
            input type="hidden" name=(KEY) value=(form.key) autocomplete="off";
            (input(&Input {
                label: label("Reference"),
                name: REFERENCE,
                value: form.reference,
                hint: "Eight letters and digits, such as 7K3M-Q2XD".into(),
                error: error_of(form.errors, REFERENCE).into(),
                classes: "govuk-input--width-10",
                autocapitalize: "characters",
                spellcheck: Some(false),
                ..Input::default()
            }))
            (textarea(&Textarea {
                label: label("Why it cannot wait"),
                name: REASON,
                value: form.reason,
                hint: "What may happen to whom, and why you need this case for it".into(),
                error: error_of(form.errors, REASON).into(),
                rows: 4,
                ..Textarea::default()
            }))
            @if let Some(has_code) = form.proof { (confirm::proof(has_code, form.errors)) }
            (button(&Button {
                text: "Open the case for 60 minutes".into(),
                classes: "govuk-button--warning",
                once: Some(true),
                ..Button::default()
            }))
        }
    }
}

/// What stands above a case that is open so.
pub fn banner(view: &CaseView, zone: &TimeZone) -> Markup {
    html! {
        @if let Some(until) = view.standing.glass_until {
            (warning_text(&WarningText {
                text: format!(
                    "You opened this case in an emergency. It closes for you on {}; others have been told and will review it.",
                    recent(until, view.now, zone)
                ).into(),
                ..WarningText::default()
            }))
        }
    }
}

/// The way here, for whoever looks at cases.
pub fn on_desk(person: &Person) -> Markup {
    html! {
        @if person.reads_cases {
            p class="govuk-body app-desk-more" {
                a class="govuk-link" href=(BREAK_GLASS) { "Open a case in an emergency" }
            }
        }
    }
}
