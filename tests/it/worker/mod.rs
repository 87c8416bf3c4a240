//! What happens by itself: on several nodes as on one, over pauses, breakdowns and clocks that somebody sets.

mod clocks;
mod health;
mod integrity;
mod leases;
mod poison;
mod running;

use clares_law::domain::id::CaseId;
use clares_law::engine::event::Event;

use crate::support::house::House;

/// The stages of a case that have been recorded, each as `clock stage`.
async fn stages(house: &House, case: CaseId) -> Vec<String> {
    let history = house.load(case).await.history.into_iter();
    let stages = history.filter_map(|recorded| match recorded.event {
        Event::ClockWarned { clock, stage, .. } => Some(format!("{clock} {stage}")),
        Event::ClockBreached { clock, .. } => Some(format!("{clock} breach")),
        _ => None,
    });
    stages.collect()
}

/// What a case that nobody touches has after 24 days.
const ALL: [&str; 7] = [
    "triage 50%",
    "triage 75%",
    "triage breach",
    "overall 50%",
    "overall 75%",
    "overall 90%",
    "overall breach",
];
