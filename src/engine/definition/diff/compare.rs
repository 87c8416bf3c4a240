//! Two trees side by side: what is new, gone, renamed, different or in another order, and where.

use super::values::noun;
use crate::engine::definition::written::Written;

/// A difference and its place.
#[derive(Debug)]
pub struct Found<'a> {
    pub place: Vec<String>,
    pub what: What<'a>,
}

#[derive(Debug)]
pub enum What<'a> {
    New(&'a Written),
    Gone(&'a Written),
    /// It was called so before; the place has its new name.
    Renamed(&'a str),
    Changed(&'a Written, &'a Written),
    /// A list of words has others than before.
    Listed {
        new: Vec<&'a str>,
        gone: Vec<&'a str>,
    },
    /// The same entries in another order, which is now this.
    Reordered(Vec<String>),
}

pub fn compare<'a>(old: &'a Written, new: &'a Written) -> Vec<Found<'a>> {
    let mut comparison = Comparison { found: Vec::new() };
    comparison.nodes(&[], old, new);
    comparison.found
}

struct Comparison<'a> {
    found: Vec<Found<'a>>,
}

type Entry = (String, Written);

impl<'a> Comparison<'a> {
    fn push(&mut self, place: &[String], what: What<'a>) {
        self.found.push(Found {
            place: place.to_vec(),
            what,
        });
    }

    fn nodes(&mut self, place: &[String], old: &'a Written, new: &'a Written) {
        if old == new {
            return;
        }
        if let (Written::Map(old), Written::Map(new)) = (old, new) {
            return self.maps(place, old, new);
        }
        // One word and a list of one mean the same.
        match (words(old), words(new), old, new) {
            (Some(before), Some(after), ..) if before == after => {}
            (Some(before), Some(after), ..) if before.len() != 1 || after.len() != 1 => {
                self.lists_of_words(place, &before, &after);
            }
            (None, _, Written::List(old), Written::List(new))
            | (_, None, Written::List(old), Written::List(new)) => self.lists(place, old, new),
            _ => self.push(place, What::Changed(old, new)),
        }
    }

    fn maps(&mut self, place: &[String], old: &'a [Entry], new: &'a [Entry]) {
        let mut gone: Vec<&Entry> = old
            .iter()
            .filter(|(name, _)| get(new, name).is_none())
            .collect();
        for (name, node) in new {
            let here = within(place, name);
            if let Some(before) = get(old, name) {
                self.nodes(&here, before, node);
            } else if let Some(at) = gone.iter().position(|(_, other)| is_renamed(other, node)) {
                let (earlier, before) = gone.remove(at);
                self.push(&here, What::Renamed(earlier));
                self.nodes(&here, before, node);
            } else {
                self.push(&here, What::New(node));
            }
        }
        for (name, node) in gone {
            self.push(&within(place, name), What::Gone(node));
        }
        if place.last().is_some_and(|last| noun(last).is_some()) {
            let before = names(old, new);
            let after = names(new, old);
            if before != after {
                self.push(place, What::Reordered(after));
            }
        }
    }

    fn lists_of_words(&mut self, place: &[String], old: &[&'a str], new: &[&'a str]) {
        let (gone, come) = without_common(old, new);
        if gone.is_empty() && come.is_empty() {
            let order = new.iter().map(ToString::to_string).collect();
            self.push(place, What::Reordered(order));
        } else {
            self.push(place, What::Listed { new: come, gone });
        }
    }

    /// Lists of maps, such as conditions: entries that share a value are the same entry, changed.
    fn lists(&mut self, place: &[String], old: &'a [Written], new: &'a [Written]) {
        let before: Vec<&Written> = old.iter().collect();
        let after: Vec<&Written> = new.iter().collect();
        let (mut gone, come) = without_common(&before, &after);
        if gone.is_empty() && come.is_empty() {
            let order = (1..=new.len()).map(|number| number.to_string()).collect();
            return self.push(place, What::Reordered(order));
        }
        for node in come {
            let number = after.iter().position(|other| *other == node).unwrap_or(0) + 1;
            let here = within(place, &number.to_string());
            match gone.iter().position(|other| share(other, node)) {
                Some(at) => {
                    let before = gone.remove(at);
                    self.nodes(&here, before, node);
                }
                None => self.push(&here, What::New(node)),
            }
        }
        for node in gone {
            let number = before.iter().position(|other| *other == node).unwrap_or(0) + 1;
            self.push(&within(place, &number.to_string()), What::Gone(node));
        }
    }
}

fn within(place: &[String], name: &str) -> Vec<String> {
    let mut here = place.to_vec();
    here.push(name.to_owned());
    here
}

fn get<'a>(entries: &'a [Entry], name: &str) -> Option<&'a Written> {
    let found = entries.iter().find(|(key, _)| key == name);
    found.map(|(_, node)| node)
}

/// The names that both have, in the order of the first.
fn names(of: &[Entry], other: &[Entry]) -> Vec<String> {
    let common = of.iter().filter(|(name, _)| get(other, name).is_some());
    common.map(|(name, _)| name.clone()).collect()
}

/// A word, or a list of words, as words.
fn words(node: &Written) -> Option<Vec<&str>> {
    match node {
        Written::Text(text) => Some(vec![text]),
        Written::List(items) => items.iter().map(Written::text).collect(),
        Written::Map(_) => None,
    }
}

/// Whether an entry is another one under a new name: it says the same, or is called the same.
fn is_renamed(old: &Written, new: &Written) -> bool {
    let label = |node: &Written| Some(node.get("label")?.text()?.to_owned());
    let maps = matches!((old, new), (Written::Map(_), Written::Map(_)));
    maps && (old == new || (label(old).is_some() && label(old) == label(new)))
}

/// Whether two maps have a value in common.
fn share(old: &Written, new: &Written) -> bool {
    let (Written::Map(old), Written::Map(new)) = (old, new) else {
        return false;
    };
    old.iter().any(|(name, node)| get(new, name) == Some(node))
}

/// What only the one has, and what only the other has; a thing that stands there twice counts twice.
fn without_common<T: PartialEq + Copy>(old: &[T], new: &[T]) -> (Vec<T>, Vec<T>) {
    let mut gone = old.to_vec();
    let mut come = Vec::new();
    for item in new {
        match gone.iter().position(|other| other == item) {
            Some(at) => {
                gone.remove(at);
            }
            None => come.push(*item),
        }
    }
    (gone, come)
}
