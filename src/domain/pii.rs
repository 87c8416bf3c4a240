//! What must never be printed: text about people, and types that hold such text.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

/// What a text about somebody is.
pub trait Kind {
    /// The word that stands in its place.
    const WORD: &'static str;
}

/// A part of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Name {}

/// A date of birth, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Born {}

/// A way to reach somebody, or what to heed on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {}

/// What was searched for, and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {}

impl Kind for Name {
    const WORD: &'static str = "name";
}

impl Kind for Born {
    const WORD: &'static str = "date of birth";
}

impl Kind for Reach {
    const WORD: &'static str = "contact";
}

impl Kind for Search {
    const WORD: &'static str = "search";
}

/// Text about somebody. `Debug` says its kind and never its content: `<name>`. It has no `Display`, so that whoever wants the text,
/// on a page or in a file, has to ask for it by name; a page that would show `<name>` does not compile.
///
/// ```compile_fail
/// let name = clares_law::domain::pii::Pii::<clares_law::domain::pii::Name>::from("Mairi");
/// format!("{name}");
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent, bound = "")]
pub struct Pii<K>(String, #[serde(skip)] PhantomData<K>);

impl<K> Pii<K> {
    /// The text itself, for those who may read it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K> Default for Pii<K> {
    fn default() -> Self {
        Self::from(String::new())
    }
}

impl<K> From<String> for Pii<K> {
    fn from(text: String) -> Self {
        Self(text, PhantomData)
    }
}

impl<K> From<&str> for Pii<K> {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl<K> Deref for Pii<K> {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl<K: Kind> fmt::Debug for Pii<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", K::WORD)
    }
}

/// Gives a type that holds what people said or wrote a `Debug` that tells what it is called and nothing of what is in it: `<Filed>`.
macro_rules! withheld {
    ($held:ty) => {
        impl std::fmt::Debug for $held {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!("<", stringify!($held), ">"))
            }
        }
    };
}

pub(crate) use withheld;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_the_kind_and_what_is_stored_is_the_text() {
        let name = Pii::<Name>::from("Mairi");
        assert_eq!(format!("{name:?}"), "<name>");
        assert_eq!(format!("{:?}", Some(vec![name.clone()])), "Some([<name>])");
        let stored = serde_json::to_string(&name).unwrap();
        assert_eq!(stored, "\"Mairi\"");
        assert_eq!(serde_json::from_str::<Pii<Name>>(&stored).unwrap(), name);
    }
}
