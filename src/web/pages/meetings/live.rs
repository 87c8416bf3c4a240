//! What keeps a page of a meeting at the same point as the room: the page asks for the version, and brings itself up to date when it
//! is another. `ui/js/live.mjs` does that and says why no connection is kept open; without scripts, people reload.

use std::sync::Arc;

use axum::extract::{Path, State};
use maud::{Markup, html};

use super::{address, meeting_id};
use crate::app::App;
use crate::domain::id::MeetingId;
use crate::web::pages::problem::Problem;
use crate::web::sign_in::StillSignedIn;

/// The number of the newest event that this person may know of.
pub async fn version(
    State(app): State<Arc<App>>,
    StillSignedIn(person): StillSignedIn,
    Path(meeting): Path<String>,
) -> Result<String, Problem> {
    let version = app.meeting_version(&person.actor, meeting_id(&meeting));
    Ok(version.await?.to_string())
}

/// The place where the page says that something has changed; it also carries what the script needs.
pub fn marker(meeting: MeetingId, version: u64) -> Markup {
    let asked = format!("{}/version", address(meeting));
    html! { div class="app-live" role="status" data-live=(asked) data-version=(version) {} }
}
