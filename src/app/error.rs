//! Why a use case did not succeed. What goes outside says nothing of the inside; what is inside goes to the log.

use std::fmt;

use crate::domain::refusal::{FieldError, Refusal};
use crate::store::StoreError;

/// What anybody may be told when something cannot be done just now.
pub const BUSY: &str =
    "The service cannot do this just now. Nothing is lost: send it again in a moment";

#[derive(Debug)]
pub enum AppError {
    /// Unknown, or may not be seen: the same to the outside.
    NotFound,
    /// Not signed in.
    SignIn,
    /// May be seen, may not be done by this role.
    Forbidden(String),
    /// Conditions that do not hold, each in a sentence.
    Unmet(Vec<String>),
    /// Fields that are missing or wrong.
    Fields(Vec<FieldError>),
    /// The case has moved on; its present version.
    Stale(u64),
    /// The idempotency key was used for something else (L16).
    KeyTaken,
    /// Others wrote at the same moment: the same work is done again. It never reaches an edge.
    Met,
    /// Not now. The same, sent again in a moment under the same key, may succeed or tell what has been done already.
    Busy,
    /// For the log only.
    Inside(String),
}

impl AppError {
    /// Anything that is our fault or the machine's.
    pub fn inside(error: impl fmt::Display) -> Self {
        Self::Inside(error.to_string())
    }

    /// Something stored that cannot be read. What the error says may repeat it, so its place alone is told.
    #[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
    pub fn unreadable(error: serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        Self::Inside(format!("what is stored cannot be read at {line}:{column}"))
    }

    /// Work that panicked. What a panic says may hold personal data, and the error of a joined task repeats it.
    pub(super) fn broke_down() -> Self {
        Self::Inside("the work broke down".to_owned())
    }
}

/// For the log: what kind it is. Sentences for people, who may be named in them, stay out of it.
impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotFound => "not found",
            Self::SignIn => "not signed in",
            Self::Forbidden(_) => "forbidden",
            Self::Unmet(_) => "unmet",
            Self::Fields(_) => "fields are wrong",
            Self::Stale(_) => "stale",
            Self::KeyTaken => "the key is taken",
            Self::Met => "others were in the way",
            Self::Busy => "busy",
            Self::Inside(text) => text,
        })
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { current } => Self::Stale(u64::try_from(current).unwrap_or(0)),
            // Whoever adds something looks first whether it is there: it was added meanwhile.
            StoreError::Met { .. } | StoreError::Taken { .. } => Self::Met,
            StoreError::Busy { statement, source } => {
                tracing::error!(
                    store.statement = statement,
                    store.fault = %source,
                    "the database cannot do this just now"
                );
                Self::Busy
            }
            other => {
                let source = std::error::Error::source(&other).map(ToString::to_string);
                Self::Inside(format!("{other} {}", source.unwrap_or_default()))
            }
        }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UnknownAction => Self::NotFound,
            Refusal::NotYours(sentence) => Self::Forbidden(sentence),
            Refusal::Unmet(sentences) => Self::Unmet(sentences),
            Refusal::Fields(errors) => Self::Fields(errors),
            Refusal::Stale(current) => Self::Stale(current),
        }
    }
}
