//! People as they really are known: partial names, several names, doubtful dates of birth.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::date::parse_partial;
use super::pii::{Born, Name, Pii};
use super::refusal::FieldError;

/// How a person stands to a case: applicant (C, may be A), person at risk (A), subject (B).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    Applicant,
    PersonAtRisk,
    Subject,
}

impl Party {
    pub const ALL: [Self; 3] = [Self::Applicant, Self::PersonAtRisk, Self::Subject];

    pub fn name(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::PersonAtRisk => "person_at_risk",
            Self::Subject => "subject",
        }
    }
}

/// A person, with at least one part of a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub given_names: Pii<Name>,
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub family_name: Pii<Name>,
    /// Nicknames, earlier names, other spellings.
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub other_names: Pii<Name>,
    /// `1984`, `1984-05` or `1984-05-17`.
    #[serde(default, skip_serializing_if = "Pii::is_empty")]
    pub born: Pii<Born>,
}

impl Person {
    pub const PARTS: [(&'static str, &'static str); 4] = [
        ("given_names", "First names"),
        ("family_name", "Last name"),
        ("other_names", "Other names, nicknames or spellings"),
        ("born", "Date of birth, or the part of it that is known"),
    ];
    const LONGEST_NAME: usize = 200;

    /// Reads a person; `None` when every part was left empty.
    ///
    /// # Errors
    /// One sentence for each wrong part.
    pub fn parse(value: &Value) -> Result<Option<Self>, Vec<FieldError>> {
        let parts = super::contact::parts(value, &Self::PARTS.map(|(name, _)| name))?;
        let mut errors = Vec::new();
        for name in ["given_names", "family_name", "other_names"] {
            if parts.text(name).chars().count() > Self::LONGEST_NAME {
                errors.push(FieldError::new(
                    name,
                    format!("Use {} characters or fewer", Self::LONGEST_NAME),
                ));
            }
        }
        let born = parts.text("born");
        if !born.is_empty()
            && let Err(sentence) = parse_partial(&born)
        {
            errors.push(FieldError::new("born", sentence));
        }
        let person = Self {
            given_names: parts.text("given_names").into(),
            family_name: parts.text("family_name").into(),
            other_names: parts.text("other_names").into(),
            born: born.into(),
        };
        let named = [
            &person.given_names,
            &person.family_name,
            &person.other_names,
        ];
        let unnamed = named.iter().all(|name| name.is_empty());
        if unnamed && !person.born.is_empty() && errors.is_empty() {
            errors.push(FieldError::new(
                "family_name",
                "Enter at least one part of the name",
            ));
        }
        match (errors.is_empty(), unnamed) {
            (false, _) => Err(errors),
            (true, true) => Ok(None),
            (true, false) => Ok(Some(person)),
        }
    }

    /// The name as it is said.
    pub fn full_name(&self) -> String {
        let name = [self.given_names.as_str(), self.family_name.as_str()].join(" ");
        match name.trim() {
            "" => self.other_names.as_str().to_owned(),
            name => name.to_owned(),
        }
    }
}
