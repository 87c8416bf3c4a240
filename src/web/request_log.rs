//! What the log says of a request: its method, the pattern of its address, the status and how long it took, under an id of its own.
//! Not the address itself, nor who asked: an address may hold what somebody typed.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::app::App;

/// Answers within a span, so that whatever is logged meanwhile can be traced to one request. That it was answered is told in detail
/// only (`debug`): when somebody came to the public form is nobody's business who reads the log for faults.
pub async fn told(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let span = tracing::info_span!(
        "request",
        request.id = %app.chance.id().simple(),
        http.method = named(request.method()),
        http.route = route.map_or("none", MatchedPath::as_str),
    );
    let began = app.clock.steady();
    let response = next.run(request).instrument(span.clone()).await;
    let took = app.clock.steady().saturating_sub(began);
    span.in_scope(|| {
        tracing::debug!(
            http.status = response.status().as_u16(),
            http.milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
    });
    response
}

/// The methods that the service knows by name; whoever asks may call a method anything.
fn named(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}
