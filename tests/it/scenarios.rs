//! The shipped scenarios hold, on the pure engine and through the write door alike, and together they go everywhere.

use std::collections::BTreeSet;
use std::path::Path;

use clares_law::app::library;
use clares_law::domain::id::CaseId;
use clares_law::engine::definition::Definition;
use clares_law::engine::definition::finding::{File, Severity};
use clares_law::engine::definition::roles::Banned;
use clares_law::engine::event::{Event, Recorded};
use clares_law::engine::scenario::Scenario;
use clares_law::mail::Outcome;

use crate::support::house::House;
use crate::support::post::folder_mailer;
use crate::support::world::{Walk, editions, own_name, received, scenarios_of, schemes, shipped};

#[test]
fn every_scenario_holds() {
    let library = shipped();
    let definitions = library::schemes(&library);
    let played: Vec<_> = library::scenarios(&library).into_iter().collect();
    assert!(played.len() >= 30, "only {} scenarios", played.len());
    for (file, scenario) in played {
        let findings = library::play(&file, &scenario.unwrap(), &definitions);
        assert!(
            findings.is_empty(),
            "{}",
            findings
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        );
    }
}

/// What a scheme takes over from another as it stands there is proved by the scenarios of that one.
#[test]
fn together_they_enter_every_state_take_every_action_and_end_in_every_outcome() {
    for scheme in schemes() {
        let mut met = BTreeSet::new();
        for walk in scenarios_of(scheme).into_iter().map(pure) {
            let states = walk
                .history
                .iter()
                .filter_map(|recorded| entered(&recorded.event));
            met.extend(states.map(|state| format!("states.{state}")));
            met.extend(
                walk.history
                    .iter()
                    .filter_map(|recorded| taken(&recorded.event)),
            );
            met.extend(
                walk.case
                    .outcome
                    .map(|outcome| format!("outcomes.{outcome}")),
            );
        }
        for edition in editions().filter(|edition| *edition.scheme.scheme == *scheme) {
            let elsewhere = proved_elsewhere(edition);
            let missed: Vec<_> = to_meet(edition)
                .into_iter()
                .filter(|name| !met.contains(name) && !elsewhere.contains(name))
                .collect();
            assert_eq!(missed, [""; 0], "{scheme}: what no scenario comes to");
        }
    }
}

fn to_meet(edition: &Definition) -> Vec<String> {
    let scheme = &edition.scheme;
    let states = scheme.states.names().map(|name| format!("states.{name}"));
    let actions = scheme.actions.names().map(|name| format!("actions.{name}"));
    let outcomes = scheme
        .outcomes
        .names()
        .map(|name| format!("outcomes.{name}"));
    states.chain(actions).chain(outcomes).collect()
}

/// What it has from another scheme, also where that one has it from a part.
fn proved_elsewhere(edition: &Definition) -> BTreeSet<String> {
    let shared = || edition.sharing.iter();
    let base = |other: &&Definition| shared().any(|shared| shared.from == other.path);
    let known: BTreeSet<_> = editions().filter(base).flat_map(to_meet).collect();
    let unchanged = shared().flat_map(|shared| shared.unchanged.iter().cloned());
    unchanged.filter(|name| known.contains(name)).collect()
}

fn entered(event: &Event) -> Option<&str> {
    match event {
        Event::Opened { state, .. } => Some(state),
        Event::Acted { to, .. } | Event::SentBack { to, .. } => to.as_deref(),
        _ => None,
    }
}

fn taken(event: &Event) -> Option<String> {
    match event {
        Event::Acted { action, .. } => Some(format!("actions.{action}")),
        _ => None,
    }
}

/// A scheme of another country, written by somebody who had the manual and no word with the program's authors.
#[test]
fn a_foreign_scheme_is_data_alone() {
    let library = library::from_folder(Path::new("workflows/examples")).unwrap();
    let read = library::schemes(&library);
    assert_eq!(read.len(), 1);
    let edition = read[0].definition.as_ref();
    let edition = edition.unwrap_or_else(|| panic!("{:?}", read[0].findings));
    let others = library::others(&library, &read);
    let errors = others
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    assert_eq!(errors.count(), 0, "{others:?}");
    let mut states = BTreeSet::new();
    let scenarios = library::scenarios(&library);
    assert!(scenarios.len() >= 6);
    for (file, scenario) in scenarios {
        let scenario = scenario.unwrap();
        assert_eq!(library::play(&file, &scenario, &read), []);
        states.extend(scenario.states(edition));
    }
    let all: BTreeSet<_> = edition.scheme.states.names().map(str::to_owned).collect();
    assert_eq!(states, all);
}

#[test]
fn a_wrong_scenario_fails_where_it_is_wrong() {
    let library = shipped();
    let file = &library.0["scenarios/withdrawn.yaml"];
    let wrong: [(&str, &str, &str); 6] = [
        (
            "ends:\n  state: closed",
            "ends:\n  state: decided",
            "It ends in the state closed, not decided",
        ),
        (
            "  outcome: withdrawn",
            "  outcome: out_of_scope",
            "The outcome is withdrawn",
        ),
        (
            "    does: register\n",
            "    does: meet\n",
            "This is refused: ",
        ),
        (
            "scheme: dsdas-scotland",
            "scheme: dsdas-shetland",
            "There is no such scheme",
        ),
        (
            "    after: 30 minutes",
            "    after: 3 moons",
            "Write a wait such as",
        ),
        (
            "  - by: catriona",
            "  - by: nobody",
            "There is no such person under `people`",
        ),
    ];
    for (from, to, told) in wrong {
        assert!(file.text.contains(from), "{from:?} is not in the file");
        let file = File {
            text: file.text.replacen(from, to, 1),
            ..file.clone()
        };
        let scenario: Scenario = file.read().unwrap();
        let findings = library::play(&file, &scenario, &library::schemes(&library));
        let at = |line: u64| {
            file.text
                .lines()
                .nth(usize::try_from(line).unwrap() - 1)
                .unwrap()
        };
        let found = findings
            .iter()
            .find(|finding| finding.text.starts_with(told));
        let found = found.unwrap_or_else(|| panic!("{to:?}: {findings:?}"));
        let word = to.trim().rsplit([' ', '\n']).next().unwrap();
        assert!(
            at(found.line).contains(word)
                || told.starts_with("Write")
                || told.starts_with("The outcome"),
            "{found}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scenario_comes_out_the_same_through_the_write_door() {
    for scheme in schemes() {
        let house = House::of(scheme).await;
        let scenarios = scenarios_of(scheme);
        for scenario in &scenarios {
            let case = through_the_door(&house, scenario).await;
            let (loaded, pure) = (house.load(case).await, pure(scenario));
            let mut expected = pure.case;
            expected.reference.clone_from(&loaded.case.reference);
            assert_eq!(loaded.case, expected, "{}", scenario.scenario);
            assert_eq!(
                loaded.history.iter().map(nameless).collect::<Vec<_>>(),
                pure.history.iter().map(nameless).collect::<Vec<_>>()
            );
        }
        let walked = house.app.verify_history().await.unwrap();
        assert_eq!((walked.streams, walked.bad), (scenarios.len(), vec![]));
        assert!(walked.events > 100, "only {} events", walked.events);
        assert_eq!(
            house.app.rebuild().await.unwrap(),
            (scenarios.len(), vec![]),
            "the rows follow from the history"
        );
        l5_stuck_is_a_query_without_a_row(&house).await;
        l7_and_l8_messages_go_to_staff_and_name_nothing(&house, scheme).await;
    }
}

/// An event without what only an installation gives.
fn nameless(recorded: &Recorded) -> Recorded {
    let mut recorded = recorded.clone();
    if let Event::Opened { reference, .. } = &mut recorded.event {
        reference.clear();
    }
    recorded
}

fn pure(scenario: &Scenario) -> Walk {
    Walk::play(scenario, scenario.steps.len(), |role, number| {
        own_name(scenario, role, number)
    })
}

async fn through_the_door(house: &House, scenario: &Scenario) -> CaseId {
    house.clock.set(received(scenario));
    let case = house.case_of(scenario).await;
    for step in &scenario.steps {
        house.step(case, scenario, step).await;
    }
    case
}

async fn l5_stuck_is_a_query_without_a_row(house: &House) {
    let figures = house.app.figures().await.unwrap();
    assert_eq!(
        figures.stuck, 0,
        "L5: an open case without a clock, a queue or anybody"
    );
}

async fn l7_and_l8_messages_go_to_staff_and_name_nothing(house: &House, scheme: &str) {
    let messages = house.messages().await;
    assert!(messages.len() > 20, "only {} messages", messages.len());
    let banned: Banned = shipped().0["messages/banned.yaml"].read().unwrap();
    let staff = house.app.names().await.unwrap();
    let given: BTreeSet<String> = scenarios_of(scheme)
        .into_iter()
        .flat_map(|scenario| names_in(&pure(scenario)))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let mailer = folder_mailer(folder.path());
    let references = house.references().await;
    assert!(references.len() > 5);
    for row in &messages {
        assert_eq!(row.recipient_kind, "staff", "L7");
        assert!(
            staff.contains_key(&row.recipient),
            "L7: {} is not in the staff directory",
            row.recipient
        );
        let notice = house.app.notice(row).await.unwrap().unwrap();
        for text in [&notice.subject, &notice.text] {
            assert_eq!(banned.first_in(text), None, "L8");
            assert!(
                !given.iter().any(|name| text.contains(name.as_str())),
                "L8: a party is named"
            );
        }
        assert_eq!(mailer.send(&notice).await, Outcome::Sent);
    }
    let letters: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(letters.len(), messages.len());
    for letter in letters {
        let letter = letter.unwrap();
        let name = letter.file_name().into_string().unwrap();
        let raw = std::fs::read_to_string(letter.path()).unwrap();
        assert!(
            raw.contains("Content-Transfer-Encoding: 7bit"),
            "nothing is hidden from this test"
        );
        for text in [&name, &raw] {
            assert_eq!(banned.first_in(text), None, "L8: {text}");
            let told = given
                .iter()
                .chain(&references)
                .find(|told| text.contains(told.as_str()));
            assert_eq!(told, None, "L8: {text}");
        }
    }
}

/// Every family name in a case's records.
fn names_in(walk: &Walk) -> Vec<String> {
    let answers = walk
        .case
        .records
        .values()
        .flat_map(|filing| filing.answers.values());
    answers
        .filter_map(|value| value["family_name"].as_str().map(str::to_owned))
        .collect()
}
