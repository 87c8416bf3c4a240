//! Roles and messages: the two small kinds of file beside a scheme.

use serde::Deserialize;

use super::wording::Wording;
use super::yaml::{Entries, Names, Unconfirmed};
use crate::domain::look::Purpose;

/// `policy/roles.yaml`: every role, declared once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roles {
    pub roles: Entries<Role>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "duties, each a line of a file that is said or left out"
)]
pub struct Role {
    pub label: Wording,
    pub does: Wording,
    /// Whether this role may look at cases at all.
    #[serde(default)]
    pub reads_cases: bool,
    /// Whether this role may move a case to another edition, and confirm that somebody else does.
    #[serde(default)]
    pub moves_cases: bool,
    /// Whether this role looks after messages that were refused or may not have arrived.
    #[serde(default)]
    pub minds_messages: bool,
    /// Whether this role is asked about looks of others: emergencies, trawls, searches and those drawn by chance.
    #[serde(default)]
    pub reviews_looks: bool,
    /// Whether this role decides, two people together, whether cases past their day are forgotten or kept on.
    #[serde(default)]
    pub reviews_keeping: bool,
    /// Whether this role sends in referrals, and follows its own.
    #[serde(default)]
    pub refers: bool,
    /// Whether this role is told as well where its agency was reminded of an answer to the forum in vain.
    #[serde(default)]
    pub senior: bool,
    /// What this role looks at cases for.
    #[serde(default)]
    pub purpose: Purpose,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

/// A neutral message: it says nothing of the scheme and names nobody (L8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub subject: String,
    pub text: String,
}

impl Message {
    /// Reads `Subject: …`, an empty line, and the text.
    ///
    /// # Errors
    /// What is missing.
    pub fn parse(file: &str) -> Result<Self, String> {
        let (first, rest) = file.split_once('\n').unwrap_or((file, ""));
        let subject = first
            .strip_prefix("Subject: ")
            .map(str::trim)
            .filter(|subject| !subject.is_empty());
        let subject = subject.ok_or("The first line must be `Subject: ` and a subject")?;
        let text = rest.trim();
        if !rest.starts_with('\n') || text.is_empty() {
            return Err("After the subject comes an empty line, then the text".to_owned());
        }
        Ok(Self {
            subject: subject.to_owned(),
            text: text.to_owned(),
        })
    }
}

/// `messages/banned.yaml`: words that no message, title, address or file name may hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Banned {
    pub words: Vec<String>,
}

impl Banned {
    /// The first banned word in a text, as a whole word in any case.
    pub fn first_in(&self, text: &str) -> Option<&str> {
        let lower = text.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).collect();
        self.words
            .iter()
            .map(String::as_str)
            .find(|banned| words.contains(&banned.to_lowercase().as_str()))
    }
}
