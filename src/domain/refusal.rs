//! Why something was not accepted, in words for the person who asked.

use serde::{Deserialize, Serialize};

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's path: `subject.born`, `checks.crime_recording.reason`. Empty for the form as a whole.
    pub field: String,
    /// A sentence for the person. It never repeats what was typed.
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }

    /// The same error, seen from the form that holds the field.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.field = if self.field.is_empty() {
            outer.to_owned()
        } else {
            format!("{outer}.{}", self.field)
        };
        self
    }
}

/// Why an action was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No such action in this scheme.
    UnknownAction,
    /// The actor's role may not do this.
    NotYours(String),
    /// Every condition that does not hold, in the definition's own sentences.
    Unmet(Vec<String>),
    /// Fields of the record that are missing or wrong.
    Fields(Vec<FieldError>),
    /// The case has moved on; its present version.
    Stale(u64),
}

impl Refusal {
    pub fn unmet(sentence: impl Into<String>) -> Self {
        Self::Unmet(vec![sentence.into()])
    }

    /// All sentences, for a screen.
    pub fn sentences(&self) -> Vec<String> {
        match self {
            Self::UnknownAction => vec!["This scheme has no such action".to_owned()],
            Self::NotYours(sentence) => vec![sentence.clone()],
            Self::Unmet(sentences) => sentences.clone(),
            Self::Fields(errors) => errors.iter().map(|error| error.message.clone()).collect(),
            Self::Stale(_) => {
                vec!["Somebody else has changed this case since you opened it".to_owned()]
            }
        }
    }
}
