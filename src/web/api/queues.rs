//! Queues: which there are for this role, and what is in one.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bearer::{Bearer, QueuesRead};
use super::problem::Problem;
use super::request::Parameters;
use crate::app::App;
use crate::app::desk::{Cursor, QueuedCase};

/// A queue that the caller's role works.
#[derive(Serialize, ToSchema)]
pub struct Queue {
    scheme: String,
    name: String,
    label: String,
    waiting: i64,
    urgent: i64,
}

/// The queues of the caller's role.
#[utoipa::path(
    get, path = "/queues", tag = "queues",
    responses((status = 200, body = Vec<Queue>), (status = 401, body = Problem), (status = 403, body = Problem)),
    security(("client" = ["queues:read"])),
)]
pub async fn desk(
    State(app): State<Arc<App>>,
    bearer: Bearer<QueuesRead>,
) -> Result<Json<Vec<Queue>>, Problem> {
    let desk = app.see_desk(bearer.actor()).await?;
    let queues = desk.into_iter().map(|queue| Queue {
        scheme: queue.count.scheme,
        name: queue.count.queue,
        label: queue.label,
        waiting: queue.count.waiting,
        urgent: queue.count.urgent,
    });
    Ok(Json(queues.collect()))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PageOf {
    /// How many rows, 1 to 200; 50 when left out.
    limit: Option<i64>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A case in a queue. It holds no personal data.
#[derive(Serialize, ToSchema)]
pub struct Entry {
    id: String,
    reference: String,
    version: i64,
    route: String,
    state: String,
    urgent: bool,
    /// Why it is in this queue.
    why: String,
    /// The clock that is due next, and when.
    clock: Option<String>,
    due: Option<String>,
    received_at: String,
    outcome: Option<String>,
    /// The action that waits for a second person.
    pending: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Page {
    queue: String,
    items: Vec<Entry>,
    /// Send this as `after` for the next page; null at the end.
    next: Option<String>,
}

/// A page of a queue: urgent cases first, then by due date.
#[utoipa::path(
    get, path = "/schemes/{scheme}/queues/{queue}", tag = "queues",
    params(("scheme" = String, Path, description = "The scheme it belongs to"), ("queue" = String, Path, description = "A name from `/queues`"), PageOf),
    responses((status = 200, body = Page), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("client" = ["queues:read"])),
)]
pub async fn page(
    State(app): State<Arc<App>>,
    bearer: Bearer<QueuesRead>,
    Path((scheme, queue)): Path<(String, String)>,
    Parameters(asked): Parameters<PageOf>,
) -> Result<Json<Page>, Problem> {
    let limit = asked.limit.unwrap_or(50);
    if !(1..=200).contains(&limit) {
        return Err(Problem::field("limit", "Send a number from 1 to 200"));
    }
    let after = asked.after.map(|text| {
        Cursor::parse(&text).ok_or_else(|| Problem::field("after", "Send `next` of a page before"))
    });
    let view = app
        .see_queue(bearer.actor(), &scheme, &queue, after.transpose()?, limit)
        .await?;
    let next = view.next.map(|cursor| cursor.to_string());
    Ok(Json(Page {
        queue: view.of.queue,
        items: view.rows.into_iter().map(entry).collect(),
        next,
    }))
}

fn entry(row: QueuedCase) -> Entry {
    let case = row.case;
    Entry {
        id: case.id.to_string(),
        reference: case.reference,
        version: case.version,
        route: case.route,
        state: case.state,
        urgent: case.urgent,
        why: row.why,
        clock: case.next_clock,
        due: case.next_due.map(|due| due.timestamp().to_string()),
        received_at: case.received_at.timestamp().to_string(),
        outcome: case.outcome,
        pending: case.pending_action,
    }
}
