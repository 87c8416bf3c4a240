//! A member's own view of a case: given before anybody sees another's, changed until the views are opened.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::item_address;
use super::paper::{self, Filled, Paper, record_of};
use super::seat::{KEY, Refused, Seat};
use crate::app::App;
use crate::app::error::AppError;
use crate::domain::id::{CaseId, MeetingId};
use crate::engine::meeting::ask::Ask;
use crate::web::components::{InsetText, inset_text};
use crate::web::form::{Sent, pressed, read, write};
use crate::web::pages::apply::STEP;
use crate::web::pages::problem::Problem;
use crate::web::sign_in::SignedIn;

/// The address of the page on which somebody gives their view.
pub fn view_address(id: MeetingId, case: CaseId) -> String {
    format!("{}/view", item_address(id, case))
}

fn may(seat: &Seat) -> Result<(), AppError> {
    if seat.view.meeting.is_member() {
        return Ok(());
    }
    let members = seat.definition().role_labels(&seat.meets()?.members);
    Err(AppError::Forbidden(format!("This is done by: {members}")))
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((meeting, case)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    let seat = Seat::open(app, person, &meeting, &case).await?;
    may(&seat)?;
    let record = record_of(&seat, &seat.meets()?.view)?;
    let own = seat.item().views.get(&seat.person.actor.id);
    let typed = own.map(|given| write(record, &given.answers));
    let typed = typed.unwrap_or_default();
    Ok(page(&seat, &Filled::fresh(&seat, &typed))?)
}

pub async fn sent(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((meeting, case)): Path<(String, String)>,
    Sent(mut typed): Sent,
) -> Result<Response, Problem> {
    let seat = Seat::open(app, person, &meeting, &case).await?;
    may(&seat)?;
    let key = typed.take(KEY).pop().unwrap_or_default();
    typed.take(STEP);
    let record = record_of(&seat, &seat.meets()?.view)?;
    if pressed(record, &mut typed) {
        return Ok(page(&seat, &Filled::with_key(&seat, &typed, &key))?.into_response());
    }
    let refused = match read(record, &typed) {
        Err(errors) => Refused::fields(errors),
        Ok(answers) => {
            let case = seat.case();
            match seat.ask(Ask::View { case, answers }, &key).await {
                Ok(_) => {
                    let to = format!("{}?done=view", seat.address());
                    return Ok(Redirect::to(&to).into_response());
                }
                Err(error) => Refused::of(error)?,
            }
        }
    };
    let page = page(&seat, &Filled::again(&seat, &typed, &key, &refused))?;
    Ok(refused.answer(page))
}

fn page(seat: &Seat, filled: &Filled) -> Result<Markup, AppError> {
    let sealed = InsetText {
        body: "It can be changed until the views are opened. Nobody sees it before that, the chair no more than others; how many have given theirs is told.".into(),
        ..InsetText::default()
    };
    let paper = Paper {
        seat,
        record: record_of(seat, &seat.meets()?.view)?,
        title: "Your view",
        lead: html! { (inset_text(&sealed)) },
        button: "Give this view",
        own_errors: Vec::new(),
    };
    Ok(paper::page(paper, filled))
}
