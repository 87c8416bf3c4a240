//! The database as a whole: where it lives, what is in it, and whether its file is sound.

use std::os::unix::fs::MetadataExt as _;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "database":
    /// Both parts are needed: in two new servers the first database has the same number. Any role may ask.
    PLACE = {
        sqlite: "select file as place from pragma_database_list where name = 'main'",
        postgres: "
            select (select system_identifier from pg_control_system())::text || '/' || oid::text as place
            from pg_database
            where datname = current_database()"
    };
    CONTENTS = "
        select (select count(*) from cases) as cases, (select count(*) from events) as events,
            (select max(at) from events) as head";
    /// A server's own tools look at its pages.
    FAULTS = {
        sqlite: "
            select integrity_check as fault from pragma_integrity_check
            where integrity_check <> 'ok'",
        postgres: "select cast('' as text) as fault where false"
    };
}

/// How much a database holds. Nothing in it is personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Contents {
    /// Cases, open and closed.
    pub cases: i64,
    /// Events in all histories.
    pub events: i64,
    /// When the last of them was recorded.
    pub head: Option<At>,
}

/// Where the database lives. Another answer than before means that it was moved, copied or restored: of a file the path
/// and the inode, of a server its own number and that of the database. A disk copied below a whole server looks the same.
///
/// # Errors
/// Those of the database; `Driver` when its file is gone.
pub async fn place(tx: &mut Tx) -> Result<String, StoreError> {
    let name: String = tx.sql(PLACE).scalar().await?;
    match tx {
        Tx::Sqlite(_) => file_identity(&name)
            .map_err(|source| StoreError::running(PLACE.name, sqlx::Error::Io(source))),
        Tx::Postgres(_) => Ok(name),
    }
}

fn file_identity(file: &str) -> std::io::Result<String> {
    let path = std::fs::canonicalize(file)?;
    let inode = path.metadata()?.ino();
    Ok(format!("{}#{inode}", path.display()))
}

/// How much there is.
///
/// # Errors
/// Those of the database.
pub async fn contents(tx: &mut Tx) -> Result<Contents, StoreError> {
    tx.sql(CONTENTS).one().await
}

/// What is wrong with the pages of the file; nothing for a server.
///
/// # Errors
/// Those of the database.
pub async fn faults(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    let found: Vec<(String,)> = tx.sql(FAULTS).all().await?;
    Ok(found.into_iter().map(|(fault,)| fault).collect())
}
