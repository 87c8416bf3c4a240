//! The page 'what happens next'. It is read outside the sign-in: no scheme, no party and no outcome is named (L8). A scheme without a
//! public form has no such page there; the same text is then for whoever refers.

use super::super::Definition;
use super::super::scheme::Receives;
use super::super::wording::Wording;
use super::{Block, Document, Line};

/// What an outsider may know of the way, of what they may be told, and of the time.
pub fn public(definition: &Definition) -> Document {
    let mut page = Document {
        title: "What happens next".to_owned(),
        ..Document::default()
    };
    if definition.scheme.intake.public_form.is_none() {
        page.say("This is for people who tell us about somebody as part of their job.");
    }
    page.say("This is what we do with what you tell us. It does not always happen in this order.");
    let steps = steps(definition);
    if !steps.is_empty() {
        page.blocks.push(Block::Steps(steps));
    }
    page.heading(2, "How long it takes", "how-long");
    page.say(time(definition));
    page.heading(2, "What we can tell you", "what-we-can-tell");
    page.list(told(definition));
    page.say("We cannot promise an answer. If we say little or nothing, it does not mean that anyone is safe.");
    page.heading(2, "If you need help now", "help-now");
    page.list(
        [
            "In danger: call 999. If you cannot speak, stay on the line and press 55 on a mobile.",
            "Not urgent: call 101, or go to a police station.",
            "To talk to somebody first: a support service can help, free and in confidence.",
        ]
        .map(Line::from)
        .into(),
    );
    page
}

/// The sentences of the states, in the order of the file; one that several states share is said once.
fn steps(definition: &Definition) -> Vec<Line> {
    let states = definition.scheme.states.iter();
    let mut said: Vec<&Wording> = Vec::new();
    for words in states.filter_map(|(_, state)| state.public.as_ref()) {
        if !said.iter().any(|known| ***known == **words) {
            said.push(words);
        }
    }
    let stop = |words: &Wording| if words.ends_with('.') { "" } else { "." };
    said.into_iter()
        .map(|words| after(words, stop(words)))
        .collect()
}

/// Words of the definition, and what follows them.
fn after(words: &Wording, text: &str) -> Line {
    Line {
        said: Some(words.clone()),
        text: text.to_owned(),
        ..Line::default()
    }
}

/// The overall limit, which is that of the first clock, where everything about it is confirmed.
fn time(definition: &Definition) -> String {
    let first = definition.scheme.clocks.iter().next();
    let certain = first.and_then(|(_, clock)| match &clock.limit.0[..] {
        [only] if clock.unconfirmed.is_none() && only.when.is_none() => Some(&only.is),
        _ => None,
    });
    certain.map_or_else(
        || "We do it as soon as we can. We cannot promise a day.".to_owned(),
        |limit| {
            format!(
                "We aim to finish within {}. We do it sooner if we can.",
                &**limit
            )
        },
    )
}

/// What each of those may be told who can fill in the public form or, where there is none, who can refer.
fn told(definition: &Definition) -> Vec<Line> {
    let form = definition.scheme.intake.forms().next();
    let form = form.and_then(|form| definition.records.get(&**form));
    let asked = form.and_then(|form| form.fields.get("capacity"));
    let outside = |name: &str| asked.is_some_and(|field| field.options.has(name));
    let capacities = definition.scheme.capacities.iter();
    let capacities = capacities.filter(|(name, _)| outside(name));
    let each = capacities.map(|(_, capacity)| {
        let what = match capacity.receives {
            Receives::Facts => {
                "If there is something that you need to know to be safe, we may be able to tell you."
            }
            Receives::Feedback => {
                "We tell you how it goes when you sign in. We cannot tell you all that we know."
            }
            Receives::Receipt => {
                "We tell you when we have dealt with it. We cannot tell you what we found or what we did."
            }
        };
        after(&capacity.label, &format!(": {what}"))
    });
    each.collect()
}
