//! The house as a test: a floor imports only lower floors, and some words have one home.
//!
//! Read from the text of `src/`: every `crate::…` path counts, whether in a `use` line, in braces, or in passing.

mod documents;
mod logged;
mod names;
pub mod source;
mod templates;

use self::source::{Source, code_only, imports};
use std::fmt::Write as _;
use std::path::Path;

/// The floors, from the ground up. A module imports only modules with a smaller number.
const FLOORS: [(&str, u8); 11] = [
    ("clock", 0),
    ("domain", 1),
    ("engine", 2),
    ("ledger", 2),
    ("store", 3),
    ("mail", 3),
    ("vault", 3),
    ("app", 4),
    ("web", 5),
    ("worker", 5),
    ("cli", 6),
];

/// Imports that the floors would allow and the house does not: importer, imported, why.
const CLOSED_DOORS: [(&str, &str, &str); 3] = [
    ("web", "store", "a page reads and writes through app"),
    (
        "web",
        "mail",
        "a message is a row in the outbox, written by app",
    ),
    (
        "web",
        "vault",
        "app hands out opened fields, after access has agreed",
    ),
];

/// Words that may be written in one place only: word, home (a folder or a file of `src/`), why.
const HOMES: [(&str, &str, &str); 10] = [
    ("sqlx", "store/", "only store speaks SQL"),
    ("jiff_sqlx", "store/", "only store speaks SQL"),
    ("lettre", "mail/", "only mail speaks with a mail server"),
    (
        "PreEscaped",
        "web/components/",
        "text that is not escaped has few, proved places",
    ),
    (
        "chrono",
        "engine/schedule.rs",
        "cron's dates stay inside the bridge",
    ),
    (
        "icalendar",
        "engine/meeting/invitation.rs",
        "one place sees to it that an appointment says nothing",
    ),
    (
        "docx_rs",
        "web/papers/word.rs",
        "one place sees to it that the properties of a file say nothing",
    ),
    (
        "println",
        "cli/",
        "a command prints; the service logs, where fields are chosen",
    ),
    (
        "eprintln",
        "cli/",
        "a command prints; the service logs, where fields are chosen",
    ),
    (
        "set_hook",
        "cli/telemetry/mod.rs",
        "one place sees to it that a panic's words are not logged",
    ),
];

const LONGEST_FILE: usize = 400;

#[test]
fn the_house_keeps_its_order() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources = source::read(&src);
    assert!(
        sources.iter().any(|source| source.path == "lib.rs"),
        "found no src/lib.rs"
    );

    let mut report = String::new();
    for complaint in sources.iter().flat_map(complaints) {
        writeln!(report, "src/{complaint}").unwrap();
    }
    assert!(report.is_empty(), "\n{report}");
}

fn complaints(source: &Source) -> Vec<String> {
    let mut all = wrong_imports(source);
    all.extend(words_away_from_home(source));
    all.extend(wrong_shape(source));
    all
}

// --- the rules ---

fn wrong_imports(source: &Source) -> Vec<String> {
    let importer = Importer::of(&source.path);
    imports(source)
        .into_iter()
        .filter(|import| !import.climbed || floor(&import.module).is_some())
        .filter_map(|import| {
            let why = importer.objection(&import.module)?;
            Some(format!("{}:{}: {why}", source.path, import.line))
        })
        .collect()
}

/// Who imports, as far as the floors are concerned.
enum Importer<'a> {
    /// A file of one of the floors.
    Floor(&'a str, u8),
    /// `main.rs`: hands over to `cli`. `lib.rs` only declares modules.
    Roof,
    /// `bin/verify.rs`, which an outsider must be able to read: `ledger` only.
    Verifier,
    /// A file that the house does not know.
    Stranger,
}

impl<'a> Importer<'a> {
    fn of(path: &'a str) -> Self {
        let module = path
            .split('/')
            .next()
            .unwrap_or(path)
            .trim_end_matches(".rs");
        match (path, floor(module)) {
            ("main.rs" | "lib.rs", _) => Self::Roof,
            ("bin/verify.rs", _) => Self::Verifier,
            (_, Some(number)) => Self::Floor(module, number),
            (_, None) => Self::Stranger,
        }
    }

    /// Why this importer may not have that module, if so.
    fn objection(&self, imported: &str) -> Option<String> {
        let Some(number) = floor(imported) else {
            return Some(format!(
                "{imported} is on no floor; give it one, or a home on one"
            ));
        };
        match *self {
            Self::Roof => {
                (imported != "cli").then(|| format!("imports {imported}; the way in is cli"))
            }
            Self::Verifier => (imported != "ledger")
                .then(|| format!("imports {imported}; the verifier may have ledger only")),
            Self::Stranger => Some(format!(
                "imports {imported}, from a module that is on no floor"
            )),
            Self::Floor(own, _) if own == imported => None,
            Self::Floor(own, own_number) => {
                if let Some(why) = closed_door(own, imported) {
                    return Some(format!("{own} imports {imported}: {why}"));
                }
                (number >= own_number).then(|| {
                    format!("{own} [{own_number}] imports {imported} [{number}]; imports go down")
                })
            }
        }
    }
}

fn floor(module: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, number)| *number)
}

fn closed_door(importer: &str, wanted: &str) -> Option<&'static str> {
    let door = CLOSED_DOORS
        .iter()
        .find(|(from, to, _)| *from == importer && *to == wanted);
    door.map(|(_, _, why)| *why)
}

fn words_away_from_home(source: &Source) -> Vec<String> {
    let code = code_only(&source.text);
    let mut found = Vec::new();
    for (word, home, why) in HOMES {
        if source.path.starts_with(home) {
            continue;
        }
        for (line, text) in (1..).zip(code.lines()) {
            if names(text).any(|name| name == word) {
                found.push(format!(
                    "{}:{line}: names {word}; its home is {home}: {why}",
                    source.path
                ));
            }
        }
    }
    found
}

fn names(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}

fn wrong_shape(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let lines = source.text.lines().count();
    if lines > LONGEST_FILE {
        found.push(format!(
            "{}: {lines} lines; a file has at most {LONGEST_FILE}",
            source.path
        ));
    }
    if source.path.ends_with("mod.rs") && !source.text.starts_with("//! ") {
        let opening =
            "begins without `//!`; say what lives here, what may not, where to start reading";
        found.push(format!("{}: {opening}", source.path));
    }
    found
}

// --- the checker itself ---

fn planted(path: &str, text: &str) -> Vec<String> {
    complaints(&Source {
        path: path.to_owned(),
        text: text.to_owned(),
    })
}

#[test]
fn an_import_upwards_or_sideways_is_caught() {
    let cases = [
        ("domain/person.rs", "use crate::store::db;"),
        ("engine/decide.rs", "use crate::ledger::leaf;"),
        (
            "store/events.rs",
            "use crate::{domain::id, engine::{case, event}, vault};",
        ),
        ("engine/evolve.rs", "fn f() { crate::app::act() }"),
        ("domain/risk.rs", "use super::super::engine;"),
        ("clock.rs", "use super::domain;"),
        ("web/pages/queue.rs", "use crate::store;"),
        ("web/error.rs", "use crate::mail::deliver;"),
        ("web/form.rs", "use crate::vault::seal;"),
        ("main.rs", "use clares_law::web;"),
        ("bin/verify.rs", "use clares_law::{ledger, domain};"),
        ("helpers/mod.rs", "//! A stranger.\nuse crate::domain;"),
        ("app/act.rs", "use crate::helpers;"),
    ];
    for (path, text) in cases {
        assert_eq!(
            planted(path, text).len(),
            1,
            "{path}: {text}: {:?}",
            planted(path, text)
        );
    }
    assert_eq!(
        planted("domain/a.rs", "\n\nuse crate::app;"),
        ["domain/a.rs:3: domain [1] imports app [4]; imports go down"]
    );
}

#[test]
fn an_import_downwards_is_fine() {
    let cases = [
        (
            "cli/serve.rs",
            "use crate::{app::App, clock::Clock, web, worker};",
        ),
        (
            "web/pages/queue.rs",
            "use crate::{\n    app::{act, read},\n    web::{components, layout},\n};",
        ),
        ("worker/outbox.rs", "use crate::mail::deliver;"),
        (
            "domain/risk.rs",
            "mod tests { use super::*; use super::super::risk; }",
        ),
        ("clock.rs", "mod tests { use super::*; }"),
        ("main.rs", "fn main() { clares_law::cli::run() }"),
        ("bin/verify.rs", "use clares_law::ledger::proof;"),
        (
            "domain/note.rs",
            "// crate::store\n/* crate::web */ const A: &str = \"crate::app\"; const B: &str = r#\"\"crate::cli\"#;",
        ),
        (
            "domain/quote.rs",
            "const Q: char = '\"'; // crate::store\nconst R: &str = \"\\\" crate::web\";",
        ),
        (
            "domain/macro.rs",
            "macro_rules! m { () => { $crate::domain::id() } }",
        ),
    ];
    for (path, text) in cases {
        assert_eq!(planted(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}

#[test]
fn a_word_away_from_home_is_caught() {
    assert_eq!(planted("domain/id.rs", "#[derive(sqlx::Type)]").len(), 1);
    assert_eq!(planted("app/act.rs", "use jiff_sqlx::Timestamp;").len(), 1);
    assert_eq!(planted("web/layout.rs", "maud::PreEscaped(text)").len(), 1);
    assert_eq!(planted("worker/deadlines.rs", "use chrono::Utc;").len(), 1);
    assert_eq!(
        planted("store/open.rs", "options.synchronous(Full)"),
        Vec::<String>::new()
    );
    assert_eq!(
        planted("store/db.rs", "use sqlx::Pool;"),
        Vec::<String>::new()
    );
    assert_eq!(
        planted("web/components/icon.rs", "PreEscaped(SVG)"),
        Vec::<String>::new()
    );
}

#[test]
fn a_long_file_and_a_silent_module_are_caught() {
    assert_eq!(
        planted("domain/long.rs", &"\n".repeat(LONGEST_FILE + 1)).len(),
        1
    );
    assert_eq!(planted("domain/mod.rs", "pub mod id;").len(), 1);
    assert_eq!(
        planted("domain/mod.rs", "//! The words of the trade."),
        Vec::<String>::new()
    );
}
