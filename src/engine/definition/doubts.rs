//! What no source confirms, and what a source does: every `unconfirmed` and every `source` of an edition in one list.

use super::Definition;
use super::finding::File;
use super::record::{Field, Record};
use super::yaml::{Entries, Names, Unconfirmed, Word};

/// A rule that no source confirms (L15).
pub struct Doubt<'a> {
    /// The file it stands in, and where.
    pub file: &'a File,
    pub at: &'a Word,
    /// What kind of thing it is, as in `The clock`.
    pub what: &'static str,
    /// What people call it.
    pub label: &'a str,
    pub unconfirmed: &'a Unconfirmed,
}

/// Every doubt of the scheme, then those of its roles and forms.
pub fn doubts(definition: &Definition) -> Vec<Doubt<'_>> {
    let mut list = List {
        file: definition.file(),
        doubts: Vec::new(),
        sources: Vec::new(),
    };
    list.everything(definition);
    list.doubts
}

/// Every source, by its key, with what people call the rules that rest on it, in the order of the file.
pub fn sources(definition: &Definition) -> Vec<(&str, Vec<&str>)> {
    let mut list = List {
        file: definition.file(),
        doubts: Vec::new(),
        sources: Vec::new(),
    };
    list.everything(definition);
    let mut keys: Vec<(&str, Vec<&str>)> = Vec::new();
    for (key, label) in list.sources {
        match keys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, labels)) if labels.contains(&label) => {}
            Some((_, labels)) => labels.push(label),
            None => keys.push((key, vec![label])),
        }
    }
    keys.sort_by_key(|(key, _)| (key.len(), *key));
    keys
}

struct List<'a> {
    file: &'a File,
    doubts: Vec<Doubt<'a>>,
    /// Key and label.
    sources: Vec<(&'a str, &'a str)>,
}

impl<'a> List<'a> {
    fn add(
        &mut self,
        at: &'a Word,
        what: &'static str,
        label: &'a str,
        stands: (&'a Names, &'a Option<Unconfirmed>),
    ) {
        let (source, unconfirmed) = stands;
        let file = self.file;
        self.doubts
            .extend(unconfirmed.iter().map(|unconfirmed| Doubt {
                file,
                at,
                what,
                label,
                unconfirmed,
            }));
        self.sources
            .extend(source.iter().map(|key| (&**key, label)));
    }

    fn everything(&mut self, definition: &'a Definition) {
        const NONE: &Names = &Names(Vec::new());
        let scheme = &definition.scheme;
        let of = (&scheme.source, &scheme.unconfirmed);
        self.add(&scheme.scheme, "The scheme", &scheme.name, of);
        for (at, it) in scheme.routes.iter() {
            self.add(at, "The route", &it.label, (&it.source, &it.unconfirmed));
        }
        for (at, it) in scheme.capacities.iter() {
            self.add(at, "The capacity", &it.label, (&it.source, &it.unconfirmed));
        }
        for (at, it) in scheme.outcomes.iter() {
            self.add(at, "The outcome", &it.label, (&it.source, &it.unconfirmed));
        }
        for (at, it) in scheme.flags.iter() {
            self.add(at, "The flag", &it.label, (&it.source, &it.unconfirmed));
        }
        for (at, it) in scheme.states.iter() {
            self.add(at, "The state", &it.label, (&it.source, &it.unconfirmed));
        }
        for (label, words) in definition.said_to_referrers() {
            let of = (&words.source, &words.unconfirmed);
            self.add(
                words.says.place(),
                "What whoever refers is told of",
                label,
                of,
            );
        }
        for (at, it) in scheme.clocks.iter() {
            self.add(at, "The clock", &it.label, (&it.source, &it.unconfirmed));
        }
        for (at, it) in scheme.actions.iter() {
            self.add(at, "The action", &it.label, (&it.source, &it.unconfirmed));
            if let Some(second) = &it.second_person {
                let of = (&second.source, &second.unconfirmed);
                self.add(at, "The second person of", &it.label, of);
            }
            for rule in &it.requires {
                let because = &rule.because;
                self.add(
                    because.place(),
                    "The condition",
                    because,
                    (NONE, &rule.unconfirmed),
                );
            }
        }
        let keeping = scheme.retention.iter();
        for (at, it) in keeping.flat_map(|retention| retention.rules.iter()) {
            let of = (&it.source, &it.unconfirmed);
            self.add(at, "The rule for keeping", &it.label, of);
        }
        if let Some(forum) = &scheme.forum {
            let because = &forum.quorate.because;
            let of = (NONE, &forum.quorate.unconfirmed);
            self.add(because.place(), "The condition", because, of);
        }
        if let Some(meets) = definition.meets() {
            let of = (&meets.source, &meets.unconfirmed);
            self.add(
                &meets.own_agency,
                "The rule for meetings of",
                &scheme.name,
                of,
            );
        }
        if let Some(gives) = &scheme.gives {
            let of = (&gives.source, &gives.unconfirmed);
            self.add(&gives.letter, "What is given of", &scheme.name, of);
        }
        if let Some(file) = definition.documents.0.get("policy/roles.yaml") {
            self.file = file;
        }
        for (at, it) in definition.roles.roles.iter() {
            self.add(at, "The role", &it.label, (&it.source, &it.unconfirmed));
        }
        for (name, record) in &definition.records {
            if let Some(file) = definition.record_file(name) {
                self.file = file;
                self.form(record);
            }
        }
    }

    fn form(&mut self, record: &'a Record) {
        let of = (&record.source, &record.unconfirmed);
        self.add(&record.record, "The record", &record.label, of);
        self.fields(&record.fields);
    }

    fn fields(&mut self, fields: &'a Entries<Field>) {
        for (at, field) in fields.iter() {
            let of = (&field.source, &field.unconfirmed);
            self.add(at, "The field", &field.label, of);
            for (at, it) in field.rows.iter() {
                self.add(at, "The row", &it.label, (&it.source, &it.unconfirmed));
            }
            self.fields(&field.fields);
        }
    }
}
