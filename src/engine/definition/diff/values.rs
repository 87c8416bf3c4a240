//! Keys and values in words: what a key means, and the label of what a value names.

use crate::engine::definition::scheme::Action;
use crate::engine::definition::written::Written;

/// A longer text is told from the words around it by quotation marks.
const LONGEST_BARE: usize = 30;

/// Maps whose entries have names that the owner gave, and whose order is seen or counts; and what one entry is called.
const COLLECTIONS: [(&str, &str); 17] = [
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
    ("rules", "rule"),
];

/// What a key means, where its own name would not say so.
const PHRASES: [(&str, &str); 59] = [
    ("edition", "label of the edition"),
    ("effective_from", "in force from"),
    ("time_zone", "time zone"),
    ("task_message", "message sent to staff"),
    ("for_agencies", "agencies have a part in its cases"),
    ("gives", "what is given to whoever asked"),
    ("retention", "how long cases are kept"),
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
    ("keeps", "keeps to be read"),
    ("extends", "extends"),
    ("tells", "tells"),
    ("tells_nobody", "why nobody is told"),
    ("label", "what it is called"),
    ("help", "its explanation"),
    ("end", "ends the case"),
    ("public", "what the public reads"),
    ("to_referrer", "what whoever referred reads"),
    ("says", "what they are told"),
    ("asks", "what they are asked to do"),
    ("kind", "kind"),
    ("class", "who may read it"),
    ("required", "must be answered"),
    ("required_when", "must be answered where"),
    ("max", "at most"),
    ("min", "at least"),
    ("why", "why a case is in it"),
    ("order", "ordered by"),
    ("urgent", "comes first"),
];

/// Keys whose values name something: key and where the thing is declared.
const NAMED: [(&str, [&str; 2]); 22] = [
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
    ("keeps", ["records", ""]),
    ("tells", ["scheme", "capacities"]),
];

/// A value in words; what it names by its label.
pub fn value(above: &str, node: &Written, tree: &Written) -> String {
    match node {
        Written::Text(text) => word(above, text, tree),
        Written::List(items) => {
            let each: Vec<_> = items.iter().map(|item| value(above, item, tree)).collect();
            each.join(", ")
        }
        Written::Map(_) if node.get("is").is_some() => {
            let part = |key: &str| node.get(key).and_then(Written::text);
            let when = part("when").map_or("otherwise".to_owned(), |when| format!("when {when}"));
            format!("{} {when}", part("is").unwrap_or_default())
        }
        Written::Map(entries) => {
            let shown = entries.iter().filter(|(key, _)| key != "example");
            let each: Vec<_> = shown
                .map(|(key, node)| format!("{} {}", phrase_in(above, key), value(key, node, tree)))
                .collect();
            format!("({})", each.join("; "))
        }
    }
}

/// A word in words: the label of what it names.
pub fn word(key: &str, word: &str, tree: &Written) -> String {
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

/// What one entry of a collection is called; `None` when the key is no collection.
pub fn noun(key: &str) -> Option<&'static str> {
    let noun = COLLECTIONS
        .iter()
        .find(|(collection, _)| *collection == key);
    noun.map(|(_, noun)| *noun)
}

/// What a key means under another: the role of a second person confirms.
pub fn phrase_in(above: &str, key: &str) -> String {
    match (above, key) {
        ("second_person", "role") => "confirmed by".to_owned(),
        _ => phrase(key),
    }
}

pub fn phrase(key: &str) -> String {
    let known = PHRASES.iter().find(|(name, _)| *name == key);
    known.map_or_else(|| key.replace('_', " "), |(_, phrase)| (*phrase).to_owned())
}

fn labelled(tree: &Written, declared: [&str; 2], name: &str) -> String {
    let mut folders = declared.iter().filter(|folder| !folder.is_empty());
    let declared = folders.try_fold(tree, |node, folder| node.get(folder));
    match declared.and_then(|node| node.get(name)) {
        Some(node) => called(name, Some(node)),
        None => name.to_owned(),
    }
}

/// What something is called: its label, or its name where it has none.
pub fn called(name: &str, node: Option<&Written>) -> String {
    let label = node.and_then(|node| node.get("label")?.text());
    format!("‘{}’", label.unwrap_or(name))
}

/// A value as it stands in its file.
pub fn plain(node: &Written) -> String {
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
