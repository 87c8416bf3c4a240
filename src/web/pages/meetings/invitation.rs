//! A meeting as a file for somebody's own calendar. The file and its name say nothing of what it is (L8).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::domain::id::MeetingId;
use crate::web::pages::problem::Problem;
use crate::web::sign_in::SignedIn;

pub async fn file(
    State(app): State<Arc<App>>,
    SignedIn(person): SignedIn,
    Path(meeting): Path<String>,
) -> Result<Response, Problem> {
    // What is no id is an id of nothing, and goes the same way.
    let id = MeetingId(meeting.parse().unwrap_or_default());
    let invitation = app.invitation(&person.actor, id).await?;
    let kind = format!(
        "text/calendar; charset=utf-8; method={}",
        invitation.method()
    );
    let headers = [
        (CONTENT_TYPE, kind.as_str()),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"appointment.ics\"",
        ),
    ];
    Ok((headers, invitation.text(None)).into_response())
}
