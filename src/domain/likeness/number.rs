//! Numbers that belong to one person or one household.

use std::collections::BTreeSet;

use super::name::TITLES;
use super::plain::words;

/// Fewer characters are shared by too many.
const SHORTEST_STAFF_NUMBER: usize = 3;

/// Fewer digits are a part of a number.
const SHORTEST_PHONE: usize = 10;

/// A staff number without rank, spaces and leading noughts, which spreadsheets drop.
pub fn of_staff(text: &str) -> Option<String> {
    let words = words(text).into_iter();
    let joined: String = words.filter(|word| !is_title(word)).collect();
    let digits = joined.find(|c: char| c.is_ascii_digit())?;
    let (rank, rest) = joined.split_at(digits);
    let number = if is_title(rank) { rest } else { &joined[..] };
    let number = number.trim_start_matches('0');
    (number.len() >= SHORTEST_STAFF_NUMBER).then(|| number.to_owned())
}

fn is_title(word: &str) -> bool {
    TITLES.contains(&word)
}

/// Each telephone number in a text, as digits.
pub fn of_phones(text: &str) -> BTreeSet<String> {
    let written = |c: char| c.is_ascii_digit() || " +-.()\u{a0}".contains(c);
    let runs = text.split(|c| !written(c));
    let numbers = runs.flat_map(numbers).map(|number| at_home(&number));
    numbers
        .filter(|number| number.len() >= SHORTEST_PHONE)
        .collect()
}

/// The digits of a run, divided where a second number begins.
fn numbers(run: &str) -> Vec<String> {
    let mut numbers = vec![String::new()];
    for group in run.split([' ', '\u{a0}']) {
        let begins = group.trim_start_matches('(').starts_with(['0', '+']);
        let digits: String = group.chars().filter(char::is_ascii_digit).collect();
        match numbers.last_mut() {
            Some(number) if !begins || number.len() < SHORTEST_PHONE => number.push_str(&digits),
            _ => numbers.push(digits),
        }
    }
    numbers
}

/// A number of this country the way it is dialled within: +44 (0)1632, 0044 1632, 01632 and, as spreadsheets have it, 1632
/// are one.
fn at_home(digits: &str) -> String {
    let abroad = digits.strip_prefix("0044").or(digits.strip_prefix("44"));
    let rest = abroad.filter(|rest| rest.len() + 1 >= SHORTEST_PHONE);
    let rest = rest.unwrap_or(digits);
    if rest.len() == digits.len() && (rest.starts_with('0') || rest.len() != SHORTEST_PHONE) {
        return digits.to_owned();
    }
    format!("0{}", rest.trim_start_matches('0'))
}
