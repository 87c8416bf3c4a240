//! Which meeting a case comes to: the first that its clock allows, with the reckoning shown; and until when answers are due.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _, Unit};

use super::event::Sitting;
use crate::engine::calendar::{Calendar, UnknownYear};
use crate::engine::limit::Limit;

/// A meeting that a case could come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Possible {
    pub sitting: Sitting,
    /// How many cases stand on its agenda.
    pub listed: usize,
}

/// A meeting weighed for one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    pub fits: bool,
    /// How that was reckoned, as a sentence.
    pub because: String,
}

/// Weighs each meeting for a case that the forum has to come to before `due`. `minutes` is how long a case takes.
pub fn weigh(
    meetings: &[Possible],
    due: Option<Timestamp>,
    minutes: u32,
    zone: &TimeZone,
) -> Vec<Weighed> {
    let weighed = meetings.iter().map(|meeting| {
        let places = places(&meeting.sitting, minutes);
        let is_full = meeting.listed >= places;
        let starts = meeting.sitting.starts_at;
        let in_time = due.is_none_or(|due| starts < due);
        let time = due.map_or_else(
            || "No time limit runs".to_owned(),
            |due| reckoned(starts, due, zone),
        );
        let listed = meeting.listed;
        let room = if is_full {
            format!("its {places} places are taken")
        } else {
            format!("{listed} of its {places} places are taken")
        };
        Weighed {
            fits: in_time && !is_full,
            because: format!("{time}; {room}."),
        }
    });
    weighed.collect()
}

/// How many cases there is time for; one at least.
pub fn places(sitting: &Sitting, minutes: u32) -> usize {
    let lasts = sitting.ends_at.duration_since(sitting.starts_at).as_mins();
    let places = lasts / i64::from(minutes.max(1));
    usize::try_from(places).unwrap_or_default().max(1)
}

/// The last day of the limit, and how many days before or after it the meeting is.
fn reckoned(starts: Timestamp, due: Timestamp, zone: &TimeZone) -> String {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    // The due date is the first instant that is too late.
    let last = day(due - 1.nanosecond());
    let meets = day(starts);
    let apart = meets
        .until((Unit::Day, last))
        .map_or(0, |span| span.get_days());
    let written = last.strftime("%-d %B");
    match apart {
        _ if starts >= due && apart == 0 => {
            format!("Too late: the time ends earlier on the same day, {written}")
        }
        0 => format!("On the last day, {written}"),
        1 => format!("1 day before the last day, {written}"),
        days if days > 0 => format!("{days} days before the last day, {written}"),
        -1 => format!("Too late: 1 day after the last day, {written}"),
        days => format!("Too late: {} days after the last day, {written}", -days),
    }
}

/// Until when answers are due: the end of the day so long before the meeting's; where that has passed, the meeting itself.
///
/// # Errors
/// When working days are counted past the years of the calendar.
pub fn answers_by(
    sitting: &Sitting,
    before: Limit,
    now: Timestamp,
    zone: &TimeZone,
    calendar: &Calendar,
) -> Result<Timestamp, UnknownYear> {
    let starts = sitting.starts_at;
    let due = match before {
        Limit::Hours(hours) => starts - i64::from(hours).hours(),
        Limit::CalendarDays(days) => end_of(back(starts, days, zone, |_| Ok(true))?, zone),
        Limit::WorkingDays(days) => {
            let works = |day| calendar.why_not_working(day).map(|why| why.is_none());
            end_of(back(starts, days, zone, works)?, zone)
        }
        Limit::Months(months) => {
            let day = starts.to_zoned(zone.clone()).date();
            end_of(day.saturating_sub(i64::from(months).months()), zone)
        }
    };
    Ok(if due <= now || due > starts {
        starts
    } else {
        due
    })
}

/// From when on an agency is reminded of an answer that is due: the beginning of the working day before the day of its end.
pub fn remind_from(answers_by: Timestamp, zone: &TimeZone, calendar: &Calendar) -> Timestamp {
    let works = |day| calendar.why_not_working(day).map(|why| why.is_none());
    let last_moment = answers_by - 1.nanosecond();
    let before = back(last_moment, 1, zone, works);
    // Past the years of the calendar every day counts.
    let before = before.or_else(|_| back(last_moment, 1, zone, |_| Ok::<_, UnknownYear>(true)));
    let begins = before.ok().and_then(|day| day.to_zoned(zone.clone()).ok());
    begins.map_or(answers_by, |midnight| midnight.timestamp())
}

/// The local day so many days that count before an instant.
fn back(
    from: Timestamp,
    days: u32,
    zone: &TimeZone,
    counts: impl Fn(Date) -> Result<bool, UnknownYear>,
) -> Result<Date, UnknownYear> {
    let mut day = from.to_zoned(zone.clone()).date();
    let mut left = days;
    while left > 0 {
        day = day.yesterday().unwrap_or(Date::MIN);
        if counts(day)? {
            left -= 1;
        }
    }
    Ok(day)
}

/// The first instant after a local day.
fn end_of(day: Date, zone: &TimeZone) -> Timestamp {
    let next = day.tomorrow().unwrap_or(Date::MAX);
    next.to_zoned(zone.clone())
        .map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::{Possible, answers_by, places, weigh};
    use crate::engine::calendar::Calendar;
    use crate::engine::limit::Limit;
    use crate::engine::meeting::event::Sitting;

    fn london() -> TimeZone {
        TimeZone::get("Europe/London").unwrap()
    }

    fn local(text: &str) -> Timestamp {
        let at: jiff::civil::DateTime = text.parse().unwrap();
        at.to_zoned(london()).unwrap().timestamp()
    }

    fn sitting(from: &str, until: &str) -> Sitting {
        Sitting {
            starts_at: local(from),
            ends_at: local(until),
            place: String::new(),
        }
    }

    #[test]
    fn a_meeting_is_weighed_by_days_and_places() {
        let meeting = Possible {
            sitting: sitting("2026-11-26T10:00", "2026-11-26T11:00"),
            listed: 2,
        };
        // The first instant that is too late; whether it fits; what is said.
        let cases = [
            (
                "2026-12-18T00:00",
                true,
                "21 days before the last day, 17 December",
            ),
            (
                "2026-11-28T00:00",
                true,
                "1 day before the last day, 27 November",
            ),
            ("2026-11-27T00:00", true, "On the last day, 26 November"),
            ("2026-11-26T10:01", true, "On the last day, 26 November"),
            (
                "2026-11-26T10:00",
                false,
                "Too late: the time ends earlier on the same day, 26 November",
            ),
            (
                "2026-11-26T00:00",
                false,
                "Too late: 1 day after the last day, 25 November",
            ),
            (
                "2026-10-25T00:00",
                false,
                "Too late: 33 days after the last day, 24 October",
            ),
        ];
        for (due, fits, told) in cases {
            let weighed = weigh(
                std::slice::from_ref(&meeting),
                Some(local(due)),
                15,
                &london(),
            );
            assert_eq!(
                weighed[0].because,
                format!("{told}; 2 of its 4 places are taken.")
            );
            assert_eq!(weighed[0].fits, fits, "{due}");
        }
    }

    #[test]
    fn a_full_meeting_fits_nobody_and_without_a_clock_time_does_not_matter() {
        let full = Possible {
            sitting: sitting("2026-11-26T10:00", "2026-11-26T11:00"),
            listed: 4,
        };
        let free = Possible {
            listed: 0,
            ..full.clone()
        };
        let weighed = weigh(&[full, free], None, 15, &london());
        assert_eq!(
            [&*weighed[0].because, &*weighed[1].because],
            [
                "No time limit runs; its 4 places are taken.",
                "No time limit runs; 0 of its 4 places are taken."
            ]
        );
        assert_eq!([weighed[0].fits, weighed[1].fits], [false, true]);
    }

    #[test]
    fn an_hour_that_the_clocks_repeat_has_its_places_too() {
        let night = sitting("2026-10-25T00:30", "2026-10-25T03:30");
        assert_eq!(places(&night, 15), 16);
        assert_eq!(places(&night, 600), 1, "one at least");
        assert_eq!(places(&night, 0), 240, "nobody is divided by nothing");
    }

    #[test]
    fn answers_are_due_at_the_end_of_a_local_day() {
        let scotland = include_str!("../../../workflows/calendars/scotland.yaml");
        let calendar = Calendar::read(scotland).unwrap();
        let by = |starts: &str, before: &str, now: &str| {
            let sitting = sitting(starts, "2027-01-31T12:00");
            let limit: Limit = before.parse().unwrap();
            answers_by(&sitting, limit, local(now), &london(), &calendar).unwrap()
        };
        let long_ago = "2026-09-01T09:00";
        for (starts, before, until) in [
            ("2026-11-26T10:00", "2 working days", "2026-11-25T00:00"),
            // A weekend, then a weekend and St Andrew's day.
            ("2026-11-23T10:00", "2 working days", "2026-11-20T00:00"),
            ("2026-12-01T10:00", "2 working days", "2026-11-27T00:00"),
            // The clocks go back on the 25th of October.
            ("2026-10-26T10:00", "1 calendar day", "2026-10-26T00:00"),
            ("2026-10-26T10:00", "2 calendar days", "2026-10-25T00:00"),
            ("2026-10-26T10:00", "48 hours", "2026-10-24T11:00"),
            ("2026-11-26T10:00", "24 hours", "2026-11-25T10:00"),
        ] {
            assert_eq!(
                by(starts, before, long_ago),
                local(until),
                "{starts}, {before}"
            );
        }
        let starts = "2026-11-26T10:00";
        for now in ["2026-11-25T00:00", "2026-11-25T12:00"] {
            assert_eq!(
                by(starts, "2 working days", now),
                local(starts),
                "it has passed: {now}"
            );
        }
        let ahead = "2080-01-01T10:00".parse::<jiff::civil::DateTime>().unwrap();
        let ahead = ahead.to_zoned(london()).unwrap().timestamp();
        let far = Sitting {
            starts_at: ahead,
            ends_at: ahead,
            place: String::new(),
        };
        let limit: Limit = "2 working days".parse().unwrap();
        assert!(answers_by(&far, limit, local(long_ago), &london(), &calendar).is_err());
    }
}
