//! A case on one page: how it stands, what comes next, who it is about, what is on record, and what happened.
//! It shows what `app::read` gave and what the engine offers; nothing is decided here.
//! Start with `page`; each part has its own file.

pub mod bar;
pub mod clocks;
pub mod events;
mod history;
mod next;
pub mod records;
pub mod waiting;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};

use super::problem::Problem;
use super::{break_glass, frame};
use crate::app::App;
use crate::app::meetings::MeetingRow;
use crate::app::read::{CaseView, Colleague};
use crate::app::staff::Person;
use crate::domain::id::MeetingId;
use crate::engine::command::Actor;
use crate::web::components::{NotificationBanner, Tag, notification_banner, tag};
use crate::web::layout::{STAFF_HOME, StaffPage};
use crate::web::pages::address;
use crate::web::pages::given::given_address;
use crate::web::pages::meetings::item_address;
use crate::web::sign_in::SignedIn;
use crate::web::words;

/// The names behind the ids in a history.
pub type Names = BTreeMap<String, String>;

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Markup, Problem> {
    let view = app
        .see_case(&person, address::case_id(&case), "case")
        .await?;
    let names = app.names().await?;
    let colleagues = match view.case.pending {
        Some(_) => app.colleagues(&view).await?,
        None => Vec::new(),
    };
    let meeting = app.meeting_of_case(&person.actor, view.id).await?;
    let done = asked.contains_key("done").then(|| done(&view));
    let page = StaffPage {
        title: "Case",
        back: STAFF_HOME,
        above: html! {
            @if let Some(done) = done { (done) }
            (break_glass::banner(&view, &view.definition.zone))
            (bar::bar(&view))
            (letter(&view))
            @if let Some(meeting) = &meeting { (before_the_forum(&view, meeting)) }
        },
        body: body(&view, &person, &names, &colleagues),
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

/// The way to the meeting that has it on its agenda, and back to it for whoever has just recorded what was decided there.
fn before_the_forum(view: &CaseView, meeting: &MeetingRow) -> Markup {
    let starts = words::moment(meeting.starts_at.timestamp(), &view.definition.zone);
    html! {
        p class="govuk-body" {
            "On the agenda of a meeting: "
            a class="govuk-link" href=(item_address(MeetingId(meeting.id), view.id)) { (starts) }
        }
    }
}

/// The way to what is handed to whoever asked, where the scheme hands anything over.
fn letter(view: &CaseView) -> Markup {
    html! {
        @if view.definition.scheme.gives.is_some() {
            p class="govuk-body" { a class="govuk-link" href=(given_address(view.id)) { "What is given" } }
        }
    }
}

fn body(view: &CaseView, person: &Person, names: &Names, colleagues: &[Colleague]) -> Markup {
    let definition = &view.definition;
    let state = definition.scheme.states.get(&view.case.state);
    html! {
        h1 class="govuk-heading-l app-case-heading" { (definition.state_label(&view.case.state)) }
        @if let Some(help) = state.and_then(|state| state.help.as_ref()) { p class="govuk-body" { (help) "." } }
        (stale(view))
        div class="govuk-grid-row" {
            div class="govuk-grid-column-two-thirds" {
                (waiting::waiting(view, person, names, colleagues))
                (next::next(view, person))
                (records::people(view))
                (records::records(view, names, &address::case(view.id), &[]))
            }
            div class="govuk-grid-column-one-third" {
                (clocks::clocks(view))
                (history::history(view, names))
            }
        }
    }
}

/// Acts that rested on what has been amended since.
fn stale(view: &CaseView) -> Markup {
    let labels: Vec<_> = view
        .case
        .stale
        .iter()
        .map(|action| view.definition.action_label(action))
        .collect();
    html! {
        @if !labels.is_empty() {
            div class="govuk-inset-text" {
                (tag(&Tag { text: "Look again".into(), classes: "govuk-tag--yellow" }))
                " A record was amended after these rested on an earlier version of it: " strong { (labels.join(" · ")) }
            }
        }
    }
}

fn done(view: &CaseView) -> Markup {
    let mut newest = view.history.iter().rev();
    let what = newest
        .find(|recorded| events::is_main(&recorded.event))
        .map(|recorded| events::title(view.definition_at(recorded.seq), &recorded.event));
    let text = format!("Recorded: {}", what.unwrap_or_default());
    notification_banner(&NotificationBanner {
        text: text.into(),
        success: true,
        ..NotificationBanner::default()
    })
}

/// Who acted, as colleagues say it.
pub fn who(view: &CaseView, names: &Names, actor: &Actor) -> String {
    match (names.get(&actor.id), actor.id.as_str()) {
        (Some(name), _) => format!("{name}, {}", view.definition.role_label(&actor.role)),
        (None, "public") => "Public form".to_owned(),
        (None, "clock") => "By itself".to_owned(),
        (None, _) => view.definition.role_label(&actor.role).to_owned(),
    }
}
