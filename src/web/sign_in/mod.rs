//! Signing in and out, joining by invitation, and who is signed in.
//! No rule about what somebody may see or do: that is `app::access` and the definition.
//! Start with `SignedIn`, the extractor that every staff page takes; `cookie` names the cookies, `code` is the second step.

pub mod code;
pub mod cookie;
mod join;

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum_extra::extract::CookieJar;
use maud::{Markup, html};

use super::components::{Button, ErrorLink, Input, Label, button, input};
use super::form::Sent;
use super::layout::{
    HERE, JOIN, JOIN_DEVICE, SIGN_IN, SIGN_IN_CODE, SIGN_OUT, STAFF_HOME, StaffPage, staff_page,
};
use super::pages::problem;
use crate::app::App;
use crate::app::error::AppError;
use crate::app::staff::Person;
use crate::domain::refusal::FieldError;
use cookie::{FORGET, Name, Secure};

/// One sentence for every failure, so that nobody learns which names exist, nor whether a name has to wait.
const REFUSED: &str = "The name and the password do not belong together. After several failures you have to wait before each further try";

/// Somebody with a live session; everybody else is sent to sign in.
#[derive(Debug, Clone)]
pub struct SignedIn(pub Person);

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let Ok(secure) = Secure::from_request_parts(parts, app).await;
        let jar = CookieJar::from_headers(&parts.headers);
        let Some(secret) = jar.get(secure.name(Name::Session)) else {
            return Err(Redirect::to(SIGN_IN).into_response());
        };
        match app.session(secret.value()).await {
            Ok(person) => Ok(Self(person)),
            Err(error) => Err(problem::page(&error, false)),
        }
    }
}

/// The same for what a page asks by itself: that somebody has a page open does not keep them signed in.
#[derive(Debug, Clone)]
pub struct StillSignedIn(pub Person);

impl FromRequestParts<Arc<App>> for StillSignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let Ok(secure) = Secure::from_request_parts(parts, app).await;
        let jar = CookieJar::from_headers(&parts.headers);
        match app.live_session(&secret_of(&jar, secure)).await {
            Ok((person, _)) => Ok(Self(person)),
            Err(error) => Err(problem::page(&error, false)),
        }
    }
}

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(SIGN_IN, get(ask).post(sign_in))
        .route(SIGN_IN_CODE, get(code::ask).post(code::send))
        .route(HERE, get(here))
        .route(SIGN_OUT, axum::routing::post(sign_out))
        .route(JOIN, get(join::ask).post(join::accept))
        .route(JOIN_DEVICE, get(join::device).post(join::join))
}

async fn ask() -> Markup {
    page("", false)
}

/// Says only that whoever asks is signed in still.
async fn here(_: StillSignedIn) -> StatusCode {
    StatusCode::OK
}

async fn sign_in(
    State(app): State<Arc<App>>,
    secure: Secure,
    jar: CookieJar,
    Sent(typed): Sent,
) -> Response {
    let name = typed.text("name");
    match app.sign_in(name.trim(), typed.text("password")).await {
        Ok(begun) => {
            let next = if begun.wants_code {
                SIGN_IN_CODE
            } else {
                STAFF_HOME
            };
            let jar = jar.add(secure.cookie(Name::Session, begun.secret));
            (jar, Redirect::to(next)).into_response()
        }
        Err(AppError::SignIn) => {
            (StatusCode::UNPROCESSABLE_ENTITY, page(name, true)).into_response()
        }
        Err(error) => problem::page(&error, false),
    }
}

async fn sign_out(State(app): State<Arc<App>>, secure: Secure, jar: CookieJar) -> Response {
    if let Some(secret) = jar.get(secure.name(Name::Session))
        && let Err(error) = app.sign_out(secret.value()).await
    {
        return problem::page(&error, false);
    }
    let jar = jar.add(secure.removal(Name::Session));
    (jar, [FORGET], Redirect::to(SIGN_IN)).into_response()
}

fn page(name: &str, refused: bool) -> Markup {
    let errors = refused.then(|| ErrorLink {
        text: REFUSED.into(),
        href: "#name".to_owned(),
    });
    let error = if refused { REFUSED } else { "" };
    let body = html! {
        form class="app-narrow" method="post" action=(SIGN_IN) novalidate {
            (input(&Input {
                label: Label { text: "Name".into(), classes: "govuk-label--s", ..Label::default() },
                name: "name",
                value: name,
                error: error.into(),
                autocomplete: "username",
                autocapitalize: "none",
                spellcheck: Some(false),
                ..Input::default()
            }))
            (input(&Input {
                label: Label { text: "Password".into(), classes: "govuk-label--s", ..Label::default() },
                name: "password",
                kind: "password",
                autocomplete: "current-password",
                ..Input::default()
            }))
            (button(&Button { text: "Sign in".into(), once: Some(true), ..Button::default() }))
            p class="govuk-body" { a class="govuk-link" href=(JOIN) { "Use an invitation" } }
        }
    };
    staff_page(&StaffPage {
        title: "Sign in",
        heading: "Sign in",
        errors: errors.into_iter().collect(),
        body,
        ..StaffPage::default()
    })
}

/// The secret of whatever session the browser holds; empty without one, which no session has.
pub fn secret_of(jar: &CookieJar, secure: Secure) -> String {
    let cookie = jar.get(secure.name(Name::Session));
    cookie.map_or_else(String::new, |cookie| cookie.value().to_owned())
}

/// What is wrong with a field, if anything.
pub fn error_of(errors: &[FieldError], field: &str) -> String {
    let found = errors.iter().find(|error| error.field == field);
    found.map_or_else(String::new, |error| error.message.clone())
}

/// The same for the top of the page.
pub fn links_to(errors: &[FieldError]) -> Vec<ErrorLink> {
    let link = |error: &FieldError| ErrorLink {
        text: error.message.clone().into(),
        href: if error.field.is_empty() {
            String::new()
        } else {
            format!("#{}", error.field)
        },
    };
    errors.iter().map(link).collect()
}
