//! The second step of signing in: a code of the device, or a recovery code.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use maud::{Markup, html};

use super::cookie::{Name, Secure};
use super::{error_of, links_to, secret_of};
use crate::app::App;
use crate::app::error::AppError;
use crate::domain::refusal::FieldError;
use crate::web::components::{Button, Input, Label, button, input};
use crate::web::form::Sent;
use crate::web::layout::{SIGN_IN, SIGN_IN_CODE, STAFF_HOME, StaffPage, staff_page};
use crate::web::pages::problem;

pub async fn ask() -> Markup {
    page(&[])
}

pub async fn send(
    State(app): State<Arc<App>>,
    secure: Secure,
    jar: CookieJar,
    Sent(typed): Sent,
) -> Response {
    let half = secret_of(&jar, secure);
    match app.give_code(&half, typed.text("code")).await {
        Ok(secret) => {
            let jar = jar.add(secure.cookie(Name::Session, secret));
            (jar, Redirect::to(STAFF_HOME)).into_response()
        }
        Err(AppError::Fields(errors)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, page(&errors)).into_response()
        }
        Err(error) => problem::page(&error, false),
    }
}

/// The field for a code, wherever one is asked for.
pub fn field(errors: &[FieldError], hint: &'static str) -> Markup {
    input(&Input {
        label: Label {
            text: "Code".into(),
            classes: "govuk-label--s",
            ..Label::default()
        },
        name: "code",
        hint: hint.into(),
        error: error_of(errors, "code").into(),
        classes: "govuk-input--width-20",
        autocomplete: "one-time-code",
        autocapitalize: "characters",
        spellcheck: Some(false),
        ..Input::default()
    })
}

/// What is asked for where a recovery code does as well.
pub const HINT: &str = "The six digits that your device shows, or one of your recovery codes";

fn page(errors: &[FieldError]) -> Markup {
    let body = html! {
        form class="app-narrow" method="post" action=(SIGN_IN_CODE) novalidate {
            (field(errors, HINT))
            (button(&Button { text: "Continue".into(), once: Some(true), ..Button::default() }))
        }
    };
    staff_page(&StaffPage {
        title: "Enter a code",
        heading: "Enter a code",
        back: SIGN_IN,
        errors: links_to(errors),
        body,
        ..StaffPage::default()
    })
}
