//! Checks: one row for each system or agency searched. Not checked is not the same as nothing found.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::contact::parts;
use super::pii::{Pii, Search};
use super::refusal::FieldError;

/// What a search gave. A row without a result has not been searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckResult {
    NothingFound,
    Found,
    Possible,
    NotAvailable,
}

impl CheckResult {
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::NothingFound, "nothing_found", "Nothing found"),
        (Self::Found, "found", "Found"),
        (Self::Possible, "possible", "Possible match"),
        (Self::NotAvailable, "not_available", "Not available"),
    ];

    pub fn label(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(result, _, _)| *result == self)
            .map_or("", |(_, _, label)| *label)
    }
}

/// One system searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    pub result: CheckResult,
    /// What was searched for.
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub terms: Pii<Search>,
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub summary: Pii<Search>,
    /// Why the system could not be searched; needed for `not_available`.
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub reason: Pii<Search>,
}

impl Check {
    pub const PARTS: [&'static str; 4] = ["result", "terms", "summary", "reason"];
    /// The longest text of a part, in characters.
    pub const LONGEST: usize = 2000;

    /// Reads one row; `None` when it has no answer yet.
    ///
    /// # Errors
    /// One sentence for each wrong part.
    pub fn parse(value: &Value) -> Result<Option<Self>, Vec<FieldError>> {
        let parts = parts(value, &Self::PARTS)?;
        let mut errors = Vec::new();
        for name in Self::PARTS {
            if parts.text(name).chars().count() > Self::LONGEST {
                errors.push(FieldError::new(
                    name,
                    format!("Use {} characters or fewer", Self::LONGEST),
                ));
            }
        }
        let chosen = parts.text("result");
        let known = CheckResult::ALL.iter().find(|(_, name, _)| *name == chosen);
        let result = known.map(|(result, _, _)| *result);
        let reason = parts.text("reason");
        let written = ["terms", "summary", "reason"]
            .iter()
            .any(|name| !parts.text(name).is_empty());
        match result {
            None if !chosen.is_empty() => errors.push(FieldError::new(
                "result",
                "Choose one of the results listed",
            )),
            None if written => {
                errors.push(FieldError::new("result", "Choose a result for this search"));
            }
            Some(CheckResult::NotAvailable) if reason.is_empty() => {
                errors.push(FieldError::new(
                    "reason",
                    "Say why this system is not available",
                ));
            }
            _ => {}
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(result.map(|result| Self {
            result,
            terms: parts.text("terms").into(),
            summary: parts.text("summary").into(),
            reason: reason.into(),
        }))
    }
}
