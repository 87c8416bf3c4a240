//! What the source hands to the log and what it prints of a value: rules that a reader can check line by line. What comes of them in a
//! whole run is `canaries`.

use std::collections::BTreeSet;
use std::path::Path;

use clares_law::cli::telemetry::ALLOWED;

use super::source::{self, Source, code_only};

/// Fields that hold people's own words, their names or their secrets.
const PERSONAL: [&str; 19] = [
    "answers",
    "because",
    "born",
    "code",
    "code_word",
    "details",
    "email",
    "family_name",
    "given_names",
    "other_names",
    "password",
    "password_hash",
    "rationale",
    "reason",
    "reply",
    "secret",
    "sign_in_name",
    "staff_number",
    "text",
];

/// Where such names mean what a scheme owner or an operator wrote, or what is invented.
const WRITTEN_BY_OPERATORS: [&str; 6] = [
    "app/demonstration.rs",
    "cli/",
    "engine/definition/",
    "engine/scenario/",
    "web/components/",
    "app/policies.rs",
];

/// Types in which a field of such a name holds sentences of the scheme or of the program.
const SENTENCES: [&str; 3] = ["Offer", "Problem", "Weighed"];

/// A call of a macro of `tracing`: where it stands, and its arguments.
struct Call {
    at: String,
    span: bool,
    arguments: Vec<String>,
}

fn sources() -> Vec<Source> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    source::read(&src)
}

fn calls(source: &Source) -> Vec<Call> {
    let mut found = Vec::new();
    for (start, _) in source.text.match_indices("tracing::") {
        let rest = &source.text[start + "tracing::".len()..];
        let Some((name, arguments)) = rest.split_once("!(") else {
            continue;
        };
        if name.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            let line = source.text[..start].matches('\n').count() + 1;
            found.push(Call {
                at: format!("src/{}:{line}", source.path),
                span: name.ends_with("span"),
                arguments: split(arguments),
            });
        }
    }
    found
}

/// The arguments of a call, up to the bracket that closes it.
fn split(text: &str) -> Vec<String> {
    let (mut all, mut one, mut depth, mut quoted) = (Vec::new(), String::new(), 0, false);
    let mut before = ' ';
    for c in text.chars() {
        quoted ^= c == '"' && before != '\\';
        before = c;
        match c {
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted && depth > 0 => depth -= 1,
            ')' if !quoted => break,
            ',' if !quoted && depth == 0 => {
                all.push(std::mem::take(&mut one));
                continue;
            }
            _ => {}
        }
        one.push(c);
    }
    all.push(one);
    let all = all.into_iter().map(|one| one.trim().to_owned());
    all.filter(|one| !one.is_empty()).collect()
}

/// What is wrong with a call, and the fields that it names.
fn examined(call: &Call) -> (Vec<String>, Vec<String>) {
    let (mut wrong, mut fields) = (Vec::new(), Vec::new());
    let texts = call.arguments.iter().filter(|one| one.starts_with('"'));
    let place = if call.span {
        0
    } else {
        call.arguments.len() - 1
    };
    if texts.clone().count() != 1 || !call.arguments[place].starts_with('"') {
        wrong.push("has no text of its own, in its place".to_owned());
    }
    if texts.clone().any(|text| text.contains(['{', '}'])) {
        wrong.push("writes a value into its text".to_owned());
    }
    for field in call.arguments.iter().filter(|one| !one.starts_with('"')) {
        let (name, value) = field.split_once('=').unwrap_or((field, field));
        let name = name.trim().trim_start_matches(['%', '?']);
        if value.trim().starts_with('?') {
            wrong.push(format!("prints the inside of {name}"));
        }
        if !ALLOWED.contains(&name) {
            wrong.push(format!("names {name}, which the log leaves out"));
        }
        fields.push(name.to_owned());
    }
    (wrong, fields)
}

#[test]
fn a_line_of_the_log_is_a_text_of_the_source_with_fields_of_the_list() {
    let (mut wrong, mut named, mut number) = (Vec::new(), BTreeSet::new(), 0);
    for call in sources().iter().flat_map(calls) {
        let (faults, fields) = examined(&call);
        wrong.extend(
            faults
                .into_iter()
                .map(|fault| format!("{} {fault}", call.at)),
        );
        named.extend(fields);
        number += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(number > 30, "only {number} calls were found");
    let listed: BTreeSet<_> = ALLOWED.map(str::to_owned).into();
    assert_eq!(named, listed, "a name on the list that nothing uses");
}

#[test]
fn wrong_lines_of_the_log_are_caught() {
    for (text, fault) in [
        (
            r#"tracing::warn!(case.id = %id, "a case of {name}");"#,
            "writes a value into its text",
        ),
        (
            r#"tracing::warn!("a case of {}", name);"#,
            "has no text of its own, in its place",
        ),
        (
            r#"tracing::warn!(error.inside = ?error, "a text");"#,
            "prints the inside of error.inside",
        ),
        (
            r#"tracing::warn!(?error, "a text");"#,
            "prints the inside of error",
        ),
        (
            r#"tracing::warn!(name, "a text");"#,
            "names name, which the log leaves out",
        ),
        (
            "tracing::warn!(text);",
            "has no text of its own, in its place",
        ),
    ] {
        let source = Source {
            path: "app/x.rs".to_owned(),
            text: text.to_owned(),
        };
        let (faults, _) = examined(&calls(&source)[0]);
        assert!(
            faults.iter().any(|found| found == fault),
            "{text}: {faults:?}"
        );
    }
}

/// The types that derive `Debug`, each with what stands between its brackets.
fn printed(source: &Source) -> Vec<(String, String)> {
    let code = code_only(&source.text);
    let mut found = Vec::new();
    for (start, _) in code.match_indices("#[derive(") {
        let (derived, rest) = code[start..].split_once(")]").unwrap_or_default();
        let Some(at) = ["struct ", "enum "]
            .iter()
            .filter_map(|word| rest.find(word))
            .min()
        else {
            continue;
        };
        let declared = rest[at..].split_once(' ').unwrap_or_default().1;
        let end = declared.find(|c: char| !c.is_alphanumeric() && c != '_');
        let name = &declared[..end.unwrap_or(declared.len())];
        let body = match declared.find(['{', ';']) {
            Some(open) if declared[open..].starts_with('{') => within(&declared[open..]),
            _ => "",
        };
        if derived.contains("Debug") {
            found.push((name.to_owned(), body.to_owned()));
        }
    }
    found
}

/// Up to the bracket that closes the first one.
fn within(text: &str) -> &str {
    let mut depth = 0;
    let end = text.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0
    });
    &text[..end.unwrap_or(text.len())]
}

/// The fields of personal words that stand in the open.
fn open_words(body: &str) -> Vec<&str> {
    let lines = body.lines().flat_map(|line| line.split(','));
    let fields = lines.filter_map(|field| field.split_once(": "));
    let told = fields.filter(|(_, kind)| {
        let plain = kind
            .trim_start_matches("Option<")
            .trim_start_matches("Vec<");
        ["String", "Answers", "&'a str"]
            .iter()
            .any(|open| plain.starts_with(open))
    });
    let names = told.map(|(name, _)| name.rsplit([' ', '{']).next().unwrap_or_default());
    names.filter(|name| PERSONAL.contains(name)).collect()
}

#[test]
fn what_can_be_printed_holds_nobodys_words() {
    let mut wrong = Vec::new();
    let mut number = 0;
    for source in sources() {
        let operators = WRITTEN_BY_OPERATORS
            .iter()
            .any(|path| source.path.starts_with(path));
        for (name, body) in printed(&source) {
            number += 1;
            let words = open_words(&body);
            if !(operators || words.is_empty() || SENTENCES.contains(&&*name)) {
                wrong.push(format!(
                    "src/{}: {name} prints {}",
                    source.path,
                    words.join(", ")
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "give it a Debug by `withheld!`: {wrong:#?}"
    );
    assert!(number > 200, "only {number} types were found");
    let control = Source {
        path: String::new(),
        text: "#[derive(Clone, Debug)]\npub struct A {\n    pub x: u8,\n    pub rationale: Option<String>,\n}".to_owned(),
    };
    assert_eq!(open_words(&printed(&control)[0].1), ["rationale"]);
}

/// An error of serde repeats what it could not read; and what is withheld when it is printed must not be told apart by its print.
#[test]
fn no_error_of_serde_is_told_whole_and_no_print_is_a_key() {
    for source in sources() {
        for statement in source.text.split(';') {
            let reads = statement.contains("serde_json::from_");
            let whole = reads && statement.contains("AppError::inside");
            let printed = statement.contains("digest(") && statement.contains(":?}");
            assert!(!whole && !printed, "src/{}: {statement}", source.path);
        }
    }
}
