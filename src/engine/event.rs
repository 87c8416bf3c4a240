//! What has happened to a case. Events are never changed; a mistake is mended by a further event.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::command::Actor;
use super::definition::record::Answers;
use super::limit::Limit;
use crate::domain::pii::withheld;

/// An event with its place in the history of its case.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// From 1, without gaps; also the version of the case after it.
    pub seq: u64,
    pub at: Timestamp,
    pub actor: Actor,
    pub event: Event,
}

/// A filled-in record.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Filed {
    pub record: String,
    pub answers: Answers,
}

withheld!(Filed);

/// The second person's word (L4).
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Confirmation {
    pub proposed_by: Actor,
    pub rationale: String,
}

withheld!(Confirmation);

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// An application became a case.
    Opened {
        scheme: String,
        authority: String,
        reference: String,
        route: String,
        capacity: String,
        state: String,
        filed: Filed,
    },
    /// An action took effect.
    Acted {
        action: String,
        from: String,
        /// The state entered; `None` when the state stayed.
        to: Option<String>,
        /// Whether that state ends the case.
        ended: bool,
        rationale: String,
        filed: Option<Filed>,
        outcome: Option<String>,
        /// The route that the case goes on by, where the action changes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        route: Option<String>,
        /// Records of the life before, which are not evidence any more.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        set_aside: Vec<String>,
        /// Whom this action tells, and with which message.
        told: Vec<(String, String)>,
        confirmed: Option<Confirmation>,
    },
    /// An action waits for a second person.
    Proposed {
        action: String,
        rationale: String,
        filed: Option<Filed>,
        outcome: Option<String>,
        confirm_by: Vec<String>,
    },
    /// The second person did not agree.
    SentBack {
        action: String,
        proposed_by: Actor,
        rationale: String,
        from: String,
        to: Option<String>,
    },
    /// The case was handed to another authority, with its clocks and its start.
    Transferred {
        from: String,
        to: String,
    },
    Noted {
        text: String,
    },
    /// The case was forgotten: the last event of its history. Why stands outside it, since nobody can read this any more.
    Erased,
    /// A record got a new version; the old one stays in history.
    Amended {
        filed: Filed,
        rationale: String,
        /// Actions that had rested on the earlier version.
        stale: Vec<String>,
        /// The second person, where a decision rests on the record.
        confirmed: Option<Confirmation>,
    },
    /// The case goes by another edition from here on; what becomes of each clock follows in events of their own (L13).
    Migrated {
        from: Edition,
        to: Edition,
        rationale: String,
        confirmed: Confirmation,
    },
    FlagRaised {
        flag: String,
    },
    FlagLowered {
        flag: String,
    },
    ClockStarted(ClockStarted),
    ClockStopped {
        clock: String,
        instance: u32,
        late: bool,
    },
    ClockPaused {
        clock: String,
        instance: u32,
        /// The pause ends by itself with this local day.
        review_on: Date,
        review_at: Timestamp,
    },
    ClockResumed {
        clock: String,
        instance: u32,
        /// When the pause ended: at its review, however late that was noticed, or when somebody ended it.
        until: Timestamp,
        due: DueDate,
        stages: Vec<Stage>,
    },
    ClockExtended {
        clock: String,
        instance: u32,
        by: Limit,
        due: DueDate,
        stages: Vec<Stage>,
    },
    /// The clock goes on by another edition.
    ClockMoved(ClockMoved),
    /// The clock stops, because the edition that the case goes by now has no such clock or has stopped it already.
    ClockLeft {
        clock: String,
        instance: u32,
        /// What the edition left behind calls it.
        label: String,
        /// When it would have been due.
        was: DueDate,
        late: bool,
    },
    ClockWarned {
        clock: String,
        instance: u32,
        stage: String,
        /// When it should have been noticed; the header says when it was.
        due_at: Timestamp,
    },
    ClockBreached {
        clock: String,
        instance: u32,
        due_at: Timestamp,
    },
}

/// The end of a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DueDate {
    /// The first instant that is too late.
    pub at: Timestamp,
    /// The last local day, when days are counted.
    pub date: Option<Date>,
}

/// A moment on the way: a warning (`50%`) or the breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    pub name: String,
    pub at: Timestamp,
}

impl Stage {
    pub const BREACH: &'static str = "breach";
    /// The day on which a pause must be looked at again.
    pub const REVIEW: &'static str = "review";
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClockStarted {
    pub clock: String,
    pub instance: u32,
    pub limit: Limit,
    /// What the limit is counted from; usually the moment of the event.
    pub from: Timestamp,
    pub due: DueDate,
    pub stages: Vec<Stage>,
    pub unconfirmed: bool,
}

/// An edition of a scheme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// The hash of its documents.
    pub hash: String,
    /// What its owner calls it.
    pub label: String,
}

/// What another edition makes of a running clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClockMoved {
    pub clock: String,
    pub instance: u32,
    /// When it was due before.
    pub was: DueDate,
    pub limit: Limit,
    pub from: Timestamp,
    pub due: DueDate,
    pub stages: Vec<Stage>,
    /// Since when it is late by this edition.
    pub late_since: Option<Timestamp>,
    pub unconfirmed: bool,
}

/// Its kind alone: what people said and wrote stands in the rest.
impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.kind())
    }
}

impl Event {
    /// The kind in the event's header.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Opened { .. } => "opened",
            Self::Acted { .. } => "acted",
            Self::Proposed { .. } => "proposed",
            Self::SentBack { .. } => "sent_back",
            Self::Transferred { .. } => "transferred",
            Self::Noted { .. } => "noted",
            Self::Erased => "erased",
            Self::Amended { .. } => "amended",
            Self::Migrated { .. } => "migrated",
            Self::FlagRaised { .. } => "flag_raised",
            Self::FlagLowered { .. } => "flag_lowered",
            Self::ClockStarted(_) => "clock_started",
            Self::ClockStopped { .. } => "clock_stopped",
            Self::ClockPaused { .. } => "clock_paused",
            Self::ClockResumed { .. } => "clock_resumed",
            Self::ClockExtended { .. } => "clock_extended",
            Self::ClockMoved(_) => "clock_moved",
            Self::ClockLeft { .. } => "clock_left",
            Self::ClockWarned { .. } => "clock_warned",
            Self::ClockBreached { .. } => "clock_breached",
        }
    }
}
