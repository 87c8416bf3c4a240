//! Calling a meeting of the forum: one of its series by hand, one for what cannot wait, or one in writing.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::when::When;
use super::{FORMS, address};
use crate::app::App;
use crate::app::error::{AppError, BUSY};
use crate::app::staff::Person;
use crate::domain::refusal::FieldError;
use crate::engine::meeting::ask::Convening;
use crate::engine::meeting::event::Form;
use crate::web::components::{
    Button, Fieldset, Label, Legend, Radio, Radios, Textarea, button, radios, textarea,
};
use crate::web::form::{Sent, Typed, own_key};
use crate::web::layout::{MEETINGS, StaffPage};
use crate::web::pages::frame;
use crate::web::pages::problem::Problem;
use crate::web::pages::settling::KEY;
use crate::web::sign_in::{SignedIn, error_of, links_to};

/// Which forum, where somebody may call several.
const SCHEME: &str = "forum-of";
/// How people meet.
const FORM: &str = "form";
/// Why it is called; named as the rules of the room name it.
const BECAUSE: &str = "because";

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Markup, Problem> {
    let forums = forums(&app, &person)?;
    let form = asked.get(FORM).map_or("regular", String::as_str);
    let typed = Typed::new(vec![
        (KEY.to_owned(), app.chance.id().to_string()),
        (FORM.to_owned(), form.to_owned()),
    ]);
    Ok(page(&person, &forums, &typed, &[]))
}

pub async fn send(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let forums = forums(&app, &person)?;
    let again_as = |status, errors: &[FieldError]| {
        Ok((status, page(&person, &forums, &typed, errors)).into_response())
    };
    let again = |errors: &[FieldError]| again_as(StatusCode::UNPROCESSABLE_ENTITY, errors);
    let (scheme, convening) = match read(&app, &person, &forums, &typed) {
        Ok(read) => read,
        Err(errors) => return again(&errors),
    };
    let key = own_key(typed.text(KEY));
    match app.convene(&person.actor, scheme, convening, key).await {
        Ok(id) => Ok(Redirect::to(&format!("{}?called", address(id))).into_response()),
        Err(AppError::Fields(errors)) => again(&errors),
        Err(AppError::Busy) => {
            let why = FieldError::new("", format!("{BUSY}."));
            again_as(StatusCode::SERVICE_UNAVAILABLE, &[why])
        }
        Err(error) => Err(Problem(error)),
    }
}

/// The forums that somebody may call, each with its name; nobody else finds the page.
fn forums(app: &App, person: &Person) -> Result<Vec<(String, String)>, AppError> {
    let forums = app.forums_called_by(&person.actor).into_iter();
    let named = forums.map(|scheme| {
        let definition = app.edition_for(&person.actor, &scheme)?;
        Ok((scheme, definition.scheme.name.clone()))
    });
    let named: Vec<_> = named.collect::<Result<_, AppError>>()?;
    if named.is_empty() || !person.reads_cases {
        return Err(AppError::NotFound);
    }
    Ok(named)
}

/// What was typed as a meeting to call, or everything that is wrong with it.
fn read<'a>(
    app: &App,
    person: &Person,
    forums: &'a [(String, String)],
    typed: &Typed,
) -> Result<(&'a str, Convening), Vec<FieldError>> {
    let authority = &person.actor.authority;
    let mut errors = Vec::new();
    let scheme = match forums {
        [(only, _)] => Some(only),
        several => {
            let chosen = typed.text(SCHEME);
            let mut known = several.iter().map(|(scheme, _)| scheme);
            known.find(|scheme| *scheme == chosen)
        }
    };
    if scheme.is_none() {
        errors.push(FieldError::new(SCHEME, "Choose whose forum meets"));
    }
    let mut ways = FORMS.iter();
    let form = ways.find(|(_, name, _)| *name == typed.text(FORM));
    if form.is_none() {
        errors.push(FieldError::new(FORM, "Choose how people meet"));
    }
    let sitting = When::typed(typed).sitting(&app.definitions.zone(authority));
    let sitting = sitting.map_err(|wrong| errors.extend(wrong)).ok();
    let because = typed.text(BECAUSE).trim();
    if form.is_some_and(|(form, _, _)| *form != Form::Regular) && because.is_empty() {
        let why = "Say why it cannot wait for the next one";
        errors.push(FieldError::new(BECAUSE, why));
    }
    match (scheme, form, sitting) {
        (Some(scheme), Some((form, _, _)), Some(sitting)) if errors.is_empty() => {
            let convening = Convening {
                authority: authority.clone(),
                form: *form,
                series: None,
                sitting,
                because: because.to_owned(),
            };
            Ok((scheme, convening))
        }
        _ => Err(errors),
    }
}

fn page(
    person: &Person,
    forums: &[(String, String)],
    typed: &Typed,
    errors: &[FieldError],
) -> Markup {
    let body = html! {
        form class="app-form" method="post" action="/staff/meetings/new" autocomplete="off" novalidate {
            input type="hidden" name=(KEY) value=(typed.text(KEY)) autocomplete="off";
            @if forums.len() > 1 { (whose(forums, typed, errors)) }
            (forms(typed, errors))
            (When::typed(typed).fields(errors))
            (textarea(&Textarea {
                label: Label { text: "Why it is called".into(), classes: "govuk-label--s", ..Label::default() },
                name: BECAUSE,
                value: typed.text(BECAUSE),
                hint: "Needed unless it is a regular meeting. No name and no reference".into(),
                error: error_of(errors, BECAUSE).into(),
                rows: 3,
                autocomplete: "off",
                ..Textarea::default()
            }))
            (button(&Button { text: "Call the meeting".into(), once: Some(true), ..Button::default() }))
        }
    };
    let page = StaffPage {
        title: "Call a meeting",
        heading: "Call a meeting",
        back: MEETINGS,
        errors: links_to(errors),
        body: html! { div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (body) } } },
        ..StaffPage::default()
    };
    frame::staff(person, page)
}

fn whose(forums: &[(String, String)], typed: &Typed, errors: &[FieldError]) -> Markup {
    let items = forums.iter().map(|(scheme, name)| Radio {
        value: scheme,
        text: name.as_str().into(),
        ..Radio::default()
    });
    radios(&Radios {
        fieldset: Some(legend("Whose forum meets")),
        name: SCHEME,
        items: items.collect(),
        chosen: Some(typed.text(SCHEME)),
        error: error_of(errors, SCHEME).into(),
        ..Radios::default()
    })
}

fn forms(typed: &Typed, errors: &[FieldError]) -> Markup {
    let items = FORMS.iter().map(|(form, value, text)| Radio {
        value,
        text: (*text).into(),
        hint: match form {
            Form::Regular => "One of the series",
            Form::Extraordinary => "For what cannot wait for the next of the series",
            Form::Written => {
                "Nobody comes; each member answers here until the hour at which it ends"
            }
        }
        .into(),
        ..Radio::default()
    });
    radios(&Radios {
        fieldset: Some(legend("How people meet")),
        name: FORM,
        items: items.collect(),
        chosen: Some(typed.text(FORM)),
        error: error_of(errors, FORM).into(),
        ..Radios::default()
    })
}

fn legend(text: &str) -> Fieldset<'_> {
    Fieldset {
        legend: Legend {
            text: text.into(),
            classes: "govuk-fieldset__legend--s",
            ..Legend::default()
        },
        ..Fieldset::default()
    }
}
