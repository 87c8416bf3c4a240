//! Two drivers, one text: the only place that tells SQLite from PostgreSQL when a statement runs.
//!
//! `tx.sql(TEXT).bind(value).one::<Row>()` reads the same for both. Each statement is a named constant made by
//! `statements!`, which also lists them, so that a test can prepare every one.

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{
    Column as _, Decode, Either, Encode, Executor as _, FromRow, PgConnection, PgPool, Postgres,
    Row, SqlSafeStr as _, Sqlite, SqliteConnection, SqlitePool, Transaction, Type,
};

use crate::store::error::StoreError;

/// The database of the service.
#[derive(Clone, Debug)]
pub enum Db {
    /// One file: a single connection that writes, and a few that can only read.
    Sqlite {
        /// Writers queue here instead of meeting a locked database.
        writer: SqlitePool,
        /// Readers never wait for the writer.
        readers: SqlitePool,
    },
    /// A server.
    Postgres(PgPool),
}

impl Db {
    /// Begins a transaction that may write, as if there were no other. In SQLite it takes the write lock at once: a
    /// transaction that reads first and writes later fails as soon as two meet. In PostgreSQL, one of two that meet gives
    /// way with `Met`.
    ///
    /// Never wrap this in a time-out, and call it from a task that a client cannot drop.
    ///
    /// # Errors
    /// `Driver` when no connection is to be had.
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        let begun = match self {
            Self::Sqlite { writer, .. } => {
                writer.begin_with("begin immediate").await.map(Tx::Sqlite)
            }
            Self::Postgres(pool) => pool
                .begin_with("begin isolation level serializable")
                .await
                .map(Tx::Postgres),
        };
        begun.map_err(|source| StoreError::running("begin", source))
    }

    /// Begins a transaction that sees one unchanging picture and cannot write.
    ///
    /// # Errors
    /// `Driver` when no connection is to be had.
    pub async fn begin_read(&self) -> Result<Tx, StoreError> {
        let begun = match self {
            Self::Sqlite { readers, .. } => readers.begin().await.map(Tx::Sqlite),
            Self::Postgres(pool) => pool
                .begin_with("begin isolation level repeatable read, read only")
                .await
                .map(Tx::Postgres),
        };
        begun.map_err(|source| StoreError::running("begin", source))
    }

    /// How many connections are in use now, and how many there may be at most.
    pub fn in_use(&self) -> (u32, u32) {
        match self {
            Self::Sqlite { writer, readers } => {
                let (one, other) = (busy(writer), busy(readers));
                (one.0 + other.0, one.1 + other.1)
            }
            Self::Postgres(pool) => busy(pool),
        }
    }

    /// Has the database let go of what was overwritten: copies of it may still stand in its log.
    ///
    /// # Errors
    /// `Driver` when it cannot.
    pub async fn forget(&self) -> Result<(), StoreError> {
        let done = match self {
            Self::Sqlite { writer, .. } => writer
                .execute("pragma wal_checkpoint(truncate)")
                .await
                .map(|_| ()),
            Self::Postgres(_) => Ok(()), // its owner's vacuum does; docs/keys.md says so
        };
        done.map_err(|source| StoreError::running("forget", source))
    }

    /// Closes every connection, once those in use are given back.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

fn busy<D: sqlx::Database>(pool: &sqlx::Pool<D>) -> (u32, u32) {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    (
        pool.size().saturating_sub(idle),
        pool.options().get_max_connections(),
    )
}

/// A transaction. Dropped without `commit`, it leaves nothing behind.
#[derive(Debug)]
pub enum Tx {
    /// On a SQLite file.
    Sqlite(Transaction<'static, Sqlite>),
    /// On a PostgreSQL server.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// A statement to bind values to and run.
    #[expect(clippy::disallowed_methods, reason = "the one door of all SQL")]
    pub fn sql(&mut self, sql: Sql) -> Statement<'_> {
        let name = sql.name;
        let driver = match self {
            Self::Sqlite(tx) => Driver::Sqlite(sqlx::query(sql.sqlite), &mut *tx),
            Self::Postgres(tx) => Driver::Postgres(sqlx::query(sql.postgres), &mut *tx),
        };
        Statement { name, driver }
    }

    /// What the database makes of a statement without running it.
    ///
    /// # Errors
    /// `Driver` when the statement does not fit the schema.
    pub async fn prepare(&mut self, sql: Sql) -> Result<Shape, StoreError> {
        let shape = match self {
            Self::Sqlite(tx) => tx
                .prepare(sql.sqlite.into_sql_str())
                .await
                .map(|prepared| shape(&prepared)),
            Self::Postgres(tx) => tx
                .prepare(sql.postgres.into_sql_str())
                .await
                .map(|prepared| shape(&prepared)),
        };
        shape.map_err(|source| StoreError::running(sql.name, source))
    }

    /// Makes everything done in this transaction last.
    ///
    /// # Errors
    /// `Driver` when it could not be made to last; then nothing of it did.
    pub async fn commit(self) -> Result<(), StoreError> {
        let done = match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        };
        done.map_err(StoreError::committing)
    }

    /// Undoes everything done in this transaction.
    ///
    /// # Errors
    /// `Driver` when the connection is lost; then nothing of it lasts either.
    pub async fn rollback(self) -> Result<(), StoreError> {
        let done = match self {
            Self::Sqlite(tx) => tx.rollback().await,
            Self::Postgres(tx) => tx.rollback().await,
        };
        done.map_err(|source| StoreError::running("rollback", source))
    }
}

/// A statement's text, or a pair of texts where the dialects differ, under the name that errors and logs show.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    /// `table.STATEMENT`.
    pub name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

impl Sql {
    /// One text for both.
    #[must_use]
    pub const fn one(name: &'static str, text: &'static str) -> Self {
        Self::pair(name, text, text)
    }

    /// A text for each.
    #[must_use]
    pub const fn pair(name: &'static str, sqlite: &'static str, postgres: &'static str) -> Self {
        Self {
            name,
            sqlite,
            postgres,
        }
    }
}

/// What a prepared statement takes and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// How many values must be bound.
    pub parameters: usize,
    /// The names of the answer's columns, in order.
    pub columns: Vec<String>,
}

/// A value that both drivers can take.
pub trait Bind<'q>:
    Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>
{
}
impl<'q, T> Bind<'q> for T where
    T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres>
{
}

/// A row that both drivers can give.
pub trait Record:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T> Record for T where
    T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}

/// A single value that both drivers can give.
pub trait Scalar:
    for<'r> Decode<'r, Sqlite>
    + Type<Sqlite>
    + for<'r> Decode<'r, Postgres>
    + Type<Postgres>
    + Send
    + Unpin
{
}
impl<T> Scalar for T where
    T: for<'r> Decode<'r, Sqlite>
        + Type<Sqlite>
        + for<'r> Decode<'r, Postgres>
        + Type<Postgres>
        + Send
        + Unpin
{
}

/// A statement on its way to the database.
#[must_use = "a statement does nothing until it is run"]
pub struct Statement<'t> {
    name: &'static str,
    driver: Driver<'t>,
}

enum Driver<'t> {
    Sqlite(
        Query<'static, Sqlite, SqliteArguments>,
        &'t mut SqliteConnection,
    ),
    Postgres(Query<'static, Postgres, PgArguments>, &'t mut PgConnection),
}

impl Statement<'_> {
    /// Gives the statement its next value.
    pub fn bind<'q>(mut self, value: impl Bind<'q>) -> Self {
        self.driver = match self.driver {
            Driver::Sqlite(query, connection) => Driver::Sqlite(query.bind(value), connection),
            Driver::Postgres(query, connection) => Driver::Postgres(query.bind(value), connection),
        };
        self
    }

    /// Runs it; answers how many rows it changed.
    ///
    /// # Errors
    /// `Taken` or `Driver`.
    pub async fn execute(self) -> Result<u64, StoreError> {
        let changed = match self.driver {
            Driver::Sqlite(query, connection) => query
                .execute(connection)
                .await
                .map(|done| done.rows_affected()),
            Driver::Postgres(query, connection) => query
                .execute(connection)
                .await
                .map(|done| done.rows_affected()),
        };
        changed.map_err(|source| StoreError::running(self.name, source))
    }

    /// Runs it; answers every row.
    ///
    /// # Errors
    /// `Taken`, `Driver`, or `Inconsistent` for the first row that cannot be read.
    pub async fn all<T: Record>(self) -> Result<Vec<T>, StoreError> {
        match self.driver {
            Driver::Sqlite(query, connection) => {
                records(self.name, query.fetch_all(connection).await)
            }
            Driver::Postgres(query, connection) => {
                records(self.name, query.fetch_all(connection).await)
            }
        }
    }

    /// Runs it; answers the row, if there is one.
    ///
    /// # Errors
    /// As for `all`.
    pub async fn optional<T: Record>(self) -> Result<Option<T>, StoreError> {
        Ok(self.all().await?.into_iter().next())
    }

    /// Runs it; answers the row that must be there.
    ///
    /// # Errors
    /// As for `all`; `Driver` when there is none.
    pub async fn one<T: Record>(self) -> Result<T, StoreError> {
        let name = self.name;
        let found = self.optional().await?;
        found.ok_or_else(|| StoreError::running(name, sqlx::Error::RowNotFound))
    }

    /// Runs it; answers the first value of the row that must be there.
    ///
    /// # Errors
    /// As for `one`.
    pub async fn scalar<T: Scalar>(self) -> Result<T, StoreError> {
        Ok(self.one::<(T,)>().await?.0)
    }
}

fn records<R: Row, T: for<'r> FromRow<'r, R>>(
    name: &'static str,
    rows: Result<Vec<R>, sqlx::Error>,
) -> Result<Vec<T>, StoreError> {
    let rows = rows.map_err(|source| StoreError::running(name, source))?;
    rows.iter()
        .enumerate()
        .map(|(position, row)| {
            T::from_row(row).map_err(|source| StoreError::reading(name, position, source))
        })
        .collect()
}

fn shape<S: sqlx::Statement>(prepared: &S) -> Shape {
    let parameters = match prepared.parameters() {
        Some(Either::Left(types)) => types.len(),
        Some(Either::Right(count)) => count,
        None => 0,
    };
    let columns = prepared.columns().iter();
    Shape {
        parameters,
        columns: columns.map(|column| column.name().to_owned()).collect(),
    }
}

/// Declares the statements of one table: a constant for each, and `STATEMENTS` with them all. The name goes in front of
/// the text as a comment, so that a database's own log can be read back to the source.
macro_rules! statements {
    ($table:literal: $($(#[$doc:meta])* $name:ident = $text:tt;)+) => {
        $($(#[$doc])* const $name: $crate::store::db::Sql = $crate::store::db::statements!(@sql $table, $name, $text);)+
        /// Every statement on this table.
        pub const STATEMENTS: &[$crate::store::db::Sql] = &[$($name),+];
    };
    (@sql $table:literal, $name:ident, { sqlite: $sqlite:literal, postgres: $postgres:literal }) => {
        $crate::store::db::Sql::pair(
            concat!($table, ".", stringify!($name)),
            concat!("/* ", $table, ".", stringify!($name), " */ ", $sqlite),
            concat!("/* ", $table, ".", stringify!($name), " */ ", $postgres),
        )
    };
    (@sql $table:literal, $name:ident, $text:literal) => {
        $crate::store::db::Sql::one(
            concat!($table, ".", stringify!($name)),
            concat!("/* ", $table, ".", stringify!($name), " */ ", $text),
        )
    };
}
pub(super) use statements;
