//! What the documents say exists exists: the tests that the threat model names, the files beside them, the modules that the
//! Makefile leaves out.

use std::collections::BTreeSet;
use std::path::Path;

use super::source;

/// The texts in backticks.
pub fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The names of the tests in some Rust: functions with a `#[test]`, a `#[tokio::test]` or a `#[tokio::test(…)]` before them.
pub fn tests_of(text: &str) -> impl Iterator<Item = &str> {
    let marked = text.split("test]\n").skip(1);
    let threaded = text.split("::test(").skip(1);
    let signature = marked
        .chain(threaded)
        .filter_map(|rest| rest.split("fn ").nth(1));
    signature.filter_map(|rest| rest.split('(').next())
}

/// The threats of the document: number, control and tests.
fn threats(document: &str) -> Vec<(&str, &str, &str)> {
    let rows = document.lines().filter(|line| line.starts_with("| T"));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    cells.map(|cells| (cells[1], cells[3], cells[4])).collect()
}

#[test]
fn every_test_that_the_threat_model_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = std::fs::read_to_string(root.join("docs/threat-model.md")).unwrap();
    let sources = source::read(&root.join("tests"));
    let tests: BTreeSet<&str> = sources
        .iter()
        .flat_map(|file| tests_of(&file.text))
        .collect();
    assert!(tests.len() > 250, "only {} tests", tests.len());
    let threats = threats(&document);
    let numbers: Vec<_> = threats
        .iter()
        .map(|(number, ..)| (*number).to_owned())
        .collect();
    let wanted: Vec<_> = (1..=21).map(|number| format!("T{number}")).collect();
    assert_eq!(numbers, wanted);
    for (number, control, named) in threats {
        let mut named_tests = quoted(named).peekable();
        let said = named_tests.peek().is_some() || named == "not yet: later issue";
        assert!(said, "{number} names no test and does not say why");
        for test in named_tests {
            assert!(tests.contains(test), "{number}: there is no test {test}");
        }
        for path in quoted(control).filter(|text| text.contains('/')) {
            assert!(root.join(path).exists(), "{number}: there is no {path}");
        }
    }
}

#[test]
fn a_test_is_found_by_its_name_alone() {
    let rust = "fn helper() {}\n#[test]\nfn one() {}\n#[tokio::test]\n#[ignore = \"slow\"]\nasync fn two_2() {}\n";
    assert_eq!(tests_of(rust).collect::<Vec<_>>(), ["one", "two_2"]);
    let rows = "| T1 | threat | control `src/lib.rs` | `one`, `two_2` |\n| not a threat |";
    let (_, control, tests) = threats(rows)[0];
    assert_eq!(quoted(control).collect::<Vec<_>>(), ["src/lib.rs"]);
    assert_eq!(quoted(tests).collect::<Vec<_>>(), ["one", "two_2"]);
}

/// The words of a list in the Makefile.
fn listed<'a>(makefile: &'a str, list: &str) -> Vec<&'a str> {
    let (_, rest) = makefile.split_once(&format!("\n{list} := ")).unwrap();
    let (words, _) = rest.split_once("\n\n").unwrap();
    words
        .split([' ', '\t', '\\', '\n'])
        .filter(|word| !word.is_empty())
        .collect()
}

/// The runner leaves out every test in whose name the text stands, wherever.
#[test]
fn what_is_not_run_again_on_postgresql_is_those_modules_and_no_others() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let makefile = std::fs::read_to_string(root.join("Makefile")).unwrap();
    let sources = source::read(&root.join("tests/it"));
    let modules: Vec<_> = sources
        .iter()
        .map(|file| {
            file.path
                .replace('/', "::")
                .replace(".rs", "::")
                .replace("mod::", "")
        })
        .collect();
    let left_out = [listed(&makefile, "PURE"), listed(&makefile, "ASKED_ONCE")].concat();
    assert!(left_out.len() > 10, "{left_out:?}");
    for name in left_out {
        assert!(
            modules.iter().any(|module| module == name),
            "there is no module {name}"
        );
        let others: Vec<_> = modules
            .iter()
            .filter(|module| module.find(name).is_some_and(|at| at > 0))
            .collect();
        assert!(others.is_empty(), "{name} leaves out {others:?} too");
    }
}
