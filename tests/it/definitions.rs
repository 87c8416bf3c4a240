//! The shipped schemes are sound, and each way of spoiling one is found where it stands, in telling words.

mod spoilt;

use std::collections::BTreeSet;

use clares_law::app::library;
use clares_law::engine::definition::finding::{Finding, Severity};
use clares_law::engine::definition::graph::mermaid;
use clares_law::engine::definition::roles::Banned;
use clares_law::engine::definition::scheme::Receives;
use clares_law::engine::definition::{self, Library};

use crate::support::world::{SCHEME, dsdas, shipped};

/// The errors in a library's Scottish scheme.
fn errors(library: &Library) -> Vec<Finding> {
    let (read, findings) = definition::read(library, SCHEME);
    let errors: Vec<_> = findings
        .into_iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect();
    assert_eq!(
        read.is_none(),
        !errors.is_empty(),
        "a scheme is used when it has no error, and only then"
    );
    errors
}

fn shown(findings: &[Finding]) -> String {
    let each: Vec<_> = findings.iter().map(ToString::to_string).collect();
    each.join("\n")
}

#[test]
fn every_shipped_scheme_is_sound() {
    let read = library::schemes(&shipped());
    assert!(!read.is_empty(), "no scheme is shipped");
    for scheme in read {
        let errors: Vec<_> = scheme
            .findings
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        assert!(
            errors.is_empty() && scheme.definition.is_some(),
            "{}\n{}",
            scheme.path,
            shown(&errors)
        );
    }
}

#[test]
fn each_way_of_spoiling_a_scheme_is_found_where_it_stands() {
    let mut wrong = Vec::new();
    for spoilt in spoilt::ALL {
        let library = spoilt.library();
        let line = spoilt.line(&library);
        let file = &library.0[spoilt.path].path;
        let found = errors(&library);
        let told = found
            .iter()
            .any(|f| f.file == *file && f.line == line && f.text.contains(spoilt.words));
        if !told {
            wrong.push(format!(
                "--- {:?} → {:?}: wanted line {line}: {}\n{}",
                spoilt.from,
                spoilt.to,
                spoilt.words,
                shown(&found)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn an_error_is_shown_with_its_line_and_a_caret() {
    let spoilt = spoilt::ALL
        .iter()
        .find(|spoilt| spoilt.to == "scheme: dsdas")
        .unwrap();
    insta::assert_snapshot!(shown(&errors(&spoilt.library())), @r"
    workflows/schemes/dsdas-scotland.yaml:5:9: error: The file is called dsdas-scotland; name the scheme so
     5 | scheme: dsdas
       |         ^
    ");
}

#[test]
fn the_drawing_holds_every_state_and_every_action() {
    let drawing = mermaid(dsdas());
    assert!(!drawing.contains(';'), "Mermaid ends a line at a semicolon");
    let plain = |label: &str| label.replace([':', ';', '#'], ",");
    for (name, state) in dsdas().scheme.states.iter() {
        assert!(
            drawing.contains(&format!("{} : {}\n", &**name, plain(&state.label))),
            "{} is not drawn",
            &**name
        );
    }
    for (name, action) in dsdas().scheme.actions.iter() {
        let arrow = |from: &str| {
            format!(
                "{from} --> {} : {}",
                action.to.as_deref().unwrap_or(from),
                plain(&action.label)
            )
        };
        let drawn = |from: &str| {
            drawing.contains(&arrow(from))
                || drawing.lines().any(|line| {
                    line.contains("In every open state") && line.contains(&plain(&action.label))
                })
        };
        assert!(
            action.from.iter().all(|from| drawn(from)),
            "{} is not drawn",
            &**name
        );
    }
}

#[test]
fn what_a_part_says_stands_where_the_scheme_names_it() {
    let names: Vec<&str> = dsdas().scheme.states.names().collect();
    let place = |name| names.iter().position(|known| *known == name).unwrap();
    assert_eq!((names[0], names[names.len() - 1]), ("received", "closed"));
    assert!(place("meeting_due") < place("checks") && place("checks") < place("forum_pending"));
    assert_eq!(
        dsdas().scheme.clocks.names().next(),
        Some("overall"),
        "the overall clock comes first"
    );
}

#[test]
fn l8_no_message_says_what_the_scheme_is() {
    let library = shipped();
    let banned: Banned = library.0["messages/banned.yaml"].read().unwrap();
    let messages: Vec<_> = library
        .under("messages")
        .filter(|(path, _)| path.strip_suffix(".md").is_some())
        .collect();
    assert!(messages.len() > 5 && banned.first_in("A Disclosure.").is_some());
    for (path, file) in messages {
        assert_eq!(banned.first_in(&file.text), None, "{path}");
        assert_eq!(banned.first_in(path), None, "the name of {path}");
    }
}

#[test]
fn l9_a_third_party_is_told_one_text_whatever_the_outcome() {
    for (capacity, declared) in dsdas()
        .scheme
        .capacities
        .iter()
        .filter(|(_, capacity)| capacity.receives == Receives::Receipt)
    {
        let told = dsdas()
            .scheme
            .actions
            .iter()
            .filter_map(|(_, action)| action.tells.get(capacity));
        let texts: BTreeSet<&str> = told.map(|word| &**word).collect();
        assert_eq!(texts.len(), 1, "{} is told {texts:?}", declared.label);
    }
}

#[test]
fn l15_whatever_no_source_confirms_is_listed_with_its_doubt() {
    let (_, findings) = definition::read(&shipped(), SCHEME);
    let listed = |name: &str, doubt: &str| {
        let fits = |finding: &&Finding| {
            finding.text.contains(&format!("`{name}` is unconfirmed:"))
                && finding.text.contains(doubt)
        };
        findings
            .iter()
            .find(fits)
            .is_some_and(|finding| finding.severity == Severity::Warning)
    };
    let clocks = dsdas()
        .scheme
        .clocks
        .iter()
        .filter_map(|(name, clock)| Some((name, clock.unconfirmed.as_ref()?)));
    let actions = dsdas()
        .scheme
        .actions
        .iter()
        .filter_map(|(name, action)| Some((name, action.unconfirmed.as_ref()?)));
    let doubts: Vec<_> = clocks.chain(actions).collect();
    assert!(doubts.len() > 40, "only {} doubts", doubts.len());
    for (name, doubt) in doubts {
        assert!(
            listed(name, &doubt.sentence()),
            "{} is not listed as unconfirmed",
            &**name
        );
    }
    // Each doubt in the files, wherever it stands, is a warning of its own.
    let written = |path: &str| {
        let joined = &dsdas().documents.0[path].text;
        let lines = joined.lines();
        lines
            .filter(|line| line.trim_start().starts_with("unconfirmed:"))
            .count()
    };
    let in_scheme = findings.iter().filter(|finding| {
        finding.text.contains("is unconfirmed:") && !finding.file.contains("/records/")
    });
    assert_eq!(
        in_scheme.count(),
        written(SCHEME),
        "as many warnings as doubts in the scheme"
    );
    let records: Vec<_> = dsdas()
        .records
        .keys()
        .map(|name| format!("records/{name}.yaml"))
        .collect();
    for path in records {
        let warned = findings
            .iter()
            .filter(|finding| finding.file.ends_with(&path))
            .count();
        assert_eq!(
            warned,
            written(&path),
            "as many warnings as doubts in {path}"
        );
    }
}
