//! The shape of a scheme file. What each key means is told in `workflows/README.md`.

use serde::Deserialize;

use super::condition::{Condition, Expression};
use super::feedback::ToReferrer;
use super::gives::Gives;
pub use super::limits::{ClockLimit, LimitCase};
use super::meets::Meets;
pub use super::phase::Phase;
use super::retention::Retention;
use super::wording::Wording;
use super::yaml::{Entries, Names, Unconfirmed, Word};

/// One disclosure scheme in one edition.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    pub scheme: Word,
    pub name: String,
    pub edition: Word,
    pub effective_from: jiff::civil::Date,
    pub jurisdiction: String,
    pub time_zone: Word,
    pub calendar: Word,
    pub languages: Vec<Word>,
    pub task_message: Word,
    pub routes: Entries<Route>,
    pub capacities: Entries<Capacity>,
    pub intake: Intake,
    /// Whether agencies have a part in its cases, as far as an agreement names it.
    #[serde(default = "shared")]
    pub for_agencies: bool,
    pub outcomes: Entries<Outcome>,
    #[serde(default)]
    pub flags: Entries<Flag>,
    #[serde(default)]
    pub forum: Option<Forum>,
    /// What is handed to whoever asked.
    #[serde(default)]
    pub gives: Option<Gives>,
    pub states: Entries<State>,
    pub actions: Entries<Action>,
    pub clocks: Entries<Clock>,
    pub queues: Entries<Queue>,
    /// How long its cases are kept. Editions that were published before there was a word for it say nothing.
    #[serde(default)]
    pub retention: Option<Retention>,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

/// What an edition says that does not say otherwise.
fn shared() -> bool {
    true
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    pub label: Wording,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

/// As what somebody applies; it settles the route and what they may be told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capacity {
    pub label: Wording,
    pub route: Word,
    pub receives: Receives,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receives {
    /// May be told facts.
    Facts,
    /// Gets the same neutral text whatever the outcome (L9).
    Receipt,
    /// The same outside the sign-in; inside it, what the scheme says `to_referrer`.
    Feedback,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intake {
    pub state: Word,
    /// What anybody may fill in. Without it a case begins with a referral only, and outside the sign-in there is no such scheme.
    #[serde(default)]
    pub public_form: Option<Word>,
    /// What a signed-in professional fills in.
    pub referral_form: Word,
    /// Flags that an application raises by what it says.
    #[serde(default)]
    pub raises: Vec<RaisedAtIntake>,
}

impl Intake {
    /// The forms that a case can begin with, the public one first.
    pub fn forms(&self) -> impl Iterator<Item = &Word> {
        self.public_form.iter().chain([&self.referral_form])
    }

    /// Whether a case can begin with this form.
    pub fn begins_with(&self, form: &str) -> bool {
        self.forms().any(|known| **known == *form)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaisedAtIntake {
    pub flag: Word,
    pub when: Expression,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    pub label: Wording,
    pub kind: OutcomeKind,
    #[serde(default)]
    pub to_referrer: Option<ToReferrer>,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    Disclose,
    No,
    Neither,
}

/// Something true of a case in any state.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    pub label: Wording,
    /// Urgent cases come first in every queue.
    #[serde(default)]
    pub urgent: bool,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forum {
    pub quorate: Condition,
    /// How it meets, where its meetings are held with this program.
    #[serde(default)]
    pub meets: Option<Meets>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub label: Wording,
    pub phase: Phase,
    #[serde(default)]
    pub help: Option<Wording>,
    /// What an outsider may know about this part of the way; names nothing (L8).
    #[serde(default)]
    pub public: Option<Wording>,
    #[serde(default)]
    pub to_referrer: Option<ToReferrer>,
    /// The case is not open any more.
    #[serde(default)]
    pub end: bool,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

/// A transition or an act within a state.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    pub label: Wording,
    /// What is said of it once it is done.
    #[serde(default)]
    pub done: Option<Wording>,
    #[serde(default)]
    pub help: Option<Wording>,
    pub from: Names,
    #[serde(default)]
    pub to: Option<Word>,
    pub role: Names,
    #[serde(default)]
    pub record: Option<Word>,
    #[serde(default)]
    pub rationale: Option<Rationale>,
    #[serde(default)]
    pub requires: Vec<Condition>,
    #[serde(default)]
    pub raises: Names,
    #[serde(default)]
    pub lowers: Names,
    #[serde(default)]
    pub outcome: Names,
    #[serde(default)]
    pub decided_by: Option<DecidedBy>,
    #[serde(default)]
    pub emergency: bool,
    #[serde(default)]
    pub second_person: Option<SecondPerson>,
    #[serde(default)]
    pub rests_on: Names,
    #[serde(default)]
    pub pauses: Names,
    #[serde(default)]
    pub resumes: Names,
    #[serde(default)]
    pub extends: Option<Extension>,
    /// The route that the case goes on by.
    #[serde(default)]
    pub route: Option<Word>,
    /// Hands the case to another authority: the one in this field of the form, or `back`.
    #[serde(default)]
    pub transfers: Option<Word>,
    /// What was recorded before, but the application, is not evidence any more.
    #[serde(default)]
    pub afresh: bool,
    /// The records that stay all the same, to be read: no condition asks for them.
    #[serde(default)]
    pub keeps: Names,
    /// May be taken on many cases at once, from a list of references.
    #[serde(default)]
    pub in_bulk: bool,
    #[serde(default)]
    pub tells: Entries<Word>,
    #[serde(default)]
    pub tells_nobody: Option<String>,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

impl Action {
    /// The word for 'every state that is not an end'.
    pub const ANY_OPEN: &'static str = "any_open";
    /// The word for 'to the authority it came from'.
    pub const BACK: &'static str = "back";
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rationale {
    Required,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    Forum,
}

/// The action is a proposal until another signed-in person confirms (L4).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondPerson {
    pub role: Names,
    pub within: Word,
    /// Where sending back leads; left out, the case stays where it is.
    #[serde(default)]
    pub back_to: Option<Word>,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    pub clock: Word,
    pub by: Word,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    pub label: Wording,
    pub limit: ClockLimit,
    pub starts_on: Names,
    pub stops_on: Names,
    #[serde(default)]
    pub counted_from: Option<Word>,
    pub pausable: bool,
    #[serde(default)]
    pub warn_at: Vec<Word>,
    #[serde(default)]
    pub alerts: Names,
    #[serde(default)]
    pub source: Names,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

impl Clock {
    pub fn starts_by(&self, action: Option<&str>, state: Option<&str>) -> bool {
        names_event(&self.starts_on, action, state)
    }

    pub fn stops_by(&self, action: Option<&str>, state: Option<&str>) -> bool {
        names_event(&self.stops_on, action, state)
    }
}

/// Whether `starts_on` or `stops_on` names this action (`action NAME`) or this state.
fn names_event(names: &Names, action: Option<&str>, state: Option<&str>) -> bool {
    names.iter().any(|name| match name.strip_prefix("action ") {
        Some(wanted) => action == Some(wanted),
        None => state == Some(&**name),
    })
}

/// A share of a limit: `50%` is 50.
pub fn percent(text: &str) -> Option<u8> {
    let number = text.strip_suffix('%')?.parse().ok()?;
    (1..=99).contains(&number).then_some(number)
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Queue {
    pub label: Wording,
    pub role: Names,
    #[serde(default)]
    pub states: Names,
    #[serde(default)]
    pub when: Option<Expression>,
    /// Why a case is in this queue, as its row says.
    pub why: Wording,
    #[serde(default)]
    pub order: QueueOrder,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueOrder {
    /// The next deadline first.
    #[default]
    Due,
    /// The oldest application first.
    Received,
}
