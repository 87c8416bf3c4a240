//! A case moves to another edition: by two people, with both dates of each clock, and back again to the very dates it had.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use clares_law::domain::refusal::Refusal;
use clares_law::engine::case::{Case, Running};
use clares_law::engine::command::{Actor, Command};
use clares_law::engine::decide::{decide, decide_between, tick};
use clares_law::engine::definition::Definition;
use clares_law::engine::definition::builtin::{CONFIRM, MIGRATE, NOTE, SECOND_PERSON, SEND_BACK};
use clares_law::engine::draft::Happening;
use clares_law::engine::draft::Target;
use clares_law::engine::event::{Event, Recorded};
use clares_law::engine::evolve::{evolve, replay};
use clares_law::engine::scenario::Scenario;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;

use super::{edition, sound};
use crate::support::world::{
    Walk, answers, dsdas, no_answers, own_name, person, scenario, scenarios, steps_before,
};

const SCHEME: &str = crate::support::world::SCHEME;
const OVERALL: &str = "    limit: 45 calendar days";
const LABEL: &str = "edition: 2026-01\n";

/// Shorter overall, other triage, no sift, and a clock of its own in most states.
static SHORTER: LazyLock<Definition> = LazyLock::new(|| {
    edition(&[
        (SCHEME, LABEL, "edition: shorter\n"),
        (SCHEME, OVERALL, "    limit: 28 calendar days"),
        (
            SCHEME,
            "    limit: 24 hours\n",
            "    limit: 2 working days\n",
        ),
        (
            SCHEME,
            "\nqueues:\n",
            "\n  watch:\n    label: Time to look\n    limit: 9 calendar days\n    starts_on:\n      - registered\n      - checks\n      - triaged\n      - forum_pending\n      - disclosure_planned\n    stops_on:\n      - disclosed\n    pausable: no\n    unconfirmed: invented\nqueues:\n",
        ),
    ])
});

/// Longer overall; the clock of the full checks is called otherwise, and warns earlier.
static LONGER: LazyLock<Definition> = LazyLock::new(|| {
    edition(&[
        (SCHEME, LABEL, "edition: longer\n"),
        (SCHEME, OVERALL, "    limit: 70 calendar days"),
        (
            SCHEME,
            "  checks:\n    label: Time for the full checks",
            "  searches:\n    label: Time for the searches",
        ),
        (
            "calendars/scotland.yaml",
            "  2026-11-30: St Andrew's Day\n",
            "",
        ),
    ])
});

/// A case on its way through editions, each under a made-up hash.
#[derive(Clone)]
struct Traveller {
    edition: &'static str,
    case: Case,
    history: Vec<Recorded>,
    now: Timestamp,
}

fn of(edition: &str) -> &'static Definition {
    match edition {
        "own" => dsdas(),
        "shorter" => &SHORTER,
        _ => &LONGER,
    }
}

impl Traveller {
    fn of(walk: Walk) -> Self {
        Self {
            edition: "own",
            case: walk.case,
            history: walk.history,
            now: walk.now,
        }
    }

    /// A case some steps on its way.
    fn after(title: &str, steps: usize) -> Self {
        let scenario = scenario(title);
        Self::of(Walk::play(scenario, steps, |role, number| {
            own_name(scenario, role, number)
        }))
    }

    fn record(&mut self, happened: Vec<Happening>) {
        for Happening { actor, event } in happened {
            let seq = self.case.version + 1;
            let recorded = Recorded {
                seq,
                at: self.now,
                actor,
                event,
            };
            self.case = evolve(std::mem::take(&mut self.case), &recorded);
            self.history.push(recorded);
        }
    }

    fn wait(&mut self, hours: i64) {
        self.now += SignedDuration::from_hours(hours);
        let happened = tick(of(self.edition), self.case.clone(), self.now);
        self.record(happened);
    }

    fn ask(&mut self, to: &str, by: &Actor, action: &str) -> Result<(), Refusal> {
        let record = if action == MIGRATE {
            answers(json!({ "to": to }))
        } else {
            no_answers()
        };
        let command = Command {
            action: action.to_owned(),
            record,
            rationale: "The new edition is law".to_owned(),
            expected: None,
            actor: by.clone(),
            now: self.now,
        };
        let target = Target {
            own: self.edition,
            hash: to,
            definition: of(to),
        };
        let happened = decide_between(of(self.edition), Some(target), &self.case, &command)?;
        self.record(happened);
        Ok(())
    }

    fn moves(&mut self, to: &'static str) -> Result<(), Refusal> {
        self.ask(to, &supervisor("ailsa"), MIGRATE)?;
        self.ask(to, &supervisor("bram"), CONFIRM)?;
        self.edition = to;
        Ok(())
    }

    /// What counts of each clock of the scheme: the wait for a second person is not one of them.
    fn clocks(&self) -> Vec<Running> {
        let clocks = self
            .case
            .clocks
            .iter()
            .filter(|run| run.clock != SECOND_PERSON);
        let bare = clocks.map(|run| Running {
            terms: BTreeMap::new(),
            left: None,
            ..run.clone()
        });
        bare.collect()
    }

    fn run(&self, clock: &str) -> &Running {
        self.case
            .clocks
            .iter()
            .rfind(|run| run.clock == clock)
            .unwrap()
    }
}

fn supervisor(id: &str) -> Actor {
    person(id, "supervisor")
}

fn unmet(refused: Result<(), Refusal>) -> Vec<String> {
    match refused {
        Err(Refusal::Unmet(sentences)) => sentences,
        other => panic!("{other:?}"),
    }
}

#[test]
fn l13_a_move_shows_old_and_new_dates_and_the_first_stays() {
    let mut case = Traveller::after("She asks about the man", 1);
    let before = case.run("overall").clone();
    let events = case.history.len();
    case.moves("shorter").unwrap();

    let after = case.run("overall");
    assert_eq!(after.original_due, before.original_due);
    assert_eq!(before.due.date.unwrap().to_string(), "2026-12-17");
    assert_eq!(after.due.date.unwrap().to_string(), "2026-11-30");
    let told: Vec<_> = case.history[events..]
        .iter()
        .map(|recorded| &recorded.event)
        .collect();
    let moved = told.iter().find_map(|event| match event {
        Event::ClockMoved(moved) if moved.clock == "overall" => Some(moved),
        _ => None,
    });
    let moved = moved.unwrap();
    assert_eq!((moved.was, moved.due), (before.due, after.due));
    let said = told.iter().find_map(|event| match event {
        Event::Migrated {
            from,
            to,
            rationale,
            confirmed,
        } => Some((from, to, rationale, confirmed)),
        _ => None,
    });
    let (from, to, rationale, confirmed) = said.unwrap();
    assert_eq!(
        (from.hash.as_str(), from.label.as_str()),
        ("own", "2026-01")
    );
    assert_eq!(
        (to.hash.as_str(), to.label.as_str()),
        ("shorter", "shorter")
    );
    assert_eq!(rationale, "The new edition is law");
    assert_eq!(confirmed.proposed_by.id, "ailsa");
    assert_eq!(case.case, replay(&case.history), "history tells the same");
}

#[test]
fn l4_nobody_moves_a_case_alone() {
    let mut case = Traveller::after("She asks about the man", 1);
    let before = case.clone();
    let morag = person("morag", "verifier");
    assert!(matches!(
        case.ask("shorter", &morag, MIGRATE),
        Err(Refusal::NotYours(_))
    ));
    case.ask("shorter", &supervisor("ailsa"), MIGRATE).unwrap();
    assert_eq!(case.case.state, before.case.state);
    assert_eq!(
        case.clocks(),
        before.clocks(),
        "while it waits, nothing moves"
    );
    let waits = case.case.pending.clone().unwrap();
    assert_eq!(waits.confirm_by, ["supervisor"]);
    assert!(case.case.running(SECOND_PERSON).is_some());
    let alone = unmet(case.ask("shorter", &supervisor("ailsa"), CONFIRM));
    assert_eq!(
        alone,
        ["You proposed this, so another person must confirm it"]
    );
    assert!(matches!(
        case.ask("shorter", &morag, CONFIRM),
        Err(Refusal::NotYours(_))
    ));
    // Without the edition, or with another one, it cannot be confirmed.
    let confirm = Command {
        action: CONFIRM.to_owned(),
        record: no_answers(),
        rationale: "I agree".to_owned(),
        expected: None,
        actor: supervisor("bram"),
        now: case.now,
    };
    assert!(decide(dsdas(), &case.case, &confirm).is_err());
    assert!(case.ask("longer", &supervisor("bram"), CONFIRM).is_err());
    let again = unmet(case.ask("shorter", &supervisor("bram"), MIGRATE));
    assert_eq!(
        again,
        ["‘Move to another edition’ waits for a second person; confirm it or send it back first"]
    );
    case.ask("shorter", &supervisor("bram"), SEND_BACK).unwrap();
    assert_eq!(case.case.pending, None);
    assert_eq!(case.clocks(), before.clocks());
    assert_eq!(case.case.state, before.case.state);
}

#[test]
fn a_move_needs_a_reason_and_an_edition() {
    let case = Traveller::after("She asks about the man", 1);
    let ask = |record, rationale: &str| {
        let command = Command {
            action: MIGRATE.to_owned(),
            record: answers(record),
            rationale: rationale.to_owned(),
            expected: None,
            actor: supervisor("ailsa"),
            now: case.now,
        };
        let target = Target {
            own: "own",
            hash: "shorter",
            definition: &SHORTER,
        };
        decide_between(dsdas(), Some(target), &case.case, &command)
    };
    let fields = |refused: Result<Vec<Happening>, Refusal>| match refused {
        Err(Refusal::Fields(errors)) => errors
            .into_iter()
            .map(|error| error.field)
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(fields(ask(json!({ "to": "shorter" }), " ")), ["rationale"]);
    assert_eq!(fields(ask(json!({}), "Because")), ["to"]);
    assert_eq!(fields(ask(json!({ "to": "other" }), "Because")), ["to"]);
    assert_eq!(
        fields(ask(json!({ "to": "shorter", "more": 1 }), "Because")),
        ["more"]
    );
    assert!(ask(json!({ "to": "shorter" }), "Because").is_ok());
    let mut case = case;
    let twice = unmet(case.ask("own", &supervisor("ailsa"), MIGRATE));
    assert_eq!(twice, ["The case goes by this edition already"]);
}

#[test]
fn a_case_that_would_be_stranded_is_refused_with_every_reason() {
    static WITHOUT: LazyLock<Definition> = LazyLock::new(|| {
        let mut library = super::edited(&[]);
        for file in library.0.values_mut() {
            let text = file.text.replace("  registered:\n", "  taken_on:\n");
            let text = text.replace("- registered\n", "- taken_on\n");
            let text = text.replace(": registered\n", ": taken_on\n");
            file.text = text.replace("for_myself", "for_me");
        }
        sound(&library)
    });
    let mut case = Traveller::after("She asks about the man", 1);
    assert_eq!(case.case.state, "registered");
    let (command, target) = move_to("without", &WITHOUT, case.now);
    let refused = decide_between(dsdas(), Some(target), &case.case, &command);
    assert_eq!(
        refused.unwrap_err().sentences(),
        [
            "It has no state ‘Registered’",
            "It has no capacity ‘For myself’"
        ]
    );
    case.wait(1);
}

/// What asks for a case to go by this edition.
fn move_to<'a>(hash: &'a str, definition: &'a Definition, now: Timestamp) -> (Command, Target<'a>) {
    let command = Command {
        action: MIGRATE.to_owned(),
        record: answers(json!({ "to": hash })),
        rationale: "Because".to_owned(),
        expected: None,
        actor: supervisor("ailsa"),
        now,
    };
    let target = Target {
        own: "own",
        hash,
        definition,
    };
    (command, target)
}

#[test]
fn an_edition_not_yet_in_force_and_an_ended_case_are_refused() {
    static LATER: LazyLock<Definition> = LazyLock::new(|| {
        edition(&[(
            SCHEME,
            "effective_from: 2026-01-01",
            "effective_from: 2027-01-01",
        )])
    });
    let case = Traveller::after("She asks about the man", 1);
    let (command, target) = move_to("later", &LATER, case.now);
    let refused = decide_between(dsdas(), Some(target), &case.case, &command).unwrap_err();
    assert_eq!(
        refused.sentences(),
        ["This edition is in force only from 2027-01-01"]
    );

    let ended = scenarios().iter().map(|scenario| {
        let walk = Walk::play(scenario, scenario.steps.len(), |role, number| {
            own_name(scenario, role, number)
        });
        Traveller::of(walk)
    });
    let mut ended = ended.into_iter().find(|case| case.case.ended).unwrap();
    assert_eq!(
        unmet(ended.ask("shorter", &supervisor("ailsa"), MIGRATE)),
        ["The case has ended"]
    );
}

#[test]
fn clocks_that_only_one_edition_knows_start_and_stop() {
    let mut case = Traveller::after("She asks about the man", 1);
    assert_eq!(case.case.state, "registered");
    let entered = case.case.state_since;
    case.wait(30);
    case.moves("shorter").unwrap();
    let watch = case.run("watch").clone();
    assert!(watch.is_running());
    assert_eq!(
        watch.from, entered,
        "it counts from when the state was entered"
    );
    case.moves("own").unwrap();
    assert!(!case.run("watch").is_running());
    case.moves("shorter").unwrap();
    let again = case.run("watch");
    assert!(again.is_running());
    assert_eq!((again.instance, again.due), (watch.instance, watch.due));
}

#[test]
fn a_clock_that_came_late_by_the_shorter_limit_is_so_at_once_and_not_after_the_way_back() {
    let mut case = Traveller::after("She asks about the man", 1);
    case.wait(24 * 30);
    assert!(!case.run("overall").is_late());
    case.moves("shorter").unwrap();
    assert!(case.run("overall").is_late());
    let breached = |recorded: &&Recorded| matches!(&recorded.event, Event::ClockBreached { clock, .. } if clock == "overall");
    assert_eq!(case.history.iter().filter(breached).count(), 1);
    case.moves("own").unwrap();
    assert!(
        !case.run("overall").is_late(),
        "it is not late by its own edition"
    );
    assert_eq!(
        case.history.iter().filter(breached).count(),
        1,
        "the history keeps it"
    );
    case.wait(24 * 20);
    assert!(case.run("overall").is_late());
}

/// A case moves away and home again; its clocks are those of the one that stayed, then and later.
fn there_and_back(scenario: &'static Scenario, steps: usize, way: &[&'static str], hours: &[i64]) {
    let walk = Walk::play(scenario, steps, |role, number| {
        own_name(scenario, role, number)
    });
    let mut stayed = Traveller::of(walk);
    stayed.wait(hours[0]);
    if stayed.case.ended || stayed.case.pending.is_some() {
        return;
    }
    let mut moved = stayed.clone();
    for (to, hours) in way.iter().zip(&hours[1..]) {
        moved.moves(to).unwrap();
        moved.wait(*hours);
        stayed.wait(*hours);
    }
    moved.moves("own").unwrap();
    // Clocks of the other editions have stopped; they were never its own.
    let own: Vec<_> = moved
        .clocks()
        .into_iter()
        .filter(|run| dsdas().scheme.clocks.has(&run.clock))
        .collect();
    assert_eq!(own, stayed.clocks());
    let foreign = moved
        .clocks()
        .into_iter()
        .filter(|run| !dsdas().scheme.clocks.has(&run.clock));
    assert!(foreign.into_iter().all(|run| !run.is_running()));
    assert_eq!(&moved.case, &replay(&moved.history));
    // And it goes on as before.
    for case in [&mut moved, &mut stayed] {
        let note = Command {
            action: NOTE.to_owned(),
            record: no_answers(),
            rationale: "On we go".to_owned(),
            expected: None,
            actor: supervisor("ailsa"),
            now: case.now,
        };
        let happened = decide(dsdas(), &case.case, &note).unwrap();
        case.record(happened);
        case.wait(24 * 40);
    }
    let own: Vec<_> = moved
        .clocks()
        .into_iter()
        .filter(|run| dsdas().scheme.clocks.has(&run.clock))
        .collect();
    assert_eq!(own, stayed.clocks());
}

/// Found by the property below: a pause ended by itself while the case was away, and the other calendar had no holiday.
#[test]
fn l13_what_was_late_elsewhere_is_late_since_its_own_due_date_at_home() {
    let suspended = scenario("Contact stops because a man answers her phone");
    let steps = steps_before(suspended, "resume_contact");
    there_and_back(suspended, steps, &["longer"], &[114, 562]);
}

fn anywhere() -> impl Strategy<Value = (usize, prop::sample::Index)> {
    (0..scenarios().len(), any::<prop::sample::Index>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    /// Moved away and back, every clock is what it would have been had the case stayed.
    #[test]
    fn l13_undone_a_move_leaves_the_dates_exactly_as_they_were(
        (number, step) in anywhere(),
        way in prop::sample::select(vec![&["shorter"][..], &["longer"], &["shorter", "longer"], &["longer", "shorter"]]),
        hours in prop::collection::vec(0i64..24 * 25, 4),
    ) {
        let scenario = &scenarios()[number];
        there_and_back(scenario, step.index(scenario.steps.len() + 1), way, &hours);
    }
}
