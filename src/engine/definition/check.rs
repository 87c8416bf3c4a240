//! What makes an edition unfit for use. Each rule says where, what and what to do about it.

use super::finding::{File, Finding};
use super::record::{Field, Kind, Record};
use super::roles::Banned;
use super::scheme::{Action, OutcomeKind, Receives};
use super::yaml::{Names, Unconfirmed, Word};
use super::{Definition, expressions, reach, telling};
use crate::engine::clocks::{SECOND_PERSON, percent};
use crate::engine::decide::BUILT_IN;
use crate::engine::limit::Limit;

/// Every finding of an edition.
pub fn check(definition: &Definition) -> Vec<Finding> {
    let mut findings = Vec::new();
    names(definition, &mut findings);
    limits(definition, &mut findings);
    second_persons(definition, &mut findings);
    intake(definition, &mut findings);
    for (name, record) in &definition.records {
        if let Some(file) = definition.documents.0.get(&format!("records/{name}.yaml")) {
            fields(name, record, file, &mut findings);
        }
    }
    messages(definition, &mut findings);
    expressions::check(definition, &mut findings);
    if findings.is_empty() {
        reach::check(definition, &mut findings);
        telling::check(definition, &mut findings);
    }
    unconfirmed(definition, &mut findings);
    findings
}

/// A name that should be one of those declared.
struct Declared<'a> {
    what: &'static str,
    known: Vec<&'a str>,
}

impl Declared<'_> {
    fn check(&self, file: &File, word: &Word, findings: &mut Vec<Finding>) {
        if !self.known.contains(&&**word) {
            let near = self.known.iter().min_by_key(|known| distance(known, word));
            let hint = near.filter(|known| distance(known, word) <= 3).map_or_else(
                || format!("declare it under `{}s:`, or name one that exists", self.what),
                |known| format!("did you mean `{known}`?"),
            );
            findings.push(file.error(word, format!("There is no {} `{}`; {hint}", self.what, &**word)));
        }
    }

    fn check_all(&self, file: &File, words: &Names, findings: &mut Vec<Finding>) {
        words.iter().for_each(|word| self.check(file, word, findings));
    }
}

/// How many letters must change to make one word of another.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, wanted) in other.iter().enumerate() {
            let cost = diagonal + usize::from(letter != *wanted);
            diagonal = row[j + 1];
            row[j + 1] = cost.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[other.len()]
}

fn names(definition: &Definition, findings: &mut Vec<Finding>) {
    let scheme = &definition.scheme;
    let file = definition.file();
    let states = Declared { what: "state", known: scheme.states.names().collect() };
    let roles = Declared { what: "role", known: definition.roles.roles.names().collect() };
    let flags = Declared { what: "flag", known: scheme.flags.names().collect() };
    let clocks = Declared { what: "clock", known: scheme.clocks.names().collect() };
    let outcomes = Declared { what: "outcome", known: scheme.outcomes.names().collect() };
    let routes = Declared { what: "route", known: scheme.routes.names().collect() };
    let capacities = Declared { what: "capacity", known: scheme.capacities.names().collect() };
    if &*scheme.scheme != file.stem() {
        findings.push(file.error(&scheme.scheme, format!("The file is called {}; name the scheme like the file", file.stem())));
    }
    states.check(file, &scheme.intake.state, findings);
    for (_, capacity) in scheme.capacities.iter() {
        routes.check(file, &capacity.route, findings);
    }
    for (name, action) in scheme.actions.iter() {
        if BUILT_IN.contains(&&**name) {
            findings.push(file.error(name, format!("`{}` is built in; choose another name", &**name)));
        }
        if !action.from.has(Action::ANY_OPEN) {
            states.check_all(file, &action.from, findings);
        }
        if action.from.is_empty() || action.role.is_empty() {
            findings.push(file.error(name, "Name at least one state in `from` and one role"));
        }
        action.to.iter().for_each(|to| states.check(file, to, findings));
        roles.check_all(file, &action.role, findings);
        flags.check_all(file, &action.raises, findings);
        flags.check_all(file, &action.lowers, findings);
        outcomes.check_all(file, &action.outcome, findings);
        clocks.check_all(file, &action.pauses, findings);
        clocks.check_all(file, &action.resumes, findings);
        action.extends.iter().for_each(|extension| clocks.check(file, &extension.clock, findings));
        if let Some(second) = &action.second_person {
            roles.check_all(file, &second.role, findings);
            states.check(file, &second.back_to, findings);
        }
        action.tells.iter().for_each(|(capacity, _)| capacities.check(file, capacity, findings));
    }
    let actions = Declared { what: "action", known: scheme.actions.names().collect() };
    for (name, clock) in scheme.clocks.iter() {
        if &**name == SECOND_PERSON {
            findings.push(file.error(name, "`second_person` is built in; choose another name"));
        }
        for word in clock.starts_on.iter().chain(clock.stops_on.iter()) {
            match word.strip_prefix("action ") {
                Some(action) => actions.check(file, &Word { text: action.to_owned(), ..word.clone() }, findings),
                None => states.check(file, word, findings),
            }
        }
        clock.counted_from.iter().for_each(|state| states.check(file, state, findings));
        roles.check_all(file, &clock.alerts, findings);
    }
    for (_, queue) in scheme.queues.iter() {
        roles.check_all(file, &queue.role, findings);
        states.check_all(file, &queue.states, findings);
    }
}

fn limits(definition: &Definition, findings: &mut Vec<Finding>) {
    let file = definition.file();
    let mut limit = |word: &Word| {
        if let Err(error) = word.parse::<Limit>() {
            findings.push(file.error(word, error.to_string()));
        }
    };
    for (_, action) in definition.scheme.actions.iter() {
        action.second_person.iter().for_each(|second| limit(&second.within));
        action.extends.iter().for_each(|extension| limit(&extension.by));
    }
    for (_, clock) in definition.scheme.clocks.iter() {
        clock.limit.0.iter().for_each(|case| limit(&case.is));
    }
    for (name, clock) in definition.scheme.clocks.iter() {
        for share in clock.warn_at.iter().filter(|share| percent(share).is_none()) {
            findings.push(file.error(share, "Write a share of the limit from 1% to 99%"));
        }
        if clock.source.is_empty() && clock.unconfirmed.is_none() {
            findings.push(file.error(name, "Give the `source` of this limit, or say under `unconfirmed` that there is none"));
        }
        let last_applies_always = clock.limit.0.last().is_some_and(|case| case.when.is_none());
        let earlier = clock.limit.0.iter().rev().skip(1).any(|case| case.when.is_none());
        if !last_applies_always || earlier {
            findings.push(file.error(name, "Of several limits the last, and only the last, has no `when`"));
        }
    }
}

/// L4: who says no, closes, pauses or extends needs a second person; who discloses alone needs an emergency.
fn second_persons(definition: &Definition, findings: &mut Vec<Finding>) {
    let file = definition.file();
    for (name, action) in definition.scheme.actions.iter() {
        let kinds: Vec<_> = action.outcome.iter().filter_map(|outcome| definition.scheme.outcomes.get(outcome)).map(|outcome| outcome.kind).collect();
        let refuses = kinds.iter().any(|kind| *kind != OutcomeKind::Disclose);
        let ends = action.to.as_ref().is_some_and(|state| definition.is_end(state));
        let why = [
            (refuses, "it sets an outcome that is not a disclosure"),
            (ends, "it ends the case"),
            (!action.pauses.is_empty(), "it pauses a clock"),
            (action.extends.is_some(), "it extends a clock"),
        ];
        let why = why.iter().find(|(applies, _)| *applies).map(|(_, why)| *why);
        if let Some(why) = why.filter(|_| action.second_person.is_none()) {
            findings.push(file.error(name, format!("`{}` needs a `second_person`, because {why}", &**name)));
        }
        let discloses = kinds.contains(&OutcomeKind::Disclose) || action.emergency;
        let backed = action.second_person.is_some() || action.decided_by.is_some() || action.emergency;
        if discloses && !backed {
            findings.push(file.error(
                name,
                format!("`{}` discloses: give it `decided_by: forum`, a `second_person`, or `emergency: yes`", &**name),
            ));
        }
        if action.decided_by.is_some() && definition.scheme.forum.is_none() {
            findings.push(file.error(name, "Say under `forum: quorate:` when a forum may decide"));
        }
        let event = format!("action {}", &**name);
        if action.emergency && !definition.scheme.clocks.iter().any(|(_, clock)| clock.starts_on.has(&event)) {
            findings.push(file.error(name, format!("An emergency needs a clock that starts on `{event}`, so that it is ratified")));
        }
        for clock in action.pauses.iter().chain(action.extends.iter().map(|extension| &extension.clock)) {
            if definition.scheme.clocks.get(clock).is_some_and(|clock| !clock.pausable) {
                findings.push(file.error(clock, format!("The clock `{}` is not pausable", &**clock)));
            }
        }
        let review = action.record.as_ref().and_then(|record| definition.records.get(&**record)?.fields.get("review_on"));
        let reviewed = review.is_some_and(|field| field.kind == Kind::Date && field.required);
        if !action.pauses.is_empty() && !reviewed {
            findings.push(file.error(name, "A pause needs a record with a required date field `review_on`"));
        }
        if action.outcome.0.len() > 1 {
            several_outcomes(definition, name, action, findings);
        }
    }
}

fn several_outcomes(definition: &Definition, name: &Word, action: &Action, findings: &mut Vec<Finding>) {
    let record = action.record.as_ref().and_then(|record| definition.records.get(&**record));
    let field = record.and_then(|record| record.fields.get("outcome"));
    let offers = |outcome: &Word| field.is_some_and(|field| field.required && field.options.has(outcome));
    for outcome in action.outcome.iter().filter(|outcome| !offers(outcome)) {
        let text = format!("`{}` has several outcomes, so its record needs a required choice `outcome` that offers `{}`", &**name, &**outcome);
        findings.push(definition.file().error(outcome, text));
    }
}

fn intake(definition: &Definition, findings: &mut Vec<Finding>) {
    let scheme = &definition.scheme;
    for form in [&scheme.intake.public_form, &scheme.intake.referral_form] {
        let field = definition.records.get(&**form).and_then(|record| record.fields.get("capacity"));
        let sound = field.is_some_and(|field| {
            field.kind == Kind::Choice && field.required && field.options.names().all(|name| scheme.capacities.has(name))
        });
        if !sound {
            findings.push(definition.file().error(form, "An application form needs a required choice `capacity` that offers only declared capacities"));
        }
    }
}

fn fields(name: &str, record: &Record, file: &File, findings: &mut Vec<Finding>) {
    if &*record.record != name {
        findings.push(file.error(&record.record, format!("The file is called {name}; name the record like the file")));
    }
    let mut sound = true;
    for (key, field) in record.fields.iter() {
        if let Some(text) = field_fault(field) {
            sound = false;
            findings.push(file.error(key, text));
        }
        if matches!(&**key, "missing" | "found") {
            findings.push(file.error(key, "This name is taken by a fact about checks; choose another"));
        }
    }
    if !sound {
        return;
    }
    if let Err(errors) = record.accept(&record.examples()) {
        for error in errors {
            let top = error.field.split('.').next().unwrap_or_default();
            let at = record.fields.entry(top).map_or(&record.record, |(key, _)| key);
            findings.push(file.error(at, format!("The example does not fit at {}: {}", error.field, error.message)));
        }
    }
}

fn field_fault(field: &Field) -> Option<&'static str> {
    let chooses = matches!(field.kind, Kind::Choice | Kind::Choices);
    let bounded = matches!(field.kind, Kind::Text | Kind::LongText | Kind::Number);
    match () {
        () if chooses == field.options.is_empty() => Some("A choice needs `options`, and only a choice has them"),
        () if (field.kind == Kind::Checks) == field.rows.is_empty() => Some("Checks need `rows`, and only checks have them"),
        () if field.party.is_some() && field.kind != Kind::Person => Some("Only a person has a `party`"),
        () if field.max.is_some() && !bounded => Some("Only text and numbers have a `max`"),
        () if field.min.is_some() && field.kind != Kind::Number => Some("Only numbers have a `min`"),
        () if field.required && field.example.is_none() => Some("A required field needs an `example`"),
        () => None,
    }
}

/// L8 and L9: messages name nothing, and a receipt is the same text everywhere.
fn messages(definition: &Definition, findings: &mut Vec<Finding>) {
    let scheme = &definition.scheme;
    let Some(banned_file) = definition.documents.0.get("messages/banned.yaml") else {
        findings.push(definition.file().error(&scheme.task_message, "This needs messages/banned.yaml, which is not there"));
        return;
    };
    let banned: Banned = match banned_file.read() {
        Ok(banned) => banned,
        Err(finding) => return findings.push(finding),
    };
    for (path, file) in definition.documents.under("messages").filter(|(path, _)| path.ends_with(".md")) {
        for (number, line) in file.text.lines().enumerate() {
            if let Some(word) = banned.first_in(line) {
                let row = u64::try_from(number).unwrap_or(0) + 1;
                findings.push(file.finding(super::finding::Severity::Error, row, 1, format!("`{word}` may not stand in {path}: see banned.yaml")));
            }
        }
    }
    for (capacity, declared) in scheme.capacities.iter().filter(|(_, capacity)| capacity.receives == Receives::Receipt) {
        let mut told = scheme.actions.iter().filter_map(|(_, action)| action.tells.get(capacity));
        if let Some(first) = told.next() {
            for other in told.filter(|message| message.text != first.text) {
                let text = format!("‘{}’ must be told the same everywhere; elsewhere it is `{}`", declared.label, &**first);
                findings.push(definition.file().error(other, text));
            }
        }
    }
}

/// L15: what no source confirms is listed.
fn unconfirmed(definition: &Definition, findings: &mut Vec<Finding>) {
    let scheme = &definition.scheme;
    let file = definition.file();
    let mut list = |name: &Word, what: &str, doubt: Option<&Unconfirmed>| {
        if let Some(doubt) = doubt {
            findings.push(file.warning(name, format!("{what} `{}` is unconfirmed: {}", &**name, doubt.sentence())));
        }
    };
    list(&scheme.scheme, "The scheme", scheme.unconfirmed.as_ref());
    scheme.routes.iter().for_each(|(name, route)| list(name, "The route", route.unconfirmed.as_ref()));
    scheme.capacities.iter().for_each(|(name, capacity)| list(name, "The capacity", capacity.unconfirmed.as_ref()));
    scheme.outcomes.iter().for_each(|(name, outcome)| list(name, "The outcome", outcome.unconfirmed.as_ref()));
    scheme.flags.iter().for_each(|(name, flag)| list(name, "The flag", flag.unconfirmed.as_ref()));
    scheme.states.iter().for_each(|(name, state)| list(name, "The state", state.unconfirmed.as_ref()));
    scheme.clocks.iter().for_each(|(name, clock)| list(name, "The clock", clock.unconfirmed.as_ref()));
    for (name, action) in scheme.actions.iter() {
        list(name, "The action", action.unconfirmed.as_ref());
        list(name, "The second person of", action.second_person.as_ref().and_then(|second| second.unconfirmed.as_ref()));
        for rule in &action.requires {
            list(&rule.because, "The condition", rule.unconfirmed.as_ref());
        }
    }
    if let Some(forum) = &scheme.forum {
        list(&forum.quorate.because, "The condition", forum.quorate.unconfirmed.as_ref());
    }
}
