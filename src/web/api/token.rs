//! Where a machine gets its token, by client credentials: RFC 6749 §4.4. Refusals carry the `error` of §5.2.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::{Form, Json};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::Problem;
use crate::app::App;
use crate::app::tokens::{LIVES, NoToken};
use crate::domain::scope::Scopes;

/// What a client asks for. It names itself here, or by HTTP Basic.
#[derive(Deserialize, ToSchema)]
pub struct Asked {
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// Scopes with a space between; all that the client has when left out.
    scope: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// A token, and how long it lives.
#[derive(Serialize, ToSchema)]
pub struct Given {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// In seconds.
    #[schema(example = 300)]
    expires_in: i64,
    /// What it allows, with a space between.
    scope: String,
}

/// Get a token for five minutes. The client names itself by HTTP Basic, or in the form.
#[utoipa::path(
    post, path = "/token", tag = "token",
    request_body(content = Asked, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = Given), (status = 400, body = Problem), (status = 401, body = Problem), (status = 429, body = Problem)),
)]
pub async fn token(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    form: Result<Form<Asked>, FormRejection>,
) -> Result<Json<Given>, Problem> {
    let Form(asked) = form.map_err(|rejection| unreadable(&rejection))?;
    if asked.grant_type != "client_credentials" {
        return Err(Problem::unsupported_grant());
    }
    let wanted = asked.scope.as_deref().map(str::parse::<Scopes>);
    let wanted = wanted.transpose().map_err(|_| Problem::no_such_scope())?;
    let (client, secret) = named(&headers, asked.client_id, asked.client_secret)?;
    let granted = app.grant(&client, &secret, wanted).await?;
    Ok(Json(Given {
        access_token: granted.token,
        token_type: "Bearer",
        expires_in: LIVES.as_secs(),
        scope: granted.scopes.to_string(),
    }))
}

fn unreadable(rejection: &FormRejection) -> Problem {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::too_long();
    }
    Problem::token_request("Send a form with `grant_type=client_credentials`, each part once")
}

/// The client's id and secret, in one of the two places and not in both.
fn named(
    headers: &HeaderMap,
    id: Option<String>,
    secret: Option<String>,
) -> Result<(String, String), Problem> {
    match (headers.get(AUTHORIZATION), id, secret) {
        (None, Some(id), Some(secret)) => Ok((id, secret)),
        (Some(header), None, None) => {
            let header = header.to_str().unwrap_or_default();
            basic(header).ok_or_else(Problem::unknown_client)
        }
        (None, ..) => Err(Problem::unknown_client()),
        (Some(_), ..) => Err(Problem::token_request(
            "Name the client by HTTP Basic or in the form, not by both",
        )),
    }
}

/// Id and secret out of an HTTP Basic header (RFC 7617). Ours hold no character that would be written otherwise there.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, coded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = BASE64_STANDARD.decode(coded.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((id.to_owned(), secret.to_owned()))
}

impl From<NoToken> for Problem {
    fn from(refused: NoToken) -> Self {
        match refused {
            NoToken::Client => Self::unknown_client(),
            NoToken::TooOften => Self::too_often(),
            NoToken::Scope => Self::no_such_scope(),
            NoToken::App(error) => error.into(),
        }
    }
}
