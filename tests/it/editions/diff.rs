//! No change of an edition can be missed, and each is told in plain words.

use std::process::Command;
use std::sync::LazyLock;

use clares_law::engine::definition::diff::{Change, Section, diff, of, report};
use clares_law::engine::definition::written::Written;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::{edition, replaced, sound};
use crate::support::world::{SCHEME, dsdas};

static TREE: LazyLock<Written> = LazyLock::new(|| Written::of(dsdas()));
static LEAVES: LazyLock<Vec<Vec<usize>>> = LazyLock::new(|| leaves(&TREE));

/// The way to every text of a tree, as places among the children.
fn leaves(node: &Written) -> Vec<Vec<usize>> {
    let children: Vec<&Written> = match node {
        Written::Text(_) => return vec![Vec::new()],
        Written::List(items) => items.iter().collect(),
        Written::Map(entries) => entries.iter().map(|(_, node)| node).collect(),
    };
    let below = children.into_iter().enumerate().flat_map(|(place, child)| {
        leaves(child).into_iter().map(move |mut way| {
            way.insert(0, place);
            way
        })
    });
    below.collect()
}

/// Another text at the end of a way. Answers the names passed, up to the first list.
fn change(node: &mut Written, way: &[usize], names: &mut Vec<String>) {
    match node {
        Written::Text(text) => text.push_str(" changed"),
        Written::List(items) => change(&mut items[way[0]], &way[1..], &mut Vec::new()),
        Written::Map(entries) => {
            let (name, below) = &mut entries[way[0]];
            names.push(name.clone());
            change(below, &way[1..], names);
        }
    }
}

/// What the things on the way are called, where they have a label.
fn labels(names: &[String], tree: &Written) -> Vec<String> {
    let prefixes = (1..=names.len()).filter_map(|length| tree.at(&names[..length]));
    let labels = prefixes.filter_map(|node| node.get("label")?.text());
    labels.map(str::to_owned).collect()
}

fn one(changes: &[Change]) -> Result<&Change, TestCaseError> {
    prop_assert_eq!(changes.len(), 1, "{:?}", changes);
    Ok(&changes[0])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_changed_text_is_told_with_its_place(chosen in any::<prop::sample::Index>()) {
        let way = chosen.get(&LEAVES);
        let mut after = TREE.clone();
        let mut names = Vec::new();
        change(&mut after, way, &mut names);
        let changes = of(&TREE, &after);
        let told = one(&changes)?;
        prop_assert!(told.place.starts_with(&names), "{told:?} is not at {names:?}");
        for label in labels(&names, &after) {
            prop_assert!(told.text.contains(&label), "{told:?} does not name {label}");
        }
        prop_assert!(!report(&changes).is_empty());
    }

    #[test]
    fn whatever_is_taken_away_is_told(chosen in any::<prop::sample::Index>()) {
        let way = chosen.get(&LEAVES);
        let mut after = TREE.clone();
        remove(&mut after, way);
        prop_assert!(!of(&TREE, &after).is_empty());
        prop_assert!(!of(&after, &TREE).is_empty());
    }
}

fn remove(node: &mut Written, way: &[usize]) {
    match (node, way) {
        (Written::List(items), [last]) => {
            items.remove(*last);
        }
        (Written::Map(entries), [last]) => {
            entries.remove(*last);
        }
        (Written::List(items), [next, rest @ ..]) => remove(&mut items[*next], rest),
        (Written::Map(entries), [next, rest @ ..]) => remove(&mut entries[*next].1, rest),
        _ => {}
    }
}

#[test]
fn an_edition_says_the_same_as_itself() {
    assert_eq!(diff(dsdas(), &edition(&[])), []);
    // One name and a list of one mean the same.
    let role = "    to: registered\n    role:\n      - intake\n      - verifier\n";
    let fewer = edition(&[(
        SCHEME,
        role,
        "    to: registered\n    role:\n      - verifier\n",
    )]);
    let one = edition(&[(SCHEME, role, "    to: registered\n    role: verifier\n")]);
    assert_eq!(diff(&fewer, &one), []);
    assert_ne!(diff(dsdas(), &one), []);
}

/// Each change of a file, and how it is told.
const TOLD: [(&str, &str, &str, Section, &str); 14] = [
    (
        SCHEME,
        "effective_from: 2026-01-01",
        "effective_from: 2026-06-01",
        Section::Scheme,
        "in force from: was 2026-01-01, is now 2026-06-01",
    ),
    (
        SCHEME,
        "    limit: 45 calendar days",
        "    limit: 28 calendar days",
        Section::TimeLimits,
        "time limit ‘Overall time limit’: how long: was 45 calendar days, is now 28 calendar days",
    ),
    (
        SCHEME,
        "    limit: 24 hours",
        "    limit:\n      - when: flag.immediate_risk == true\n        is: 12 hours\n      - is: 24 hours",
        Section::TimeLimits,
        "time limit ‘Time to triage’: how long: was 24 hours, is now 12 hours when flag.immediate_risk == true, 24 hours otherwise",
    ),
    (
        SCHEME,
        "    stops_on:\n      - triaged\n      - outcome_to_tell\n",
        "    stops_on:\n      - triaged\n",
        Section::TimeLimits,
        "time limit ‘Time to triage’: stopped by: takes away ‘Outcome to tell’",
    ),
    (
        SCHEME,
        "    to: registered\n    role:\n      - intake\n      - verifier\n",
        "    to: registered\n    role:\n      - verifier\n      - supervisor\n",
        Section::Roles,
        "action ‘Register’: done by: adds ‘Supervisor’; takes away ‘Intake’",
    ),
    (
        SCHEME,
        "Look for earlier cases about the same people before you register this one",
        "Look twice",
        Section::Conditions,
        "action ‘Register’: condition 1: what is said when it does not hold: was “Look for earlier cases about the same people before you register this one”, is now Look twice",
    ),
    (
        SCHEME,
        "      within: 1 working day\n",
        "      within: 2 working days\n",
        Section::SecondPersons,
        "second person: to be answered within: was 1 working day, is now 2 working days",
    ),
    (
        SCHEME,
        "    label: Registered\n",
        "    label: Taken on\n",
        Section::States,
        "state ‘Taken on’: what it is called: was Registered, is now Taken on",
    ),
    (
        SCHEME,
        "  without_applicant:\n    label: Carried on without the applicant\n",
        "  without_applicant:\n    label: Carried on without the applicant\n  late:\n    label: Late\n    urgent: yes\n",
        Section::Flags,
        "flag ‘Late’: new",
    ),
    (
        SCHEME,
        "    kind: neither\n",
        "    kind: no\n",
        Section::Outcomes,
        "outcome ‘Withdrawn by the applicant’: kind: was neither, is now no",
    ),
    (
        "records/triage.yaml",
        "required: yes",
        "required: no",
        Section::Forms,
        "form ‘Triage’: field ‘Risk grade’: must be answered: was yes, is now no",
    ),
    (
        "messages/staff_task.en.md",
        "Subject: ",
        "Subject: Please read: ",
        Section::Messages,
        "message ‘staff_task’: en: subject: was ",
    ),
    (
        "calendars/scotland.yaml",
        "  2028-12-25: Christmas Day\n",
        "",
        Section::Calendar,
        "calendar: holiday ‘2028-12-25’: taken away; it was Christmas Day",
    ),
    (
        "policy/roles.yaml",
        "label: Discloser",
        "label: Teller",
        Section::Roles,
        "role ‘Teller’: what it is called: was Discloser, is now Teller",
    ),
];

#[test]
fn changes_are_told_in_plain_words() {
    for (path, from, to, section, sentence) in TOLD {
        let changes = diff(dsdas(), &edition(&[(path, from, to)]));
        let texts: Vec<_> = changes.iter().map(|change| &change.text).collect();
        assert_eq!(changes.len(), 1, "{texts:?}");
        assert_eq!(changes[0].section, section, "{texts:?}");
        assert!(changes[0].text.contains(sentence), "{texts:?}");
    }
}

#[test]
fn what_becomes_confirmed_or_doubtful_is_told() {
    let doubt = "    unconfirmed: the code is ours\n";
    let sure = edition(&[(SCHEME, doubt, "")]);
    let told = diff(dsdas(), &sure);
    let texts: Vec<_> = told.iter().map(|change| change.text.as_str()).collect();
    let what = "outcome ‘Dealt with in another lawful way’: unconfirmed: now confirmed";
    assert_eq!(texts, [what]);
    let back = diff(&sure, dsdas());
    assert_eq!(back[0].section, Section::Confirmed);
    assert!(
        back[0]
            .text
            .contains("not confirmed any more: the code is ours"),
        "{back:?}"
    );
}

#[test]
fn a_renamed_state_is_told_as_renamed_wherever_it_is_named() {
    let renamed = sound(&replaced(SCHEME, &[("forum_pending", "forum_awaited")]));
    let changes = diff(dsdas(), &renamed);
    let told = report(&changes);
    assert!(
        told.contains("renamed from `forum_pending` to `forum_awaited`"),
        "{told}"
    );
    assert!(
        told.contains("was `forum_pending`, is now `forum_awaited`"),
        "{told}"
    );
    assert!(!told.contains(": new"), "{told}");
}

#[test]
fn another_order_is_told_where_order_counts() {
    let first = "  expedited:\n    label: To be done sooner\n    urgent: yes\n";
    let second = "  immediate_risk:\n    label: Immediate risk\n    urgent: yes\n";
    let swapped = edition(&[(
        SCHEME,
        &format!("{first}{second}"),
        &format!("{second}{first}"),
    )]);
    let changes = diff(dsdas(), &swapped);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert!(
        changes[0]
            .text
            .starts_with("flags: in another order, now immediate_risk, expedited")
    );
}

fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_clares-law"))
        .args(arguments)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn the_command_takes_names_files_and_editions() {
    let folder = tempfile::tempdir().unwrap();
    let library = super::edited(&[(
        SCHEME,
        "    limit: 45 calendar days",
        "    limit: 28 calendar days",
    )]);
    for (path, file) in library.0 {
        let to = folder.path().join(path);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        std::fs::write(to, file.text).unwrap();
    }
    let file = folder.path().join(SCHEME);
    let (code, told) = run(&[
        "workflow",
        "diff",
        "dsdas-scotland",
        &file.to_string_lossy(),
    ]);
    assert_eq!(code, Some(0));
    assert!(
        told.contains("\nTime limits\n  time limit ‘Overall time limit’: how long: was 45 "),
        "{told}"
    );
    assert!(told.ends_with("\n1 change\n"), "{told}");
    let edition = format!("dsdas-scotland@{}", dsdas().scheme.edition);
    let (code, told) = run(&[
        "workflow",
        "diff",
        &edition,
        "workflows/schemes/dsdas-scotland.yaml",
    ]);
    assert_eq!(code, Some(0));
    assert!(
        told.ends_with("Nothing changes: both say the same.\n"),
        "{told}"
    );
    let (code, _) = run(&["workflow", "diff", "dsdas-scotland", "no-such-scheme"]);
    assert_eq!(code, Some(2));
}
