//! A definition: one edition of a scheme with its forms, calendar, roles and messages, read from texts and checked.
//! It reads no file itself (`app` does) and decides nothing about a case (`engine::decide` does).
//! Start with `scheme` and `record` for the shapes, `condition` for the guards, `check` for what makes an edition unfit.

mod accept;
pub mod agreement;
mod agreement_faults;
pub mod authority;
pub mod builtin;
pub mod check;
pub mod compose;
pub mod condition;
pub mod diff;
pub mod doubts;
pub mod explain;
mod expressions;
pub mod facts;
pub mod feedback;
mod fields_faults;
pub mod finding;
pub mod gives;
pub mod graph;
mod limits;
pub mod meets;
mod meets_faults;
mod names;
pub mod phase;
mod reach;
pub mod reading;
pub mod record;
pub mod retention;
pub mod roles;
pub mod scheme;
pub mod series;
mod spoken;
mod telling;
mod two_people;
pub mod voice;
pub mod wording;
pub mod words;
pub mod written;
pub mod yaml;

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::calendar::Calendar;
use crate::domain::person::Party;
use authority::Authority;
use compose::Sharing;
use finding::{File, Finding, Severity};
use reading::assemble;
use record::{Kind, Record};
use roles::{Message, Roles};
use scheme::{Action, Scheme, SecondPerson};
use voice::Voice;
use wording::Wording;
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
#[derive(Debug, Clone)]
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
    /// What the built-in actions, clocks and parties are called.
    built_in: BTreeMap<&'static str, Wording>,
    /// In whose words it speaks.
    pub voice: Voice,
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

/// Puts a stored edition together, unchecked: it was sound when it was published.
pub fn read_stored(library: &Library, path: &str) -> Option<Definition> {
    assemble(library, path, &mut Vec::new())
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
        let named =
            running.map(|authority| (authority.name.clone(), authority.label.as_str().into()));
        self.authorities = named.collect();
        let options: Vec<_> = self
            .authorities
            .iter()
            .map(|(name, label)| (Word::from(name.as_str()), Wording::from(label.as_str())))
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

    /// The file of a form, for findings: the scheme's own, or the shared one.
    pub fn record_file(&self, name: &str) -> Option<&File> {
        let mut files = self.documents.under("records");
        files
            .find(|(_, file)| file.stem() == name)
            .map(|(_, file)| file)
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
        let first = intake.begins_with(record);
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
        let second = first.second_person.as_ref().or_else(|| self.any_second())?;
        let roles = second.role.iter().map(ToString::to_string).collect();
        Some((roles, second.within.to_string()))
    }

    /// The first second person that the scheme names, for what is built in and needs one.
    pub fn any_second(&self) -> Option<&SecondPerson> {
        let mut actions = self.scheme.actions.iter();
        actions.find_map(|(_, action)| action.second_person.as_ref())
    }

    /// The roles that may move a case to another edition.
    pub fn movers(&self) -> impl Iterator<Item = &str> {
        let roles = self.roles.roles.iter();
        roles
            .filter(|(_, role)| role.moves_cases)
            .map(|(name, _)| &**name)
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
        let declared = self.scheme.actions.get(name);
        let label = declared.map(|action| &action.label);
        label
            .or(self.built_in.get(name))
            .map_or(name, |label| label)
    }

    /// What is said of an action that has been taken: its label where the scheme has no words of its own for that.
    pub fn done_label<'a>(&'a self, name: &'a str) -> &'a str {
        let declared = self.scheme.actions.get(name);
        let done = declared.and_then(|action| action.done.as_deref());
        done.unwrap_or_else(|| self.action_label(name))
    }

    pub fn clock_label<'a>(&'a self, name: &'a str) -> &'a str {
        let declared = self.scheme.clocks.get(name);
        let label = declared.map(|clock| &clock.label);
        label
            .or(self.built_in.get(name))
            .map_or(name, |label| label)
    }

    pub fn party_label(&self, party: Party) -> &str {
        self.built_in.get(party.name()).map_or("", |label| label)
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
