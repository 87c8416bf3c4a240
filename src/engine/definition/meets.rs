//! How the forum of a scheme meets: who calls a meeting, drives it and sits in it, which agencies are asked and which must be there, and
//! which actions of the scheme a meeting takes. The room itself (`engine::meeting`) knows no scheme.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::Definition;
use super::condition::{Condition, Expression};
use super::record::{Kind, Record, Row};
use super::scheme::Forum;
use super::wording::Wording;
use super::yaml::{Entries, Names, Unconfirmed, Word};
use crate::engine::command::Actor;
use crate::engine::limit::Limit;

/// The key `meets:` under `forum:`. What each key means is told in `workflows/README.md`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meets {
    /// The roles that call meetings and keep the agenda.
    pub convened_by: Names,
    /// The roles that drive a meeting.
    pub chaired_by: Names,
    /// The roles whose people sit in it and give a view.
    pub members: Names,
    /// The agency that the authority's own people speak for.
    pub own_agency: Word,
    /// The states from which a case can be put on an agenda.
    pub lists: Names,
    /// Cases for which this holds come first, so that those who came for them can leave.
    #[serde(default)]
    pub first: Option<Expression>,
    /// The clock within which the forum has to come to a case.
    pub clock: Word,
    /// How long a case takes, in minutes.
    pub minutes_per_case: u32,
    /// How long before the day of the meeting answers have to be in.
    pub answers_due: Word,
    /// How long before its hour people can say that they are here, in hours.
    #[serde(default = "an_hour")]
    pub room_opens: Word,
    /// How long the minutes can be commented on.
    pub comments_for: Word,
    /// The agencies without which nothing can be decided.
    pub quorum: Names,
    /// What an agency is asked beforehand.
    pub answer: Asks,
    /// What each member is asked at the table.
    pub view: Asks,
    /// The action that files what the agencies answered; the rows of its form are the agencies.
    pub answers_filed_by: Word,
    /// The action by which a case comes before the forum.
    pub taken_by: Word,
    /// What of the meeting is written into the form of `taken_by`: field and fact.
    pub writes: Entries<Word>,
    /// The actions that settle an item.
    pub settled_by: Names,
    /// What the forum has to look at afterwards; such cases come to the next agenda by themselves.
    #[serde(default)]
    pub ratifies: Option<Ratifies>,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

/// What editions mean that were published before there was a word for it.
fn an_hour() -> Word {
    "1 hour".into()
}

impl Meets {
    /// From when on people can come in to a meeting that begins then. What is no number of hours opens it with its hour.
    pub fn opens_at(&self, starts_at: Timestamp) -> Timestamp {
        let before = match self.room_opens.parse() {
            Ok(Limit::Hours(hours)) => SignedDuration::from_hours(hours.into()),
            _ => SignedDuration::ZERO,
        };
        starts_at.checked_sub(before).unwrap_or(Timestamp::MIN)
    }

    /// The agency that somebody speaks for; the authority's own people speak for one of them, such as the police.
    pub fn agency_of<'a>(&'a self, actor: &'a Actor) -> &'a str {
        if actor.agency.is_empty() {
            &self.own_agency
        } else {
            &actor.agency
        }
    }

    /// Whether an action says what the forum found about something that was done in an emergency.
    pub fn ratifies_by(&self, action: &str) -> bool {
        let ratifies = self.ratifies.as_ref();
        ratifies.is_some_and(|ratifies| *ratifies.action == *action)
    }

    /// The actions that settle an item, with what it takes to ratify where something is to be.
    pub fn settling(&self, ratifies: bool) -> impl Iterator<Item = &Word> {
        let own = self.ratifies.iter().filter(move |_| ratifies);
        self.settled_by.iter().chain(own.map(|own| &own.action))
    }

    /// Whether an action on a case that is on an agenda is the meeting's.
    pub fn settles(&self, action: &str) -> bool {
        self.settled_by.has(action) || self.ratifies_by(action)
    }
}

/// How the forum ratifies what was done in an emergency.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratifies {
    /// The cases that wait for it.
    pub queue: Word,
    /// What an agenda says of such a case.
    pub label: Wording,
    /// The action by which the forum says what it found.
    pub action: Word,
}

/// A form that is filled in for a meeting, and what must hold of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asks {
    pub form: Word,
    #[serde(default)]
    pub requires: Vec<Condition>,
}

/// What a meeting can write into a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// When the meeting came to the case.
    Time,
    /// How people met: `regular`, `extraordinary` or `written`.
    Form,
    /// The agencies in the room.
    Agencies,
    /// Who was there for each.
    Attendance,
    /// Who does not come, and what they sent.
    Apologies,
    /// Whose member had to leave the room.
    Conflicts,
    /// Whether everybody in the room accepted that what is said stays in it.
    Accepted,
    Quorate,
}

impl Written {
    /// Every fact with its name in files and the kinds of field that it can be written into.
    pub const ALL: [(Self, &'static str, &'static [Kind]); 8] = [
        (Self::Time, "time", &[Kind::DateTime]),
        (Self::Form, "form", &[Kind::Choice]),
        (Self::Agencies, "agencies", &[Kind::Choices]),
        (Self::Attendance, "attendance", TEXTS),
        (Self::Apologies, "apologies", TEXTS),
        (Self::Conflicts, "conflicts", TEXTS),
        (Self::Accepted, "accepted", &[Kind::YesNo]),
        (Self::Quorate, "quorate", &[Kind::YesNo]),
    ];

    pub fn named(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|(_, known, _)| *known == name);
        known.map(|(written, _, _)| *written)
    }

    pub fn kinds(self) -> &'static [Kind] {
        let known = Self::ALL.iter().find(|(written, _, _)| *written == self);
        known.map_or(&[], |(_, _, kinds)| kinds)
    }
}

const TEXTS: &[Kind] = &[Kind::Text, Kind::LongText];

/// The field of an answer that says whether an agency holds anything, and what it can say.
pub const ANSWER: &str = "answer";
pub const NOTHING_HELD: &str = "nothing_held";
pub const INFORMATION: &str = "information";
pub const CANNOT_SHARE: &str = "cannot_share";

impl Definition {
    /// How the forum meets, where it does.
    pub fn meets(&self) -> Option<&Meets> {
        let forum: Option<&Forum> = self.scheme.forum.as_ref();
        forum.and_then(|forum| forum.meets.as_ref())
    }

    /// The agencies that are asked what they hold, with their labels.
    pub fn agencies(&self) -> impl Iterator<Item = (&Word, &Row)> {
        let filed = self
            .meets()
            .and_then(|meets| self.form_of_action(&meets.answers_filed_by));
        let fields = filed.into_iter().flat_map(|record| record.fields.iter());
        let rows = fields.filter(|(_, field)| field.kind == Kind::Checks);
        rows.flat_map(|(_, field)| field.rows.iter())
    }

    /// What an agency is called.
    pub fn agency_label<'a>(&'a self, agency: &'a str) -> &'a str {
        let mut agencies = self.agencies();
        let known = agencies.find(|(name, _)| &***name == agency);
        known.map_or(agency, |(_, row)| &row.label)
    }

    /// The form of an action.
    pub fn form_of_action(&self, action: &str) -> Option<&Record> {
        let declared = self.scheme.actions.get(action)?;
        self.records.get(&**declared.record.as_ref()?)
    }
}
