//! What must follow from events, as data. Whoever carries it out has no choices left.

use super::definition::Definition;
use super::definition::builtin::SECOND_PERSON;
use super::draft::Happening;
use super::event::Event;

/// Something that must follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Everybody with this role is told, in a message that names nothing, that there is work to do.
    Alert { role: String, message: String },
}

/// The effects of what happened, with the place of its cause among `happened`.
pub fn effects(definition: &Definition, happened: &[Happening]) -> Vec<(usize, Effect)> {
    let mut effects = Vec::new();
    let mut confirmers: &[String] = &[];
    for (place, happening) in happened.iter().enumerate() {
        if let Event::Proposed { confirm_by, .. } = &happening.event {
            confirmers = confirm_by;
        }
        for role in alerted(definition, &happening.event, confirmers) {
            let message = definition.scheme.task_message.to_string();
            effects.push((place, Effect::Alert { role, message }));
        }
    }
    effects
}

fn alerted(definition: &Definition, event: &Event, confirmers: &[String]) -> Vec<String> {
    match event {
        Event::Proposed { confirm_by, .. } => confirm_by.clone(),
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
