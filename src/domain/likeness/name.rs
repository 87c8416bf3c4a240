//! Names with a date of birth. A name without any birth is carried by too many people to say anything.

use std::collections::BTreeSet;

use super::plain::words;
use crate::domain::person::Person;

/// What stands before names without being one, ranks included.
pub const TITLES: [&str; 28] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "master",
    "dr",
    "doctor",
    "prof",
    "professor",
    "rev",
    "reverend",
    "sir",
    "dame",
    "lord",
    "lady",
    "pc",
    "wpc",
    "dc",
    "ds",
    "di",
    "dci",
    "sgt",
    "police",
    "constable",
    "sergeant",
    "inspector",
    "officer",
];

/// What people write among names that is none, or that none is known.
const NO_NAMES: [&str; 17] = [
    "aka",
    "also",
    "and",
    "as",
    "called",
    "formerly",
    "known",
    "maiden",
    "name",
    "nee",
    "nil",
    "no",
    "none",
    "not",
    "previously",
    "the",
    "unknown",
];

/// What begins a name and is none without the rest.
const PARTICLES: [&str; 11] = [
    "bin", "del", "den", "der", "dos", "fitz", "ibn", "mac", "ter", "van", "von",
];

/// Fewer letters are an initial or a particle, as in de la Cruz.
const SHORTEST_NAME: usize = 3;

/// Each last name with the whole date of birth, and with the first name and the year of birth.
pub fn with_birth(person: &Person) -> BTreeSet<String> {
    let year = person.born.get(..4);
    let whole = (person.born.len() == "1984-05-17".len()).then_some(person.born.as_str());
    let given = untitled(&person.given_names);
    let mut marks = BTreeSet::new();
    for family in family_names(person, &given) {
        marks.extend(whole.map(|born| format!("{family}/{born}")));
        let first = given.first().filter(|first| **first != family);
        if let (Some(first), Some(year)) = (first, year) {
            marks.insert(format!("{first}/{family}/{year}"));
        }
    }
    marks
}

/// Every name that could stand as the last one: the last name and all other names, whole and in parts. Where the last
/// name was left empty, the last of several first names.
fn family_names(person: &Person, given: &[String]) -> BTreeSet<String> {
    let other = person.other_names.split([',', ';', '/', '(', ')', '\n']);
    let mut phrases: Vec<Vec<String>> = other.map(untitled).collect();
    match (&untitled(&person.family_name)[..], given) {
        ([], [_, .., last]) => phrases.push(vec![last.clone()]),
        (family, _) => phrases.push(family.to_vec()),
    }
    let mut names = BTreeSet::new();
    for mut phrase in phrases {
        phrase.retain(|word| !NO_NAMES.contains(&word.as_str()));
        let alone = |word: &&String| {
            word.chars().count() >= SHORTEST_NAME && !PARTICLES.contains(&word.as_str())
        };
        names.extend(phrase.iter().filter(alone).cloned());
        names.insert(phrase.concat());
    }
    names.retain(|name| name.chars().count() > 1);
    names
}

/// The words of a name without the titles before it, unless there is nothing else.
fn untitled(name: &str) -> Vec<String> {
    let words = words(name);
    let titles = words
        .iter()
        .take_while(|word| TITLES.contains(&word.as_str()));
    match titles.count() {
        all if all == words.len() => words,
        some => words[some..].to_vec(),
    }
}
