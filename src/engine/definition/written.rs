//! What an edition says, as one tree of texts: every word of its files, whatever key it stands under.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::Definition;
use super::reading::SHARING;
use super::roles::Message;

/// A piece of a file: a text, a list, or a map in the order of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    Text(String),
    List(Vec<Written>),
    Map(Vec<(String, Written)>),
}

impl Written {
    /// All files of an edition under what they are: `scheme`, `records`, `messages`, `calendar`, `policy`. A file of
    /// another folder stands under its path, so that nothing can be left out.
    pub fn of(definition: &Definition) -> Self {
        let mut whole: BTreeMap<Vec<String>, Self> = BTreeMap::new();
        // Which file something comes from is no rule.
        let files = definition.documents.0.iter();
        for (path, file) in files.filter(|(path, _)| *path != SHARING) {
            let place = if *path == definition.path {
                vec!["scheme".to_owned()]
            } else {
                place_of(path)
            };
            // Two files in one place would hide each other.
            let place = if whole.contains_key(&place) {
                vec![path.clone()]
            } else {
                place
            };
            whole.insert(place, Self::read(path, &file.text));
        }
        let mut tree = Self::Map(Vec::new());
        for (place, node) in whole {
            tree.put(&place, node);
        }
        tree
    }

    /// A file's text; one that is no YAML stands there as it is.
    fn read(path: &str, text: &str) -> Self {
        if !is_message(path) {
            return serde_saphyr::from_str(text).unwrap_or_else(|_| Self::Text(text.to_owned()));
        }
        match Message::parse(text) {
            Ok(message) => Self::Map(vec![
                ("subject".to_owned(), Self::Text(message.subject)),
                ("text".to_owned(), paragraphs(&message.text)),
            ]),
            Err(_) => Self::Text(text.to_owned()),
        }
    }

    fn put(&mut self, place: &[String], node: Self) {
        let Self::Map(entries) = self else { return };
        let Some((first, rest)) = place.split_first() else {
            return;
        };
        if rest.is_empty() {
            entries.push((first.clone(), node));
            return;
        }
        if !entries.iter().any(|(name, _)| name == first) {
            entries.push((first.clone(), Self::Map(Vec::new())));
        }
        if let Some((_, below)) = entries.iter_mut().find(|(name, _)| name == first) {
            below.put(rest, node);
        }
    }

    /// The entry of a map.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, node)| node),
            _ => None,
        }
    }

    /// What stands at the end of a path of names.
    pub fn at(&self, path: &[String]) -> Option<&Self> {
        path.iter().try_fold(self, |node, name| node.get(name))
    }

    /// The text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// `records/triage.yaml` → records, triage; `messages/thanks.en.md` → messages, thanks, en.
fn place_of(path: &str) -> Vec<String> {
    let (folder, below) = path.split_once('/').unwrap_or(("", path));
    // A scheme's own form stands in a folder of its own and takes the place of the shared one.
    let name = below.rsplit('/').next().unwrap_or(below);
    let words: Vec<&str> = name.split('.').collect();
    let place = match (folder, &words[..]) {
        ("calendars", _) => vec!["calendar"],
        ("messages", ["banned", "yaml"]) => vec!["banned"],
        ("policy", ["roles", "yaml"]) => vec!["policy"],
        ("messages" | "records" | "words", [named @ .., _]) => {
            let mut place = vec![folder];
            place.extend(named);
            place
        }
        _ => vec![path],
    };
    place.into_iter().map(str::to_owned).collect()
}

fn is_message(path: &str) -> bool {
    path.starts_with("messages/") && path.strip_suffix(".md").is_some()
}

fn paragraphs(text: &str) -> Written {
    let each = text.split("\n\n").map(|part| part.trim().to_owned());
    Written::List(each.map(Written::Text).collect())
}

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Written;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, a list or a map")
            }
            fn visit_str<E>(self, text: &str) -> Result<Written, E> {
                Ok(Written::Text(text.to_owned()))
            }
            fn visit_bool<E>(self, yes: bool) -> Result<Written, E> {
                Ok(Written::Text(if yes { "yes" } else { "no" }.to_owned()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Written, E> {
                Ok(Written::Text(number.to_string()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Written, E> {
                Ok(Written::Text(number.to_string()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Written, E> {
                Ok(Written::Text(number.to_string()))
            }
            fn visit_unit<E>(self) -> Result<Written, E> {
                Ok(Written::Text(String::new()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Written, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Written::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Written, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Written::Map(entries))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
