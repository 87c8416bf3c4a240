//! A definition: one edition of a scheme with its forms, calendar, roles and messages, read from texts and checked.
//! It reads no file itself (`app` does) and decides nothing about a case (`engine::decide` does).
//! Start with `scheme` and `record` for the shapes, `condition` for the guards, `check` for what makes an edition unfit.

pub mod authority;
pub mod builtin;
pub mod check;
pub mod compose;
pub mod condition;
mod expressions;
pub mod facts;
pub mod finding;
pub mod graph;
mod names;
mod reach;
pub mod record;
pub mod roles;
pub mod scheme;
mod telling;
mod two_people;
pub mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::calendar::Calendar;
use authority::Authority;
use compose::{Sharing, compose};
use finding::{File, Finding, Severity};
use record::{Kind, Record};
use roles::{Message, Roles};
use scheme::{Action, Scheme};
use yaml::{Names, Word};

/// The files of a `workflows` folder: path within it to file.
#[derive(Debug, Clone, Default)]
pub struct Library(pub BTreeMap<String, File>);

impl Library {
    /// The paths directly under a folder.
    pub fn under<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a File)> {
        let inside = move |path: &&String| {
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        self.0
            .keys()
            .filter(inside)
            .filter_map(|path| Some((path.as_str(), self.0.get(path)?)))
    }
}

/// A sound edition of a scheme.
#[derive(Debug)]
pub struct Definition {
    pub scheme: Scheme,
    pub records: BTreeMap<String, Record>,
    pub roles: Roles,
    pub calendar: Calendar,
    pub zone: TimeZone,
    /// By name and language.
    pub messages: BTreeMap<(String, String), Message>,
    /// The files it was read from; they are the edition.
    pub documents: Library,
    /// Where the scheme file stands among them.
    pub path: String,
    /// What it has from other files.
    pub sharing: Vec<Sharing>,
    /// The authorities that run this scheme, with what their staff call them.
    pub authorities: BTreeMap<String, String>,
}

/// Reads and checks one scheme of a library. A definition comes out only when there is no error.
pub fn read(library: &Library, path: &str) -> (Option<Definition>, Vec<Finding>) {
    let mut findings = Vec::new();
    let Some(definition) = assemble(library, path, &mut findings) else {
        return (None, findings);
    };
    findings.extend(check::check(&definition));
    findings.sort_by(|one, other| {
        (&one.file, one.line, one.column).cmp(&(&other.file, other.line, other.column))
    });
    findings.dedup();
    let sound = findings
        .iter()
        .all(|finding| finding.severity != Severity::Error);
    (sound.then_some(definition), findings)
}

/// The document that says what the others have from which file.
const SHARING: &str = "sharing.json";

/// Puts an edition together from its files; gives up only where a file cannot be read at all.
fn assemble(library: &Library, path: &str, findings: &mut Vec<Finding>) -> Option<Definition> {
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
            let from = self.library.0.get(scheme)?;
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
        let forms = [&scheme.intake.public_form, &scheme.intake.referral_form].into_iter();
        let own = actions.clone().filter_map(|action| action.record.as_ref());
        let others = actions.flat_map(|action| action.rests_on.iter());
        let mut records = BTreeMap::new();
        let mut whole = true;
        let mut seen = BTreeSet::new();
        for word in forms
            .chain(own)
            .chain(others)
            .filter(|word| seen.insert(word.to_string()))
        {
            let at = format!("records/{}.yaml", &**word);
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

impl Definition {
    /// This edition as one of several authorities runs it: in its time zone, by its calendar.
    #[must_use]
    pub fn run_by(mut self, name: &str, authorities: &BTreeMap<String, Authority>) -> Self {
        if let Some(own) = authorities.get(name) {
            self.zone = own.zone.clone().unwrap_or(self.zone);
            self.calendar = own.calendar.clone().unwrap_or(self.calendar);
        }
        self.knowing(authorities)
    }

    /// Knows where its cases can be transferred to.
    #[must_use]
    pub fn knowing(mut self, authorities: &BTreeMap<String, Authority>) -> Self {
        let running = authority::running(authorities, &self.scheme.scheme);
        let named = running.map(|authority| (authority.name.clone(), authority.label.clone()));
        self.authorities = named.collect();
        let options: Vec<_> = self
            .authorities
            .iter()
            .map(|(name, label)| (Word::from(name.as_str()), label.clone()))
            .collect();
        let fields = self
            .records
            .values_mut()
            .flat_map(|record| &mut record.fields.0);
        for (_, field) in fields.filter(|(_, field)| field.kind == Kind::Authority) {
            field.options = yaml::Entries(options.clone());
        }
        self
    }

    /// The scheme file, for findings.
    pub fn file(&self) -> &File {
        &self.documents.0[&self.path]
    }

    pub fn is_end(&self, state: &str) -> bool {
        self.scheme.states.get(state).is_some_and(|state| state.end)
    }

    /// Whether an action may begin in this state.
    pub fn may_start(&self, action: &Action, state: &str) -> bool {
        action.from.has(state) || (action.from.has(Action::ANY_OPEN) && !self.is_end(state))
    }

    /// Whether a reason is always needed (L3).
    pub fn needs_reason(&self, action: &Action) -> bool {
        let ends = action.to.as_ref().is_some_and(|state| self.is_end(state));
        ends || action.rationale.is_some()
            || action.second_person.is_some()
            || action.emergency
            || action.extends.is_some()
            || !action.outcome.is_empty()
            || !action.pauses.is_empty()
    }

    /// Whether this role fills in the record, or, for the form a case began with, may take the case from its first state.
    pub fn may_amend(&self, record: &str, role: &str) -> bool {
        let intake = &self.scheme.intake;
        let first = [&intake.public_form, &intake.referral_form]
            .iter()
            .any(|form| &***form == record);
        let mut actions = self.scheme.actions.iter().map(|(_, action)| action);
        actions.any(|action| {
            let fills = action.record.as_deref() == Some(record)
                || (first && action.from.has(&intake.state));
            fills && action.role.has(role)
        })
    }

    /// Who must confirm an amendment of this record, and how soon: where an action that needs a second person or sets an
    /// outcome rests on it. `None` when one person may amend it.
    pub fn amended_by_two(&self, record: &str) -> Option<(Vec<String>, String)> {
        let actions = || self.scheme.actions.iter().map(|(_, action)| action);
        let weighty =
            |action: &&Action| action.second_person.is_some() || !action.outcome.is_empty();
        let mut resting = actions()
            .filter(weighty)
            .filter(|action| self.rests_on(action).contains(&record));
        let first = resting.next()?;
        let any = || actions().find_map(|action| action.second_person.as_ref());
        let second = first.second_person.as_ref().or_else(any)?;
        let roles = second.role.iter().map(ToString::to_string).collect();
        Some((roles, second.within.to_string()))
    }

    /// The records that this action rests on, whose authors may not confirm it: its own, those named in `rests_on` and in
    /// its conditions, and, where a forum decides, what its quorum is read from.
    pub fn rests_on<'a>(&'a self, action: &'a Action) -> Vec<&'a str> {
        let forum = self
            .scheme
            .forum
            .iter()
            .filter(|_| action.decided_by.is_some());
        let rules = action
            .requires
            .iter()
            .chain(forum.map(|forum| &forum.quorate));
        let named = rules.flat_map(|rule| rule.when.records());
        let own = action.record.iter().chain(action.rests_on.iter());
        own.map(|word| &**word).chain(named).collect()
    }

    pub fn state_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.scheme
            .states
            .get(name)
            .map_or(name, |state| &state.label)
    }

    pub fn action_label<'a>(&'a self, name: &'a str) -> &'a str {
        match name {
            builtin::NOTE => "Add a note",
            builtin::AMEND => "Amend a record",
            builtin::CONFIRM => "Confirm the proposal",
            builtin::SEND_BACK => "Send the proposal back",
            _ => self
                .scheme
                .actions
                .get(name)
                .map_or(name, |action| &action.label),
        }
    }

    pub fn clock_label<'a>(&'a self, name: &'a str) -> &'a str {
        match name {
            builtin::SECOND_PERSON => "Second person",
            _ => self
                .scheme
                .clocks
                .get(name)
                .map_or(name, |clock| &clock.label),
        }
    }

    pub fn role_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.roles.roles.get(name).map_or(name, |role| &role.label)
    }

    /// The roles as people call them: `Verifier or Supervisor`.
    pub fn role_labels(&self, names: &Names) -> String {
        let labels: Vec<_> = names.iter().map(|name| self.role_label(name)).collect();
        labels.join(" or ")
    }
}
