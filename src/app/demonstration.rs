//! A demonstration: the scenarios of the workflow files, played part of the way through the real doors at times that
//! have gone by, with invented people. Nothing here knows what a scheme's actions are.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::SignedDuration;
use serde::Deserialize;

use super::App;
use super::act::{Done, Request};
use super::definitions::Edition;
use super::error::AppError;
use super::installation::{is_filled, mark_filled};
use super::intake::{Door, Form};
use super::{password::hash_password, referrals::professional, staff::NewPerson};
use crate::clock::Clock;
use crate::domain::person::Party;
use crate::domain::refusal::FieldError;
use crate::engine::command::Actor;
use crate::engine::definition::authority;
use crate::engine::definition::finding::File;
use crate::engine::definition::record::Answers;
use crate::engine::definition::yaml::Entries;
use crate::engine::definition::{Definition, Library};
use crate::engine::scenario::{NOTHING, Scenario, dates};

/// `demonstration.yaml`: the invented people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// The scheme that is demonstrated when none is named.
    pub scheme: String,
    pub password: String,
    /// The reason that is given where a walk comes late only because it was moved to other days.
    late: String,
    staff: Vec<String>,
    /// By role, the agencies that its people answer for; one account each.
    #[serde(default)]
    agencies: Entries<Vec<String>>,
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
    pub authority: String,
    /// The agency they answer for; empty for the police.
    pub agency: String,
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

    /// The accounts at each authority: as many of each role as a scenario needs, and two of those who confirm.
    pub fn sign_ins(&self, definition: &Definition, scenarios: &[Scenario]) -> Vec<SignIn> {
        let mut sign_ins = Vec::new();
        for (place, authority) in definition.authorities.keys().enumerate() {
            for role in definition.roles.roles.names() {
                let agencies = self.agencies.get(role).map_or(&[][..], Vec::as_slice);
                let number = needed(definition, scenarios, authority, role).max(agencies.len());
                for one in 1..=number {
                    let mut sign_in_name = role.to_owned();
                    if number > 1 {
                        sign_in_name = format!("{role}-{one}");
                    }
                    if place > 0 {
                        sign_in_name = format!("{authority}-{sign_in_name}");
                    }
                    sign_ins.push(SignIn {
                        name: self.staff[sign_ins.len() % self.staff.len()].clone(),
                        sign_in_name,
                        role: role.to_owned(),
                        authority: authority.clone(),
                        agency: agencies.get(one - 1).cloned().unwrap_or_default(),
                    });
                }
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

/// How many accounts of a role an authority needs.
fn needed(definition: &Definition, scenarios: &[Scenario], authority: &str, role: &str) -> usize {
    let here = |scenario: &Scenario| people_of(definition, scenario, role, authority).len();
    let most = scenarios.iter().map(here).max().unwrap_or(0);
    let actions = definition.scheme.actions.iter();
    let mut seconds = actions.filter_map(|(_, action)| action.second_person.as_ref());
    let confirms = seconds.any(|second| second.role.has(role));
    most.max(if confirms { 2 } else { 1 })
}

/// The people of a scenario with this role at this authority, in the order of the file.
fn people_of<'a>(
    definition: &Definition,
    scenario: &'a Scenario,
    role: &str,
    authority: &str,
) -> Vec<&'a str> {
    let of = |name: &str| {
        let known = scenario.person(definition, name);
        known.is_some_and(|(its, at)| its == role && at == authority)
    };
    scenario.people.names().filter(|name| of(name)).collect()
}

impl App {
    /// Fills a new demonstration of a scheme. One that is filled already is left as it is.
    ///
    /// # Errors
    /// When the files do not fit or the database fails.
    pub async fn demonstrate(
        self: &Arc<Self>,
        library: &Library,
        scheme: &str,
    ) -> Result<Vec<SignIn>, AppError> {
        let people = People::read(library)?;
        let authorities = self.definitions.authorities();
        let first = authority::running(authorities, scheme).next();
        let first = first.ok_or_else(|| broken(format!("no authority runs {scheme}")))?;
        let edition = self
            .in_force(&first.name, scheme)
            .map_err(|_| broken(format!("no edition of {scheme} is in force today")))?;
        let definition = &edition.definition;
        let scenarios = played(library, definition)?;
        let sign_ins = people.sign_ins(definition, &scenarios);
        if is_filled(&self.db, scheme).await? {
            return Ok(sign_ins);
        }
        if !self.names().await?.is_empty() {
            return Err(broken(
                "making it was interrupted before; delete its data folder and begin again",
            ));
        }
        let accounts = self.hire(&people, &sign_ins).await?;
        let cut = cuts(definition, &scenarios, people.cases);
        for (number, (scenario, steps)) in cut.into_iter().enumerate() {
            self.play(&edition, &people, &accounts, scenario, steps, number)
                .await?;
        }
        mark_filled(&self.db, scheme).await?;
        Ok(sign_ins)
    }

    async fn hire(
        self: &Arc<Self>,
        people: &People,
        sign_ins: &[SignIn],
    ) -> Result<Vec<Actor>, AppError> {
        let password_hash = hash_password(people.password.clone()).await?;
        let mut accounts = Vec::new();
        for sign_in in sign_ins {
            let person = NewPerson {
                sign_in_name: sign_in.sign_in_name.clone(),
                name: sign_in.name.clone(),
                email: format!("{}@example.org", sign_in.sign_in_name),
                role: sign_in.role.clone(),
                agency: sign_in.agency.clone(),
                authority: sign_in.authority.clone(),
                password_hash: Some(password_hash.clone()),
            };
            accounts.push(Actor {
                id: self.add_person(person).await?.to_string(),
                role: sign_in.role.clone(),
                agency: sign_in.agency.clone(),
                authority: sign_in.authority.clone(),
            });
        }
        Ok(accounts)
    }

    async fn play(
        self: &Arc<Self>,
        edition: &Edition,
        people: &People,
        accounts: &[Actor],
        scenario: &Scenario,
        steps: usize,
        number: usize,
    ) -> Result<(), AppError> {
        let definition = &*edition.definition;
        let played = &scenario.steps[..steps];
        let mut lasted = SignedDuration::from_hours(i64::try_from(number % 6 + 1).unwrap_or(1));
        for step in played {
            lasted += step.waits().map_err(broken)?;
        }
        let clock = Clock::travelling(self.clock.now() - lasted);
        let past = Arc::new(App {
            db: self.db.clone(),
            clock: clock.clone(),
            chance: self.chance.clone(),
            definitions: self.definitions.only(&edition.hash)?,
            keys: self.keys.clone(),
            token_key: None,
            ledger_keys: None,
            pulse: super::pulse::Pulse::default(),
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
        let public = definition.scheme.intake.public_form.as_deref() == Some(&*form);
        let door = Door {
            authority: scenario.authority(definition),
            scheme: definition.scheme.scheme.to_string(),
            form: if public { Form::Public } else { Form::Referral },
        };
        let sender = professional(definition, accounts, &door.authority).filter(|_| !public);
        let sender = sender.cloned().unwrap_or_else(Actor::public);
        let received = past.receive(door, answers, None, sender).await?;
        for step in played {
            clock.advance(step.waits().map_err(broken)?);
            past.catch_up(received.case).await?;
            if *step.does == *NOTHING {
                continue;
            }
            let who = step.by.as_deref().unwrap_or_default();
            let actor = actor(definition, scenario, who, accounts)?;
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
            let done = past.act_or_say_why(request, &people.late).await;
            if step.then.refused.is_none() {
                done.map_err(|error| {
                    broken(format!("{}: {}: {error:?}", scenario.scenario, &*step.does))
                })?;
            }
        }
        Ok(())
    }

    /// Moved to other days, a walk may meet a holiday and come late: then a reason is given that the scenario has not.
    async fn act_or_say_why(
        self: &Arc<Self>,
        mut request: Request,
        late: &str,
    ) -> Result<Done, AppError> {
        let done = self.act(request.clone()).await;
        let asked_why = |error: &FieldError| error.field == "rationale";
        match done {
            Err(AppError::Fields(errors)) if errors.iter().any(asked_why) => {
                late.clone_into(&mut request.rationale);
                self.act(request).await
            }
            done => done,
        }
    }
}

/// The scenarios of an edition: those that begin while it is in force.
fn played(library: &Library, definition: &Definition) -> Result<Vec<Scenario>, AppError> {
    let editions = super::library::schemes(library);
    let mut played = Vec::new();
    for (file, read) in super::library::scenarios(library) {
        let scenario = read.map_err(broken)?;
        if *scenario.scheme != *definition.scheme.scheme {
            continue;
        }
        let edition = super::library::edition_of(&file, &scenario, &editions).map_err(broken)?;
        if *edition.scheme.edition == *definition.scheme.edition {
            played.push(scenario);
        }
    }
    Ok(played)
}

/// Moves the dates of a form as far as the whole walk is moved, so that a plan for tomorrow stays one.
fn shift_dates(definition: &Definition, action: &str, answers: &mut Answers, days: jiff::Span) {
    if let Some(form) = definition.form_of_action(action) {
        dates::shift(&form.fields, answers, days);
    }
}

/// The account that plays this person: the second supervisor of a scenario is the second supervisor's account.
fn actor(
    definition: &Definition,
    scenario: &Scenario,
    who: &str,
    accounts: &[Actor],
) -> Result<Actor, AppError> {
    let (role, authority) = scenario
        .person(definition, who)
        .ok_or_else(|| broken(format!("{}: nobody is called {who}", scenario.scenario)))?;
    let same = people_of(definition, scenario, &role, &authority);
    let place = same.iter().position(|name| *name == who).unwrap_or(0);
    let fitting = |account: &&Actor| account.role == role && account.authority == authority;
    let account = accounts.iter().filter(fitting).nth(place);
    account
        .cloned()
        .ok_or_else(|| broken(format!("there is no account for {role}")))
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
