//! Cases past the day until which they have to be kept: the list, the page on which somebody proposes what is to become of one, and the page
//! on which another person confirms it or sends it back. What stands in the cases is not shown here.

mod form;

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};

use super::settling::{self, Given, KEY, Settling};
use super::{address, frame, problem::Problem};
use crate::app::App;
use crate::app::erasure::{Asked, ErasureRow, GROUND, Keeping, MOST, NewErasure, YEARS};
use crate::app::error::AppError;
use crate::app::reason::REASON;
use crate::app::staff::Person;
use crate::domain::ground::{Ground, Wanted};
use crate::domain::id::CaseId;
use crate::domain::refusal::FieldError;
use crate::engine::definition::Definition;
use crate::web::components::{
    Content, NotificationBanner, Row, SummaryList, WarningText, notification_banner, summary_list,
    unconfirmed_because, warning_text,
};
use crate::web::form::{Sent, own_key};
use crate::web::layout::{KEEPING, StaffPage};
use crate::web::sign_in::{SignedIn, links_to};
use crate::web::words::{count, date, recent};
use form::Filled;

/// The field of the second person's decision, and what it sends.
const DECISION: &str = "form-decision";
const CONFIRM: &str = "confirm";
const SEND_BACK: &str = "send-back";

pub async fn all(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Markup, Problem> {
    let keeping = app.see_keeping(&person).await?;
    let zone = app.definitions.zone(&person.actor.authority);
    let page = StaffPage {
        title: "To be reviewed for keeping",
        heading: "To be reviewed for keeping",
        above: html! { @if let Some(news) = query.as_deref().and_then(news) { (news) } },
        body: list(&keeping, &zone),
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

/// What the page before led to.
fn news(query: &str) -> Option<Markup> {
    let (text, success) = match query {
        "proposed" => ("It is proposed. Another person has to confirm it.", true),
        "done" => ("Your decision is recorded.", true),
        "already" => ("Somebody was quicker; look again.", false),
        _ => return None,
    };
    Some(notification_banner(&NotificationBanner {
        text: text.into(),
        success,
        ..NotificationBanner::default()
    }))
}

fn list(keeping: &Keeping, zone: &TimeZone) -> Markup {
    let full = i64::try_from(keeping.past.len()).is_ok_and(|number| number >= MOST);
    html! {
        p class="govuk-body" {
            "The time for which these cases have to be kept is over. Nothing happens by itself: one person proposes to forget a case or to keep it on, and another confirms it."
        }
        h2 class="govuk-heading-m" { "Waiting for a second person" }
        @if keeping.waiting.is_empty() { p class="govuk-body" { "Nothing waits to be confirmed." } }
        @else {
            ul class="govuk-list" {
                @for row in &keeping.waiting {
                    li {
                        a class="govuk-link" href=(decide_address(CaseId(row.case_id))) { (row.reference) }
                        ": " (wanted(row).label()) ", proposed " (recent(row.at.timestamp(), keeping.now, zone))
                    }
                }
            }
        }
        h2 class="govuk-heading-m" { "Past their day" }
        @if keeping.past.is_empty() { p class="govuk-body" { "No case waits for a review." } }
        @if full { p class="govuk-body" { "These are the first " (MOST) "; more follow when they are settled." } }
        ul class="govuk-list" {
            @for row in &keeping.past {
                li {
                    a class="govuk-link" href=(address_of(CaseId(row.id))) { (row.reference) }
                    ", ended " (date(row.state_since.timestamp().to_zoned(zone.clone()).date()))
                }
            }
        }
    }
}

pub async fn ask(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
) -> Result<Response, Problem> {
    let asked = app.see_erasure(&person, address::case_id(&case)).await?;
    if asked.proposed.is_some() {
        return Ok(Redirect::to(&decide_address(asked.case)).into_response());
    }
    let key = app.chance.id().to_string();
    let filled = Filled {
        key: &key,
        ..Filled::default()
    };
    Ok(propose_page(&person, &asked, &filled).into_response())
}

pub async fn propose(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let id = address::case_id(&case);
    let filled = Filled {
        ground: typed.text(GROUND),
        years: typed.text(YEARS),
        reason: typed.text(REASON),
        key: typed.text(KEY),
        errors: &[],
    };
    let new = NewErasure {
        ground: Ground::parse(filled.ground),
        years: filled.years.parse().ok(),
        words: filled.reason.to_owned(),
    };
    let proposed = app.propose_erasure(&person, id, new, own_key(filled.key));
    let errors = match proposed.await {
        Ok(true) => return Ok(Redirect::to(&format!("{KEEPING}?proposed")).into_response()),
        Ok(false) => return Ok(already()),
        Err(AppError::Fields(errors)) => errors,
        Err(AppError::Unmet(sentences)) => unmet(sentences),
        Err(error) => return Err(Problem(error)),
    };
    let asked = app.see_erasure(&person, id).await?;
    let filled = Filled {
        errors: &errors,
        ..filled
    };
    let page = propose_page(&person, &asked, &filled);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// What stands in the way, at the choice that it stands in the way of.
fn unmet(sentences: Vec<String>) -> Vec<FieldError> {
    let errors = sentences.into_iter();
    errors
        .map(|sentence| FieldError::new(GROUND, sentence))
        .collect()
}

fn propose_page(person: &Person, asked: &Asked, filled: &Filled<'_>) -> Markup {
    let page = StaffPage {
        title: "To be reviewed for keeping",
        heading: &format!("Forget {} or keep it on", asked.reference),
        back: KEEPING,
        errors: links_to(filled.errors),
        body: html! {
            div class="govuk-grid-row" { div class="govuk-grid-column-two-thirds" {
                (summary_list(&SummaryList { rows: facts(asked), ..SummaryList::default() }))
                (blocked(asked))
                (form::form(asked, filled))
            } }
        },
        ..StaffPage::default()
    };
    frame::staff(person, page)
}

fn blocked(asked: &Asked) -> Markup {
    html! {
        @for sentence in &asked.in_the_way {
            (warning_text(&WarningText {
                text: format!("It cannot be forgotten now. {sentence}.").into(),
                ..WarningText::default()
            }))
        }
    }
}

fn facts(asked: &Asked) -> Vec<Row<'static>> {
    let zone = &asked.definition.zone;
    let link =
        html! { a class="govuk-link" href=(address::case(asked.case)) { (asked.reference) } };
    let ended = asked.ended.to_zoned(zone.clone()).date();
    let mut facts = vec![
        row("Case", link.into()),
        row("Ended", date(ended).into()),
        row("To be kept until", date(asked.kept.last_day).into()),
        row("Rule", rule(&asked.definition, &asked.kept.rule).into()),
    ];
    if let Some(every) = asked.kept.reviewed_every {
        facts.push(row(
            "Looked at again",
            format!("After {every} at the latest").into(),
        ));
    }
    facts
}

/// A rule with its review group, as the scheme says it, and whether anybody has confirmed it (L15).
fn rule(definition: &Definition, name: &str) -> Markup {
    let retention = definition.scheme.retention.as_ref();
    let Some(rule) = retention.and_then(|retention| retention.rules.get(name)) else {
        return html! { (name) };
    };
    html! {
        (rule.label.to_string())
        @if let Some(group) = &rule.group { " (" (&**group) ")" }
        @if let Some(doubt) = &rule.unconfirmed { " " (unconfirmed_because(&doubt.sentence())) }
    }
}

pub async fn second(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
) -> Result<Response, Problem> {
    let asked = app.see_erasure(&person, address::case_id(&case)).await?;
    let key = app.chance.id().to_string();
    let given = Given {
        key: &key,
        reason: "",
        errors: &[],
    };
    Ok(decide_page(&person, &asked, &given).map_or_else(already, IntoResponse::into_response))
}

pub async fn decide(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
    Sent(typed): Sent,
) -> Result<Response, Problem> {
    let id = address::case_id(&case);
    let asked = app.see_erasure(&person, id).await?;
    let Some(proposed) = &asked.proposed else {
        return Ok(already());
    };
    let (key, reason) = (typed.text(KEY), typed.text(REASON));
    // Whoever says neither forgets nothing.
    let confirms = typed.text(DECISION) == CONFIRM;
    let settled = app.settle_erasure(&person, id, (proposed.id, confirms), reason, own_key(key));
    let whole = |sentence: String| vec![FieldError::new(REASON, sentence)];
    let errors = match settled.await {
        Ok(true) => return Ok(Redirect::to(&format!("{KEEPING}?done")).into_response()),
        Ok(false) => return Ok(already()),
        Err(AppError::Fields(errors)) => errors,
        Err(AppError::Forbidden(sentence)) => whole(sentence),
        Err(AppError::Unmet(sentences)) => sentences.into_iter().flat_map(whole).collect(),
        Err(error) => return Err(Problem(error)),
    };
    let given = Given {
        key,
        reason,
        errors: &errors,
    };
    let page = decide_page(&person, &asked, &given);
    Ok(page.map_or_else(already, |page| {
        (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
    }))
}

/// Nothing where nothing is proposed.
fn decide_page(person: &Person, asked: &Asked, given: &Given<'_>) -> Option<Markup> {
    let proposed = asked.proposed.as_ref()?;
    let mut rows = facts(asked);
    rows.extend(said(asked, proposed));
    let advice = match wanted(proposed) {
        Wanted::Forget => {
            "Once you confirm, nobody can read the case again, not even with a backup, and nothing brings it back. Whoever proposed it can only take it back."
        }
        Wanted::Keep => {
            "Once you confirm, it is looked at again on that day. Whoever proposed it can only take it back."
        }
    };
    let asked = Settling {
        title: "To be reviewed for keeping",
        heading: &format!("{} {}", wanted(proposed).label(), asked.reference),
        back: KEEPING,
        rows,
        advice,
        label: "Why",
        hint: form::WORDS,
        field: DECISION,
        choices: vec![("Confirm", CONFIRM), ("Send back", SEND_BACK)],
    };
    Some(settling::page(person, asked, given))
}

/// What was proposed, by whom and why.
fn said<'a>(asked: &Asked, proposed: &ErasureRow) -> Vec<Row<'a>> {
    let who = asked.names.get(&proposed.done_by).cloned();
    let when = recent(proposed.at.timestamp(), asked.now, &asked.definition.zone);
    let ground = Ground::parse(&proposed.ground).map_or("", Ground::label);
    let mut rows = vec![
        row(
            "Proposed",
            format!("{when}, {}", who.unwrap_or_default()).into(),
        ),
        row("Why", ground.to_owned().into()),
        row("In their words", proposed.words.clone().into()),
    ];
    let day = proposed.review_on.as_ref().and_then(|day| day.parse().ok());
    rows.extend(day.map(|day| row("Looked at again on", date(day).into())));
    rows.extend(
        { asked.in_the_way.iter() }
            .map(|sentence| row("Cannot be forgotten now", sentence.clone().into())),
    );
    rows
}

fn wanted(row: &ErasureRow) -> Wanted {
    Ground::parse(&row.ground).map_or(Wanted::Keep, Ground::wanted)
}

fn row<'a>(key: &str, value: Content) -> Row<'a> {
    Row {
        key: key.to_owned().into(),
        value,
        ..Row::default()
    }
}

/// What the desk says to those who review how long cases are kept.
///
/// # Errors
/// When the database fails.
pub async fn on_desk(app: &App, person: &Person) -> Result<Markup, AppError> {
    let open = app.open_keeping(person).await?;
    Ok(html! {
        @if open > 0 {
            p class="govuk-body" {
                a class="govuk-link" href=(KEEPING) { (count(open, "case")) " to review for keeping" }
            }
        }
    })
}

fn already() -> Response {
    Redirect::to(&format!("{KEEPING}?already")).into_response()
}

fn address_of(case: CaseId) -> String {
    format!("{KEEPING}/{case}")
}

fn decide_address(case: CaseId) -> String {
    format!("{KEEPING}/{case}/decide")
}
