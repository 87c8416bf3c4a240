//! Whether the process lives and whether to send it work. Outsiders may read both, so they name nobody and nothing (L8).

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use super::{guard, metrics};
use crate::app::App;

/// What load balancers and service managers ask.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
}

/// The same with the figures, for an address that only operators reach.
pub fn operators(app: Arc<App>) -> Router {
    let routes = routes().route("/metrics", get(figures));
    guard::guarded(routes).with_state(app)
}

/// Whether the process answers.
async fn live() -> Response {
    Json(json!({"status": "live"})).into_response()
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    let readiness = app.readiness();
    let (code, status) = if readiness.because.is_empty() {
        (StatusCode::OK, "ready")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready")
    };
    let body = json!({
        "status": status,
        "because": readiness.because,
        "warnings": readiness.warnings,
    });
    (code, Json(body)).into_response()
}

async fn figures(State(app): State<Arc<App>>) -> Response {
    let text = metrics::text(&app).await;
    ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response()
}
