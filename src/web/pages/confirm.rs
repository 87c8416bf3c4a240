//! Before something that must not be done at an unlocked desk by somebody else: the code again, or the password where a
//! demonstration has no code.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use maud::{Markup, html};
use serde::Deserialize;

use super::frame::staff;
use super::problem::{self, Problem};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::staff::Person;
use crate::domain::refusal::FieldError;
use crate::web::components::{Button, Input, Label, button, input};
use crate::web::form::Sent;
use crate::web::layout::{CONFIRM, STAFF_HOME, StaffPage};
use crate::web::sign_in::cookie::Secure;
use crate::web::sign_in::{SignedIn, code, error_of, links_to, secret_of};

/// The field of what somebody signs in with.
pub const CODE: &str = "code";

/// Where one was.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Came {
    back: String,
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Query(came): Query<Came>,
) -> Result<Markup, Problem> {
    let has_code = app.has_second_factor(&person.actor).await?;
    Ok(page(&person, has_code, &came.back, &[]))
}

pub async fn send(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    secure: Secure,
    jar: CookieJar,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let back = typed.text("back");
    let secret = secret_of(&jar, secure);
    match app.confirm(&secret, typed.text("code")).await {
        Ok(()) => Ok(Redirect::to(our_own(back)).into_response()),
        Err(AppError::Fields(errors)) => {
            let has_code = app.has_second_factor(&person.actor).await?;
            let page = page(&person, has_code, back, &errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Ok(problem::page(&error, true)),
    }
}

/// An address that leads to a staff page of this service; anything else leads home.
fn our_own(address: &str) -> &str {
    let inside = address == STAFF_HOME
        || address
            .strip_prefix(STAFF_HOME)
            .is_some_and(|rest| rest.starts_with(['/', '?']));
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_?=&.".contains(c);
    if inside && address.chars().all(plain) && !address.contains("..") {
        address
    } else {
        STAFF_HOME
    }
}

fn page(person: &Person, has_code: bool, back: &str, errors: &[FieldError]) -> Markup {
    let back = our_own(back);
    let body = html! {
        p class="govuk-body" { "What comes next needs to know that it is still you." }
        form class="app-narrow" method="post" action=(CONFIRM) novalidate {
            input type="hidden" name="back" value=(back);
            (proof(has_code, errors))
            (button(&Button { text: "Confirm".into(), once: Some(true), ..Button::default() }))
        }
    };
    staff(
        person,
        StaffPage {
            title: "Confirm it is you",
            heading: "Confirm it is you",
            back,
            errors: links_to(errors),
            body,
            ..StaffPage::default()
        },
    )
}

/// Takes what somebody signs in with. An empty field is no try.
pub async fn prove(app: &Arc<App>, secret: &str, typed: &str) -> Result<(), AppError> {
    if typed.is_empty() {
        let again = "More than 5 minutes have passed: give again what you sign in with";
        return Err(AppError::Fields(vec![FieldError::new(CODE, again)]));
    }
    app.confirm(secret, typed).await
}

/// The field for the code, or for the password where there is no code.
pub fn proof(has_code: bool, errors: &[FieldError]) -> Markup {
    if has_code {
        code::field(errors, code::HINT)
    } else {
        password(errors)
    }
}

fn password(errors: &[FieldError]) -> Markup {
    input(&Input {
        label: Label {
            text: "Password".into(),
            classes: "govuk-label--s",
            ..Label::default()
        },
        name: CODE,
        kind: "password",
        error: error_of(errors, CODE).into(),
        autocomplete: "current-password",
        ..Input::default()
    })
}

#[cfg(test)]
mod tests {
    use super::our_own;

    #[test]
    fn only_staff_pages_of_this_service_are_led_to() {
        for own in ["/staff", "/staff/cases/0a-b?step=2&x=y", "/staff/schemes"] {
            assert_eq!(our_own(own), own);
        }
        for foreign in [
            "",
            "/",
            "/weather",
            "/staffing",
            "staff",
            "//example.org/staff",
            "https://example.org/staff",
            "/staff/../weather",
            "/staff\\example.org",
            "/staff/%2e%2e/",
            "/staff/\r\nset-cookie:x",
            "/staff@example.org",
        ] {
            assert_eq!(our_own(foreign), "/staff", "{foreign:?}");
        }
    }
}
