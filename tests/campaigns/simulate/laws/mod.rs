//! The laws of the house, told again from the events alone wherever that is simple, and asked of every case that was
//! touched after every step. `history` is about who did what and why, `clocks` about deadlines, `rows` about what queues
//! and the outbox read.

pub mod clocks;
pub mod history;
pub mod rows;

use std::collections::BTreeMap;
use std::sync::Arc;

use clares_law::engine::case::Case;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Definition;
use clares_law::engine::event::Recorded;
use clares_law::store::events::EventRow;
use jiff::Timestamp;

/// A law that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub law: &'static str,
    pub how: String,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.law, self.how)
    }
}

impl From<anyhow::Error> for Broken {
    fn from(error: anyhow::Error) -> Self {
        Self {
            law: "the service answers",
            how: format!("{error:#}"),
        }
    }
}

pub type Held = Result<(), Broken>;

/// Refuses to go on where a law does not hold.
macro_rules! holds {
    ($law:expr, $holds:expr, $($how:tt)+) => {
        if !$holds {
            return Err($crate::simulate::laws::Broken { law: $law, how: format!($($how)+) });
        }
    };
}
pub(super) use holds;

/// A case as it lies in the database.
pub struct Seen<'a> {
    pub rows: &'a [EventRow],
    pub history: &'a [Recorded],
    pub case: &'a Case,
    /// How many of its events were there before this step.
    pub before: usize,
    /// The editions that its events name, by their hashes.
    pub editions: &'a BTreeMap<String, Arc<Definition>>,
    pub people: &'a [Actor],
    pub now: Timestamp,
}

impl Seen<'_> {
    /// The events of this step.
    pub fn fresh(&self) -> &[Recorded] {
        &self.history[self.before..]
    }

    /// The edition under which an event happened.
    pub fn edition_at(&self, seq: u64) -> &Definition {
        let row = &self.rows[usize::try_from(seq).expect("a place in a list") - 1];
        &self.editions[&row.edition]
    }

    /// The edition that it goes by now.
    pub fn edition(&self) -> &Definition {
        self.edition_at(self.case.version)
    }
}

/// Everything that is asked of a case after a step that touched it.
pub fn of_case(seen: &Seen<'_>) -> Result<clocks::Runs, Broken> {
    history::reasons(seen)?;
    history::second_person(seen)?;
    history::editions(seen)?;
    history::somebody_can_act(seen)?;
    clocks::stages(seen)
}
