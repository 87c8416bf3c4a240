//! A definition as a picture, in Mermaid.

use std::fmt::Write;

use super::Definition;
use super::scheme::Action;

/// The states as boxes in their phases and the actions as arrows. Actions open in every state are listed in a note.
pub fn mermaid(definition: &Definition) -> String {
    let scheme = &definition.scheme;
    let mut text = String::from("stateDiagram-v2\n");
    let mut line = |content: String| {
        let _ = writeln!(text, "    {content}");
    };
    for (name, state) in scheme.states.iter() {
        line(format!("{} : {}", &**name, state.label));
    }
    line(format!("[*] --> {}", &*scheme.intake.state));
    for (_, action) in scheme
        .actions
        .iter()
        .filter(|(_, action)| !action.from.has(Action::ANY_OPEN))
    {
        let two = if action.second_person.is_some() {
            " (two people)"
        } else {
            ""
        };
        for from in action.from.iter() {
            let to = action.to.as_deref().unwrap_or(from);
            line(format!("{} --> {to} : {}{two}", &**from, action.label));
        }
    }
    for (name, _) in scheme.states.iter().filter(|(_, state)| state.end) {
        line(format!("{} --> [*]", &**name));
    }
    let anywhere = scheme
        .actions
        .iter()
        .filter(|(_, action)| action.from.has(Action::ANY_OPEN));
    let labels: Vec<_> = anywhere.map(|(_, action)| action.label.as_str()).collect();
    if !labels.is_empty() {
        line(format!(
            "note right of {} : In every open state: {}",
            &*scheme.intake.state,
            labels.join(", ")
        ));
    }
    text
}
