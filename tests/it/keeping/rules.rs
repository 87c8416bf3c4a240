//! How long a case is kept, on the pure engine.

use clares_law::engine::retention::{WhyKept, held, kept, may_be_forgotten};
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};
use proptest::prelude::*;
use serde_json::json;

use crate::support::world::{Walk, dsdas, editions, person, scenario, steps_before};

/// A case that has been closed, its papers to be kept by this class.
fn closed(class: &str) -> Walk {
    let scenario = scenario("She asks to stop");
    let closing = steps_before(scenario, "close");
    let mut walk = Walk::play(scenario, closing, |role, number| format!("{role} {number}"));
    walk.now += SignedDuration::from_hours(24);
    let class = json!({ "retention_class": class });
    walk.does(person("ewan", "coordinator"), "close", &class)
        .unwrap();
    walk.does(person("shona", "supervisor"), "confirm", &json!({}))
        .unwrap();
    assert!(walk.case.ended);
    walk
}

fn day_it_ended(walk: &Walk) -> Date {
    walk.case
        .state_since
        .to_zoned(walk.definition.zone.clone())
        .date()
}

#[test]
fn each_class_has_its_years_and_the_day_itself_is_still_kept() {
    for (class, rule, years) in [
        ("long", "long", 10),
        ("standard", "standard", 6),
        ("short", "standard", 6),
    ] {
        let walk = closed(class);
        let kept = kept(walk.definition, &walk.case).unwrap();
        assert_eq!(
            (&*kept.rule, kept.last_day),
            (rule, day_it_ended(&walk) + years.years())
        );
        let asked = |now| may_be_forgotten(walk.definition, &walk.case, now);
        let before = kept.until - SignedDuration::from_nanos(1);
        assert_eq!(
            asked(before),
            Err(WhyKept::UntilThen(kept.last_day)),
            "{class}"
        );
        let first = kept
            .until
            .to_zoned(TimeZone::get("Europe/London").unwrap())
            .datetime();
        assert_eq!(
            first,
            kept.last_day.tomorrow().unwrap().at(0, 0, 0, 0),
            "{class}"
        );
        assert_eq!(asked(kept.until), Ok(kept));
    }
}

#[test]
fn the_day_is_the_one_of_the_people_who_live_there() {
    let mut walk = closed("standard");
    // Half past midnight in summer is still the day before in Greenwich.
    walk.case.state_since = date(2026, 7, 10)
        .at(0, 30, 0, 0)
        .to_zoned(walk.definition.zone.clone())
        .unwrap()
        .timestamp();
    let kept = kept(walk.definition, &walk.case).unwrap();
    assert_eq!(kept.last_day, date(2032, 7, 10));
    assert_eq!(kept.until.to_string(), "2032-07-10T23:00:00Z");
}

#[test]
fn an_open_case_is_kept_and_so_is_one_that_was_reopened() {
    let mut walk = closed("standard");
    walk.now += SignedDuration::from_hours(24 * 366 * 50);
    assert!(may_be_forgotten(walk.definition, &walk.case, walk.now).is_ok());
    walk.does(person("iain", "supervisor"), "reopen", &json!({}))
        .unwrap();
    assert_eq!(kept(walk.definition, &walk.case), None);
    assert_eq!(
        may_be_forgotten(walk.definition, &walk.case, walk.now),
        Err(WhyKept::Open)
    );
}

#[test]
fn what_is_in_doubt_is_kept() {
    let walk = closed("standard");
    let late = walk.now + SignedDuration::from_hours(24 * 366 * 50);
    let mut silent = walk.definition.clone();
    silent.scheme.retention = None;
    assert_eq!(
        may_be_forgotten(&silent, &walk.case, late),
        Err(WhyKept::NoRule)
    );
    // A condition that cannot be answered does not let the next, shorter rule have its way.
    let mut broken = walk.definition.clone();
    broken.records.remove("closing");
    assert_eq!(
        may_be_forgotten(&broken, &walk.case, late),
        Err(WhyKept::NoRule)
    );
}

#[test]
fn a_hold_is_placed_by_one_and_ended_by_two_however_much_later() {
    let mut walk = closed("standard");
    let none = json!({});
    walk.does(person("ewan", "coordinator"), "place_legal_hold", &none)
        .unwrap();
    walk.now += SignedDuration::from_hours(24 * 366 * 50);
    let asked = |walk: &Walk| may_be_forgotten(walk.definition, &walk.case, walk.now);
    assert_eq!(asked(&walk), Err(WhyKept::Held));
    walk.does(person("iain", "supervisor"), "lift_legal_hold", &none)
        .unwrap();
    assert_eq!(asked(&walk), Err(WhyKept::Held), "asked for is not ended");
    assert!(
        walk.does(person("iain", "supervisor"), "confirm", &none)
            .is_err()
    );
    walk.does(person("shona", "supervisor"), "confirm", &none)
        .unwrap();
    assert!(asked(&walk).is_ok());
}

#[test]
fn every_shipped_scheme_says_how_long_and_what_holds() {
    for definition in editions() {
        let says = definition.scheme.retention.as_ref();
        let retention = says.unwrap_or_else(|| panic!("{}", definition.path));
        assert!(definition.scheme.flags.has(&retention.hold));
        let mut rules = retention.rules.iter();
        assert!(rules.all(|(_, rule)| rule.keeps().is_some()));
    }
}

proptest! {
    /// A hold blocks whatever the day and whatever the class; without it the day alone decides.
    #[test]
    fn a_hold_always_blocks(ended in 0_i64..60_000, later in 0_i64..60_000, long: bool, hold: bool) {
        let mut walk = closed(if long { "long" } else { "standard" });
        let hours = |hours: i64| SignedDuration::from_hours(hours * 7);
        walk.case.state_since += hours(ended);
        let now = walk.case.state_since + hours(later);
        if hold {
            walk.case.flags.insert("legal_hold".to_owned(), now);
        }
        let asked = may_be_forgotten(dsdas(), &walk.case, now);
        let day = now.to_zoned(dsdas().zone.clone()).date();
        let over = day > day_it_ended(&walk) + if long { 10 } else { 6 }.years();
        prop_assert_eq!(asked.is_ok(), over && !hold);
        prop_assert_eq!(held(dsdas(), &walk.case).is_some(), hold);
        prop_assert!(!hold || asked == Err(WhyKept::Held));
    }
}
