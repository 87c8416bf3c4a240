//! Other policies than the shipped ones, and that the tables catch those that are wrong.

use clares_law::app::access::Access;
use clares_law::engine::definition::Library;

use super::matrix::differences;
use crate::support::world::shipped;

pub const POLICIES: &str = "policy/access.cedar";

/// The shipped files with other policies.
pub fn with(find: &str, instead: &str) -> Library {
    let mut library = shipped();
    let file = library.0.get_mut(POLICIES).unwrap();
    assert!(file.text.contains(find), "{find}");
    file.text = file.text.replacen(find, instead, 1);
    library
}

const ONLY_LOOKS: &str =
    "forbid (principal in Role::\"auditor\", action == Action::\"act\", resource);";

/// What stands in the policies, and what would be wrong in its place.
const WRONG: &[(&str, &str)] = &[
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
    (ONLY_LOOKS, ""),
    (
        ONLY_LOOKS,
        "forbid (principal in Role::\"auditor\", action, resource);",
    ),
    // Somebody who sees no case.
    (
        "principal in Role::\"auditor\",\n    action in",
        "principal in Role::\"administrator\",\n    action in",
    ),
    ("principal in Role::\"intake\",", "principal,"),
    // Agencies without an agreement, or shown more than it names, or nothing at all.
    (
        "unless { principal.under_agreement };",
        "unless { principal.under_agreement || principal in Role::\"member\" };",
    ),
    (
        "principal.agreed.contains(context.class)",
        "principal.under_agreement",
    ),
    (
        "principal.agreed.contains(context.class)",
        "principal.agency == \"\"",
    ),
    // A conflict that keeps nobody away, or that something lifts, or that hides the case and leaves the rest.
    (
        "when { context.ties.conflict };",
        "when { context.ties.conflict && resource.restricted };",
    ),
    (
        "when { context.ties.conflict };",
        "when { context.ties.conflict && !context.ties.broke_glass };",
    ),
    (
        "when { context.ties.conflict };",
        "when { context.ties.conflict && !context.ties.let_in };",
    ),
    (
        "forbid (principal, action, resource)\nwhen { context.ties.conflict };",
        "forbid (principal, action == Action::\"open\", resource)\nwhen { context.ties.conflict };",
    ),
    // Members of the forum see cases before anybody has asked them, or never, or nobody else does.
    (
        "when { resource.unheard }",
        "when { resource.unheard && resource.restricted }",
    ),
    ("when { resource.unheard }", "when { true }"),
    (
        "forbid (principal in Role::\"member\", action, resource)",
        "forbid (principal, action, resource)",
    ),
    // A restricted case that too many open, or too few.
    (
        "when { resource.restricted }",
        "when { resource.restricted && context.ties.manages_subject }",
    ),
    (
        "principal in Role::\"auditor\") ||",
        "principal in Role::\"auditor\") || principal in Role::\"verifier\" ||",
    ),
    ("principal.agency == \"\" && (principal in", "(principal in"),
    ("context.ties.let_in || ", ""),
    ("context.ties.broke_glass || action", "action"),
    (
        "context.ties.let_in || ",
        "!context.ties.manages_subject || ",
    ),
    // Whoever works with the subject learns who asked, at once or by breaking the glass.
    (
        "Action::\"intelligence\", Action::\"decision\", Action::\"disclosure_wording\"],\n    resource\n)\nwhen { context.ties.manages",
        "Action::\"decision\", Action::\"disclosure_wording\"],\n    resource\n)\nwhen { context.ties.manages",
    ),
    (
        "when { context.ties.manages_subject };",
        "when { context.ties.manages_subject && !context.ties.broke_glass };",
    ),
    (
        "when { context.ties.manages_subject };",
        "when { context.ties.manages_subject && !context.ties.let_in };",
    ),
    // How she is reached is shown at a desk that somebody has left, or for a broken glass.
    (
        "action in [Action::\"safe_contact\", Action::\"disclosure_wording\"], resource)",
        "action == Action::\"disclosure_wording\", resource)",
    ),
    (
        "unless { context.confirmed };",
        "unless { context.confirmed || context.ties.broke_glass };",
    ),
    // The glass is broken by others, by anybody at a desk that is not theirs, or for too little.
    (
        "!context.confirmed || context.ties.manages_subject",
        "context.ties.manages_subject",
    ),
    (
        "!context.confirmed || context.ties.manages_subject",
        "!context.confirmed",
    ),
    (
        "principal in Role::\"discloser\"\n};",
        "principal in Role::\"discloser\" || principal in Role::\"administrator\"\n};",
    ),
    (
        "action in [Action::\"open\", Action::\"every_class\"], resource)\nwhen {\n    context.ties.broke_glass",
        "action == Action::\"open\", resource)\nwhen {\n    context.ties.broke_glass",
    ),
    (
        "    context.ties.broke_glass &&\n",
        "    (context.ties.let_in || context.ties.broke_glass) &&\n",
    ),
    // Anybody settles who else may see a case.
    (
        "permit (principal in Role::\"supervisor\", action == Action::\"guard\"",
        "permit (principal, action == Action::\"guard\"",
    ),
    (
        "resource)\nwhen { principal.agency == \"\" };",
        "resource);",
    ),
];

#[test]
fn wrong_policies_are_all_caught() {
    for (find, instead) in WRONG {
        let caught = match Access::read(&with(find, instead)) {
            Ok(access) => differences(&access).any(|one| one.is_some()),
            Err(findings) => !findings.is_empty(),
        };
        assert!(caught, "not caught: {instead}");
    }
}
