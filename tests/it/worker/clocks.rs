//! Clocks that somebody sets: no stage comes twice, none is lost, and the jump is noticed.

use clares_law::engine::event::Event;
use jiff::SignedDuration;

use super::{ALL, stages};
use crate::support::house::House;

/// D4: what was recorded stays recorded, and nothing comes again when the time comes again.
#[tokio::test]
async fn no_stage_comes_twice_after_a_step_back() {
    let house = House::new().await;
    house.hire("iain", "supervisor").await;
    let case = house.case().await;
    for hours in [24 * 60, -48, 48, -24 * 30, 24 * 60] {
        house.wait(hours);
        house.sweep(99).await.unwrap();
        assert_eq!(stages(&house, case).await, ALL);
    }
    let messages = house.count("select count(*) from outbox").await;
    assert_eq!(messages, 7, "one for each stage");
    assert_eq!(house.app.verify_history().await.unwrap().bad, []);
}

/// D2: the same stages, whether somebody looked every hour or after two months.
#[tokio::test]
async fn an_outage_of_any_length_loses_no_stage() {
    let (steady, late) = (House::new().await, House::new().await);
    let (watched, forgotten) = (steady.case().await, late.case().await);
    let lease = steady.lease("deadlines").await;
    for _ in 0..24 * 60 {
        steady.wait(1);
        steady.app.sweep(&lease, 9).await.unwrap();
    }
    late.wait(24 * 60);
    late.sweep(9).await.unwrap();
    let mut expected = ALL.map(str::to_owned);
    expected.sort();
    for (house, case) in [(&steady, watched), (&late, forgotten)] {
        let mut found = stages(house, case).await;
        found.sort();
        assert_eq!(found, expected);
    }
}

/// D6: the limit is the end of a local day, whichever way the clocks change in the night.
#[tokio::test]
async fn no_breach_comes_early_over_a_change_of_the_clocks() {
    for received in ["2026-03-27T09:30:00Z", "2026-10-23T08:30:00Z"] {
        let house = House::new().await;
        house.clock.set(received.parse().unwrap());
        let case = house.case().await;
        let lease = house.lease("deadlines").await;
        for _ in 0..24 * 60 {
            house.wait(1);
            house.app.sweep(&lease, 9).await.unwrap();
        }
        let history = house.load(case).await.history;
        let late = history.iter().filter_map(|recorded| match &recorded.event {
            Event::ClockBreached { due_at, .. } => Some(recorded.at.duration_since(*due_at)),
            _ => None,
        });
        let lateness: Vec<_> = late.collect();
        assert_eq!(lateness.len(), 2, "triage and overall");
        for late in lateness {
            assert!(!late.is_negative() && late <= SignedDuration::from_hours(1));
        }
    }
}

/// D5: against the clock that nobody can set, it shows.
#[tokio::test]
async fn a_clock_that_somebody_set_is_counted() {
    let house = House::new().await;
    let steps = || house.app.pulse.clock_steps.get();
    house.app.look().await;
    house.wait(24 * 60);
    house.app.look().await;
    assert_eq!(steps(), 0, "time went by");
    for (minutes, counted) in [(4, 0), (6, 1), (-4, 1), (-6, 2), (60 * 48, 3)] {
        let to = house.clock.now() + SignedDuration::from_mins(minutes);
        house.clock.set(to);
        house.app.look().await;
        assert_eq!(steps(), counted, "set by {minutes} minutes");
    }
}
