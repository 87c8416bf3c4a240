//! What a case gives to whoever asked: a letter with the words that two people decided, to be read, printed or taken along. It is put
//! together from those words alone; no name, no other answer and nothing of the history comes here.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::address::{self, case_id};
use super::case::bar;
use super::frame;
use super::problem::Problem;
use crate::app::App;
use crate::app::error::AppError;
use crate::app::giving::Stands;
use crate::app::read::CaseView;
use crate::app::staff::Person;
use crate::domain::id::CaseId;
use crate::engine::given::given;
use crate::web::components::{Button, WarningText, button, warning_text};
use crate::web::layout::StaffPage;
use crate::web::papers::{self, Paper, Sheet, screen};
use crate::web::sign_in::SignedIn;
use crate::web::words::{date, today};

/// What the file is called, whatever is in it (L8).
const FILE: &str = "attachment; filename=\"letter.docx\"";

/// The address of what a case gives.
pub fn given_address(id: CaseId) -> String {
    format!("{}/given", address::case(id))
}

pub async fn shown(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
) -> Result<Response, Problem> {
    let id = case_id(&case);
    let (view, stands) = app.hand_over(&person, id, "what is given").await?;
    let body = match stands {
        Stands::Unproved => return Ok(proves_first(id)),
        Stands::NotWhole => html! {
            p class="govuk-body" { "Your role does not show you all of what was decided, so a letter made for you could lack something. Ask a colleague who sees it." }
        },
        Stands::Undecided => html! {
            p class="govuk-body" { "There is no letter yet. It is made when one person has decided what is given and another has confirmed it." }
        },
        Stands::Ready => return Ok(letter(&person, id, &paper(&view, &person)?).into_response()),
    };
    let back = address::case(id);
    let page = StaffPage {
        heading: "What is given",
        above: bar::bar(&view),
        body,
        ..framed(&back)
    };
    Ok(frame::staff(&person, page).into_response())
}

pub async fn file(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
) -> Result<Response, Problem> {
    let id = case_id(&case);
    let (view, stands) = app
        .hand_over(&person, id, "what is given, as a file")
        .await?;
    match stands {
        Stands::Unproved => Ok(proves_first(id)),
        Stands::NotWhole | Stands::Undecided => {
            Ok(Redirect::to(&given_address(id)).into_response())
        }
        Stands::Ready => Ok(papers::file(&paper(&view, &person)?, FILE)?),
    }
}

fn proves_first(id: CaseId) -> Response {
    Redirect::to(&address::confirm(&given_address(id))).into_response()
}

/// What both pages have. The tab says nothing of what is on it.
fn framed(back: &str) -> StaffPage<'_> {
    StaffPage {
        title: "Letter",
        back,
        ..StaffPage::default()
    }
}

/// The letter and nothing of the case: whoever it is for may see the screen, or get a print of it, and the outcome is not for them.
fn letter(person: &Person, id: CaseId, paper: &Paper) -> Markup {
    let file = format!("{}.docx", given_address(id));
    let take = Button {
        text: "Take it along as a Word file".into(),
        href: &file,
        classes: "govuk-button--secondary",
        ..Button::default()
    };
    let body = html! {
        div class="app-sheet__take" {
            (warning_text(&WarningText {
                text: "Give only this letter, and only in the agreed safe way. That you have it before you is written down.".into(),
                ..WarningText::default()
            }))
            (button(&take))
        }
        (screen::shown(paper))
    };
    let back = address::case(id);
    let page = StaffPage {
        heading: &paper.heading,
        body,
        ..framed(&back)
    };
    frame::staff(person, page)
}

/// The letter. For the same words and the same day it is the same for everybody, but for the mark of whose copy it is.
///
/// # Errors
/// `NotFound` where nothing is given.
fn paper(view: &CaseView, person: &Person) -> Result<Paper, AppError> {
    let given = given(&view.definition, &view.case).ok_or(AppError::NotFound)?;
    let day = date(today(view.now, &view.definition.zone));
    let mut sheet = Sheet::headed("Our answer");
    for paragraph in given.letter.text.split("\n\n") {
        sheet.line(paragraph.trim());
    }
    sheet.heading("What we can give you or tell you");
    for piece in given.pieces {
        sheet.words(piece);
    }
    Ok(Paper {
        heading: given.letter.subject.clone(),
        made: format!(
            "{}, {day}. Your reference: {}.",
            person.authority, view.case.reference
        ),
        sheets: vec![sheet],
    })
}
