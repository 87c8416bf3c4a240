//! Searching other cases for the same people: the form, the numbers, and the cases only when they are asked for. What was typed goes along
//! hidden and never into an address.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use maud::{Markup, html};

use super::address::{self, case_id};
use super::confirm::CODE;
use super::problem::Problem;
use super::{confirm, frame};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::search::{Counted, FORM, Found, MOST, Start};
use crate::app::staff::Person;
use crate::domain::id::CaseId;
use crate::domain::likeness::Ground;
use crate::domain::refusal::FieldError;
use crate::engine::definition::record::Answers;
use crate::web::components::{
    Button, Cell, Column, Content, ErrorLink, Row, SummaryList, Table, button, scroll_region,
    summary_list, table,
};
use crate::web::form::{Asked, Audience, Sent, Typed, read};
use crate::web::layout::StaffPage;
use crate::web::sign_in::cookie::Secure;
use crate::web::sign_in::{SignedIn, links_to, secret_of};
use crate::web::words::{count, date, today};

/// The field of the button that was pressed; no form has a name like it.
const STEP: &str = "form-step";
const SEARCH: &str = "search";
const SHOW: &str = "show";
const CHANGE: &str = "change";

/// What is on the form.
struct Filled<'a> {
    typed: &'a Typed,
    errors: &'a [FieldError],
    /// What proves who they are, where that was too long ago: whether it is a code.
    proof: Option<bool>,
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
) -> Result<Response, Problem> {
    let id = case_id(&case);
    let start = app.search_from(&person, id).await?;
    if !person.confirmed {
        return Ok(Redirect::to(&address::confirm(&address(id))).into_response());
    }
    let filled = Filled {
        typed: &Typed::default(),
        errors: &[],
        proof: None,
    };
    Ok(form(&person, &start, &filled).into_response())
}

pub async fn send(
    State(app): State<Arc<App>>,
    SignedIn(mut person): SignedIn,
    Path(case): Path<String>,
    secure: Secure,
    jar: CookieJar,
    Sent(mut typed): Sent,
) -> Result<Response, Problem> {
    let id = case_id(&case);
    let step = typed.take(STEP).pop().unwrap_or_default();
    let code = typed.take(CODE).pop().unwrap_or_default();
    if step == CHANGE {
        return Ok(again(&app, &person, id, &typed, &[]).await?.into_response());
    }
    let sent = async {
        if !person.confirmed {
            app.search_from(&person, id).await?;
            confirm::prove(&app, &secret_of(&jar, secure), &code).await?;
            person.confirmed = true;
        }
        answered(&app, &person, id, &typed, &step).await
    };
    match sent.await {
        Ok(page) => Ok(page.into_response()),
        Err(AppError::Fields(errors)) => {
            let page = again(&app, &person, id, &typed, &errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(Problem(error)),
    }
}

/// The form with what was typed. Whoever took longer than five minutes proves on it who they are.
async fn again(
    app: &Arc<App>,
    person: &Person,
    id: CaseId,
    typed: &Typed,
    errors: &[FieldError],
) -> Result<Markup, AppError> {
    let start = app.search_from(person, id).await?;
    let proof = if person.confirmed {
        None
    } else {
        Some(app.has_second_factor(&person.actor).await?)
    };
    let filled = Filled {
        typed,
        errors,
        proof,
    };
    Ok(form(person, &start, &filled))
}

async fn answered(
    app: &Arc<App>,
    person: &Person,
    id: CaseId,
    typed: &Typed,
    step: &str,
) -> Result<Markup, AppError> {
    let asked: Answers = read(&FORM, typed).map_err(AppError::Fields)?;
    if step == SHOW {
        let (start, found) = app.list_alike(person, id, &asked).await?;
        return Ok(listed(app, person, &start, &found));
    }
    let (start, counted) = app.count_alike(person, id, &asked).await?;
    Ok(numbers(person, &start, &counted, typed))
}

/// The address of the form that searches from a case.
pub fn address(id: CaseId) -> String {
    format!("{}/search", address::case(id))
}

fn form(person: &Person, start: &Start, filled: &Filled<'_>) -> Markup {
    let asked = Asked {
        record: &FORM,
        typed: filled.typed,
        errors: filled.errors,
        audience: Audience::Staff,
    };
    let errors = match filled.proof {
        Some(_) => links_to(filled.errors),
        None => asked.error_links(),
    };
    let body = html! {
        p class="govuk-body" {
            "To find out whether other cases here are about the same people. Give only the reason to search for everybody named in "
            (start.reference) "; or type what you know of one person."
        }
        form class="app-form" method="post" action=(address(start.case)) autocomplete="off" novalidate {
            (asked.fields())
            @if let Some(has_code) = filled.proof { (confirm::proof(has_code, filled.errors)) }
            (button(&Button { text: "Search".into(), name: STEP, value: SEARCH, ..Button::default() }))
        }
    };
    page(person, start, "Search other cases", errors, narrow(&body))
}

/// Numbers first: they often say enough, and then nobody has looked at another case.
fn numbers(person: &Person, start: &Start, counted: &Counted, typed: &Typed) -> Markup {
    let rows = counted.by.iter().map(|(ground, number)| Row {
        key: said(*ground).into(),
        value: cases(*number).into(),
        ..Row::default()
    });
    let several = counted.cases > MOST;
    let body = html! {
        @if counted.cases > 0 {
            p class="govuk-body" { "They have this in common with what you searched for. One case can be counted more than once." }
            (summary_list(&SummaryList { rows: rows.collect(), ..SummaryList::default() }))
        }
        p class="govuk-body" {
            "Closed cases are counted too, and no case that you may not search. People are found by a name with a date or year of birth, a phone number, an address or a staff number, so none found does not mean that there is none."
        }
        @if several { p class="govuk-body" { "These are too many to show. Search for something that fewer people share." } }
        form method="post" action=(address(start.case)) autocomplete="off" {
            @for (name, value) in typed.pairs() { input type="hidden" name=(name) value=(value); }
            div class="govuk-button-group" {
                @if counted.cases > 0 && !several {
                    (button(&Button { text: "Show what was found".into(), name: STEP, value: SHOW, ..Button::default() }))
                }
                (button(&Button { text: "Change the search".into(), name: STEP, value: CHANGE, classes: "govuk-button--secondary", ..Button::default() }))
            }
        }
    };
    let heading = match counted.cases {
        0 if !counted.compared => "Nothing in this case can be compared".to_owned(),
        0 => "No other case found".to_owned(),
        number => format!("{} found", cases(number)),
    };
    page(person, start, &heading, Vec::new(), narrow(&body))
}

fn cases(number: usize) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), "case")
}

fn listed(app: &App, person: &Person, start: &Start, found: &[Found]) -> Markup {
    let zone = app.definitions.zone(&person.actor.authority);
    let rows = found.iter().map(|found| {
        let row = &found.row;
        let reference =
            html! { a class="govuk-link" href=(address::case(CaseId(row.id))) { (row.reference) } };
        let common: Vec<_> = found.by.iter().map(|ground| said(*ground)).collect();
        let cells: [Content; 5] = [
            reference.into(),
            common.join(" · ").into(),
            found.definition.state_label(&row.state).into(),
            date(today(row.received_at.timestamp(), &zone)).into(),
            found.definition.scheme.name.as_str().into(),
        ];
        cells.into_iter().map(Cell::from).collect()
    });
    let head = ["Case", "In common", "State", "Received on", "Scheme"].map(|text| Column {
        text: text.into(),
        ..Column::default()
    });
    let table = table(&Table {
        caption: "Cases found, the newest first".into(),
        caption_classes: "govuk-visually-hidden",
        head: head.into(),
        rows: rows.collect(),
        row_headers: true,
        classes: "app-queue",
    });
    let body = html! {
        p class="govuk-body" {
            "They have something in common with what you searched for; whether it is the same person is for you to find out. That you were shown each of them is in its log."
        }
        @if found.is_empty() { p class="govuk-body" { "No other case is found any more." } }
        @else { (scroll_region("Cases found", &table)) }
    };
    let heading = format!("{} found", cases(found.len()));
    page(person, start, &heading, Vec::new(), body)
}

fn said(ground: Ground) -> &'static str {
    match ground {
        Ground::NameAndBirth => "Name and birth",
        Ground::StaffNumber => "Staff number",
        Ground::Address => "Address",
        Ground::Phone => "Phone number",
    }
}

/// The tab says nothing of what is on the page (L8).
fn page(
    person: &Person,
    start: &Start,
    heading: &str,
    errors: Vec<ErrorLink>,
    body: Markup,
) -> Markup {
    let back = address::case(start.case);
    let page = StaffPage {
        title: "Search",
        heading,
        back: &back,
        errors,
        body,
        ..StaffPage::default()
    };
    frame::staff(person, page)
}

fn narrow(body: &Markup) -> Markup {
    html! { div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" { (body) } } }
}
