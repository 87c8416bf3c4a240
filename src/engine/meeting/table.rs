//! A meeting as it stands: the fold of its events.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use uuid::Uuid;

use super::event::{Form, Listing, Promise, Report, Sitting};
use crate::domain::id::CaseId;
use crate::domain::pii::withheld;
use crate::engine::command::Actor;
use crate::engine::definition::record::Answers;

/// How far a meeting has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Cases can still be put on the agenda.
    #[default]
    Convened,
    /// The agenda stands.
    Sealed,
    Begun,
    /// Its minutes can be commented on.
    Closed,
    /// Nothing about it changes any more but what became of promises.
    Approved,
    CalledOff,
}

impl Stage {
    /// The name in rows and addresses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Convened => "convened",
            Self::Sealed => "sealed",
            Self::Begun => "begun",
            Self::Closed => "closed",
            Self::Approved => "approved",
            Self::CalledOff => "called_off",
        }
    }
}

/// A meeting.
#[derive(Clone, Default, PartialEq)]
pub struct Meeting {
    /// The number of its events.
    pub version: u64,
    pub authority: String,
    pub scheme: String,
    pub form: Form,
    pub series: Option<String>,
    pub sitting: Sitting,
    pub stage: Stage,
    /// In the order of the agenda.
    pub items: Vec<Item>,
    /// The case that the room is talking about: the last one it came to.
    pub at_case: Option<CaseId>,
    /// By account.
    pub people: BTreeMap<String, Attendance>,
    /// Who said beforehand that they come, by account, with the agency that they speak for.
    pub coming: BTreeMap<String, Coming>,
    /// What an agency said that does not come.
    pub apologies: BTreeMap<String, String>,
    pub promises: Vec<Promised>,
    pub closed_at: Option<Timestamp>,
    pub comments: Vec<Comment>,
    /// Who made the minutes final, and when.
    pub approved: Option<(String, Timestamp)>,
}

withheld!(Meeting);

/// A case on the agenda.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub listing: Listing,
    pub listed_at: Timestamp,
    /// Whether something that was done in an emergency is ratified here.
    pub ratifies: bool,
    /// By agency; the newest.
    pub answers: BTreeMap<String, Given>,
    /// How often each agency was reminded.
    pub reminders: BTreeMap<String, u32>,
    /// When each agency was last reminded.
    pub reminded_at: BTreeMap<String, Timestamp>,
    pub taken: Option<Taken>,
    /// By account; the newest.
    pub views: BTreeMap<String, Given>,
    /// Those who were not waited for; `None` while the views are sealed.
    pub opened: Option<Vec<String>>,
    pub said: Vec<Spoken>,
    /// What was done to the case from here, in order, each with the version that it made.
    pub settled: Vec<(String, u64)>,
}

/// A form that somebody filled in.
#[derive(Clone, PartialEq)]
pub struct Given {
    pub by: Actor,
    pub at: Timestamp,
    pub answers: Answers,
}

withheld!(Given);

/// The room as it was when the meeting came to a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// When it came to the case first.
    pub since: Timestamp,
    /// When it came to it last.
    pub at: Timestamp,
    pub present: Vec<Actor>,
    pub recused: Vec<String>,
    pub quorate: bool,
}

/// What somebody would have otherwise in the minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct Comment {
    /// The case it is about, if it is about one.
    pub case: Option<CaseId>,
    pub spoken: Spoken,
}

/// Somebody's words.
#[derive(Clone, PartialEq)]
pub struct Spoken {
    pub by: Actor,
    pub agency: String,
    pub at: Timestamp,
    pub text: String,
}

withheld!(Spoken);

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq)]
pub struct Attendance {
    pub who: Actor,
    pub accepted_at: Option<Timestamp>,
    pub came_at: Option<Timestamp>,
    pub left_at: Option<Timestamp>,
    /// Whether they can commit their agency, as was known when they came.
    pub senior: bool,
}

/// Somebody who said that they come.
#[derive(Debug, Clone, PartialEq)]
pub struct Coming {
    pub who: Actor,
    pub agency: String,
}

impl Attendance {
    pub fn is_present(&self) -> bool {
        self.came_at.is_some() && self.left_at.is_none()
    }
}

/// Something that was promised, and what became of it.
#[derive(Clone, PartialEq)]
pub struct Promised {
    pub promise: Promise,
    pub report: Report,
    pub because: String,
    /// What was known of it when the minutes were approved, where something was said of it since.
    pub approved: Option<(Report, String)>,
}

impl Promised {
    /// What the minutes say of it: nothing that came after their approval.
    pub fn in_minutes(&self) -> (Report, &str) {
        match &self.approved {
            Some((report, because)) => (*report, because),
            None => (self.report, &self.because),
        }
    }
}

withheld!(Promised);

impl Meeting {
    pub fn item(&self, case: CaseId) -> Option<&Item> {
        self.items.iter().find(|item| item.listing.case == case)
    }

    pub fn promised(&self, promise: Uuid) -> Option<&Promised> {
        let mut promises = self.promises.iter();
        promises.find(|kept| kept.promise.id == promise)
    }

    /// Everybody in the room.
    pub fn present(&self) -> impl Iterator<Item = &Actor> {
        let present = self.people.values().filter(|person| person.is_present());
        present.map(|person| &person.who)
    }

    /// Everybody who was there when the meeting came to a case, or came after that: what was said of it they can have heard.
    pub fn heard(&self, item: &Item) -> BTreeSet<String> {
        let Some(taken) = &item.taken else {
            return BTreeSet::new();
        };
        let people = self.people.values().filter(|person| {
            let stayed = |left: Timestamp| left >= taken.since;
            person.came_at.is_some() && person.left_at.is_none_or(stayed)
        });
        let there = people.map(|person| &person.who).chain(&taken.present);
        there.map(|actor| actor.id.clone()).collect()
    }

    pub fn is_over(&self) -> bool {
        self.stage >= Stage::Closed
    }

    /// Whether it took place and has ended.
    pub fn was_held(&self) -> bool {
        [Stage::Closed, Stage::Approved].contains(&self.stage)
    }
}

impl Item {
    /// The agencies that were asked and have not answered.
    pub fn unanswered(&self) -> impl Iterator<Item = &str> {
        let asked = self.listing.asked.iter();
        asked
            .filter(|agency| !self.answers.contains_key(*agency))
            .map(String::as_str)
    }

    /// Whether somebody may see the view that another gave.
    pub fn shows_views(&self) -> bool {
        self.opened.is_some()
    }
}
