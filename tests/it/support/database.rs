//! Which database the tests run on: SQLite files, or PostgreSQL when `TEST_DATABASE=postgres` says so.

use std::path::Path;

use clares_law::store::Db;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use super::postgres::{Server, connect};

/// Whether the tests of this run are on PostgreSQL.
#[expect(
    clippy::disallowed_methods,
    reason = "a setting of the tests, not of the service"
)]
pub fn on_postgres() -> bool {
    match std::env::var("TEST_DATABASE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite") | Err(_) => false,
        Ok(other) => panic!("TEST_DATABASE is {other}, and must be sqlite or postgres"),
    }
}

/// The address of a new database: a file in this folder, or a database with tables on the tests' own server.
pub async fn fresh(folder: &Path) -> String {
    if on_postgres() {
        return Server::shared().await.fresh().await;
    }
    file(folder)
}

/// The address of a database file in this folder.
pub fn file(folder: &Path) -> String {
    let file = folder.join("clares-law.db");
    file.to_string_lossy().into_owned()
}

/// Runs a raw statement with all the rights of the owner, as somebody with the file in hand has them.
pub async fn tamper(db: &Db, address: &str, text: &str) -> Result<(), sqlx::Error> {
    match db {
        Db::Sqlite { writer, .. } => writer.execute(AssertSqlSafe(text)).await.map(|_| ()),
        Db::Postgres(_) => {
            let mut owner = connect(address).await;
            owner.execute(AssertSqlSafe(text)).await?;
            owner.close().await
        }
    }
}

/// One of two texts, for what is said differently to the two databases.
pub fn either(sqlite: &'static str, postgres: &'static str) -> &'static str {
    if on_postgres() { postgres } else { sqlite }
}

/// What makes a table refuse each row that is to be inserted or updated, until `with_room`.
pub fn without_room(table: &str, when: &str) -> String {
    let refusing = either(
        "begin select raise(abort, 'no room'); end",
        "for each statement execute function refuse('no room')",
    );
    format!("create trigger no_room before {when} on {table} {refusing}")
}

/// What lets the table take rows again.
pub fn with_room(table: &str) -> String {
    dropping("no_room", table)
}

/// What removes a trigger.
pub fn dropping(trigger: &str, table: &str) -> String {
    if on_postgres() {
        format!("drop trigger {trigger} on {table}")
    } else {
        format!("drop trigger {trigger}")
    }
}
