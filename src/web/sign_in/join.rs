//! Joining by invitation: a password, a device, recovery codes. No secret is ever part of an address of ours.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use maud::{Markup, html};

use super::cookie::{Name, Secure};
use super::{code, error_of, links_to, secret_of};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::joining::{Device, Joined};
use crate::domain::refusal::FieldError;
use crate::web::components::{
    Button, Input, Label, WarningText, button, input, qr_code, warning_text,
};
use crate::web::form::Sent;
use crate::web::layout::{JOIN, JOIN_DEVICE, SIGN_IN, STAFF_HOME, StaffPage, staff_page};
use crate::web::pages::problem;

pub async fn ask() -> Markup {
    invitation_page(&[])
}

pub async fn accept(
    State(app): State<Arc<App>>,
    secure: Secure,
    jar: CookieJar,
    Sent(typed): Sent,
) -> Response {
    let accepted = app.accept_invitation(typed.text("invitation"), typed.text("password"));
    match accepted.await {
        Ok(secret) => {
            let jar = jar.add(secure.cookie(Name::Session, secret));
            (jar, Redirect::to(JOIN_DEVICE)).into_response()
        }
        Err(AppError::Fields(errors)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, invitation_page(&errors)).into_response()
        }
        Err(error) => problem::page(&error, false),
    }
}

pub async fn device(State(app): State<Arc<App>>, secure: Secure, jar: CookieJar) -> Response {
    match app.device(&secret_of(&jar, secure)).await {
        Ok(device) => device_page(&device, &[]).into_response(),
        Err(error) => problem::page(&error, false),
    }
}

pub async fn join(
    State(app): State<Arc<App>>,
    secure: Secure,
    jar: CookieJar,
    Sent(typed): Sent,
) -> Response {
    let joining = secret_of(&jar, secure);
    match app.join(&joining, typed.text("code")).await {
        Ok(joined) => {
            let page = recovery_page(&joined);
            let jar = jar.add(secure.cookie(Name::Session, joined.session));
            (jar, page).into_response()
        }
        Err(AppError::Fields(errors)) => match app.device(&joining).await {
            Ok(device) => {
                let page = device_page(&device, &errors);
                (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
            }
            Err(error) => problem::page(&error, false),
        },
        Err(error) => problem::page(&error, false),
    }
}

fn invitation_page(errors: &[FieldError]) -> Markup {
    let body = html! {
        form class="app-narrow" method="post" action=(JOIN) novalidate {
            (input(&Input {
                label: Label { text: "Invitation code".into(), classes: "govuk-label--s", ..Label::default() },
                name: "invitation",
                error: error_of(errors, "invitation").into(),
                autocomplete: "off",
                autocapitalize: "characters",
                spellcheck: Some(false),
                ..Input::default()
            }))
            (input(&Input {
                label: Label { text: "New password".into(), classes: "govuk-label--s", ..Label::default() },
                name: "password",
                kind: "password",
                hint: "At least 12 characters. Four words that nobody would put together are easy to remember".into(),
                error: error_of(errors, "password").into(),
                autocomplete: "new-password",
                ..Input::default()
            }))
            (button(&Button { text: "Continue".into(), once: Some(true), ..Button::default() }))
        }
    };
    staff_page(&StaffPage {
        title: "Use an invitation",
        heading: "Use an invitation",
        back: SIGN_IN,
        errors: links_to(errors),
        body,
        ..StaffPage::default()
    })
}

fn device_page(device: &Device, errors: &[FieldError]) -> Markup {
    let address = device.secret.address(&device.sign_in_name);
    let body = html! {
        p class="govuk-body" { "You sign in with your password and a code that an authenticator app makes on your device." }
        ol class="govuk-list govuk-list--number" {
            li { "Open the app and add an account." }
            li { "Let it see this picture, or type the key into it." }
            li { "Enter the six digits that it shows." }
        }
        p class="govuk-body" { (qr_code(&address, "The key, for the camera of your device")) }
        p class="govuk-body" { "Your sign-in name: " strong { (device.sign_in_name) } }
        p class="govuk-body" { "Key: " strong { (device.secret.for_typing()) } }
        p class="govuk-body" { a class="govuk-link" href=(address) { "Open the app on this device" } }
        form class="app-narrow" method="post" action=(JOIN_DEVICE) novalidate {
            (code::field(errors, "The six digits that your device shows"))
            (button(&Button { text: "Finish".into(), once: Some(true), ..Button::default() }))
        }
    };
    staff_page(&StaffPage {
        title: "Set up your device",
        heading: "Set up your device",
        errors: links_to(errors),
        body,
        ..StaffPage::default()
    })
}

fn recovery_page(joined: &Joined) -> Markup {
    let body = html! {
        (warning_text(&WarningText {
            text: "Write these codes down now, and keep them apart from your device. They are shown this once.".into(),
            ..WarningText::default()
        }))
        p class="govuk-body" { "Each signs you in once, with your password, when you do not have your device." }
        ul class="govuk-list" {
            @for code in &joined.recovery_codes { li { strong { (code) } } }
        }
        (button(&Button { text: "Continue".into(), href: STAFF_HOME, ..Button::default() }))
    };
    staff_page(&StaffPage {
        title: "Recovery codes",
        heading: "Recovery codes",
        body,
        ..StaffPage::default()
    })
}
