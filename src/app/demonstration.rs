//! A demonstration: the scenarios of the workflow files, played part of the way through the real doors at times that
//! have gone by, with invented people. Nothing here knows what a scheme's actions are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use serde::Deserialize;

use super::App;
use super::act::Request;
use super::error::AppError;
use super::installation::{is_filled, mark_filled};
use super::intake::Form;
use super::staff::{NewPerson, hash_password};
use crate::clock::Clock;
use crate::domain::person::Party;
use crate::engine::command::Actor;
use crate::engine::definition::finding::File;
use crate::engine::definition::record::{Answers, Kind};
use crate::engine::definition::{Definition, Library};
use crate::engine::scenario::{NOTHING, Scenario};

/// `demonstration.yaml`: the invented people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    pub password: String,
    staff: Vec<String>,
    given_names: Vec<String>,
    family_names: Vec<String>,
    cases: usize,
}

/// Where the invented people stand in the library.
const FILE: &str = "demonstration.yaml";

/// How a demonstration can fail to be made.
fn broken(text: impl std::fmt::Display) -> AppError {
    AppError::Inside(format!("the demonstration cannot be made: {text}"))
}

/// Somebody who can sign in to the demonstration.
#[derive(Debug, Clone)]
pub struct SignIn {
    pub name: String,
    pub sign_in_name: String,
    pub role: String,
}

impl People {
    /// Reads the invented people of a library.
    ///
    /// # Errors
    /// When the file is missing or does not fit.
    pub fn read(library: &Library) -> Result<Self, AppError> {
        let file: &File = library
            .0
            .get(FILE)
            .ok_or_else(|| broken(format!("{FILE} is missing")))?;
        file.read().map_err(broken)
    }

    /// The accounts: as many of each role as a scenario needs, and two supervisors whatever they need.
    pub fn sign_ins(&self, definition: &Definition, scenarios: &[Scenario]) -> Vec<SignIn> {
        let mut sign_ins = Vec::new();
        for role in definition.roles.roles.names() {
            let in_one = |scenario: &Scenario| {
                scenario
                    .people
                    .iter()
                    .filter(|(_, of)| &***of == role)
                    .count()
            };
            let confirms = definition
                .scheme
                .actions
                .iter()
                .filter_map(|(_, action)| action.second_person.as_ref());
            let least = if confirms.into_iter().any(|second| second.role.has(role)) {
                2
            } else {
                1
            };
            let most = scenarios.iter().map(in_one).max().unwrap_or(0).max(least);
            for number in 1..=most {
                let sign_in_name = if most == 1 {
                    role.to_owned()
                } else {
                    format!("{role}-{number}")
                };
                let name = self.staff[sign_ins.len() % self.staff.len()].clone();
                sign_ins.push(SignIn {
                    name,
                    sign_in_name,
                    role: role.to_owned(),
                });
            }
        }
        sign_ins
    }

    /// The invented name of the party in the case with this number.
    fn rename(&self, answers: &mut Answers, party_fields: &[(String, Party)], number: usize) {
        for (field, party) in party_fields {
            let offset = *party as usize * 5 + number;
            if let Some(person) = answers
                .get_mut(field)
                .and_then(|value| value.as_object_mut())
            {
                person.insert(
                    "given_names".to_owned(),
                    self.given_names[(offset * 7) % self.given_names.len()]
                        .clone()
                        .into(),
                );
                person.insert(
                    "family_name".to_owned(),
                    self.family_names[offset % self.family_names.len()]
                        .clone()
                        .into(),
                );
            }
        }
    }
}

impl App {
    /// Fills a new demonstration. One that is filled already is left as it is.
    ///
    /// # Errors
    /// When the files do not fit or the database fails.
    pub async fn demonstrate(self: &Arc<Self>, library: &Library) -> Result<Vec<SignIn>, AppError> {
        let people = People::read(library)?;
        let definition = self.definition_now()?;
        let read = super::library::scenarios(library)
            .into_iter()
            .map(|(_, read)| read.map_err(broken));
        let mut scenarios = read.collect::<Result<Vec<_>, _>>()?;
        scenarios.retain(|scenario| *scenario.scheme == *definition.scheme.scheme);
        let sign_ins = people.sign_ins(&definition, &scenarios);
        if is_filled(&self.db).await? {
            return Ok(sign_ins);
        }
        if !self.names().await?.is_empty() {
            return Err(broken(
                "making it was interrupted before; delete its data folder and begin again",
            ));
        }
        let password_hash = hash_password(people.password.clone()).await?;
        let mut accounts = BTreeMap::new();
        for sign_in in &sign_ins {
            let person = NewPerson {
                sign_in_name: sign_in.sign_in_name.clone(),
                name: sign_in.name.clone(),
                email: format!("{}@example.org", sign_in.sign_in_name),
                role: sign_in.role.clone(),
                agency: String::new(),
                password_hash: Some(password_hash.clone()),
            };
            accounts.insert(
                sign_in.sign_in_name.clone(),
                self.add_person(person).await?.to_string(),
            );
        }
        let cut = cuts(&definition, &scenarios, people.cases);
        for (number, (scenario, steps)) in cut.into_iter().enumerate() {
            self.play(&definition, &people, &accounts, scenario, steps, number)
                .await?;
        }
        mark_filled(&self.db).await?;
        Ok(sign_ins)
    }

    async fn play(
        self: &Arc<Self>,
        definition: &Definition,
        people: &People,
        accounts: &BTreeMap<String, String>,
        scenario: &Scenario,
        steps: usize,
        number: usize,
    ) -> Result<(), AppError> {
        let played = &scenario.steps[..steps];
        let mut lasted = SignedDuration::from_hours(i64::try_from(number % 6 + 1).unwrap_or(1));
        for step in played {
            lasted += step.waits().map_err(broken)?;
        }
        let clock = Clock::travelling(self.clock.now() - lasted);
        let past = Arc::new(App {
            db: self.db.clone(),
            clock: clock.clone(),
            definitions: super::definitions::Definitions::of(definition_edition(self)?),
            token_key: None,
            authority: self.authority.clone(),
        });
        let begun = clock.now().to_zoned(definition.zone.clone()).date();
        let days = scenario.received.date().until(begun).map_err(broken)?;
        let (form, mut answers) = scenario.application(definition);
        let record = definition.records.get(&form).ok_or_else(|| broken(&form))?;
        let parties = record
            .fields
            .iter()
            .filter_map(|(name, field)| Some((name.to_string(), field.party?)));
        people.rename(&mut answers, &parties.collect::<Vec<_>>(), number);
        let public = form == *definition.scheme.intake.public_form;
        let form = if public { Form::Public } else { Form::Referral };
        let received = past.receive(form, answers, None, Actor::public()).await?;
        for step in played {
            clock.advance(step.waits().map_err(broken)?);
            past.sweep(i64::MAX).await?;
            if *step.does == *NOTHING {
                continue;
            }
            let actor = actor(scenario, step.by.as_deref().unwrap_or_default(), accounts)?;
            let mut command = scenario.command(definition, step, actor, clock.now());
            shift_dates(definition, &step.does, &mut command.record, days);
            let request = Request {
                case: received.case,
                action: command.action,
                record: command.record,
                rationale: command.rationale,
                expected: None,
                key: None,
                actor: command.actor,
            };
            let done = past.act(request).await;
            if step.then.refused.is_none() {
                done.map_err(|error| {
                    broken(format!("{}: {}: {error:?}", scenario.scenario, &*step.does))
                })?;
            }
        }
        Ok(())
    }
}

fn definition_edition(app: &App) -> Result<super::definitions::Edition, AppError> {
    app.definitions
        .in_force(app.clock.now())
        .ok_or_else(|| broken("no edition is in force"))
}

/// Moves the dates of a record as far as the whole walk is moved, so that a plan for tomorrow stays one.
fn shift_dates(definition: &Definition, action: &str, answers: &mut Answers, days: jiff::Span) {
    let record = definition
        .scheme
        .actions
        .get(action)
        .and_then(|action| action.record.as_ref());
    let Some(record) = record.and_then(|name| definition.records.get(&**name)) else {
        return;
    };
    for (name, value) in answers.iter_mut() {
        let kind = record.fields.get(name).map(|field| field.kind);
        let moved = match (kind, value.as_str()) {
            (Some(Kind::Date), Some(text)) => text
                .parse()
                .ok()
                .and_then(|date: Date| date.checked_add(days).ok())
                .map(|date| date.to_string()),
            (Some(Kind::DateTime), Some(text)) => text
                .parse()
                .ok()
                .and_then(|at: DateTime| at.checked_add(days).ok())
                .map(|at| at.strftime("%Y-%m-%dT%H:%M").to_string()),
            _ => None,
        };
        if let Some(moved) = moved {
            *value = moved.into();
        }
    }
}

/// The account that plays this person: the second supervisor of a scenario is the second supervisor's account.
fn actor(
    scenario: &Scenario,
    who: &str,
    accounts: &BTreeMap<String, String>,
) -> Result<Actor, AppError> {
    let role = scenario
        .people
        .get(who)
        .ok_or_else(|| broken(format!("{}: nobody is called {who}", scenario.scenario)))?;
    let same = scenario
        .people
        .iter()
        .filter(|(_, of)| of.text == role.text);
    let number = same
        .map(|(name, _)| name)
        .position(|name| &**name == who)
        .unwrap_or(0)
        + 1;
    let id = accounts
        .get(&format!("{}-{number}", &**role))
        .or_else(|| accounts.get(&**role));
    let id = id.ok_or_else(|| broken(format!("there is no account for {}", &**role)))?;
    Ok(Actor {
        id: id.clone(),
        role: role.to_string(),
        agency: String::new(),
        authority: String::new(),
    })
}

/// Scenarios cut off part of the way: every state once, then spread evenly over all lengths up to so many cases.
fn cuts<'a>(
    definition: &Definition,
    scenarios: &'a [Scenario],
    cases: usize,
) -> Vec<(&'a Scenario, usize)> {
    let mut seen = BTreeSet::new();
    let mut cuts = Vec::new();
    let mut others = Vec::new();
    for scenario in scenarios {
        for (steps, state) in scenario.states(definition).into_iter().enumerate() {
            if seen.insert(state) {
                cuts.push((scenario, steps));
            } else {
                others.push((scenario, steps));
            }
        }
    }
    let more = cases.saturating_sub(cuts.len()).min(others.len());
    cuts.extend((0..more).map(|number| others[number * others.len() / more]));
    cuts
}
