//! What must follow from events, as data. Whoever carries it out has no choices left.

use std::collections::BTreeSet;

use super::definition::Definition;
use super::definition::builtin::SECOND_PERSON;
use super::draft::Happening;
use super::event::Event;

/// Something that must follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Everybody with this role is told, in a message that names nothing, that there is work to do.
    Alert {
        role: String,
        message: String,
        /// The authority whose people are meant, where it is not the one that had the case before.
        authority: Option<String>,
    },
}

/// The effects of what happened, with the place of its cause among `happened`.
pub fn effects(definition: &Definition, happened: &[Happening]) -> Vec<(usize, Effect)> {
    let mut effects = Vec::new();
    let mut confirmers: &[String] = &[];
    for (place, happening) in happened.iter().enumerate() {
        if let Event::Proposed { confirm_by, .. } = &happening.event {
            confirmers = confirm_by;
        }
        let authority = match &happening.event {
            Event::Transferred { to, .. } => Some(to.clone()),
            _ => None,
        };
        for role in alerted(definition, &happening.event, confirmers) {
            let alert = Effect::Alert {
                role,
                message: definition.scheme.task_message.to_string(),
                authority: authority.clone(),
            };
            effects.push((place, alert));
        }
    }
    effects
}

fn alerted(definition: &Definition, event: &Event, confirmers: &[String]) -> Vec<String> {
    match event {
        Event::Proposed { confirm_by, .. } => confirm_by.clone(),
        Event::Transferred { .. } => who_transfers(definition),
        Event::ClockBreached { clock, .. } if clock == SECOND_PERSON => confirmers.to_vec(),
        Event::ClockWarned { clock, .. } | Event::ClockBreached { clock, .. } => {
            let alerts = definition
                .scheme
                .clocks
                .get(clock)
                .map(|clock| &clock.alerts);
            alerts
                .map(|roles| roles.iter().map(ToString::to_string).collect())
                .unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// Those who hand cases over and give them back: it is they who look at one that arrives.
fn who_transfers(definition: &Definition) -> Vec<String> {
    let actions = definition.scheme.actions.iter();
    let transfers = actions.filter(|(_, action)| action.transfers.is_some());
    let roles = transfers.flat_map(|(_, action)| action.role.iter());
    let roles: BTreeSet<String> = roles.map(ToString::to_string).collect();
    roles.into_iter().collect()
}
