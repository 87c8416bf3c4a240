//! Cron lines in local time, on the two days on which the clocks change.

use clares_law::engine::schedule::{Schedule, ScheduleError};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Every time the schedule names in London after `from` up to `to`, as the wall shows it.
fn runs(line: &str, from: &str, to: &str) -> Vec<String> {
    let (schedule, zone) = (
        Schedule::parse(line).unwrap(),
        TimeZone::get("Europe/London").unwrap(),
    );
    let (mut now, to): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
    let mut runs = Vec::new();
    while let Some(next) = schedule.next_after(now, &zone).filter(|next| *next <= to) {
        assert!(next > now, "{next} does not follow {now}");
        runs.push(
            next.to_zoned(zone.clone())
                .strftime("%d %H:%M %Z")
                .to_string(),
        );
        now = next;
    }
    runs
}

#[test]
fn a_skipped_time_comes_an_hour_later() {
    assert_eq!(
        runs(
            "0 30 1 * * *",
            "2026-03-28T12:00:00Z",
            "2026-03-30T12:00:00Z"
        ),
        ["29 02:30 BST", "30 01:30 BST"]
    );
}

#[test]
fn a_repeated_time_comes_once() {
    assert_eq!(
        runs(
            "0 30 1 * * *",
            "2026-10-24T12:00:00Z",
            "2026-10-26T12:00:00Z"
        ),
        ["25 01:30 BST", "26 01:30 GMT"]
    );
}

#[test]
fn quarters_stay_in_order_when_clocks_change() {
    assert_eq!(
        runs(
            "0 */15 * * * *",
            "2026-03-29T00:40:00Z",
            "2026-03-29T01:30:00Z"
        ),
        [
            "29 00:45 GMT",
            "29 02:00 BST",
            "29 02:15 BST",
            "29 02:30 BST"
        ]
    );
    assert_eq!(
        runs(
            "0 */15 * * * *",
            "2026-10-25T00:20:00Z",
            "2026-10-25T02:15:00Z"
        ),
        [
            "25 01:30 BST",
            "25 01:45 BST",
            "25 02:00 GMT",
            "25 02:15 GMT"
        ]
    );
}

#[test]
fn after_the_repeated_hour_began_again_nothing_runs_twice() {
    // 01:15 GMT, the second 01:15 of that day.
    assert_eq!(
        runs(
            "0 30 1 * * *",
            "2026-10-25T01:15:00Z",
            "2026-10-26T12:00:00Z"
        ),
        ["26 01:30 GMT"]
    );
}

#[test]
fn the_time_itself_is_not_after_it() {
    assert_eq!(
        runs(
            "0 0 9 * * MON-FRI",
            "2026-11-20T09:00:00Z",
            "2026-11-23T09:00:00Z"
        ),
        ["23 09:00 GMT"]
    );
}

#[test]
fn a_past_year_never_comes() {
    assert_eq!(
        runs(
            "0 0 9 1 1 * 2025",
            "2026-01-01T00:00:00Z",
            "2090-01-01T00:00:00Z"
        ),
        Vec::<String>::new()
    );
}

#[test]
fn weekdays_are_names() {
    for line in [
        "0 0 9 * * 1",
        "0 0 9 * * 1-5",
        "0 0 9 * * MON,3",
        "0 0 9 * * */2",
        "0 0 9 * * 2 2030",
    ] {
        assert_eq!(
            Schedule::parse(line),
            Err(ScheduleError::NumericWeekday),
            "{line}"
        );
    }
    for line in ["0 0 9 * * Mon", "0 0 9 ? * mon,FRI", "@daily", " @hourly "] {
        assert!(Schedule::parse(line).is_ok(), "{line}");
    }
}

#[test]
fn no_way_round_the_names_by_running_fields_together() {
    for line in [
        "0 0 9 ** 2 *",
        "0 0 9 1JAN 2 *",
        "0 0 9 */1JAN 2 *",
        "0 0 9* * 2 *",
        "0 0 9 * * MON, 2",
        "0 0 9 * * MON -FRI",
    ] {
        assert!(
            matches!(Schedule::parse(line), Err(ScheduleError::Field(_))),
            "{line}"
        );
    }
}

#[test]
fn other_lines_are_refused() {
    assert_eq!(
        Schedule::parse("0 9 * * MON"),
        Err(ScheduleError::Fields),
        "five fields"
    );
    assert_eq!(Schedule::parse("0 60 9 * * *"), Err(ScheduleError::Value));
    assert_eq!(Schedule::parse("@fortnightly"), Err(ScheduleError::Value));
    assert_eq!(Schedule::parse(""), Err(ScheduleError::Fields));
}
