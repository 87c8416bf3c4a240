//! Somebody has the database, and knows how common every name is. They guess who the people of the register are.

use std::collections::{BTreeMap, HashMap};

use clares_law::app::register::{Entry, Listing};
use clares_law::domain::likeness::Mark;
use clares_law::domain::person::Person;
use clares_law::store::Sql;

use crate::support::house::House;
use crate::support::world::AUTHORITY;

const PEOPLE: usize = 20_000;
/// A few surnames are very common and many are rare: the first is carried by about 1.7 in a hundred, as Smith is, the hundredth by one in 500.
const SURNAMES: usize = 1_000;
const FIRST_NAMES: usize = 40;
const YEARS: std::ops::Range<usize> = 1955..2000;
/// The attacker tries the commonest names: every first name and year with this many surnames, more than half of all people.
const TRIED: usize = 150;

/// A name of letters only, another for each number.
fn name(begins: &str, mut number: usize) -> String {
    let mut name = begins.to_owned();
    for _ in 0..3 {
        name.push(char::from(b'a' + u8::try_from(number % 26).unwrap()));
        number /= 26;
    }
    name
}

fn weight(surname: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let rank = surname as f64;
    1.0 / (rank + 13.0)
}

/// The mark of a first name, last name and year.
fn mark(surname: usize, first: usize, year: usize) -> String {
    let person = person(surname, first, &year.to_string());
    let mark = Mark::of_person(&person).into_iter().next();
    mark.unwrap().value
}

/// What the attacker tries, the most common first.
fn candidates() -> Vec<String> {
    let mut candidates = Vec::new();
    for surname in 0..TRIED {
        for first in 0..FIRST_NAMES {
            candidates.extend(YEARS.map(|year| mark(surname, first, year)));
        }
    }
    candidates
}

fn person(surname: usize, first: usize, born: &str) -> Person {
    Person {
        given_names: name("Gi", first).as_str().into(),
        family_name: name("Fam", surname).as_str().into(),
        other_names: "".into(),
        born: born.into(),
    }
}

/// People as they come, with what is to be guessed of each: their mark of first name, last name and year.
fn population() -> Vec<(Person, String)> {
    let mut chance = fastrand::Rng::with_seed(20_000);
    let all: f64 = (0..SURNAMES).map(weight).sum();
    let drawn = |chance: &mut fastrand::Rng| {
        let mut left = chance.f64() * all;
        let found = (0..SURNAMES).find(|surname| {
            left -= weight(*surname);
            left < 0.0
        });
        found.unwrap_or(SURNAMES - 1)
    };
    let people = (0..PEOPLE).map(|_| {
        let surname = drawn(&mut chance);
        let first = chance.usize(0..FIRST_NAMES);
        let year = chance.usize(YEARS);
        let (month, day) = (chance.u8(1..=12), chance.u8(1..=28));
        let born = format!("{year}-{month:02}-{day:02}");
        (person(surname, first, &born), mark(surname, first, year))
    });
    people.collect()
}

/// What can be computed without any key.
fn unkeyed(value: &str) -> String {
    use aws_lc_rs::digest::{SHA256, digest};
    let hash = digest(&SHA256, value.as_bytes());
    clares_law::app::digest::hex(hash.as_ref())
}

/// The attacker hashes every candidate themselves, and guesses the likeliest whose hash begins with what stands there. Answers how many people
/// they have right.
fn right_by_hash(candidates: &[String], stored: &[Vec<String>], truth: &[String]) -> usize {
    let length = stored[0][0].len();
    let mut known: HashMap<String, &String> = HashMap::new();
    for value in candidates {
        let mut hash = unkeyed(value);
        hash.truncate(length);
        known.entry(hash).or_insert(value);
    }
    let guess = |texts: &Vec<String>| texts.iter().find_map(|text| known.get(text).copied());
    right(stored, truth, guess)
}

/// The attacker puts what stands there most often beside the most common candidate, and so on down both lists.
fn right_by_rank(candidates: &[String], stored: &[Vec<String>], truth: &[String]) -> usize {
    let mut ranked: Vec<_> = counted(stored).into_iter().collect();
    ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let ranked = ranked.into_iter().map(|(text, _)| text);
    let known: HashMap<_, _> = ranked.zip(candidates).collect();
    let guess = |texts: &Vec<String>| texts.iter().find_map(|text| known.get(&**text).copied());
    right(stored, truth, guess)
}

fn right<'c>(
    stored: &[Vec<String>],
    truth: &[String],
    guess: impl Fn(&Vec<String>) -> Option<&'c String>,
) -> usize {
    let people = stored.iter().zip(truth);
    people
        .filter(|(texts, truth)| guess(texts) == Some(truth))
        .count()
}

/// How often each text stands there.
fn counted(stored: &[Vec<String>]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for text in stored.iter().flatten() {
        *counts.entry(&**text).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn whoever_knows_how_common_names_are_learns_nothing_from_the_register() {
    let house = House::new().await;
    let people = population();
    let entries = people
        .iter()
        .enumerate()
        .map(|(number, (person, _))| Entry {
            entry: number.to_string(),
            person: person.clone(),
            staff_number: String::new(),
            addresses: Vec::new(),
            phones: Vec::new(),
            sign_in_name: Some(format!("{number:05}")),
        });
    let listing = Listing {
        authority: AUTHORITY.to_owned(),
        agency: String::new(),
    };
    let listed = house
        .app
        .replace_register(listing, entries.collect(), "moira");
    assert_eq!(
        usize::try_from(listed.await.unwrap().added).unwrap(),
        PEOPLE
    );

    let stored = stored(&house).await;
    let truth: Vec<_> = people.iter().map(|(_, mark)| mark.clone()).collect();
    assert_eq!(stored.len(), PEOPLE);
    let candidates = candidates();
    let right = right_by_hash(&candidates, &stored, &truth);
    assert!(right * 1_000 <= PEOPLE, "by hash {right} of {PEOPLE}");
    let right = right_by_rank(&candidates, &stored, &truth);
    assert!(right * 1_000 <= PEOPLE, "by rank {right} of {PEOPLE}");

    // The same attackers succeed where hashes are whole and made without a key, or where they are made of a last name alone.
    let hashed =
        |marks: &[String]| -> Vec<_> { marks.iter().map(|mark| vec![unkeyed(mark)]).collect() };
    let right = right_by_hash(&candidates, &hashed(&truth), &truth);
    assert!(right * 2 > PEOPLE, "only {right} of {PEOPLE}");
    let names: Vec<_> = people
        .iter()
        .map(|(person, _)| (*person.family_name).to_owned())
        .collect();
    let common: Vec<_> = (0..SURNAMES).map(|surname| name("Fam", surname)).collect();
    let right = right_by_rank(&common, &hashed(&names), &names);
    assert!(right * 100 > PEOPLE, "only {right} of {PEOPLE}");

    // How many others begin as somebody's mark does: as many as chance alone puts there, two marks each among 16 bits.
    let counts = counted(&stored);
    let marks: usize = counts.values().sum();
    let others: usize = counts.values().map(|count| count * (count - 1)).sum();
    assert_eq!(marks, 2 * PEOPLE);
    let by_chance = marks * marks / (1 << 16);
    assert!(
        others * 10 > by_chance * 9 && others * 9 < by_chance * 10,
        "{others} and not {by_chance}"
    );
}

/// What stands in the open of each person, in the order they were listed.
async fn stored(house: &House) -> Vec<Vec<String>> {
    let statement = "select register.sign_in_name as name, register_keys.key as key
        from register join register_keys on register_keys.register_id = register.id
        order by register.sign_in_name, register_keys.key";
    let mut tx = house.app.db.begin_read().await.unwrap();
    let rows = tx.sql(Sql::one("test.STORED", statement));
    let rows: Vec<(String, String)> = rows.all().await.unwrap();
    let people = rows.chunk_by(|one, other| one.0 == other.0);
    people
        .map(|rows| rows.iter().map(|(_, key)| key.clone()).collect())
        .collect()
}
