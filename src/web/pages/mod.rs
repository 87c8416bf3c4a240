//! The HTML pages: the public form in `start`, `next_steps` and `apply`, the staff's in `desk`, `queue`, `case`, `act`, `schemes`,
//! `messages`, `confirm`, `break_glass`, `looks`, `look_reviews` and `ties`.
//! No rule of any scheme: what is asked, allowed and said comes from the definition; every page works without scripts.
//! Start with `routes`, then `act`, where a form becomes a command; `problem` is every page for what did not work.

mod act;
mod address;
mod agreements;
mod apply;
mod break_glass;
mod case;
mod confirm;
mod desk;
mod due;
mod frame;
mod language;
mod look_reviews;
mod looks;
mod many;
mod messages;
mod next_steps;
pub mod problem;
mod queue;
mod schemes;
mod settling;
mod start;
mod ties;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::routing::get;
use tower_http::set_header::SetResponseHeaderLayer;

use super::layout::{BREAK_GLASS, CONFIRM, EXIT, LOOKS, MESSAGES, SCHEMES, STAFF_HOME};
use super::sign_in;
use crate::app::App;

/// Every page. Needs the extension [`sign_in::cookie::Secure`] on a plain connection, as for a demonstration.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(start::choose))
        .route("/at/{authority}/{address}", get(start::page))
        .route(
            "/at/{authority}/{address}/f",
            get(apply::ask).post(apply::send),
        )
        .route("/at/{authority}/{address}/f/sent", get(apply::sent))
        .route("/at/{authority}/{address}/next", get(next_steps::page))
        .route(EXIT, get(apply::leave))
        .merge(sign_in::routes())
        .route(STAFF_HOME, get(desk::page))
        .route(CONFIRM, get(confirm::ask).post(confirm::send))
        .route(BREAK_GLASS, get(break_glass::ask).post(break_glass::send))
        .route(MESSAGES, get(messages::all))
        .route(
            "/staff/messages/{id}",
            get(messages::ask).post(messages::decide),
        )
        .route(LOOKS, get(look_reviews::all))
        .route(
            "/staff/looks/{kind}/{look}",
            get(look_reviews::ask).post(look_reviews::decide),
        )
        .route(SCHEMES, get(schemes::all))
        .route("/staff/schemes/{scheme}", get(schemes::one))
        .route("/staff/schemes/{scheme}/handbook", get(schemes::handbook))
        .route("/staff/schemes/{scheme}/queues/{queue}", get(queue::page))
        .route(
            "/staff/schemes/{scheme}/many/{action}",
            get(many::ask).post(many::send),
        )
        .route("/staff/cases/{id}", get(case::page))
        .route("/staff/cases/{id}/looks", get(looks::page))
        .route("/staff/cases/{id}/ties", get(ties::all).post(ties::add))
        .route(
            "/staff/cases/{id}/ties/{tie}",
            get(ties::ask).post(ties::settle),
        )
        .route(
            "/staff/cases/{id}/do/{action}",
            get(act::ask).post(act::sent),
        )
        .layer(SetResponseHeaderLayer::overriding(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
}
