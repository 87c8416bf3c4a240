//! Every role, every right: what the policies say is what the table says, and a wrong policy does not pass.

use std::collections::BTreeSet;

use clares_law::app::access::Access;
use clares_law::app::error::AppError;
use clares_law::app::standing::About;
use clares_law::domain::class::FieldClass;
use clares_law::engine::command::Actor;
use clares_law::engine::definition::Library;
use jiff::Timestamp;

use crate::support::world::{AUTHORITY, dsdas, shipped};

const TABLE: &str = include_str!("expected.txt");
pub const POLICIES: &str = "policy/access.cedar";

/// One line: the role, whether the applicant is to be told, and its rights in the order of the columns.
struct Row {
    role: &'static str,
    told: bool,
    rights: Vec<bool>,
}

fn rows() -> Vec<Row> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let lines = lines.filter(|line| !line.starts_with("role "));
    lines
        .map(|line| {
            let mut words = line.split_whitespace();
            let (role, told) = (words.next().unwrap(), words.next().unwrap());
            let rights = words.map(yes).collect::<Vec<_>>();
            assert_eq!(rights.len(), 2 + FieldClass::ALL.len(), "{line}");
            Row {
                role,
                told: yes(told),
                rights,
            }
        })
        .collect()
}

fn yes(word: &str) -> bool {
    match word {
        "yes" => true,
        "no" => false,
        other => panic!("{other}"),
    }
}

pub fn somebody(role: &str, authority: &str) -> Actor {
    Actor {
        id: "11111111-1111-4111-8111-111111111111".to_owned(),
        role: role.to_owned(),
        agency: String::new(),
        authority: authority.to_owned(),
    }
}

/// What somebody may, in the order of the columns; looking at nothing is having no right to open either.
fn rights(access: &Access, actor: &Actor, about: About<'_>) -> Vec<bool> {
    let sight = match access.sight(actor, about) {
        Ok(sight) => Some(sight),
        Err(AppError::NotFound) => None,
        Err(other) => panic!("{other:?}"),
    };
    let act = access.may_act(actor, about);
    let classes = FieldClass::ALL.map(|class| sight.as_ref().is_some_and(|sight| sight.has(class)));
    let mut rights = vec![sight.is_some(), act.is_ok()];
    rights.extend(classes);
    rights
}

/// Where the policies and the table differ.
fn differences(access: &Access) -> Vec<String> {
    let mut found = Vec::new();
    let mut expect = |row: &Row, authority: &str, wanted: &[bool]| {
        let about = About::cases_of(AUTHORITY, Timestamp::UNIX_EPOCH).told(row.told);
        let given = rights(access, &somebody(row.role, authority), about);
        if given != wanted {
            found.push(format!("{} of {authority}: {given:?}", row.role));
        }
    };
    for row in &rows() {
        expect(row, AUTHORITY, &row.rights);
        for elsewhere in ["north-moor", ""] {
            expect(row, elsewhere, &vec![false; row.rights.len()]);
        }
    }
    for stranger in ["public", "clock", "", "Intake", "nobody"] {
        let row = Row {
            role: stranger,
            told: true,
            rights: vec![false; 2 + FieldClass::ALL.len()],
        };
        expect(&row, AUTHORITY, &row.rights);
    }
    found
}

#[test]
fn every_role_may_what_the_table_says_and_nothing_else() {
    let access = Access::read(&shipped()).unwrap();
    assert_eq!(differences(&access), Vec::<String>::new());
    let told: BTreeSet<_> = rows().iter().map(|row| (row.role, row.told)).collect();
    for role in dsdas().roles.roles.names() {
        assert!(
            told.contains(&(role, true)) && told.contains(&(role, false)),
            "{role}"
        );
    }
}

/// The shipped files with other policies.
pub fn with(find: &str, instead: &str) -> Library {
    let mut library = shipped();
    let file = library.0.get_mut(POLICIES).unwrap();
    assert!(file.text.contains(find), "{find}");
    file.text = file.text.replacen(find, instead, 1);
    library
}

#[test]
fn wrong_policies_are_all_caught() {
    let forbidden_to_act =
        "forbid (principal in Role::\"auditor\", action == Action::\"act\", resource);";
    let wrong = [
        // Cases of every authority.
        ("principal.authority == resource.authority", "true"),
        (
            "principal.authority == resource.authority",
            "principal.agency == \"\"",
        ),
        // A class too many.
        (
            "Action::\"subject\", Action::\"intelligence\", Action::\"decision\", Action::\"process\"],\n    resource\n);\n\n@id(\"verifier\")",
            "Action::\"subject\", Action::\"intelligence\", Action::\"agency_return\", Action::\"decision\", Action::\"process\"],\n    resource\n);\n\n@id(\"verifier\")",
        ),
        (
            "action in [Action::\"open\", Action::\"person_at_risk\"",
            "action in [Action::\"open\", Action::\"applicant_identity\", Action::\"person_at_risk\"",
        ),
        (
            "action in [Action::\"open\", Action::\"safe_contact\", Action::\"person_at_risk\"",
            "action in [Action::\"open\", Action::\"every_class\"",
        ),
        // A class too few.
        (
            "Action::\"agency_return\", Action::\"decision\", Action::\"disclosure_wording\", Action::\"process\"]",
            "Action::\"agency_return\", Action::\"decision\", Action::\"process\"]",
        ),
        // Whoever asked for somebody else is shown to the forum.
        (
            "resource.applicant_is_told &&",
            "(resource.applicant_is_told || true) &&",
        ),
        // The one who only looks.
        (forbidden_to_act, ""),
        (
            forbidden_to_act,
            "forbid (principal in Role::\"auditor\", action, resource);",
        ),
        // Somebody who sees no case.
        (
            "principal in Role::\"auditor\",\n    action in",
            "principal in Role::\"administrator\",\n    action in",
        ),
        ("principal in Role::\"intake\",", "principal,"),
    ];
    for (find, instead) in wrong {
        let caught = match Access::read(&with(find, instead)) {
            Ok(access) => !differences(&access).is_empty(),
            Err(findings) => !findings.is_empty(),
        };
        assert!(caught, "not caught: {instead}");
    }
}
