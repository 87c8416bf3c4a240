//! Every component of ours that GOV.UK has too must give the HTML that GOV.UK gives: its npm package carries pairs of
//! options and HTML, which are walked here. What we do not offer is listed below by name, with the reason and a count.

mod content;
mod fields;
mod fixture;
mod options;
mod skipped;

use fixture::{Fixture, canonical, fixtures};
use options::Options;
use skipped::SKIPPED;

/// Change it together with the list in `skipped.rs`: a component must not lose its proof unnoticed.
const SKIPPED_COUNT: usize = 88;

const COMPONENTS: [&str; 29] = [
    "back-link",
    "button",
    "character-count",
    "checkboxes",
    "date-input",
    "details",
    "error-message",
    "error-summary",
    "exit-this-page",
    "fieldset",
    "generic-header",
    "hint",
    "input",
    "inset-text",
    "label",
    "language-navigation",
    "notification-banner",
    "pagination",
    "panel",
    "phase-banner",
    "radios",
    "select",
    "service-navigation",
    "skip-link",
    "summary-list",
    "table",
    "tag",
    "textarea",
    "warning-text",
];

#[test]
fn components_give_the_html_of_the_govuk_fixtures() {
    let mut failures = Vec::new();
    for component in COMPONENTS {
        let fixtures = fixtures(component);
        let (skipped, proved): (Vec<_>, Vec<_>) = fixtures
            .iter()
            .partition(|fixture| is_skipped(component, &fixture.name));
        let wrong: Vec<_> = proved
            .iter()
            .filter_map(|fixture| difference(component, fixture))
            .collect();
        println!(
            "{component}: {} matched, {} wrong, {} skipped",
            proved.len() - wrong.len(),
            wrong.len(),
            skipped.len()
        );
        failures.extend(wrong);
    }
    assert!(
        failures.is_empty(),
        "{} wrong:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn only_what_we_do_not_offer_is_skipped() {
    assert_eq!(
        SKIPPED.len(),
        SKIPPED_COUNT,
        "the list of skipped fixtures changed"
    );
    for (component, name, reason) in SKIPPED {
        let fixtures = fixtures(component);
        let fixture = fixtures.iter().find(|fixture| fixture.name == *name);
        let fixture =
            fixture.unwrap_or_else(|| panic!("{component} has no fixture '{name}' any more"));
        assert!(!reason.is_empty());
        assert!(
            difference(component, fixture).is_some(),
            "{component} '{name}' matches now: take it off the list"
        );
    }
}

#[test]
fn the_comparison_sees_what_matters_and_nothing_else() {
    let one = r#"<p class="a  b" id="x"><span>Error:</span> Enter a name</p>"#;
    let same = "<p id=x class='a b'>\n  <span>Error:</span>\n Enter   a name\n</p>";
    assert_eq!(canonical(one), canonical(same));
    for wrong in [
        r#"<p class="a" id="x"><span>Error:</span> Enter a name</p>"#,
        r#"<p class="a b"><span>Error:</span> Enter a name</p>"#,
        r#"<p class="a b" id="x"><span>Error:</span>Enter a name</p>"#,
        r#"<p class="a b" id="x"><b>Error:</b> Enter a name</p>"#,
        r#"<p class="a b" id="x"> Enter a name</p>"#,
        r#"<p class="a b" id="x"><span>Error: </span>Enter a name</p>"#,
    ] {
        assert_ne!(canonical(one), canonical(wrong), "{wrong}");
    }
}

fn is_skipped(component: &str, name: &str) -> bool {
    SKIPPED
        .iter()
        .any(|(of, skipped, _)| *of == component && *skipped == name)
}

/// What is wrong with our rendering of the fixture, if anything.
fn difference(component: &str, fixture: &Fixture) -> Option<String> {
    let options = Options::new(&fixture.options);
    let ours = canonical(&render(component, options));
    let theirs = canonical(&fixture.html);
    (ours != theirs).then(|| {
        format!(
            "--- {component} '{}'\ntheirs {theirs}\nours   {ours}",
            fixture.name
        )
    })
}

fn render(component: &str, options: Options) -> String {
    fields::render(component, options)
        .or_else(|| content::render(component, options))
        .unwrap_or_else(|| panic!("no rendering for {component}"))
        .into_string()
}
