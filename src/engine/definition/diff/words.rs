//! Changes in words: a place by what things are called, a value by the label of what it names, a few sentences for all.

use super::compare::{Found, What};
use super::values::{called, noun, phrase, phrase_in, plain, value, word};
use crate::engine::definition::written::Written;

/// Both editions, for what things are called in them.
pub struct Words<'a> {
    pub old: &'a Written,
    pub new: &'a Written,
}

impl Words<'_> {
    /// What changes, in one sentence that begins with the place.
    pub fn sentence(&self, found: &Found<'_>) -> String {
        let place = self.place(&found.place);
        let key = key_of(&found.place);
        match &found.what {
            What::New(node) if is_doubt(&found.place) => {
                format!(
                    "{place}: not confirmed any more: {}",
                    value(key, node, self.new)
                )
            }
            What::Gone(_) if is_doubt(&found.place) => format!("{place}: now confirmed"),
            What::New(Written::Map(_)) => format!("{place}: new"),
            What::New(node) => format!("{place}: new: {}", value(key, node, self.new)),
            What::Gone(node @ (Written::Text(_) | Written::List(_))) => {
                format!("{place}: taken away; it was {}", value(key, node, self.old))
            }
            What::Gone(_) => format!("{place}: taken away"),
            What::Renamed(earlier) => {
                let now = found.place.last().map_or("", String::as_str);
                format!("{place}: renamed from `{earlier}` to `{now}`")
            }
            What::Changed(old, new) => format!("{place}: {}", self.changed(key, old, new)),
            What::Listed { new, gone } => format!("{place}: {}", self.listed(key, new, gone)),
            What::Reordered(now) => format!("{place}: in another order, now {}", now.join(", ")),
        }
    }

    /// What something new says, or something that is gone said, a line for each of its parts. Examples are left out: no
    /// rule rests on them.
    pub fn details(&self, found: &Found<'_>) -> Vec<String> {
        let (entries, tree) = match &found.what {
            What::New(Written::Map(entries)) => (entries, self.new),
            What::Gone(Written::Map(entries)) => (entries, self.old),
            _ => return Vec::new(),
        };
        let told = entries.iter().filter(|(key, _)| key != "example");
        told.flat_map(|(key, node)| parts(key, node, tree))
            .collect()
    }

    fn changed(&self, key: &str, old: &Written, new: &Written) -> String {
        let (before, after) = (value(key, old, self.old), value(key, new, self.new));
        if before == after {
            // Two things of one label: their names tell them apart.
            format!("was {}, is now {}", plain(old), plain(new))
        } else {
            format!("was {before}, is now {after}")
        }
    }

    fn listed(&self, key: &str, new: &[&str], gone: &[&str]) -> String {
        let each = |names: &[&str], tree| {
            let words: Vec<_> = names.iter().map(|name| word(key, name, tree)).collect();
            words.join(", ")
        };
        let (mut adds, mut takes) = (each(new, self.new), each(gone, self.old));
        if adds == takes {
            (adds, takes) = (new.join(", "), gone.join(", "));
        }
        let mut parts = Vec::new();
        if !new.is_empty() {
            parts.push(format!("adds {adds}"));
        }
        if !gone.is_empty() {
            parts.push(format!("takes away {takes}"));
        }
        parts.join("; ")
    }

    /// `action ‘Triage’: condition 2: it holds when`.
    fn place(&self, place: &[String]) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut at = 0;
        while at < place.len() {
            let (key, next) = (place[at].as_str(), place.get(at + 1));
            match (noun(key), next) {
                (Some(noun), Some(name)) => {
                    let path = &place[..at + 2];
                    let node = self.new.at(path).or_else(|| self.old.at(path));
                    parts.push(format!("{noun} {}", called(name, node)));
                    at += 2;
                    continue;
                }
                _ if at == 0 && place.len() > 1 && matches!(key, "scheme" | "policy") => {}
                _ if key.bytes().all(|byte| byte.is_ascii_digit()) && !parts.is_empty() => {
                    let last = parts.len() - 1;
                    parts[last] = format!("{} {key}", parts[last]);
                }
                _ => parts.push(self.phrase_at(place, at)),
            }
            at += 1;
        }
        parts.join(": ")
    }

    /// A key in its surroundings: the role of a queue sees it, that of a second person confirms.
    fn phrase_at(&self, place: &[String], at: usize) -> String {
        let above = |steps: usize| at.checked_sub(steps).map(|at| place[at].as_str());
        match (place[at].as_str(), above(1), above(2)) {
            ("role", _, Some("queues")) => "shown to".to_owned(),
            (name, Some("tells"), _) => word("tells", name, self.new),
            (key, above, _) => phrase_in(above.unwrap_or(""), key),
        }
    }
}

/// A part of a whole in a line, or in a line for each of its entries.
fn parts(key: &str, node: &Written, tree: &Written) -> Vec<String> {
    match (node, noun(key)) {
        (Written::Map(entries), Some(noun)) => {
            let each = entries.iter().map(|(name, node)| {
                let called = called(name, Some(node));
                format!("{noun} {called}: {}", value(name, node, tree))
            });
            each.collect()
        }
        _ => vec![format!("{}: {}", phrase(key), value(key, node, tree))],
    }
}

fn is_doubt(place: &[String]) -> bool {
    place.iter().rev().take(2).any(|name| name == "unconfirmed")
}

/// The key that a value stands under; an item of a list stands under the list's.
fn key_of(place: &[String]) -> &str {
    let named = |name: &&String| !name.bytes().all(|byte| byte.is_ascii_digit());
    place.iter().rev().find(named).map_or("", String::as_str)
}
