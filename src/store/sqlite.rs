//! A SQLite file: how its connections are set, and that they are.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, Row as _, SqliteConnection, SqlitePool};

use crate::store::db::Db;
use crate::store::opening::{OpenError, Tables, WAIT, migration, newest};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

static OF_KEYS: Migrator = sqlx::migrate!("migrations/keys/sqlite");

/// SQLite before this can corrupt a write-ahead log that two connections use.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];

/// How long a statement waits for another process, such as a backup, to let go of the file.
const BUSY: Duration = Duration::from_secs(5);

/// Connections that only read; the service is small.
const READERS: u32 = 4;

/// What every SQLite connection must answer when asked: setting, value, why.
const SETTINGS: [(&str, &str); 8] = [
    ("journal_mode", "wal"),     // readers do not wait for the writer
    ("synchronous", "2"),        // FULL: less loses acknowledged writes in a power cut
    ("foreign_keys", "1"),       // no row without what it belongs to
    ("secure_delete", "1"),      // what is deleted is overwritten
    ("trusted_schema", "0"),     // a tampered schema cannot call functions with effects
    ("recursive_triggers", "1"), // `insert or replace` meets the triggers that refuse a delete
    ("busy_timeout", "5000"),
    ("mmap_size", "0"), // an error of the disk is an error, not a crash
];

/// Opens the file, creates it if there is none, and brings it up to date.
///
/// # Errors
/// Every reason not to serve from this file.
pub(super) async fn open(file: &str, tables: Tables) -> Result<Db, OpenError> {
    if file.is_empty() || file.contains('?') {
        return Err(OpenError::Address);
    }
    let options = sqlite_options(file);
    let writer = pool(1).connect_with(options.clone()).await?;
    check_version(&writer).await?;
    check_settings(&writer).await?;

    let readers = pool(READERS)
        .connect_with(options.pragma("query_only", "on"))
        .await?;
    check_settings(&readers).await?;
    let steps = match tables {
        Tables::Cases => &MIGRATIONS,
        Tables::Keys => &OF_KEYS,
    };
    steps.run(&writer).await.map_err(migration)?;
    Ok(Db::Sqlite { writer, readers })
}

/// Copies a database as it stands at one moment into an empty file, while others go on reading and writing. The schema of
/// the original is left as it is.
///
/// # Errors
/// `OtherSchema` when another version of this program serves it; `Driver` when it cannot be read or the copy not written.
pub async fn copy(file: &Path, to: &Path) -> Result<(), OpenError> {
    copied(file, to, &MIGRATIONS).await
}

/// Copies the database of the keys in the same way.
///
/// # Errors
/// As [`copy`].
pub async fn copy_keys(file: &Path, to: &Path) -> Result<(), OpenError> {
    copied(file, to, &OF_KEYS).await
}

async fn copied(file: &Path, to: &Path, steps: &Migrator) -> Result<(), OpenError> {
    let options = sqlite_options(&file.to_string_lossy()).create_if_missing(false);
    let mut connection = SqliteConnection::connect_with(&options).await?;
    let step = connection.fetch_one("select max(version) from _sqlx_migrations");
    let found: i64 = step.await?.try_get(0)?;
    let wanted = newest(steps);
    if found != wanted {
        return Err(OpenError::OtherSchema { found, wanted });
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "a copy cannot be made inside a transaction, which is what tx.sql works in"
    )]
    let copying = sqlx::query("vacuum into $1").bind(to.to_string_lossy().into_owned());
    copying.execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// When the disk is full, SQLite itself undoes the transaction. sqlx 0.9.0 then cannot undo it, counts it as open for ever, and
/// refuses to begin another on that connection: the writer, of which there is one, would not write again until a restart. So
/// such a connection is closed and another takes its place.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(WAIT)
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.ping().await?; // what was dropped is undone before this is answered
                Ok(!connection.is_in_transaction())
            })
        })
}

fn sqlite_options(file: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .pragma("secure_delete", "on")
        .pragma("trusted_schema", "off")
        .pragma("recursive_triggers", "on")
}

async fn check_version(pool: &SqlitePool) -> Result<(), OpenError> {
    let row = pool.fetch_one("select sqlite_version()").await?;
    let found: String = row.try_get(0)?;
    let parts: Vec<u32> = found
        .split('.')
        .filter_map(|part| part.parse().ok())
        .collect();
    if parts.as_slice() < OLDEST_SQLITE.as_slice() {
        return Err(OpenError::OldSqlite { found });
    }
    Ok(())
}

async fn check_settings(pool: &SqlitePool) -> Result<(), OpenError> {
    for (name, wanted) in SETTINGS {
        let found = setting(pool, name).await?;
        if found != wanted {
            return Err(OpenError::Setting {
                name,
                wanted,
                found,
            });
        }
    }
    Ok(())
}

/// Asks one setting back. The name is one of ours, never input; the value is a number or a word, read as text.
async fn setting(pool: &SqlitePool, name: &'static str) -> Result<String, sqlx::Error> {
    let ask = AssertSqlSafe(format!("pragma {name}"));
    pool.fetch_one(ask).await?.try_get_unchecked(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn refusal(options: SqliteConnectOptions) -> OpenError {
        let pool = SqlitePool::connect_with(options).await.unwrap();
        check_settings(&pool).await.unwrap_err()
    }

    #[tokio::test]
    async fn a_setting_that_did_not_take_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clares-law.db");
        let good = || sqlite_options(file.to_str().unwrap());

        let normal = refusal(good().synchronous(SqliteSynchronous::Normal)).await;
        assert_eq!(
            normal.to_string(),
            "the database setting synchronous is 1 and must be 2"
        );
        for (name, wrong) in [
            ("foreign_keys", "off"),
            ("secure_delete", "off"),
            ("trusted_schema", "on"),
            ("recursive_triggers", "off"),
            ("busy_timeout", "0"),
            ("mmap_size", "1048576"),
        ] {
            let error = refusal(good().pragma(name, wrong)).await;
            assert!(
                matches!(error, OpenError::Setting { name: n, .. } if n == name),
                "{error}"
            );
        }
        let pool = SqlitePool::connect_with(good()).await.unwrap();
        check_settings(&pool).await.unwrap();
        check_version(&pool).await.unwrap();
    }

    #[tokio::test]
    async fn a_connection_whose_transaction_sqlite_undid_itself_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("clares-law.db");
        let options = sqlite_options(file.to_str().unwrap());
        let writer = pool(1).connect_with(options).await.unwrap();
        writer
            .execute("create table kept (text text)")
            .await
            .unwrap();

        let mut full = writer.begin_with("begin immediate").await.unwrap();
        full.execute("rollback").await.unwrap(); // as SQLite does when the disk is full
        assert!(full.commit().await.is_err());

        let mut next = writer.begin_with("begin immediate").await.unwrap();
        next.execute("insert into kept values ('it')")
            .await
            .unwrap();
        next.commit().await.unwrap();
    }
}
