//! Here lives what leaves the house as evidence, and how somebody with nothing else checks it: the events of a case and who looked at
//! it, the logs that hold them, and the signed head of each. No file is opened here.
//! Start with `Pack::check`; then `events.rs`, `looks.rs` and `log.rs` for the parts.

mod events;
mod log;
mod looks;

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::head::Verifier;
use super::tree::Hash;
pub use events::PackedEvent;
pub use log::{PackedLog, log_of_looks};

/// A pack, read into memory. It cannot be printed, as it holds personal data.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pack {
    /// A JSON object a line; those of one case or meeting stand together, in their order.
    pub events: String,
    /// A JSON object a line; those at one case stand together.
    pub looks: String,
    pub logs: Vec<PackedLog>,
}

/// What a pack was found to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    pub events: usize,
    pub looks: usize,
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
    #[error("line {0} of the looks is not as the service writes it")]
    UnreadableLook(usize),
    #[error("line {line} of the looks: {why}")]
    Look { line: usize, why: &'static str },
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

/// The hashes that the logs hold of each case or meeting in question, and of the looks at each case, by their tag.
type Logged = HashMap<[u8; 16], Vec<Hash>>;

impl Pack {
    /// The file of the events in the folder of a pack.
    pub const EVENTS: &str = "events.jsonl";
    /// That of the looks.
    pub const LOOKS: &str = "reads.jsonl";

    /// Checks all of it: each event against its hash and the one before it, that a log holds each event and each look and the pack
    /// leaves none out, and each log against its head. `keys` are those that the reader trusts; `kept` are heads that somebody has
    /// from earlier.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, keys: &[Verifier], kept: &[String]) -> Result<Checked, Fault> {
        let streams = events::chained(&self.events)?;
        let looks = looks::by_case(&self.looks, &streams)?;
        let events_tags = streams.iter().map(events::Run::tag);
        let tags = events_tags.chain(looks.iter().map(|looks| looks.tag));
        let mut logged: Logged = tags.map(|tag| (tag, Vec::new())).collect();
        let mut logs = BTreeMap::new();
        for log in &self.logs {
            let head = log.check(keys, kept, &mut logged)?;
            logs.insert(head.log, head.size);
        }
        for run in &streams {
            run.is_whole(&logged[&run.tag()])?;
        }
        for of_case in &looks {
            of_case.are_whole(&logged[&of_case.tag])?;
        }
        log::each_with_its_looks(&logs)?;
        Ok(Checked {
            events: streams.iter().map(|run| run.hashes.len()).sum(),
            looks: looks.iter().map(|looks| looks.hashes.len()).sum(),
            logs,
        })
    }
}

/// What stands in a line, as the service writes it; the same in other words is none.
fn read<T: Serialize + DeserializeOwned>(line: &str) -> Option<T> {
    let value: T = serde_json::from_str(line).ok()?;
    let mut again = Vec::with_capacity(line.len());
    serde_json::to_writer(&mut again, &value).ok()?;
    (again == line.as_bytes()).then_some(value)
}
