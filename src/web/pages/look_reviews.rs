//! Looks that a reviewer is asked about: who looked at what and why, and the two things that can be said of it. What
//! stands in the cases is not shown here.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use uuid::Uuid;

use super::due::deadline_words;
use super::looks::{kinds, spaced};
use super::problem::Problem;
use super::settling::{self, Given, KEY, Settling};
use super::{address, frame};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::look_reviews::{Kind, MOST, Review, Verdict};
use crate::app::reason::REASON;
use crate::app::staff::Person;
use crate::domain::refusal::FieldError;
use crate::web::components::{
    Action, Card, Content, NotificationBanner, Row, SummaryList, notification_banner, summary_list,
};
use crate::web::form::{Sent, own_key};
use crate::web::layout::{LOOKS, StaffPage};
use crate::web::sign_in::SignedIn;
use crate::web::words::{count, deadline, recent};

/// The field of the decision.
const VERDICT: &str = "form-verdict";

pub async fn all(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let reviews = app.reviews(&person).await?;
    let page = StaffPage {
        title: "Looks to review",
        heading: "Looks to review",
        above: html! { @if let Some(news) = query.as_deref().and_then(news) { (news) } },
        body: list(&app, &person, &reviews),
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

/// What the page before led to.
fn news(query: &str) -> Option<Markup> {
    let (text, success) = match query {
        "done" => ("Your decision is recorded.", true),
        "already" => ("Somebody has settled that already.", false),
        _ => return None,
    };
    Some(notification_banner(&NotificationBanner {
        text: text.into(),
        success,
        ..NotificationBanner::default()
    }))
}

fn list(app: &App, person: &Person, reviews: &[Review]) -> Markup {
    let full = i64::try_from(reviews.len()).is_ok_and(|number| number >= MOST);
    html! {
        p class="govuk-body" {
            "Every case opened in an emergency stands here at once, and so does whoever looks at 30 cases, or searches 5 times, within 10 minutes. "
            "Two other looks in a hundred are drawn by chance. Your own looks are reviewed by somebody else."
        }
        @if reviews.is_empty() { p class="govuk-body" { "No look waits for you." } }
        @if full { p class="govuk-body" { "These are the first " (MOST) "; more follow when they are settled." } }
        @for review in reviews {
            (summary_list(&SummaryList {
                card: Some(Card {
                    title: title(review).into(),
                    actions: vec![Action { text: "Decide".into(), href: address_of(review), ..Action::default() }],
                    ..Card::default()
                }),
                rows: facts(app, person, review),
                ..SummaryList::default()
            }))
        }
    }
}

fn title(review: &Review) -> String {
    match review.kind {
        Kind::Sample => format!("A look by {}", whom(review)),
        Kind::Trawl => format!("Many cases looked at by {}", whom(review)),
        Kind::Search => format!("Many searches by {}", whom(review)),
        Kind::BrokenGlass => format!("Opened in an emergency by {}", whom(review)),
    }
}

fn people(number: i64) -> String {
    if number == 1 {
        "1 person".to_owned()
    } else {
        format!("{number} people")
    }
}

fn whom(review: &Review) -> &str {
    if review.name.is_empty() {
        "an account that is gone"
    } else {
        &review.name
    }
}

fn facts<'a>(app: &App, person: &Person, review: &Review) -> Vec<Row<'a>> {
    let zone = app.definitions.zone(&person.actor.authority);
    let look = &review.look;
    let row = |key: &str, value: Content| Row {
        key: key.to_owned().into(),
        value,
        ..Row::default()
    };
    let when = recent(look.at.timestamp(), app.clock.now(), &zone);
    let mut facts = match review.kind {
        Kind::Sample => vec![
            row("When", when.into()),
            row("What", spaced(&look.what).into()),
            row("Kinds of data", kinds(&look.classes).into()),
        ],
        Kind::Trawl => vec![
            row("Until", when.into()),
            row(
                "How many",
                format!("{} within 10 minutes", count(review.number, "case")).into(),
            ),
        ],
        Kind::Search => vec![
            row("Until", when.into()),
            row(
                "How many",
                format!("{} times within 10 minutes", review.number).into(),
            ),
        ],
        Kind::BrokenGlass => vec![
            row("When", when.into()),
            row("Told at once", people(review.told).into()),
        ],
    };
    if let Some(due) = review.due {
        let due = deadline(due, app.clock.now(), &zone);
        facts.push(row(
            "Review within one working day",
            deadline_words(&due).into(),
        ));
    }
    facts.push(row("What for", spaced(&look.purpose).into()));
    if let Some(reason) = &look.reason {
        facts.push(row("In their words", reason.clone().into()));
    }
    let title = if review.cases.len() == 1 {
        "Case"
    } else {
        "Cases"
    };
    if !review.cases.is_empty() {
        facts.push(row(title, cases(review).into()));
    }
    facts
}

fn cases(review: &Review) -> Markup {
    html! {
        @for (place, (id, reference)) in review.cases.iter().enumerate() {
            @if place > 0 { " · " }
            a class="govuk-link" href=(address::case(*id)) { (reference) }
        }
    }
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((kind, look)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (look, kind) = parsed(&look, &kind)?;
    let Some(review) = app.review(&person, look, kind).await? else {
        return Ok(already());
    };
    let key = app.chance.id().to_string();
    Ok(form(&app, &person, &review, &key, "", &[]).into_response())
}

pub async fn decide(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((kind, look)): Path<(String, String)>,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let (look, kind) = parsed(&look, &kind)?;
    let (key, reason) = (typed.text(KEY).to_owned(), typed.text(REASON).to_owned());
    // Whoever says neither is taken to have found something: somebody will look again.
    let verdict = match typed.text(VERDICT) {
        "in_order" => Verdict::InOrder,
        _ => Verdict::NotInOrder,
    };
    let kept = own_key(&key);
    let settled = app.settle_review(&person, (look, kind), verdict, &reason, kept);
    match settled.await {
        Ok(true) => Ok(Redirect::to(&format!("{LOOKS}?done")).into_response()),
        Ok(false) => Ok(already()),
        Err(AppError::Fields(errors)) => {
            let Some(review) = app.review(&person, look, kind).await? else {
                return Ok(already());
            };
            let form = form(&app, &person, &review, &key, &reason, &errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response())
        }
        Err(error) => Err(Problem(error)),
    }
}

fn form(
    app: &App,
    person: &Person,
    review: &Review,
    key: &str,
    reason: &str,
    errors: &[FieldError],
) -> Markup {
    let asked = Settling {
        title: "Look to review",
        heading: &title(review),
        back: LOOKS,
        rows: facts(app, person, review),
        advice: "Ask them what they needed it for, if the case does not show it. What you write is kept and cannot be changed.",
        label: "Why",
        hint: "What they needed it for, or what will be done about it",
        field: VERDICT,
        choices: vec![("In order", "in_order"), ("Not in order", "not_in_order")],
    };
    settling::page(
        person,
        asked,
        &Given {
            key,
            reason,
            errors,
        },
    )
}

/// What the desk says to those who are asked about looks.
///
/// # Errors
/// When the database fails.
pub async fn on_desk(app: &App, person: &Person) -> Result<Markup, AppError> {
    let open = app.open_reviews(person).await?;
    let emergencies = app.open_emergencies(person).await?;
    Ok(html! {
        @if emergencies > 0 {
            p class="govuk-body" {
                @if emergencies == 1 { "1 case was opened in an emergency and waits for a reviewer." }
                @else { (emergencies) " cases were opened in an emergency and wait for a reviewer." }
            }
        }
        @if open > 0 {
            p class="govuk-body" {
                a class="govuk-link" href=(LOOKS) { (count(open, "look")) " to review" }
            }
        }
    })
}

fn already() -> Response {
    Redirect::to(&format!("{LOOKS}?already")).into_response()
}

fn parsed(look: &str, kind: &str) -> Result<(Uuid, Kind), AppError> {
    let look = look.parse().map_err(|_| AppError::NotFound)?;
    Ok((look, Kind::parse(kind).ok_or(AppError::NotFound)?))
}

fn address_of(review: &Review) -> String {
    format!("{LOOKS}/{}/{}", review.kind.name(), review.look.id)
}
