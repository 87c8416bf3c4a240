//! Information-sharing agreements: what an authority and other agencies have agreed that is shared, what for, on which lawful basis,
//! and until when. No part of an edition: one that ends, ends for every case at once.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::Library;
use super::agreement_faults::{faults, unshared};
use super::authority::{self, Authority};
use super::compose::compose;
use super::finding::{File, Finding};
use super::yaml::{Names, Unconfirmed, Word};
use crate::domain::class::FieldClass;

/// The folder of the files, one for each agreement.
const FOLDER: &str = "agreements";

/// An agreement of an authority with some agencies, sound enough to be gone by.
#[derive(Debug, Clone)]
pub struct Agreement {
    /// The name of its file.
    pub name: String,
    /// What people call it.
    pub label: String,
    pub authority: String,
    /// The agencies, as their accounts name them.
    pub agencies: Vec<String>,
    /// Who has agreed, in words.
    pub parties: Vec<String>,
    /// What for, in words.
    pub purposes: Vec<String>,
    /// The classes of answers that are shared. How the case was worked comes with any agreement.
    pub fields: BTreeSet<FieldClass>,
    pub basis: Basis,
    pub signed: Date,
    /// The first day on which something is shared.
    pub from: Date,
    /// The last one.
    pub until: Date,
    /// The role, of the authority's own people, that sees to it that it is looked at again in time.
    pub review: String,
    pub unconfirmed: Option<String>,
    /// Midnight at which it begins, where the authority is.
    begins: Timestamp,
    /// Midnight at which it is over, where the authority is.
    ends: Timestamp,
}

/// The lawful basis of sharing. Consent is recorded with a case, for each purpose, and is never the basis.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    pub is: Word,
    /// The law that it rests on, in words.
    pub source: Word,
}

/// A file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Shape {
    pub agreement: Word,
    pub name: Word,
    pub authority: Word,
    pub agencies: Names,
    pub parties: Vec<Word>,
    pub purposes: Vec<Word>,
    pub fields: Names,
    pub basis: Basis,
    pub signed: Word,
    pub from: Word,
    pub until: Word,
    pub review: Word,
    #[serde(default)]
    pub unconfirmed: Option<Unconfirmed>,
}

impl Agreement {
    fn is_in_force(&self, now: Timestamp) -> bool {
        self.begins <= now && now < self.ends
    }

    fn is_with(&self, agency: &str, authority: &str) -> bool {
        self.authority == authority && self.agencies.iter().any(|own| own == agency)
    }

    /// Whether it is in force now and over within so many days.
    pub fn ends_within(&self, days: i64, now: Timestamp) -> bool {
        let left = self.ends.duration_since(now);
        self.is_in_force(now) && left <= jiff::SignedDuration::from_hours(24 * days)
    }
}

/// The agreements of a library.
#[derive(Debug, Clone, Default)]
pub struct Agreements(Vec<Agreement>);

impl Agreements {
    /// What an agency's people go by at an authority now. Two at once share the same classes; the one that lasts longest is given.
    pub fn between(&self, agency: &str, authority: &str, now: Timestamp) -> Option<&Agreement> {
        let in_force = self.of(authority, now);
        let theirs = in_force.filter(|agreement| agreement.is_with(agency, authority));
        theirs.max_by_key(|agreement| agreement.ends)
    }

    /// Whether people of an agency may be shown anything at an authority now; an authority's own people have no agency.
    pub fn let_in(&self, agency: &str, authority: &str, now: Timestamp) -> bool {
        agency.is_empty() || self.between(agency, authority, now).is_some()
    }

    /// Those of an authority that are in force now, in the order of their files.
    pub fn of(&self, authority: &str, now: Timestamp) -> impl Iterator<Item = &Agreement> {
        let all = self.0.iter();
        all.filter(move |agreement| agreement.authority == authority && agreement.is_in_force(now))
    }

    /// All that are in force now and over within so many days.
    pub fn ending(&self, days: i64, now: Timestamp) -> impl Iterator<Item = &Agreement> {
        let all = self.0.iter();
        all.filter(move |agreement| agreement.ends_within(days, now))
    }
}

/// Reads the agreements of a library, and says what is wrong with their files. One with an error shares nothing.
pub fn read(library: &Library) -> (Agreements, Vec<Finding>) {
    let (authorities, _) = authority::read(library);
    let mut sound = Vec::new();
    let mut findings = Vec::new();
    let mut shapes = Vec::new();
    for (_, file) in library.under(FOLDER) {
        match file.read::<Shape>() {
            Ok(shape) => shapes.push((file, shape)),
            Err(finding) => findings.push(finding),
        }
    }
    for (place, (file, shape)) in shapes.iter().enumerate() {
        findings.extend(faults(
            library,
            &authorities,
            (file, shape),
            &shapes[..place],
        ));
        sound.extend(agreed(library, &authorities, shape));
    }
    findings.extend(unshared(library, &authorities, &shapes));
    (Agreements(sound), findings)
}

fn agreed(
    library: &Library,
    authorities: &BTreeMap<String, Authority>,
    shape: &Shape,
) -> Option<Agreement> {
    let zone = zone(library, authorities.get(&*shape.authority)?)?;
    let midnight = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp());
    let (from, until) = (day(&shape.from)?, day(&shape.until)?);
    let fields: Option<BTreeSet<_>> = shape.fields.iter().map(|word| class(word)).collect();
    let texts = |words: &[Word]| words.iter().map(Word::to_string).collect();
    Some(Agreement {
        name: shape.agreement.to_string(),
        label: shape.name.to_string(),
        authority: shape.authority.to_string(),
        agencies: texts(&shape.agencies.0),
        parties: texts(&shape.parties),
        purposes: texts(&shape.purposes),
        fields: fields?,
        basis: shape.basis.clone(),
        signed: day(&shape.signed)?,
        from,
        until,
        review: shape.review.to_string(),
        unconfirmed: shape.unconfirmed.as_ref().map(Unconfirmed::sentence),
        begins: midnight(from)?,
        ends: midnight(until.tomorrow().ok()?)?,
    })
}

pub(super) fn day(word: &Word) -> Option<Date> {
    word.parse().ok()
}

pub(super) fn class(word: &str) -> Option<FieldClass> {
    let mut classes = FieldClass::ALL.into_iter();
    classes.find(|class| class.name() == word)
}

/// The time zone that an authority's people live by: its own, or that of its first scheme.
fn zone(library: &Library, authority: &Authority) -> Option<TimeZone> {
    #[derive(Deserialize)]
    struct Place {
        time_zone: String,
    }
    let of_scheme = || {
        let scheme = authority.schemes.names().next()?;
        let (file, _) = compose(library, &format!("schemes/{scheme}.yaml")).ok()?;
        let place: Place = File::read(&file).ok()?;
        TimeZone::get(&place.time_zone).ok()
    };
    authority.zone.clone().or_else(of_scheme)
}
