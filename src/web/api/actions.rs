//! What may be done to a case now, and doing it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::ETAG;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::bearer::{Bearer, CasesRead, CasesWrite};
use super::document::form;
use super::problem::Problem;
use super::request::{ActionBody, Body, OfCase, idempotency_key, if_match};
use crate::app::App;
use crate::app::act::Request;
use crate::engine::definition::builtin::CONFIRM;

/// What the caller may do to this case now, and every reason why not. A machine never confirms: a second person does.
#[utoipa::path(
    get, path = "/cases/{id}/actions", tag = "cases",
    params(("id" = String, Path, description = "The case's id")),
    responses((status = 200, body = Vec<Object>), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)),
    security(("client" = ["cases:read"])),
)]
pub async fn offers(
    State(app): State<Arc<App>>,
    bearer: Bearer<CasesRead>,
    OfCase(id): OfCase,
) -> Result<Response, Problem> {
    let view = app.see_case(bearer.actor(), id, "actions").await?;
    let offers: Vec<Value> = view
        .offers(bearer.actor())
        .into_iter()
        .filter(|offer| offer.action != CONFIRM)
        .map(|offer| {
            let record = offer.record.as_ref().and_then(|name| view.definition.records.get(name));
            json!({
                "action": offer.action, "label": offer.label, "allowed": offer.allowed, "because": offer.because,
                "record": record.map(form), "rationale_required": offer.reason_needed, "second_person": offer.second_person,
            })
        })
        .collect();
    Ok(([(ETAG, format!("\"{}\"", view.case.version))], Json(offers)).into_response())
}

/// Do it. `If-Match` carries the version that was seen.
#[utoipa::path(
    post, path = "/cases/{id}/actions/{action}", tag = "cases",
    params(
        ("id" = String, Path, description = "The case's id"),
        ("action" = String, Path, description = "An action from `/cases/{id}/actions`"),
        ("If-Match" = String, Header, description = "The version that was seen, such as \"7\""),
        ("Idempotency-Key" = String, Header, description = "Sent twice under one key, it is done once"),
    ),
    request_body(content = Object, description = "`record`: the fields of the action's form; `rationale`: the reason in the caller's own words"),
    responses(
        (status = 200, description = "`version`, `state`, and the action that now waits for a second person as `pending`", body = Object),
        (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem),
        (status = 412, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem),
    ),
    security(("client" = ["cases:write"])),
)]
pub async fn act(
    State(app): State<Arc<App>>,
    bearer: Bearer<CasesWrite>,
    OfCase(case): OfCase,
    Path(path): Path<(String, String)>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<Response, Problem> {
    let expected = if_match(&headers)?;
    let key = idempotency_key(&headers)?;
    let ActionBody { record, rationale } = ActionBody::parse(body)?;
    let request = Request {
        case,
        action: path.1,
        record,
        rationale,
        expected,
        key: Some(key),
        actor: bearer.actor().clone(),
    };
    let done = app.act_for_machine(request).await?;
    Ok(([(ETAG, format!("\"{}\"", done.version))], Json(json!(done))).into_response())
}
