//! One action in the handbook: who does it, what must be true first, and everything that follows from it.

use std::collections::BTreeSet;

use super::super::Definition;
use super::super::scheme::{Action, SecondPerson};
use super::super::yaml::{Names, Word};
use super::saying::{capital, flag_label, list, outcome_label, plain, quoted, sentence};
use super::{Document, Line};

/// The action under its own heading.
pub fn told(book: &mut Document, definition: &Definition, name: &Word, action: &Action) {
    book.heading(4, &action.label, format!("action-{name}"));
    if let Some(help) = &action.help {
        book.say(sentence(help));
    }
    let mut lines = vec![Line::from(format!(
        "{} may do this.",
        roles(definition, &action.role)
    ))];
    lines.push(leads(definition, action).into());
    lines.extend(first(definition, action));
    lines.extend(second(definition, action));
    lines.extend(follows(definition, name, action));
    lines.extend(tells(definition, action));
    lines.extend(sources(&action.source));
    if let Some(doubt) = &action.unconfirmed {
        lines.push(Line::doubted("", Some(doubt)));
    }
    book.list(lines);
}

/// `Intake or Verifier`.
pub fn roles(definition: &Definition, roles: &Names) -> String {
    let labels = roles.iter().map(|role| definition.role_label(role));
    list(&labels.collect::<Vec<_>>(), "or")
}

/// Where it leads.
pub fn leads(definition: &Definition, action: &Action) -> String {
    match &action.to {
        Some(to) => format!("It leads to {}.", quoted(definition.state_label(to))),
        None => "The case stays where it is.".to_owned(),
    }
}

/// The keys of the sources.
pub fn sources(names: &Names) -> Option<Line> {
    let keys: Vec<_> = names.iter().map(|key| &**key).collect();
    (!keys.is_empty()).then(|| format!("Source: {}.", list(&keys, "and")).into())
}

/// What has to be written and what has to be true.
fn first(definition: &Definition, action: &Action) -> Vec<Line> {
    let mut lines = Vec::new();
    let form = action.record.as_ref();
    if let Some(form) = form.and_then(|form| definition.records.get(&**form)) {
        lines.push(format!("You fill in the form {}.", quoted(&form.label)).into());
    }
    if definition.needs_reason(action) {
        lines.push("You give the reason in your own words.".into());
    }
    if action.decided_by.is_some() {
        lines.push("The forum decides this. Somebody then records it.".into());
    }
    if action.emergency {
        lines.push("One person may do this alone, because it is an emergency.".into());
    }
    let mut said = BTreeSet::new();
    let rules = action.requires.iter();
    let rules = rules.filter(|rule| said.insert(&*rule.because) || rule.unconfirmed.is_some());
    lines.extend(rules.map(|rule| {
        let text = format!("It may be refused: {}", quoted(&sentence(&rule.because)));
        Line::doubted(text, rule.unconfirmed.as_ref())
    }));
    lines
}

/// Who must confirm it, and how soon.
fn second(definition: &Definition, action: &Action) -> Vec<Line> {
    let Some(second) = &action.second_person else {
        return Vec::new();
    };
    let mut lines = vec![confirmed(definition, second)];
    lines.push(match &second.back_to {
        Some(state) => {
            let state = quoted(definition.state_label(state));
            format!("If it is sent back, the case goes to {state}.").into()
        }
        None => "If it is sent back, the case stays where it is.".into(),
    });
    let mut forms = Vec::new();
    for name in definition.rests_on(action) {
        let label = definition.records.get(name).map(|form| quoted(&form.label));
        forms.extend(label.filter(|label| !forms.contains(label)));
    }
    if !forms.is_empty() {
        let forms = list(&forms, "or");
        lines.push(format!("Whoever filled in {forms} cannot confirm it.").into());
    }
    lines
}

fn confirmed(definition: &Definition, second: &SecondPerson) -> Line {
    let text = format!(
        "It counts only when a second person confirms it: {}, within {}.",
        roles(definition, &second.role),
        &*second.within
    );
    Line::doubted(text, second.unconfirmed.as_ref())
}

/// What changes beside the state.
fn follows(definition: &Definition, name: &Word, action: &Action) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut say = |before: &str, labels: Vec<String>, last: &str| {
        if !labels.is_empty() {
            lines.push(Line::from(format!("{before} {}.", list(&labels, last))));
        }
    };
    let named = |names: &Names, label: &dyn Fn(&str) -> String| -> Vec<String> {
        names.iter().map(|name| label(name)).collect()
    };
    let outcome = |name: &str| quoted(outcome_label(definition, name));
    let flag = |name: &str| quoted(flag_label(definition, name));
    let clock = |name: &str| quoted(definition.clock_label(name));
    say(
        "It sets the outcome",
        named(&action.outcome, &outcome),
        "or",
    );
    say("It raises the flag", named(&action.raises, &flag), "and");
    say("It lowers the flag", named(&action.lowers, &flag), "and");
    say("It pauses the clock", named(&action.pauses, &clock), "and");
    say(
        "It resumes the clock",
        named(&action.resumes, &clock),
        "and",
    );
    let clocks = |starts: bool| {
        let clocks = definition.scheme.clocks.iter().filter(|(_, clock)| {
            if starts {
                clock.starts_by(Some(name), None)
            } else {
                clock.stops_by(Some(name), None)
            }
        });
        clocks.map(|(_, clock)| quoted(&clock.label)).collect()
    };
    say("It starts the clock", clocks(true), "and");
    say("It stops the clock", clocks(false), "and");
    if let Some(route) = &action.route {
        let label = definition.scheme.routes.get(route);
        let label = quoted(label.map_or(route, |route| &route.label));
        lines.push(format!("The case goes on by the route {label}.").into());
    }
    lines.extend(action.transfers.as_ref().map(|to| {
        Line::from(if **to == *Action::BACK {
            "The case goes back to the police authority it came from."
        } else {
            "The case goes to another police authority. You cannot see it any more. The clocks run on."
        })
    }));
    if action.afresh {
        lines.push("What was recorded before is kept, but it no longer counts.".into());
    }
    if !action.keeps.is_empty() {
        let kept = action
            .keeps
            .iter()
            .map(|name| definition.records.get(&**name));
        let kept: Vec<_> = kept.flatten().map(|record| quoted(&record.label)).collect();
        lines.push(format!("Still to be read with the case: {}.", list(&kept, "and")).into());
    }
    if action.in_bulk {
        lines.push("It may be done on many cases at once.".into());
    }
    if let Some(extension) = &action.extends {
        let clock = clock(&extension.clock);
        lines.push(format!("It gives the clock {clock} {} more.", &*extension.by).into());
    }
    lines
}

/// Who is told, and by which message.
fn tells(definition: &Definition, action: &Action) -> Vec<Line> {
    let tells = action.tells.iter().map(|(capacity, message)| {
        let capacity = definition.scheme.capacities.get(capacity);
        let who = capacity.map_or("", |capacity| &*capacity.label);
        let message = quoted(&plain(message));
        Line::from(format!(
            "Who asked {} gets the message {message}.",
            quoted(who)
        ))
    });
    let nobody = action
        .tells_nobody
        .iter()
        .map(|why| Line::from(format!("Nobody is told. {}", sentence(&capital(why)))));
    tells.chain(nobody).collect()
}

/// The events that start or stop a clock: `the case comes to ‘Triaged’, or when ‘Reopen’ is done`.
pub fn events(definition: &Definition, names: &Names) -> String {
    let mut kinds: Vec<(&str, &str, Vec<String>)> = vec![
        ("the case comes to ", "", Vec::new()),
        ("", " is done", Vec::new()),
        ("the flag ", " is raised", Vec::new()),
    ];
    for name in names.iter() {
        let (kind, label) = if let Some(action) = name.strip_prefix("action ") {
            (1, definition.action_label(action))
        } else if let Some(flag) = name.strip_prefix("flag ") {
            (2, flag_label(definition, flag))
        } else {
            (0, definition.state_label(name))
        };
        kinds[kind].2.push(quoted(label));
    }
    kinds.retain(|(_, _, labels)| !labels.is_empty());
    let each = kinds
        .iter()
        .map(|(before, after, labels)| format!("{before}{}{after}", list(labels, "or")));
    each.collect::<Vec<_>>().join(", or when ")
}
