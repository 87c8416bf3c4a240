//! A definition as a picture, in Mermaid.

use std::fmt::Write;

use super::super::Definition;
use super::super::scheme::Action;

/// The states as boxes and the actions as arrows. Actions open in every state stand in a note.
pub fn mermaid(definition: &Definition) -> String {
    let scheme = &definition.scheme;
    let start = &*scheme.intake.state;
    let mut text = String::from("stateDiagram-v2\n");
    for (name, state) in scheme.states.iter() {
        line(&mut text, &format!("{name} : {}", plain(&state.label)));
    }
    line(&mut text, &format!("[*] --> {start}"));
    let everywhere = |action: &Action| action.from.has(Action::ANY_OPEN);
    let actions = || scheme.actions.iter().map(|(_, action)| action);
    for action in actions().filter(|action| !everywhere(action)) {
        let two = action
            .second_person
            .as_ref()
            .map_or("", |_| " (two people)");
        for from in action.from.iter() {
            let to = action.to.as_ref().unwrap_or(from);
            line(
                &mut text,
                &format!("{from} --> {to} : {}{two}", plain(&action.label)),
            );
        }
    }
    for (name, _) in scheme.states.iter().filter(|(_, state)| state.end) {
        line(&mut text, &format!("{name} --> [*]"));
    }
    let labels: Vec<_> = actions()
        .filter(|action| everywhere(action))
        .map(|action| plain(&action.label))
        .collect();
    if !labels.is_empty() {
        line(
            &mut text,
            &format!(
                "note right of {start} : In every open state, {}",
                labels.join(", ")
            ),
        );
    }
    text
}

fn line(text: &mut String, content: &str) {
    let _ = writeln!(text, "    {content}"); // writing to a String cannot fail
}

/// A label without the signs that Mermaid takes for its own.
fn plain(label: &str) -> String {
    label.replace([':', ';', '#'], ",")
}
