//! A phase of the handbook: its states, and in each what can be done there.

use std::collections::BTreeSet;

use super::super::Definition;
use super::super::feedback::ToReferrer;
use super::super::scheme::{Action, Phase, State};
use super::saying::{list, quoted, sentence};
use super::{Document, Line, action};

/// The phase with its states, in the order of the file. `told` are the actions that were told already.
pub fn phase<'a>(
    book: &mut Document,
    definition: &'a Definition,
    phase: Phase,
    told: &mut BTreeSet<&'a str>,
) {
    let states = definition.scheme.states.iter();
    let mut states = states.filter(|(_, state)| state.phase == phase).peekable();
    if states.peek().is_none() {
        return;
    }
    book.heading(2, phase.label(), format!("phase-{}", phase.name()));
    for (name, state) in states {
        book.heading(3, &state.label, format!("state-{name}"));
        book.list(facts(definition, name, state));
        actions(book, definition, name, told);
    }
}

fn facts(definition: &Definition, name: &str, state: &State) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.extend(state.help.iter().map(|help| Line::from(sentence(help))));
    if name == &*definition.scheme.intake.state {
        lines.push("Every case begins here.".into());
    }
    if state.end {
        lines.push("The case ends here. It is not open any more.".into());
    }
    let clocks = |which: fn(&super::super::scheme::Clock, &str) -> bool| {
        let clocks = definition.scheme.clocks.iter();
        let labels = clocks.filter(|(_, clock)| which(clock, name));
        labels
            .map(|(_, clock)| quoted(&clock.label))
            .collect::<Vec<_>>()
    };
    let starts = clocks(|clock, name| clock.starts_by(None, Some(name)));
    if !starts.is_empty() {
        lines.push(format!("Starts the clock {}.", list(&starts, "and")).into());
    }
    let stops = clocks(|clock, name| clock.stops_by(None, Some(name)));
    if !stops.is_empty() {
        lines.push(format!("Stops the clock {}.", list(&stops, "and")).into());
    }
    if let Some(public) = &state.public {
        lines.push(format!("The public page says: {}", quoted(public)).into());
    }
    lines.extend(state.to_referrer.iter().flat_map(to_referrer));
    lines.extend(super::action::sources(&state.source));
    if let Some(doubt) = &state.unconfirmed {
        lines.push(Line::doubted("", Some(doubt)));
    }
    lines
}

/// What whoever referred a case reads of it.
pub fn to_referrer(words: &ToReferrer) -> Vec<Line> {
    let told = format!("Whoever referred it reads: {}", quoted(&words.says));
    let mut lines = vec![Line::doubted(told, words.unconfirmed.as_ref())];
    let asked = words.asks.iter();
    lines.extend(asked.map(|asks| Line::from(format!("They are asked: {}", quoted(asks)))));
    lines.extend(super::action::sources(&words.source));
    lines
}

/// Each action in full at the first state it can be taken from; later a line that leads there.
fn actions<'a>(
    book: &mut Document,
    definition: &'a Definition,
    state: &str,
    told: &mut BTreeSet<&'a str>,
) {
    let here = |action: &Action| action.from.has(state);
    each(
        book,
        definition,
        here,
        "You can also do this here. It is told above.",
        told,
    );
}

/// Each action of some kind: in full, or, where it was told already, in a line after these words.
pub fn each<'a>(
    book: &mut Document,
    definition: &'a Definition,
    of_kind: impl Fn(&Action) -> bool,
    also: &str,
    told: &mut BTreeSet<&'a str>,
) {
    let actions = definition.scheme.actions.iter();
    let (again, new): (Vec<_>, Vec<_>) = actions
        .filter(|(_, action)| of_kind(action))
        .partition(|(name, _)| told.contains(&***name));
    for (name, declared) in new {
        action::told(book, definition, name, declared);
        told.insert(name);
    }
    if again.is_empty() {
        return;
    }
    book.say(also);
    let lines = again.into_iter().map(|(name, declared)| Line {
        more: Some((declared.label.to_string(), format!("action-{name}"))),
        text: action::leads(definition, declared),
        ..Line::default()
    });
    book.list(lines.collect());
}
