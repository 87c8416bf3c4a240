//! Pauses, extensions and warnings worked out by hand.

use clares_law::engine::due::{Due, Pause};

use crate::calendars::{SCOTLAND, calendar};
use crate::deadlines::{at, due_in, limit, london, trace};

fn paused(from: &str, length: &str, pause: (&str, &str)) -> Due {
    let pause = Pause {
        from: at(pause.0),
        to: at(pause.1),
    };
    let scotland = calendar(SCOTLAND);
    due_in(&scotland, from, length)
        .moved_by(pause, limit(length), &london(), &scotland)
        .unwrap()
}

#[test]
fn a_pause_makes_up_for_the_days_that_were_lost() {
    // Due on Wednesday 4 November; paused from Monday's noon to Wednesday's.
    let due = paused(
        "2026-10-30T09:00",
        "3 working days",
        ("2026-11-02T12:00", "2026-11-04T12:00"),
    );
    assert_eq!(
        trace(&due),
        [
            "2026-10-31 Saturday",
            "2026-11-01 Sunday",
            "2026-11-02 1",
            "2026-11-03 The clock was paused",
            "2026-11-04 The clock was paused",
            "2026-11-05 2",
            "2026-11-06 3",
        ]
    );
    assert_eq!(due.at, at("2026-11-07T00:00:00Z"));
}

#[test]
fn a_pause_past_the_old_due_date_keeps_what_was_left() {
    // Two of three days were left when the pause began.
    let due = paused(
        "2026-10-30T09:00",
        "3 working days",
        ("2026-11-02T12:00", "2026-11-16T12:00"),
    );
    assert_eq!(due.date.unwrap().to_string(), "2026-11-18");
    assert_eq!(trace(&due).last().unwrap(), "2026-11-18 3");
}

#[test]
fn a_pause_moves_calendar_days_by_dates_and_hours_by_time() {
    let days = paused(
        "2026-10-20T09:00",
        "10 calendar days",
        ("2026-10-23T23:00", "2026-10-26T01:00"),
    );
    assert_eq!(days.date.unwrap().to_string(), "2026-11-02");
    let hours = paused(
        "2026-10-24T09:00",
        "24 hours",
        ("2026-10-24T12:00", "2026-10-25T12:00"),
    );
    assert_eq!(hours.at, at("2026-10-26T09:00:00Z"), "25 hours went by");
}

#[test]
fn some_pauses_move_nothing() {
    let (from, length) = ("2026-10-30T09:00", "3 working days");
    let unmoved = due_in(&calendar(SCOTLAND), from, length);
    for (pause, why) in [
        (("2026-11-02T09:00", "2026-11-02T17:00"), "within a day"),
        (("2026-10-30T10:00", "2026-11-01T17:00"), "over a weekend"),
        (("2026-11-05T00:00", "2026-11-20T00:00"), "already late"),
        (
            ("2026-11-04T00:00", "2026-11-02T00:00"),
            "ends before it begins",
        ),
    ] {
        assert_eq!(paused(from, length, pause), unmoved, "{why}");
    }
    let backwards = paused(from, "3 hours", ("2026-10-30T10:00", "2026-10-30T09:30"));
    assert_eq!(backwards, due_in(&calendar(SCOTLAND), from, "3 hours"));
}

#[test]
fn a_short_pause_keeps_the_hours_that_were_added_to_days() {
    let scotland = calendar(SCOTLAND);
    let due = due_in(&scotland, "2026-11-02T09:30", "1 working day")
        .extended(limit("9 hours"), &london(), &scotland)
        .unwrap();
    let pause = Pause {
        from: at("2026-11-03T09:00"),
        to: at("2026-11-03T10:00"),
    };
    let moved = due.moved_by(pause, limit("1 working day"), &london(), &scotland);
    assert_eq!(moved, Ok(due));
}

#[test]
fn an_extension_counts_on_from_the_due_date() {
    let scotland = calendar(SCOTLAND);
    let extended = |length: &str, by: &str| {
        due_in(&scotland, "2026-11-02T09:30", length)
            .extended(limit(by), &london(), &scotland)
            .unwrap()
    };
    let days = extended("10 working days", "5 working days");
    assert_eq!(
        days,
        due_in(&scotland, "2026-11-02T09:30", "15 working days")
    );
    let hours = extended("24 hours", "3 hours");
    assert_eq!(hours, due_in(&scotland, "2026-11-02T09:30", "27 hours"));
    let hours_then_days = extended("24 hours", "1 working day");
    assert_eq!(hours_then_days.date.unwrap().to_string(), "2026-11-04");
    let days_then_hours = extended("1 working day", "9 hours");
    assert_eq!(days_then_hours.at, at("2026-11-04T09:00:00Z"));
    assert_eq!(days_then_hours.date, None);
}

#[test]
fn warnings_come_at_shares_of_the_limit() {
    let scotland = calendar(SCOTLAND);
    for (length, percent, expected) in [
        ("24 hours", 0, "2026-12-23T15:00:00Z"),
        ("24 hours", 50, "2026-12-24T03:00:00Z"),
        ("24 hours", 90, "2026-12-24T12:36:00Z"),
        ("24 hours", 100, "2026-12-24T15:00:00Z"),
        ("10 working days", 50, "2027-01-06T00:00:00Z"), // the fifth, Tuesday the 5th, is over
        ("10 working days", 75, "2027-01-08T12:00:00Z"), // half of the eighth
        ("10 working days", 100, "2027-01-13T00:00:00Z"),
        ("1 working day", 50, "2026-12-24T12:00:00Z"),
        ("45 calendar days", 50, "2027-01-15T12:00:00Z"),
        ("45 calendar days", 200, "2027-02-07T00:00:00Z"),
    ] {
        let start = at("2026-12-23T15:00");
        let due = due_in(&scotland, "2026-12-23T15:00", length);
        let share = due.counted_to_share(start, percent, &london()).unwrap();
        assert_eq!(share, at(expected), "{percent}% of {length}");
    }
}
