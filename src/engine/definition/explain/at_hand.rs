//! What an officer looks up in the handbook: the clocks, the queues of each role, the messages.

use std::collections::BTreeSet;

use super::super::Definition;
use super::super::scheme::{Clock, Queue, QueueOrder};
use super::action::{events, roles, sources};
use super::saying::{condition, flag_label, list, outcome_label, plain, quoted, sentence};
use super::{Document, Line};

pub fn clocks(book: &mut Document, definition: &Definition) {
    book.heading(2, "Clocks", "clocks");
    book.say("A late clock closes nothing and hides nothing. Days are counted from the day after the start.");
    for (name, clock) in definition.scheme.clocks.iter() {
        book.heading(3, &clock.label, format!("clock-{name}"));
        book.list(clock_lines(definition, clock));
    }
}

fn clock_lines(definition: &Definition, clock: &Clock) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let several = clock.limit.0.len() > 1;
    lines.extend(clock.limit.0.iter().map(|case| {
        let limit = &*case.is;
        Line::from(match &case.when {
            Some(when) => {
                let when = condition(definition, when, None);
                format!("The limit is {limit} when {when}.")
            }
            None if several => format!("Else the limit is {limit}."),
            None => format!("The limit is {limit}."),
        })
    }));
    let starts = events(definition, &clock.starts_on);
    lines.push(format!("It starts when {starts}.").into());
    let stops = events(definition, &clock.stops_on);
    lines.push(format!("It stops when {stops}.").into());
    if let Some(state) = &clock.counted_from {
        let state = quoted(definition.state_label(state));
        lines.push(format!("It is counted from the day the case came to {state}.").into());
    }
    if clock.pausable {
        lines.push("It can be paused, with a second person and a day to look again.".into());
    }
    if !clock.warn_at.is_empty() {
        let shares: Vec<_> = clock.warn_at.iter().map(|share| &**share).collect();
        let shares = list(&shares, "and");
        lines.push(format!("It warns when {shares} of the time is gone.").into());
    }
    if !clock.alerts.is_empty() {
        let who = roles(definition, &clock.alerts).replace(" or ", " and ");
        lines.push(format!("It tells {who} when it warns and when it is late.").into());
    }
    lines.extend(sources(&clock.source));
    lines.extend(
        clock
            .unconfirmed
            .as_ref()
            .map(|doubt| Line::doubted("", Some(doubt))),
    );
    lines
}

/// Each role with what it does and what waits for it.
pub fn queues(book: &mut Document, definition: &Definition) {
    book.heading(2, "Roles and their queues", "roles");
    for (name, role) in definition.roles.roles.iter() {
        book.heading(3, &role.label, format!("role-{name}"));
        book.say(Line::doubted(
            sentence(&role.does),
            role.unconfirmed.as_ref(),
        ));
        if !role.reads_cases {
            book.say("This role sees no case.");
        }
        let queues = definition.scheme.queues.iter();
        let mine = queues.filter(|(_, queue)| queue.role.has(name));
        book.list(
            mine.map(|(_, queue)| queue_line(definition, queue))
                .collect(),
        );
    }
}

fn queue_line(definition: &Definition, queue: &Queue) -> Line {
    let mut said = vec![format!(
        "{}: {}",
        quoted(&queue.label),
        sentence(&queue.why)
    )];
    if !queue.states.is_empty() {
        let states = queue.states.iter();
        let states = states.map(|state| quoted(definition.state_label(state)));
        let states = list(&states.collect::<Vec<_>>(), "or");
        said.push(format!("It holds cases in {states}."));
    }
    if let Some(when) = &queue.when {
        let when = condition(definition, when, None);
        said.push(format!("It shows a case when {when}."));
    }
    if queue.order == QueueOrder::Received {
        said.push("The oldest comes first.".to_owned());
    }
    said.join(" ").into()
}

/// The messages that people are sent, word for word.
pub fn messages(book: &mut Document, definition: &Definition) {
    let actions = definition.scheme.actions.iter();
    let told = actions.flat_map(|(_, action)| action.tells.iter().map(|(_, message)| &**message));
    let told: BTreeSet<&str> = told.collect();
    let language = definition.scheme.languages.first().map(|word| &**word);
    book.heading(2, "Messages", "messages");
    book.say("These are the words that people get. No message names the scheme or a person.");
    for name in told {
        let key = (name.to_owned(), language.unwrap_or_default().to_owned());
        if let Some(message) = definition.messages.get(&key) {
            book.heading(3, &plain(name), format!("message-{name}"));
            for paragraph in message.text.split("\n\n") {
                book.say(paragraph);
            }
        }
    }
}

/// What the edition has from other files, so that whoever changes one of them knows where else it shows.
pub fn shared(book: &mut Document, definition: &Definition) {
    if definition.sharing.is_empty() {
        return;
    }
    book.heading(2, "What is shared", "shared");
    book.say("Some rules are written once and used by more than one scheme.");
    let mut lines = Vec::new();
    for sharing in &definition.sharing {
        for (how, names) in [
            ("As it stands in", &sharing.unchanged),
            ("In part from", &sharing.changed),
        ] {
            let labels: Vec<_> = names
                .iter()
                .map(|name| shared_label(definition, name))
                .collect();
            if !labels.is_empty() {
                let from = quoted(&sharing.from);
                lines.push(format!("{how} {from}: {}.", labels.join(", ")).into());
            }
        }
    }
    book.list(lines);
}

/// `actions.triage` as people call it.
fn shared_label(definition: &Definition, name: &str) -> String {
    match name.split_once('.') {
        Some(("actions", name)) => quoted(definition.action_label(name)),
        Some(("states", name)) => quoted(definition.state_label(name)),
        Some(("clocks", name)) => quoted(definition.clock_label(name)),
        Some(("outcomes", name)) => quoted(outcome_label(definition, name)),
        Some(("flags", name)) => quoted(flag_label(definition, name)),
        Some(("queues", name)) => {
            let queue = definition.scheme.queues.get(name);
            quoted(queue.map_or(name, |queue| &queue.label))
        }
        other => plain(other.map_or(name, |(_, name)| name)),
    }
}
