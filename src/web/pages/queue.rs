//! One queue: a dense table, the most pressing first, as the server orders it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};

use super::address;
use super::due::{deadline_words, doubt};
use super::problem::Problem;
use super::{desk, frame};
use crate::app::App;
use crate::app::desk::{Cursor, QueueView};
use crate::app::error::AppError;
use crate::domain::id::CaseId;
use crate::engine::definition::Definition;
use crate::web::components::{
    Cell, Column, Content, PageLink, Pagination, Table, Tag, pagination, scroll_region, table, tag,
};
use crate::web::layout::{STAFF_HOME, StaffPage};
use crate::web::sign_in::SignedIn;
use crate::web::words::{self, Deadline};

/// Cases on one page.
const ROWS: i64 = 50;

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path((scheme, queue)): Path<(String, String)>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Markup, Problem> {
    let after = asked
        .get("after")
        .map(|place| Cursor::parse(place).ok_or(AppError::NotFound))
        .transpose()?;
    let first = after.is_none();
    let view = app
        .see_queue(&person.actor, &scheme, &queue, after, ROWS)
        .await?;
    let declared = view
        .definition
        .scheme
        .queues
        .get(&queue)
        .ok_or(AppError::NotFound)?;
    let body = html! {
        p class="govuk-body" { (declared.why) "." }
        (cases(&view, &declared.label, &declared.why))
        (pages(&view, first))
    };
    let page = StaffPage {
        title: "Queue",
        heading: &declared.label,
        back: STAFF_HOME,
        body,
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

fn cases(view: &QueueView, label: &str, why: &str) -> Markup {
    if view.rows.is_empty() {
        return html! { p class="govuk-body" { "Nothing waits here." } };
    }
    // The reason stands above the table; a case that came here under other words says so itself.
    let own_reasons = view.rows.iter().any(|row| row.why != why);
    let mut head = vec!["Case", "Next due", "State", "Route"];
    if own_reasons {
        head.push("Why it is here");
    }
    let definition = &view.definition;
    let rows = view.rows.iter().map(|row| {
        let case = &row.case;
        let clock = case.next_clock.as_deref().zip(case.next_due);
        let due = clock.map(|(clock, due)| (clock, words::deadline(due.timestamp(), view.now, &definition.zone)));
        let route = definition.scheme.routes.get(&case.route).map_or(case.route.as_str(), |route| &route.label);
        let reference = html! {
            a class="govuk-link" href=(address::case(CaseId(case.id))) { (case.reference) }
            @if row.entry_urgent { " " (tag(&Tag { text: "Urgent".into(), classes: "govuk-tag--red" })) }
        };
        let state = html! {
            (definition.state_label(&case.state))
            @if let Some(action) = &case.pending_action {
                div class="app-quiet" { "To confirm: " (definition.action_label(action)) }
            }
        };
        let mut cells: Vec<Content> = vec![reference.into(), next_due(definition, due).into(), state.into(), route.into()];
        if own_reasons {
            cells.push(row.why.as_str().into());
        }
        cells.into_iter().map(Cell::from).collect()
    });
    let table = table(&Table {
        caption: html! { (label) ", the most pressing first" }.into(),
        caption_classes: "govuk-visually-hidden",
        head: head
            .into_iter()
            .map(|text| Column {
                text: text.into(),
                ..Column::default()
            })
            .collect(),
        rows: rows.collect(),
        row_headers: true,
        classes: "app-queue",
    });
    scroll_region(label, &table)
}

fn next_due(definition: &Definition, due: Option<(&str, Deadline)>) -> Markup {
    html! {
        @match due {
            None => span class="app-quiet" { "No deadline is running" },
            Some((clock, deadline)) => {
                (deadline_words(&deadline))
                div class="app-quiet" { (definition.clock_label(clock)) (doubt(definition, clock)) }
            },
        }
    }
}

fn pages(view: &QueueView, first: bool) -> Markup {
    let here = desk::address(&view.of.scheme, &view.of.queue);
    let next = view.next.map(|place| PageLink {
        href: format!("{here}?after={place}"),
        ..PageLink::default()
    });
    let previous = (!first).then(|| PageLink {
        href: here,
        text: "First page".into(),
        ..PageLink::default()
    });
    html! {
        @if next.is_some() || previous.is_some() {
            (pagination(&Pagination { previous, next, ..Pagination::default() }))
        }
    }
}
