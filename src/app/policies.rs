//! The policies as files: read, put together with the roles that there are, and checked. What is wrong is told with its
//! place; `access` asks them.

use std::collections::BTreeMap;

use cedar_policy::{
    Entities, ParseErrors, Policy, PolicySet, PrincipalConstraint, Schema, ValidationMode,
    Validator,
};
use miette::Diagnostic;

use crate::engine::definition::Library;
use crate::engine::definition::finding::{File, Finding, Severity};
use crate::engine::definition::roles::Roles;

const POLICIES: &str = "policy/access.cedar";
const SCHEMA: &str = "policy/access.cedarschema";
const ROLES: &str = "policy/roles.yaml";

/// Policies that fit their schema and the roles.
pub struct Policies {
    set: PolicySet,
    /// For each role, those that are not about another one: what could never apply is not worked out.
    of_role: BTreeMap<String, PolicySet>,
    /// What the policies know of actions.
    pub actions: Entities,
    pub roles: Roles,
    file: File,
}

impl Policies {
    /// Reads and checks those of a library.
    ///
    /// # Errors
    /// What is wrong with them, and where; nothing where the roles cannot be read, which whoever reads the schemes tells.
    pub fn read(library: &Library) -> Result<Self, Vec<Finding>> {
        let roles = library.0.get(ROLES).and_then(|file| file.read().ok());
        let roles: Roles = roles.ok_or_else(Vec::new)?;
        let schema_file = file(library, SCHEMA)?;
        let policy_file = file(library, POLICIES)?;
        let schema = schema(schema_file, &roles)?;
        let set = policies(policy_file, &schema)?;
        let of_role = roles.roles.names().map(|role| {
            let theirs = of_role(&set, role).map_err(|text| vec![at(policy_file, 0, text)])?;
            Ok((role.to_owned(), theirs))
        });
        let of_role = of_role.collect::<Result<_, Vec<Finding>>>()?;
        let actions = schema.action_entities();
        let actions = actions.map_err(|error| vec![at(schema_file, 0, error.to_string())])?;
        Ok(Self {
            set,
            of_role,
            actions,
            roles,
            file: policy_file.clone(),
        })
    }

    /// Those that can apply to somebody in this role.
    pub fn of_role(&self, role: &str) -> &PolicySet {
        self.of_role.get(role).unwrap_or(&self.set)
    }

    /// Something that is wrong with the policies as a whole.
    pub fn finding(&self, text: String) -> Finding {
        at(&self.file, 0, text)
    }
}

/// Somebody has one role, so a policy whose scope is another role never applies to them.
fn of_role(set: &PolicySet, role: &str) -> Result<PolicySet, String> {
    let applies = |policy: &&Policy| match policy.principal_constraint() {
        PrincipalConstraint::In(named) if named.type_name().basename() == "Role" => {
            named.id().unescaped() == role
        }
        _ => true,
    };
    let theirs = PolicySet::from_policies(set.policies().filter(applies).cloned());
    theirs.map_err(|error| error.to_string())
}

fn file<'a>(library: &'a Library, path: &str) -> Result<&'a File, Vec<Finding>> {
    library.0.get(path).ok_or_else(|| {
        let missing = File::new(path, "");
        vec![at(
            &missing,
            0,
            "This file is missing; without it nobody sees a case".to_owned(),
        )]
    })
}

/// The schema of the file, with the roles that there are.
fn schema(file: &File, roles: &Roles) -> Result<Schema, Vec<Finding>> {
    let names: Vec<_> = roles
        .roles
        .names()
        .map(|name| format!("{name:?}"))
        .collect();
    let text = format!("{}\nentity Role enum [{}];\n", file.text, names.join(", "));
    let read = Schema::from_cedarschema_str(&text);
    read.map(|(schema, _)| schema)
        .map_err(|error| vec![diagnosed(file, &error)])
}

fn policies(file: &File, schema: &Schema) -> Result<PolicySet, Vec<Finding>> {
    let policies: PolicySet = match file.text.parse() {
        Ok(policies) => policies,
        Err(error) => {
            let error: ParseErrors = error;
            return Err(error.iter().map(|error| diagnosed(file, error)).collect());
        }
    };
    let validated = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
    let errors: Vec<_> = validated
        .validation_errors()
        .map(|error| diagnosed(file, error))
        .collect();
    if errors.is_empty() {
        Ok(policies)
    } else {
        Err(errors)
    }
}

/// What Cedar found, at the place that it names.
fn diagnosed(file: &File, error: &dyn Diagnostic) -> Finding {
    let place = error.labels().and_then(|mut labels| labels.next());
    let offset = place.map_or(0, |place| place.offset());
    let help = error
        .help()
        .map(|help| format!("; {help}"))
        .unwrap_or_default();
    at(file, offset, format!("{error}{help}"))
}

fn at(file: &File, offset: usize, text: String) -> Finding {
    let before = file.text.get(..offset).unwrap_or_default();
    let line = before.matches('\n').count() as u64 + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |last| last.chars().count()) as u64
        + 1;
    file.finding(Severity::Error, line, column, text)
}
