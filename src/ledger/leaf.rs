//! An event as bytes and hash, and the chain of one stream.
//!
//! Every field is written with its length in front, so no two different events share an encoding. A chain shows that
//! nothing before its last event was altered; that its end was not cut off is for checkpoints to show.

use jiff::Timestamp;
use uuid::Uuid;

use super::entry::hex;
use super::tree::{Hash, sha256};

/// Sets these bytes apart from anything else that is ever hashed; the number is the version of the encoding. Plain bodies are hashed as they
/// stand.
const PLAIN: &str = "clares-law leaf 1";

/// Of a sealed body its own hash is hashed: whoever may not have the body can still check the event.
const SEALED: &str = "clares-law leaf 2";

/// What is known of an event without reading its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The case or meeting this happened to.
    pub stream: Uuid,
    /// What the stream is: `case` or `meeting`.
    pub stream_kind: &'a str,
    /// Place in the stream, counted from 1.
    pub seq: i64,
    /// When it was recorded; hashed in whole microseconds.
    pub at: Timestamp,
    /// Who did it.
    pub actor: &'a str,
    /// The role they did it in.
    pub actor_role: &'a str,
    /// Which kind of event this is.
    pub kind: &'a str,
    /// Hash of the edition of the scheme it happened under.
    pub edition: &'a str,
    /// The key that seals the body; none while it is plain.
    pub key_ref: Option<&'a str>,
    /// How the body is sealed; 0 is plain.
    pub sealing: i64,
}

/// An event as it was found, to be verified. It cannot be printed, as its body may hold personal data.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Leaf<'a> {
    /// The header as stored.
    pub header: Header<'a>,
    /// The body exactly as stored, sealed or plain.
    pub body: &'a str,
    /// The stored hash of the event before; empty for the first.
    pub previous: &'a str,
    /// The stored hash of this event.
    pub hash: &'a str,
}

/// The first place where a chain does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {seq}: {why}")]
pub struct FirstBad {
    /// The place in the stream, counted from 1.
    pub seq: i64,
    /// What is wrong there.
    pub why: Why,
}

/// What can be wrong with an event of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Another event stands where this one belongs.
    #[error("it is missing or out of order")]
    OutOfOrder,
    /// The event belongs to another stream.
    #[error("it belongs to another stream")]
    OtherStream,
    /// It does not carry the hash of the event before.
    #[error("it does not follow from the event before")]
    NotLinked,
    /// Header, body or link are not what was hashed.
    #[error("its content does not match its hash")]
    Altered,
}

/// The hash of an event: SHA-256 in lower-case hex over its header, the hash before it and its body as stored; over the hash of the body, where
/// that is sealed.
#[must_use]
pub fn hash(previous: &str, header: &Header<'_>, body: &str) -> String {
    match header.sealing {
        0 => hex(&sha256(&encode(PLAIN, previous, header, body.as_bytes()))),
        _ => hash_without_body(previous, header, &sha256(body.as_bytes())),
    }
}

/// The same of a sealed body of which only the hash is known.
#[must_use]
pub fn hash_without_body(previous: &str, header: &Header<'_>, body: &Hash) -> String {
    hex(&sha256(&encode(SEALED, previous, header, body)))
}

/// Checks one stream from its first event on, in the order given.
///
/// # Errors
/// The first event that is missing, misplaced, not linked to the one before, or altered.
pub fn verify<'a>(chain: impl IntoIterator<Item = Leaf<'a>>) -> Result<(), FirstBad> {
    let mut before: Option<Leaf<'a>> = None;
    for (leaf, seq) in chain.into_iter().zip(1..) {
        if let Some(why) = fault(before.as_ref(), &leaf, seq) {
            return Err(FirstBad { seq, why });
        }
        before = Some(leaf);
    }
    Ok(())
}

fn fault(before: Option<&Leaf<'_>>, leaf: &Leaf<'_>, seq: i64) -> Option<Why> {
    if leaf.header.seq != seq {
        Some(Why::OutOfOrder)
    } else if before.is_some_and(|b| b.header.stream != leaf.header.stream) {
        Some(Why::OtherStream)
    } else if leaf.previous != before.map_or("", |b| b.hash) {
        Some(Why::NotLinked)
    } else if leaf.hash != hash(leaf.previous, &leaf.header, leaf.body) {
        Some(Why::Altered)
    } else {
        None
    }
}

fn encode(tag: &str, previous: &str, header: &Header<'_>, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    field(&mut bytes, tag.as_bytes());
    field(&mut bytes, header.stream.as_bytes());
    field(&mut bytes, header.stream_kind.as_bytes());
    field(&mut bytes, &header.seq.to_be_bytes());
    field(&mut bytes, &header.at.as_microsecond().to_be_bytes());
    field(&mut bytes, header.actor.as_bytes());
    field(&mut bytes, header.actor_role.as_bytes());
    field(&mut bytes, header.kind.as_bytes());
    field(&mut bytes, header.edition.as_bytes());
    field(&mut bytes, &[u8::from(header.key_ref.is_some())]);
    field(&mut bytes, header.key_ref.unwrap_or_default().as_bytes());
    field(&mut bytes, &header.sealing.to_be_bytes());
    field(&mut bytes, previous.as_bytes());
    field(&mut bytes, body);
    bytes
}

/// Adds a value with its length in front.
pub(super) fn field(bytes: &mut Vec<u8>, value: &[u8]) {
    bytes.extend((value.len() as u64).to_be_bytes());
    bytes.extend(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header<'static> {
        Header {
            stream: Uuid::from_u128(7),
            stream_kind: "case",
            seq: 1,
            at: Timestamp::from_microsecond(1_767_225_600_000_001).unwrap(),
            actor: "officer-1",
            actor_role: "verifier",
            kind: "opened",
            edition: "e1",
            key_ref: None,
            sealing: 0,
        }
    }

    /// Changing the encoding breaks every history ever written, so a hash worked out by other means is kept here.
    #[test]
    fn the_encoding_never_changes() {
        assert_eq!(
            hash("", &header(), "{}"),
            "d869ff6fabedd3f65b8349e69a57241e8de0bf1a7efa50900460de2b89b4dd56"
        );
        let sealed = Header {
            key_ref: Some("k"),
            sealing: 1,
            ..header()
        };
        assert_eq!(
            hash("", &sealed, "c2VhbGVk"),
            "78f5aca790f787016a0bd1cc90638a810e9d8604b8f94a921350e286062622ab"
        );
    }

    #[test]
    fn every_field_counts() {
        let plain = header();
        let changed = [
            Header {
                stream: Uuid::from_u128(8),
                ..plain
            },
            Header {
                stream_kind: "meeting",
                ..plain
            },
            Header { seq: 2, ..plain },
            Header {
                at: plain.at + jiff::SignedDuration::from_micros(1),
                ..plain
            },
            Header {
                actor: "officer-2",
                ..plain
            },
            Header {
                actor_role: "supervisor",
                ..plain
            },
            Header {
                kind: "closed",
                ..plain
            },
            Header {
                edition: "e2",
                ..plain
            },
            Header {
                key_ref: Some(""),
                ..plain
            },
            Header {
                sealing: 1,
                ..plain
            },
            // the same letters, cut elsewhere
            Header {
                actor: "officer-1v",
                actor_role: "erifier",
                ..plain
            },
        ];
        let mut seen = vec![
            hash("", &plain, "{}"),
            hash("x", &plain, "{}"),
            hash("", &plain, "{ }"),
        ];
        seen.extend(changed.iter().map(|header| hash("", header, "{}")));
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }

    #[test]
    fn a_foreign_event_is_named() {
        let first = hash("", &header(), "{}");
        let stranger = Header {
            stream: Uuid::from_u128(8),
            seq: 2,
            ..header()
        };
        let second = hash(&first, &stranger, "{}");
        let chain = [
            Leaf {
                header: header(),
                body: "{}",
                previous: "",
                hash: &first,
            },
            Leaf {
                header: stranger,
                body: "{}",
                previous: &first,
                hash: &second,
            },
        ];
        assert_eq!(
            verify(chain),
            Err(FirstBad {
                seq: 2,
                why: Why::OtherStream
            })
        );
        assert_eq!(verify([]), Ok(()));
    }
}
