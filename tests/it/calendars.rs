//! The three calendar files: how many holidays there are, and those that a rule of thumb would miss.

use std::collections::BTreeMap;

use clares_law::engine::calendar::Calendar;
use jiff::civil::{Date, Weekday};

pub const ENGLAND_AND_WALES: &str =
    include_str!("../../workflows/calendars/england-and-wales.yaml");
pub const SCOTLAND: &str = include_str!("../../workflows/calendars/scotland.yaml");
pub const NORTHERN_IRELAND: &str = include_str!("../../workflows/calendars/northern-ireland.yaml");

pub fn calendar(text: &str) -> Calendar {
    Calendar::read(text).unwrap()
}

/// Calendars by the names that files and commands use.
pub fn all() -> BTreeMap<String, Calendar> {
    [ENGLAND_AND_WALES, NORTHERN_IRELAND, SCOTLAND]
        .map(|text| (calendar(text).key().to_owned(), calendar(text)))
        .into()
}

fn name(text: &str, date: &str) -> Option<String> {
    let date: Date = date.parse().unwrap();
    let calendar = calendar(text);
    calendar.why_not_working(date).unwrap().map(str::to_owned)
}

#[test]
fn every_year_has_its_number_of_holidays() {
    for (text, expected) in [
        (ENGLAND_AND_WALES, [10, 9, 8, 8, 8, 8, 8]),
        (SCOTLAND, [11, 10, 9, 9, 10, 9, 9]),
        (NORTHERN_IRELAND, [12, 11, 10, 10, 10, 10, 10]),
    ] {
        let calendar = calendar(text);
        let count = |year| {
            let dates = calendar.holidays().keys();
            dates.filter(|date| date.year() == year).count()
        };
        let counts: Vec<usize> = (2022..=2028).map(count).collect();
        assert_eq!(counts, expected, "{}", calendar.name());
    }
}

#[test]
fn every_holiday_takes_a_working_day() {
    for (key, calendar) in all() {
        for date in calendar.holidays().keys() {
            let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
            assert!(!weekend, "{key} {date}");
        }
    }
}

#[test]
fn one_offs_are_listed() {
    for text in [ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND] {
        for (date, expected) in [
            ("2022-05-30", None),
            ("2022-06-02", Some("Spring bank holiday")),
            ("2022-06-03", Some("Platinum Jubilee bank holiday")),
            (
                "2022-09-19",
                Some("Bank holiday for the State Funeral of Queen Elizabeth II"),
            ),
            (
                "2023-05-08",
                Some("Bank holiday for the coronation of King Charles III"),
            ),
        ] {
            assert_eq!(name(text, date).as_deref(), expected, "{date}");
        }
    }
}

#[test]
fn the_nations_differ() {
    let nations = [ENGLAND_AND_WALES, SCOTLAND, NORTHERN_IRELAND];
    for (date, holiday_in) in [
        ("2026-06-15", [false, true, false]), // the men's football World Cup
        ("2026-01-02", [false, true, false]),
        ("2026-04-06", [true, false, true]), // Easter Monday
        ("2026-08-03", [false, true, false]),
        ("2026-08-31", [true, false, true]),
        ("2026-11-30", [false, true, false]), // St Andrew
        ("2026-03-17", [false, false, true]), // St Patrick
        ("2025-07-14", [false, false, true]), // the Boyne, a Saturday
        ("2024-12-02", [false, true, false]), // St Andrew, a Saturday
        ("2025-12-01", [false, true, false]), // St Andrew, a Sunday
    ] {
        assert_eq!(
            nations.map(|text| name(text, date).is_some()),
            holiday_in,
            "{date}"
        );
    }
}

#[test]
fn substitutes_follow_the_weekend() {
    for (date, expected) in [
        ("2022-01-03", Some("New Year's Day (substitute day)")),
        ("2022-01-04", Some("2nd January (substitute day)")),
        ("2022-12-26", Some("Boxing Day")),
        ("2022-12-27", Some("Christmas Day (substitute day)")),
        ("2022-12-28", None),
        ("2023-01-02", Some("2nd January")),
        ("2023-01-03", Some("New Year's Day (substitute day)")),
        ("2026-12-28", Some("Boxing Day (substitute day)")),
        ("2027-01-04", Some("2nd January (substitute day)")),
        ("2027-01-05", None),
        ("2027-12-27", Some("Christmas Day (substitute day)")),
        ("2027-12-28", Some("Boxing Day (substitute day)")),
        ("2027-12-29", None),
        ("2028-01-03", Some("New Year's Day (substitute day)")),
        ("2028-01-04", Some("2nd January (substitute day)")),
        ("2028-01-05", None),
    ] {
        assert_eq!(name(SCOTLAND, date).as_deref(), expected, "{date}");
    }
}

#[test]
fn doubtful_years_say_so_and_unknown_ones_are_refused() {
    for (key, calendar) in all() {
        assert!(calendar.unconfirmed().unwrap().contains("2028"), "{key}");
        for unknown in ["2021-12-31", "2029-01-01"] {
            let unknown: Date = unknown.parse().unwrap();
            assert!(calendar.why_not_working(unknown).is_err(), "{key}");
        }
    }
}
