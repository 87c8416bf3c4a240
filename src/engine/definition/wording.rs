//! Everything a definition says to people. A wording knows its place in the file and, once it has been put into the words
//! of a reader, its language; nothing else in a definition is ever shown as it stands.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::yaml::Word;

/// A label, a help, a sentence: in English as the file has it, or in a reader's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    word: Word,
    language: Option<String>,
}

impl Wording {
    /// Words for a page that is in another language than English.
    pub(super) fn in_language(text: &str, language: &str) -> Self {
        Self {
            language: Some(language.to_owned()),
            ..Self::from(text)
        }
    }

    /// Says it in other words, at the same place.
    pub(super) fn put(&mut self, said: Self) {
        self.word.text = said.word.text;
        self.language = said.language;
    }

    /// Where it stands in its file.
    pub fn place(&self) -> &Word {
        &self.word
    }

    /// What language it is in, where a reader has asked for another than English; a page must then mark it.
    pub fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }
}

impl Deref for Wording {
    type Target = str;
    fn deref(&self) -> &str {
        &self.word
    }
}

impl From<&str> for Wording {
    fn from(text: &str) -> Self {
        let text = text.to_owned();
        Self {
            word: Word {
                text,
                ..Word::default()
            },
            language: None,
        }
    }
}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.word.fmt(f)
    }
}

impl<'de> Deserialize<'de> for Wording {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = Word::deserialize(deserializer)?;
        Ok(Self {
            word,
            language: None,
        })
    }
}

impl Serialize for Wording {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}
