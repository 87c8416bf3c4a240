//! What the check says of an agreement's file, and of a lawful basis that is none.

use std::path::Path;

use clares_law::app::drafts::Drafts;
use clares_law::app::library;
use clares_law::domain::class::FieldClass;
use clares_law::engine::definition::finding::{File, Finding, Severity};
use clares_law::engine::definition::{Library, agreement as reading};

use crate::support::agreement;
use crate::support::world::shipped;

const DAYS: [&str; 2] = ["2026-01-01", "2026-12-31"];

fn sound() -> Library {
    agreement::only(shipped(), "housing", &[FieldClass::Subject], DAYS)
}

/// The findings of the agreement with housing, without those of the demonstration.
fn findings(library: &Library) -> Vec<Finding> {
    let (_, mut findings) = reading::read(library);
    findings.retain(|finding| finding.file.starts_with("agreements/"));
    findings
}

/// What is written instead of what, the line of the finding, how bad it is, and some of its words.
const WRONG: [(&str, &str, u64, Severity, &str); 13] = [
    (
        "agreement: with-",
        "agreement: without-",
        1,
        Severity::Error,
        "like its file",
    ),
    (
        "authority: scotland",
        "authority: scotlnad",
        3,
        Severity::Error,
        "authorities/scotlnad.yaml",
    ),
    (
        "  - housing",
        "  - hoosing",
        5,
        Severity::Warning,
        "an agency `hoosing`",
    ),
    (
        "  - subject",
        "  - subjects",
        12,
        Severity::Error,
        "no class `subjects`",
    ),
    (
        "fields:\n  - subject",
        "fields: []",
        1,
        Severity::Error,
        "one class",
    ),
    (
        "is: A task in law",
        "is: Her consent",
        14,
        Severity::Error,
        "Consent is not a lawful basis",
    ),
    (
        "source: A law",
        "source: ' '",
        15,
        Severity::Error,
        "in words",
    ),
    (
        "until: 2026-12-31",
        "until: 2025-12-31",
        18,
        Severity::Error,
        "ends before it begins",
    ),
    (
        "signed: 2026-01-01",
        "signed: 2026-02-01",
        17,
        Severity::Error,
        "before it was signed",
    ),
    (
        "until: 2026-12-31",
        "until: 2026-12-32",
        18,
        Severity::Error,
        "Write a day",
    ),
    (
        "review: coordinator",
        "review: cordinator",
        19,
        Severity::Error,
        "no role `cordinator`",
    ),
    (
        "review: coordinator",
        "revue: coordinator",
        19,
        Severity::Error,
        "revue",
    ),
    (
        "review:",
        "unconfirmed: invented\nreview:",
        1,
        Severity::Warning,
        "is unconfirmed: invented",
    ),
];

#[test]
fn an_agreement_that_is_wrong_is_told_with_its_place() {
    assert_eq!(findings(&sound()), []);
    for (find, instead, line, severity, told) in WRONG {
        let mut library = sound();
        let file = library.0.get_mut(&agreement::path("housing")).unwrap();
        assert!(file.text.contains(find), "{find}");
        file.text = file.text.replacen(find, instead, 1);
        let found = findings(&library);
        let [finding] = &found[..] else {
            panic!("{instead}: {found:?}")
        };
        assert!(finding.text.contains(told), "{instead}: {}", finding.text);
        assert_eq!(
            (finding.line, finding.severity),
            (line, severity),
            "{instead}: {}",
            finding.text
        );
    }
}

#[test]
fn nothing_is_served_from_an_agreement_that_is_wrong() {
    for (instead, served) in [
        ("housing", true),
        ("hoosing", true),
        ("housing\nagency: x", false),
    ] {
        let mut library = sound();
        let file = library.0.get_mut(&agreement::path("housing")).unwrap();
        file.text = file
            .text
            .replacen("  - housing", &format!("  - {instead}"), 1);
        assert_eq!(Drafts::read(&library).is_ok(), served, "{instead}");
    }
}

/// The library with a second agreement of that agency.
fn with_another(from: &str, until: &str, class: &str) -> Library {
    let mut library = sound();
    let text = &library.0[&agreement::path("housing")].text;
    let text = text
        .replace("agreement: with-housing", "agreement: with-housing-too")
        .replace(
            "signed: 2026-01-01\nfrom: 2026-01-01",
            &format!("signed: 2026-01-01\nfrom: {from}"),
        )
        .replace("until: 2026-12-31", &format!("until: {until}"))
        .replace("  - subject", &format!("  - {class}"));
    let path = agreement::path("housing-too");
    library.0.insert(path.clone(), File::new(path, text));
    library
}

#[test]
fn two_agreements_at_once_share_the_same() {
    for (from, until, class, at_odds) in [
        ("2026-12-31", "2027-12-31", "decision", true),
        ("2026-12-31", "2027-12-31", "subject", false),
        ("2027-01-01", "2027-12-31", "decision", false),
        ("2026-03-01", "2026-03-02", "decision", true),
    ] {
        let found = findings(&with_another(from, until, class));
        let odds = found
            .iter()
            .any(|finding| finding.text.contains("other classes"));
        assert_eq!(
            (odds, found.len()),
            (at_odds, usize::from(at_odds)),
            "{from}: {found:?}"
        );
    }
}

#[test]
fn an_agency_of_the_demonstration_without_an_agreement_is_told() {
    let (_, found) = reading::read(&sound());
    let told = |agency: &str, authority: &str| {
        let words = [format!("`{agency}`"), format!("of {authority} ")];
        let says = |finding: &Finding| words.iter().all(|word| finding.text.contains(word));
        found
            .iter()
            .any(|finding| finding.severity == Severity::Warning && says(finding))
    };
    assert!(
        told("health", "scotland") && told("housing", "westbury"),
        "{found:?}"
    );
    assert!(!told("housing", "scotland"), "{found:?}");
    let (_, found) = reading::read(&shipped());
    assert!(
        found
            .iter()
            .all(|finding| finding.text.contains("is unconfirmed: invented")),
        "{found:?}"
    );
}

#[test]
fn no_lawful_basis_offers_consent() {
    let mut library = shipped();
    let file = library.0.get_mut("records/referral.yaml").unwrap();
    let basis = "      public_task: ";
    assert!(file.text.contains(basis));
    for offered in [
        "      consent: They agree\n",
        "      agreed: With their consent\n",
    ] {
        let mut library = library.clone();
        let file = library.0.get_mut("records/referral.yaml").unwrap();
        file.text = file.text.replacen(basis, &format!("{offered}{basis}"), 1);
        let read = library::schemes(&library);
        let mut findings = read.iter().flat_map(|read| &read.findings);
        let told = findings.any(|finding| {
            finding.severity == Severity::Error
                && finding.text.contains("Consent is not a lawful basis")
        });
        assert!(told, "{offered}");
    }
}

#[test]
fn what_is_shipped_is_sound_and_no_part_of_an_edition() {
    let example = library::from_folder(Path::new("workflows/examples")).unwrap();
    for library in [shipped(), example] {
        let editions = |library: &Library| {
            let drafts = Drafts::read(library).unwrap();
            let hashes = drafts.editions.iter().map(|edition| edition.hash.clone());
            hashes.collect::<Vec<_>>()
        };
        let before = editions(&library);
        let mut without = library.clone();
        agreement::without(&mut without);
        assert!(without.0.len() < library.0.len());
        assert_eq!(editions(&without), before);
    }
}
