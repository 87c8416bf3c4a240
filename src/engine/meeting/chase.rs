//! Agencies whose answers are awaited: when each is reminded by itself. Once on the working day before its answer is due, and once
//! when it is late, then with whoever is above; however often somebody looks, and never once the answer is here.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::event::Event;
use super::fits::remind_from;
use super::table::{Item, Meeting, Stage};
use crate::engine::calendar::Calendar;

/// The reminders that it is time for.
pub fn reminders(
    meeting: &Meeting,
    now: Timestamp,
    zone: &TimeZone,
    calendar: &Calendar,
) -> Vec<Event> {
    if ![Stage::Convened, Stage::Sealed].contains(&meeting.stage) {
        return Vec::new();
    }
    let of_item = |item: &Item| {
        let answers_by = item.listing.answers_by;
        let late = now >= answers_by;
        if !late && now < remind_from(answers_by, zone, calendar) {
            return Vec::new();
        }
        let waits = item.unanswered().filter(|agency| {
            let last = item.reminded_at.get(*agency);
            last.is_none_or(|last| late && *last < answers_by)
        });
        let reminded = waits.map(|agency| Event::Reminded {
            case: item.listing.case,
            agency: agency.to_owned(),
            senior: late,
        });
        reminded.collect()
    };
    meeting.items.iter().flat_map(of_item).collect()
}
