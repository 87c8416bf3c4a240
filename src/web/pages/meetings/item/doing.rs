//! What the forms of the page ask of the meeting, and the page again when it is refused.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::Date;
use maud::{Markup, html};
use serde_json::json;

use super::super::seat::{KEY, Refused, Seat};
use super::{STEP, Sheet, sheet};
use crate::app::App;
use crate::app::error::AppError;
use crate::domain::refusal::FieldError;
use crate::engine::definition::meets::{ANSWER, NOTHING_HELD};
use crate::engine::definition::record::Answers;
use crate::engine::meeting::ask::Ask;
use crate::engine::meeting::event::Promise;
use crate::web::components::{Button, button};
use crate::web::form::dates::Boxes;
use crate::web::form::{Sent, Typed};
use crate::web::pages::problem::Problem;
use crate::web::sign_in::{SignedIn, error_of};

/// A form of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    HoldNothing,
    Take,
    OpenViews,
    Say,
    Promise,
}

impl Doing {
    const ALL: [Self; 5] = [
        Self::HoldNothing,
        Self::Take,
        Self::OpenViews,
        Self::Say,
        Self::Promise,
    ];

    /// What it sends, and the id of the form.
    pub fn name(self) -> &'static str {
        match self {
            Self::HoldNothing => "nothing",
            Self::Take => "take",
            Self::OpenViews => "open",
            Self::Say => "say",
            Self::Promise => "promise",
        }
    }

    /// Where the page shows afterwards what came of it.
    fn shown_at(self) -> &'static str {
        match self {
            Self::HoldNothing => "?done=answer",
            Self::Take => "",
            Self::OpenViews => "#views",
            Self::Say => "#discussion",
            Self::Promise => "#promises",
        }
    }

    fn ask(self, seat: &Seat, typed: &Typed) -> Result<Ask, Refused> {
        let case = seat.case();
        let agency = || typed.text("agency").to_owned();
        Ok(match self {
            Self::HoldNothing => Ask::Answer {
                case,
                agency: seat.agency().to_owned(),
                answers: Answers::from_iter([(ANSWER.to_owned(), json!(NOTHING_HELD))]),
            },
            Self::Take => Ask::Take { case },
            Self::OpenViews => Ask::OpenViews { case },
            Self::Say => Ask::Say {
                case,
                agency: agency(),
                text: typed.text("text").to_owned(),
            },
            Self::Promise => Ask::Promise(Promise {
                // Out of the form's own key, so that the same form sent twice is the same promise (L16).
                id: typed
                    .text(KEY)
                    .get(..36)
                    .and_then(|key| key.parse().ok())
                    .unwrap_or_else(|| seat.app.chance.id()),
                case: Some(case),
                agency: agency(),
                what: typed.text("what").to_owned(),
                by: day(typed).map_err(|sentence| {
                    Refused::fields(vec![FieldError::new("by-day", sentence)])
                })?,
            }),
        })
    }
}

fn day(typed: &Typed) -> Result<Date, &'static str> {
    let part = |part| typed.text(&format!("by-{part}")).to_owned();
    let boxes = Boxes {
        day: part("day"),
        month: part("month"),
        year: part("year"),
    };
    let day = boxes.whole()?.ok_or("Say by when")?;
    day.parse().map_err(|_| "There is no such date")
}

/// A form that was sent and refused: what was typed is shown again.
pub struct Again {
    pub doing: Doing,
    pub typed: Typed,
    pub refused: Refused,
}

pub async fn sent(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((meeting, case)): Path<(String, String)>,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let seat = Seat::open(Arc::clone(&app), person.clone(), &meeting, &case).await?;
    let step = typed.text(STEP);
    let doing = Doing::ALL.into_iter().find(|doing| doing.name() == step);
    let doing = doing.ok_or(AppError::NotFound)?;
    let refused = match doing.ask(&seat, &typed) {
        Err(refused) => refused,
        Ok(ask) => match seat.ask(ask, typed.text(KEY)).await {
            Ok(_) => {
                let to = format!("{}{}", seat.address(), doing.shown_at());
                return Ok(Redirect::to(&to).into_response());
            }
            Err(error) => Refused::of(error)?,
        },
    };
    let again = Again {
        doing,
        typed,
        refused,
    };
    let page = sheet(&seat, Some(&again), None)?;
    Ok(again.refused.answer(page))
}

impl Sheet<'_> {
    /// What was typed into a field of a form that was refused.
    pub(super) fn typed(&self, doing: Doing, name: &str) -> &str {
        let again = self.again.filter(|again| again.doing == doing);
        again.map_or("", |again| again.typed.text(name))
    }

    /// What is wrong with it.
    pub(super) fn error(&self, doing: Doing, name: &str) -> String {
        let again = self.again.filter(|again| again.doing == doing);
        again.map_or_else(String::new, |again| error_of(&again.refused.errors, name))
    }

    /// A form of the page, with the key of its own.
    pub(super) fn form(&self, doing: Doing, fields: &Markup, press: Button) -> Markup {
        let step = doing.name();
        let sent = self.again.filter(|again| again.doing == doing);
        let kept = sent.filter(|again| !again.refused.is_spent);
        let kept = kept.map(|again| again.typed.text(KEY).to_owned());
        let key = kept.filter(|key| !key.is_empty());
        let key = key.unwrap_or_else(|| format!("{}-{step}", self.key));
        let press = Button {
            once: Some(true),
            ..press
        };
        html! {
            form id=(step) class="app-table-form" method="post" action=(self.seat.address()) autocomplete="off" novalidate {
                input type="hidden" name=(STEP) value=(step) autocomplete="off";
                input type="hidden" name=(KEY) value=(key) autocomplete="off";
                (fields)
                (button(&press))
            }
        }
    }
}
