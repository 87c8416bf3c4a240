//! Who is asking: a machine with a token.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::problem::Problem;
use crate::app::App;
use crate::app::staff::Person;
use crate::engine::command::Actor;

/// The account behind the request's token. Without a valid one the answer is 401.
pub struct Bearer(pub Person);

impl Bearer {
    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }
}

impl FromRequestParts<Arc<App>> for Bearer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let header = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let (scheme, token) = header
            .and_then(|value| value.split_once(' '))
            .ok_or_else(Problem::sign_in)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Problem::sign_in());
        }
        Ok(Self(app.bearer(token.trim()).await?))
    }
}
