//! An edition of a scheme under the hash of its content, by which cases and events name it.

use std::sync::Arc;

use super::digest::digest;
use crate::engine::definition::Definition;
use crate::engine::definition::reading::SHARING;
use crate::engine::draft::Target;

/// An edition under its content hash.
#[derive(Debug, Clone)]
pub struct Edition {
    pub hash: String,
    pub definition: Arc<Definition>,
}

impl Edition {
    /// An edition with its hash.
    pub fn of(definition: Definition) -> Self {
        Self {
            hash: hash_of(&definition),
            definition: Arc::new(definition),
        }
    }

    /// This edition as the one that a case is to go by, which goes by `own` now.
    pub fn from<'a>(&'a self, own: &'a str) -> Target<'a> {
        Target {
            own,
            hash: &self.hash,
            definition: &self.definition,
        }
    }
}

fn hash_of(definition: &Definition) -> String {
    // Where a rule stands is told, but it is no part of the rule.
    let files = definition.documents.0.iter();
    let files = files.filter(|(path, _)| path.as_str() != SHARING);
    digest(files.flat_map(|(path, file)| [path.as_bytes(), file.text.as_bytes()]))
}
