//! What the policies are asked about: who looks, how they stand to the case, and what of the case they may see.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::staff::Person;
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::engine::case::Case;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::record::Record;
use crate::engine::definition::scheme::Receives;

/// Somebody who looks.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    pub actor: &'a Actor,
    /// Whether they have proved within five minutes who they are.
    pub confirmed: bool,
}

/// A machine proves who it is every five minutes, and whoever acts by themselves at the command line has just done so.
impl<'a> From<&'a Actor> for Viewer<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self {
            actor,
            confirmed: true,
        }
    }
}

impl<'a> From<&'a Person> for Viewer<'a> {
    fn from(person: &'a Person) -> Self {
        Self {
            actor: &person.actor,
            confirmed: person.confirmed,
        }
    }
}

/// How somebody stands to a case, beside their role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and any of them can be true together"
)]
pub struct Standing {
    /// Whether the case is to be seen by few, whoever asks.
    pub restricted: bool,
    /// Whether no forum has been asked about the case: it is not before one now, and stands on no agenda, old or new.
    pub unheard: bool,
    /// Whether they were found alike to somebody in the case, or declared a conflict.
    pub conflict: bool,
    /// Whether they work with the person asked about.
    pub manages_subject: bool,
    /// Since when they are let in to a restricted case.
    pub let_in: Option<Timestamp>,
    /// Until when they have opened it in an emergency.
    pub glass_until: Option<Timestamp>,
}

/// What a policy can know of a case.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub(super) case: Option<CaseId>,
    pub(super) authority: &'a str,
    pub(super) applicant_is_told: bool,
    /// Whether agencies have a part in it at all.
    pub(super) for_agencies: bool,
    pub(super) standing: Standing,
    pub(super) now: Timestamp,
}

impl<'a> About<'a> {
    pub fn case(
        definition: &Definition,
        id: CaseId,
        case: &'a Case,
        standing: Standing,
        now: Timestamp,
    ) -> Self {
        let capacity = definition.scheme.capacities.get(&case.capacity);
        let told = capacity.is_some_and(|capacity| capacity.receives == Receives::Facts);
        Self {
            case: Some(id),
            standing,
            for_agencies: definition.scheme.for_agencies,
            ..Self::cases_of(&case.authority, now).told(told)
        }
    }

    /// The cases of an authority, none of them in particular.
    pub fn cases_of(authority: &'a str, now: Timestamp) -> Self {
        Self {
            case: None,
            authority,
            applicant_is_told: false,
            for_agencies: true,
            standing: Standing::default(),
            now,
        }
    }

    /// The same, where whoever applied is to be told the facts.
    #[must_use]
    pub fn told(mut self, applicant_is_told: bool) -> Self {
        self.applicant_is_told = applicant_is_told;
        self
    }

    /// The same, to whoever stands so to it.
    #[must_use]
    pub fn to(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self
    }
}

/// What somebody may see of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sight(pub(super) BTreeSet<FieldClass>);

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
