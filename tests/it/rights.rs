//! Requests about one's own data and the log of breaches, as far as the definitions themselves say it.

use std::collections::BTreeSet;

use clares_law::domain::class::FieldClass;
use clares_law::engine::definition::record::{Field, Kind};
use clares_law::engine::definition::scheme::Receives;
use clares_law::engine::definition::{self, Definition};
use jiff::SignedDuration;

use crate::support::world::{Walk, editions, own_name, scenarios_of, shipped};

const OWN_DATA: &str = "own-data";
const BREACHES: &str = "data-breach";

fn edition(scheme: &str) -> &'static Definition {
    let mut all = editions();
    all.find(|one| *one.scheme.scheme == *scheme).unwrap()
}

#[test]
fn l9_whoever_asks_for_their_own_data_is_told_one_text_whatever_they_ask_and_whatever_comes_out() {
    let scheme = &edition(OWN_DATA).scheme;
    let capacities = scheme.capacities.iter();
    assert!(
        capacities
            .clone()
            .all(|(_, one)| one.receives == Receives::Receipt)
    );
    let actions = scheme
        .actions
        .iter()
        .flat_map(|(_, action)| action.tells.iter());
    let told: BTreeSet<_> = actions.map(|(_, message)| message.to_string()).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(scheme.intake.public_form.is_none());
}

#[test]
fn what_is_given_is_checked_where_it_stands() {
    for (from, to, words) in [
        (
            "letter: give_answer",
            "letter: close_request",
            "what it `tells` is the letter",
        ),
        (
            "decided_by: decide_what_is_given",
            "decided_by: decide",
            "the action whose form says what is given",
        ),
        (
            "decided_by: decide_what_is_given",
            "decided_by: give_answer",
            "rests on `give_answer`, so it needs a `second_person`",
        ),
        (
            "pieces: pieces",
            "pieces: outcome",
            "has no entries `outcome`",
        ),
        (
            "words: given_words",
            "words: is_given",
            "Name the text of a piece",
        ),
        (
            "    is_given:\n",
            "    is_it:\n",
            "A piece is not asked for a choice `is_it`",
        ),
        (
            "      - as_it_is\n",
            "      - as_it_was\n",
            "`is_given` has no answer `as_it_was`",
        ),
    ] {
        let mut library = shipped();
        let file = library.0.get_mut("schemes/own-data.yaml").unwrap();
        let (before, gives) = file.text.split_once("\ngives:\n").unwrap();
        assert!(gives.contains(from), "{from}");
        file.text = format!("{before}\ngives:\n{}", gives.replacen(from, to, 1));
        let (sound, findings) = definition::read(&library, "schemes/own-data.yaml");
        assert!(sound.is_none(), "{to}");
        let found = findings.iter().any(|finding| finding.text.contains(words));
        assert!(found, "{to}: {findings:?}");
    }
}

#[test]
fn the_log_of_breaches_counts_72_hours_that_nothing_pauses() {
    let scheme = &edition(BREACHES).scheme;
    let (first, clock) = scheme.clocks.iter().next().unwrap();
    assert_eq!(&*clock.limit.0[0].is, "72 hours");
    for (name, action) in scheme.actions.iter() {
        let extends = action
            .extends
            .as_ref()
            .is_some_and(|by| *by.clock == **first);
        assert!(!action.pauses.has(first) && !extends, "{}", &**name);
    }
    let (mut runs, mut late) = (0, 0);
    for scenario in scenarios_of(BREACHES) {
        let steps = scenario.steps.len();
        let walk = Walk::play(scenario, steps, |role, number| {
            own_name(scenario, role, number)
        });
        for run in walk.case.clocks.iter().filter(|run| run.clock == **first) {
            let due = run.started_at + SignedDuration::from_hours(72);
            assert_eq!(
                (run.original_due.at, run.due.at),
                (due, due),
                "{}",
                scenario.scenario
            );
            runs += 1;
            late += usize::from(run.is_late());
        }
    }
    assert!(runs > late && late > 0, "{runs} runs, {late} of them late");
}

fn asked(fields: &[(definition::yaml::Word, Field)]) -> Vec<&Field> {
    let inner = fields.iter().flat_map(|(_, field)| asked(&field.fields.0));
    fields.iter().map(|(_, field)| field).chain(inner).collect()
}

/// What was lost is described by kinds and numbers: no form asks who it was.
#[test]
fn the_log_of_breaches_asks_for_nobodys_data() {
    for (name, form) in &edition(BREACHES).records {
        for field in asked(&form.fields.0) {
            let kind = [Kind::Person, Kind::Addresses, Kind::Contact];
            assert!(!kind.contains(&field.kind), "{name}: {}", &*field.label);
            let class = [FieldClass::Decision, FieldClass::Process];
            assert!(class.contains(&field.class), "{name}: {}", &*field.label);
        }
    }
}
