//! A case as it stands: the fold of its events, and nothing that is not in them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;

use super::command::Actor;
use super::definition::record::Answers;
use super::due::Pause;
use super::event::{DueDate, Stage};
use super::limit::Limit;
use crate::domain::pii::withheld;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Case {
    /// The number of its events.
    pub version: u64,
    pub scheme: String,
    pub authority: String,
    /// The authority that handed it over.
    pub came_from: Option<String>,
    pub reference: String,
    pub route: String,
    pub capacity: String,
    pub received_at: Timestamp,
    pub state: String,
    pub state_since: Timestamp,
    pub ended: bool,
    pub outcome: Option<String>,
    /// When each state was last entered.
    pub entered: BTreeMap<String, Timestamp>,
    pub records: BTreeMap<String, Filing>,
    /// How often each action has taken effect.
    pub counts: BTreeMap<String, u32>,
    /// The flags that are up, and since when.
    pub flags: BTreeMap<String, Timestamp>,
    /// Every clock that ever ran, in the order of starting. A stopped one keeps its breach.
    pub clocks: Vec<Running>,
    pub pending: Option<Proposal>,
    /// Actions that have taken effect, with the version they made.
    pub acts: Vec<(String, u64)>,
    /// What happened to it in the words of clocks (a state entered, `action NAME`), with the version.
    pub trail: Vec<(String, u64)>,
    /// Actions that rested on a record that was amended afterwards.
    pub stale: BTreeSet<String>,
}

/// The newest version of a record.
#[derive(Clone, PartialEq)]
pub struct Filing {
    pub answers: Answers,
    /// How many versions there are.
    pub version: u32,
    pub filed_at: Timestamp,
    /// Everybody who wrote a version of it.
    pub authors: BTreeSet<String>,
}

withheld!(Filing);

/// One run of a clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    pub clock: String,
    pub instance: u32,
    pub limit: Limit,
    pub from: Timestamp,
    pub started_at: Timestamp,
    /// The version of the case that it started with.
    pub began: u64,
    pub original_due: DueDate,
    pub due: DueDate,
    /// Warnings and the breach that are still to come, in order.
    pub stages: Vec<Stage>,
    pub moves: Vec<Move>,
    pub paused: Option<Paused>,
    pub breached_at: Option<Timestamp>,
    pub stopped_at: Option<Timestamp>,
    pub unconfirmed: bool,
    /// What the editions that the case has left had made of it, by their hashes.
    pub terms: BTreeMap<String, Terms>,
    /// The version with which an edition stopped it that does not have it.
    pub left: Option<u64>,
}

/// What an edition had made of a clock when the case left it, for the way back.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    pub limit: Limit,
    pub from: Timestamp,
    pub due: DueDate,
    pub stages: Vec<Stage>,
    pub breached_at: Option<Timestamp>,
    pub unconfirmed: bool,
    /// How often its due date had been moved.
    pub moves: usize,
}

/// What has moved a due date since the clock started.
#[derive(Debug, Clone, PartialEq)]
pub enum Move {
    Paused(Pause),
    Extended(Limit),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Paused {
    pub since: Timestamp,
    pub review_on: Date,
    pub review_at: Timestamp,
}

impl Running {
    pub fn is_running(&self) -> bool {
        self.stopped_at.is_none()
    }

    /// Past its due date, whether it still runs or not.
    pub fn is_late(&self) -> bool {
        self.breached_at.is_some()
    }

    /// The next moment at which something happens by itself.
    pub fn next_stage(&self) -> Option<Stage> {
        if !self.is_running() {
            return None;
        }
        match &self.paused {
            Some(paused) => Some(Stage {
                name: Stage::REVIEW.to_owned(),
                at: paused.review_at,
            }),
            None => self.stages.first().cloned(),
        }
    }
}

/// An action that waits for a second person.
#[derive(Clone, PartialEq)]
pub struct Proposal {
    pub action: String,
    pub by: Actor,
    pub at: Timestamp,
    pub rationale: String,
    /// The record as it was filled in; filed when the action takes effect.
    pub answers: Option<Answers>,
    pub outcome: Option<String>,
    pub confirm_by: Vec<String>,
    /// The accounts that were in the room of the meeting that came to the case before it. They are known to that meeting and not to
    /// the history of the case: whoever loads a case fills them in.
    pub in_room: BTreeSet<String>,
}

withheld!(Proposal);

impl Case {
    /// The run of this clock that has not been stopped.
    pub fn running(&self, clock: &str) -> Option<&Running> {
        self.clocks
            .iter()
            .find(|run| run.clock == clock && run.is_running())
    }

    /// How often this clock has been started.
    pub fn instances(&self, clock: &str) -> u32 {
        let runs = self.clocks.iter().filter(|run| run.clock == clock);
        u32::try_from(runs.count()).unwrap_or(u32::MAX)
    }

    /// The running clock that is due first.
    pub fn next_due(&self) -> Option<&Running> {
        let running = self
            .clocks
            .iter()
            .filter(|run| run.is_running() && run.paused.is_none());
        running.min_by_key(|run| run.due.at)
    }

    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.contains_key(flag)
    }

    pub fn count(&self, action: &str) -> u32 {
        self.counts.get(action).copied().unwrap_or(0)
    }
}
