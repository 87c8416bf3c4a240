//! A meeting as an appointment in somebody's own calendar, where others may look over their shoulder: it says when, and nothing of
//! what, where or with whom (L8). Whether somebody comes they say on the site.

use icalendar::{Calendar, Class, Component as _, Event as Entry, EventStatus};
use jiff::Timestamp;

use super::event::{Event, Recorded};
use super::evolve::replay;
use super::table::Stage;
use crate::domain::id::MeetingId;

/// What a calendar shows.
const SUMMARY: &str = "Appointment";
const DESCRIPTION: &str = "Sign in for details.";

/// What a calendar is told of a meeting. The same meeting makes the same text each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    id: MeetingId,
    starts_at: Timestamp,
    ends_at: Timestamp,
    /// When it was called, moved or called off, whichever was last.
    changed_at: Timestamp,
    /// How often it was moved or called off: calendars go by the highest that they have seen.
    sequence: u32,
    called_off: bool,
}

impl Invitation {
    /// The invitation to a meeting as its history has it by now.
    pub fn of(id: MeetingId, history: &[Recorded]) -> Self {
        let meeting = replay(history);
        let changes = history.iter().filter(|recorded| {
            let event = &recorded.event;
            matches!(event, Event::Moved { .. } | Event::CalledOff { .. })
        });
        let last = changes.clone().next_back().or(history.first());
        Self {
            id,
            starts_at: meeting.sitting.starts_at,
            ends_at: meeting.sitting.ends_at,
            changed_at: last.map_or(Timestamp::UNIX_EPOCH, |recorded| recorded.at),
            sequence: u32::try_from(changes.count()).unwrap_or(u32::MAX),
            called_off: meeting.stage == Stage::CalledOff,
        }
    }

    /// What a calendar does with it (RFC 5546): it keeps it, or strikes it out.
    pub fn method(&self) -> &'static str {
        if self.called_off { "CANCEL" } else { "PUBLISH" }
    }

    /// As a calendar reads it (RFC 5545). Some calendars strike out only what comes from the address that it came from before.
    pub fn text(&self, sender: Option<&str>) -> String {
        let mut entry = Entry::new();
        entry
            .uid(&self.id.to_string())
            .sequence(self.sequence)
            .add_property("DTSTAMP", written(self.changed_at))
            .add_property("DTSTART", written(self.starts_at))
            .add_property("DTEND", written(self.ends_at))
            .summary(SUMMARY)
            .description(DESCRIPTION)
            .class(Class::Private);
        entry.status(if self.called_off {
            EventStatus::Cancelled
        } else {
            EventStatus::Confirmed
        });
        if let Some(sender) = sender {
            entry.add_property("ORGANIZER", format!("mailto:{sender}"));
        }
        let mut calendar = Calendar::new();
        calendar.append_property(("METHOD", self.method()));
        calendar.push(entry.done());
        calendar.to_string()
    }
}

/// An instant, as calendars write it.
fn written(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
