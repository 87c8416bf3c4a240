//! Random walks over the shipped Scottish scheme: whatever anybody tries, in whatever order and however late, the laws
//! of the house hold. A walk starts somewhere on a scenario, so that deep states are reached.

mod laws;
mod turn;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use clares_law::engine::clocks::{extend, trace};
use clares_law::engine::command::Actor;
use clares_law::engine::decide::{decide, tick};
use clares_law::engine::definition::scheme::OutcomeKind;
use clares_law::engine::event::{Event, Recorded, Stage};
use clares_law::engine::evolve::replay;
use clares_law::engine::offers::{Offer, offers};
use jiff::SignedDuration;
use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use serde_json::json;

use crate::support::world::{Walk, dsdas, person, scenario, scenarios, steps_before};
use laws::Witness;
use turn::{Cast, Turn, any_turn, minutes, offered};

/// Where a walk begins, and who walks.
#[derive(Debug, Clone)]
struct Start {
    scenario: usize,
    steps: usize,
    cast: Cast,
}

/// What is decided before anything is done: a start, and turns that fit any case.
struct Plan;

impl ReferenceStateMachine for Plan {
    type State = Start;
    type Transition = Turn;

    fn init_state() -> BoxedStrategy<Start> {
        let cast = prop_oneof![4 => Just(Cast::Many), 2 => Just(Cast::Few), 1 => Just(Cast::Alone), 1 => Just(Cast::Newcomer)];
        let anywhere = (0..scenarios().len(), any::<Index>());
        let anywhere = anywhere.prop_map(|(scenario, steps)| {
            (scenario, steps.index(scenarios()[scenario].steps.len() + 1))
        });
        let start = (
            prop_oneof![3 => anywhere, 1 => prop::sample::select(near_a_pause())],
            cast,
        );
        start
            .prop_map(|((scenario, steps), cast)| Start {
                scenario,
                steps,
                cast,
            })
            .boxed()
    }

    fn transitions(_: &Start) -> BoxedStrategy<Turn> {
        any_turn()
    }

    fn apply(start: Start, _: &Turn) -> Start {
        start
    }
}

/// Starts around the steps that pause a clock, which chance alone seldom meets.
fn near_a_pause() -> Vec<(usize, usize)> {
    let pauses = |does: &str| {
        dsdas()
            .scheme
            .actions
            .get(does)
            .is_some_and(|action| !action.pauses.is_empty())
    };
    let steps = scenarios()
        .iter()
        .enumerate()
        .flat_map(|(number, scenario)| {
            let first = scenario.steps.iter().position(|step| pauses(&step.does));
            first
                .into_iter()
                .flat_map(move |place| (place..place + 3).map(move |steps| (number, steps)))
        });
    steps.collect()
}

/// A case on its walk, with a witness who keeps his own book.
struct World {
    walk: Walk,
    witness: Witness,
    cast: Cast,
    /// Whether one account has done everything since nothing was decided.
    alone: bool,
    offers: Vec<(&'static str, Offer)>,
}

/// What the walks of one run came across, so that a run that meets nothing fails.
static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

struct Walks;

impl StateMachineTest for Walks {
    type SystemUnderTest = World;
    type Reference = Plan;

    fn init_test(start: &Start) -> World {
        let cast = start.cast;
        let walk = Walk::play(&scenarios()[start.scenario], start.steps, |role, number| {
            cast.name(role, number)
        });
        let mut witness = Witness::default();
        walk.history
            .iter()
            .for_each(|recorded| witness.see(recorded));
        let undecided =
            walk.case.pending.is_none() && walk.case.outcome.is_none() && !walk.case.ended;
        let offers = offered(&walk, cast);
        World {
            alone: cast == Cast::Alone || cast == Cast::Newcomer && undecided,
            walk,
            witness,
            cast,
            offers,
        }
    }

    fn apply(mut world: World, _: &Start, turn: Turn) -> World {
        world.walk.now += minutes(&turn);
        laws::l6_nothing_is_hidden(&world.walk);
        world.offers = offered(&world.walk, world.cast);
        let before = world.walk.clone();
        let batch = match turn.command(&before, world.cast, &world.offers) {
            None => {
                assert_eq!(
                    tick(dsdas(), before.case.clone(), before.now),
                    tick(dsdas(), before.case.clone(), before.now)
                );
                world.walk.look_at_clocks()
            }
            Some(command) => {
                let once = decide(dsdas(), &before.case, &command);
                assert_eq!(
                    once,
                    decide(dsdas(), &before.case, &command),
                    "the same input gives the same events"
                );
                let done = world.walk.ask(&command).unwrap_or_default();
                if !done.is_empty() {
                    laws::only_what_is_offered(&before, &command);
                }
                done
            }
        };
        laws::l3_reasons(&before.case, &batch);
        laws::l4_nobody_alone(&before.case, &world.witness, &batch);
        laws::l6_due_dates(&before.case, &world.walk.case, &batch);
        for recorded in &batch {
            world.witness.see(recorded);
        }
        remember(&batch);
        if !batch.is_empty() {
            world.offers = offered(&world.walk, world.cast);
        }
        world
    }

    fn check_invariants(world: &World, _: &Start) {
        let Walk { case, history, .. } = &world.walk;
        assert_eq!(
            &replay(history),
            case,
            "replay gives the case as it evolved"
        );
        assert!(
            history
                .iter()
                .zip(1..)
                .all(|(recorded, number)| recorded.seq == number),
            "versions count up"
        );
        assert_eq!(case.version, history.len() as u64);
        let unstuck = laws::stuck(&world.walk, &world.offers);
        assert_eq!(unstuck, None, "L5");
        if world.alone {
            let kind = case
                .outcome
                .as_ref()
                .map(|outcome| dsdas().scheme.outcomes.get(outcome).unwrap().kind);
            assert!(
                matches!(kind, None | Some(OutcomeKind::Disclose)),
                "L4: one account alone reached {:?}",
                case.outcome
            );
            assert!(!case.ended, "L4: one account alone ended a case");
        }
    }
}

fn offers_of(walk: &Walk, actor: &Actor) -> Vec<Offer> {
    offers(dsdas(), &walk.case, actor, walk.now)
}

fn remember(batch: &[Recorded]) {
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    for recorded in batch {
        let stored = serde_json::to_string(&recorded.event).unwrap();
        assert_eq!(
            serde_json::from_str::<Event>(&stored).unwrap(),
            recorded.event,
            "an event survives being stored"
        );
        seen.insert(recorded.event.kind().to_owned());
        if let Event::Acted { action, to, .. } = &recorded.event {
            seen.insert(format!("action {action}"));
            seen.extend(to.iter().map(|state| format!("state {state}")));
        }
    }
}

#[test]
fn l3_l4_l5_l6_hold_on_every_walk() {
    let asked = ProptestConfig::default();
    // A quarter of proptest's number: each case has dozens of turns. `PROPTEST_CASES` asks for more.
    // Half of proptest's number keeps the run short: each case has dozens of turns. `PROPTEST_CASES` asks for more.
    let config = ProptestConfig {
        cases: asked.cases / 2,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..asked
    };
    let mut runner = TestRunner::new(config.clone());
    let walks = Plan::sequential_strategy(1..30);
    let done = runner.run(&walks, |(start, turns, seen)| {
        Walks::test_sequential(
            config.clone(),
            start,
            turns,
            seen.map(|seen| Arc::clone(&seen)),
        );
        Ok(())
    });
    if let Err(error) = done {
        panic!("{error}");
    }
    let seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    for kind in [
        "acted",
        "proposed",
        "sent_back",
        "amended",
        "clock_warned",
        "clock_breached",
    ] {
        assert!(seen.contains(kind), "no walk met {kind}");
    }
}

#[test]
fn a_pause_that_ends_by_itself_is_explained_the_same_however_late_that_is_noticed() {
    let scenario = scenario("Two people share a name");
    let mut walk = Walk::play(
        scenario,
        steps_before(scenario, "clear_conflict"),
        |role, number| Cast::Many.name(role, number),
    );
    assert!(walk.case.running("face_to_face").unwrap().paused.is_some());
    walk.now += SignedDuration::from_hours(24 * 9);
    walk.look_at_clocks();
    let run = walk.case.running("face_to_face").unwrap();
    assert_eq!(trace(dsdas(), run).unwrap().at, run.due.at);
    // Paused from Tuesday the 3rd to the end of Friday the 6th: three whole working days do not count.
    assert_eq!(run.due.date, Some(date(2026, 11, 19)));
}

#[test]
fn a_clock_that_is_stopped_while_it_is_paused_did_not_run_late() {
    let scenario = scenario("Two people share a name");
    let name = |role: &str, number| Cast::Many.name(role, number);
    let mut walk = Walk::play(scenario, steps_before(scenario, "hold_meeting"), name);
    walk.does(
        person("coordinator-1", "coordinator"),
        "hold_meeting",
        &json!({ "review_on": "2027-01-15" }),
    )
    .unwrap();
    walk.does(person("supervisor-1", "supervisor"), "confirm", &json!({}))
        .unwrap();
    walk.now += SignedDuration::from_hours(24 * 30);
    walk.does(
        person("supervisor-1", "supervisor"),
        "decline_application",
        &json!({}),
    )
    .unwrap();
    let done = walk
        .does(person("supervisor-2", "supervisor"), "confirm", &json!({}))
        .unwrap();
    let late = done.iter().find_map(|recorded| match &recorded.event {
        Event::ClockStopped { clock, late, .. } if clock == "face_to_face" => Some(*late),
        _ => None,
    });
    assert_eq!(late, Some(false), "thirty days of it were paused");
}

#[test]
fn what_has_been_warned_of_is_not_warned_of_again_when_the_date_moves() {
    let scenario = scenario("Two people share a name");
    let name = |role: &str, number| Cast::Many.name(role, number);
    let mut walk = Walk::play(scenario, steps_before(scenario, "hold_meeting"), name);
    let run = walk.case.running("face_to_face").unwrap();
    assert_eq!(run.instance, 1, "runs are counted from one");
    walk.now = run.due.at - SignedDuration::from_hours(1);
    walk.look_at_clocks();
    let run = walk.case.running("face_to_face").unwrap();
    let extended = extend(dsdas(), run, "2 working days").unwrap();
    let Event::ClockExtended { stages, .. } = extended else {
        panic!("{extended:?}");
    };
    let left: Vec<_> = stages.iter().map(|stage| &*stage.name).collect();
    assert_eq!(left, [Stage::BREACH]);
}

#[test]
fn l4_who_recorded_that_the_forum_was_quorate_does_not_confirm_its_no() {
    let scenario = scenario("The forum decides not to disclose, and a member");
    let name = |role: &str, number| Cast::Many.name(role, number);
    let mut walk = Walk::play(scenario, steps_before(scenario, "convene"), name);
    let two_roles = |role| person("una", role);
    walk.does(two_roles("chair"), "convene", &json!({}))
        .unwrap();
    let no = json!({ "outcome": "no_disclosure_not_justified" });
    walk.does(person("chair-2", "chair"), "decide_not_to_disclose", &no)
        .unwrap();
    let refusal = walk
        .does(two_roles("member"), "confirm", &json!({}))
        .unwrap_err();
    let sentence = "You filled in a record that this rests on, so another person must confirm it";
    assert_eq!(refusal.sentences(), [sentence]);
    walk.does(person("member-2", "member"), "confirm", &json!({}))
        .unwrap();
    assert_eq!(walk.case.state, "outcome_to_tell");
}
