//! Changes in words: a place by what things are called, a value by the label of what it names, a few sentences for all.

use super::compare::{COLLECTIONS, Found, What};
use crate::engine::definition::scheme::Action;
use crate::engine::definition::written::Written;

/// Both editions, for what things are called in them.
pub struct Words<'a> {
    pub old: &'a Written,
    pub new: &'a Written,
}

/// A longer text is told from the words around it by quotation marks.
const LONGEST_BARE: usize = 30;

/// What one entry of a collection is called.
const NOUNS: [(&str, &str); 16] = [
    ("routes", "route"),
    ("capacities", "capacity"),
    ("outcomes", "outcome"),
    ("flags", "flag"),
    ("states", "state"),
    ("actions", "action"),
    ("clocks", "time limit"),
    ("queues", "queue"),
    ("records", "form"),
    ("fields", "field"),
    ("options", "answer"),
    ("rows", "search"),
    ("messages", "message"),
    ("roles", "role"),
    ("holidays", "holiday"),
    ("words", "word"),
];

/// What a key means, where its own name would not say so.
const PHRASES: [(&str, &str); 51] = [
    ("edition", "label of the edition"),
    ("effective_from", "in force from"),
    ("time_zone", "time zone"),
    ("task_message", "message sent to staff"),
    ("intake", "where a case begins"),
    ("public_form", "public form"),
    ("referral_form", "form for professionals"),
    ("banned", "banned words"),
    ("quorate", "when a forum may decide"),
    ("receives", "what may be told"),
    ("limit", "how long"),
    ("starts_on", "started by"),
    ("stops_on", "stopped by"),
    ("counted_from", "counted from entering"),
    ("pausable", "may be paused"),
    ("warn_at", "warnings at"),
    ("alerts", "who is alerted"),
    ("from", "may begin in"),
    ("to", "leads to"),
    ("role", "done by"),
    ("record", "its form"),
    ("rationale", "a reason in the actor's words"),
    ("requires", "condition"),
    ("when", "it holds when"),
    ("because", "what is said when it does not hold"),
    ("raises", "raises"),
    ("lowers", "lowers"),
    ("outcome", "sets the outcome"),
    ("decided_by", "decided by"),
    ("emergency", "may be done alone in an emergency"),
    ("second_person", "second person"),
    ("within", "to be answered within"),
    ("back_to", "sent back to"),
    ("rests_on", "rests on"),
    ("pauses", "pauses"),
    ("resumes", "lets run again"),
    ("extends", "extends"),
    ("tells", "tells"),
    ("tells_nobody", "why nobody is told"),
    ("label", "what it is called"),
    ("help", "its explanation"),
    ("end", "ends the case"),
    ("public", "what the public reads"),
    ("kind", "kind"),
    ("class", "who may read it"),
    ("required", "must be answered"),
    ("max", "at most"),
    ("min", "at least"),
    ("why", "why a case is in it"),
    ("order", "ordered by"),
    ("urgent", "comes first"),
];

/// Keys whose values name something: key and where the thing is declared.
const NAMED: [(&str, [&str; 2]); 21] = [
    ("role", ["policy", "roles"]),
    ("alerts", ["policy", "roles"]),
    ("state", ["scheme", "states"]),
    ("states", ["scheme", "states"]),
    ("from", ["scheme", "states"]),
    ("to", ["scheme", "states"]),
    ("back_to", ["scheme", "states"]),
    ("counted_from", ["scheme", "states"]),
    ("starts_on", ["scheme", "states"]),
    ("stops_on", ["scheme", "states"]),
    ("outcome", ["scheme", "outcomes"]),
    ("route", ["scheme", "routes"]),
    ("flag", ["scheme", "flags"]),
    ("raises", ["scheme", "flags"]),
    ("lowers", ["scheme", "flags"]),
    ("clock", ["scheme", "clocks"]),
    ("pauses", ["scheme", "clocks"]),
    ("resumes", ["scheme", "clocks"]),
    ("record", ["records", ""]),
    ("rests_on", ["records", ""]),
    ("tells", ["scheme", "capacities"]),
];

impl Words<'_> {
    /// What changes, in one sentence that begins with the place.
    pub fn sentence(&self, found: &Found<'_>) -> String {
        let place = self.place(&found.place);
        let key = key_of(&found.place);
        match &found.what {
            What::New(node) if is_doubt(&found.place) => {
                format!(
                    "{place}: not confirmed any more: {}",
                    self.value(key, node, self.new)
                )
            }
            What::Gone(_) if is_doubt(&found.place) => format!("{place}: now confirmed"),
            What::New(Written::Map(_)) => format!("{place}: new"),
            What::New(node) => format!("{place}: new: {}", self.value(key, node, self.new)),
            What::Gone(node @ (Written::Text(_) | Written::List(_))) => {
                format!(
                    "{place}: taken away; it was {}",
                    self.value(key, node, self.old)
                )
            }
            What::Gone(_) => format!("{place}: taken away"),
            What::Renamed(earlier) => {
                let now = found.place.last().map_or("", String::as_str);
                format!("{place}: renamed from `{earlier}` to `{now}`")
            }
            What::Changed(old, new) => {
                let (before, after) = (
                    self.value(key, old, self.old),
                    self.value(key, new, self.new),
                );
                if before == after {
                    format!("{place}: was {}, is now {}", plain(old), plain(new))
                } else {
                    format!("{place}: was {before}, is now {after}")
                }
            }
            What::Listed { new, gone } => {
                let each = |words: &[&str], tree| {
                    let words: Vec<_> = words
                        .iter()
                        .map(|word| self.word(key, word, tree))
                        .collect();
                    words.join(", ")
                };
                let new = (!new.is_empty()).then(|| format!("adds {}", each(new, self.new)));
                let gone =
                    (!gone.is_empty()).then(|| format!("takes away {}", each(gone, self.old)));
                let both: Vec<_> = new.into_iter().chain(gone).collect();
                format!("{place}: {}", both.join("; "))
            }
            What::Reordered(now) => format!("{place}: in another order, now {}", now.join(", ")),
        }
    }

    /// What something new says, a line for each of its parts. Examples are left out: no rule rests on them.
    pub fn details(&self, found: &Found<'_>) -> Vec<String> {
        let What::New(Written::Map(entries)) = &found.what else {
            return Vec::new();
        };
        let mut lines = Vec::new();
        for (key, node) in entries.iter().filter(|(key, _)| key != "example") {
            match (node, noun(key)) {
                (Written::Map(parts), Some(noun)) => {
                    lines.extend(parts.iter().map(|(name, node)| {
                        format!(
                            "{noun} {}: {}",
                            called(name, Some(node)),
                            self.value(name, node, self.new)
                        )
                    }))
                }
                _ => lines.push(format!(
                    "{}: {}",
                    phrase(key),
                    self.value(key, node, self.new)
                )),
            }
        }
        lines
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
            (name, Some("tells"), _) => self.word("tells", name, self.new),
            (key, above, _) => phrase_in(above.unwrap_or(""), key),
        }
    }

    /// A value in words; what it names by its label.
    fn value(&self, above: &str, node: &Written, tree: &Written) -> String {
        match node {
            Written::Text(text) => self.word(above, text, tree),
            Written::List(items) => {
                let each: Vec<_> = items
                    .iter()
                    .map(|item| self.value(above, item, tree))
                    .collect();
                each.join(", ")
            }
            Written::Map(_) if node.get("is").is_some() => {
                let part = |key: &str| node.get(key).and_then(Written::text);
                let when =
                    part("when").map_or("otherwise".to_owned(), |when| format!("when {when}"));
                format!("{} {when}", part("is").unwrap_or_default())
            }
            Written::Map(entries) => {
                let shown = entries.iter().filter(|(key, _)| key != "example");
                let each: Vec<_> = shown
                    .map(|(key, node)| {
                        format!("{} {}", phrase_in(above, key), self.value(key, node, tree))
                    })
                    .collect();
                format!("({})", each.join("; "))
            }
        }
    }

    fn word(&self, key: &str, word: &str, tree: &Written) -> String {
        if word == Action::ANY_OPEN {
            return "any open state".to_owned();
        }
        if let Some(action) = word.strip_prefix("action ") {
            return format!("action {}", labelled(tree, ["scheme", "actions"], action));
        }
        if let Some(flag) = word.strip_prefix("flag ") {
            return format!("flag {}", labelled(tree, ["scheme", "flags"], flag));
        }
        match NAMED.iter().find(|(named, _)| *named == key) {
            Some((_, declared)) => labelled(tree, *declared, word),
            None if word.is_empty() => "nothing".to_owned(),
            None if word.chars().count() > LONGEST_BARE => format!("“{word}”"),
            None => word.to_owned(),
        }
    }
}

fn is_doubt(place: &[String]) -> bool {
    let from_end = place.iter().rev().take(2);
    from_end.clone().any(|name| name == "unconfirmed")
}

/// The key that a value stands under; an item of a list stands under the list's.
fn key_of(place: &[String]) -> &str {
    let named = |name: &&String| !name.bytes().all(|byte| byte.is_ascii_digit());
    place.iter().rev().find(named).map_or("", String::as_str)
}

fn noun(key: &str) -> Option<&'static str> {
    let named = COLLECTIONS.contains(&key);
    let noun = NOUNS.iter().find(|(collection, _)| *collection == key);
    noun.filter(|_| named).map(|(_, noun)| *noun)
}

/// What a key means under another: the role of a second person confirms.
fn phrase_in(above: &str, key: &str) -> String {
    match (above, key) {
        ("second_person", "role") => "confirmed by".to_owned(),
        _ => phrase(key),
    }
}

fn phrase(key: &str) -> String {
    let known = PHRASES.iter().find(|(name, _)| *name == key);
    known.map_or_else(|| key.replace('_', " "), |(_, phrase)| (*phrase).to_owned())
}

fn labelled(tree: &Written, declared: [&str; 2], name: &str) -> String {
    let folders = declared.iter().filter(|folder| !folder.is_empty());
    let declared = folders.fold(Some(tree), |node, folder| node?.get(folder));
    match declared.and_then(|node| node.get(name)) {
        Some(node) => called(name, Some(node)),
        None => name.to_owned(),
    }
}

/// What something is called: its label, or its name where it has none.
fn called(name: &str, node: Option<&Written>) -> String {
    let label = node.and_then(|node| node.get("label")?.text());
    format!("‘{}’", label.unwrap_or(name))
}

fn plain(node: &Written) -> String {
    match node {
        Written::Text(text) => format!("`{text}`"),
        Written::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Written::Map(entries) => entries
            .iter()
            .map(|(key, node)| format!("{key}: {}", plain(node)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}
