//! Words, lists and maps that remember where in their file they stand.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

/// A text in a file, with its line and column (both counted from 1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub line: u64,
    pub column: u64,
}

impl Deref for Word {
    type Target = str;
    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<&str> for Word {
    /// A word that stands in no file.
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }
}

impl From<Spanned<String>> for Word {
    fn from(spanned: Spanned<String>) -> Self {
        Self {
            line: spanned.referenced.line(),
            column: spanned.referenced.column(),
            text: spanned.value,
        }
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Spanned::<String>::deserialize(deserializer).map(Self::from)
    }
}

/// One name or a list of names: `role: verifier` and a list under `role:` mean the same.
#[derive(Debug, Clone, Default)]
pub struct Names(pub Vec<Word>);

impl Names {
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|word| &**word == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Word> + Clone {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

enum OneOrMany {
    One(String),
    Many(Vec<Word>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = OneOrMany;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name or a list of names")
            }
            fn visit_str<E>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany::One(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<OneOrMany, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = items.next_element()? {
                    words.push(word);
                }
                Ok(OneOrMany::Many(words))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<OneOrMany>::deserialize(deserializer)?;
        Ok(Self(match spanned.value {
            OneOrMany::Many(words) => words,
            OneOrMany::One(text) => vec![Word {
                text,
                line: spanned.referenced.line(),
                column: spanned.referenced.column(),
            }],
        }))
    }
}

/// A map in the order of its file; a repeated key has been refused by the reader.
#[derive(Debug, Clone)]
pub struct Entries<T>(pub Vec<(Word, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Entries<T> {
    pub fn get(&self, name: &str) -> Option<&T> {
        self.entry(name).map(|(_, value)| value)
    }

    pub fn entry(&self, name: &str) -> Option<(&Word, &T)> {
        let found = self.0.iter().find(|(key, _)| &**key == name);
        found.map(|(key, value)| (key, value))
    }

    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Word, &T)> + Clone {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| &**key)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = Entries<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map of names")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries<T>, M::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Reader(PhantomData))
    }
}

/// What no source confirms: one sentence, or a sentence for each doubtful part.
#[derive(Debug, Clone, Default)]
pub struct Unconfirmed(pub Vec<(Word, String)>);

impl Unconfirmed {
    /// All doubts in one line, for a badge or a finding.
    pub fn sentence(&self) -> String {
        let each = self.0.iter().map(|(part, why)| {
            if part.is_empty() {
                why.clone()
            } else {
                format!("{}: {why}", &**part)
            }
        });
        each.collect::<Vec<_>>().join("; ")
    }
}

impl<'de> Deserialize<'de> for Unconfirmed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Unconfirmed;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sentence, or a map from the doubtful part to a sentence")
            }
            fn visit_str<E>(self, text: &str) -> Result<Unconfirmed, E> {
                Ok(Unconfirmed(vec![(Word::default(), text.to_owned())]))
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Unconfirmed, M::Error> {
                let mut parts = Vec::new();
                while let Some(part) = map.next_entry::<Word, String>()? {
                    parts.push(part);
                }
                Ok(Unconfirmed(parts))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
