//! Moments in the words of the people who live by them: local, with the weekday, and with what is left.
//! One function says every deadline, so that a queue, a case and a clock never differ.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// From how long on hours are told as days.
const LONG: SignedDuration = SignedDuration::from_hours(48);

/// A deadline in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// `Tuesday 24 November`, with the hour where hours are counted and the year where it is another.
    pub when: String,
    /// `2 days left`, `due today`, `3 days late`.
    pub left: String,
    pub standing: Standing,
}

/// How near a deadline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Late,
    /// Today, or within 24 hours.
    Today,
    Later,
}

impl std::fmt::Display for Deadline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} – {}", self.when, self.left)
    }
}

/// A deadline, given the first instant that is too late. At a local midnight it is the day before that is meant: limits
/// in days end with their day.
pub fn deadline(due: Timestamp, now: Timestamp, zone: &TimeZone) -> Deadline {
    let ends = due.to_zoned(zone.clone());
    let begins = ends.start_of_day();
    match begins {
        Ok(begins) if begins.timestamp() == due => {
            let last = ends.date().yesterday().unwrap_or(ends.date());
            by_day(last, due <= now, today(now, zone))
        }
        _ => by_hour(due, now, zone),
    }
}

fn by_day(last: Date, late: bool, today: Date) -> Deadline {
    let days = (last - today).get_days();
    let (left, standing) = match days {
        _ if late => (
            format!("{} late", count(i64::from(-days).max(1), "day")),
            Standing::Late,
        ),
        0 => ("due today".to_owned(), Standing::Today),
        1 => ("due tomorrow".to_owned(), Standing::Later),
        _ => (
            format!("{} left", count(days.into(), "day")),
            Standing::Later,
        ),
    };
    Deadline {
        when: day(last, today),
        left,
        standing,
    }
}

fn by_hour(due: Timestamp, now: Timestamp, zone: &TimeZone) -> Deadline {
    let left = due.duration_since(now);
    let local = due.to_zoned(zone.clone());
    let when = format!(
        "{}, {}",
        day(local.date(), today(now, zone)),
        local.strftime("%H:%M")
    );
    if left <= SignedDuration::ZERO {
        return Deadline {
            when,
            left: format!("{} late", span(-left)),
            standing: Standing::Late,
        };
    }
    let standing = if left <= SignedDuration::from_hours(24) {
        Standing::Today
    } else {
        Standing::Later
    };
    Deadline {
        when,
        left: format!("{} left", span(left)),
        standing,
    }
}

/// Whole minutes, hours or days, never none.
fn span(time: SignedDuration) -> String {
    if time < SignedDuration::from_hours(1) {
        count(time.as_mins().max(1), "minute")
    } else if time < LONG {
        count(time.as_hours(), "hour")
    } else {
        count(time.as_hours() / 24, "day")
    }
}

/// `1 day`, `2 days`.
pub fn count(number: i64, thing: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{end}")
}

/// The local day.
pub fn today(now: Timestamp, zone: &TimeZone) -> Date {
    now.to_zoned(zone.clone()).date()
}

/// `Tuesday 24 November`, with the year when it is not that of `today`.
fn day(date: Date, today: Date) -> String {
    let form = if date.year() == today.year() {
        "%A %-d %B"
    } else {
        "%A %-d %B %Y"
    };
    date.strftime(form).to_string()
}

/// `Tuesday 24 November 2026`.
pub fn date(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

/// `Tuesday 24 November 2026, 14:30`, where the scheme is.
pub fn moment(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone())
        .strftime("%A %-d %B %Y, %H:%M")
        .to_string()
}

/// `Tuesday 24 November, 14:30`, with the year when it is not this one.
pub fn recent(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned(zone.clone());
    let day = day(local.date(), today(now, zone));
    format!("{day}, {}", local.strftime("%H:%M"))
}

/// `1984`, `May 1984` or `17 May 1984`; what is no date stays as it is.
pub fn partial_date(text: &str) -> String {
    let (whole, form) = match text.len() {
        7 => (format!("{text}-01"), "%B %Y"),
        10 => (text.to_owned(), "%-d %B %Y"),
        _ => return text.to_owned(),
    };
    let read = whole.parse::<Date>();
    read.map_or_else(|_| text.to_owned(), |date| date.strftime(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Europe/London").expect("the zone travels with the binary")
    }

    /// now, due (first instant too late), words. On Sunday 28 March 2027 and Sunday 25 October 2026 the clocks change.
    const GOLDEN: [(&str, &str, &str); 22] = [
        (
            "2026-11-22T10:00:00Z",
            "2026-11-25T00:00:00Z",
            "Tuesday 24 November – 2 days left",
        ),
        (
            "2026-11-22T23:59:59Z",
            "2026-11-25T00:00:00Z",
            "Tuesday 24 November – 2 days left",
        ),
        (
            "2026-11-23T00:00:00Z",
            "2026-11-25T00:00:00Z",
            "Tuesday 24 November – due tomorrow",
        ),
        (
            "2026-11-24T00:00:00Z",
            "2026-11-25T00:00:00Z",
            "Tuesday 24 November – due today",
        ),
        (
            "2026-11-24T23:59:59Z",
            "2026-11-25T00:00:00Z",
            "Tuesday 24 November – due today",
        ),
        (
            "2026-11-25T00:00:00Z",
            "2026-11-25T00:00:00Z",
            "Tuesday 24 November – 1 day late",
        ),
        (
            "2026-11-27T12:00:00Z",
            "2026-11-25T00:00:00Z",
            "Tuesday 24 November – 3 days late",
        ),
        (
            "2026-12-20T12:00:00Z",
            "2027-01-06T00:00:00Z",
            "Tuesday 5 January 2027 – 16 days left",
        ),
        (
            "2027-02-01T12:00:00Z",
            "2026-12-25T00:00:00Z",
            "Thursday 24 December 2026 – 39 days late",
        ),
        // Days that end in summer time end an hour before midnight in UTC.
        (
            "2027-03-26T12:00:00Z",
            "2027-03-28T23:00:00Z",
            "Sunday 28 March – 2 days left",
        ),
        (
            "2027-03-28T22:59:59Z",
            "2027-03-28T23:00:00Z",
            "Sunday 28 March – due today",
        ),
        (
            "2027-03-28T23:30:00Z",
            "2027-03-28T23:00:00Z",
            "Sunday 28 March – 1 day late",
        ),
        (
            "2026-10-24T22:59:59Z",
            "2026-10-26T00:00:00Z",
            "Sunday 25 October – due tomorrow",
        ),
        (
            "2026-10-24T23:00:00Z",
            "2026-10-26T00:00:00Z",
            "Sunday 25 October – due today",
        ),
        // Hours are exact: the night the clocks change is no longer and no shorter for them.
        (
            "2026-11-22T10:00:00Z",
            "2026-11-23T09:15:00Z",
            "Monday 23 November, 09:15 – 23 hours left",
        ),
        (
            "2026-11-22T10:00:00Z",
            "2026-11-22T10:40:00Z",
            "Sunday 22 November, 10:40 – 40 minutes left",
        ),
        (
            "2026-11-22T10:00:00Z",
            "2026-11-22T10:00:30Z",
            "Sunday 22 November, 10:00 – 1 minute left",
        ),
        (
            "2026-11-22T10:00:00Z",
            "2026-11-22T08:30:00Z",
            "Sunday 22 November, 08:30 – 1 hour late",
        ),
        (
            "2026-11-22T10:00:00Z",
            "2026-11-19T09:30:00Z",
            "Thursday 19 November, 09:30 – 3 days late",
        ),
        (
            "2026-11-22T10:00:00Z",
            "2026-11-26T09:30:00Z",
            "Thursday 26 November, 09:30 – 3 days left",
        ),
        (
            "2027-03-27T13:00:00Z",
            "2027-03-28T13:00:00Z",
            "Sunday 28 March, 14:00 – 24 hours left",
        ),
        (
            "2026-10-24T13:30:00Z",
            "2026-10-25T13:30:00Z",
            "Sunday 25 October, 13:30 – 24 hours left",
        ),
    ];

    #[test]
    fn every_deadline_is_said_in_the_same_words() {
        for (now, due, words) in GOLDEN {
            let said = deadline(due.parse().unwrap(), now.parse().unwrap(), &zone());
            assert_eq!(said.to_string(), words, "due {due} at {now}");
            assert_eq!(
                said.standing == Standing::Late,
                words.ends_with("late"),
                "{words}"
            );
        }
    }

    #[test]
    fn dates_are_said_as_far_as_they_are_known() {
        assert_eq!(partial_date("1984"), "1984");
        assert_eq!(partial_date("1984-05"), "May 1984");
        assert_eq!(partial_date("1984-05-07"), "7 May 1984");
        assert_eq!(partial_date("1984-99"), "1984-99");
        let noon = "2027-07-01T11:00:00Z".parse().unwrap();
        assert_eq!(moment(noon, &zone()), "Thursday 1 July 2027, 12:00");
    }
}
