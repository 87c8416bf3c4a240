//! The two kinds of database, and a database of either kind for one installation.

use std::fmt::{Display, Formatter, Result};

/// What keeps the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// A file.
    Sqlite,
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
        })
    }
}
