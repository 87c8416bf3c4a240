//! What must follow from events, as data. Whoever carries it out has no choices left.

use std::collections::BTreeSet;

use super::case::Case;
use super::definition::Definition;
use super::definition::builtin::SECOND_PERSON;
use super::draft::Happening;
use super::event::Event;

/// Something that must follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Everybody with this role at this authority is told, in a message that names nothing, that there is work to do.
    Alert {
        role: String,
        message: String,
        authority: String,
    },
}

/// The effects of what happened to `case` as it was before, with the place of its cause among `happened`. What happened
/// before a move to the edition `target` has the effects that its own edition gives it.
pub fn effects(
    definition: &Definition,
    target: Option<&Definition>,
    case: &Case,
    happened: &[Happening],
) -> Vec<(usize, Effect)> {
    let mut effects = Vec::new();
    let mut definition = definition;
    let mut authority = case.authority.as_str();
    let waits = case.pending.as_ref();
    let mut confirmers = waits.map_or(&[][..], |waits| &waits.confirm_by);
    for (place, happening) in happened.iter().enumerate() {
        match &happening.event {
            Event::Opened { authority: to, .. } | Event::Transferred { to, .. } => authority = to,
            Event::Proposed { confirm_by, .. } => confirmers = confirm_by,
            Event::Migrated { .. } => definition = target.unwrap_or(definition),
            _ => {}
        }
        for role in alerted(definition, &happening.event, confirmers) {
            let alert = Effect::Alert {
                role,
                message: definition.scheme.task_message.to_string(),
                authority: authority.to_owned(),
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
