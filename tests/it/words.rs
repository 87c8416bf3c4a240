//! The words of languages and agencies: none is forgotten, none changes what is decided or stored, and those still
//! missing are counted.

use std::fmt::Write as _;
use std::path::Path;

use clares_law::app::library;
use clares_law::engine::definition::finding::Severity;
use clares_law::engine::definition::voice::{ENGLISH, Instead};
use clares_law::engine::definition::{self, Definition, Library, words};

use crate::architecture::source;
use crate::support::world::{dsdas, shipped};

/// A library with one more file, or with another in its place.
fn with(path: &str, text: &str) -> Library {
    let mut library = shipped();
    library
        .0
        .insert(path.to_owned(), definition::finding::File::new(path, text));
    library
}

/// Fields that hold text which no page shows: the official name, a code, a note for scheme owners, the banned words.
const NOT_SHOWN: [&str; 4] = ["name", "jurisdiction", "tells_nobody", "words"];

#[test]
fn every_text_for_people_is_a_wording() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine/definition");
    let mut fields = 0;
    for file in [
        "scheme.rs",
        "feedback.rs",
        "record.rs",
        "roles.rs",
        "condition.rs",
    ] {
        let source = std::fs::read_to_string(folder.join(file)).unwrap();
        let shapes = source
            .split("\n#[derive(")
            .filter(|shape| shape.contains("Deserialize)]"));
        for line in shapes.flat_map(str::lines) {
            let Some((name, kind)) = line
                .trim()
                .strip_prefix("pub ")
                .and_then(|rest| rest.split_once(": "))
            else {
                continue;
            };
            fields += 1;
            let plain = kind.contains("String") && !NOT_SHOWN.contains(&name);
            assert!(
                !plain,
                "{file}: `{name}` is plain text; make it a `Wording`, and add it to `wordings`"
            );
        }
    }
    assert!(fields > 50, "the shapes were not found");
}

#[test]
fn pages_take_definitions_in_their_readers_words_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let mut pages = 0;
    for source in source::read(&src) {
        if source.path.starts_with("api/") {
            continue;
        }
        pages += 1;
        let code = source::code_only(&source.text);
        for plain in ["in_force(", "pinned(", "assembled("] {
            let names = code.contains(plain);
            assert!(
                !names,
                "{}: `{plain}` gives a definition in nobody's words; see `edition_for`",
                source.path
            );
        }
    }
    assert!(pages > 50, "the pages were not found");
}

#[test]
fn no_wording_is_forgotten_when_a_definition_is_put_into_words() {
    let (words, _) = words::read(&shipped());
    let voice = words.voice("cy", "", &Instead::default());
    for read in library::schemes(&shipped()) {
        let plain = format!("{:?}", read.definition.as_ref().unwrap());
        let spoken = format!("{:?}", read.definition.unwrap().spoken_in(&voice));
        let all = plain.matches("Wording { word: ").count();
        assert!(all > 200, "{all}");
        let forgotten = spoken.split("Wording { word: ").skip(1).find(|rest| {
            let end = rest.find(" }, language: ").unwrap();
            rest[end..].starts_with(" }, language: None")
        });
        assert_eq!(forgotten.map(|text| &text[..80]), None, "{}", read.path);
    }
}

#[test]
fn words_change_what_is_said_and_nothing_else() {
    let (words, _) = words::read(&shipped());
    let voice = words.voice(ENGLISH, "housing", &Instead::default());
    let spoken = dsdas().spoken_in(&voice);
    let outcome = &spoken.scheme.outcomes.get("disclose_to_a").unwrap().label;
    assert_eq!(&**outcome, "Told the tenant");
    let left: Vec<_> = spoken
        .said()
        .into_iter()
        .filter(|text| text.contains("person at risk"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(spoken.messages, dsdas().messages);
    assert_eq!(names(&spoken), names(dsdas()));
}

fn names(definition: &Definition) -> Vec<&str> {
    let scheme = &definition.scheme;
    let names = scheme
        .states
        .names()
        .chain(scheme.actions.names())
        .chain(scheme.clocks.names());
    names
        .chain(definition.records.keys().map(String::as_str))
        .collect()
}

#[test]
fn an_agency_has_its_words_before_the_authority() {
    let (words, _) = words::read(&shipped());
    let own = Instead::from([
        ("person at risk".to_owned(), "complainer".to_owned()),
        ("Supervisor".to_owned(), "sergeant".to_owned()),
    ]);
    let said = |agency, text| words.voice(ENGLISH, agency, &own).say(text).to_string();
    assert_eq!(said("", "Tell the person at risk"), "Tell the complainer");
    assert_eq!(
        said("health", "Tell the person at risk"),
        "Tell the patient"
    );
    assert_eq!(said("health", "Supervisor"), "Sergeant");
    assert!(words.voice(ENGLISH, "", &Instead::default()).is_plain());
}

/// One sound word file, whose only word is for a label of the shipped scheme.
const GOOD: &str = "language: cy
name: Cymraeg
words:
  - en: Received
    is: Derbyniwyd
    approved_by: Non Example
    on: 2026-11-22
";

#[test]
fn each_way_of_spoiling_a_word_file_is_found_where_it_stands() {
    let path = "words/cy.yaml";
    let found = |text: &str| {
        let library = with(path, text);
        let findings = library::others(&library, &library::schemes(&library));
        let of_file = findings.into_iter().filter(|finding| finding.file == path);
        of_file
            .map(|finding| (finding.line, finding.severity, finding.text))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(GOOD), []);
    let again = format!("{GOOD}{}", &GOOD[GOOD.find("  - en").unwrap()..]);
    let error = Severity::Error;
    for (text, line, severity, words) in [
        (
            GOOD.replace("    on: 2026-11-22\n", ""),
            6,
            error,
            "missing field `on`; add it",
        ),
        (
            GOOD.replace("    approved_by: Non Example\n", ""),
            6,
            error,
            "missing field `approved_by`; add it",
        ),
        (
            GOOD.replace("Non Example", "\" \""),
            6,
            error,
            "Name the person who approved these words",
        ),
        (
            GOOD.replace("    on: 2026", "    machine: yes\n    on: 2026"),
            7,
            error,
            "unknown field `machine`",
        ),
        (
            GOOD.replace("Derbyniwyd", "\"\""),
            5,
            error,
            "Write the words, or leave this entry out",
        ),
        (
            GOOD.replace("language: cy", "language: gd"),
            1,
            error,
            "Name the language like its file",
        ),
        (again, 8, error, "stands here already"),
        (
            GOOD.replace("Received", "Receeved"),
            4,
            Severity::Warning,
            "Nothing says this in English any more",
        ),
    ] {
        let findings = found(&text);
        let told = findings
            .iter()
            .any(|(at, how, said)| *at == line && *how == severity && said.contains(words));
        assert!(told && findings.len() == 1, "{words}: {findings:?}");
    }
    let library = with(
        "words/agencies.yaml",
        "agencies:\n  health:\n    person at risk: \"\"\n",
    );
    let (_, findings) = words::read(&library);
    assert_eq!((findings.len(), findings[0].line), (1, 3));
    let library = with(
        "words/agencies.yaml",
        "agencys:\n  health:\n    person at risk: patient\n",
    );
    assert_eq!(words::read(&library).1.len(), 1);
}

/// A new English text shows here as one more that is missing in each language: write the new number.
#[test]
fn the_words_that_are_missing_are_counted() {
    let (words, _) = words::read(&shipped());
    let mut report = String::new();
    let library = shipped();
    for (path, _) in library.under("schemes") {
        let definition = definition::read(&library, path).0.unwrap();
        let file = path
            .trim_start_matches("schemes/")
            .trim_end_matches(".yaml");
        write!(report, "{file}:").unwrap();
        for (where_said, said) in [
            ("in all", definition.said()),
            ("outside", definition.said_outside()),
        ] {
            let each = words.languages().map(|(language, _)| {
                format!("{language} {}", words.missing(language, &said).len())
            });
            let each: Vec<_> = each.collect();
            write!(
                report,
                " of {} {where_said} {};",
                said.len(),
                each.join(", ")
            )
            .unwrap();
        }
        writeln!(report).unwrap();
    }
    insta::assert_snapshot!(report, @"
    data-breach: of 219 in all cy 219, gd 219; of 0 outside cy 0, gd 0;
    dsdas-scotland: of 998 in all cy 998, gd 998; of 61 outside cy 61, gd 61;
    dvads-northern-ireland: of 1020 in all cy 1020, gd 1020; of 66 outside cy 66, gd 66;
    dvds-england-wales: of 1114 in all cy 1114, gd 1114; of 69 outside cy 69, gd 69;
    dvds-england-wales@2016: of 1114 in all cy 1114, gd 1114; of 69 outside cy 69, gd 69;
    marac: of 511 in all cy 511, gd 511; of 0 outside cy 0, gd 0;
    own-data: of 292 in all cy 292, gd 292; of 0 outside cy 0, gd 0;
    ");
}

#[test]
fn a_word_that_is_there_is_not_missing() {
    let (words, _) = words::read(&with("words/cy.yaml", GOOD));
    let said = dsdas().said();
    assert_eq!(words.missing("cy", &said).len(), said.len() - 1);
    assert!(!words.missing("cy", &said).contains(&"Received"));
    assert_eq!(words.missing("gd", &said).len(), said.len());
    assert!(dsdas().said_outside().is_subset(&said) && dsdas().said_outside().len() > 40);
}
