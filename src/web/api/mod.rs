//! The JSON API under `/api/v1`: what pages can do, for machines, with the same doors behind it.
//! No rule of any scheme, and no answer that tells an unknown case from one that may not be seen.
//! Start with `routes`; `request` reads what is sent, `problem` is every answer that is not a success.

mod actions;
mod applications;
mod bearer;
mod cases;
mod document;
mod looks;
mod problem;
mod queues;
mod request;
mod token;

use std::sync::Arc;

use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use problem::Problem;

pub use problem::panicked;

/// The path that every address of the API begins with.
pub const PREFIX: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(info(
    title = "Clare's Law API",
    description = "Applications, queues and cases of a disclosure scheme. Every error is a problem+json document (RFC 9457)."
))]
struct Document;

/// The API with its own document.
pub fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    let documented = OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(token::token))
        .routes(routes!(applications::apply))
        .routes(routes!(applications::refer))
        .routes(routes!(queues::desk))
        .routes(routes!(queues::page))
        .routes(routes!(cases::case))
        .routes(routes!(cases::history))
        .routes(routes!(cases::deadlines))
        .routes(routes!(looks::looks))
        .routes(routes!(actions::offers))
        .routes(routes!(actions::act));
    let (router, document) = OpenApiRouter::new()
        .nest(PREFIX, documented)
        .split_for_parts();
    let document = document::complete(document, app);
    router
        .route(
            &format!("{PREFIX}/openapi.json"),
            get(move || async move { Json(document) }),
        )
        .route(PREFIX, get(unknown))
        .route(&format!("{PREFIX}/"), get(unknown))
        .route(
            &format!("{PREFIX}/{{*rest}}"),
            get(unknown)
                .post(unknown)
                .put(unknown)
                .delete(unknown)
                .patch(unknown),
        )
        .method_not_allowed_fallback(wrong_method)
}

async fn unknown() -> Problem {
    Problem::not_found()
}

async fn wrong_method() -> Problem {
    Problem::wrong_method()
}
