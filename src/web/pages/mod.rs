//! The HTML pages: the public form in `start`, `next_steps` and `apply`, the staff's in `desk`, `queue`, `case`, `act`, `schemes`,
//! `meetings`, `messages`, `confirm`, `break_glass`, `looks`, `look_reviews`, `ties`, `search`, `refer`, `referrals` and
//! `feedback`.
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
mod feedback;
mod frame;
mod given;
mod keeping;
mod language;
mod look_reviews;
mod looks;
mod many;
mod meetings;
mod messages;
mod next_steps;
pub mod problem;
mod queue;
mod refer;
mod referrals;
mod schemes;
mod search;
mod settling;
mod start;
mod ties;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::routing::get;
use tower_http::set_header::SetResponseHeaderLayer;

use super::layout::{
    BREAK_GLASS, CONFIRM, EXIT, KEEPING, LOOKS, MEETINGS, MESSAGES, REFERRALS, SCHEMES, STAFF_HOME,
};
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
        .route(KEEPING, get(keeping::all))
        .route(
            "/staff/keeping/{case}",
            get(keeping::ask).post(keeping::propose),
        )
        .route(
            "/staff/keeping/{case}/decide",
            get(keeping::second).post(keeping::decide),
        )
        .merge(forum())
        .route(SCHEMES, get(schemes::all))
        .route("/staff/schemes/{scheme}", get(schemes::one))
        .route("/staff/schemes/{scheme}/handbook", get(schemes::handbook))
        .route("/staff/schemes/{scheme}/queues/{queue}", get(queue::page))
        .route(
            "/staff/schemes/{scheme}/refer",
            get(refer::ask).post(refer::send),
        )
        .route(REFERRALS, get(referrals::page))
        .route("/staff/referrals/{id}", get(feedback::page))
        .route(
            "/staff/schemes/{scheme}/many/{action}",
            get(many::ask).post(many::send),
        )
        .route("/staff/cases/{id}", get(case::page))
        .route("/staff/cases/{id}/looks", get(looks::page))
        .route("/staff/cases/{id}/given", get(given::shown))
        .route("/staff/cases/{id}/given.docx", get(given::file))
        .route("/staff/cases/{id}/ties", get(ties::all).post(ties::add))
        .route(
            "/staff/cases/{id}/ties/{tie}",
            get(ties::ask).post(ties::settle),
        )
        .route(
            "/staff/cases/{id}/search",
            get(search::ask).post(search::send),
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

/// The pages of the forum and its meetings.
fn forum() -> Router<Arc<App>> {
    Router::new()
        .route(MEETINGS, get(meetings::list::page))
        .route(
            "/staff/meetings/new",
            get(meetings::convene::ask).post(meetings::convene::send),
        )
        .route(
            "/staff/meetings/{meeting}",
            get(meetings::meeting::page).post(meetings::meeting::send),
        )
        .route(
            "/staff/meetings/{meeting}/invitation.ics",
            get(meetings::invitation::file),
        )
        .route(
            "/staff/schemes/{scheme}/forum",
            get(meetings::partnership::page),
        )
        .route(
            "/staff/schemes/{scheme}/forum/contacts",
            get(meetings::contacts::page).post(meetings::contacts::send),
        )
        .route(
            "/staff/meetings/{meeting}/pack",
            get(meetings::written::pack::shown),
        )
        .route(
            "/staff/meetings/{meeting}/pack.docx",
            get(meetings::written::pack::file),
        )
        .route(
            "/staff/meetings/{meeting}/minutes",
            get(meetings::written::record::shown),
        )
        .route(
            "/staff/meetings/{meeting}/minutes.docx",
            get(meetings::written::record::file),
        )
        .route(
            "/staff/meetings/{meeting}/version",
            get(meetings::live::version),
        )
        .route(
            "/staff/meetings/{meeting}/cases/{case}",
            get(meetings::item::page).post(meetings::item::sent),
        )
        .route(
            "/staff/meetings/{meeting}/cases/{case}/answer",
            get(meetings::answer::ask).post(meetings::answer::sent),
        )
        .route(
            "/staff/meetings/{meeting}/cases/{case}/view",
            get(meetings::view::ask).post(meetings::view::sent),
        )
}
