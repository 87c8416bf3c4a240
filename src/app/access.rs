//! Who may see what: the only place that asks the policies. They are files in `workflows/policy/`, and hold for every case from
//! the moment the service starts with them, whatever edition the case goes by. What a role may *do* is the definition's
//! business; a policy can only forbid it.

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression,
};

use super::error::AppError;
use super::policies::Policies;
use super::standing::{About, Sight, Standing, Viewer};
use crate::domain::class::FieldClass;
use crate::engine::command::Actor;
use crate::engine::definition::agreement::{self, Agreements};
use crate::engine::definition::finding::Finding;
use crate::engine::definition::{Definition, Library};

/// The policies, checked.
pub struct Access {
    policies: Policies,
    agreements: Agreements,
    authorizer: Authorizer,
    kinds: Kinds,
}

/// What the policies call those who ask and what they ask for, read once: reading a name takes as long as a decision.
struct Kinds {
    person: EntityTypeName,
    role: EntityTypeName,
    case: EntityTypeName,
    action: EntityTypeName,
}

impl Kinds {
    fn read(policies: &Policies) -> Result<Self, Vec<Finding>> {
        let kind = |name: &str| {
            let read = name.parse::<EntityTypeName>();
            read.map_err(|error| vec![policies.finding(error.to_string())])
        };
        Ok(Self {
            person: kind("Person")?,
            role: kind("Role")?,
            case: kind("Case")?,
            action: kind("Action")?,
        })
    }
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
    /// To settle who else may see it.
    Guard,
    /// To open it in an emergency.
    BreakGlass,
    /// To search other cases for the people in it, and to find it so.
    Search,
    /// To read answers of a class.
    Read(FieldClass),
}

impl Right {
    fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Act => "act",
            Self::Guard => "guard",
            Self::BreakGlass => "break_glass",
            Self::Search => "search",
            Self::Read(class) => class.name(),
        }
    }
}

impl Access {
    /// Reads and checks the policies of a library.
    ///
    /// # Errors
    /// What is wrong with them, and where.
    pub fn read(library: &Library) -> Result<Self, Vec<Finding>> {
        let policies = Policies::read(library)?;
        let access = Self {
            kinds: Kinds::read(&policies)?,
            policies,
            agreements: agreement::read(library).0,
            authorizer: Authorizer::new(),
        };
        let unlike = access.unlike();
        if unlike.is_empty() {
            Ok(access)
        } else {
            Err(unlike)
        }
    }

    /// What somebody may see of a case.
    ///
    /// # Errors
    /// `NotFound` when they may not look at it at all, in the words and by the way of an unknown case.
    pub fn sight<'v>(
        &self,
        viewer: impl Into<Viewer<'v>>,
        about: About<'_>,
    ) -> Result<Sight, AppError> {
        let asked = self.asked(viewer.into(), about)?;
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
        let asked = self.asked(actor.into(), about)?;
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

    /// What agencies have agreed.
    pub fn agreements(&self) -> &Agreements {
        &self.agreements
    }

    /// Whether somebody may do this one thing.
    ///
    /// # Errors
    /// When the question cannot be put.
    pub fn may<'v>(
        &self,
        viewer: impl Into<Viewer<'v>>,
        right: Right,
        about: About<'_>,
    ) -> Result<bool, AppError> {
        self.asked(viewer.into(), about)?.may(right)
    }

    /// Whether this role looks at cases of its own authority.
    pub fn opens(&self, role: &str) -> bool {
        let may = self.may(&anybody(role), Right::Open, any_case());
        may.unwrap_or(false)
    }

    fn asked(&self, viewer: Viewer<'_>, about: About<'_>) -> Result<Asked<'_>, AppError> {
        let Viewer { actor, confirmed } = viewer;
        let who = named(&self.kinds.person, &actor.id);
        let case = about.case.map_or_else(String::new, |case| case.to_string());
        let what = named(&self.kinds.case, &case);
        let role = named(&self.kinds.role, &actor.role);
        let agreed = self.agreed(actor, about);
        let under_agreement = agreed.is_some();
        let agreed = agreed.into_iter().flatten();
        let agreed = agreed.map(|class| text(class.name()));
        let person = Entity::new(
            who.clone(),
            HashMap::from([
                ("authority".to_owned(), text(&actor.authority)),
                ("agency".to_owned(), text(&actor.agency)),
                ("under_agreement".to_owned(), yes_or_no(under_agreement)),
                ("agreed".to_owned(), RestrictedExpression::new_set(agreed)),
            ]),
            HashSet::from([role]),
        );
        let case = Entity::new(
            what.clone(),
            HashMap::from([
                ("authority".to_owned(), text(about.authority)),
                (
                    "applicant_is_told".to_owned(),
                    yes_or_no(about.applicant_is_told),
                ),
                (
                    "restricted".to_owned(),
                    yes_or_no(about.standing.restricted),
                ),
                ("unheard".to_owned(), yes_or_no(about.standing.unheard)),
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
            policies: self.policies.of_role(&actor.role),
            who,
            what,
            entities: entities.map_err(AppError::inside)?,
            confirmed,
            standing: about.standing,
        })
    }

    /// The classes that are shared with somebody's agency: how the case was worked comes with any agreement. An authority's
    /// own people need none, and `None` is for an agency without one in force, and where the scheme gives agencies no part.
    fn agreed(&self, actor: &Actor, about: About<'_>) -> Option<BTreeSet<FieldClass>> {
        if actor.agency.is_empty() {
            return Some(FieldClass::ALL.into());
        }
        if !about.for_agencies {
            return None;
        }
        let agreement = self
            .agreements
            .between(&actor.agency, about.authority, about.now)?;
        let named = agreement.fields.iter().copied();
        Some(named.chain([FieldClass::Process]).collect())
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
                let sight = self.sight(&anybody(role), any_case()).unwrap_or_default();
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
    policies: &'a PolicySet,
    who: EntityUid,
    what: EntityUid,
    entities: Entities,
    confirmed: bool,
    standing: Standing,
}

impl Asked<'_> {
    /// A policy that cannot be worked out refuses.
    fn may(&self, right: Right) -> Result<bool, AppError> {
        let action = named(&self.access.kinds.action, right.name());
        let request = Request::new(
            self.who.clone(),
            action,
            self.what.clone(),
            self.context(right)?,
            None,
        );
        let request = request.map_err(AppError::inside)?;
        let access = self.access;
        let answer = access
            .authorizer
            .is_authorized(&request, self.policies, &self.entities);
        let sound = answer.diagnostics().errors().next().is_none();
        Ok(sound && answer.decision() == Decision::Allow)
    }

    /// What is true at this moment of this person, this case and this right.
    fn context(&self, right: Right) -> Result<Context, AppError> {
        let class = match right {
            Right::Read(class) => class.name(),
            _ => "",
        };
        let standing = &self.standing;
        let ties = [
            ("conflict", standing.conflict),
            ("manages_subject", standing.manages_subject),
            ("let_in", standing.let_in.is_some()),
            ("broke_glass", standing.glass_until.is_some()),
        ];
        let ties = ties.map(|(name, stands)| (name.to_owned(), yes_or_no(stands)));
        let ties = RestrictedExpression::new_record(ties).map_err(AppError::inside)?;
        let context = Context::from_pairs([
            ("class".to_owned(), text(class)),
            ("confirmed".to_owned(), yes_or_no(self.confirmed)),
            ("ties".to_owned(), ties),
        ]);
        context.map_err(AppError::inside)
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

/// A case like any other, at no time in particular.
fn any_case() -> About<'static> {
    About::cases_of(ANY, jiff::Timestamp::UNIX_EPOCH)
}

fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

fn yes_or_no(value: bool) -> RestrictedExpression {
    RestrictedExpression::new_bool(value)
}

fn named(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}
