//! What opening a file and opening a server have in common: why they are refused, and which steps their tables have.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};

/// Which tables a database has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// Cases, meetings, and all that belongs to them.
    Cases,
    /// The keys that open them.
    Keys,
}

/// How long a command waits for a connection before its caller is asked to come back.
pub(super) const WAIT: Duration = Duration::from_secs(5);

/// Why a database is not served from.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is neither a file nor a server that this program knows.
    #[error(
        "the database address is not understood: give the path of a file, sqlite:PATH or postgres://NAME@HOST/DATABASE"
    )]
    Address,
    /// The SQLite library has a known fault.
    #[error("SQLite {found} can corrupt the database: 3.51.3 or later is needed")]
    OldSqlite {
        /// The version found.
        found: String,
    },
    /// A setting is not what keeps data safe.
    #[error("the database setting {name} is {found} and must be {wanted}")]
    Setting {
        /// The setting, as the database calls it.
        name: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// What it is.
        found: String,
    },
    /// The tables on a server are not those of this version.
    #[error(
        "the tables of this database are not up to date: run `clares-law database prepare` as their owner"
    )]
    Unprepared,
    /// The database was made by a later version of this program.
    #[error(
        "the database has step {step}, which this version does not know: use a later version of this program"
    )]
    NewerSchema {
        /// The migration that is unknown here.
        step: i64,
    },
    /// Another version of this program serves the database.
    #[error(
        "the database is at step {found} and this version writes step {wanted}: use the program that serves it, or let `clares-law serve` bring it up to date first"
    )]
    OtherSchema {
        /// The last migration applied.
        found: i64,
        /// The last migration of this version.
        wanted: i64,
    },
    /// A migration failed, or one already applied has been altered since.
    #[error("the database could not be brought up to date")]
    Migration(#[source] MigrateError),
    /// The database cannot be reached.
    #[error("the database could not be opened")]
    Driver(#[from] sqlx::Error),
}

/// The step that a database has and this program does not know, or another fault of its migrations.
pub(super) fn migration(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(step) => OpenError::NewerSchema { step },
        other => OpenError::Migration(other),
    }
}

/// The number of the newest step that this program knows.
pub(super) fn newest(migrator: &Migrator) -> i64 {
    migrator
        .iter()
        .map(|step| step.version)
        .max()
        .unwrap_or_default()
}
