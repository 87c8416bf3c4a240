//! What is sent: bodies, keys, versions and ids, each with an error that names the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::IF_MATCH;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::problem::Problem;
use crate::domain::id::CaseId;
use crate::domain::refusal::FieldError;

/// A JSON object.
pub struct Body(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| {
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                    Problem::too_long()
                } else {
                    Problem::field("", "The request could not be read")
                }
            })?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(map)) => Ok(Self(map)),
            Ok(_) => Err(Problem::field("", "Send a JSON object")),
            // The position only: an error text must not repeat what was sent.
            Err(error) => Err(Problem::field(
                "",
                format!(
                    "This is not JSON: see line {}, column {}",
                    error.line(),
                    error.column()
                ),
            )),
        }
    }
}

/// The body of an action: a record and a reason.
pub struct ActionBody {
    pub record: Map<String, Value>,
    pub rationale: String,
}

impl ActionBody {
    /// Takes a body apart; every part that is unknown or of the wrong type is named.
    pub fn parse(body: Map<String, Value>) -> Result<Self, Problem> {
        let mut read = Self {
            record: Map::new(),
            rationale: String::new(),
        };
        let mut errors = Vec::new();
        for (name, value) in body {
            match (name.as_str(), value) {
                ("record", Value::Object(record)) => read.record = record,
                ("rationale", Value::String(text)) => read.rationale = text,
                ("record" | "rationale", Value::Null) => {}
                ("record", _) => errors.push(FieldError::new(
                    "record",
                    "This must be an object of fields",
                )),
                ("rationale", _) => errors.push(FieldError::new("rationale", "This must be text")),
                (unknown, _) => errors.push(FieldError::new(
                    unknown,
                    "There is no such field; send `record` and `rationale`",
                )),
            }
        }
        if errors.is_empty() {
            Ok(read)
        } else {
            Err(Problem::fields(errors))
        }
    }
}

/// The sender's own name for a command. Without one, a sender who lost the answer could not ask again.
pub fn idempotency_key(headers: &HeaderMap) -> Result<String, Problem> {
    let value = headers.get("idempotency-key").ok_or_else(Problem::no_key)?;
    let text = value
        .to_str()
        .ok()
        .map(str::trim)
        .filter(|text| (1..=200).contains(&text.len()));
    let say = "Send 1 to 200 printable characters";
    text.map(str::to_owned)
        .ok_or_else(|| Problem::field("Idempotency-Key", say))
}

/// The version that the sender has seen; `*` means whatever it is now.
pub fn if_match(headers: &HeaderMap) -> Result<Option<u64>, Problem> {
    let value = headers.get(IF_MATCH).ok_or_else(Problem::no_if_match)?;
    let text = value.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let number = text.trim_start_matches("W/").trim_matches('"').parse();
    number
        .map(Some)
        .map_err(|_| Problem::field("If-Match", "Send the version as a number, such as \"7\""))
}

/// A case's id. A malformed one becomes an id that no case has, and so goes the way of every unknown one.
pub struct OfCase(pub CaseId);

impl<S: Send + Sync> FromRequestParts<S> for OfCase {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path =
            Path::<std::collections::BTreeMap<String, String>>::from_request_parts(parts, state)
                .await;
        let path = path.map_err(|_| Problem::not_found())?;
        let id = path.get("id").and_then(|id| id.parse().ok());
        let id = id.unwrap_or_default();
        Ok(Self(CaseId(id)))
    }
}

/// Query parameters, with unknown or wrong ones named.
pub struct Parameters<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        read.map(|Query(read)| Self(read)).map_err(|_| {
            Problem::field(
                "query",
                "A parameter is unknown or wrong; see the API's document",
            )
        })
    }
}
