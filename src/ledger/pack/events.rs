//! The events of a pack: a line each, those of one case or meeting together and in their order. What is about the case is there in words and
//! as it was sealed, with the key that joins the two; of what a meeting said about others there is no more than was hashed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Fault, read};
use crate::ledger::entry::{self, bytes};
use crate::ledger::leaf::{self, Header, Why};
use crate::ledger::sealed::{EventKey, SEALED};
use crate::ledger::tree::Hash;

/// An event as a line of a pack: all that was hashed. One that may be read has `body`, `key` and `words`; any other has the hash of its
/// body alone.
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
    /// The case or meeting whose key seals it.
    pub key_ref: Option<String>,
    pub sealing: i64,
    /// SHA-256 of the body in hex, where the body is not here.
    pub body_hash: Option<String>,
    /// The body as it was sealed.
    pub body: Option<String>,
    /// The key of this one event.
    pub key: Option<String>,
    /// What the body says.
    pub words: Option<String>,
    pub previous: String,
    pub hash: String,
}

/// The events of one case or meeting, as they stand together in a pack.
pub(super) struct Run {
    /// The line of the first.
    line: usize,
    pub(super) stream: Uuid,
    /// What the stream is: `case` or `meeting`.
    pub(super) kind: String,
    pub(super) hashes: Vec<Hash>,
    /// Events without their words: the place of each, and whose key would open it.
    closed: Vec<(usize, String)>,
}

impl PackedEvent {
    /// What was hashed beside the body.
    #[must_use]
    pub fn header(&self) -> Header<'_> {
        Header {
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
        }
    }

    /// What is wrong with it after the event before, if anything is.
    fn fault(&self, before: Option<&Self>, seq: i64) -> Option<String> {
        let why = if self.seq != seq {
            Why::OutOfOrder
        } else if self.previous != before.map_or("", |before| &before.hash) {
            Why::NotLinked
        } else if self.hashed().as_ref() != Some(&self.hash) {
            Why::Altered
        } else {
            return self.words_fault().map(str::to_owned);
        };
        Some(why.to_string())
    }

    /// The hash that it has to have; none if there is neither a body nor the hash of one, or both.
    fn hashed(&self) -> Option<String> {
        match (&self.body, &self.body_hash) {
            (Some(body), None) => Some(leaf::hash(&self.previous, &self.header(), body)),
            (None, Some(hash)) if self.sealing == SEALED => {
                let header = self.header();
                Some(leaf::hash_without_body(
                    &self.previous,
                    &header,
                    &bytes(hash)?,
                ))
            }
            _ => None,
        }
    }

    /// Whether the words are what was sealed.
    fn words_fault(&self) -> Option<&'static str> {
        match (&self.body, &self.key, &self.words) {
            (None, None, None) => None,
            (Some(body), Some(key), Some(words)) => {
                let key = EventKey::from_hex(key);
                let opened = key.and_then(|key| key.open(&self.header(), body).ok());
                (opened.as_ref() != Some(words)).then_some("its words are not what was sealed")
            }
            _ => Some("it has a body, and not its key and words; or these, and no body"),
        }
    }
}

/// Each case or meeting with its events, each of them as it was hashed and after the one before.
pub(super) fn chained(text: &str) -> Result<Vec<Run>, Fault> {
    let mut runs: Vec<Run> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut before: Option<PackedEvent> = None;
    for (line, number) in text.split_terminator('\n').zip(1..) {
        let event: PackedEvent = read(line).ok_or(Fault::Unreadable(number))?;
        before = before.filter(|before| before.stream == event.stream);
        if before.is_none() {
            runs.push(Run::begun(&event, number));
        }
        let run = runs.last_mut().ok_or(Fault::Unreadable(number))?;
        if before.is_none() && !seen.insert(event.stream) {
            return Err(run.fault(0, "others stand between it and the events before"));
        }
        run.take(&event, before.as_ref())?;
        before = Some(event);
    }
    runs.iter().try_for_each(|run| run.is_open(&seen))?;
    Ok(runs)
}

impl Run {
    fn begun(event: &PackedEvent, line: usize) -> Self {
        Self {
            line,
            stream: event.stream,
            kind: event.stream_kind.clone(),
            hashes: Vec::new(),
            closed: Vec::new(),
        }
    }

    fn take(&mut self, event: &PackedEvent, before: Option<&PackedEvent>) -> Result<(), Fault> {
        let place = self.hashes.len();
        let seq = i64::try_from(place + 1).unwrap_or(i64::MAX);
        if let Some(why) = event.fault(before, seq) {
            return Err(self.fault(place, &why));
        }
        let hash = bytes(&event.hash);
        let hash = hash.ok_or_else(|| self.fault(place, "its hash is no hash"))?;
        self.hashes.push(hash);
        if event.words.is_none() {
            let key_ref = event.key_ref.clone().unwrap_or_default();
            self.closed.push((place, key_ref));
        }
        Ok(())
    }

    /// Whatever is sealed with the key of a case or meeting of the pack is there in words.
    fn is_open(&self, streams: &BTreeSet<Uuid>) -> Result<(), Fault> {
        let own = |key_ref: &str| key_ref.parse().is_ok_and(|id| streams.contains(&id));
        let mut closed = self.closed.iter();
        match closed.find(|(_, key_ref)| own(key_ref)) {
            Some((place, _)) => Err(self.fault(*place, "its words were left out")),
            None => Ok(()),
        }
    }

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
