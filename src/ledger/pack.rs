//! What leaves the house as evidence, and how somebody with nothing else checks it: the events of a case, the logs that hold them, and
//! the signed head of each.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::entry::{self, Entry};
use super::head::{Head, Verifier};
use super::leaf::{self, Header, Leaf};
use super::tree::Tree;

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

/// A log as it is in a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackedLog {
    /// A line for each entry, from the first.
    pub entries: String,
    /// What the log says of itself, signed.
    pub head: String,
}

/// A pack, read into memory. It cannot be printed, as it holds personal data.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pack {
    /// A JSON object a line; those of one case or meeting stand together, in their order.
    pub events: String,
    pub logs: Vec<PackedLog>,
}

/// What a pack was found to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub events: usize,
    /// Each log with the number of its entries.
    pub logs: BTreeMap<String, u64>,
}

/// The first thing that is wrong with a pack.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("line {0} of the events is not as the service writes it")]
    Unreadable(usize),
    #[error("line {line} of the events, {stream} event {seq}: {why}")]
    Event {
        line: usize,
        stream: Uuid,
        seq: i64,
        why: String,
    },
    #[error("the log {log}, entry {entry}: {why}")]
    Entry {
        log: String,
        /// From 1.
        entry: u64,
        why: &'static str,
    },
    #[error("a log of the pack: {0}")]
    Log(String),
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

impl Pack {
    /// Checks all of it: each event against its hash and the one before it, that a log holds each and the pack leaves none out, and each log
    /// against its head. `keys` are those that the reader trusts; `kept` are heads that somebody has from earlier.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, keys: &[Verifier], kept: &[String]) -> Result<Checked, Fault> {
        let events = self.events()?;
        let streams = chained(&events)?;
        let mut logged: Logged = streams.iter().map(|run| (run.tag(), Vec::new())).collect();
        let mut logs = BTreeMap::new();
        for log in &self.logs {
            let head = log.check(keys, kept, &mut logged)?;
            logs.insert(head.log, head.size);
        }
        for run in &streams {
            run.is_whole(&logged[&run.tag()])?;
        }
        Ok(Checked {
            events: events.len(),
            logs,
        })
    }

    fn events(&self) -> Result<Vec<PackedEvent>, Fault> {
        let lines = self.events.lines().zip(1..);
        let read = lines.map(|(line, number)| packed(line).ok_or(Fault::Unreadable(number)));
        read.collect()
    }
}

/// An event in a line, as the service writes it; the same in other words is none.
fn packed(line: &str) -> Option<PackedEvent> {
    let event: PackedEvent = serde_json::from_str(line).ok()?;
    let again = serde_json::to_string(&event).ok()?;
    (again == line).then_some(event)
}

/// The hashes that the logs hold of each case or meeting in question, by its tag.
type Logged = HashMap<[u8; 16], Vec<[u8; 32]>>;

/// The events of one case or meeting, as they stand together in a pack.
struct Run<'a> {
    /// The line of the first.
    line: usize,
    stream: Uuid,
    events: &'a [PackedEvent],
}

/// Each case or meeting with its events, each of them as it was hashed and after the one before.
fn chained(events: &[PackedEvent]) -> Result<Vec<Run<'_>>, Fault> {
    let mut runs = Vec::new();
    let mut seen = BTreeSet::new();
    let mut line = 1;
    for events in events.chunk_by(|one, next| one.stream == next.stream) {
        let run = Run {
            line,
            stream: events[0].stream,
            events,
        };
        if !seen.insert(run.stream) {
            return Err(run.fault(0, "others stand between it and the events before"));
        }
        leaf::verify(events.iter().map(PackedEvent::leaf)).map_err(|bad| {
            let place = usize::try_from(bad.seq - 1).unwrap_or_default();
            run.fault(place, &bad.why.to_string())
        })?;
        line += events.len();
        runs.push(run);
    }
    Ok(runs)
}

impl Run<'_> {
    fn tag(&self) -> [u8; 16] {
        entry::tag(self.stream)
    }

    /// What is wrong with the event at this place of the run, or with the end of the run.
    fn fault(&self, place: usize, why: &str) -> Fault {
        let event = self.events.get(place);
        let after = self.events.last().map_or(1, |last| last.seq + 1);
        Fault::Event {
            line: self.line + place,
            stream: self.stream,
            seq: event.map_or(after, |event| event.seq),
            why: why.to_owned(),
        }
    }

    /// A log holds each of the events once, and the logs hold nothing else of it.
    fn is_whole(&self, logged: &[[u8; 32]]) -> Result<(), Fault> {
        let mut left: BTreeSet<_> = logged.iter().collect();
        for (event, place) in self.events.iter().zip(0..) {
            let hash = entry::bytes(&event.hash);
            if !hash.is_some_and(|hash| left.remove(&hash)) {
                return Err(self.fault(place, "no log holds it"));
            }
        }
        if logged.len() != self.events.len() {
            let end = self.events.len();
            return Err(self.fault(end, "a log holds it, and it is not in the pack"));
        }
        Ok(())
    }
}

impl PackedLog {
    /// Checks the log against its head and those that were kept, and notes the hashes that it holds of the streams in question.
    fn check(
        &self,
        keys: &[Verifier],
        kept: &[String],
        logged: &mut Logged,
    ) -> Result<Head, Fault> {
        let name = self.head.lines().next().unwrap_or_default();
        let key = keys.iter().find(|key| key.log() == name);
        let key = key.ok_or_else(|| Fault::Log(format!("no key was given for {name}")))?;
        let head = key
            .open(&self.head)
            .map_err(|why| Fault::Log(format!("{name}: {why}")))?;
        let mut known = vec![head.clone()];
        for earlier in kept.iter().filter(|kept| kept.lines().next() == Some(name)) {
            let opened = key.open(earlier);
            known.push(
                opened.map_err(|why| Fault::Log(format!("{name}, a head that was kept: {why}")))?,
            );
        }
        let fault = |entry, why| Fault::Entry {
            log: name.to_owned(),
            entry,
            why,
        };
        let mut tree = Tree::default();
        for line in self.entries.lines() {
            let place = tree.size() + 1;
            let entry = Entry::read(line).ok_or_else(|| fault(place, "it cannot be read"))?;
            if let Some(hashes) = logged.get_mut(&entry.tag) {
                hashes.push(entry.hash);
            }
            tree.push(entry.leaf());
            let other = |head: &&Head| head.size == place && head.root != tree.root();
            if known.iter().any(|head| other(&head)) {
                return Err(fault(
                    place,
                    "the log up to here is not the one that was signed",
                ));
            }
        }
        if known.iter().any(|head| head.size > tree.size()) {
            return Err(fault(tree.size() + 1, "the end of the log is missing"));
        }
        if tree.size() > head.size {
            return Err(fault(head.size + 1, "it came after the head was signed"));
        }
        Ok(head)
    }
}
