//! Who is asking: a machine with a token, and whether the token allows it. The only place where scopes are checked.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::problem::Problem;
use crate::app::App;
use crate::domain::scope::Scope;
use crate::engine::command::Actor;

/// A scope as a type, so that an address that names none does not compile.
pub trait Needs {
    const SCOPE: Scope;
}

/// To refer somebody.
pub struct ApplicationsWrite;
/// To see a case.
pub struct CasesRead;
/// To do something to a case.
pub struct CasesWrite;
/// To see queues.
pub struct QueuesRead;

impl Needs for ApplicationsWrite {
    const SCOPE: Scope = Scope::ApplicationsWrite;
}
impl Needs for CasesRead {
    const SCOPE: Scope = Scope::CasesRead;
}
impl Needs for CasesWrite {
    const SCOPE: Scope = Scope::CasesWrite;
}
impl Needs for QueuesRead {
    const SCOPE: Scope = Scope::QueuesRead;
}

/// The machine behind the request's token. Without a valid one the answer is 401; with one that lacks the scope, 403.
pub struct Bearer<S> {
    actor: Actor,
    scope: PhantomData<fn() -> S>,
}

impl<S> Bearer<S> {
    pub fn actor(&self) -> &Actor {
        &self.actor
    }
}

impl<S: Needs> FromRequestParts<Arc<App>> for Bearer<S> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let token = sent(parts).ok_or_else(Problem::no_token)?;
        let machine = app.bearer(token).await?;
        if !machine.scopes.has(S::SCOPE) {
            return Err(Problem::scope(S::SCOPE));
        }
        Ok(Self {
            actor: machine.actor,
            scope: PhantomData,
        })
    }
}

/// The token of a request.
fn sent(parts: &Parts) -> Option<&str> {
    let header = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}
