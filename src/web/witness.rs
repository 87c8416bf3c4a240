//! Where other installations offer the heads of their logs (C2SP `tlog-witness`). Nobody signs in: what is signed speaks for itself, and
//! whose logs are witnessed is for the operator to say.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use crate::app::App;
use crate::ledger::witness::Refusal;

/// The address, below which C2SP puts its own.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/witness/add-checkpoint", post(add))
}

async fn add(State(app): State<Arc<App>>, text: String) -> Response {
    match app.bear_witness(&text).await {
        Ok(Ok(line)) => line.into_response(),
        Ok(Err(refusal)) => refused(refusal),
        Err(error) => {
            tracing::error!(error.inside = %error, "a head could not be judged");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn refused(refusal: Refusal) -> Response {
    let code = match refusal {
        Refusal::Elsewhere(size) => {
            let size = format!("{size}\n");
            return (
                StatusCode::CONFLICT,
                [(CONTENT_TYPE, "text/x.tlog.size")],
                size,
            )
                .into_response();
        }
        Refusal::Unreadable => StatusCode::BAD_REQUEST,
        Refusal::UnknownLog => StatusCode::NOT_FOUND,
        Refusal::OtherKey => StatusCode::FORBIDDEN,
        Refusal::Unproven => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (code, format!("{refusal}\n")).into_response()
}
