//! Applications from anybody, and referrals from signed-in professionals.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use super::bearer::{ApplicationsWrite, Bearer};
use super::problem::Problem;
use super::request::{Body, idempotency_key};
use crate::app::App;
use crate::engine::command::Actor;
use crate::engine::definition::voice::ENGLISH;

/// What everybody is told, whoever and whatever the application is about.
#[derive(Serialize, ToSchema)]
pub struct Thanks {
    #[schema(example = "thank_you")]
    status: &'static str,
    message: &'static str,
}

const THANKS: Thanks = Thanks {
    status: "thank_you",
    message: "We have received what you sent and will contact you as soon as we can, in the way you asked for. If someone is in danger now, call 999.",
};

/// Send an application. No token; the answer is the same for every application.
#[utoipa::path(
    post, path = "/at/{authority}/{address}/applications", tag = "applications",
    params(("authority" = String, Path, description = "The authority"), ("address" = String, Path, description = "Its address for this form"), ("Idempotency-Key" = String, Header, description = "Sent twice under one key, it is one application")),
    request_body(content = Object, description = "The fields of the application form: see the schema of the public form under components"),
    responses((status = 202, body = Thanks), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)),
)]
pub async fn apply(
    State(app): State<Arc<App>>,
    Path((authority, address)): Path<(String, String)>,
    headers: HeaderMap,
    Body(answers): Body,
) -> Result<(StatusCode, Json<Thanks>), Problem> {
    let key = idempotency_key(&headers)?;
    let door = app.public_door(&authority, &address, ENGLISH)?.form();
    app.receive(door, answers, Some(key), Actor::public())
        .await?;
    Ok((StatusCode::ACCEPTED, Json(THANKS)))
}

/// A receipt for a professional.
#[derive(Serialize, ToSchema)]
pub struct Receipt {
    /// A label to read aloud; no address answers to it.
    #[schema(example = "7K3M-Q2XD")]
    reference: String,
    /// The case's id, of use to those who may see cases.
    #[schema(value_type = String, format = "uuid")]
    id: crate::domain::id::CaseId,
}

/// Refer somebody as a professional, in a role that refers.
#[utoipa::path(
    post, path = "/schemes/{scheme}/referrals", tag = "applications",
    params(("scheme" = String, Path, description = "A scheme that the caller's authority runs"), ("Idempotency-Key" = String, Header, description = "Sent twice under one key, it is one referral")),
    request_body(content = Object, description = "The fields of the referral form: see its schema under components"),
    responses((status = 201, body = Receipt), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem), (status = 428, body = Problem)),
    security(("client" = ["applications:write"])),
)]
pub async fn refer(
    State(app): State<Arc<App>>,
    bearer: Bearer<ApplicationsWrite>,
    Path(scheme): Path<String>,
    headers: HeaderMap,
    Body(answers): Body,
) -> Result<(StatusCode, Json<Receipt>), Problem> {
    let key = idempotency_key(&headers)?;
    let received = app.refer(bearer.actor(), &scheme, answers, Some(key));
    let received = received.await?;
    Ok((
        StatusCode::CREATED,
        Json(Receipt {
            reference: received.reference,
            id: received.case,
        }),
    ))
}
