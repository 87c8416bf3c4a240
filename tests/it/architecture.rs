//! The house as a test: a floor imports only lower floors, and some words have one home.
//!
//! Read from the text of `src/`: every `crate::…` path counts, whether in a `use` line, in braces, or in passing.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

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
const HOMES: [(&str, &str, &str); 3] = [
    ("sqlx", "store/", "only store speaks SQL"),
    (
        "PreEscaped",
        "web/components/",
        "text that is not escaped has few, proved places",
    ),
    (
        "chrono",
        "worker/schedule.rs",
        "cron's dates stay inside the bridge",
    ),
];

const LONGEST_FILE: usize = 400;

/// One source file: its path below `src/`, and its text.
struct Source {
    path: String,
    text: String,
}

#[test]
fn the_house_keeps_its_order() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let sources = read(&src);
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
            Self::Roof if imported == "cli" => None,
            Self::Roof => Some(format!("imports {imported}; the way in is cli")),
            Self::Verifier if imported == "ledger" => None,
            Self::Verifier => Some(format!(
                "imports {imported}; the verifier may have ledger only"
            )),
            Self::Stranger => Some(format!(
                "imports {imported}, from a module that is on no floor"
            )),
            Self::Floor(own, _) if own == imported => None,
            Self::Floor(own, _) if closed_door(own, imported).is_some() => {
                closed_door(own, imported).map(|why| format!("{own} imports {imported}: {why}"))
            }
            Self::Floor(_, own_number) if number < own_number => None,
            Self::Floor(own, own_number) => Some(format!(
                "{own} [{own_number}] imports {imported} [{number}]; imports go down"
            )),
        }
    }
}

fn floor(module: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == module)
        .map(|(_, number)| *number)
}

fn closed_door(importer: &str, imported: &str) -> Option<&'static str> {
    let door = CLOSED_DOORS
        .iter()
        .find(|(from, to, _)| *from == importer && *to == imported);
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
            if text.contains(word) {
                found.push(format!(
                    "{}:{line}: names {word}; its home is {home}: {why}",
                    source.path
                ));
            }
        }
    }
    found
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

// --- reading ---

fn read(src: &Path) -> Vec<Source> {
    let mut folders = vec![src.to_path_buf()];
    let mut files: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with("node_modules") => {}
                true => folders.push(path),
                false if path.extension().is_some_and(|ending| ending == "rs") => files.push(path),
                false => {}
            }
        }
    }
    files.sort();
    let below = |file: &Path| {
        file.strip_prefix(src)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/")
    };
    files
        .iter()
        .map(|file| Source {
            path: below(file),
            text: std::fs::read_to_string(file).unwrap(),
        })
        .collect()
}

/// A top-level module that a file names, and the line where it does.
struct Import {
    module: String,
    line: usize,
}

fn imports(source: &Source) -> Vec<Import> {
    let code = code_only(&source.text);
    let mut found = Vec::new();
    for (at, root) in roots(&code, module_depth(&source.path)) {
        let line = code[..at].matches('\n').count() + 1;
        let modules = first_names(&code[at + root..]).into_iter();
        found.extend(modules.map(|module| Import { module, line }));
    }
    found
}

/// How many modules a file lies below the crate's root: `web/mod.rs` 1, `web/pages/queue.rs` 3.
fn module_depth(path: &str) -> usize {
    path.split('/').filter(|part| *part != "mod.rs").count()
}

/// Where the code names the crate's root, and how long that name is: `crate::`, `clares_law::`, or `super::` once too often.
fn roots(code: &str, depth: usize) -> Vec<(usize, usize)> {
    let climb = "super::".repeat(depth);
    let mut found = Vec::new();
    for root in ["crate::", "clares_law::", &climb] {
        for (at, _) in code.match_indices(root) {
            let before = code[..at].chars().next_back();
            let starts_a_path = !before.is_some_and(|c| c.is_alphanumeric() || "_:$".contains(c));
            // `super::` from a nested module may still be at home: it counts only when it names a floor.
            let leaves = root != climb
                || first_names(&code[at + root.len()..])
                    .iter()
                    .all(|name| floor(name).is_some());
            if starts_a_path && leaves {
                found.push((at, root.len()));
            }
        }
    }
    found
}

/// The first name of a path, or of each path in a group: `a::b` is a; `{a::{b, c}, d}` is a and d.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let mut depth = 0_usize;
    let mut names = Vec::new();
    let mut start = 0;
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
        if c == '}' && start == at + 1 {
            break;
        }
    }
    names.retain(|name| !name.is_empty() && name != "self");
    names
}

/// The text with comments and the inside of literals blanked, line by line as it was.
fn code_only(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = not_code(rest);
        let (piece, keep) = if length > 0 {
            (&rest[..length], false)
        } else {
            (&rest[..first.len_utf8()], true)
        };
        code.extend(
            piece
                .chars()
                .map(|c| if keep || c == '\n' { c } else { ' ' }),
        );
        rest = &rest[piece.len()..];
    }
    code
}

/// How many bytes of a comment or literal the text begins with; 0 when it begins with code.
fn not_code(text: &str) -> usize {
    let until = |end: &str, from: usize| {
        text[from..]
            .find(end)
            .map_or(text.len(), |at| from + at + end.len())
    };
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return until("*/", 2);
    }
    if let Some(raw) = text.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        return if raw[hashes..].starts_with('"') {
            until(&format!("\"{}", "#".repeat(hashes)), hashes + 2)
        } else {
            0
        };
    }
    if text.starts_with('"') {
        let mut escaped = false;
        let end = text[1..].find(|c| {
            let closes = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            closes
        });
        return end.map_or(text.len(), |at| at + 2);
    }
    // A quotation mark as a character would otherwise open a text.
    ["'\"'", "'\\\"'"]
        .iter()
        .find(|literal| text.starts_with(**literal))
        .map_or(0, |literal| literal.len())
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
