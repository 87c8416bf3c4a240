//! Addresses as people write them: with a postcode or without, with the flat before or behind.

use std::collections::BTreeSet;

use super::plain::words;

/// A number, a street and a town: with fewer words, or less in them, an address stands in many towns.
const FEWEST_WORDS: usize = 4;
const SHORTEST: usize = 12;

/// The postcode with the numbers of house and flat, and the whole address without the postcode, which one of two
/// records often lacks. A town, a street or a postcode alone is no place.
pub fn places(address: &str) -> BTreeSet<String> {
    let mut words = words(address);
    let mut places = BTreeSet::new();
    if let Some((at, length, postcode)) = postcode(&words) {
        words.drain(at..at + length);
        let numbers = numbers(&words);
        if !numbers.is_empty() {
            places.insert(format!("{postcode}/{}", numbers.join("+")));
        }
    }
    places.extend(whole(&words));
    places
}

/// A British postcode: where it stands, how many words it takes, and itself without a space.
fn postcode(words: &[String]) -> Option<(usize, usize, String)> {
    let in_one = |at: usize| {
        let split = words[at].len().checked_sub(3)?;
        let (outward, inward) = words[at].split_at_checked(split)?;
        (is_outward(outward) && is_inward(inward)).then(|| (at, 1, words[at].clone()))
    };
    let in_two = |at: usize| {
        let (outward, inward) = (&words[at], words.get(at + 1)?);
        let found = is_outward(outward) && is_inward(inward);
        found.then(|| (at, 2, format!("{outward}{inward}")))
    };
    let places = (0..words.len()).rev();
    places
        .into_iter()
        .find_map(|at| in_two(at).or_else(|| in_one(at)))
}

/// The half that names the district: one or two letters, a digit, perhaps a digit or a letter.
fn is_outward(word: &str) -> bool {
    let kinds: Vec<bool> = word.bytes().map(|byte| byte.is_ascii_digit()).collect();
    word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && matches!(
            kinds[..],
            [false, true] | [false, true, _] | [false, false, true] | [false, false, true, _]
        )
}

/// The half that names the street: a digit and two letters.
fn is_inward(word: &str) -> bool {
    let bytes = word.as_bytes();
    matches!(bytes, [digit, one, other]
        if digit.is_ascii_digit() && one.is_ascii_alphabetic() && other.is_ascii_alphabetic())
}

/// The numbers of house and flat, in one order: 14, 14A and flats B or 2/1, but not the 2nd floor. Empty without a digit.
fn numbers(words: &[String]) -> Vec<&str> {
    let mut numbers = Vec::new();
    for word in words {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let (number, letter) = word.split_at(digits);
        if letter.chars().count() <= 1 {
            numbers.extend([number, letter].into_iter().filter(|part| !part.is_empty()));
        }
    }
    numbers.sort_unstable();
    let has_digit = numbers
        .iter()
        .any(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    if has_digit { numbers } else { Vec::new() }
}

/// The whole address in one spelling, if it is long enough and holds a number.
fn whole(words: &[String]) -> Option<String> {
    let words: Vec<&str> = words.iter().map(|word| in_full(word)).collect();
    let has_number = words
        .iter()
        .any(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    let length: usize = words.iter().map(|word| word.chars().count()).sum();
    let whole = words.len() >= FEWEST_WORDS && length >= SHORTEST && has_number;
    whole.then(|| words.join(" "))
}

/// What is usually shortened, in full.
fn in_full(word: &str) -> &str {
    match word {
        "apartment" | "apt" => "flat",
        "ave" | "av" => "avenue",
        "cl" => "close",
        "cres" => "crescent",
        "ct" => "court",
        "dr" => "drive",
        "gdns" => "gardens",
        "ln" => "lane",
        "pl" => "place",
        "rd" => "road",
        "sq" => "square",
        "st" => "street",
        "ter" | "terr" => "terrace",
        whole => whole,
    }
}
