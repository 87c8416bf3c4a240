//! Cases past the day until which they have to be kept: one person proposes to forget a case or to keep it on, another confirms it or sends
//! it back, and what was confirmed is done in the same transaction. How long is said by the scheme (`engine/retention.rs`), never here.
//! Start with `list`, then `deciding`; `forgetting` is what happens once two people have said so.

mod deciding;
mod forgetting;
mod list;

pub use crate::store::erasures::ErasureRow;
pub use deciding::{Asked, GROUND, NewErasure, YEARS};
pub use list::{Keeping, MOST};

use std::collections::BTreeSet;

use uuid::Uuid;

use super::error::AppError;
use super::staff::Person;
use crate::engine::case::Case;
use crate::engine::definition::Definition;
use crate::engine::event::{Event, Recorded};
use crate::engine::retention::may_be_forgotten;
use crate::store::{Tx, erasures};

/// Whoever has no such duty is answered as if there were nothing.
fn reviews_keeping(person: &Person) -> Result<(), AppError> {
    if person.reviews_keeping {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}

/// What stands in the way of forgetting a case, in sentences.
async fn in_the_way(
    tx: &mut Tx,
    definition: &Definition,
    (id, case): (Uuid, &Case),
    now: jiff::Timestamp,
) -> Result<Vec<String>, AppError> {
    let mut found = Vec::new();
    if let Err(why) = may_be_forgotten(definition, case, now) {
        found.push(why.to_string());
    }
    if let Some(waits) = &case.pending {
        let label = definition.action_label(&waits.action);
        found.push(format!("‘{label}’ waits for a second person"));
    }
    if erasures::is_on_agenda(tx, id).await? {
        found.push("It stands on the agenda of a meeting that is not over".to_owned());
    }
    Ok(found)
}

/// The accounts of those who decided a case: who set its outcome or ended it, and who confirmed that.
fn deciders(history: &[Recorded]) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for recorded in history {
        if let Event::Acted {
            outcome,
            ended,
            confirmed,
            ..
        } = &recorded.event
            && (outcome.is_some() || *ended)
        {
            found.insert(recorded.actor.id.as_str());
            found.extend(
                confirmed
                    .iter()
                    .map(|second| second.proposed_by.id.as_str()),
            );
        }
    }
    found
}
