//! Who has looked at a case.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::bearer::{Bearer, CasesRead};
use super::problem::Problem;
use super::request::{OfCase, Parameters};
use crate::app::App;
use crate::app::looks::Look;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// `next` of the page before.
    before: Option<String>,
}

/// One look at a case, or one change of it.
#[derive(Serialize, ToSchema)]
pub struct OneLook {
    at: String,
    /// The account's id, or `public`.
    actor: String,
    name: String,
    role: String,
    agency: String,
    authority: String,
    on_behalf_of: Option<String>,
    /// `collection`, `alteration`, `consultation`, `disclosure`, `combination` or `erasure`.
    operation: String,
    /// `case_work`, `oversight`, `audit`, `message_care`, `export` or `system`.
    purpose: String,
    reason: Option<String>,
    what: String,
    /// The classes of fields that were seen.
    classes: Vec<String>,
}

#[derive(Serialize, ToSchema)]
pub struct LooksPage {
    items: Vec<OneLook>,
    /// Send this as `before` for older looks; null at the end.
    next: Option<String>,
}

/// Who has looked at a case and who has changed it, newest first. Asking is a look too.
#[utoipa::path(
    get, path = "/cases/{id}/looks", tag = "cases",
    params(("id" = String, Path, description = "The case's id"), Before),
    responses((status = 200, body = LooksPage), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 422, body = Problem)),
    security(("client" = ["cases:read"])),
)]
pub async fn looks(
    State(app): State<Arc<App>>,
    bearer: Bearer<CasesRead>,
    OfCase(id): OfCase,
    Parameters(asked): Parameters<Before>,
) -> Result<Json<LooksPage>, Problem> {
    let before = asked.before.map(|text| text.parse());
    let before = before
        .transpose()
        .map_err(|_| Problem::field("before", "Send `next` of a page before"))?;
    let seen = app.see_looks(bearer.actor(), id, before).await?;
    Ok(Json(LooksPage {
        items: seen.looks.into_iter().map(one).collect(),
        next: seen.next.map(|last| last.to_string()),
    }))
}

fn one(look: Look) -> OneLook {
    let row = look.row;
    OneLook {
        at: row.at.timestamp().to_string(),
        actor: row.actor,
        name: look.name,
        role: row.actor_role,
        agency: row.agency,
        authority: row.authority,
        on_behalf_of: row.on_behalf_of,
        operation: row.operation,
        purpose: row.purpose,
        reason: row.reason,
        what: row.what,
        classes: row.classes.split_whitespace().map(str::to_owned).collect(),
    }
}
