//! A look at personal data as bytes and hash. Looks have a log of their own beside that of what happened: a look that was altered,
//! removed or slipped in is seen like an event.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entry::Entry;
use super::leaf::field;
use super::tree::{Hash, sha256};

/// Sets these bytes apart from anything else that is ever hashed; the number is the version of the encoding.
const TAG: &str = "clares-law look 1";
/// The same for what the looks at one case have in common.
const CASE_TAG: &str = "clares-law looks of 1";

/// A look, every column of it exactly as stored. It cannot be printed: a reason may name somebody.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    pub id: Uuid,
    /// Hashed in whole microseconds.
    pub at: Timestamp,
    pub actor: String,
    pub actor_role: String,
    pub agency: String,
    pub authority: String,
    pub on_behalf_of: Option<String>,
    pub operation: String,
    pub case_id: Option<Uuid>,
    pub classes: String,
    pub purpose: String,
    pub reason: Option<String>,
    pub what: String,
}

impl Look {
    /// SHA-256 over all of it, each part with its length in front.
    #[must_use]
    pub fn hash(&self) -> Hash {
        let mut bytes = Vec::new();
        field(&mut bytes, TAG.as_bytes());
        field(&mut bytes, self.id.as_bytes());
        field(&mut bytes, &self.at.as_microsecond().to_be_bytes());
        for text in [&self.actor, &self.actor_role, &self.agency, &self.authority] {
            field(&mut bytes, text.as_bytes());
        }
        optional(&mut bytes, self.on_behalf_of.as_ref().map(String::as_bytes));
        field(&mut bytes, self.operation.as_bytes());
        let case = self.case_id.as_ref();
        optional(&mut bytes, case.map(|id| &id.as_bytes()[..]));
        field(&mut bytes, self.classes.as_bytes());
        field(&mut bytes, self.purpose.as_bytes());
        optional(&mut bytes, self.reason.as_ref().map(String::as_bytes));
        field(&mut bytes, self.what.as_bytes());
        sha256(&bytes)
    }

    /// Its entry in a log. One that is about no case has nothing in common with any other.
    #[must_use]
    pub fn entry(&self) -> Entry {
        Entry {
            tag: tag(self.case_id.unwrap_or(self.id)),
            hash: self.hash(),
        }
    }
}

/// What the entries of the looks at one case have in common: not what its events have, so that nobody joins the two logs by it.
#[must_use]
pub fn tag(case: Uuid) -> [u8; 16] {
    let mut bytes = CASE_TAG.as_bytes().to_vec();
    bytes.extend(case.as_bytes());
    let mut tag = [0; 16];
    tag.copy_from_slice(&sha256(&bytes)[..16]);
    tag
}

fn optional(bytes: &mut Vec<u8>, value: Option<&[u8]>) {
    field(bytes, &[u8::from(value.is_some())]);
    field(bytes, value.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::entry::hex;

    fn look() -> Look {
        Look {
            id: Uuid::from_u128(7),
            at: Timestamp::from_microsecond(1_767_225_600_000_001).unwrap(),
            actor: "officer-1".to_owned(),
            actor_role: "verifier".to_owned(),
            agency: String::new(),
            authority: "here".to_owned(),
            on_behalf_of: None,
            operation: "consultation".to_owned(),
            case_id: Some(Uuid::from_u128(9)),
            classes: "process".to_owned(),
            purpose: "case_work".to_owned(),
            reason: None,
            what: "case".to_owned(),
        }
    }

    /// Changing the encoding breaks every log ever signed, so a hash worked out by other means is kept here.
    #[test]
    fn the_encoding_never_changes() {
        assert_eq!(
            hex(&look().hash()),
            "4f86c9378bf0d67e905623acf102d177eea00d2d973033cc512b4066d3312e25"
        );
    }

    #[test]
    fn every_column_counts() {
        let text = || "x".to_owned();
        let changes: [fn(&mut Look); 13] = [
            |look| look.id = Uuid::nil(),
            |look| look.at += jiff::SignedDuration::from_micros(1),
            |look| look.actor.push('x'),
            |look| look.actor_role.push('x'),
            |look| look.agency.push('x'),
            |look| look.authority.push('x'),
            |look| look.on_behalf_of = Some(String::new()),
            |look| look.operation.push('x'),
            |look| look.case_id = None,
            |look| look.classes.push('x'),
            |look| look.purpose.push('x'),
            |look| look.reason = Some(String::new()),
            |look| look.what.push('x'),
        ];
        for (place, change) in changes.iter().enumerate() {
            let mut other = look();
            change(&mut other);
            assert_ne!(other.hash(), look().hash(), "{place}");
        }
        let (mut one, mut other) = (look(), look());
        (one.agency, one.authority) = (text(), String::new());
        (other.agency, other.authority) = (String::new(), text());
        assert_ne!(
            one.hash(),
            other.hash(),
            "where one ends and the next begins"
        );
    }

    #[test]
    fn looks_at_one_case_are_known_by_it_and_not_by_its_events() {
        let (one, mut other) = (look(), look());
        other.id = Uuid::from_u128(8);
        assert_eq!(one.entry().tag, other.entry().tag);
        assert_ne!(
            one.entry().tag,
            crate::ledger::entry::tag(Uuid::from_u128(9))
        );
        other.case_id = None;
        let mut third = other.clone();
        third.id = Uuid::from_u128(10);
        assert_ne!(other.entry().tag, third.entry().tag);
    }
}
