//! The rules for names: every name used is one that is declared, and the built-in ones are left alone.

use super::Definition;
use super::authority::scheme_of;
use super::builtin::{BUILT_IN, SECOND_PERSON};
use super::condition::Condition;
use super::finding::Finding;
use super::record;
use super::scheme::{Action, Clock};
use super::yaml::Word;

pub fn check(definition: &Definition, findings: &mut Vec<Finding>) {
    let scheme = &definition.scheme;
    let file = definition.file();
    let called = scheme_of(&file.path);
    if *scheme.scheme != *called {
        let text = format!("The file is called {called}; name the scheme so");
        findings.push(file.error(&scheme.scheme, text));
    }
    let mut names = Names {
        definition,
        findings,
    };
    names.one(Kind::State, &scheme.intake.state);
    names.all(
        Kind::Flag,
        scheme.intake.raises.iter().map(|raised| &raised.flag),
    );
    names.all(
        Kind::Route,
        scheme
            .capacities
            .iter()
            .map(|(_, capacity)| &capacity.route),
    );
    if scheme.languages.is_empty() {
        names.error(&scheme.scheme, "Name at least one language");
    }
    names.spelling(scheme.states.iter().map(|(name, _)| name));
    names.spelling(scheme.actions.iter().map(|(name, _)| name));
    names.spelling(scheme.clocks.iter().map(|(name, _)| name));
    names.spelling(scheme.flags.iter().map(|(name, _)| name));
    names.spelling(scheme.queues.iter().map(|(name, _)| name));
    names.spelling(scheme.outcomes.iter().map(|(name, _)| name));
    for (name, action) in scheme.actions.iter() {
        names.action(name, action);
    }
    for (name, clock) in scheme.clocks.iter() {
        names.clock(name, clock);
    }
    for (_, queue) in scheme.queues.iter() {
        names.actors(&queue.role);
        names.all(Kind::State, queue.states.iter());
    }
}

/// What a name can be the name of.
#[derive(Clone, Copy)]
enum Kind {
    State,
    Role,
    Flag,
    Clock,
    Outcome,
    Route,
    Capacity,
    Action,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Role => "role",
            Self::Flag => "flag",
            Self::Clock => "clock",
            Self::Outcome => "outcome",
            Self::Route => "route",
            Self::Capacity => "capacity",
            Self::Action => "action",
        }
    }

    fn declared(self, definition: &Definition) -> Vec<&str> {
        let scheme = &definition.scheme;
        match self {
            Self::State => scheme.states.names().collect(),
            Self::Role => definition.roles.roles.names().collect(),
            Self::Flag => scheme.flags.names().collect(),
            Self::Clock => scheme.clocks.names().collect(),
            Self::Outcome => scheme.outcomes.names().collect(),
            Self::Route => scheme.routes.names().collect(),
            Self::Capacity => scheme.capacities.names().collect(),
            Self::Action => scheme.actions.names().collect(),
        }
    }
}

struct Names<'a> {
    definition: &'a Definition,
    findings: &'a mut Vec<Finding>,
}

impl Names<'_> {
    fn error(&mut self, at: &Word, text: impl Into<String>) {
        self.findings.push(self.definition.file().error(at, text));
    }

    fn one(&mut self, kind: Kind, word: &Word) {
        let declared = kind.declared(self.definition);
        if declared.contains(&&**word) {
            return;
        }
        let nearest = declared.iter().min_by_key(|known| distance(known, word));
        let near = nearest.filter(|known| distance(known, word) <= 3);
        let hint = near.map_or_else(
            || "declare it, or name one that exists".to_owned(),
            |known| format!("did you mean `{known}`?"),
        );
        self.error(
            word,
            format!("There is no {} `{word}`; {hint}", kind.word()),
        );
    }

    fn all<'w>(&mut self, kind: Kind, words: impl IntoIterator<Item = &'w Word>) {
        for word in words {
            self.one(kind, word);
        }
    }

    /// Roles that act on cases must be able to see them.
    fn actors(&mut self, roles: &super::yaml::Names) {
        self.all(Kind::Role, roles.iter());
        for word in roles.iter() {
            let role = self.definition.roles.roles.get(word);
            if role.is_some_and(|role| !role.reads_cases) {
                self.error(
                    word,
                    format!("The role `{word}` may not see cases, so it cannot act here"),
                );
            }
        }
    }

    /// Names are promises: they stand in histories and addresses.
    fn spelling<'w>(&mut self, words: impl IntoIterator<Item = &'w Word>) {
        for word in words {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if word.is_empty() || !word.chars().all(plain) {
                self.error(
                    word,
                    format!(
                        "Spell the name `{word}` in lower case letters, digits and underscores"
                    ),
                );
            }
        }
    }

    fn action(&mut self, name: &Word, action: &Action) {
        if BUILT_IN.contains(&&**name) {
            self.error(name, format!("`{name}` is built in; choose another name"));
        }
        if action.from.is_empty() || action.role.is_empty() {
            self.error(name, "Name at least one state in `from` and one role");
        }
        if !action.from.has(Action::ANY_OPEN) {
            self.all(Kind::State, action.from.iter());
        }
        self.all(Kind::State, &action.to);
        self.all(Kind::Route, &action.route);
        self.transfer(action);
        self.kept(action);
        self.actors(&action.role);
        self.all(Kind::Flag, action.raises.iter().chain(action.lowers.iter()));
        self.all(Kind::Outcome, action.outcome.iter());
        self.all(
            Kind::Clock,
            action.pauses.iter().chain(action.resumes.iter()),
        );
        self.all(
            Kind::Clock,
            action.extends.as_ref().map(|extension| &extension.clock),
        );
        self.all(
            Kind::Capacity,
            action.tells.iter().map(|(capacity, _)| capacity),
        );
        if let Some(second) = &action.second_person {
            if second.role.is_empty() {
                self.error(name, "Name at least one role that confirms");
            }
            self.actors(&second.role);
            self.all(Kind::State, &second.back_to);
        }
    }

    /// What stays to be read when a case begins afresh is a record of the scheme, and no evidence: no condition asks for it.
    fn kept(&mut self, action: &Action) {
        let definition = self.definition;
        for word in action.keeps.iter() {
            let asked = |rule: &Condition| rule.when.records().any(|name| *name == **word);
            let mut actions = definition.scheme.actions.iter();
            if !action.afresh {
                self.error(word, "Only an action with `afresh: yes` keeps records");
            } else if !definition.records.contains_key(&**word) {
                self.error(
                    word,
                    format!("There is no record `{word}`; name one that an action fills in"),
                );
            } else if actions.any(|(_, action)| action.requires.iter().any(asked)) {
                self.error(word, format!("A condition asks for `record.{word}`, so it cannot stay when a case begins afresh"));
            }
        }
    }

    /// Whoever hands a case over names the authority in the form, or hands it back.
    fn transfer(&mut self, action: &Action) {
        let field = |word: &Word| {
            let record = self.definition.records.get(&**action.record.as_ref()?)?;
            record.fields.get(word)
        };
        let Some(word) = action
            .transfers
            .as_ref()
            .filter(|word| ***word != *Action::BACK)
        else {
            return;
        };
        if !field(word).is_some_and(|field| field.kind == record::Kind::Authority && field.required)
        {
            self.error(word, "Name a required field of the kind `authority` in the form of this action, or write `back`");
        }
    }

    fn clock(&mut self, name: &Word, clock: &Clock) {
        if clock.starts_on.is_empty() || clock.stops_on.is_empty() {
            self.error(name, "Say what starts this clock and what stops it");
        }
        if **name == *SECOND_PERSON {
            self.error(name, format!("`{name}` is built in; choose another name"));
        }
        for word in clock.starts_on.iter() {
            match word.strip_prefix("flag ") {
                Some(flag) => self.part(Kind::Flag, word, flag),
                None => self.event(word),
            }
        }
        for word in clock.stops_on.iter() {
            self.event(word);
        }
        self.all(Kind::State, &clock.counted_from);
        self.all(Kind::Role, clock.alerts.iter());
    }
}

impl Names<'_> {
    /// A state entered, or `action NAME`.
    fn event(&mut self, word: &Word) {
        match word.strip_prefix("action ") {
            Some(action) => self.part(Kind::Action, word, action),
            None => self.one(Kind::State, word),
        }
    }

    /// A name that stands behind a prefix.
    fn part(&mut self, kind: Kind, word: &Word, name: &str) {
        let text = name.to_owned();
        self.one(
            kind,
            &Word {
                text,
                ..word.clone()
            },
        );
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
