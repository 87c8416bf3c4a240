//! No Rust names a scheme: what a scheme's owner calls things stands in `workflows/` alone.

use std::collections::BTreeSet;
use std::path::Path;

use clares_law::engine::definition::Definition;
use clares_law::engine::definition::builtin::BUILT_IN;

use super::source;
use crate::support::world::editions;

/// Every name that a scheme's owner has given.
fn names_of(definition: &Definition) -> BTreeSet<String> {
    let scheme = &definition.scheme;
    let given = scheme
        .states
        .names()
        .chain(scheme.actions.names())
        .chain(scheme.outcomes.names())
        .chain(scheme.flags.names())
        .chain(scheme.clocks.names())
        .chain(scheme.queues.names())
        .chain(scheme.routes.names())
        .chain(scheme.capacities.names())
        .chain(definition.records.keys().map(String::as_str))
        .chain([&*scheme.scheme]);
    given.map(str::to_owned).collect()
}

/// The texts in quotes of some Rust, tests left out.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| line.split(" // ").next().unwrap_or_default());
    code.flat_map(|line| line.split('"').skip(1).step_by(2))
}

/// Whether a name is written out here: as a text of its own, or, where nobody could mean anything else, within one.
fn is_named(name: &str, text: &str) -> bool {
    let only_a_name = name.contains(['_', '-']);
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text == name || (only_a_name && text.split(|c| !word(c)).any(|part| part == name))
}

#[test]
fn no_rust_names_a_scheme_a_state_or_an_action() {
    let names: BTreeSet<String> = editions().flat_map(names_of).collect();
    assert!(names.len() > 250, "only {} names", names.len());
    let mut found = Vec::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in source::read(&src) {
        for text in quoted(&file.text) {
            let written = names.iter().filter(|name| is_named(name, text));
            let theirs = written
                .filter(|name| !BUILT_IN.contains(&name.as_str()) && !is_ours(&file.path, name));
            found.extend(theirs.map(|name| format!("{}: {name:?} in {text:?}", file.path)));
        }
    }
    assert_eq!(found, [""; 0]);
}

fn is_ours(path: &str, name: &str) -> bool {
    OURS.iter()
        .any(|(file, word, _)| *file == path && *word == name)
}

/// Words of the language and of the house that some scheme also uses as a name: file, word, what it means there.
const OURS: [(&str, &str, &str); 25] = [
    (
        "web/pages/meetings/item/outcome.rs",
        "decision",
        "a part of the page",
    ),
    (
        "web/pages/meetings/mod.rs",
        "closed",
        "a meeting came to its end",
    ),
    ("app/meetings/stream.rs", "meeting", "a kind of stream"),
    (
        "engine/definition/meets.rs",
        "agencies",
        "a fact that a meeting writes",
    ),
    (
        "engine/definition/meets.rs",
        "nothing_held",
        "an agency's answer",
    ),
    (
        "engine/definition/meets_faults.rs",
        "nothing_held",
        "an agency's answer",
    ),
    (
        "engine/meeting/ask.rs",
        "close",
        "a meeting comes to its end",
    ),
    (
        "engine/meeting/event.rs",
        "closed",
        "a meeting came to its end",
    ),
    (
        "engine/meeting/table.rs",
        "closed",
        "a meeting came to its end",
    ),
    ("app/access.rs", "conflict", "a tie of a person to a case"),
    ("domain/class.rs", "decision", "a class of fields"),
    ("domain/likeness/address.rs", "close", "a kind of street"),
    ("domain/likeness/name.rs", "police", "part of a rank"),
    (
        "domain/look.rs",
        "disclosure",
        "an operation that is logged",
    ),
    (
        "engine/definition/facts.rs",
        "overdue",
        "a fact about clocks",
    ),
    (
        "engine/definition/explain/saying.rs",
        "overdue",
        "a fact about clocks",
    ),
    ("engine/facts.rs", "overdue", "a fact about clocks"),
    ("engine/definition/record.rs", "checks", "a kind of field"),
    ("engine/definition/phase.rs", "forum", "a phase"),
    ("engine/definition/phase.rs", "disclosure", "a phase"),
    ("engine/definition/phase.rs", "closing", "a phase"),
    (
        "engine/event.rs",
        "review",
        "the stage at which a pause is looked at again",
    ),
    ("engine/event.rs", "transferred", "a kind of event"),
    ("store/register.rs", "register", "a table"),
    ("worker/task.rs", "integrity", "a task of the worker"),
];

#[test]
fn a_name_is_found_as_a_text_and_within_one() {
    let rust = "let a = \"triaged\"; // \"closed\"\nlog(\"to_confirm is full\");\n#[cfg(test)] mod t { \"received\" }";
    let found = |name: &str| quoted(rust).any(|text| is_named(name, text));
    assert!(found("triaged") && found("to_confirm"));
    assert!(!found("closed") && !found("received") && !found("full"));
}
