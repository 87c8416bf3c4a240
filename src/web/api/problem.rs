//! Answers that are not a success: problem+json after RFC 9457. What is inside goes to the log, never to the caller.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::error::{AppError, BUSY};
use crate::app::tokens::PAUSE;
use crate::domain::refusal::FieldError;
use crate::domain::scope::Scope;
use crate::web::guard::RETRY_AFTER;

/// A problem: what kind, and every reason in words.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// The kind, stable for programs.
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    status: u16,
    /// Each field that is missing or wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    errors: Vec<FieldError>,
    /// Each condition that does not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    because: Vec<String>,
    /// The present version of a case that has moved on.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    /// Where a token was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<TokenError>,
    /// How to prove who is asking, for the header of that name.
    #[serde(skip)]
    challenge: Option<Challenge>,
}

/// What OAuth calls a refusal (RFC 6749 §5.2).
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TokenError {
    InvalidRequest,
    InvalidClient,
    InvalidScope,
    UnsupportedGrantType,
}

/// How to prove who is asking.
#[derive(Debug, Clone, Copy)]
enum Challenge {
    /// With an id and a secret.
    Client,
    /// With a token.
    Token,
    /// With another token.
    BadToken,
    /// With a token that has this scope.
    Scope(Scope),
}

impl Challenge {
    /// The words of RFC 7617 §2 and RFC 6750 §3.
    fn header(self) -> Option<HeaderValue> {
        let text = match self {
            Self::Client => "Basic realm=\"clients\"".to_owned(),
            Self::Token => "Bearer".to_owned(),
            Self::BadToken => "Bearer error=\"invalid_token\"".to_owned(),
            Self::Scope(scope) => {
                format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"")
            }
        };
        HeaderValue::from_str(&text).ok()
    }
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: impl Into<String>) -> Self {
        Self {
            kind,
            title: title.into(),
            status: status.as_u16(),
            errors: Vec::new(),
            because: Vec::new(),
            version: None,
            error: None,
            challenge: None,
        }
    }

    fn challenged(
        status: StatusCode,
        kind: &'static str,
        title: impl Into<String>,
        challenge: Challenge,
    ) -> Self {
        Self {
            challenge: Some(challenge),
            ..Self::new(status, kind, title)
        }
    }

    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "urn:clares-law:not-found",
            "There is nothing here that you may see",
        )
    }

    pub fn wrong_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "urn:clares-law:method",
            "This address does not answer to that method",
        )
    }

    pub fn no_token() -> Self {
        let title = "Send a token as `Authorization: Bearer …`; POST /api/v1/token gives one for five minutes";
        Self::challenged(
            StatusCode::UNAUTHORIZED,
            "urn:clares-law:sign-in",
            title,
            Challenge::Token,
        )
    }

    /// One answer for whatever is wrong with a token (RFC 6750 §3.1).
    pub fn bad_token() -> Self {
        let title =
            "This token is over, or not one of this service; POST /api/v1/token gives another";
        Self::challenged(
            StatusCode::UNAUTHORIZED,
            "urn:clares-law:token",
            title,
            Challenge::BadToken,
        )
    }

    pub fn scope(scope: Scope) -> Self {
        let title = format!("This needs a token with the scope {scope}");
        Self::challenged(
            StatusCode::FORBIDDEN,
            "urn:clares-law:scope",
            title,
            Challenge::Scope(scope),
        )
    }

    /// One answer for an unknown client, a wrong secret and a client that is shut out.
    pub fn unknown_client() -> Self {
        let title = "This client and this secret do not belong together";
        Self {
            error: Some(TokenError::InvalidClient),
            ..Self::challenged(
                StatusCode::UNAUTHORIZED,
                "urn:clares-law:client",
                title,
                Challenge::Client,
            )
        }
    }

    pub fn too_often() -> Self {
        let title = "This client was named with a wrong secret too often; come again in a minute";
        Self {
            error: Some(TokenError::InvalidClient),
            ..Self::new(
                StatusCode::TOO_MANY_REQUESTS,
                "urn:clares-law:too-often",
                title,
            )
        }
    }

    pub fn token_request(title: &str) -> Self {
        Self {
            error: Some(TokenError::InvalidRequest),
            ..Self::new(
                StatusCode::BAD_REQUEST,
                "urn:clares-law:token-request",
                title,
            )
        }
    }

    pub fn unsupported_grant() -> Self {
        Self {
            error: Some(TokenError::UnsupportedGrantType),
            ..Self::token_request("Send `grant_type=client_credentials`; there is no other here")
        }
    }

    pub fn no_such_scope() -> Self {
        Self {
            error: Some(TokenError::InvalidScope),
            ..Self::token_request("A scope is unknown, or not one of this client's")
        }
    }

    pub fn no_if_match() -> Self {
        let title = "Send the version you have seen as `If-Match: \"…\"`";
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "urn:clares-law:if-match",
            title,
        )
    }

    pub fn no_key() -> Self {
        let title = "Give the command a name of its own as `Idempotency-Key: …`; sent again under it, it is done once";
        Self::new(
            StatusCode::PRECONDITION_REQUIRED,
            "urn:clares-law:no-key",
            title,
        )
    }

    pub fn too_long() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "urn:clares-law:too-long",
            "The request is too long",
        )
    }

    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError::new(field, message)])
    }

    pub fn fields(errors: Vec<FieldError>) -> Self {
        let title = "Some fields are missing or wrong";
        Self {
            errors,
            ..Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "urn:clares-law:fields",
                title,
            )
        }
    }

    fn inside() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "urn:clares-law:inside",
            "Something went wrong here; nothing was changed",
        )
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::NotFound => Self::not_found(),
            AppError::SignIn => Self::bad_token(),
            AppError::Forbidden(sentence) => {
                let title = "Your role does not do this";
                let problem = Self::new(StatusCode::FORBIDDEN, "urn:clares-law:forbidden", title);
                Self {
                    because: vec![sentence],
                    ..problem
                }
            }
            AppError::Unmet(because) => {
                let title = "Not everything that this needs is true yet";
                let problem = Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "urn:clares-law:unmet",
                    title,
                );
                Self { because, ..problem }
            }
            AppError::Fields(errors) => Self::fields(errors),
            AppError::Stale(version) => {
                let title = "The case has changed since the version you sent";
                let problem = Self::new(
                    StatusCode::PRECONDITION_FAILED,
                    "urn:clares-law:stale",
                    title,
                );
                Self {
                    version: Some(version),
                    ..problem
                }
            }
            AppError::KeyTaken => {
                let title = "This Idempotency-Key was used for something else";
                Self::new(StatusCode::CONFLICT, "urn:clares-law:key", title)
            }
            AppError::Met | AppError::Busy => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "urn:clares-law:busy", BUSY)
            }
            AppError::Inside(text) => {
                tracing::error!(error.inside = text, "a request failed");
                Self::inside()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (version, challenge) = (self.version, self.challenge);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        if status == StatusCode::TOO_MANY_REQUESTS {
            headers.insert(header::RETRY_AFTER, PAUSE.as_secs().into());
        }
        if let Some(challenge) = challenge.and_then(Challenge::header) {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(tag) =
            version.and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok())
        {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}

/// The answer to a request whose handler panicked.
pub fn panicked() -> Response {
    Problem::inside().into_response()
}
