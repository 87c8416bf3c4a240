//! The forum's meetings: `list` is all of them, `convene` calls one, `meeting` is one, from its calling to its minutes, `item` a case at the
//! table with its forms `answer` and `view`, `invitation` one for somebody's own calendar,
//! `contacts` whom it turns to at each agency. What may be done to a meeting is decided in
//! `engine::meeting`, what somebody sees of it in `app::meetings`; nothing is decided here.
//! `written` is its papers: pack and minutes.
//! Start with `meeting`; `sent` reads what a form of that page asks, and the other files are the parts of it.

mod agenda;
pub mod answer;
pub mod contacts;
pub mod convene;
pub mod invitation;
pub mod item;
pub mod list;
pub mod live;
pub mod meeting;
mod minutes;
mod one;
mod paper;
pub mod partnership;
mod promises;
mod room;
mod seat;
mod sent;
mod steps;
pub mod view;
mod when;
pub mod written;

pub use promises::report_tag;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};

use crate::domain::id::{CaseId, MeetingId};
use crate::engine::meeting::event::Form;
use crate::web::components::{Tag, tag};
use crate::web::layout::MEETINGS;
use crate::web::words::moment;

/// How people can meet: the name in rows and forms, and the words.
const FORMS: [(Form, &str, &str); 3] = [
    (Form::Regular, "regular", "Regular meeting"),
    (
        Form::Extraordinary,
        "extraordinary",
        "Extraordinary meeting",
    ),
    (Form::Written, "written", "Meeting in writing"),
];

/// How far a meeting has come: the name in rows, the words, and their colour.
const STAGES: [(&str, &str, &str); 6] = [
    ("convened", "Agenda open", "govuk-tag--blue"),
    ("sealed", "Agenda settled", "govuk-tag--teal"),
    ("begun", "Under way", "govuk-tag--green"),
    ("closed", "Minutes open for comments", "govuk-tag--yellow"),
    ("approved", "Minutes approved", "govuk-tag--grey"),
    ("called_off", "Called off", "govuk-tag--red"),
];

/// The address of a meeting.
pub fn address(id: MeetingId) -> String {
    format!("{MEETINGS}/{id}")
}

/// The address of a case on the agenda of a meeting.
pub fn item_address(id: MeetingId, case: CaseId) -> String {
    format!("{}/cases/{case}", address(id))
}

/// The address of the page on which an agency answers what it holds on a case.
pub fn answer_address(id: MeetingId, case: CaseId) -> String {
    format!("{}/answer", item_address(id, case))
}

/// A meeting's id from an address. What is no id is an id of nothing, and goes the same way.
pub fn meeting_id(text: &str) -> MeetingId {
    MeetingId(text.parse().unwrap_or_default())
}

/// How people meet, by its name in rows.
fn form_words(name: &str) -> &'static str {
    let found = FORMS.iter().find(|(_, known, _)| *known == name);
    found.map_or("Meeting", |(_, _, words)| words)
}

/// How people meet.
pub fn kind(form: Form) -> &'static str {
    let found = FORMS.iter().find(|(known, _, _)| *known == form);
    found.map_or("Meeting", |(_, _, words)| words)
}

/// How far a meeting has come, by its name in rows.
pub fn stage_tag(name: &str) -> Markup {
    let found = STAGES.iter().find(|(known, _, _)| *known == name);
    let (text, classes) = found.map_or(("", ""), |(_, text, classes)| (*text, *classes));
    tag(&Tag {
        text: text.into(),
        classes,
    })
}

/// `Tuesday 24 November 2026, 10:00 to 12:00`.
pub fn sitting_words(starts: Timestamp, ends: Timestamp, zone: &TimeZone) -> String {
    let (from, to) = (starts.to_zoned(zone.clone()), ends.to_zoned(zone.clone()));
    let begins = moment(starts, zone);
    if from.date() == to.date() {
        format!("{begins} to {}", to.strftime("%H:%M"))
    } else {
        format!("{begins} to {}", moment(ends, zone))
    }
}

/// A room, or a link that can be followed.
pub fn place_words(place: &str) -> Markup {
    html! {
        @if place.starts_with("https://") && !place.contains(char::is_whitespace) {
            a class="govuk-link" href=(place) rel="noreferrer noopener" { (place) }
        } @else {
            (place)
        }
    }
}
