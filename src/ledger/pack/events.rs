//! The events of a pack: a line each, those of one case or meeting together and in their order.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Fault, read};
use crate::ledger::entry;
use crate::ledger::leaf::{self, Header, Leaf};
use crate::ledger::tree::Hash;

/// An event as a line of a pack: all that was hashed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedEvent {
    pub stream: Uuid,
    pub stream_kind: String,
    pub seq: i64,
    pub at: Timestamp,
    pub actor: String,
    pub actor_role: String,
    pub kind: String,
    pub edition: String,
    pub key_ref: Option<String>,
    pub sealing: i64,
    pub body: String,
    pub previous: String,
    pub hash: String,
}

impl PackedEvent {
    fn leaf(&self) -> Leaf<'_> {
        Leaf {
            header: Header {
                stream: self.stream,
                stream_kind: &self.stream_kind,
                seq: self.seq,
                at: self.at,
                actor: &self.actor,
                actor_role: &self.actor_role,
                kind: &self.kind,
                edition: &self.edition,
                key_ref: self.key_ref.as_deref(),
                sealing: self.sealing,
            },
            body: &self.body,
            previous: &self.previous,
            hash: &self.hash,
        }
    }
}

/// The events of one case or meeting, as they stand together in a pack.
pub(super) struct Run {
    /// The line of the first.
    line: usize,
    pub(super) stream: Uuid,
    /// What the stream is: `case` or `meeting`.
    pub(super) kind: String,
    pub(super) hashes: Vec<Hash>,
}

/// Each case or meeting with its events, each of them as it was hashed and after the one before.
pub(super) fn chained(text: &str) -> Result<Vec<Run>, Fault> {
    let mut runs: Vec<Run> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut before: Option<PackedEvent> = None;
    for (line, number) in text.lines().zip(1..) {
        let event: PackedEvent = read(line).ok_or(Fault::Unreadable(number))?;
        before = before.filter(|before| before.stream == event.stream);
        if before.is_none() {
            runs.push(Run {
                line: number,
                stream: event.stream,
                kind: event.stream_kind.clone(),
                hashes: Vec::new(),
            });
        }
        let run = runs.last_mut().ok_or(Fault::Unreadable(number))?;
        if before.is_none() && !seen.insert(event.stream) {
            return Err(run.fault(0, "others stand between it and the events before"));
        }
        let place = run.hashes.len();
        let seq = i64::try_from(place + 1).unwrap_or(i64::MAX);
        let leaf_before = before.as_ref().map(PackedEvent::leaf);
        if let Some(why) = leaf::fault(leaf_before.as_ref(), &event.leaf(), seq) {
            return Err(run.fault(place, &why.to_string()));
        }
        let hash = entry::bytes(&event.hash);
        run.hashes.push(hash.ok_or(Fault::Unreadable(number))?);
        before = Some(event);
    }
    Ok(runs)
}

impl Run {
    pub(super) fn tag(&self) -> [u8; 16] {
        entry::tag(self.stream)
    }

    /// What is wrong with the event at this place of the run, or with the end of the run.
    fn fault(&self, place: usize, why: &str) -> Fault {
        Fault::Event {
            line: self.line + place,
            stream: self.stream,
            seq: i64::try_from(place + 1).unwrap_or(i64::MAX),
            why: why.to_owned(),
        }
    }

    /// A log holds each of the events once, and the logs hold nothing else of it.
    pub(super) fn is_whole(&self, logged: &[Hash]) -> Result<(), Fault> {
        let mut left: BTreeSet<_> = logged.iter().collect();
        for (hash, place) in self.hashes.iter().zip(0..) {
            if !left.remove(hash) {
                return Err(self.fault(place, "no log holds it"));
            }
        }
        if logged.len() != self.hashes.len() {
            let end = self.hashes.len();
            return Err(self.fault(end, "a log holds it, and it is not in the pack"));
        }
        Ok(())
    }
}
