//! Policies that cannot be meant so are refused, with where and what to do.

use clares_law::app::access::Access;
use clares_law::app::library;
use clares_law::engine::definition::Library;

use super::table::{POLICIES, with};
use crate::support::world::shipped;

fn findings(library: &Library) -> String {
    let found = Access::read(library).map(|_| ()).unwrap_err();
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    found.join("\n")
}

fn line_of(library: &Library, what: &str) -> usize {
    let text = &library.0[POLICIES].text;
    text[..text.find(what).unwrap()].matches('\n').count() + 1
}

#[test]
fn a_slip_of_the_pen_is_shown_where_it_stands() {
    for (instead, says) in [
        ("Action::\"opn\"", "opn"),
        ("Action::\"open\" Action::", "unexpected"),
    ] {
        let spoilt = with(
            "Action::\"open\", Action::",
            &format!("{instead}, Action::"),
        );
        let told = findings(&spoilt);
        assert!(told.contains(says), "{told}");
        assert!(told.contains(POLICIES), "{told}");
        let line = line_of(&spoilt, instead);
        let near = (line - 6..=line).any(|line| told.contains(&format!("access.cedar:{line}:")));
        assert!(near, "line {line}: {told}");
    }
}

#[test]
fn a_role_that_roles_yaml_does_not_declare_is_refused() {
    let told = findings(&with("Role::\"intake\"", "Role::\"intaek\""));
    assert!(told.contains("intaek"), "{told}");
}

#[test]
fn a_role_that_reads_cases_and_opens_none_is_refused_and_the_other_way_round() {
    let told = findings(&with(
        "principal in Role::\"intake\",",
        "principal in Role::\"administrator\",",
    ));
    assert!(
        told.contains("‘intake’ reads cases by roles.yaml, and no policy"),
        "{told}"
    );
    assert!(
        told.contains("‘administrator’ reads no cases by roles.yaml, and a policy"),
        "{told}"
    );
}

#[test]
fn without_policies_nothing_is_served() {
    let mut library = shipped();
    library.0.remove(POLICIES);
    assert!(findings(&library).contains("This file is missing"));
}

#[test]
fn nobody_fills_in_or_confirms_what_they_are_not_shown() {
    let shown = |library: &Library| library::access_faults(library, &library::schemes(library));
    assert_eq!(shown(&shipped()), Vec::new());
    let blind = with(
        "Action::\"subject\", Action::\"intelligence\", Action::\"decision\", Action::\"process\"]",
        "Action::\"subject\", Action::\"decision\", Action::\"process\"]",
    );
    let told: Vec<_> = shown(&blind).iter().map(ToString::to_string).collect();
    let told = told.join("\n");
    assert!(
        told.contains("The role ‘intake’ fills in or confirms"),
        "{told}"
    );
    assert!(told.contains("does not see: intelligence"), "{told}");
}
