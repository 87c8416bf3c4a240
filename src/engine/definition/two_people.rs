//! The rules for second persons (L4), and for the one disclosure that a single person may make (L12).

use super::Definition;
use super::finding::Finding;
use super::record::Kind;
use super::scheme::{Action, OutcomeKind};
use super::yaml::Word;

/// The overall clock, which is the first declared, never pauses (L6).
pub fn overall(definition: &Definition, findings: &mut Vec<Finding>) {
    let Some((name, clock)) = definition.scheme.clocks.iter().next() else {
        return;
    };
    if clock.pausable {
        let text = format!(
            "`{name}` is the first clock, so it is the overall one, which never pauses: `pausable: no`"
        );
        findings.push(definition.file().error(name, text));
    }
}

/// Who says no, closes, pauses or extends needs a second person; who discloses alone needs an emergency.
pub fn check(definition: &Definition, findings: &mut Vec<Finding>) {
    for (name, action) in definition.scheme.actions.iter() {
        let mut error = |at: &Word, text: String| findings.push(definition.file().error(at, text));
        if let Some(why) = needs_two(definition, action).filter(|_| action.second_person.is_none())
        {
            error(
                name,
                format!("`{name}` needs a `second_person`, because {why}"),
            );
        }
        let back_to = action
            .second_person
            .as_ref()
            .and_then(|second| second.back_to.as_ref());
        if let Some(back_to) = back_to {
            let as_proposed = action.to.as_ref().is_some_and(|to| **to == **back_to);
            if definition.is_end(back_to) || as_proposed {
                error(
                    back_to,
                    format!(
                        "Sending `{name}` back must lead to an open state other than the one it proposes"
                    ),
                );
            }
        }
        let discloses =
            action.emergency || kinds(definition, action).any(|kind| kind == OutcomeKind::Disclose);
        let backed =
            action.second_person.is_some() || action.decided_by.is_some() || action.emergency;
        if discloses && !backed {
            error(
                name,
                format!(
                    "`{name}` discloses: give it `decided_by: forum`, a `second_person`, or `emergency: yes`"
                ),
            );
        }
        if action.decided_by.is_some() && definition.scheme.forum.is_none() {
            error(
                name,
                "Say under `forum: quorate:` when a forum may decide".to_owned(),
            );
        }
        if action.emergency && !starts_a_clock(definition, name) {
            error(
                name,
                format!(
                    "An emergency needs a clock that starts on `action {name}`, so that it is ratified"
                ),
            );
        }
        for clock in action.pauses.iter() {
            if definition
                .scheme
                .clocks
                .get(clock)
                .is_some_and(|clock| !clock.pausable)
            {
                error(clock, format!("The clock `{clock}` is not pausable"));
            }
        }
        if !action.pauses.is_empty() && !is_reviewed(definition, action) {
            error(
                name,
                "A pause needs a record with a required date field `review_on`".to_owned(),
            );
        }
        for outcome in action.outcome.iter().filter(|_| action.outcome.0.len() > 1) {
            if !offers(definition, action, outcome) {
                error(
                    outcome,
                    format!(
                        "`{name}` has several outcomes, so its record needs a required choice `outcome` that offers `{outcome}`"
                    ),
                );
            }
        }
    }
}

fn kinds<'a>(
    definition: &'a Definition,
    action: &'a Action,
) -> impl Iterator<Item = OutcomeKind> + 'a {
    let outcomes = action
        .outcome
        .iter()
        .filter_map(|name| definition.scheme.outcomes.get(name));
    outcomes.map(|outcome| outcome.kind)
}

/// Why an action cannot be one person's alone.
fn needs_two(definition: &Definition, action: &Action) -> Option<&'static str> {
    let ends = action
        .to
        .as_ref()
        .is_some_and(|state| definition.is_end(state));
    if kinds(definition, action).any(|kind| kind != OutcomeKind::Disclose) {
        Some("it sets an outcome that is not a disclosure")
    } else if ends {
        Some("it ends the case")
    } else if !action.pauses.is_empty() {
        Some("it pauses a clock")
    } else if action.extends.is_some() {
        Some("it extends a clock")
    } else {
        None
    }
}

fn starts_a_clock(definition: &Definition, action: &Word) -> bool {
    let event = format!("action {action}");
    let mut clocks = definition.scheme.clocks.iter();
    clocks.any(|(_, clock)| clock.starts_on.has(&event))
}

fn is_reviewed(definition: &Definition, action: &Action) -> bool {
    let record = action
        .record
        .as_ref()
        .and_then(|record| definition.records.get(&**record));
    let review = record.and_then(|record| record.fields.get("review_on"));
    review.is_some_and(|field| field.kind == Kind::Date && field.required)
}

fn offers(definition: &Definition, action: &Action, outcome: &Word) -> bool {
    let record = action
        .record
        .as_ref()
        .and_then(|record| definition.records.get(&**record));
    let field = record.and_then(|record| record.fields.get("outcome"));
    field.is_some_and(|field| field.required && field.options.has(outcome))
}
