//! The rules for `forum: meets:`: its roles, states, actions, forms and agencies exist and fit together.

use super::Definition;
use super::finding::Finding;
use super::meets::{ANSWER, CANNOT_SHARE, INFORMATION, Meets, NOTHING_HELD, Written};
use super::record::{Kind, Record};
use super::yaml::{Names, Word};
use crate::engine::limit::Limit;

pub fn check(definition: &Definition, findings: &mut Vec<Finding>) {
    let Some(meets) = definition.meets() else {
        return;
    };
    let file = definition.file();
    let mut error = |at: &Word, text: String| findings.push(file.error(at, text));
    names(definition, meets, &mut error);
    ratifies(definition, meets, &mut error);
    limits(meets, &mut error);
    agencies(definition, meets, &mut error);
    answer(definition, meets, &mut error);
    writes(definition, meets, &mut error);
}

fn names(definition: &Definition, meets: &Meets, error: &mut impl FnMut(&Word, String)) {
    let scheme = &definition.scheme;
    let roles = [&meets.convened_by, &meets.chaired_by, &meets.members];
    for role in roles.into_iter().flat_map(Names::iter) {
        if !definition.roles.roles.has(role) {
            error(role, format!("There is no role `{role}`"));
        }
    }
    for state in meets.lists.iter().filter(|name| !scheme.states.has(name)) {
        error(state, format!("There is no state `{state}`"));
    }
    if !scheme.clocks.has(&meets.clock) {
        error(&meets.clock, format!("There is no clock `{}`", meets.clock));
    }
    let own = [&meets.answers_filed_by, &meets.taken_by].into_iter();
    for action in own.chain(meets.settled_by.iter()) {
        if !scheme.actions.has(action) {
            error(action, format!("There is no action `{action}`"));
        }
    }
    let chairs = |action: &&Word| {
        let declared = scheme.actions.get(action);
        declared.is_some_and(|action| !meets.chaired_by.iter().any(|role| action.role.has(role)))
    };
    let ratifies = meets.ratifies.iter().map(|ratifies| &ratifies.action);
    let driven = [&meets.taken_by].into_iter().chain(ratifies);
    for action in driven.filter(chairs) {
        error(action, "Whoever chairs must have this action".to_owned());
    }
    let asked = [&meets.convened_by, &meets.chaired_by, &meets.members];
    let mut asked = asked.into_iter().flat_map(Names::iter);
    let filing = scheme.actions.get(&meets.answers_filed_by);
    if filing.is_some_and(|action| asked.any(|role| !action.role.has(role))) {
        let text = "Whoever calls a meeting, chairs it or sits in it must have this action";
        error(&meets.answers_filed_by, text.to_owned());
    }
}

/// What is ratified comes to the forum in whatever state it is, so it can be ratified in every one.
fn ratifies(definition: &Definition, meets: &Meets, error: &mut impl FnMut(&Word, String)) {
    let Some(ratifies) = &meets.ratifies else {
        return;
    };
    let scheme = &definition.scheme;
    if !scheme.queues.has(&ratifies.queue) {
        let text = format!("There is no queue `{}`", ratifies.queue);
        error(&ratifies.queue, text);
    }
    let declared = scheme.actions.get(&ratifies.action);
    let Some(declared) = declared else {
        let text = format!("There is no action `{}`", ratifies.action);
        error(&ratifies.action, text);
        return;
    };
    let open = scheme.states.iter().filter(|(_, state)| !state.end);
    let nowhere = open.filter(|(name, _)| !definition.may_start(declared, name));
    if nowhere.count() > 0 {
        let text =
            "A case comes to be ratified in any state, so this action starts `from: any_open`";
        error(&ratifies.action, text.to_owned());
    }
}

fn limits(meets: &Meets, error: &mut impl FnMut(&Word, String)) {
    for word in [&meets.answers_due, &meets.comments_for] {
        if let Err(why) = word.parse::<Limit>() {
            error(word, why.to_string());
        }
    }
    if !matches!(meets.room_opens.parse(), Ok(Limit::Hours(_))) {
        let text = "Say how many hours before it begins people can come in, like `1 hour`";
        error(&meets.room_opens, text.to_owned());
    }
    if meets.minutes_per_case == 0 {
        error(&meets.clock, "`minutes_per_case` is at least 1".to_owned());
    }
}

fn agencies(definition: &Definition, meets: &Meets, error: &mut impl FnMut(&Word, String)) {
    let known = |agency: &Word| definition.agencies().any(|(name, _)| **name == **agency);
    if definition.agencies().next().is_none() {
        let text = "The form of this action needs a field of checks: its rows are the agencies";
        error(&meets.answers_filed_by, text.to_owned());
        return;
    }
    let named = [&meets.own_agency].into_iter().chain(meets.quorum.iter());
    for agency in named.filter(|agency| !known(agency)) {
        error(
            agency,
            format!("There is no agency `{agency}` among those asked"),
        );
    }
    if meets.quorum.is_empty() {
        let text = "Name under `quorum` at least one agency that must be there";
        error(&meets.own_agency, text.to_owned());
    }
}

/// An answer that nothing is held is one click, so everything else in it can be left out.
fn answer(definition: &Definition, meets: &Meets, error: &mut impl FnMut(&Word, String)) {
    let form = &meets.answer.form;
    let Some(record) = definition.records.get(&**form) else {
        return;
    };
    let says = record.fields.get(ANSWER);
    let options = [NOTHING_HELD, INFORMATION, CANNOT_SHARE];
    let sound = says.is_some_and(|field| {
        field.kind == Kind::Choice
            && field.required
            && options.iter().all(|name| field.options.has(name))
    });
    let others = record
        .fields
        .iter()
        .any(|(name, field)| &**name != ANSWER && field.required);
    if !sound || others {
        let text = "This form needs a required choice `answer` with the options `nothing_held`, `information` and `cannot_share`, and requires nothing else";
        error(form, text.to_owned());
    }
}

/// Whether a word is one of the answers that a choice offers; it is written as it stands.
fn option(record: &Record, field: &str, word: &str) -> bool {
    let declared = record.fields.get(field);
    declared.is_some_and(|field| field.kind == Kind::Choice && field.options.has(word))
}

fn writes(definition: &Definition, meets: &Meets, error: &mut impl FnMut(&Word, String)) {
    let Some(record) = definition.form_of_action(&meets.taken_by) else {
        return;
    };
    for (field, fact) in meets.writes.iter() {
        let kind = record.fields.get(field).map(|field| field.kind);
        match (kind, Written::named(fact)) {
            (None, _) => error(
                field,
                format!("The form `{}` has no such field", record.record),
            ),
            (Some(_), None) if option(record, field, fact) => {}
            (_, None) => error(
                fact,
                "A meeting knows no such fact; they are listed in workflows/README.md".to_owned(),
            ),
            (Some(kind), Some(written)) if !written.kinds().contains(&kind) => {
                error(
                    field,
                    format!(
                        "`{fact}` cannot be written into a field of kind {}",
                        kind.name()
                    ),
                );
            }
            _ => {}
        }
    }
    let left = record
        .fields
        .iter()
        .filter(|(name, field)| field.required && !meets.writes.has(name));
    for (name, _) in left {
        error(
            &meets.taken_by,
            format!("Say under `writes` what the meeting writes into the required field `{name}`"),
        );
    }
}
