//! What a form on the page of a meeting asks for, read from what was sent.

use uuid::Uuid;

use super::when::When;
use crate::app::meetings::MeetingView;
use crate::domain::id::CaseId;
use crate::domain::refusal::FieldError;
use crate::engine::meeting::ask::Ask;
use crate::engine::meeting::event::{Form, Report};
use crate::web::form::Typed;
use jiff::tz::TimeZone;

/// The field that says what is asked.
pub const DOES: &str = "form-does";
/// The field that says about which case or promise.
pub const ABOUT: &str = "form-about";
/// Why; also what a comment says.
pub const BECAUSE: &str = "because";
pub const TEXT: &str = "text";
/// The case that a comment is about; empty for the meeting as a whole.
pub const OF_CASE: &str = "of-case";
pub const AGENCY: &str = "agency";
/// What became of something promised.
pub const BECAME: &str = "became";
/// The box that accepts the confidentiality statement, and what it sends.
pub const ACCEPTED: &str = "accepted";
pub const YES: &str = "yes";
/// The version of the minutes as they were read.
pub const VERSION: &str = "form-version";

/// What became of a promise: the value that is sent, and the words.
pub const REPORTS: [(Report, &str, &str); 3] = [
    (Report::Done, "was-done", "Done"),
    (Report::NotPossible, "was-not-possible", "Not possible"),
    (Report::NotDone, "was-not-done", "Not done"),
];

/// What a form of the page asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    PutOn,
    TakeOff,
    Move,
    CallOff,
    Settle,
    Arrive,
    Leave,
    WillCome,
    Apologise,
    Begin,
    ComeTo,
    End,
    Report,
    Comment,
    Approve,
}

impl Does {
    const ALL: [(Self, &'static str); 15] = [
        (Self::PutOn, "put-on"),
        (Self::TakeOff, "take-off"),
        (Self::Move, "move-it"),
        (Self::CallOff, "call-it-off"),
        (Self::Settle, "settle-agenda"),
        (Self::Arrive, "i-am-here"),
        (Self::Leave, "i-leave"),
        (Self::WillCome, "i-will-come"),
        (Self::Apologise, "we-do-not-come"),
        (Self::Begin, "begin-meeting"),
        (Self::ComeTo, "come-to-case"),
        (Self::End, "end-meeting"),
        (Self::Report, "what-became"),
        (Self::Comment, "comment-minutes"),
        (Self::Approve, "approve-minutes"),
    ];

    /// What the button sends; also the beginning of the ids of the form's boxes.
    pub fn name(self) -> &'static str {
        let known = Self::ALL.iter().find(|(does, _)| *does == self);
        known.map_or("", |(_, name)| name)
    }

    pub fn named(name: &str) -> Option<Self> {
        let known = Self::ALL.iter().find(|(_, known)| *known == name);
        known.map(|(does, _)| *does)
    }
}

/// The id of a box: unique on the page, where the same question is asked of several cases and promises.
pub fn anchor(does: &str, about: &str, field: &str) -> String {
    match field {
        // The page holds the boxes of one date only.
        _ if does == Does::Move.name() && field != BECAUSE => field.to_owned(),
        _ if about.is_empty() => format!("{does}-{field}"),
        _ => format!("{does}-{field}-{about}"),
    }
}

/// What is asked of the meeting; for arriving, the acceptance that comes first.
///
/// # Errors
/// What is wrong with what was typed.
pub fn read(
    does: Does,
    typed: &Typed,
    view: &MeetingView,
    zone: &TimeZone,
) -> Result<Ask, Vec<FieldError>> {
    let because = typed.text(BECAUSE).to_owned();
    Ok(match does {
        Does::TakeOff => Ask::Unlist {
            case: case_of(typed),
            because,
        },
        Does::Move => Ask::Move {
            sitting: When::typed(typed).sitting(zone)?,
            because,
        },
        Does::CallOff => Ask::CallOff { because },
        Does::Settle => Ask::SealAgenda,
        Does::Arrive => arrive(typed, view)?,
        Does::Leave => Ask::Leave,
        Does::WillCome => Ask::WillCome,
        Does::Apologise => Ask::Apologise {
            agency: typed.text(AGENCY).to_owned(),
            because,
        },
        Does::Begin => Ask::Begin,
        Does::PutOn | Does::ComeTo => Ask::Take {
            case: case_of(typed),
        },
        Does::End => Ask::Close,
        Does::Report => report(typed, because)?,
        Does::Comment => Ask::Comment {
            case: typed.text(OF_CASE).parse().ok().map(CaseId),
            text: typed.text(TEXT).to_owned(),
        },
        Does::Approve => Ask::Approve {
            version: typed.text(VERSION).parse().unwrap_or_default(),
        },
    })
}

/// The case that a form is about. What is no id is an id of nothing.
pub fn case_of(typed: &Typed) -> CaseId {
    CaseId(about(typed))
}

fn about(typed: &Typed) -> Uuid {
    typed.text(ABOUT).parse().unwrap_or_default()
}

/// Whoever has accepted before only comes back.
fn arrive(typed: &Typed, view: &MeetingView) -> Result<Ask, Vec<FieldError>> {
    if has_accepted(view) {
        let written = view.meeting.form == Form::Written;
        return Ok(if written { Ask::Accept } else { Ask::Come });
    }
    if typed.text(ACCEPTED) == YES {
        return Ok(Ask::Accept);
    }
    let first = "Accept first that what is said stays in the room";
    Err(vec![FieldError::new(ACCEPTED, first)])
}

pub fn has_accepted(view: &MeetingView) -> bool {
    let own = view.meeting.people.get(&view.who.id);
    own.is_some_and(|own| own.accepted_at.is_some())
}

fn report(typed: &Typed, because: String) -> Result<Ask, Vec<FieldError>> {
    let mut known = REPORTS.iter();
    let found = known.find(|(_, value, _)| *value == typed.text(BECAME));
    let Some((report, _, _)) = found else {
        let missing = FieldError::new(BECAME, "Choose what became of it");
        return Err(vec![missing]);
    };
    Ok(Ask::Report {
        promise: about(typed),
        report: *report,
        because,
    })
}
