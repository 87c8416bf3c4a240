//! One case: as it stands, how it came about, and its deadlines.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::bearer::{Bearer, CasesRead};
use super::problem::Problem;
use super::request::OfCase;
use crate::app::App;
use crate::app::read::CaseView;
use crate::engine::case::Running;
use crate::engine::clocks::trace;
use crate::engine::definition::Definition;

/// A case as it stands. Its version is the `ETag`.
#[utoipa::path(
    get, path = "/cases/{id}", tag = "cases",
    params(("id" = String, Path, description = "The case's id, never its reference")),
    responses((status = 200, body = Object), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("client" = ["cases:read"])),
)]
pub async fn case(
    State(app): State<Arc<App>>,
    bearer: Bearer<CasesRead>,
    OfCase(id): OfCase,
) -> Result<Response, Problem> {
    let view = app.see_case(bearer.actor(), id, "case").await?;
    let case = &view.case;
    let records: Map<String, Value> = case
        .records
        .iter()
        .map(|(name, filing)| {
            let filed = json!({"version": filing.version, "filed_at": filing.filed_at, "answers": filing.answers});
            (name.clone(), filed)
        })
        .collect();
    let pending = case.pending.as_ref().map(|waits| {
        json!({
            "action": waits.action, "proposed_by": waits.by.id, "proposed_at": waits.at, "rationale": waits.rationale,
            "record": waits.answers, "outcome": waits.outcome, "confirm_by": waits.confirm_by,
        })
    });
    let body = json!({
        "id": view.id, "reference": case.reference, "version": case.version,
        "scheme": case.scheme, "edition": {"label": view.definition.scheme.edition.text, "hash": view.edition},
        "route": case.route, "capacity": case.capacity,
        "state": case.state, "state_since": case.state_since, "open": !case.ended,
        "received_at": case.received_at, "outcome": case.outcome, "pending": pending,
        "flags": case.flags.keys().collect::<Vec<_>>(), "stale": case.stale,
        "deadlines": clocks(&view), "records": records, "hidden": view.hidden(),
    });
    Ok(([(ETAG, format!("\"{}\"", case.version))], Json(body)).into_response())
}

/// Every event of a case, oldest first.
#[utoipa::path(
    get, path = "/cases/{id}/history", tag = "cases",
    params(("id" = String, Path, description = "The case's id")),
    responses((status = 200, body = Object), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("client" = ["cases:read"])),
)]
pub async fn history(
    State(app): State<Arc<App>>,
    bearer: Bearer<CasesRead>,
    OfCase(id): OfCase,
) -> Result<Json<Value>, Problem> {
    let view = app.see_case(bearer.actor(), id, "history").await?;
    let events: Vec<Value> = view
        .history
        .iter()
        .map(|recorded| {
            json!({
                "seq": recorded.seq, "at": recorded.at, "kind": recorded.event.kind(),
                "actor": {"id": recorded.actor.id, "role": recorded.actor.role}, "body": recorded.event,
            })
        })
        .collect();
    Ok(Json(
        json!({"id": view.id, "version": view.case.version, "events": events}),
    ))
}

/// Every run of every clock of a case, with the days that were counted.
#[utoipa::path(
    get, path = "/cases/{id}/deadlines", tag = "cases",
    params(("id" = String, Path, description = "The case's id")),
    responses((status = 200, body = Object), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("client" = ["cases:read"])),
)]
pub async fn deadlines(
    State(app): State<Arc<App>>,
    bearer: Bearer<CasesRead>,
    OfCase(id): OfCase,
) -> Result<Json<Value>, Problem> {
    let view = app.see_case(bearer.actor(), id, "deadlines").await?;
    Ok(Json(
        json!({"id": view.id, "version": view.case.version, "deadlines": clocks(&view)}),
    ))
}

fn clocks(view: &CaseView) -> Vec<Value> {
    view.case
        .clocks
        .iter()
        .map(|run| clock(&view.definition, run))
        .collect()
}

fn clock(definition: &Definition, run: &Running) -> Value {
    let status = match (run.is_running(), &run.paused) {
        (false, _) => "stopped",
        (true, Some(_)) => "paused",
        (true, None) => "running",
    };
    let days = trace(definition, run)
        .map(|due| due.trace)
        .unwrap_or_default();
    json!({
        "clock": run.clock, "label": definition.clock_label(&run.clock), "instance": run.instance, "status": status,
        "limit": run.limit.to_string(), "counted_from": run.from, "started_at": run.started_at,
        "due": run.due.at, "due_date": run.due.date,
        "original_due": run.original_due.at, "original_due_date": run.original_due.date,
        "late": run.is_late(), "breached_at": run.breached_at, "stopped_at": run.stopped_at,
        "paused_until": run.paused.as_ref().map(|paused| paused.review_on),
        "unconfirmed": run.unconfirmed, "trace": days,
    })
}
