//! Safe contact: how, when and with which words somebody may be reached. A record, not a phone field.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::pii::{Pii, Reach};
use super::refusal::FieldError;
use super::text::{UNPRINTABLE, is_printable};

/// A structured value's texts, trimmed, with unknown parts refused.
pub struct Parts<'a>(&'a Map<String, Value>);

/// Reads a map of texts (and yes/no values); refuses parts that are not in `known`.
///
/// # Errors
/// A sentence for each unknown or odd part.
pub fn parts<'a>(value: &'a Value, known: &[&str]) -> Result<Parts<'a>, Vec<FieldError>> {
    let Value::Object(map) = value else {
        return Err(vec![FieldError::new(
            "",
            "This must be a group of named parts",
        )]);
    };
    let mut errors = Vec::new();
    for (name, part) in map {
        if !known.contains(&name.as_str()) {
            errors.push(FieldError::new(name, "There is no such part"));
        } else if !matches!(part, Value::String(_) | Value::Bool(_) | Value::Null) {
            errors.push(FieldError::new(name, "This must be text"));
        } else if part.as_str().is_some_and(|text| !is_printable(text)) {
            errors.push(FieldError::new(name, UNPRINTABLE));
        }
    }
    if errors.is_empty() {
        Ok(Parts(map))
    } else {
        Err(errors)
    }
}

impl Parts<'_> {
    /// The part's text without surrounding space; empty when absent.
    pub fn text(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => text.trim().to_owned(),
            _ => String::new(),
        }
    }

    /// The part's yes or no; no when absent.
    pub fn yes(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Value::Bool(true)))
    }
}

/// A way of reaching somebody. No way falls back to another by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Call,
    Text,
    Email,
    InPerson,
    ThroughSomeone,
    None,
}

impl Way {
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Call, "call", "Phone call"),
        (Self::Text, "text", "Text message"),
        (Self::Email, "email", "Email"),
        (Self::InPerson, "in_person", "I will come in"),
        (
            Self::ThroughSomeone,
            "through_someone",
            "Through someone I trust",
        ),
        (Self::None, "none", "Do not contact me"),
    ];
}

/// The agreed way, times and words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SafeContact {
    pub way: Way,
    /// The number, address or trusted person; needed except for coming in and no contact.
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub details: Pii<Reach>,
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub safe_times: Pii<Reach>,
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub never: Pii<Reach>,
    #[serde(default)]
    pub voicemail: bool,
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub code_word: Pii<Reach>,
}

impl SafeContact {
    pub const PARTS: [&'static str; 6] = [
        "way",
        "details",
        "safe_times",
        "never",
        "voicemail",
        "code_word",
    ];
    const LONGEST: usize = 500;

    /// Reads a safe contact; `None` when no way was chosen.
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
        let chosen = parts.text("way");
        let way = Way::ALL
            .iter()
            .find(|(_, name, _)| *name == chosen)
            .map(|(way, _, _)| *way);
        if way.is_none() && !chosen.is_empty() {
            errors.push(FieldError::new("way", "Choose one of the ways listed"));
        }
        let details = parts.text("details");
        let needs_details = matches!(
            way,
            Some(Way::Call | Way::Text | Way::Email | Way::ThroughSomeone)
        );
        if needs_details && details.is_empty() {
            errors.push(FieldError::new(
                "details",
                "Enter the number or address we can use",
            ));
        }
        if way.is_none() && !details.is_empty() && chosen.is_empty() {
            errors.push(FieldError::new("way", "Choose how we can contact you"));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(way.map(|way| Self {
            way,
            details: details.into(),
            safe_times: parts.text("safe_times").into(),
            never: parts.text("never").into(),
            voicemail: parts.yes("voicemail"),
            code_word: parts.text("code_word").into(),
        }))
    }
}
