//! What is wrong with an agreement: whom it names, what it shares, on what basis and when.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Library;
use super::agreement::{Shape, class, day};
use super::authority::Authority;
use super::finding::{File, Finding};
use super::record::{Field, Record};
use super::roles::Roles;
use super::yaml::{Entries, Word};
use crate::domain::class::FieldClass;

/// Every finding of one agreement, also beside those of the files before it.
pub(super) fn faults(
    library: &Library,
    authorities: &BTreeMap<String, Authority>,
    (file, shape): (&File, &Shape),
    before: &[(&File, Shape)],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut error = |at: &Word, text: String| findings.push(file.error(at, text));
    if *shape.agreement != *file.stem() {
        error(
            &shape.agreement,
            "Name the agreement like its file".to_owned(),
        );
    }
    if !authorities.contains_key(&*shape.authority) {
        let text = format!(
            "There is no authorities/{}.yaml; name one that exists",
            shape.authority
        );
        error(&shape.authority, text);
    }
    if !knows_role(library, &shape.review) {
        let text = format!(
            "There is no role `{}`; name one of policy/roles.yaml",
            shape.review
        );
        error(&shape.review, text);
    }
    for word in shape.fields.iter().filter(|word| class(word).is_none()) {
        let classes = FieldClass::ALL.map(FieldClass::name).join(", ");
        error(
            word,
            format!("There is no class `{word}`; there are {classes}"),
        );
    }
    for (empty, what) in [
        (shape.agencies.is_empty(), "one agency that it is with"),
        (shape.parties.is_empty(), "one party to it, in words"),
        (shape.purposes.is_empty(), "one purpose, in words"),
        (shape.fields.is_empty(), "one class that is shared"),
    ] {
        if empty {
            error(&shape.agreement, format!("Name at least {what}"));
        }
    }
    let own = [&shape.name, &shape.basis.is, &shape.basis.source];
    let texts = own.into_iter().chain(&shape.parties).chain(&shape.purposes);
    for blank in texts.filter(|text| text.trim().is_empty()) {
        error(blank, "Say this in words".to_owned());
    }
    if shape.basis.is.to_lowercase().contains("consent") {
        error(&shape.basis.is, CONSENT.to_owned());
    }
    findings.extend(days(file, shape));
    findings.extend(unspoken(library, file, shape));
    findings.extend(
        before
            .iter()
            .filter_map(|other| at_odds(file, shape, other)),
    );
    if let Some(unconfirmed) = &shape.unconfirmed {
        let text = format!(
            "agreement `{}` is unconfirmed: {}",
            shape.agreement,
            unconfirmed.sentence()
        );
        findings.push(file.warning(&shape.agreement, text));
    }
    findings
}

/// Why consent is never the basis, and where it belongs.
pub(super) const CONSENT: &str = "Consent is not a lawful basis here: record it in a field of its own, for each purpose, and name another basis";

fn knows_role(library: &Library, role: &str) -> bool {
    let roles = library.0.get("policy/roles.yaml");
    let roles: Option<Roles> = roles.and_then(|file| file.read().ok());
    roles.is_none_or(|roles| roles.roles.has(role))
}

fn days(file: &File, shape: &Shape) -> Vec<Finding> {
    let words = [&shape.signed, &shape.from, &shape.until];
    let wrong = words.into_iter().filter(|word| day(word).is_none());
    let mut findings: Vec<_> = wrong
        .map(|word| file.error(word, "Write a day, such as 2026-11-22"))
        .collect();
    for (earlier, later, text) in [
        (&shape.signed, &shape.from, "It begins before it was signed"),
        (&shape.from, &shape.until, "It ends before it begins"),
    ] {
        if day(earlier)
            .zip(day(later))
            .is_some_and(|(earlier, later)| later < earlier)
        {
            findings.push(file.error(later, text));
        }
    }
    findings
}

/// Warns of agencies that no words, no demonstration and no form name: mistyped, they would share nothing.
fn unspoken(library: &Library, file: &File, shape: &Shape) -> Vec<Finding> {
    let named = named(library);
    let mut agencies: Vec<_> = shape
        .agencies
        .iter()
        .filter(|agency| !named.contains(&***agency))
        .collect();
    if !agencies.is_empty() {
        let asked = asked(library);
        agencies.retain(|agency| !asked.contains(&***agency));
    }
    let findings = agencies.into_iter().map(|agency| {
        let text = format!(
            "Nothing else here speaks of an agency `{agency}`; write it as its accounts do"
        );
        file.warning(agency, text)
    });
    findings.collect()
}

/// The part of some files that names agencies.
#[derive(Deserialize)]
struct Agencies<T> {
    #[serde(default)]
    agencies: Entries<T>,
}

/// The agencies that have words of their own, or people in the demonstration.
fn named(library: &Library) -> BTreeSet<String> {
    let words = library.0.get("words/agencies.yaml");
    let words = words.and_then(|file| file.read::<Agencies<Entries<String>>>().ok());
    let people = library.0.get("demonstration.yaml");
    let people = people.and_then(|file| file.read::<Agencies<Vec<String>>>().ok());
    let people = people.iter().flat_map(|people| people.agencies.iter());
    let mut named: BTreeSet<String> = people
        .flat_map(|(_, agencies)| agencies.iter().cloned())
        .collect();
    named.extend(
        words
            .iter()
            .flat_map(|words| words.agencies.names().map(str::to_owned)),
    );
    named
}

/// Warns of agencies whose people in the demonstration would see nothing at an authority.
pub(super) fn unshared(
    library: &Library,
    authorities: &BTreeMap<String, Authority>,
    shapes: &[(&File, Shape)],
) -> Vec<Finding> {
    let Some(file) = library.0.get("demonstration.yaml") else {
        return Vec::new();
    };
    let people = file.read::<Agencies<Vec<Word>>>();
    let agencies = people.map(|people| people.agencies.0).unwrap_or_default();
    let agencies = agencies.into_iter().flat_map(|(_, agencies)| agencies);
    let mut findings = Vec::new();
    for agency in agencies {
        for authority in authorities.keys() {
            let with = |(_, shape): &(&File, Shape)| {
                *shape.authority == **authority && shape.agencies.has(&agency)
            };
            if !shapes.iter().any(with) {
                let text = format!(
                    "No agreement of {authority} is with `{agency}`, so its people see nothing there"
                );
                findings.push(file.warning(&agency, text));
            }
        }
    }
    findings
}

/// What forms offer or ask row by row: agencies are among it.
fn asked(library: &Library) -> BTreeSet<String> {
    let forms = library
        .under("records")
        .filter_map(|(path, _)| form(library, path));
    forms.flat_map(|form| offered(&form.fields)).collect()
}

fn offered(fields: &Entries<Field>) -> Vec<String> {
    let fields = fields.iter();
    let names = fields.flat_map(|(_, field)| {
        let own = field.options.names().chain(field.rows.names());
        let own = own.map(str::to_owned);
        own.chain(offered(&field.fields)).collect::<Vec<_>>()
    });
    names.collect()
}

fn form(library: &Library, path: &str) -> Option<Record> {
    let (file, _) = super::compose::compose(library, path).ok()?;
    file.read().ok()
}

/// Two agreements of an agency with an authority at the same time must share the same: nobody could tell which holds.
fn at_odds(file: &File, shape: &Shape, (other_file, other): &(&File, Shape)) -> Option<Finding> {
    let agency = shape
        .agencies
        .iter()
        .find(|agency| other.agencies.has(agency))?;
    let same_days =
        day(&shape.from)? <= day(&other.until)? && day(&other.from)? <= day(&shape.until)?;
    let fields =
        |shape: &Shape| -> BTreeSet<_> { shape.fields.iter().map(Word::to_string).collect() };
    let odds = *shape.authority == *other.authority && same_days && fields(shape) != fields(other);
    odds.then(|| {
        let text = format!(
            "{} shares other classes with {agency} on the same days; end one before the other begins",
            other_file.path
        );
        file.error(&shape.agreement, text)
    })
}
