//! Who is kept away from a case and who is let in: the list, and the page on which two people settle the end of a tie.
//! Who may do what is decided in `app::ties` and by the policies; nothing is here.
//! Start with `all` and `add`; `form` is what is filled in.

mod form;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use form::Filled;
use jiff::Timestamp;
use maud::{Markup, html};

use super::desk::KEPT_AWAY;
use super::problem::Problem;
use super::settling::{self, Given, KEY, Settling};
use super::{address, frame};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::reason::REASON;
use crate::app::staff::Person;
use crate::app::ties::{KIND, NewTie, Tie, Ties, WHO};
use crate::domain::refusal::FieldError;
use crate::domain::tie::TieKind;
use crate::web::components::{
    NotificationBanner, Row, SummaryList, Tag, notification_banner, summary_list, tag,
};
use crate::web::form::{Sent, own_key, shown};
use crate::web::layout::{STAFF_HOME, StaffPage};
use crate::web::sign_in::{SignedIn, links_to};
use crate::web::words::recent;

/// The field that says what becomes of a tie.
const BECOMES: &str = "becomes";
const KEEP: &str = "keep";
const END: &str = "end";

pub async fn all(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Markup, Problem> {
    let ties = app.see_ties(&person, address::case_id(&case)).await?;
    let key = app.chance.id().to_string();
    let filled = Filled {
        key: &key,
        ..Filled::default()
    };
    Ok(page(&person, &ties, &filled, asked.contains_key("done")))
}

pub async fn add(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let id = address::case_id(&case);
    let (kind, who) = (typed.text(KIND), typed.text(WHO));
    let filled = Filled {
        kind,
        who,
        reason: typed.text(REASON),
        key: typed.text(KEY),
        errors: &[],
    };
    let again = async |errors: &[FieldError]| -> Result<Response, Problem> {
        let ties = app.see_ties(&person, id).await?;
        let page = page(&person, &ties, &Filled { errors, ..filled }, false);
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let Some(kind) = TieKind::parse(kind) else {
        return again(&[FieldError::new(KIND, "Choose what there is between them")]).await;
    };
    let me = person.actor.id.as_str();
    let new = NewTie {
        kind,
        who: if who.is_empty() { me } else { who }.parse().ok(),
        because: filled.reason.to_owned(),
    };
    let myself = kind == TieKind::Declared && new.who == me.parse().ok();
    match app.tie(&person, id, new, own_key(filled.key)).await {
        // They do not see the case any more.
        Ok(()) if myself => Ok(Redirect::to(&format!("{STAFF_HOME}?{KEPT_AWAY}")).into_response()),
        Ok(()) => Ok(Redirect::to(&format!("{}?done", address::ties(id))).into_response()),
        Err(AppError::Fields(errors)) => again(&errors).await,
        Err(AppError::Forbidden(sentence)) => again(&[FieldError::new(KIND, sentence)]).await,
        Err(error) => Err(Problem(error)),
    }
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((case, tie)): Path<(String, String)>,
) -> Result<Markup, Problem> {
    let ties = app.see_ties(&person, address::case_id(&case)).await?;
    let key = app.chance.id().to_string();
    let given = Given {
        key: &key,
        reason: "",
        errors: &[],
    };
    settle_page(&person, &ties, &tie, &given)
}

pub async fn settle(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((case, tie)): Path<(String, String)>,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let id = address::case_id(&case);
    let (key, reason) = (typed.text(KEY), typed.text(REASON));
    // Whoever says neither changes nothing for whom it is about.
    let keep = typed.text(BECOMES) != END;
    let which = tie.parse().map_err(|_| AppError::NotFound)?;
    let settled = app.settle_tie(&person, (id, which), keep, reason, own_key(key));
    let errors = match settled.await {
        Ok(()) => {
            return Ok(Redirect::to(&format!("{}?done", address::ties(id))).into_response());
        }
        Err(AppError::Fields(errors)) => errors,
        Err(AppError::Forbidden(sentence)) => vec![FieldError::new(REASON, sentence)],
        Err(error) => return Err(Problem(error)),
    };
    let ties = app.see_ties(&person, id).await?;
    let given = Given {
        key,
        reason,
        errors: &errors,
    };
    let page = settle_page(&person, &ties, &tie, &given)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn page(person: &Person, ties: &Ties, filled: &Filled<'_>, done: bool) -> Markup {
    let back = address::case(ties.case);
    let banner = NotificationBanner {
        text: "Recorded. It holds from now on.".into(),
        success: true,
        ..NotificationBanner::default()
    };
    let page = StaffPage {
        title: "Who may see it",
        heading: &format!("Who may see {}", ties.reference),
        back: &back,
        errors: links_to(filled.errors),
        above: html! { @if done { (notification_banner(&banner)) } },
        body: html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                (list(ties))
                (form::form(person, ties, filled))
            } }
        },
        ..StaffPage::default()
    };
    frame::staff(person, page)
}

fn list(ties: &Ties) -> Markup {
    let stand = ties.ties.iter().filter(|tie| tie.ended.is_none());
    let over: Vec<_> = ties.ties.iter().filter(|tie| tie.ended.is_some()).collect();
    html! {
        @if ties.restricted {
            p class="govuk-body" {
                (tag(&Tag { text: "Restricted".into(), classes: "govuk-tag--red" }))
                " Only supervisors, the auditor and whoever is let in see this case."
            }
        }
        @if ties.ties.is_empty() {
            p class="govuk-body" { @if ties.guards { "Nobody is kept away by name." } @else { "Nothing is recorded about you here." } }
        }
        @for tie in stand { (card(ties, tie)) }
        @if !over.is_empty() {
            h2 class="govuk-heading-m" { "Ended" }
            @for tie in over { (card(ties, tie)) }
        }
    }
}

fn card(ties: &Ties, tie: &Tie) -> Markup {
    let to = format!("{}/{}", address::ties(ties.case), tie.row.id);
    html! {
        section class="app-section" {
            h3 class="govuk-heading-s" { (heading(ties, tie)) }
            (summary_list(&SummaryList { rows: facts(ties, tie), ..SummaryList::default() }))
            @if ties.guards && tie.ended.is_none() {
                p class="govuk-body" { a class="govuk-link" href=(to) { (step_words(tie)) span class="govuk-visually-hidden" { ": " (heading(ties, tie)) } } }
            }
        }
    }
}

fn step_words(tie: &Tie) -> &'static str {
    match (&tie.asked, tie.kind.ends_with_two()) {
        (Some(_), true) => "Agree to its end, or keep it",
        (None, true) => "Ask for its end",
        (_, false) => "End it",
    }
}

fn heading(ties: &Ties, tie: &Tie) -> String {
    let label = tie.kind.label();
    match tie.row.staff_id {
        Some(staff) => format!("{}: {label}", name(ties, &staff.to_string())),
        None if tie.kind == TieKind::Restricted => label.to_owned(),
        None => format!("Somebody without an account: {label}"),
    }
}

fn name(ties: &Ties, id: &str) -> String {
    let known = ties.names.get(id);
    known.map_or_else(|| "By itself".to_owned(), Clone::clone)
}

fn facts<'a>(ties: &Ties, tie: &'a Tie) -> Vec<Row<'a>> {
    let zone = &ties.definition.zone;
    let by = |at: Timestamp, who: &str| {
        let when = recent(at, ties.now, zone);
        format!("{when}, {}", name(ties, who))
    };
    let mut rows = vec![
        ("Since", by(tie.row.at.timestamp(), &tie.row.done_by).into()),
        ("Why", shown::lines(&because(tie)).into()),
    ];
    for (what, step) in [
        ("End asked for", tie.asked.as_ref()),
        ("Ended", tie.ended.as_ref()),
    ] {
        if let Some(step) = step {
            let text =
                html! { (by(step.at.timestamp(), &step.done_by)) (shown::lines(&step.reason)) };
            rows.push((what, text.into()));
        }
    }
    rows.into_iter()
        .map(|(key, value)| Row {
            key: key.into(),
            value,
            ..Row::default()
        })
        .collect()
}

/// What was found alike is kept as one word; everything else is somebody's own words.
fn because(tie: &Tie) -> String {
    if tie.kind == TieKind::Matched {
        format!("Alike: {}", tie.row.because.replace('_', " "))
    } else {
        tie.row.because.clone()
    }
}

/// The page on which the end of a tie is asked for or agreed to.
fn settle_page(
    person: &Person,
    ties: &Ties,
    tie: &str,
    given: &Given<'_>,
) -> Result<Markup, Problem> {
    let found = ties.ties.iter().find(|one| one.row.id.to_string() == tie);
    let found = found.filter(|tie| ties.guards && tie.ended.is_none());
    let tie = found.ok_or(AppError::NotFound)?;
    let (advice, choices) = match (&tie.asked, tie.kind.ends_with_two()) {
        (_, false) => ("They do not see the case any more.", vec![("End it", END)]),
        (None, true) => (
            "Nothing changes until another supervisor agrees.",
            vec![("Ask for its end", END)],
        ),
        (Some(_), true) => (
            "Whoever asked cannot agree to it themselves. Once it has ended, they see the case.",
            vec![("Agree to its end", END), ("Keep it", KEEP)],
        ),
    };
    let back = address::ties(ties.case);
    let asked = Settling {
        title: "Who may see it",
        heading: &heading(ties, tie),
        back: &back,
        rows: facts(ties, tie),
        advice,
        label: "Why",
        hint: "It is kept and cannot be changed",
        field: BECOMES,
        choices,
    };
    Ok(settling::page(person, asked, given))
}
