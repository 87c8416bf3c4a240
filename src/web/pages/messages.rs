//! Messages that were refused or may not have arrived, for the people who mind them: to whom, since when, what happened,
//! and the two things that can be done. No case and no party stands here.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use uuid::Uuid;

use super::frame;
use super::problem::Problem;
use super::settling::{self, Given, KEY, Settling};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::reason::REASON;
use crate::app::staff::Person;
use crate::app::undelivered::{Decision, LateMessages, Mishap, Undelivered};
use crate::domain::refusal::FieldError;
use crate::web::components::{
    Action, Card, NotificationBanner, Row, SummaryList, WarningText, notification_banner,
    summary_list, warning_text,
};
use crate::web::form::{Sent, own_key};
use crate::web::layout::{MESSAGES, StaffPage};
use crate::web::sign_in::SignedIn;
use crate::web::words::{count, recent};

/// The field of the decision.
const DECISION: &str = "form-decision";

/// The local time of whoever reads.
struct Local {
    now: Timestamp,
    zone: TimeZone,
}

impl Local {
    fn of(app: &App, person: &Person) -> Self {
        Self {
            now: app.clock.now(),
            zone: app.definitions.zone(&person.actor.authority),
        }
    }

    fn moment(&self, at: Timestamp) -> String {
        recent(at, self.now, &self.zone)
    }
}

pub async fn all(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let messages = app.undelivered(&person).await?;
    let late = app.late_messages(&person.actor.authority).await?;
    let local = Local::of(&app, &person);
    let page = StaffPage {
        title: "Undelivered messages",
        heading: "Undelivered messages",
        above: html! { @if let Some(news) = query.as_deref().and_then(news) { (news) } },
        body: html! { (late_line(late, &local)) (list(&messages, &local)) },
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

/// What the page before led to.
fn news(query: &str) -> Option<Markup> {
    let (text, success) = match query {
        "done" => ("Your decision is recorded.", true),
        "already" => ("Somebody has dealt with that message already.", false),
        _ => return None,
    };
    Some(notification_banner(&NotificationBanner {
        text: text.into(),
        success,
        ..NotificationBanner::default()
    }))
}

fn list(messages: &[Undelivered], local: &Local) -> Markup {
    html! {
        @if messages.is_empty() {
            p class="govuk-body" { "No message waits for a decision." }
        } @else {
            p class="govuk-body" { "These people may not know that they have a task. Each message says only that; sign-in shows the rest." }
        }
        @for message in messages {
            (summary_list(&SummaryList {
                card: Some(Card {
                    title: format!("For {}", whom(message)).into(),
                    actions: vec![Action { text: "Decide".into(), href: address_of(message.id), ..Action::default() }],
                    ..Card::default()
                }),
                rows: facts(message, local),
                ..SummaryList::default()
            }))
        }
    }
}

fn facts<'a>(message: &Undelivered, local: &Local) -> Vec<Row<'a>> {
    let row = |key: &str, value: String| Row {
        key: key.to_owned().into(),
        value: value.into(),
        ..Row::default()
    };
    vec![
        row("What happened", happened(message.mishap).to_owned()),
        row("Since", local.moment(message.since)),
        row("First due", local.moment(message.made_at)),
        row("Tried", count(message.attempts, "time")),
    ]
}

fn whom(message: &Undelivered) -> &str {
    if message.to.is_empty() {
        "an account that is gone"
    } else {
        &message.to
    }
}

fn happened(mishap: Mishap) -> &'static str {
    match mishap {
        Mishap::Refused => "The mail server refused it for good",
        Mishap::InDoubt => "The link broke before the mail server answered: it may have arrived",
        Mishap::NoAddress => {
            "The account is closed or has changed, or its address cannot be written to"
        }
        Mishap::NoText => "The workflow files have no text for it",
    }
}

fn advice(mishap: Mishap) -> &'static str {
    match mishap {
        Mishap::InDoubt => {
            "Ask them by telephone whether they know that they have a task. Sent again, they may get it twice."
        }
        Mishap::Refused | Mishap::NoAddress => {
            "Tell them in another way that they have a task, or have the account mended and send it again."
        }
        Mishap::NoText => "Tell them in another way that they have a task.",
    }
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = parsed(&id)?;
    let Some(message) = app.undelivered_one(&person, id).await? else {
        return Ok(Redirect::to(&format!("{MESSAGES}?already")).into_response());
    };
    let key = app.chance.id().to_string();
    let form = form(&person, &Local::of(&app, &person), &message, &key, "", &[]);
    Ok(form.into_response())
}

pub async fn decide(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(id): Path<String>,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let id = parsed(&id)?;
    let (key, reason) = (typed.text(KEY).to_owned(), typed.text(REASON).to_owned());
    let decision = match typed.text(DECISION) {
        "send_again" => Decision::SendAgain,
        _ => Decision::Settled(reason.clone()),
    };
    let kept = own_key(&key);
    match app.decide_on_message(&person, id, decision, kept).await {
        Ok(done) => {
            let news = if done { "done" } else { "already" };
            Ok(Redirect::to(&format!("{MESSAGES}?{news}")).into_response())
        }
        Err(AppError::Fields(errors)) => {
            let Some(message) = app.undelivered_one(&person, id).await? else {
                return Ok(Redirect::to(&format!("{MESSAGES}?already")).into_response());
            };
            let local = Local::of(&app, &person);
            let form = form(&person, &local, &message, &key, &reason, &errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, form).into_response())
        }
        Err(error) => Err(Problem(error)),
    }
}

fn form(
    person: &Person,
    local: &Local,
    message: &Undelivered,
    key: &str,
    reason: &str,
    errors: &[FieldError],
) -> Markup {
    let asked = Settling {
        title: "Undelivered message",
        heading: &format!("A message for {}", whom(message)),
        back: MESSAGES,
        rows: facts(message, local),
        advice: advice(message.mishap),
        label: "How it was settled",
        hint: "Needed when it was settled another way: how they were told, and when. Name nobody else",
        field: DECISION,
        choices: vec![
            ("Settled another way", "settled"),
            ("Send again", "send_again"),
        ],
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

/// What the desk says of messages: to everybody with queues that none go out, to those who mind them how many wait for a decision.
///
/// # Errors
/// When the database fails.
pub async fn on_desk(app: &App, person: &Person, held: bool) -> Result<Markup, AppError> {
    let late = app
        .late_messages(&person.actor.authority)
        .await?
        .filter(|_| !held && !person.only_refers());
    let undelivered = if person.minds_messages {
        app.undelivered(person).await?.len()
    } else {
        0
    };
    let number = i64::try_from(undelivered).unwrap_or(i64::MAX);
    Ok(html! {
        (late_line(late, &Local::of(app, person)))
        @if undelivered > 0 {
            p class="govuk-body" {
                a class="govuk-link" href=(MESSAGES) { (count(number, "message")) " may not have arrived" }
            }
        }
    })
}

fn late_line(late: Option<LateMessages>, local: &Local) -> Markup {
    html! {
        @if let Some(late) = late {
            (warning_text(&WarningText {
                text: format!(
                    "Messages have not gone out since {}; {} to go. Look into your queues yourself.",
                    local.moment(late.since),
                    if late.number == 1 { "1 has".to_owned() } else { format!("{} have", late.number) },
                ).into(),
                ..WarningText::default()
            }))
        }
    }
}

fn parsed(id: &str) -> Result<Uuid, AppError> {
    id.parse().map_err(|_| AppError::NotFound)
}

fn address_of(id: Uuid) -> String {
    format!("{MESSAGES}/{id}")
}
