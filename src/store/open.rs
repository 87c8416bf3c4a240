//! Opens the database, and refuses to serve from one that could lose or alter what it was given.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};

use crate::store::db::Db;
use crate::store::{postgres, sqlite};

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

/// Opens the database at `address` (a path, `sqlite:PATH`, `sqlite://PATH` or `postgres://…`). A file is created if there
/// is none and brought up to date; a server's tables must have been prepared.
///
/// # Errors
/// Every reason not to serve from this database.
pub async fn open(address: &str) -> Result<Db, OpenError> {
    match kind(address)? {
        Kind::File(file) => sqlite::open(file).await,
        Kind::Server => postgres::open(address).await.map(Db::Postgres),
    }
}

/// Brings the tables on a server up to date, and says anew who may do what. For the owner of the tables; a file needs
/// nothing of the kind.
///
/// # Errors
/// When the server cannot be reached, is not what is needed, or a step fails.
pub async fn prepare(address: &str) -> Result<(), OpenError> {
    match kind(address)? {
        Kind::File(_) => Ok(()),
        Kind::Server => postgres::prepare(address).await,
    }
}

/// Whether whoever signs in to the database could change history, were it not for the role that the service takes. With a
/// file, that is whoever may write to it; there is nobody to tell apart.
///
/// # Errors
/// Those of the database.
pub async fn may_change_history(db: &Db) -> Result<bool, OpenError> {
    match db {
        Db::Sqlite { .. } => Ok(false),
        Db::Postgres(pool) => postgres::may_change_history(pool).await,
    }
}

/// The file of a database, where the address names one and not a server.
///
/// # Errors
/// `Address` when it is neither.
pub fn file_of(address: &str) -> Result<Option<&Path>, OpenError> {
    Ok(match kind(address)? {
        Kind::File(file) => Some(Path::new(file)),
        Kind::Server => None,
    })
}

enum Kind<'a> {
    File(&'a str),
    Server,
}

fn kind(address: &str) -> Result<Kind<'_>, OpenError> {
    match address.split_once(':') {
        None => Ok(Kind::File(address)),
        Some(("sqlite", file)) => Ok(Kind::File(file.strip_prefix("//").unwrap_or(file))),
        Some(("postgres" | "postgresql", _)) => Ok(Kind::Server),
        Some(_) => Err(OpenError::Address),
    }
}

/// The step that a database has and this program does not know, or another fault of its migrations.
pub(super) fn migration(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(step) => OpenError::NewerSchema { step },
        other => OpenError::Migration(other),
    }
}

/// The number of the newest step that this program knows for a database of this kind.
pub fn newest_known(db: &Db) -> i64 {
    match db {
        Db::Sqlite { .. } => newest(&sqlite::MIGRATIONS),
        Db::Postgres(_) => newest(&postgres::MIGRATIONS),
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
