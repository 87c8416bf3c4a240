//! Due dates worked out by hand, on the days that catch programs out.

use clares_law::engine::calendar::Calendar;
use clares_law::engine::due::{Due, DueError, TraceDay, due};
use clares_law::engine::limit::Limit;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::calendars::{ENGLAND_AND_WALES, NORTHERN_IRELAND, SCOTLAND, calendar};

pub fn london() -> TimeZone {
    TimeZone::get("Europe/London").unwrap()
}

/// An instant written in UTC with `Z`, or else as the wall in London shows it.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|_| {
        london()
            .to_timestamp(text.parse::<DateTime>().unwrap())
            .unwrap()
    })
}

pub fn limit(text: &str) -> Limit {
    text.parse().unwrap()
}

pub fn due_in(calendar: &Calendar, from: &str, length: &str) -> Due {
    due(limit(length), at(from), &london(), calendar).unwrap()
}

/// Checks the due instant, and the due date (`-` for hours).
#[track_caller]
fn check(nation: &str, from: &str, length: &str, date: &str, instant: &str) {
    let due = due_in(&calendar(nation), from, length);
    assert_eq!(
        due.date.map_or("-".to_owned(), |date| date.to_string()),
        date
    );
    assert_eq!(due.at.to_string(), instant);
}

#[test]
fn days_are_counted_from_the_day_after() {
    for (from, length, date, instant) in [
        (
            "2026-11-02T09:30",
            "45 calendar days",
            "2026-12-17",
            "2026-12-18T00:00:00Z",
        ),
        (
            "2026-12-23T15:00",
            "10 working days",
            "2027-01-12",
            "2027-01-13T00:00:00Z",
        ),
        (
            "2026-06-01T00:00",
            "1 working day",
            "2026-06-02",
            "2026-06-02T23:00:00Z",
        ),
        ("2026-11-02T09:30", "24 hours", "-", "2026-11-03T09:30:00Z"),
    ] {
        check(SCOTLAND, from, length, date, instant);
    }
}

/// Regulation 1182/71, Article 3(2)(c): the day of the same number, or the last of a shorter month.
#[test]
fn a_month_ends_with_the_day_of_the_same_number_or_the_last_there_is() {
    for (from, length, date, instant) in [
        (
            "2026-11-02T09:30",
            "1 month",
            "2026-12-02",
            "2026-12-03T00:00:00Z",
        ),
        (
            "2027-01-31T23:59",
            "1 month",
            "2027-02-28",
            "2027-03-01T00:00:00Z",
        ),
        (
            "2028-01-30T09:00",
            "1 month",
            "2028-02-29",
            "2028-03-01T00:00:00Z",
        ),
        (
            "2027-02-28T09:00",
            "1 month",
            "2027-03-28",
            "2027-03-28T23:00:00Z",
        ),
        (
            "2026-11-30T09:00",
            "3 months",
            "2027-02-28",
            "2027-03-01T00:00:00Z",
        ),
        (
            "2027-12-15T09:00",
            "12 months",
            "2028-12-15",
            "2028-12-16T00:00:00Z",
        ),
    ] {
        check(SCOTLAND, from, length, date, instant);
    }
    let month = due_in(&calendar(SCOTLAND), "2027-01-31T09:00", "1 month");
    let days: Vec<_> = month.trace.iter().map(|day| day.counted).collect();
    assert_eq!(days, (1..=28).map(Some).collect::<Vec<_>>());
    let longer = month.extended(limit("2 months"), &london(), &calendar(SCOTLAND));
    assert_eq!(longer.unwrap().date.unwrap().to_string(), "2027-04-28");
}

#[test]
fn the_days_on_which_clocks_change() {
    for (from, length, date, instant) in [
        // March: 01:30 does not exist and is taken for 02:30.
        ("2026-03-29T01:30", "24 hours", "-", "2026-03-30T01:30:00Z"),
        (
            "2026-03-29T01:30",
            "1 calendar day",
            "2026-03-30",
            "2026-03-30T23:00:00Z",
        ),
        ("2026-03-28T12:00", "24 hours", "-", "2026-03-29T12:00:00Z"),
        (
            "2026-03-28T12:00",
            "1 calendar day",
            "2026-03-29",
            "2026-03-29T23:00:00Z",
        ),
        (
            "2026-03-27T12:00",
            "1 calendar day",
            "2026-03-28",
            "2026-03-29T00:00:00Z",
        ),
        // October: 01:30 comes twice and is taken for the first; the second is given in UTC.
        ("2026-10-25T01:30", "24 hours", "-", "2026-10-26T00:30:00Z"),
        (
            "2026-10-25T01:30:00Z",
            "24 hours",
            "-",
            "2026-10-26T01:30:00Z",
        ),
        (
            "2026-10-25T01:30",
            "1 calendar day",
            "2026-10-26",
            "2026-10-27T00:00:00Z",
        ),
        (
            "2026-10-25T01:30:00Z",
            "1 calendar day",
            "2026-10-26",
            "2026-10-27T00:00:00Z",
        ),
        ("2026-10-24T12:00", "24 hours", "-", "2026-10-25T11:00:00Z"),
        (
            "2026-10-24T12:00",
            "1 calendar day",
            "2026-10-25",
            "2026-10-26T00:00:00Z",
        ),
        (
            "2026-10-23T12:00",
            "1 calendar day",
            "2026-10-24",
            "2026-10-24T23:00:00Z",
        ),
    ] {
        check(SCOTLAND, from, length, date, instant);
    }
}

#[test]
fn leap_days_year_ends_and_2038() {
    for (from, length, date, instant) in [
        (
            "2024-02-29T10:00",
            "1 working day",
            "2024-03-01",
            "2024-03-02T00:00:00Z",
        ),
        (
            "2024-02-29T10:00",
            "45 calendar days",
            "2024-04-14",
            "2024-04-14T23:00:00Z",
        ),
        (
            "2028-02-28T10:00",
            "1 calendar day",
            "2028-02-29",
            "2028-03-01T00:00:00Z",
        ),
        (
            "2028-02-29T10:00",
            "1 working day",
            "2028-03-01",
            "2028-03-02T00:00:00Z",
        ),
        (
            "2026-12-31T23:59:59",
            "1 working day",
            "2027-01-05",
            "2027-01-06T00:00:00Z",
        ),
        (
            "2026-12-31T23:59:59",
            "1 calendar day",
            "2027-01-01",
            "2027-01-02T00:00:00Z",
        ),
        (
            "2026-11-02T23:59:59.999",
            "1 calendar day",
            "2026-11-03",
            "2026-11-04T00:00:00Z",
        ),
        (
            "2026-11-02T23:59:59.999",
            "1 hour",
            "-",
            "2026-11-03T00:59:59.999Z",
        ),
        (
            "2026-06-01T22:59:59.999Z",
            "1 calendar day",
            "2026-06-02",
            "2026-06-02T23:00:00Z",
        ),
        (
            "2026-06-01T23:00:00Z",
            "1 calendar day",
            "2026-06-03",
            "2026-06-03T23:00:00Z",
        ),
        (
            "2038-01-18T12:00",
            "1 calendar day",
            "2038-01-19",
            "2038-01-20T00:00:00Z",
        ),
        ("2038-01-19T03:14:07", "1 hour", "-", "2038-01-19T04:14:07Z"),
    ] {
        check(SCOTLAND, from, length, date, instant);
    }
}

#[test]
fn one_working_day_over_each_nations_holidays() {
    let nations = [ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND];
    for (from, dates) in [
        (
            "2022-09-16T15:00",
            ["2022-09-20", "2022-09-20", "2022-09-20"],
        ), // the State Funeral
        (
            "2022-06-01T15:00",
            ["2022-06-06", "2022-06-06", "2022-06-06"],
        ), // the Jubilee
        (
            "2023-05-05T15:00",
            ["2023-05-09", "2023-05-09", "2023-05-09"],
        ), // the coronation
        (
            "2026-06-12T15:00",
            ["2026-06-15", "2026-06-16", "2026-06-15"],
        ), // the World Cup
        (
            "2022-12-23T15:00",
            ["2022-12-28", "2022-12-28", "2022-12-28"],
        ), // Christmas on Sunday
        (
            "2022-12-30T15:00",
            ["2023-01-03", "2023-01-04", "2023-01-03"],
        ),
        (
            "2026-12-24T15:00",
            ["2026-12-29", "2026-12-29", "2026-12-29"],
        ), // Boxing Day on Saturday
        (
            "2026-12-31T15:00",
            ["2027-01-04", "2027-01-05", "2027-01-04"],
        ),
        (
            "2027-12-24T15:00",
            ["2027-12-29", "2027-12-29", "2027-12-29"],
        ), // Christmas on Saturday
        (
            "2027-12-31T15:00",
            ["2028-01-04", "2028-01-05", "2028-01-04"],
        ),
        (
            "2026-04-02T15:00",
            ["2026-04-07", "2026-04-06", "2026-04-07"],
        ), // Easter
        (
            "2025-07-11T15:00",
            ["2025-07-14", "2025-07-14", "2025-07-15"],
        ), // the Boyne
    ] {
        let found = nations.map(|nation| {
            let due = due_in(&calendar(nation), from, "1 working day");
            due.date.unwrap().to_string()
        });
        assert_eq!(found, dates, "{from}");
    }
}

#[test]
fn working_days_of_unknown_years_are_refused_and_calendar_days_are_not() {
    let scotland = calendar(SCOTLAND);
    for (from, length) in [
        ("2028-12-20T12:00", "10 working days"),
        ("2038-01-18T12:00", "1 working day"),
    ] {
        let refusal = due(limit(length), at(from), &london(), &scotland).unwrap_err();
        assert!(matches!(refusal, DueError::UnknownYear(_)), "{refusal}");
        assert!(refusal.to_string().contains("2022 to 2028"), "{refusal}");
    }
    let due = due_in(&scotland, "2028-12-20T12:00", "45 calendar days");
    assert_eq!(due.date.unwrap().to_string(), "2029-02-03");
}

#[test]
fn the_end_of_time_is_an_error() {
    let refusal = due(
        limit("100000 hours"),
        Timestamp::MAX,
        &london(),
        &calendar(SCOTLAND),
    );
    assert_eq!(refusal, Err(DueError::TooFar));
    let refusal = due(
        limit("2 calendar days"),
        Timestamp::MAX,
        &london(),
        &calendar(SCOTLAND),
    );
    assert_eq!(refusal, Err(DueError::TooFar));
}

pub fn trace(due: &Due) -> Vec<String> {
    let day = |day: &TraceDay| match (&day.counted, &day.why_not) {
        (Some(number), None) => format!("{} {number}", day.date),
        (None, Some(why_not)) => format!("{} {why_not}", day.date),
        both => panic!("counted or not, never both or neither: {both:?}"),
    };
    due.trace.iter().map(day).collect()
}

#[test]
fn the_trace_gives_the_reason_of_each_day() {
    let due = due_in(&calendar(SCOTLAND), "2026-12-24T15:00", "2 working days");
    assert_eq!(
        trace(&due),
        [
            "2026-12-25 Christmas Day",
            "2026-12-26 Saturday",
            "2026-12-27 Sunday",
            "2026-12-28 Boxing Day (substitute day)",
            "2026-12-29 1",
            "2026-12-30 2",
        ]
    );
    let hours = due_in(&calendar(SCOTLAND), "2026-12-24T15:00", "48 hours");
    assert_eq!(hours.trace, []);
}
