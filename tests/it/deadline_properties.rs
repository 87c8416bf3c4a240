//! Due dates against a naive reference that walks day by day with its own idea of summer time and of holidays.

use std::sync::LazyLock;

use clares_law::engine::calendar::Calendar;
use clares_law::engine::due::{Due, Pause, due};
use clares_law::engine::limit::Limit;
use jiff::civil::{Date, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use proptest::prelude::*;

use crate::calendars::{ENGLAND_AND_WALES, NORTHERN_IRELAND, SCOTLAND, calendar};

const NATIONS: [&str; 3] = [ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND];

static CALENDARS: LazyLock<[Calendar; 3]> = LazyLock::new(|| NATIONS.map(calendar));
static LONDON: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/London").unwrap());

/// London and twenty more, with changes at midnight, half hours, a skipped day and two hemispheres.
const ZONES: [&str; 21] = [
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Berlin",
    "Europe/Moscow",
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Havana",
    "America/New_York",
    "America/Sao_Paulo",
    "America/Santiago",
    "America/St_Johns",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
];

// The reference.

fn last_sunday(year: i16, month: i8) -> Date {
    (1..=31)
        .filter_map(|day| Date::new(year, month, day).ok())
        .rfind(|date| date.weekday() == Weekday::Sunday)
        .unwrap()
}

fn utc(date: Date, hour: i64) -> Timestamp {
    let days = (date - date_1970()).get_days();
    Timestamp::from_second(i64::from(days) * 86_400 + hour * 3_600).unwrap()
}

fn date_1970() -> Date {
    date(1970, 1, 1)
}

fn summer_time(at: Timestamp) -> bool {
    let days = i32::try_from(at.as_second().div_euclid(86_400)).unwrap();
    let year = (date_1970() + days.days()).year();
    utc(last_sunday(year, 3), 1) <= at && at < utc(last_sunday(year, 10), 1)
}

fn date_in_london(at: Timestamp) -> Date {
    let shown = at.as_second() + if summer_time(at) { 3_600 } else { 0 };
    date_1970() + i32::try_from(shown.div_euclid(86_400)).unwrap().days()
}

fn end_in_london(last: Date) -> Timestamp {
    let midnight = utc(last + 1.day(), 0);
    let summer_midnight = midnight - SignedDuration::from_hours(1);
    if summer_time(summer_midnight) {
        summer_midnight
    } else {
        midnight
    }
}

fn worked(file: &str, date: Date) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    !weekend && !file.contains(&format!("\n  {date}: "))
}

fn working_days_after(file: &str, mut date: Date, days: u32) -> Date {
    let mut passed = 0;
    while passed < days {
        date += 1.day();
        if worked(file, date) {
            passed += 1;
        }
    }
    date
}

/// The day of the same number, or the last that the month has.
fn months_after(from: Date, months: u32) -> Date {
    let months = i32::from(from.month()) - 1 + i32::try_from(months).unwrap();
    let year = from.year() + i16::try_from(months / 12).unwrap();
    let month = i8::try_from(months % 12).unwrap() + 1;
    let days = (1..=from.day()).rev();
    let mut there = days.filter_map(|day| Date::new(year, month, day).ok());
    there.next().unwrap()
}

fn reference(file: &str, limit: Limit, start: Timestamp) -> (Timestamp, Option<Date>) {
    let first = date_in_london(start);
    let last = match limit {
        Limit::Hours(hours) => return (start + SignedDuration::from_hours(hours.into()), None),
        Limit::CalendarDays(days) => first + i64::from(days).days(),
        Limit::WorkingDays(days) => working_days_after(file, first, days),
        Limit::Months(months) => months_after(first, months),
    };
    (end_in_london(last), Some(last))
}

// What is drawn.

fn instant(from: Date, to: Date) -> impl Strategy<Value = Timestamp> {
    let micros = utc(from, 0).as_microsecond()..utc(to, 0).as_microsecond();
    micros.prop_map(|micros| Timestamp::from_microsecond(micros).unwrap())
}

/// A start for which the calendars still know all the days of `any_limit`, twice over.
fn start() -> impl Strategy<Value = Timestamp> {
    instant(date(2022, 1, 2), date(2028, 4, 1))
}

/// Within an hour and a half of a change of the clocks.
fn near_a_change() -> impl Strategy<Value = Timestamp> {
    (
        2022_i16..=2027,
        prop::sample::select(vec![3_i8, 10]),
        -5_400_i64..=5_400,
    )
        .prop_map(|(year, month, seconds)| {
            utc(last_sunday(year, month), 1) + SignedDuration::from_secs(seconds)
        })
}

fn any_start() -> impl Strategy<Value = Timestamp> {
    prop_oneof![4 => start(), 1 => near_a_change()]
}

fn any_limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        (1_u32..=3_000).prop_map(Limit::Hours),
        (1_u32..=120).prop_map(Limit::CalendarDays),
        (1_u32..=60).prop_map(Limit::WorkingDays),
        (1_u32..=5).prop_map(Limit::Months),
    ]
}

fn due_in(nation: usize, limit: Limit, start: Timestamp) -> Due {
    due(limit, start, &LONDON, &CALENDARS[nation]).unwrap()
}

/// So many cases, or more if the variable `PROPTEST_CASES` asks for more.
fn at_least(cases: u32) -> ProptestConfig {
    let asked = ProptestConfig::default();
    ProptestConfig {
        cases: asked.cases.max(cases),
        failure_persistence: None,
        ..asked
    }
}

proptest! {
    #![proptest_config(at_least(2_000))]

    #[test]
    fn agrees_with_the_reference(nation in 0..3_usize, limit in any_limit(), start in any_start()) {
        let due = due_in(nation, limit, start);
        prop_assert_eq!((due.at, due.date), reference(NATIONS[nation], limit, start));
    }

    #[test]
    fn calendar_days_end_with_the_local_day_in_every_zone_under_every_calendar(
        zone in prop::sample::select(&ZONES[..]),
        days in 1_u32..=60,
        start in instant(date(1990, 1, 1), date(2200, 1, 1)),
    ) {
        let zone = TimeZone::get(zone).unwrap();
        let last = zone.to_datetime(start).date() + i64::from(days).days();
        let found = CALENDARS.each_ref().map(|calendar| {
            due(Limit::CalendarDays(days), start, &zone, calendar).unwrap()
        });
        prop_assert_eq!(found[0].date, Some(last));
        let just_before = found[0].at - SignedDuration::from_nanos(1);
        prop_assert!(zone.to_datetime(found[0].at).date() > last);
        prop_assert!(zone.to_datetime(just_before).date() <= last);
        prop_assert_eq!(&found[0], &found[1]);
        prop_assert_eq!(&found[0], &found[2]);
    }

    #[test]
    fn a_later_start_is_never_due_earlier(
        nation in 0..3_usize, limit in any_limit(), one in any_start(), other in any_start(), apart in 0_i64..200_000,
    ) {
        for (earlier, later) in [
            (one.min(other), one.max(other)),
            (one, one + SignedDuration::from_secs(apart)),
        ] {
            prop_assert!(due_in(nation, limit, earlier).at <= due_in(nation, limit, later).at);
        }
    }

    #[test]
    fn one_more_is_due_later(nation in 0..3_usize, limit in any_limit(), start in any_start()) {
        let longer = match limit {
            Limit::Hours(number) => Limit::Hours(number + 1),
            Limit::CalendarDays(number) => Limit::CalendarDays(number + 1),
            Limit::WorkingDays(number) => Limit::WorkingDays(number + 1),
            Limit::Months(number) => Limit::Months(number + 1),
        };
        prop_assert!(due_in(nation, limit, start).at < due_in(nation, longer, start).at);
    }

    #[test]
    fn working_days_add_up(nation in 0..3_usize, a in 1_u32..=30, b in 1_u32..=30, start in any_start()) {
        let together = due_in(nation, Limit::WorkingDays(a + b), start);
        let first = due_in(nation, Limit::WorkingDays(a), start);
        let end_of_that_day = first.at - SignedDuration::from_micros(1);
        let anew = due_in(nation, Limit::WorkingDays(b), end_of_that_day);
        prop_assert_eq!((anew.at, anew.date), (together.at, together.date));
        let extended = first.extended(Limit::WorkingDays(b), &LONDON, &CALENDARS[nation]).unwrap();
        prop_assert_eq!(extended, together);
    }

    #[test]
    fn months_end_with_the_day_of_the_same_number_in_every_zone_under_every_calendar(
        zone in prop::sample::select(&ZONES[..]),
        months in 1_u32..=60,
        start in instant(date(1990, 1, 1), date(2200, 1, 1)),
    ) {
        let zone = TimeZone::get(zone).unwrap();
        let first = zone.to_datetime(start).date();
        let last = months_after(first, months);
        prop_assert!(last.day() == first.day() || last == last.last_of_month());
        let found = CALENDARS.each_ref().map(|calendar| {
            due(Limit::Months(months), start, &zone, calendar).unwrap()
        });
        prop_assert_eq!(found[0].date, Some(last));
        prop_assert!(found[0].trace.iter().all(|day| day.counted.is_some()));
        prop_assert_eq!(found[0].trace.len(), usize::try_from((last - first).get_days()).unwrap());
        prop_assert_eq!(&found[0], &found[1]);
        prop_assert_eq!(&found[0], &found[2]);
    }

    #[test]
    fn the_trace_leaves_out_no_day_and_gives_every_reason(
        nation in 0..3_usize, days in 1_u32..=60, start in any_start(),
    ) {
        let due = due_in(nation, Limit::WorkingDays(days), start);
        let mut expected = date_in_london(start);
        let mut number = 0;
        for day in &due.trace {
            expected += 1.day();
            prop_assert_eq!(day.date, expected);
            prop_assert_eq!(day.counted.is_some(), worked(NATIONS[nation], day.date));
            prop_assert_eq!(day.counted.is_none(), day.why_not.is_some());
            if let Some(counted) = day.counted {
                number += 1;
                prop_assert_eq!(counted, number);
            }
        }
        prop_assert_eq!(number, days);
        prop_assert_eq!(Some(expected), due.date);
    }

    #[test]
    fn a_pause_moves_by_what_it_took(
        nation in 0..3_usize, limit in any_limit(), start in any_start(),
        before in 0.0..1.0_f64, seconds in 1_i64..5_000_000,
    ) {
        let due = due_in(nation, limit, start);
        let from = start + due.at.duration_since(start).mul_f64(before);
        prop_assume!(from < due.at);
        let pause = Pause { from, to: from + SignedDuration::from_secs(seconds) };
        let moved = due.moved_by(pause, limit, &LONDON, &CALENDARS[nation]).unwrap();
        let (first, last) = (date_in_london(pause.from), date_in_london(pause.to));
        match limit {
            Limit::Hours(_) => prop_assert_eq!(moved.at, due.at + SignedDuration::from_secs(seconds)),
            Limit::CalendarDays(_) | Limit::Months(_) => {
                prop_assert_eq!(moved.date.unwrap(), due.date.unwrap() + (last - first));
            }
            Limit::WorkingDays(days) => {
                let mut lost = 0;
                let mut date = first;
                while date < last {
                    date += 1.day();
                    lost += u32::from(worked(NATIONS[nation], date));
                }
                let expected = working_days_after(NATIONS[nation], due.date.unwrap(), lost);
                prop_assert_eq!(moved.date, Some(expected));
                prop_assert_eq!(moved.at, end_in_london(expected));
                prop_assert_eq!(moved.trace.iter().filter_map(|day| day.counted).max(), Some(days));
            }
        }
    }

    #[test]
    fn shares_rise_from_the_start_to_the_due_instant(
        nation in 0..3_usize, limit in any_limit(), start in any_start(),
    ) {
        let due = due_in(nation, limit, start);
        let shares: Vec<Timestamp> = [0, 1, 25, 50, 75, 90, 99, 100]
            .map(|percent| due.counted_to_share(start, percent, &LONDON).unwrap())
            .into();
        prop_assert!(shares.is_sorted());
        prop_assert_eq!((shares[0], shares[7]), (start, due.at));
        prop_assert!(shares[6] < due.at);
    }
}

proptest! {
    // Fewer, for each reads a calendar anew.
    #![proptest_config(at_least(400))]

    #[test]
    fn one_more_holiday_is_never_due_earlier(
        nation in 0..3_usize, limit in any_limit(), start in any_start(), day in 0_i64..60,
    ) {
        let holiday = date_in_london(start) + day.days();
        prop_assume!(!NATIONS[nation].contains(&format!("\n  {holiday}: ")));
        let more = Calendar::read(&format!("{}  {holiday}: One more\n", NATIONS[nation])).unwrap();
        let (without, with) = (due_in(nation, limit, start), due(limit, start, &LONDON, &more).unwrap());
        prop_assert!(without.at <= with.at);
        let unmoved = !matches!(limit, Limit::WorkingDays(_)) || holiday > without.date.unwrap();
        prop_assert!(!unmoved || without == with);
    }
}
