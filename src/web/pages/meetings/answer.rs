//! What an agency holds on a case, in its own words: the form for its member, and for whoever keeps the agenda, who writes down what an
//! agency without a sign-in said. It can be filled in again until the meeting is over; what the forms mean stands in the scheme.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use super::paper::{self, Filled, Paper, record_of};
use super::seat::{KEY, Refused, Seat};
use crate::app::App;
use crate::app::error::AppError;
use crate::engine::meeting::ask::Ask;
use crate::web::components::{Choice, ErrorLink, Label, Select, select};
use crate::web::form::{Sent, pressed, read, write};
use crate::web::pages::apply::STEP;
use crate::web::pages::due::deadline_words;
use crate::web::pages::problem::Problem;
use crate::web::sign_in::{SignedIn, error_of};
use crate::web::words::deadline;

/// The field that says for which agency it is; no record has a name like this.
const AGENCY: &str = "form-agency";
/// The same agency as the rules of the room call it, when they refuse it.
const REFUSED_AGENCY: &str = "agency";

/// Whoever neither sits in the forum nor keeps its agenda answers for nobody.
fn may(seat: &Seat) -> Result<(), AppError> {
    let meeting = &seat.view.meeting;
    if meeting.is_member() || meeting.convenes() {
        return Ok(());
    }
    Err(AppError::Forbidden(
        "Only an agency’s own member and the coordinator say what it holds".to_owned(),
    ))
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((meeting, case)): Path<(String, String)>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Markup, Problem> {
    let seat = Seat::open(app, person, &meeting, &case).await?;
    may(&seat)?;
    let named = asked.get("agency").filter(|_| seat.view.meeting.convenes());
    let named = named.filter(|agency| known(&seat, agency));
    let agency = named.map_or_else(|| usual(&seat), String::as_str);
    let given = seat.item().answers.get(agency);
    let record = record_of(&seat, &seat.meets()?.answer)?;
    let typed = given.map(|given| write(record, &given.answers));
    let typed = typed.unwrap_or_default();
    Ok(page(&seat, agency, &Filled::fresh(&seat, &typed))?)
}

/// A member answers for their own agency; whoever keeps the agenda says first for which.
fn usual(seat: &Seat) -> &str {
    if seat.view.meeting.convenes() {
        ""
    } else {
        seat.agency()
    }
}

fn known(seat: &Seat, agency: &str) -> bool {
    let mut agencies = seat.definition().agencies();
    agencies.any(|(name, _)| &**name == agency)
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
    let agency = typed.take(AGENCY).pop();
    let agency = agency.unwrap_or_else(|| usual(&seat).to_owned());
    let record = record_of(&seat, &seat.meets()?.answer)?;
    if pressed(record, &mut typed) {
        let again = Filled::with_key(&seat, &typed, &key);
        return Ok(page(&seat, &agency, &again)?.into_response());
    }
    let refused = match read(record, &typed) {
        Err(errors) => Refused::fields(errors),
        Ok(answers) => {
            let ask = Ask::Answer {
                case: seat.case(),
                agency: agency.clone(),
                answers,
            };
            match seat.ask(ask, &key).await {
                Ok(_) => {
                    let to = format!("{}?done=answer", seat.address());
                    return Ok(Redirect::to(&to).into_response());
                }
                Err(error) => Refused::of(error)?,
            }
        }
    };
    let filled = Filled::again(&seat, &typed, &key, &refused);
    let page = page(&seat, &agency, &filled)?;
    Ok(refused.answer(page))
}

fn page(seat: &Seat, agency: &str, filled: &Filled) -> Result<Markup, AppError> {
    let wrong = error_of(filled.errors(), REFUSED_AGENCY);
    let chosen = known(seat, agency) && wrong.is_empty();
    let zone = &seat.definition().zone;
    let due = deadline(seat.item().listing.answers_by, seat.view.meeting.now, zone);
    let own_errors = (!wrong.is_empty()).then(|| ErrorLink {
        text: wrong.as_str().into(),
        href: format!("#{AGENCY}"),
    });
    let lead = html! {
        @if chosen {
            p class="govuk-body" { "For " strong { (seat.label(agency)) } ", by " (deadline_words(&due)) "." }
            input type="hidden" name=(AGENCY) value=(agency) autocomplete="off";
        } @else {
            (choice(seat, agency, &wrong))
        }
    };
    let paper = Paper {
        seat,
        record: record_of(seat, &seat.meets()?.answer)?,
        title: "Answer of an agency",
        lead,
        button: "Send the answer",
        own_errors: own_errors.into_iter().collect(),
    };
    Ok(paper::page(paper, filled))
}

fn choice(seat: &Seat, agency: &str, wrong: &str) -> Markup {
    let nobody = Choice {
        text: "Choose",
        value: Some(""),
        ..Choice::default()
    };
    let agencies = seat.definition().agencies().map(|(name, row)| Choice {
        text: &row.label,
        value: Some(name),
        ..Choice::default()
    });
    select(&Select {
        label: Label {
            text: "For which agency".into(),
            classes: "govuk-label--s",
            ..Label::default()
        },
        name: AGENCY,
        choices: std::iter::once(nobody).chain(agencies).collect(),
        chosen: Some(agency),
        error: wrong.into(),
        ..Select::default()
    })
}
