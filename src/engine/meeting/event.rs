//! What has happened to a meeting. An event is about one case at most, so that what concerns a case can be sealed and forgotten with it.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::id::CaseId;
use crate::domain::pii::withheld;
use crate::engine::command::Actor;
use crate::engine::event::Filed;

/// An event with its place in the history of its meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// From 1, without gaps; also the version of the meeting after it.
    pub seq: u64,
    pub at: Timestamp,
    pub actor: Actor,
    pub event: Event,
}

/// How people meet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// One of a series.
    #[default]
    Regular,
    /// Called for what cannot wait for the next of the series.
    Extraordinary,
    /// Nobody comes: each member answers in writing until the hour at which it ends.
    Written,
}

/// When and where.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    /// A room or a link; it names no case and no party.
    pub place: String,
}

withheld!(Sitting);

/// A case put on the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    pub case: CaseId,
    /// The agencies that are asked what they hold.
    pub asked: Vec<String>,
    /// The first instant that is too late for an answer to be among the papers.
    pub answers_by: Timestamp,
    /// It comes before the others, so that those who came for it can leave.
    pub first: bool,
}

/// What became of something agreed. *Not possible* and *not done* are different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Report {
    Open,
    Done,
    NotPossible,
    NotDone,
}

/// Something that an agency promised to do.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub id: Uuid,
    /// The case it was promised for, if it was for one.
    pub case: Option<CaseId>,
    #[serde(rename = "for_agency")]
    pub agency: String,
    pub what: String,
    /// The last day on which it is in time.
    pub by: Date,
}

withheld!(Promise);

// In the body of a stored event `agency` is the actor's own, so the agency that an event is about goes by another name there.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    Convened {
        authority: String,
        scheme: String,
        form: Form,
        /// The series it is one of.
        series: Option<String>,
        sitting: Sitting,
        /// Why it was called, where it is not one of a series.
        because: String,
    },
    Moved {
        sitting: Sitting,
        because: String,
    },
    /// Its cases wait for another meeting.
    CalledOff {
        because: String,
    },
    Listed(Listing),
    Unlisted {
        case: CaseId,
        because: String,
    },
    /// Something that was done in an emergency is ratified when the meeting comes to this case.
    Ratifies {
        case: CaseId,
    },
    /// The meeting was moved, so answers are due at another time.
    AnswersDue {
        case: CaseId,
        /// The first instant that is too late.
        answers_by: Timestamp,
    },
    /// What an agency holds, as it says itself or as the coordinator wrote down for it.
    Answered {
        case: CaseId,
        #[serde(rename = "for_agency")]
        agency: String,
        filed: Filed,
    },
    /// An agency whose answer is late was asked again; the second time whoever is above was asked too.
    Reminded {
        case: CaseId,
        #[serde(rename = "for_agency")]
        agency: String,
        senior: bool,
    },
    /// The agenda stands: these cases, in this order.
    AgendaSealed {
        order: Vec<CaseId>,
    },
    /// Whoever acts accepted that what is said stays in the room.
    Accepted,
    /// Somebody in the room; whether they can commit their agency.
    Came {
        #[serde(default)]
        senior: bool,
    },
    Left,
    /// A member said beforehand that they come.
    WillCome {
        #[serde(rename = "for_agency")]
        agency: String,
    },
    Apologised {
        #[serde(rename = "for_agency")]
        agency: String,
        because: String,
    },
    Begun,
    /// The meeting came to this case.
    Taken {
        case: CaseId,
        /// Who was in the room for it.
        present: Vec<Actor>,
        /// Agencies whose member had to leave the room for it.
        recused: Vec<String>,
        quorate: bool,
    },
    /// A member's own view. Nobody else sees it before the views are opened.
    ViewTaken {
        case: CaseId,
        filed: Filed,
    },
    /// All who were present had given theirs, or the chair did not wait for those named.
    ViewsOpened {
        case: CaseId,
        missing: Vec<String>,
    },
    Said {
        case: CaseId,
        #[serde(rename = "for_agency")]
        agency: String,
        text: String,
    },
    /// An action of the scheme, taken on the case from this meeting.
    Settled {
        case: CaseId,
        action: String,
        /// The version that the case had afterwards.
        version: u64,
    },
    Promised(Promise),
    Reported {
        promise: Uuid,
        /// The case it was promised for, if it was for one.
        case: Option<CaseId>,
        report: Report,
        because: String,
    },
    /// What it did not settle waits for another meeting.
    Closed,
    Commented {
        /// The case it is about, if it is about one.
        case: Option<CaseId>,
        text: String,
    },
    /// The minutes are the record itself: all events up to this one.
    Approved,
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
            Self::Convened { .. } => "convened",
            Self::Moved { .. } => "moved",
            Self::CalledOff { .. } => "called_off",
            Self::Listed(_) => "listed",
            Self::Unlisted { .. } => "unlisted",
            Self::Ratifies { .. } => "ratifies",
            Self::AnswersDue { .. } => "answers_due",
            Self::Answered { .. } => "answered",
            Self::Reminded { .. } => "reminded",
            Self::AgendaSealed { .. } => "agenda_sealed",
            Self::Accepted => "accepted",
            Self::Came { .. } => "came",
            Self::Left => "left",
            Self::WillCome { .. } => "will_come",
            Self::Apologised { .. } => "apologised",
            Self::Begun => "begun",
            Self::Taken { .. } => "taken",
            Self::ViewTaken { .. } => "view_taken",
            Self::ViewsOpened { .. } => "views_opened",
            Self::Said { .. } => "said",
            Self::Settled { .. } => "settled",
            Self::Promised(_) => "promised",
            Self::Reported { .. } => "reported",
            Self::Closed => "closed",
            Self::Commented { .. } => "commented",
            Self::Approved => "approved",
        }
    }

    /// The case that it is about.
    pub fn case(&self) -> Option<CaseId> {
        match self {
            Self::Listed(listing) => Some(listing.case),
            Self::Promised(promise) => promise.case,
            Self::Reported { case, .. } | Self::Commented { case, .. } => *case,
            Self::Unlisted { case, .. }
            | Self::Ratifies { case }
            | Self::AnswersDue { case, .. }
            | Self::Answered { case, .. }
            | Self::Reminded { case, .. }
            | Self::Taken { case, .. }
            | Self::ViewTaken { case, .. }
            | Self::ViewsOpened { case, .. }
            | Self::Said { case, .. }
            | Self::Settled { case, .. } => Some(*case),
            _ => None,
        }
    }
}
