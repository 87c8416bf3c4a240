//! The templates for the data protection papers say what the code says: workflows, classes, who is shown them, files and tests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use clares_law::domain::class::FieldClass;

use super::documents::{quoted, tests_of};
use super::source;
use crate::support::world::{dsdas, schemes};

const RECORD: &str = include_str!("../../../docs/templates/record-of-processing.md");
const ASSESSMENT: &str =
    include_str!("../../../docs/templates/data-protection-impact-assessment.md");
/// What each role may, held against the policies by `access::matrix`.
const EXPECTED: &str = include_str!("../access/expected.txt");

/// The rows of the table under a heading, each as its cells.
fn table<'a>(document: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let (_, below) = document.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = below.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

/// The roles that are shown a class, where whoever applied is not to be told.
fn shown() -> BTreeMap<&'static str, Vec<&'static str>> {
    let rows = EXPECTED
        .lines()
        .filter(|line| !line.starts_with(['#', ' ']));
    let rows = rows.map(|row| row.split_whitespace().collect::<Vec<_>>());
    let mut shown: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in rows.filter(|row| row.get(1) == Some(&"no")) {
        // Role, told, and seven columns come before the classes.
        for (class, may) in FieldClass::ALL.iter().zip(&row[9..]) {
            if *may == "yes" {
                shown.entry(class.name()).or_default().push(row[0]);
            }
        }
    }
    shown
}

#[test]
fn the_record_of_processing_names_every_workflow_class_and_role_as_they_are() {
    let named = table(RECORD, "Purposes and legal basis");
    let named: BTreeSet<_> = named.iter().flat_map(|row| quoted(row[0])).collect();
    assert_eq!(named, schemes());

    let classes = table(RECORD, "What is held, and who is shown it");
    let told: BTreeMap<_, Vec<_>> = classes
        .iter()
        .map(|row| (quoted(row[0]).next().unwrap(), row[2].split(", ").collect()))
        .collect();
    assert_eq!(told, shown());

    let seeing: BTreeSet<_> = shown().into_values().flatten().collect();
    let roles = dsdas().roles.roles.names();
    for role in roles.filter(|role| !seeing.contains(role)) {
        let said = format!("`{role}`");
        assert!(
            RECORD.contains(&said),
            "it is not said that {role} is shown none of it"
        );
    }
}

#[test]
fn every_test_and_file_that_the_templates_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = source::read(&root.join("tests"));
    let tests: BTreeSet<&str> = sources
        .iter()
        .flat_map(|file| tests_of(&file.text))
        .collect();
    for document in [RECORD, ASSESSMENT] {
        for path in quoted(document).filter(|text| text.contains('/')) {
            assert!(root.join(path).exists(), "there is no {path}");
        }
        assert!(
            document.contains("**[authority"),
            "nothing is left to the authority"
        );
    }
    let is_test = |text: &&str| text.contains('_') && !text.contains(['/', ' ', '.']);
    let named: Vec<_> = quoted(ASSESSMENT).filter(is_test).collect();
    assert!(named.len() > 20, "only {} tests", named.len());
    for test in named {
        assert!(tests.contains(test), "there is no test {test}");
    }
    for measure in table(ASSESSMENT, "Measures") {
        assert!(
            quoted(measure[2]).next().is_some(),
            "{} names no test",
            measure[0]
        );
    }
}

#[test]
fn every_risk_has_measures_and_every_measure_a_risk() {
    let risks = table(ASSESSMENT, "Risks to people");
    let met: BTreeSet<_> = risks.iter().flat_map(|row| row[3].split(", ")).collect();
    let measures = table(ASSESSMENT, "Measures");
    let known: BTreeSet<_> = measures.iter().map(|row| row[0]).collect();
    assert_eq!(met, known);
}
