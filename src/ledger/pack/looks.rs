//! The looks of a pack: a line each, every column as it was hashed.

use std::collections::BTreeSet;

use super::events::Run;
use super::{Fault, read};
use crate::ledger::look::{self, Look};
use crate::ledger::tree::Hash;

/// The kind of stream that is looked at.
const CASE: &str = "case";

/// The looks at one case.
pub(super) struct Looks {
    pub(super) tag: [u8; 16],
    /// Each with its line.
    pub(super) hashes: Vec<(usize, Hash)>,
    /// The line after the last.
    end: usize,
}

/// The looks at each case of the pack. There is at least the one that made the pack.
pub(super) fn by_case(text: &str, streams: &[Run]) -> Result<Vec<Looks>, Fault> {
    let end = text.split_terminator('\n').count() + 1;
    let cases = streams.iter().filter(|run| run.kind == CASE);
    let none = |run: &Run| Looks {
        tag: look::tag(run.stream),
        hashes: Vec::new(),
        end,
    };
    let mut looks: Vec<_> = cases.map(none).collect();
    for (line, number) in text.split_terminator('\n').zip(1..) {
        let look: Look = read(line).ok_or(Fault::UnreadableLook(number))?;
        let entry = look.entry();
        let at_case = looks.iter_mut().find(|looks| looks.tag == entry.tag);
        let at_case = at_case.ok_or(Fault::Look {
            line: number,
            why: "it is at no case of the pack",
        })?;
        at_case.hashes.push((number, entry.hash));
    }
    Ok(looks)
}

impl Looks {
    /// A log holds each of the looks once, and the logs hold no other at the case.
    pub(super) fn are_whole(&self, logged: &[Hash]) -> Result<(), Fault> {
        let mut left: BTreeSet<_> = logged.iter().collect();
        for (line, hash) in &self.hashes {
            if !left.remove(hash) {
                let why = "no log holds it as it stands here";
                return Err(Fault::Look { line: *line, why });
            }
        }
        let why = if logged.len() != self.hashes.len() {
            "a log holds another, and it is not in the pack"
        } else if logged.is_empty() {
            "that for which the pack was made is not in it"
        } else {
            return Ok(());
        };
        Err(Fault::Look {
            line: self.end,
            why,
        })
    }
}
