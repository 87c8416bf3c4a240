//! A new edition played over cases: who would be stranded, which due dates move, and what the edition does not know.

use std::sync::LazyLock;

use clares_law::engine::definition::Definition;
use clares_law::engine::event::DueDate;
use clares_law::engine::rehearsal::{Fate, Rehearsal, rehearse};

use super::{along, edition, replaced, sound};
use crate::support::world::{SCHEME, Walk, dsdas, own_name, scenario, scenarios, steps_before};

fn walk(title: &str, steps: usize) -> Walk {
    let scenario = scenario(title);
    Walk::play(scenario, steps, |role, number| {
        own_name(scenario, role, number)
    })
}

fn over(new: &Definition, walk: &Walk) -> Rehearsal {
    rehearse(dsdas(), new, "new", &walk.case, walk.now)
}

fn fate<'a>(rehearsal: &'a Rehearsal, clock: &str) -> &'a Fate {
    rehearsal
        .clocks
        .iter()
        .find(|fate| fate.clock == clock)
        .unwrap()
}

fn day(due: Option<DueDate>) -> Option<String> {
    Some(due?.date?.to_string())
}

#[test]
fn the_same_edition_changes_nothing_on_any_way() {
    let same = edition(&[]);
    for walk in scenarios().iter().flat_map(along) {
        let rehearsal = over(&same, &walk);
        assert_eq!(rehearsal.stranded, [""; 0], "{}", walk.case.state);
        assert_eq!(rehearsal.unknown, [""; 0]);
        assert!(
            rehearsal.clocks.iter().all(|fate| !fate.changes()),
            "{:?}",
            rehearsal.clocks
        );
    }
}

#[test]
fn due_dates_that_move_are_told_with_both_dates() {
    let shorter = edition(&[(
        SCHEME,
        "    limit: 45 calendar days",
        "    limit: 28 calendar days",
    )]);
    let rehearsal = over(&shorter, &walk("She asks about the man", 1));
    assert!(rehearsal.stranded.is_empty());
    let overall = fate(&rehearsal, "overall");
    assert!(overall.changes());
    assert_eq!(day(overall.old).as_deref(), Some("2026-12-17"));
    assert_eq!(day(overall.new).as_deref(), Some("2026-11-30"));
    assert!(!fate(&rehearsal, "triage").changes());
}

#[test]
fn another_calendar_moves_what_is_counted_in_working_days_only() {
    let fewer = edition(&[(
        "calendars/scotland.yaml",
        "  2026-11-30: St Andrew's Day\n",
        "  2026-11-05: An invented day\n  2026-11-30: St Andrew's Day\n",
    )]);
    let scenario = "She asks about the man";
    let steps = steps_before(
        scenarios()
            .iter()
            .find(|one| one.scenario.starts_with(scenario))
            .unwrap(),
        "meet",
    );
    let rehearsal = over(&fewer, &walk(scenario, steps));
    assert_eq!(
        day(fate(&rehearsal, "face_to_face").old).as_deref(),
        Some("2026-11-16")
    );
    assert_eq!(
        day(fate(&rehearsal, "face_to_face").new).as_deref(),
        Some("2026-11-17")
    );
    assert!(!fate(&rehearsal, "overall").changes());
}

#[test]
fn a_limit_chosen_by_what_was_known_then_stays_when_its_words_do() {
    let title = "A social worker refers";
    let found = scenarios()
        .iter()
        .find(|one| one.scenario.starts_with(title))
        .unwrap();
    let mut case = walk(title, steps_before(found, "disclose"));
    let before = case.case.running("disclose").unwrap().clone();
    // What the limit was chosen by has changed since.
    let grade = case.case.records.get_mut("triage").unwrap();
    grade.answers.insert("grade".to_owned(), "standard".into());
    let same = over(&edition(&[]), &case);
    assert_eq!(fate(&same, "disclose").new, Some(before.due));
}

#[test]
fn a_state_an_action_and_a_clock_that_are_gone_are_found() {
    static RENAMED: LazyLock<Definition> = LazyLock::new(|| {
        let pairs = [
            ("  triaged:\n", "  graded:\n"),
            ("- triaged\n", "- graded\n"),
            (": triaged\n", ": graded\n"),
            ("  accept_withdrawal:\n", "  stop_as_asked:\n"),
            ("  face_to_face:\n", "  meeting:\n"),
            ("- face_to_face\n", "- meeting\n"),
        ];
        sound(&replaced(SCHEME, &pairs))
    });
    let title = "She asks about the man";
    let found = scenario(title);
    let case = walk(title, steps_before(found, "request_meeting"));
    let rehearsal = over(&RENAMED, &case);
    assert_eq!(rehearsal.stranded, ["It has no state ‘Triaged’"]);
    let gone = fate(&rehearsal, "face_to_face");
    assert_eq!(
        (gone.label.as_str(), gone.new),
        ("Time to the meeting", None)
    );

    let title = "She asks to stop, is safe";
    let case = walk(title, steps_before(scenario(title), "confirm"));
    assert_eq!(
        case.case.pending.as_ref().unwrap().action,
        "accept_withdrawal"
    );
    let rehearsal = over(&RENAMED, &case);
    assert!(
        rehearsal
            .stranded
            .iter()
            .any(|reason| reason
                .starts_with("It has no action for what waits for a second person, ‘")),
        "{:?}",
        rehearsal.stranded
    );
}

#[test]
fn flags_and_records_that_the_edition_does_not_know_are_listed() {
    let mut without = replaced(
        SCHEME,
        &[
            ("child_at_risk", "child_in_danger"),
            ("record: triage\n", "record: grading\n"),
            ("record.triage.", "record.grading."),
            ("      - triage\n", "      - grading\n"),
        ],
    );
    let mut form = without.0.get("records/triage.yaml").unwrap().clone();
    form.text = form.text.replace("record: triage\n", "record: grading\n");
    form.path = "workflows/records/grading.yaml".to_owned();
    without.0.insert("records/grading.yaml".to_owned(), form);
    let title = "She asks about the man";
    let case = walk(title, steps_before(scenario(title), "request_meeting"));
    let rehearsal = over(&sound(&without), &case);
    assert_eq!(rehearsal.stranded, [""; 0]);
    assert_eq!(
        rehearsal.unknown,
        ["the flag ‘Child at risk’", "the record ‘Triage’"]
    );
}

#[test]
fn a_case_without_any_time_limit_would_be_stranded() {
    // Renamed, the last clock does not start again in the states where it is the only one.
    let renamed = [("  closing:\n    stops_on:\n", "  ending:\n    stops_on:\n")];
    let renamed = sound(&replaced(SCHEME, &renamed));
    let none = "No time limit would run on it";
    let mut found = 0;
    for walk in scenarios().iter().flat_map(along) {
        let rehearsal = over(&renamed, &walk);
        let runs = rehearsal.clocks.iter().any(|fate| fate.new.is_some());
        assert_eq!(
            runs,
            !rehearsal.stranded.iter().any(|reason| reason == none),
            "{}",
            walk.case.state
        );
        found += usize::from(!runs);
    }
    assert!(found > 0, "some case has only this clock");
}
