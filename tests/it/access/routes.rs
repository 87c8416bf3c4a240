//! The matrix of the addresses: every role at every page and every address of the API, however it stands to the case and wherever
//! the case stands. What is answered follows from tables alone: expected.txt and relations.txt say who has which right,
//! addresses.txt what an address needs, answers.txt what is answered then.

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use clares_law::domain::class::FieldClass;
use clares_law::domain::id::{CaseId, MeetingId};
use clares_law::engine::definition::phase::Phase;
use clares_law::engine::definition::scheme::Receives;
use clares_law::engine::event::Event;
use clares_law::engine::scenario::Scenario;
use serde_json::Value;
use uuid::Uuid;

use super::addresses::{Address, addresses};
use super::asking::{Asker, Between, HERE, SCHEME, case_at, installation, machine, person, ways};
use super::cut::answers;
use super::matrix::{COLUMNS, Relation, Role, lines, relations, roles};
use crate::support::app::TestApp;
use crate::support::world::{edition_of, scenarios_of};

const ANSWERS: &str = include_str!("answers.txt");

/// In `make test` every relation is tried at one case; these at a case of every phase, and at one that is over.
const OFTEN: [&str; 3] = ["nothing", "conflict", "restricted"];

/// The rights, by their place in the columns of expected.txt.
const OPEN: usize = 0;
const ACT: usize = 1;
const GUARD: usize = 2;
const GLASS: usize = 3;
const SEARCH: usize = 4;
const CLASSES: usize = 5;

fn answer(needs: &str, method: &Method, column: &str) -> Option<u16> {
    let kind = needs.split(':').next().unwrap();
    let all = lines(ANSWERS);
    let mut fitting = all
        .iter()
        .filter(|line| line["needs"] == kind && line["method"] == method.as_str());
    let line = fitting
        .next()
        .unwrap_or_else(|| panic!("answers.txt has no line for {kind} {method}"));
    line[column].parse().ok()
}

/// Which column of answers.txt is somebody's.
fn column(needs: &str, role: &Role, given: &[bool]) -> &'static str {
    let (kind, named) = needs.split_once(':').unwrap_or((needs, ""));
    let kind = kind.strip_prefix("api_").unwrap_or(kind);
    let has = match kind {
        "open" => given[OPEN],
        "act" => given[OPEN] && given[ACT],
        "guard" => given[GUARD],
        "glass" => given[GLASS],
        "search" => given[OPEN] && given[SEARCH],
        "role" | "own" => named.split(',').any(|name| name == role.name),
        "signed_in" => true,
        other => panic!("{other}"),
    };
    let opens = given[OPEN] && !["role", "own"].contains(&kind);
    match (has, opens) {
        (true, _) => "has",
        (false, true) => "opens",
        (false, false) => "hidden",
    }
}

fn filled(path: &str, case: CaseId, meeting: MeetingId) -> String {
    let action = if path.contains("/many/") {
        "reopen_for_review"
    } else {
        "note"
    };
    path.replace("{id}", &case.to_string())
        .replace("{action}", action)
        .replace("{tie}", &Uuid::nil().to_string())
        .replace("{scheme}", SCHEME)
        .replace("{queue}", "to_start")
        .replace("{kind}", "sample")
        .replace("{look}", &Uuid::nil().to_string())
        .replace("{meeting}", &meeting.to_string())
        .replace("{case}", &case.to_string())
}

/// What is sent: a note as far as 'Check your answers', or one that comes too late.
fn body(address: &Address) -> &'static str {
    match (address.needs, &address.method) {
        (_, &Method::GET) => "",
        ("act", _) => "form-step=check&form-reason=Seen",
        (needs, _) if needs.starts_with("api_") => "{}",
        _ => "",
    }
}

/// A case, and everybody who asks for it.
struct Asked<'a> {
    test: &'a TestApp,
    case: CaseId,
    meeting: MeetingId,
    reference: String,
    /// Whether no forum has been asked about it.
    unheard: bool,
    /// Whether it is over: nobody searches from it then.
    ended: bool,
    people: BTreeMap<&'static str, Asker>,
    machines: BTreeMap<&'static str, Asker>,
    /// Each role as it is towards this case.
    roles: Vec<Role>,
    /// The texts on record, by class.
    texts: BTreeMap<FieldClass, BTreeSet<String>>,
}

impl<'a> Asked<'a> {
    async fn at(test: &'a TestApp, meeting: MeetingId, way: (&Scenario, usize)) -> Self {
        let case = case_at(test, way).await;
        let loaded = test.load(case).await;
        let definition = edition_of(way.0);
        let capacity = definition.scheme.capacities.get(&loaded.case.capacity);
        let told = capacity.is_some_and(|capacity| capacity.receives == Receives::Facts);
        let events: Vec<Event> = loaded
            .history
            .into_iter()
            .map(|recorded| recorded.event)
            .collect();
        let mut asked = Self {
            test,
            case,
            meeting,
            unheard: definition
                .scheme
                .states
                .get(&loaded.case.state)
                .unwrap()
                .phase
                != Phase::Forum,
            ended: loaded.case.ended,
            reference: loaded.case.reference,
            people: BTreeMap::new(),
            machines: BTreeMap::new(),
            roles: roles()
                .into_iter()
                .filter(|role| role.told == told)
                .collect(),
            texts: FieldClass::ALL
                .map(|class| {
                    let mut texts = answers(definition, &events, |one| one == class);
                    texts.retain(|text| text.len() > 12);
                    (class, texts)
                })
                .into(),
        };
        asked
            .roles
            .retain(|role| definition.roles.roles.get(role.name).is_some());
        for Role { name, .. } in &asked.roles {
            asked.people.insert(name, person(test, name, HERE).await);
            asked.machines.insert(name, machine(test, name, HERE).await);
        }
        asked
    }

    /// Where the answers differ from the tables while everybody stands so to the case; and how many there were.
    async fn differences(&self, relation: &Relation) -> (Vec<String>, usize) {
        let people = self
            .people
            .values()
            .map(|one| one.actor.id.parse().unwrap());
        let people: Vec<Uuid> = people.collect();
        let made = Between::made(self.test, self.case, &people, relation).await;
        // A machine is nobody's colleague: nothing but the restriction of the case stands between.
        let towards_all = if relation.restricted {
            "restricted"
        } else {
            "nothing"
        };
        let towards_all = relations()
            .into_iter()
            .find(|one| one.name == towards_all)
            .unwrap();
        let (mut found, mut tried) = (Vec::new(), 0);
        for role in &self.roles {
            for address in addresses().iter().filter(|one| one.needs != "anybody") {
                let by_machine = address.needs.starts_with("api_");
                // What is of no case, and machines, which have no ties, are the same in every relation.
                let depends = address.path.contains("/cases/{id}") && !by_machine;
                if !depends && !["nothing", "restricted"].contains(&relation.name) {
                    continue;
                }
                let (asker, relation) = if by_machine {
                    (&self.machines[role.name], &towards_all)
                } else {
                    (&self.people[role.name], relation)
                };
                let mut given = if self.unheard {
                    relation.given_unheard(role)
                } else {
                    relation.given_to(role)
                };
                given[SEARCH] &= !self.ended;
                let column = column(address.needs, role, &given);
                let Some(wanted) = answer(address.needs, &address.method, column) else {
                    continue;
                };
                let path = filled(address.path, self.case, self.meeting);
                let reply = asker.ask(&address.method, &path, body(address)).await;
                tried += 1;
                let place = format!(
                    "{} {} of {}, {}",
                    address.method, address.path, role.name, relation.name
                );
                if reply.status.as_u16() != wanted {
                    found.push(format!("{place}: {}, and should be {wanted}", reply.status));
                }
                for leak in self.leaks(address, &given, &reply.body) {
                    found.push(format!("{place}: tells {leak}"));
                }
            }
        }
        made.ended(self.test).await;
        (found, tried)
    }

    /// What a reply tells that these rights do not give.
    fn leaks(&self, address: &Address, given: &[bool], reply: &str) -> Vec<&'static str> {
        let shown = |class: usize| given[OPEN] && given[CLASSES + class];
        let classes = FieldClass::ALL.iter().enumerate();
        let open: BTreeSet<_> = classes
            .clone()
            .filter(|(place, _)| shown(*place))
            .flat_map(|(_, class)| &self.texts[class])
            .collect();
        let reply = &without_examples(reply);
        let mut leaks = Vec::new();
        for (place, class) in classes.filter(|(place, _)| !shown(*place)) {
            let hidden = self.texts[class].iter().filter(|text| !open.contains(text));
            if hidden.into_iter().any(|text| reply.contains(text.as_str())) {
                leaks.push(COLUMNS[CLASSES + place]);
            }
        }
        // Words of the scheme may stand anywhere; answers stand on what is about the case.
        if !address.path.contains("/cases/{id}") {
            leaks.clear();
        }
        if !given[OPEN] && reply.contains(&self.reference) {
            leaks.push("that there is such a case");
        }
        leaks
    }

    /// The same for somebody who has not signed in.
    async fn nobody(&self) -> Vec<String> {
        let nobody = Asker::nobody(self.test);
        let mut found = Vec::new();
        for address in addresses().iter().filter(|one| one.needs != "anybody") {
            let path = filled(address.path, self.case, self.meeting);
            let reply = nobody.ask(&address.method, &path, body(address)).await;
            let wanted = answer(address.needs, &address.method, "nobody").unwrap();
            if reply.status.as_u16() != wanted || reply.body.contains(&self.reference) {
                found.push(format!(
                    "{} {} of nobody: {}",
                    address.method, address.path, reply.status
                ));
            }
        }
        found
    }
}

/// An answer of the API without the examples of its forms: the answers on record here are those examples.
fn without_examples(reply: &str) -> String {
    fn removed(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("example");
                fields.values_mut().for_each(removed);
            }
            Value::Array(values) => values.iter_mut().for_each(removed),
            _ => {}
        }
    }
    serde_json::from_str(reply).map_or_else(
        |_| reply.to_owned(),
        |mut value: Value| {
            removed(&mut value);
            value.to_string()
        },
    )
}

/// One state of each phase, and one of those in which a case is over.
fn one_of_each_phase() -> Vec<String> {
    let any = edition_of(scenarios_of(SCHEME)[0]);
    let mut phases = BTreeSet::new();
    let states = any.scheme.states.iter();
    let first = states.filter(|(_, state)| phases.insert((state.phase.name(), state.end)));
    first.map(|(name, _)| name.to_string()).collect()
}

async fn tried(states: impl Fn(&str) -> bool, often: impl Fn(&str) -> bool) {
    let test = installation().await;
    let meeting = test.meeting_at(HERE, SCHEME).await;
    let (mut found, mut tried, mut cases) = (Vec::new(), 0, 0);
    for (state, way) in ways() {
        if !states(&state) {
            continue;
        }
        cases += 1;
        let asked = Asked::at(&test, meeting, way).await;
        found.extend(asked.nobody().await);
        for relation in relations() {
            if often(&state) || OFTEN.contains(&relation.name) {
                let (differences, asked) = asked.differences(&relation).await;
                found.extend(
                    differences
                        .into_iter()
                        .map(|told| format!("{state}: {told}")),
                );
                tried += asked;
            }
        }
    }
    println!(
        "{tried} answers at {cases} cases, {} unexpected",
        found.len()
    );
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(
        cases > 4 && tried > 1_000,
        "{tried} answers at {cases} cases"
    );
}

#[tokio::test]
async fn every_role_is_answered_at_every_address_as_the_tables_say() {
    let states = one_of_each_phase();
    let over = states.last().unwrap().clone();
    tried(
        |state| states.iter().any(|one| one == state),
        |state| state == over,
    )
    .await;
}

/// Run with `make matrix`.
#[tokio::test]
#[ignore = "every relation in every state of the scheme takes minutes"]
async fn the_same_in_every_state_of_the_scheme() {
    tried(|_| true, |_| true).await;
}
