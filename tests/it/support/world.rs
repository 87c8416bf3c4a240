//! The shipped workflow files as tests use them: the scheme, its scenarios, and a case that walks on the pure engine.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use clares_law::app::library::{self, Read};
use clares_law::domain::refusal::Refusal;
use clares_law::engine::case::Case;
use clares_law::engine::command::{Actor, Application, Command};
use clares_law::engine::decide::{decide, open, tick};
use clares_law::engine::definition::finding::File;
use clares_law::engine::definition::record::Answers;
use clares_law::engine::definition::{Definition, Library};
use clares_law::engine::draft::Happening;
use clares_law::engine::event::Recorded;
use clares_law::engine::evolve::evolve;
use clares_law::engine::scenario::{NOTHING, Scenario, Step, filled, wait};
use jiff::{SignedDuration, Timestamp};

pub const SCHEME: &str = "schemes/dsdas-scotland.yaml";
/// The authority that runs it in tests.
pub const AUTHORITY: &str = "scotland";

static EDITIONS: LazyLock<Vec<Read>> = LazyLock::new(|| library::schemes(&shipped()));

static SCENARIOS: LazyLock<Vec<(File, Scenario)>> = LazyLock::new(|| {
    let read = library::scenarios(&shipped()).into_iter();
    read.map(|(file, scenario)| {
        let scenario = scenario.unwrap_or_else(|error| panic!("{}: {error}", file.path));
        (file, scenario)
    })
    .collect()
});

static SCOTTISH: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let read = library::scenarios(&shipped()).into_iter();
    read.filter_map(|(_, scenario)| scenario.ok())
        .filter(|scenario| *scenario.scheme == *dsdas().scheme.scheme)
        .collect()
});

/// Every file below `workflows/`.
pub fn shipped() -> Library {
    library::from_folder(Path::new("workflows")).unwrap()
}

/// The shipped Scottish scheme.
pub fn dsdas() -> &'static Definition {
    let read = EDITIONS.iter().find(|read| read.path == SCHEME).unwrap();
    let findings = || format!("{:?}", read.findings);
    read.definition
        .as_ref()
        .unwrap_or_else(|| panic!("{}", findings()))
}

/// Every shipped edition of every scheme.
pub fn editions() -> impl Iterator<Item = &'static Definition> {
    EDITIONS.iter().map(|read| {
        let findings = || format!("{}: {:?}", read.path, read.findings);
        read.definition
            .as_ref()
            .unwrap_or_else(|| panic!("{}", findings()))
    })
}

/// The names of the shipped schemes.
pub fn schemes() -> BTreeSet<&'static str> {
    editions()
        .map(|definition| &*definition.scheme.scheme)
        .collect()
}

/// The edition in force when the scenario begins.
pub fn edition_of(scenario: &Scenario) -> &'static Definition {
    let file = File::new("scenario", "");
    library::edition_of(&file, scenario, &EDITIONS).unwrap()
}

/// Every shipped scenario of the Scottish scheme.
pub fn scenarios() -> &'static [Scenario] {
    &SCOTTISH
}

/// Every shipped scenario of a scheme.
pub fn scenarios_of(scheme: &str) -> Vec<&'static Scenario> {
    let all = SCENARIOS.iter().map(|(_, scenario)| scenario);
    all.filter(|scenario| *scenario.scheme == *scheme).collect()
}

/// The scenario whose title begins so.
pub fn scenario(title: &str) -> &'static Scenario {
    scenarios()
        .iter()
        .find(|scenario| scenario.scenario.starts_with(title))
        .unwrap()
}

/// How many steps come before the first that does this.
pub fn steps_before(scenario: &Scenario, action: &str) -> usize {
    scenario
        .steps
        .iter()
        .position(|step| *step.does == *action)
        .unwrap()
}

pub fn person(id: &str, role: &str) -> Actor {
    Actor {
        id: id.to_owned(),
        role: role.to_owned(),
        agency: String::new(),
        authority: AUTHORITY.to_owned(),
    }
}

pub fn no_answers() -> Answers {
    Answers::new()
}

/// The answers in a JSON object.
pub fn answers(json: serde_json::Value) -> Answers {
    serde_json::from_value(json).unwrap()
}

/// How long a step waits.
pub fn waited(step: &Step) -> SignedDuration {
    step.after
        .as_ref()
        .map_or(SignedDuration::ZERO, |after| wait(after).unwrap())
}

/// When a scenario's application was received.
pub fn received(scenario: &Scenario) -> Timestamp {
    scenario
        .received
        .to_zoned(edition_of(scenario).zone.clone())
        .unwrap()
        .timestamp()
}

/// Who does this step, under the name that `named` gives to the nth person of a role, counted from 1.
pub fn actor(
    scenario: &Scenario,
    step: &Step,
    named: impl Fn(&str, usize) -> String,
) -> Option<Actor> {
    let definition = edition_of(scenario);
    let who = step.by.as_ref()?;
    let (role, authority) = scenario.person(definition, who).unwrap();
    let mut same = scenario
        .people
        .names()
        .filter(|name| scenario.person(definition, name).unwrap().0 == role);
    let number = same.position(|name| *name == **who).unwrap() + 1;
    Some(Actor {
        authority,
        ..person(&named(&role, number), &role)
    })
}

/// A case on the pure engine with its whole history.
#[derive(Debug, Clone)]
pub struct Walk {
    pub definition: &'static Definition,
    pub case: Case,
    pub history: Vec<Recorded>,
    pub now: Timestamp,
}

impl Walk {
    /// Opens a case for a scenario's application.
    pub fn open(scenario: &Scenario) -> Self {
        let definition = edition_of(scenario);
        let now = received(scenario);
        let (form, answers) = scenario.application(definition);
        let actor = Actor {
            id: "applicant".to_owned(),
            ..Actor::public()
        };
        let application = Application {
            form,
            answers,
            reference: String::new(),
            authority: scenario.authority(definition),
            actor,
            now,
        };
        let mut walk = Self {
            definition,
            case: Case::default(),
            history: Vec::new(),
            now,
        };
        walk.record(open(definition, &application).unwrap());
        walk
    }

    /// Plays the first steps of a scenario. A refused step is passed over.
    pub fn play(
        scenario: &Scenario,
        steps: usize,
        named: impl Fn(&str, usize) -> String + Copy,
    ) -> Self {
        let mut walk = Self::open(scenario);
        for step in &scenario.steps[..steps] {
            walk.now += waited(step);
            if *step.does == *NOTHING {
                walk.look_at_clocks();
            } else {
                let by = actor(scenario, step, named).unwrap();
                let command = scenario.command(walk.definition, step, by, walk.now);
                let _ = walk.ask(&command);
            }
        }
        walk
    }

    /// Somebody does something, the form filled in with its examples but for these answers.
    pub fn does(
        &mut self,
        actor: Actor,
        action: &str,
        over: &serde_json::Value,
    ) -> Result<Vec<Recorded>, Refusal> {
        let form = self
            .definition
            .scheme
            .actions
            .get(action)
            .and_then(|action| action.record.as_ref());
        let over = answers(over.clone());
        let record = form.map_or(over.clone(), |form| filled(self.definition, form, &over));
        let rationale = "The reason, in my own words".to_owned();
        self.ask(&Command {
            action: action.to_owned(),
            record,
            rationale,
            expected: None,
            actor,
            now: self.now,
        })
    }

    /// What a command does; nothing when it is refused.
    pub fn ask(&mut self, command: &Command) -> Result<Vec<Recorded>, Refusal> {
        let happened = decide(self.definition, &self.case, command)?;
        Ok(self.record(happened))
    }

    /// What has become due.
    pub fn look_at_clocks(&mut self) -> Vec<Recorded> {
        let happened = tick(self.definition, self.case.clone(), self.now);
        self.record(happened)
    }

    fn record(&mut self, happened: Vec<Happening>) -> Vec<Recorded> {
        let mut batch = Vec::new();
        for Happening { actor, event } in happened {
            let seq = u64::try_from(self.history.len()).unwrap() + 1;
            let recorded = Recorded {
                seq,
                at: self.now,
                actor,
                event,
            };
            self.case = evolve(std::mem::take(&mut self.case), &recorded);
            self.history.push(recorded.clone());
            batch.push(recorded);
        }
        batch
    }
}

/// The name that a scenario itself gives to its nth person of a role, counted from 1.
pub fn own_name(scenario: &Scenario, role: &str, number: usize) -> String {
    let definition = edition_of(scenario);
    let mut same = scenario
        .people
        .names()
        .filter(|name| scenario.person(definition, name).unwrap().0 == role);
    same.nth(number - 1).unwrap().to_owned()
}
