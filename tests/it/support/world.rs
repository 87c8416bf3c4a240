//! The shipped workflow files as tests use them: the scheme, its scenarios, and a case that walks on the pure engine.

use std::path::Path;
use std::sync::LazyLock;

use clares_law::app::library;
use clares_law::domain::refusal::Refusal;
use clares_law::engine::case::Case;
use clares_law::engine::command::{Actor, Application, Command};
use clares_law::engine::decide::{decide, open, tick};
use clares_law::engine::definition::authority;
use clares_law::engine::definition::record::Answers;
use clares_law::engine::definition::{self, Definition, Library};
use clares_law::engine::draft::Happening;
use clares_law::engine::event::Recorded;
use clares_law::engine::evolve::evolve;
use clares_law::engine::scenario::{NOTHING, Scenario, Step, filled, wait};
use jiff::{SignedDuration, Timestamp};

pub const SCHEME: &str = "schemes/dsdas-scotland.yaml";
/// The authority that runs it in tests.
pub const AUTHORITY: &str = "scotland";

static DEFINITION: LazyLock<Definition> = LazyLock::new(|| {
    let (read, findings) = definition::read(&shipped(), SCHEME);
    let read = read.unwrap_or_else(|| panic!("{findings:?}"));
    read.knowing(&authority::read(&shipped()).0)
});

static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let read = library::scenarios(&shipped()).into_iter();
    read.map(|(file, scenario)| scenario.unwrap_or_else(|error| panic!("{}: {error}", file.path)))
        .filter(|scenario| *scenario.scheme == *DEFINITION.scheme.scheme)
        .collect()
});

/// Every file below `workflows/`.
pub fn shipped() -> Library {
    library::from_folder(Path::new("workflows")).unwrap()
}

/// The shipped Scottish scheme.
pub fn dsdas() -> &'static Definition {
    &DEFINITION
}

/// Every shipped scenario of the Scottish scheme.
pub fn scenarios() -> &'static [Scenario] {
    &SCENARIOS
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
        .to_zoned(dsdas().zone.clone())
        .unwrap()
        .timestamp()
}

/// Who does this step, under the name that `named` gives to the nth person of a role, counted from 1.
pub fn actor(
    scenario: &Scenario,
    step: &Step,
    named: impl Fn(&str, usize) -> String,
) -> Option<Actor> {
    let who = step.by.as_ref()?;
    let role = scenario.people.get(who).unwrap();
    let mut same = scenario
        .people
        .iter()
        .filter(|(_, of)| of.text == role.text);
    let number = same.position(|(name, _)| name.text == who.text).unwrap() + 1;
    Some(person(&named(role, number), role))
}

/// A case on the pure engine with its whole history.
#[derive(Debug, Clone)]
pub struct Walk {
    pub case: Case,
    pub history: Vec<Recorded>,
    pub now: Timestamp,
}

impl Walk {
    /// Opens a case for a scenario's application.
    pub fn open(scenario: &Scenario) -> Self {
        let now = received(scenario);
        let (form, answers) = scenario.application(dsdas());
        let actor = Actor {
            id: "applicant".to_owned(),
            ..Actor::public()
        };
        let application = Application {
            form,
            answers,
            reference: String::new(),
            authority: AUTHORITY.to_owned(),
            actor,
            now,
        };
        let mut walk = Self {
            case: Case::default(),
            history: Vec::new(),
            now,
        };
        walk.record(open(dsdas(), &application).unwrap());
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
                let command = scenario.command(dsdas(), step, by, walk.now);
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
        let form = dsdas()
            .scheme
            .actions
            .get(action)
            .and_then(|action| action.record.as_ref());
        let over = answers(over.clone());
        let record = form.map_or(over.clone(), |form| filled(dsdas(), form, &over));
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
        let happened = decide(dsdas(), &self.case, command)?;
        Ok(self.record(happened))
    }

    /// What has become due.
    pub fn look_at_clocks(&mut self) -> Vec<Recorded> {
        let happened = tick(dsdas(), self.case.clone(), self.now);
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
    let mut same = scenario.people.iter().filter(|(_, of)| of.text == role);
    same.nth(number - 1).unwrap().0.to_string()
}
