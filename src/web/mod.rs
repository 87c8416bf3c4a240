//! HTTP in and out: public pages, staff pages and the JSON API. No rule of any scheme, and no word with the store:
//! everything passes `app`, where it is checked, written down and decided.
//! Start here, with every path in one list; then `pages` for people and `api` for machines.

pub mod api;
pub mod assets;
pub mod components;
pub mod form;
pub mod guard;
pub mod health;
pub mod layout;
pub mod metrics;
pub mod pages;
pub mod papers;
pub mod request_log;
pub mod sign_in;
pub mod witness;
pub mod words;

use std::sync::Arc;

use axum::extract::Path;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};

use crate::app::App;
use crate::app::error::AppError;
use sign_in::cookie::Secure;

/// Every path of the service. `secure` is whether cookies may travel over TLS only.
pub fn router(app: Arc<App>, secure: bool) -> Router {
    let pages = guard::netted(pages::routes(), pages::problem::panicked);
    let pages = guard::unforged(pages).layer(Extension(Secure(secure)));
    let routes = guard::netted(api::routes(&app), api::panicked)
        .merge(pages)
        .fallback(async || pages::problem::page(&AppError::NotFound, false))
        .merge(health::routes())
        .merge(witness::routes())
        .route("/s/{name}", get(asset));
    guard::guarded(routes)
        .layer(from_fn_with_state(Arc::clone(&app), request_log::told))
        .with_state(app)
}

/// A style sheet or script. Its name changes with its content, so it may be kept for ever.
async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = assets::get(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let accepts = headers
        .get(ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let kept = [
        (CONTENT_TYPE, asset.content_type),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (VARY, "Accept-Encoding"),
    ];
    match asset.gzipped {
        Some(gzipped) if accepts.is_some_and(|accepts| accepts.contains("gzip")) => {
            (kept, [(CONTENT_ENCODING, "gzip")], gzipped).into_response()
        }
        _ => (kept, asset.plain).into_response(),
    }
}
