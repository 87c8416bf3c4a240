//! Who may see what: the only place that asks the policies. They are files in `workflows/policy/`, and hold for every case from
//! the moment the service starts with them, whatever edition the case goes by. What a role may *do* is the definition's
//! business; a policy can only forbid it.

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, Request, RestrictedExpression,
};

use super::error::AppError;
use super::policies::Policies;
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::engine::case::Case;
use crate::engine::command::Actor;
use crate::engine::definition::finding::Finding;
use crate::engine::definition::record::Record;
use crate::engine::definition::scheme::Receives;
use crate::engine::definition::{Definition, Library};

/// The policies, checked.
pub struct Access {
    policies: Policies,
    authorizer: Authorizer,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Access")
    }
}

/// Something that a policy can permit or forbid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// To look at the case at all.
    Open,
    /// To act on it, as far as the scheme grants that.
    Act,
    /// To read answers of a class.
    Read(FieldClass),
}

impl Right {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Act => "act",
            Self::Read(class) => class.name(),
        }
    }
}

/// What a policy can know of a case.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    case: Option<CaseId>,
    authority: &'a str,
    applicant_is_told: bool,
}

impl<'a> About<'a> {
    pub fn case(definition: &Definition, id: CaseId, case: &'a Case) -> Self {
        let capacity = definition.scheme.capacities.get(&case.capacity);
        Self {
            case: Some(id),
            authority: &case.authority,
            applicant_is_told: capacity
                .is_some_and(|capacity| capacity.receives == Receives::Facts),
        }
    }

    /// The cases of an authority, none of them in particular.
    pub fn cases_of(authority: &'a str) -> Self {
        Self {
            case: None,
            authority,
            applicant_is_told: false,
        }
    }

    /// The same, where whoever applied is to be told the facts.
    #[must_use]
    pub fn told(mut self, applicant_is_told: bool) -> Self {
        self.applicant_is_told = applicant_is_told;
        self
    }
}

/// What somebody may see of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight(BTreeSet<FieldClass>);

impl Sight {
    pub fn has(&self, class: FieldClass) -> bool {
        self.0.contains(&class)
    }

    /// Everything there is.
    pub fn whole() -> Self {
        Self(FieldClass::ALL.into())
    }

    /// Whether a form is shown with all its fields. Nobody else may mend it: what they do not see would be lost.
    pub fn is_whole(&self, form: &Record) -> bool {
        form.fields.iter().all(|(_, field)| self.has(field.class))
    }
}

impl Access {
    /// Reads and checks the policies of a library.
    ///
    /// # Errors
    /// What is wrong with them, and where.
    pub fn read(library: &Library) -> Result<Self, Vec<Finding>> {
        let access = Self {
            policies: Policies::read(library)?,
            authorizer: Authorizer::new(),
        };
        let unlike = access.unlike();
        if unlike.is_empty() {
            Ok(access)
        } else {
            Err(unlike)
        }
    }

    /// What this person may see of a case.
    ///
    /// # Errors
    /// `NotFound` when they may not look at it at all, in the words and by the way of an unknown case.
    pub fn sight(&self, actor: &Actor, about: About<'_>) -> Result<Sight, AppError> {
        let asked = self.asked(actor, about)?;
        if !asked.may(Right::Open)? {
            return Err(AppError::NotFound);
        }
        let mut seen = BTreeSet::new();
        for class in FieldClass::ALL {
            if asked.may(Right::Read(class))? {
                seen.insert(class);
            }
        }
        Ok(Sight(seen))
    }

    /// Refuses whoever may not look at the case, or may look and not act.
    ///
    /// # Errors
    /// `NotFound` and `Forbidden`.
    pub fn may_act(&self, actor: &Actor, about: About<'_>) -> Result<(), AppError> {
        let asked = self.asked(actor, about)?;
        if !asked.may(Right::Open)? {
            return Err(AppError::NotFound);
        }
        if asked.may(Right::Act)? {
            Ok(())
        } else {
            let why = "Your role looks at this case and changes nothing";
            Err(AppError::Forbidden(why.to_owned()))
        }
    }

    /// Whether this role looks at cases of its own authority.
    pub fn opens(&self, role: &str) -> bool {
        let asked = self.asked(&anybody(role), About::cases_of(ANY));
        asked.is_ok_and(|asked| asked.may(Right::Open).unwrap_or(false))
    }

    fn asked(&self, actor: &Actor, about: About<'_>) -> Result<Asked<'_>, AppError> {
        let text = RestrictedExpression::new_string;
        let who = named("Person", &actor.id)?;
        let case = about.case.map_or_else(String::new, |case| case.to_string());
        let what = named("Case", &case)?;
        let role = named("Role", &actor.role)?;
        let person = Entity::new(
            who.clone(),
            HashMap::from([
                ("authority".to_owned(), text(actor.authority.clone())),
                ("agency".to_owned(), text(actor.agency.clone())),
            ]),
            HashSet::from([role]),
        );
        let case = Entity::new(
            what.clone(),
            HashMap::from([
                ("authority".to_owned(), text(about.authority.to_owned())),
                (
                    "applicant_is_told".to_owned(),
                    RestrictedExpression::new_bool(about.applicant_is_told),
                ),
            ]),
            HashSet::new(),
        );
        let entities = [
            person.map_err(AppError::inside)?,
            case.map_err(AppError::inside)?,
        ];
        let entities = self.policies.actions.clone().add_entities(entities, None);
        Ok(Asked {
            access: self,
            who,
            what,
            entities: entities.map_err(AppError::inside)?,
        })
    }

    /// Forms that somebody must fill in or confirm without being shown all of them.
    pub fn blind(&self, definition: &Definition) -> Vec<Finding> {
        let actions = definition.scheme.actions.iter().map(|(_, action)| action);
        let asked = actions.filter_map(|action| {
            let form = definition.records.get(action.record.as_deref()?)?;
            let second = action
                .second_person
                .iter()
                .flat_map(|second| second.role.iter());
            Some((form, action.role.iter().chain(second)))
        });
        let mut blind = BTreeSet::new();
        for (form, roles) in asked {
            for role in roles {
                let sight = self
                    .sight(&anybody(role), About::cases_of(ANY))
                    .unwrap_or_default();
                let hidden: BTreeSet<_> = form
                    .fields
                    .iter()
                    .map(|(_, field)| field.class)
                    .filter(|class| !sight.has(*class))
                    .map(FieldClass::name)
                    .collect();
                let hidden: Vec<_> = hidden.into_iter().collect();
                if !hidden.is_empty() {
                    blind.insert(format!(
                        "The role ‘{role}’ fills in or confirms ‘{}’ of {} and does not see: {}",
                        form.label,
                        definition.scheme.scheme,
                        hidden.join(", ")
                    ));
                }
            }
        }
        blind
            .into_iter()
            .map(|text| self.policies.finding(text))
            .collect()
    }

    /// Roles that look at cases here and not by their own declaration, or the other way round.
    fn unlike(&self) -> Vec<Finding> {
        let unlike = self
            .policies
            .roles
            .roles
            .iter()
            .filter(|(name, role)| role.reads_cases != self.opens(name));
        unlike
            .map(|(name, role)| {
                let says = if role.reads_cases {
                    "reads cases by roles.yaml, and no policy lets it open one"
                } else {
                    "reads no cases by roles.yaml, and a policy lets it open one"
                };
                self.policies.finding(format!("The role ‘{name}’ {says}"))
            })
            .collect()
    }
}

/// A question about one person and one case, put together once for all its rights.
struct Asked<'a> {
    access: &'a Access,
    who: EntityUid,
    what: EntityUid,
    entities: Entities,
}

impl Asked<'_> {
    /// A policy that cannot be worked out refuses.
    fn may(&self, right: Right) -> Result<bool, AppError> {
        let action = named("Action", right.name())?;
        let request = Request::new(
            self.who.clone(),
            action,
            self.what.clone(),
            Context::empty(),
            None,
        );
        let request = request.map_err(AppError::inside)?;
        let access = self.access;
        let answer =
            access
                .authorizer
                .is_authorized(&request, &access.policies.set, &self.entities);
        let sound = answer.diagnostics().errors().next().is_none();
        Ok(sound && answer.decision() == Decision::Allow)
    }
}

/// An authority, whichever it is.
const ANY: &str = "any";

/// Somebody in this role at their own authority.
fn anybody(role: &str) -> Actor {
    Actor {
        id: "anybody".to_owned(),
        role: role.to_owned(),
        agency: String::new(),
        authority: ANY.to_owned(),
    }
}

fn named(kind: &str, id: &str) -> Result<EntityUid, AppError> {
    let kind = kind.parse().map_err(AppError::inside)?;
    Ok(EntityUid::from_type_name_and_id(
        kind,
        cedar_policy::EntityId::new(id),
    ))
}
