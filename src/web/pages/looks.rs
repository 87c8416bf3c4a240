//! Who has looked at a case, and who has changed it: newest first. Looking here is a look too and stands at the top.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use maud::{Markup, html};

use super::problem::Problem;
use super::{address, frame};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::looks::{AccessRow, Look, Looks};
use crate::domain::look::Operation;
use crate::engine::definition::Definition;
use crate::web::components::{
    Cell, Column, Content, PageLink, Pagination, Table, pagination, scroll_region, table,
};
use crate::web::layout::StaffPage;
use crate::web::sign_in::SignedIn;
use crate::web::words::recent;

pub async fn page(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(case): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Result<Markup, Problem> {
    let before = asked.get("before").map(|id| id.parse());
    let before = before.transpose().map_err(|_| AppError::NotFound)?;
    let id = address::case_id(&case);
    let looks = app.see_looks(&person.actor, id, before).await?;
    let back = address::case(id);
    let page = StaffPage {
        title: "Who has looked",
        heading: &format!("Who has looked at {}", looks.reference),
        back: &back,
        body: html! {
            p class="govuk-body" { "Every look at this case and every change of it, the newest first. This look is one of them." }
            (list(&looks))
            (pages(&looks, before.is_none()))
        },
        ..StaffPage::default()
    };
    Ok(frame::staff(&person, page))
}

fn list(looks: &Looks) -> Markup {
    let head = ["When", "Who", "What", "Kinds of data"].map(|text| Column {
        text: text.into(),
        ..Column::default()
    });
    let rows = looks.looks.iter().map(|look| {
        let cells: [Content; 4] = [
            recent(look.row.at.timestamp(), looks.now, &looks.definition.zone).into(),
            who(look).into(),
            html! {
                (what(&looks.definition, &look.row)) " "
                div class="app-quiet" { (spaced(&look.row.purpose)) }
            }
            .into(),
            kinds(&look.row.classes).into(),
        ];
        cells.into_iter().map(Cell::from).collect()
    });
    let table = table(&Table {
        caption: "Looks at this case, the newest first".into(),
        caption_classes: "govuk-visually-hidden",
        head: head.into(),
        rows: rows.collect(),
        row_headers: true,
        classes: "",
    });
    scroll_region("Looks at this case", &table)
}

fn who(look: &Look) -> Markup {
    let name = match (look.name.as_str(), look.row.actor.as_str()) {
        ("", "public") => "Public form",
        ("", "clock") => "By itself",
        ("", _) => "An account that is gone",
        (name, _) => name,
    };
    html! {
        (name)
        @if !look.name.is_empty() { " " div class="app-quiet" { (look.role) } }
        @if let Some(other) = &look.row.on_behalf_of { " " div class="app-quiet" { "for " (other) } }
    }
}

/// What was done, in words.
pub fn what(definition: &Definition, look: &AccessRow) -> String {
    let operation = Operation::ALL
        .into_iter()
        .find(|operation| operation.name() == look.operation);
    match operation {
        Some(Operation::Alteration) => format!("Changed: {}", definition.action_label(&look.what)),
        Some(Operation::Collection) => "Received the application".to_owned(),
        Some(Operation::Consultation) => format!("Looked at: {}", spaced(&look.what)),
        Some(Operation::Disclosure) => format!("Handed on: {}", spaced(&look.what)),
        Some(Operation::Combination) => format!("Combined: {}", spaced(&look.what)),
        Some(Operation::Erasure) => format!("Erased: {}", spaced(&look.what)),
        None => spaced(&look.what),
    }
}

/// Names of classes as people read them.
pub fn kinds(classes: &str) -> String {
    let names: Vec<_> = classes.split_whitespace().map(spaced).collect();
    names.join(", ")
}

/// A name of the access log as people read it.
pub fn spaced(name: &str) -> String {
    name.replace('_', " ")
}

fn pages(looks: &Looks, first: bool) -> Markup {
    let here = address_of(looks);
    let next = looks.next.map(|last| PageLink {
        href: format!("{here}?before={last}"),
        text: "Older looks".into(),
        ..PageLink::default()
    });
    let previous = (!first).then(|| PageLink {
        href: here,
        text: "Newest looks".into(),
        ..PageLink::default()
    });
    html! {
        @if next.is_some() || previous.is_some() {
            (pagination(&Pagination { previous, next, ..Pagination::default() }))
        }
    }
}

fn address_of(looks: &Looks) -> String {
    format!("{}/looks", address::case(looks.case))
}
