//! In which queues a case stands, and why. Membership comes from the case alone, so it can be rebuilt from history.

use jiff::Timestamp;

use super::case::Case;
use super::command::Actor;
use super::definition::Definition;
use super::definition::scheme::{Queue, QueueOrder};
use super::facts::CaseFacts;

/// A case's place in one queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub queue: String,
    /// The sentence that tells why it is there.
    pub why: String,
    /// Cases with a smaller instant come first, after the urgent ones.
    pub order_at: Timestamp,
}

/// Whether the case has an urgent flag.
pub fn is_urgent(definition: &Definition, case: &Case) -> bool {
    let flags = definition.scheme.flags.iter();
    flags
        .filter(|(_, flag)| flag.urgent)
        .any(|(name, _)| case.has_flag(name))
}

/// Every queue that the case is in. An ended case is in none, unless a proposal waits on it.
pub fn places(definition: &Definition, case: &Case) -> Vec<Place> {
    if case.ended && case.pending.is_none() {
        return Vec::new();
    }
    let queues = definition
        .scheme
        .queues
        .iter()
        .filter(|(_, queue)| holds(definition, queue, case));
    let place = |queue: &Queue| match queue.order {
        QueueOrder::Due => case.next_due().map_or(case.received_at, |run| run.due.at),
        QueueOrder::Received => case.received_at,
    };
    queues
        .map(|(name, queue)| Place {
            queue: name.to_string(),
            why: queue.why.to_string(),
            order_at: place(queue),
        })
        .collect()
}

/// A condition that cannot be answered shows the case rather than hide it.
fn holds(definition: &Definition, queue: &Queue, case: &Case) -> bool {
    let actor = Actor::clock();
    let facts = CaseFacts {
        definition,
        case,
        actor: &actor,
        form: None,
    };
    let here = queue.states.is_empty() || queue.states.has(&case.state);
    here && queue
        .when
        .as_ref()
        .is_none_or(|when| when.holds(&facts).unwrap_or(true))
}
