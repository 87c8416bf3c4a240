//! A log in a pack: its entries, one a line, and what it says of itself, signed.

use std::collections::BTreeMap;

use super::{Fault, Logged};
use crate::ledger::entry::Entry;
use crate::ledger::head::{Head, Verifier};
use crate::ledger::tree::Tree;

/// What follows the name of a log in that of its looks.
const OF_LOOKS: &str = "/access";

/// A log as it is in a pack.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackedLog {
    /// A line for each entry, from the first.
    pub entries: String,
    /// What the log says of itself, signed.
    pub head: String,
}

/// What the log of an authority's looks is called, where this is that of what happened there.
#[must_use]
pub fn log_of_looks(log: &str) -> String {
    format!("{log}{OF_LOOKS}")
}

/// With each log of what happened there is that of who looked.
pub(super) fn each_with_its_looks(logs: &BTreeMap<String, u64>) -> Result<(), Fault> {
    for log in logs.keys().filter(|log| !log.ends_with(OF_LOOKS)) {
        if !logs.contains_key(&log_of_looks(log)) {
            return Err(Fault::Log(format!("{log}: that of its looks is missing")));
        }
    }
    Ok(())
}

impl PackedLog {
    /// Checks the log against its head and those that were kept, and notes the hashes that it holds of the streams in question.
    pub(super) fn check(
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
        for line in self.entries.split_terminator('\n') {
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
