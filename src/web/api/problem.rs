//! Answers that are not a success: problem+json after RFC 9457. What is inside goes to the log, never to the caller.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::error::{AppError, BUSY};
use crate::domain::refusal::FieldError;
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

    pub fn sign_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "urn:clares-law:sign-in",
            "Send a valid token as `Authorization: Bearer …`",
        )
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
            AppError::SignIn => Self::sign_in(),
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
        let (version, unsigned) = (self.version, self.status == 401);
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        if unsigned {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
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
