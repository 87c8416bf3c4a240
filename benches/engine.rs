//! What one action costs, what it costs to ask the policies who may see what, and to read and check every definition.
//! `make bench` prints the figures of the README; beside each stands its floor, the cheapest thing that could be called the same work.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;

use clares_law::app::access::{Access, Right};
use clares_law::app::library;
use clares_law::app::standing::{About, Standing};
use clares_law::domain::class::FieldClass;
use clares_law::domain::refusal::Refusal;
use clares_law::engine::case::Case;
use clares_law::engine::command::{Actor, Application, Command};
use clares_law::engine::decide::{decide, open};
use clares_law::engine::definition::record::Record;
use clares_law::engine::definition::{self, Definition};
use clares_law::engine::event::Recorded;
use clares_law::engine::evolve::replay;
use clares_law::engine::scenario::record_all;
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;

const SCHEME: &str = "schemes/dsdas-scotland.yaml";
const EVENTS: u64 = 200;

fn now() -> Timestamp {
    "2026-11-02T09:30:00Z".parse().expect("a fixed instant")
}

fn actor(role: &str) -> Actor {
    Actor {
        id: role.to_owned(),
        role: role.to_owned(),
        agency: String::new(),
        authority: String::new(),
    }
}

fn command(action: &str, definition: &Definition) -> Command {
    let declared = definition.scheme.actions.get(action);
    let record = declared.and_then(|action| definition.records.get(&**action.record.as_ref()?));
    Command {
        action: action.to_owned(),
        record: record.map(Record::examples).unwrap_or_default(),
        rationale: "A reason in the officer's own words".to_owned(),
        expected: None,
        actor: actor("verifier"),
        now: now(),
    }
}

/// A case fresh from the public form with so many events: the application, then notes and repeated searches.
fn long_case(definition: &Definition) -> Result<(Case, Vec<Recorded>), Refusal> {
    let form = definition.scheme.intake.public_form.as_deref();
    let form = form.unwrap_or_default().to_owned();
    let application = Application {
        answers: definition.records[&form].examples(),
        form,
        reference: String::new(),
        authority: String::new(),
        actor: Actor::public(),
        now: now(),
    };
    let mut case = Case::default();
    let mut history = Vec::new();
    let mut happened = open(definition, &application)?;
    while case.version < EVENTS {
        for happening in std::mem::take(&mut happened) {
            let seq = case.version + 1;
            case = record_all(case, vec![happening.clone()], now());
            history.push(Recorded {
                seq,
                at: now(),
                actor: happening.actor,
                event: happening.event,
            });
        }
        let next = if case.version % 2 == 0 {
            "note"
        } else {
            "record_initial_checks"
        };
        let mut asked = command(next, definition);
        if next == "note" {
            asked.record.clear();
        }
        happened = decide(definition, &case, &asked)?;
    }
    Ok((case, history))
}

fn benchmarks(criterion: &mut Criterion) {
    let library = library::from_folder(Path::new("workflows")).expect("the shipped workflow files");
    let (read, _) = definition::read(&library, SCHEME);
    let definition = read.expect("the shipped scheme is sound");
    let (case, history) = long_case(&definition).expect("a long case");
    let register = command("register", &definition);

    criterion.bench_function("decide and evolve one action (200 events)", |bench| {
        bench.iter(|| {
            let happened =
                decide(&definition, &case, black_box(&register)).expect("it may be registered");
            record_all(case.clone(), happened, now())
        });
    });
    criterion.bench_function("floor: copy the case twice", |bench| {
        bench.iter(|| (black_box(&case).clone(), black_box(&case).clone()));
    });
    criterion.bench_function("replay 200 events", |bench| {
        bench.iter(|| replay(black_box(&history)));
    });
    criterion.bench_function("read and check every definition", |bench| {
        bench.iter(|| library::schemes(black_box(&library)));
    });
    criterion.bench_function("floor: read the same files", |bench| {
        bench.iter(|| {
            library::from_folder(Path::new("workflows")).expect("the shipped workflow files")
        });
    });
}

/// One decision, and the ten that a look at a case takes, for somebody who was let in to a restricted case.
fn decisions(criterion: &mut Criterion) {
    let library = library::from_folder(Path::new("workflows")).expect("the shipped workflow files");
    let access = Access::read(&library).expect("the shipped policies are sound");
    let chair = actor("chair");
    let standing = Standing {
        restricted: true,
        let_in: Some(now()),
        ..Standing::default()
    };
    let about = About::cases_of("", now()).told(true).to(standing);
    let right = Right::Read(FieldClass::ApplicantIdentity);

    criterion.bench_function("one decision of the policies", |bench| {
        bench.iter(|| access.may(black_box(&chair), right, black_box(about)));
    });
    criterion.bench_function("ten decisions: what somebody may see of a case", |bench| {
        bench.iter(|| access.sight(black_box(&chair), black_box(about)));
    });
    let classes = FieldClass::ALL.map(|class| ("chair", class.name()));
    let allowed: BTreeSet<(&str, &str)> = classes.into();
    criterion.bench_function("floor: find one answer in a set", |bench| {
        let asked = ("chair", FieldClass::ApplicantIdentity.name());
        bench.iter(|| allowed.contains(black_box(&asked)));
    });
}

criterion_group!(benches, benchmarks, decisions);
criterion_main!(benches);
