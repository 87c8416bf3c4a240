//! The public front door: help first, then what this is, in words that mean nothing to somebody who glances at it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::{language, problem};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::intake::PublicDoor;
use crate::web::components::{Button, LanguageLink, button};
use crate::web::layout::{EXIT, PublicPage, STAFF_HOME, public_page};

/// The way in that an address leads to.
#[derive(Debug, Clone)]
pub struct At(pub PublicDoor);

impl FromRequestParts<Arc<App>> for At {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let path = Path::<(String, String)>::from_request_parts(parts, app).await;
        let language = language::asked(&parts.uri);
        let door = path
            .map_err(|_| AppError::NotFound)
            .and_then(|Path((authority, address))| {
                app.public_door(&authority, &address, &language)
            });
        door.map(Self).map_err(|error| problem::page(&error, false))
    }
}

/// Where the page 'what happens next' stands behind a way in.
pub const NEXT: &str = "/next";

/// The address of a page behind a way in, in the language that is read: empty for the first page, or such as `/f`.
pub fn address(door: &PublicDoor, page: &str) -> String {
    address_in(door, page, door.definition.voice.language())
}

fn address_in(door: &PublicDoor, page: &str, language: &str) -> String {
    let path = format!("/at/{}/{}{page}", door.authority, door.address);
    language::address(&path, language)
}

/// The frame of a page behind a way in, with the same page in the other languages.
pub fn behind<'a>(door: &'a PublicDoor, page: &str) -> PublicPage<'a> {
    let current = door.definition.voice.language();
    let links = door.languages.iter().map(|(language, name)| LanguageLink {
        text: name.as_str().into(),
        language,
        href: address_in(door, page, language),
        current: language == current,
        ..LanguageLink::default()
    });
    PublicPage {
        language: current,
        languages: links.collect(),
        exit: true,
        ..PublicPage::default()
    }
}

/// Where there is one way in, it leads there, and where there is none, to the sign-in; else it asks where. It names no scheme (L8).
pub async fn choose(State(app): State<Arc<App>>) -> Response {
    let doors = app.public_doors();
    match &doors[..] {
        [] => return Redirect::to(STAFF_HOME).into_response(),
        [only] => return Redirect::to(&address(only, "")).into_response(),
        _ => {}
    }
    let authorities = app.definitions.authorities();
    let body = html! {
        p class="govuk-body" { "Choose the police force for the place where you live, or where the person you are worried about lives." }
        ul class="govuk-list" {
            @for door in &doors {
                li {
                    a class="govuk-link" href=(address(door, "")) {
                        (authorities.get(&door.authority).map_or("", |authority| &authority.label))
                        ": " (door.name)
                    }
                }
            }
        }
    };
    let page = PublicPage {
        title: "Start",
        heading: "Where do you need help?",
        body,
        exit: true,
        ..PublicPage::default()
    };
    public_page(&page).into_response()
}

pub async fn page(At(door): At) -> Markup {
    let body = html! {
        h1 class="govuk-heading-l" { (door.name) }
        p class="govuk-body-l" { "Use this form if you are worried about how somebody treats you, or treats someone you know." }
        p class="govuk-body" { "You can ask whether there is something about a person that you, or someone close to you, should know to be safe." }

        h2 class="govuk-heading-m" { "If you need help now" }
        ul class="govuk-list govuk-list--bullet" {
            li { "In danger: call " a class="govuk-link" href="tel:999" { "999" } ". If you cannot speak, stay on the line and press 55 on a mobile." }
            li { "Not urgent: call " a class="govuk-link" href="tel:101" { "101" } " or go to a police station. You can ask all of this there as well, and somebody writes it down for you." }
            li { "To talk to somebody first: a support service can help, free and in confidence." }
        }

        h2 class="govuk-heading-m" { "What happens next" }
        ol class="govuk-list govuk-list--number" {
            li { "You answer the questions. It takes about 15 minutes, and it cannot be saved half-way." }
            li { "We contact you as soon as we can, and only in the way and at the times you choose." }
            li { "We look into it with care. We cannot promise what comes of it, and it may be that there is nothing to say." }
        }
        p class="govuk-body" { a class="govuk-link" href=(address(&door, NEXT)) { "More about what happens next" } }

        h2 class="govuk-heading-m" { "If somebody could see this screen" }
        p class="govuk-body" {
            "On every page, ‘Exit this page’ takes you to a weather page at once, and what you typed is not kept. "
            "It cannot clear your browser’s history. If you can, use a private window, or another phone or computer, and close it afterwards."
        }
        p class="govuk-body" { a class="govuk-link" href=(EXIT) rel="nofollow noreferrer" { "Try it now: go to the weather" } }

        (button(&Button { text: "Start".into(), href: &address(&door, "/f"), start: true, ..Button::default() }))
    };
    public_page(&PublicPage {
        title: "Start",
        body,
        ..behind(&door, "")
    })
}
