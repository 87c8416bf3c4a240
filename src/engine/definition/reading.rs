//! Putting an edition together from its files.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::compose::{Sharing, compose};
use super::finding::{File, Finding, Severity};
use super::record::Record;
use super::roles::{Message, Roles};
use super::scheme::Scheme;
use super::voice::Voice;
use super::{Definition, Library, builtin, yaml};
use crate::engine::calendar::Calendar;

/// The document that says what the others have from which file.
pub const SHARING: &str = "sharing.json";

/// Puts an edition together from its files; gives up only where a file cannot be read at all.
pub fn assemble(library: &Library, path: &str, findings: &mut Vec<Finding>) -> Option<Definition> {
    let mut reader = Reader {
        library,
        used: Library::default(),
        sharing: Vec::new(),
        findings,
    };
    let scheme: Scheme = reader.read(path)?;
    let roles: Option<Roles> = reader.beside(path, "policy/roles.yaml");
    let calendar_path = format!("calendars/{}.yaml", &*scheme.calendar);
    let calendar_text = reader.text(path, &scheme.calendar, &calendar_path);
    let calendar = calendar_text.and_then(|file| match Calendar::read(&file.text) {
        Ok(calendar) => Some(calendar),
        Err(text) => {
            reader
                .findings
                .push(file.finding(Severity::Error, 1, 1, text));
            None
        }
    });
    let records = reader.records(path, &scheme);
    let messages = reader.messages(path, &scheme);
    reader.keep("messages/banned.yaml");
    let scheme_file = reader.used.0.get(path)?;
    let zone = TimeZone::get(&scheme.time_zone).ok();
    if zone.is_none() {
        reader.findings.push(scheme_file.error(
            &scheme.time_zone,
            "There is no such time zone; write one like Europe/London",
        ));
    }
    let sharing = reader.sharing();
    Some(Definition {
        records: records?,
        roles: roles?,
        calendar: calendar?,
        zone: zone?,
        messages,
        documents: reader.used,
        sharing,
        authorities: BTreeMap::new(),
        path: path.to_owned(),
        built_in: builtin::labels(),
        voice: Voice::default(),
        scheme,
    })
}

struct Reader<'a> {
    library: &'a Library,
    used: Library,
    sharing: Vec<Sharing>,
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    /// What is shared is kept among the documents, since these are flat.
    fn sharing(&mut self) -> Vec<Sharing> {
        let kept = self.library.0.get(SHARING);
        if let Some(file) = kept {
            self.used.0.insert(SHARING.to_owned(), file.clone());
            return serde_json::from_str(&file.text).unwrap_or_default();
        }
        if let Some(text) = serde_json::to_string(&self.sharing)
            .ok()
            .filter(|_| !self.sharing.is_empty())
        {
            self.used
                .0
                .insert(SHARING.to_owned(), File::new(SHARING, text));
        }
        std::mem::take(&mut self.sharing)
    }

    fn read<T: serde::de::DeserializeOwned>(&mut self, path: &str) -> Option<T> {
        let composed = compose(self.library, path);
        let (file, sharing) = composed
            .map_err(|finding| self.findings.push(finding))
            .ok()?;
        let read = file.read();
        self.used.0.insert(path.to_owned(), file);
        self.sharing.extend(sharing);
        read.map_err(|finding| self.findings.push(finding)).ok()
    }

    fn keep(&mut self, path: &str) {
        if let Some(file) = self.library.0.get(path) {
            self.used.0.insert(path.to_owned(), file.clone());
        }
    }

    /// A file that every scheme needs.
    fn beside<T: serde::de::DeserializeOwned>(&mut self, scheme: &str, path: &str) -> Option<T> {
        if !self.library.0.contains_key(path) {
            let from = self.library.0.get(scheme)?;
            self.findings.push(from.finding(
                Severity::Error,
                1,
                1,
                format!("This needs {path}, which is not there"),
            ));
            return None;
        }
        self.read(path)
    }

    /// A file that the scheme names at `word`.
    fn text(&mut self, scheme: &str, word: &yaml::Word, path: &str) -> Option<File> {
        let Some(file) = self.library.0.get(path) else {
            let from = self.used.0.get(scheme)?;
            self.findings.push(from.error(
                word,
                format!("There is no {path}; add it, or name one that exists"),
            ));
            return None;
        };
        self.used.0.insert(path.to_owned(), file.clone());
        Some(file.clone())
    }

    /// Every record the scheme names, and none when one of them cannot be read.
    fn records(&mut self, path: &str, scheme: &Scheme) -> Option<BTreeMap<String, Record>> {
        let actions = scheme.actions.iter().map(|(_, action)| action);
        let own = actions.clone().filter_map(|action| action.record.as_ref());
        let others = actions.flat_map(|action| action.rests_on.iter());
        let meets = scheme.forum.as_ref().and_then(|forum| forum.meets.as_ref());
        let asked = meets
            .into_iter()
            .flat_map(|meets| [&meets.answer.form, &meets.view.form]);
        let mut records = BTreeMap::new();
        let mut whole = true;
        let mut seen = BTreeSet::new();
        for word in { scheme.intake.forms() }
            .chain(own)
            .chain(others)
            .chain(asked)
            .filter(|word| seen.insert(word.to_string()))
        {
            let at = self.record_path(&scheme.scheme, word);
            let read = self
                .text(path, word, &at)
                .and_then(|_| self.read::<Record>(&at));
            match read {
                Some(record) => {
                    records.insert(word.to_string(), record);
                }
                None => whole = false,
            }
        }
        whole.then_some(records)
    }

    /// A scheme's own form stands in a folder of its name, and takes the place of the shared one.
    fn record_path(&self, scheme: &str, record: &str) -> String {
        let own = format!("records/{scheme}/{record}.yaml");
        if self.library.0.contains_key(&own) {
            own
        } else {
            format!("records/{record}.yaml")
        }
    }

    fn messages(&mut self, path: &str, scheme: &Scheme) -> BTreeMap<(String, String), Message> {
        let told = scheme
            .actions
            .iter()
            .flat_map(|(_, action)| action.tells.iter().map(|(_, message)| message));
        let mut messages = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for word in told
            .chain([&scheme.task_message])
            .filter(|word| seen.insert(word.to_string()))
        {
            for language in &scheme.languages {
                let at = format!("messages/{}.{}.md", &**word, &**language);
                if let Some(file) = self.text(path, word, &at) {
                    match Message::parse(&file.text) {
                        Ok(message) => {
                            messages.insert((word.to_string(), language.to_string()), message);
                        }
                        Err(text) => self
                            .findings
                            .push(file.finding(Severity::Error, 1, 1, text)),
                    }
                }
            }
        }
        messages
    }
}
