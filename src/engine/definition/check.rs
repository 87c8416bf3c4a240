//! What makes an edition unfit for use. Each rule says where, what and what to do about it.

use std::collections::BTreeSet;

use super::agreement_faults::CONSENT;
use super::doubts::doubts;
use super::finding::{File, Finding};
use super::record::{Field, Kind, Record};
use super::roles::Banned;
use super::scheme::{Receives, percent};
use super::yaml::Word;
use super::{
    Definition, expressions, feedback, fields_faults, gives, meets_faults, names, reach, retention,
    telling, two_people,
};
use crate::engine::limit::Limit;

/// Every finding of an edition.
pub fn check(definition: &Definition) -> Vec<Finding> {
    let mut findings = Vec::new();
    names::check(definition, &mut findings);
    limits(definition, &mut findings);
    two_people::check(definition, &mut findings);
    two_people::overall(definition, &mut findings);
    intake(definition, &mut findings);
    unreached(definition, &mut findings);
    feedback::check(definition, &mut findings);
    for (name, record) in &definition.records {
        if let Some(file) = definition.record_file(name) {
            fields(name, record, file, &mut findings);
        }
    }
    messages(definition, &mut findings);
    expressions::check(definition, &mut findings);
    meets_faults::check(definition, &mut findings);
    gives::check(definition, &mut findings);
    retention::check(definition, &mut findings);
    if findings.is_empty() {
        reach::check(definition, &mut findings);
        telling::check(definition, &mut findings);
    }
    unconfirmed(definition, &mut findings);
    findings
}

fn limits(definition: &Definition, findings: &mut Vec<Finding>) {
    let file = definition.file();
    let mut limit = |word: &Word| {
        if let Err(error) = word.parse::<Limit>() {
            findings.push(file.error(word, error.to_string()));
        }
    };
    for (_, action) in definition.scheme.actions.iter() {
        action
            .second_person
            .iter()
            .for_each(|second| limit(&second.within));
        action
            .extends
            .iter()
            .for_each(|extension| limit(&extension.by));
    }
    for (_, clock) in definition.scheme.clocks.iter() {
        clock.limit.0.iter().for_each(|case| limit(&case.is));
    }
    for (name, clock) in definition.scheme.clocks.iter() {
        for share in clock
            .warn_at
            .iter()
            .filter(|share| percent(share).is_none())
        {
            findings.push(file.error(share, "Write a share of the limit from 1% to 99%"));
        }
        if clock.source.is_empty() && clock.unconfirmed.is_none() {
            findings.push(file.error(
                name,
                "Give the `source` of this limit, or say under `unconfirmed` that there is none",
            ));
        }
        let last_applies_always = clock.limit.0.last().is_some_and(|case| case.when.is_none());
        let earlier = clock
            .limit
            .0
            .iter()
            .rev()
            .skip(1)
            .any(|case| case.when.is_none());
        if !last_applies_always || earlier {
            findings.push(file.error(
                name,
                "Of several limits the last, and only the last, has no `when`",
            ));
        }
    }
}

fn intake(definition: &Definition, findings: &mut Vec<Finding>) {
    let scheme = &definition.scheme;
    for form in scheme.intake.forms() {
        let field = definition
            .records
            .get(&**form)
            .and_then(|record| record.fields.get("capacity"));
        let sound = field.is_some_and(|field| {
            field.kind == Kind::Choice
                && field.required
                && field
                    .options
                    .names()
                    .all(|name| scheme.capacities.has(name))
        });
        if !sound {
            findings.push(definition.file().error(form, "An application form needs a required choice `capacity` that offers only declared capacities"));
        }
    }
}

/// Capacities that no form offers, and routes that no case can come by.
fn unreached(definition: &Definition, findings: &mut Vec<Finding>) {
    let scheme = &definition.scheme;
    let records = scheme
        .intake
        .forms()
        .map(|form| definition.records.get(&**form));
    let asked = records.filter_map(|record| record?.fields.get("capacity"));
    let offered: BTreeSet<&str> = asked.flat_map(|field| field.options.names()).collect();
    let (can_come, cannot): (Vec<_>, Vec<_>) =
        { scheme.capacities.iter() }.partition(|(name, _)| offered.contains(&***name));
    for (name, _) in cannot {
        let text = format!(
            "No form offers the capacity `{name}`, so nobody can come in it; offer it, or leave it out"
        );
        findings.push(definition.file().error(name, text));
    }
    let by_form = can_come.iter().map(|(_, capacity)| &capacity.route);
    let by_action = scheme
        .actions
        .iter()
        .filter_map(|(_, action)| action.route.as_ref());
    let led_to: BTreeSet<&str> = by_form.chain(by_action).map(|route| &**route).collect();
    for (name, _) in { scheme.routes.iter() }.filter(|(name, _)| !led_to.contains(&***name)) {
        let text = format!(
            "No case can come by the route `{name}`: no form offers a capacity of it, and no action leads to it"
        );
        findings.push(definition.file().error(name, text));
    }
}

fn fields(name: &str, record: &Record, file: &File, findings: &mut Vec<Finding>) {
    if &*record.record != name {
        findings.push(file.error(
            &record.record,
            format!("The file is called {name}; name the record like the file"),
        ));
    }
    let mut sound = true;
    for (key, text) in fields_faults::faults(&record.fields) {
        sound = false;
        findings.push(file.error(key, text));
    }
    let of_entries = record
        .fields
        .iter()
        .flat_map(|(_, field)| field.fields.iter());
    for (key, field) in record.fields.iter().chain(of_entries) {
        if let Some(option) = consent_as_basis(key, field) {
            findings.push(file.error(option, CONSENT));
        }
    }
    for key in record.fields.iter().map(|(key, _)| key) {
        if matches!(&**key, "missing" | "found") {
            findings.push(file.error(
                key,
                "This name is taken by a fact about checks; choose another",
            ));
        }
    }
    if !sound {
        return;
    }
    if let Err(errors) = record.accept(&record.examples()) {
        for error in errors {
            let top = error.field.split('.').next().unwrap_or_default();
            let at = record
                .fields
                .entry(top)
                .map_or(&record.record, |(key, _)| key);
            findings.push(file.error(
                at,
                format!(
                    "The example does not fit at {}: {}",
                    error.field, error.message
                ),
            ));
        }
    }
}

/// The option of a lawful basis that offers consent. It is asked for each purpose, in fields of its own.
fn consent_as_basis<'a>(key: &Word, field: &'a Field) -> Option<&'a Word> {
    let consents = |text: &str| text.to_lowercase().contains("consent");
    let mut options = field.options.iter();
    let option = options.find(|(name, label)| consents(name) || consents(label))?;
    key.starts_with("lawful_basis").then_some(option.0)
}

/// L8 and L9: messages name nothing, and a receipt is the same text everywhere.
fn messages(definition: &Definition, findings: &mut Vec<Finding>) {
    let scheme = &definition.scheme;
    let Some(banned_file) = definition.documents.0.get("messages/banned.yaml") else {
        findings.push(definition.file().error(
            &scheme.task_message,
            "This needs messages/banned.yaml, which is not there",
        ));
        return;
    };
    let banned: Banned = match banned_file.read() {
        Ok(banned) => banned,
        Err(finding) => return findings.push(finding),
    };
    let single = |word: &String| !word.is_empty() && word.chars().all(char::is_alphanumeric);
    if banned.words.is_empty() || !banned.words.iter().all(single) {
        let text = "List single words; a phrase would never be found";
        findings.push(banned_file.finding(super::finding::Severity::Error, 1, 1, text));
    }
    public_words(definition, &banned, findings);
    for (path, file) in definition
        .documents
        .under("messages")
        .filter(|(path, _)| *path != "messages/banned.yaml")
    {
        if let Some(word) = banned.first_in(file.stem()) {
            let text = format!("`{word}` may not stand in a file's name: see banned.yaml");
            findings.push(file.finding(super::finding::Severity::Error, 1, 1, text));
        }
        for (number, line) in file.text.lines().enumerate() {
            if let Some(word) = banned.first_in(line) {
                let row = u64::try_from(number).unwrap_or(0) + 1;
                findings.push(file.finding(
                    super::finding::Severity::Error,
                    row,
                    1,
                    format!("`{word}` may not stand in {path}: see banned.yaml"),
                ));
            }
        }
    }
    for (capacity, declared) in scheme
        .capacities
        .iter()
        .filter(|(_, capacity)| capacity.receives != Receives::Facts)
    {
        let mut told = scheme
            .actions
            .iter()
            .filter_map(|(_, action)| action.tells.get(capacity));
        if let Some(first) = told.next() {
            for other in told.filter(|message| message.text != first.text) {
                let text = format!(
                    "‘{}’ must be told the same everywhere; elsewhere it is `{}`",
                    declared.label, &**first
                );
                findings.push(definition.file().error(other, text));
            }
        }
    }
}

/// L8: the page 'what happens next' is read outside the sign-in.
fn public_words(definition: &Definition, banned: &Banned, findings: &mut Vec<Finding>) {
    let scheme = &definition.scheme;
    let states = scheme.states.iter();
    let sentences = states.filter_map(|(_, state)| state.public.as_ref());
    let sentences = sentences.map(|public| (public.place(), &**public));
    let capacities = scheme.capacities.iter();
    let labels = capacities.map(|(name, capacity)| (name, &*capacity.label));
    for (at, text) in sentences.chain(labels) {
        if let Some(word) = banned.first_in(text) {
            let text = format!("`{word}` may not stand on a public page: see messages/banned.yaml");
            findings.push(definition.file().error(at, text));
        }
    }
}

/// L15: what no source confirms is listed.
fn unconfirmed(definition: &Definition, findings: &mut Vec<Finding>) {
    findings.extend(doubts(definition).into_iter().map(|doubt| {
        let what = format!("{} `{}`", doubt.what, &**doubt.at);
        let text = format!("{what} is unconfirmed: {}", doubt.unconfirmed.sentence());
        doubt.file.warning(doubt.at, text)
    }));
}
