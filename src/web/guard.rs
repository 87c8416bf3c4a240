//! What stands before every handler: limits, safety headers, the refusal of forged requests, and a net under panics.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;

use crate::app::App;

/// The longest body in bytes: the largest form, with room to spare.
const LONGEST_BODY: usize = 256 * 1024;

/// When somebody who could not be served just now may come again, in seconds.
pub const RETRY_AFTER: HeaderValue = HeaderValue::from_static("2");

/// Nothing from elsewhere, nothing inline, no framing. Scripts may ask this service itself: the pages of a meeting do.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Puts the guards before all routes.
pub fn guarded(routes: Router<Arc<App>>) -> Router<Arc<App>> {
    routes
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .layer(from_fn(headers))
}

/// Refuses requests that another site's page makes with this browser's cookies.
pub fn unforged(routes: Router<Arc<App>>) -> Router<Arc<App>> {
    routes.layer(CsrfLayer::new())
}

/// Answers in place of a handler that panicked. The payload may hold personal data, so it is not logged.
pub fn netted(routes: Router<Arc<App>>, answer: fn() -> Response) -> Router<Arc<App>> {
    routes.layer(CatchPanicLayer::custom(
        move |_payload: Box<dyn Any + Send>| {
            tracing::error!("a handler panicked");
            answer()
        },
    ))
}

async fn headers(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if !headers.contains_key(CACHE_CONTROL) {
        put(headers, CACHE_CONTROL, "no-store");
    }
    put(headers, REFERRER_POLICY, "no-referrer");
    put(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(headers, X_FRAME_OPTIONS, "DENY");
    put(headers, CONTENT_SECURITY_POLICY, POLICY);
    put(
        headers,
        HeaderName::from_static("permissions-policy"),
        "geolocation=(), camera=(), microphone=()",
    );
    if path != "/" {
        put(headers, HeaderName::from_static("x-robots-tag"), "noindex");
    }
    response
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
