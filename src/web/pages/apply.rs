//! The public form: asked, sent, and the page after it; and the way out.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use maud::{Markup, html};

use super::problem;
use super::start::{At, NEXT, address, behind};
use crate::app::App;
use crate::app::error::{AppError, BUSY};
use crate::app::intake::PublicDoor;
use crate::domain::refusal::FieldError;
use crate::engine::command::Actor;
use crate::web::components::{Button, ErrorLink, Panel, button, panel};
use crate::web::form::{Asked, Audience, Sent, Typed, own_key, pressed, read};
use crate::web::guard::RETRY_AFTER;
use crate::web::layout::{PublicPage, public_page};
use crate::web::sign_in::cookie::{FORGET, Name, Secure};

/// Where the exit leads: a page that everybody opens now and then.
const ELSEWHERE: &str = "https://www.bbc.co.uk/weather";
/// Hidden fields: the sender's own name for this application, and which button was pressed.
const KEY: &str = "form-key";
pub const STEP: &str = "form-step";
const MORE: &str = "more";

pub async fn ask(State(app): State<Arc<App>>, At(door): At) -> Response {
    let key = app.chance.id().to_string();
    form(&door, &Typed::default(), vec![], &[], &key).into_response()
}

pub async fn send(
    State(app): State<Arc<App>>,
    At(door): At,
    secure: Secure,
    jar: CookieJar,
    Sent(mut typed): Sent,
) -> Response {
    let key = typed.take(KEY).pop().and_then(|key| own_key(&key));
    let step = typed.take(STEP).pop().unwrap_or_default();
    let pressed = pressed(door.asks(), &mut typed);
    let again = |errors: &[FieldError], status| {
        let key = key.clone().unwrap_or_else(|| app.chance.id().to_string());
        (status, form(&door, &typed, vec![], errors, &key)).into_response()
    };
    if pressed || step == MORE {
        return again(&[], StatusCode::OK);
    }
    let answers = match read(door.asks(), &typed) {
        Ok(answers) => answers,
        Err(errors) => return again(&errors, StatusCode::UNPROCESSABLE_ENTITY),
    };
    match app
        .receive(door.form(), answers, key.clone(), Actor::public())
        .await
    {
        Ok(received) => {
            let cookie = secure.sent(received.reference);
            (jar.add(cookie), Redirect::to(&address(&door, "/f/sent"))).into_response()
        }
        Err(AppError::Fields(errors)) => again(&errors, StatusCode::UNPROCESSABLE_ENTITY),
        Err(AppError::Met | AppError::Busy) => not_now(
            &door,
            &typed,
            &key.unwrap_or_else(|| app.chance.id().to_string()),
        ),
        Err(error) => problem::page(&error, false),
    }
}

/// The form with everything that was typed and under the same key: sent again, it is still one application.
fn not_now(door: &PublicDoor, typed: &Typed, key: &str) -> Response {
    let said = ErrorLink {
        text: format!("{BUSY}.").into(),
        href: String::new(),
    };
    let page = form(door, typed, vec![said], &[], key);
    let retry = [(header::RETRY_AFTER, RETRY_AFTER)];
    (StatusCode::SERVICE_UNAVAILABLE, retry, page).into_response()
}

/// `whole` is what is wrong with no field of its own.
fn form(
    door: &PublicDoor,
    typed: &Typed,
    mut whole: Vec<ErrorLink>,
    errors: &[FieldError],
    key: &str,
) -> Markup {
    let asked = Asked {
        record: door.asks(),
        typed,
        errors,
        audience: Audience::Public,
    };
    let body = html! {
        p class="govuk-body" { "If you do not know something, leave it empty or say so. If you would rather tell us in person, write that." }
        form method="post" action=(address(door, "/f")) autocomplete="off" novalidate {
            (default_button("send"))
            input type="hidden" name=(KEY) value=(key) autocomplete="off";
            (asked.fields())
            div class="govuk-button-group" {
                (button(&Button { text: "Send".into(), name: STEP, value: "send", once: Some(true), ..Button::default() }))
                (button(&Button { text: "More room for addresses".into(), name: STEP, value: MORE, classes: "govuk-button--secondary", ..Button::default() }))
            }
        }
    };
    whole.extend(asked.error_links());
    public_page(&PublicPage {
        title: "Your answers",
        heading: "Tell us what worries you",
        back: &address(door, ""),
        errors: whole,
        body,
        ..behind(door, "/f")
    })
}

/// What Enter presses: the first button of a form, and not the one for more rows.
pub fn default_button(value: &str) -> Markup {
    html! { button class="govuk-visually-hidden" type="submit" name=(STEP) value=(value) tabindex="-1" aria-hidden="true" { "Continue" } }
}

/// Shows the reference once: a look later, over somebody's shoulder, shows only that something was sent.
pub async fn sent(At(door): At, secure: Secure, jar: CookieJar) -> Response {
    let reference = jar
        .get(secure.name(Name::Sent))
        .map(|cookie| cookie.value().to_owned());
    let body = html! {
        (panel(&Panel {
            title: "Sent".into(),
            body: reference.as_deref().map(|reference| html! { "Your reference" br; strong { (reference) } }).unwrap_or_default().into(),
            ..Panel::default()
        }))
        @if reference.is_some() {
            p class="govuk-body" { "Keep the reference in a safe place, or in your head: this page shows it only once. You can read it out to us on the phone." }
        }
        h2 class="govuk-heading-m" { "What happens next" }
        p class="govuk-body" { "We will contact you as soon as we can, and only in the way and at the times you chose." }
        p class="govuk-body" { a class="govuk-link" href=(address(&door, NEXT)) { "More about what happens next" } }
        p class="govuk-body" { "To change how we contact you, or to add something, call " a class="govuk-link" href="tel:101" { "101" } "." }
        p class="govuk-body" {
            "If someone is in danger, call " a class="govuk-link" href="tel:999" { "999" }
            ". If you want to talk to somebody meanwhile, a support service can help, free and in confidence."
        }
        h2 class="govuk-heading-m" { "On this phone or computer" }
        p class="govuk-body" { "What you typed is not kept here. Your browser may still list this page in its history; you can clear that, and close the window." }
    };
    let page = public_page(&PublicPage {
        title: "Sent",
        body,
        ..behind(&door, "/f/sent")
    });
    (jar.add(secure.removal(Name::Sent)), page).into_response()
}

/// Leaves: forgets what this browser holds of us, and goes elsewhere.
pub async fn leave(State(app): State<Arc<App>>, secure: Secure, jar: CookieJar) -> Response {
    // Leaving never waits for the session's end to succeed: the cookie goes either way.
    if let Some(secret) = jar.get(secure.name(Name::Session))
        && let Err(error) = app.sign_out(secret.value()).await
    {
        tracing::error!(error.inside = %error, "a session could not be ended on leaving");
    }
    let jar = jar
        .add(secure.removal(Name::Sent))
        .add(secure.removal(Name::Session));
    (jar, [FORGET], Redirect::to(ELSEWHERE)).into_response()
}
