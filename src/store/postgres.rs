//! A PostgreSQL server: how its connections are set, who they are, and that the server keeps what it acknowledges.

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool, Row as _};

use crate::store::opening::{OpenError, Tables, WAIT, migration, newest};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

static OF_KEYS: Migrator = sqlx::migrate!("migrations/keys/postgres");

/// Who may do what with the tables.
const ROLES: &str = include_str!("../../migrations/postgres/roles.sql");

/// Who may do what with the keys.
const ROLES_OF_KEYS: &str = include_str!("../../migrations/keys/postgres/roles.sql");

/// The steps of tables, and who may do what with them.
fn steps(tables: Tables) -> (&'static Migrator, &'static str) {
    match tables {
        Tables::Cases => (&MIGRATIONS, ROLES),
        Tables::Keys => (&OF_KEYS, ROLES_OF_KEYS),
    }
}

/// The role that every connection of the service takes, whoever signs in: it cannot change history.
const APP_ROLE: &str = "set role clares_law_app";

/// Ends a transaction that was left open, and says nothing when there is none: `rollback` alone would leave a warning in
/// two logs each time a connection is given back.
const NOTHING_OPEN: &str = "begin; rollback";

/// Connections of one node. More of them only meet more often.
const CONNECTIONS: u32 = 10;

/// The oldest server that this program is tried on.
const OLDEST: i32 = 150_000;

/// What a server must answer when asked: setting, the values that will do, the one to name, why.
const SETTINGS: [(&str, &[&str], &str); 5] = [
    ("server_encoding", &["UTF8"], "UTF8"), // names are written as people write them
    ("fsync", &["on"], "on"),               // less loses acknowledged writes in a power cut
    ("full_page_writes", &["on"], "on"),    // less tears pages in a power cut
    ("synchronous_commit", &["on", "remote_apply"], "on"), // acknowledged means on disk, here and on the standby
    ("transaction_read_only", &["off"], "off"),            // a standby cannot be served from
];

/// Connects for serving. Nothing of the schema is changed.
///
/// # Errors
/// Every reason not to serve from this database.
pub(super) async fn open(address: &str, tables: Tables) -> Result<PgPool, OpenError> {
    let options = options(address)?;
    let mut connection = PgConnection::connect_with(&options).await?;
    check_settings(&mut connection).await?;
    check_schema(&mut connection, steps(tables).0).await?;
    connection.close().await?;
    Ok(pool().connect_lazy_with(options))
}

/// Brings the tables up to date and says anew who may do what.
///
/// # Errors
/// When the server cannot be reached, is not what is needed, or a step fails.
pub(super) async fn prepare(address: &str, tables: Tables) -> Result<(), OpenError> {
    let (steps, roles) = steps(tables);
    let mut connection = PgConnection::connect_with(&options(address)?).await?;
    check_settings(&mut connection).await?;
    steps.run(&mut connection).await.map_err(migration)?;
    let mut tx = connection.begin().await?;
    tx.execute(roles).await?;
    tx.commit().await?;
    connection.close().await?;
    Ok(())
}

/// Whether whoever signs in could change history, were it not for the role that the service takes.
///
/// # Errors
/// Those of the database.
pub(super) async fn may_change_history(pool: &PgPool) -> Result<bool, OpenError> {
    let asked = "select has_table_privilege(session_user, 'events', 'update')";
    Ok(pool.fetch_one(asked).await?.try_get(0)?)
}

/// The driver's own words may repeat the password, so they are not passed on.
fn options(address: &str) -> Result<PgConnectOptions, OpenError> {
    let options: PgConnectOptions = address.parse().map_err(|_| OpenError::Address)?;
    Ok(options.application_name("clares-law").options([
        ("idle_in_transaction_session_timeout", "20s"), // a node that froze in the middle holds nobody up for longer
        ("lock_timeout", "10s"),
    ]))
}

/// sqlx 0.9.0 can leave a connection inside a transaction when a caller goes away while it begins (upstream 4385): the
/// next caller's acknowledged write would be lost with it. So a connection is given back only with nothing open.
fn pool() -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(WAIT)
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(APP_ROLE).await?;
                Ok(())
            })
        })
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.execute(NOTHING_OPEN).await?;
                Ok(true)
            })
        })
}

async fn check_settings(connection: &mut PgConnection) -> Result<(), OpenError> {
    let number = setting(connection, "server_version_num").await?;
    if number.parse::<i32>().unwrap_or_default() < OLDEST {
        let found = setting(connection, "server_version").await?;
        let (name, wanted) = ("server_version", "15 or later");
        return Err(OpenError::Setting {
            name,
            wanted,
            found,
        });
    }
    for (name, good, wanted) in SETTINGS {
        let found = setting(connection, name).await?;
        if !good.contains(&found.as_str()) {
            return Err(OpenError::Setting {
                name,
                wanted,
                found,
            });
        }
    }
    check_collation(connection).await
}

/// Text is sorted by its bytes, so that lists come in the same order as from a file.
async fn check_collation(connection: &mut PgConnection) -> Result<(), OpenError> {
    let sorted = connection.fetch_one("select 'B' < 'a'").await?;
    if sorted.try_get(0)? {
        return Ok(());
    }
    Err(OpenError::Setting {
        name: "collation",
        wanted: "C",
        found: "one that sorts a before B".to_owned(),
    })
}

/// Refuses tables of another version, older or newer.
async fn check_schema(connection: &mut PgConnection, tables: &Migrator) -> Result<(), OpenError> {
    let made = connection
        .fetch_one("select to_regclass('_sqlx_migrations') is not null")
        .await?;
    if !made.try_get::<bool, _>(0)? {
        return Err(OpenError::Unprepared);
    }
    let steps = "select coalesce(max(version), 0), coalesce(bool_and(success), false) from _sqlx_migrations";
    let steps = connection.fetch_one(steps).await?;
    let (step, whole): (i64, bool) = (steps.try_get(0)?, steps.try_get(1)?);
    let known = newest(tables);
    if step > known {
        return Err(OpenError::NewerSchema { step });
    }
    if step < known || !whole {
        return Err(OpenError::Unprepared);
    }
    Ok(())
}

/// Asks one setting back.
async fn setting(connection: &mut PgConnection, name: &str) -> Result<String, sqlx::Error> {
    #[expect(
        clippy::disallowed_methods,
        reason = "asked before there is a pool, and of no table"
    )]
    let ask = sqlx::query_scalar("select current_setting($1)");
    ask.bind(name).fetch_one(connection).await
}
