//! What may be asked of a meeting, and what the room knows of whoever asks.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use super::event::{Form, Listing, Promise, Report, Sitting};
use super::table::Meeting;
use crate::domain::id::CaseId;
use crate::domain::pii::withheld;
use crate::engine::case::Case;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::meets::Meets;
use crate::engine::definition::record::Answers;
use uuid::Uuid;

/// A meeting that is to be.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Convening {
    pub authority: String,
    pub form: Form,
    pub series: Option<String>,
    pub sitting: Sitting,
    /// Why it is called, where it is not one of a series.
    pub because: String,
}

withheld!(Convening);

/// Something asked of a meeting.
#[derive(Clone, PartialEq, Serialize)]
pub enum Ask {
    Move {
        sitting: Sitting,
        because: String,
    },
    CallOff {
        because: String,
    },
    List(Listing),
    Unlist {
        case: CaseId,
        because: String,
    },
    Answer {
        case: CaseId,
        agency: String,
        answers: Answers,
    },
    Remind {
        case: CaseId,
        agency: String,
    },
    SealAgenda,
    Accept,
    Come,
    Leave,
    /// That whoever asks will come.
    WillCome,
    Apologise {
        agency: String,
        because: String,
    },
    Begin,
    Take {
        case: CaseId,
    },
    View {
        case: CaseId,
        answers: Answers,
    },
    OpenViews {
        case: CaseId,
    },
    Say {
        case: CaseId,
        agency: String,
        text: String,
    },
    /// An action of the scheme that was taken on a case, from here.
    Settle {
        case: CaseId,
        action: String,
    },
    Promise(Promise),
    Report {
        promise: Uuid,
        report: Report,
        because: String,
    },
    Close,
    Comment {
        /// The case it is about, if it is about one.
        case: Option<CaseId>,
        text: String,
    },
    /// Makes the minutes final as they were read: up to this version.
    Approve {
        version: u64,
    },
}

/// Its name alone: what people said and wrote stands in the rest.
impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.name())
    }
}

impl Ask {
    /// What it is called in the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Move { .. } => "move",
            Self::CallOff { .. } => "call off",
            Self::List(_) => "list",
            Self::Unlist { .. } => "take off",
            Self::Answer { .. } => "answer",
            Self::Remind { .. } => "remind",
            Self::SealAgenda => "settle the agenda",
            Self::Accept => "accept",
            Self::Come => "come",
            Self::Leave => "leave",
            Self::WillCome => "say that one comes",
            Self::Apologise { .. } => "apologise",
            Self::Begin => "begin",
            Self::Take { .. } => "come to a case",
            Self::View { .. } => "give a view",
            Self::OpenViews { .. } => "open the views",
            Self::Say { .. } => "write down what was said",
            Self::Settle { .. } => "settle",
            Self::Promise(_) => "promise",
            Self::Report { .. } => "report on a promise",
            Self::Close => "close",
            Self::Comment { .. } => "comment",
            Self::Approve { .. } => "approve",
        }
    }

    /// The case that it is about.
    pub fn case(&self, meeting: &Meeting) -> Option<CaseId> {
        match self {
            Self::List(listing) => Some(listing.case),
            Self::Promise(promise) => promise.case,
            Self::Report { promise, .. } => meeting.promised(*promise)?.promise.case,
            Self::Comment { case, .. } => *case,
            Self::Unlist { case, .. }
            | Self::Answer { case, .. }
            | Self::Remind { case, .. }
            | Self::Take { case }
            | Self::View { case, .. }
            | Self::OpenViews { case }
            | Self::Say { case, .. }
            | Self::Settle { case, .. } => Some(*case),
            _ => None,
        }
    }
}

/// Who asks, when, and by which rules.
#[derive(Debug, Clone, Copy)]
pub struct Room<'a> {
    pub definition: &'a Definition,
    pub meets: &'a Meets,
    pub actor: &'a Actor,
    /// The case that it is about, if it is about one.
    pub case: Option<&'a Case>,
    /// The accounts that may not open that case, be it for a conflict: for it, they are not in the room (L10).
    pub kept_away: &'a BTreeSet<String>,
    /// The accounts that can commit their agency; asked when somebody comes.
    pub seniors: &'a BTreeSet<String>,
    pub now: Timestamp,
}

impl Room<'_> {
    /// The agency that somebody speaks for.
    pub fn agency_of<'b>(&'b self, actor: &'b Actor) -> &'b str {
        self.meets.agency_of(actor)
    }

    pub fn convenes(&self) -> bool {
        self.meets.convened_by.has(&self.actor.role)
    }

    pub fn chairs(&self) -> bool {
        self.meets.chaired_by.has(&self.actor.role)
    }

    /// Whether somebody sits in the forum and gives a view.
    pub fn is_member(&self, actor: &Actor) -> bool {
        self.meets.members.has(&actor.role)
    }
}
