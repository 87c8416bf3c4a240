//! What may be asked of a case, and by whom.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::definition::record::Answers;
use crate::domain::pii::withheld;

/// Who acts: an account with the role it acts in, the public, or the clock itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The account's id, `public` or `clock`.
    pub id: String,
    pub role: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub agency: String,
    /// The authority that the account belongs to; empty for the public and for the clock.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub authority: String,
}

impl Actor {
    /// Somebody who is not signed in.
    pub fn public() -> Self {
        Self {
            id: "public".to_owned(),
            role: "public".to_owned(),
            agency: String::new(),
            authority: String::new(),
        }
    }

    /// What happens by itself: warnings, breaches, the end of a pause.
    pub fn clock() -> Self {
        Self {
            id: "clock".to_owned(),
            role: "clock".to_owned(),
            agency: String::new(),
            authority: String::new(),
        }
    }
}

/// An action asked for.
#[derive(Clone)]
pub struct Command {
    pub action: String,
    pub record: Answers,
    /// The reason, in the actor's own words; empty when none was given.
    pub rationale: String,
    /// The version of the case that the actor has seen; `None` for the newest.
    pub expected: Option<u64>,
    pub actor: Actor,
    pub now: Timestamp,
}

withheld!(Command);

/// An application that is to become a case.
#[derive(Clone)]
pub struct Application {
    /// The form it came on: the scheme's public or referral form.
    pub form: String,
    pub answers: Answers,
    pub reference: String,
    pub authority: String,
    pub actor: Actor,
    pub now: Timestamp,
}

withheld!(Application);
