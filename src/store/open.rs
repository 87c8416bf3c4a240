//! Opens the database, and refuses to serve from one that could lose or alter what it was given.

use std::path::Path;

use crate::store::db::Db;
use crate::store::opening::{OpenError, Tables, newest};
use crate::store::{postgres, sqlite};

/// Opens the database at `address` (a path, `sqlite:PATH`, `sqlite://PATH` or `postgres://…`). A file is created if there
/// is none and brought up to date; a server's tables must have been prepared.
///
/// # Errors
/// Every reason not to serve from this database.
pub async fn open(address: &str) -> Result<Db, OpenError> {
    with(address, Tables::Cases).await
}

/// Opens the database of the keys, under the same conditions.
///
/// # Errors
/// Every reason not to serve with these keys.
pub async fn open_keys(address: &str) -> Result<Db, OpenError> {
    with(address, Tables::Keys).await
}

async fn with(address: &str, tables: Tables) -> Result<Db, OpenError> {
    match kind(address)? {
        Kind::File(file) => sqlite::open(file, tables).await,
        Kind::Server => postgres::open(address, tables).await.map(Db::Postgres),
    }
}

/// Brings the tables on a server up to date, and says anew who may do what. For the owner of the tables; a file needs
/// nothing of the kind.
///
/// # Errors
/// When the server cannot be reached, is not what is needed, or a step fails.
pub async fn prepare(address: &str, tables: Tables) -> Result<(), OpenError> {
    match kind(address)? {
        Kind::File(_) => Ok(()),
        Kind::Server => postgres::prepare(address, tables).await,
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

/// The number of the newest step that this program knows for a database of this kind.
pub fn newest_known(db: &Db) -> i64 {
    match db {
        Db::Sqlite { .. } => newest(&sqlite::MIGRATIONS),
        Db::Postgres(_) => newest(&postgres::MIGRATIONS),
    }
}
