//! What can go wrong in the store, told apart by kind.
//!
//! No text here carries a stored value: a value may be personal data, and error texts reach logs.

use sqlx::sqlite::SqliteError;

/// What PostgreSQL says when it ends one of two transactions: serialization failure, and deadlock.
const MET: [&str; 2] = ["40001", "40P01"];

/// What PostgreSQL says when it cannot serve just now, by the first letters of its codes: no room or no means (53), somebody
/// holds a lock for too long (55P03), it stops or is not yet ready (57P), the line is lost (08).
const NOT_NOW: [&str; 4] = ["53", "55P03", "57P", "08"];

/// The same of SQLite, by its primary codes: another process holds the file (5, 6), no room on the disk (13).
const NOT_NOW_IN_A_FILE: [u32; 3] = [5, 6, 13];

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else wrote first; read again and decide anew.
    #[error("this has changed since it was read: it is now at version {current}")]
    Conflict {
        /// The version the stream has now.
        current: i64,
    },
    /// Two transactions met and this one gave way: the same work, begun anew, may succeed.
    #[error("{statement}: another transaction was in the way")]
    Met {
        /// The statement that gave way.
        statement: &'static str,
    },
    /// The database cannot be reached, does not answer or has no room just now. Whether a commit lasted is then not known.
    #[error("{statement}: the database cannot do this just now")]
    Busy {
        /// The statement that was not answered.
        statement: &'static str,
        /// What is known of why.
        #[source]
        source: Fault,
    },
    /// A value that must be unique is in use (a sign-in name, a reference).
    #[error("{statement}: a value that must be unique is already in use")]
    Taken {
        /// The statement that was refused.
        statement: &'static str,
    },
    /// A stored value is not what this program writes.
    #[error(
        "table {table}, column {column}: row {row} of the answer holds a value that does not fit"
    )]
    Inconsistent {
        /// The table the statement belongs to.
        table: &'static str,
        /// The column as the statement names it.
        column: String,
        /// Place of the row in the answer, counted from 1.
        row: usize,
    },
    /// The database refused, failed or could not be reached.
    #[error("{statement}: the database could not do this")]
    Driver {
        /// The statement that failed.
        statement: &'static str,
        /// What is known of why.
        #[source]
        source: Fault,
    },
}

impl StoreError {
    /// An error of the driver while running `statement`. Only PostgreSQL names constraints, so only the kind is used.
    #[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
    pub(super) fn running(statement: &'static str, source: sqlx::Error) -> Self {
        if not_now(&source) {
            return Self::Busy {
                statement,
                source: Fault::of(&source),
            };
        }
        match source.as_database_error() {
            Some(error) if error.is_unique_violation() => Self::Taken { statement },
            Some(error) if error.code().is_some_and(|code| MET.contains(&&*code)) => {
                Self::Met { statement }
            }
            _ => Self::Driver {
                statement,
                source: Fault::of(&source),
            },
        }
    }

    /// An error of the driver while a transaction is made to last: unless it gave way to another, it may have lasted.
    pub(super) fn committing(source: sqlx::Error) -> Self {
        match Self::running("commit", source) {
            Self::Driver { statement, source } => Self::Busy { statement, source },
            other => other,
        }
    }

    /// An error of the driver while reading the answer's `position`th row, counted from 0.
    pub(super) fn reading(statement: &'static str, position: usize, source: sqlx::Error) -> Self {
        match source {
            sqlx::Error::ColumnDecode { index, .. } => Self::Inconsistent {
                table: statement.split('.').next().unwrap_or(statement),
                column: index.trim_matches('"').to_owned(),
                row: position + 1,
            },
            source => Self::Driver {
                statement,
                source: Fault::of(&source),
            },
        }
    }
}

/// What kind of fault a driver told of. Its own words are left out: they may repeat a value, as in
/// `invalid input syntax for type date: "…"`, and so may what a trigger raises.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Fault(String);

impl Fault {
    fn of(error: &sqlx::Error) -> Self {
        Self(match error {
            sqlx::Error::Database(said) => {
                let code = said.code().unwrap_or_default();
                let names = [said.table(), said.constraint()].into_iter().flatten();
                names.fold(format!("code {code}"), |told, name| {
                    format!("{told}, {name}")
                })
            }
            sqlx::Error::Io(error) => error.kind().to_string(),
            sqlx::Error::PoolTimedOut => "no connection became free in time".to_owned(),
            sqlx::Error::PoolClosed => "the connections are closed".to_owned(),
            sqlx::Error::RowNotFound => "no row".to_owned(),
            sqlx::Error::ColumnNotFound(_) => "a column is missing".to_owned(),
            sqlx::Error::Tls(_) => "TLS".to_owned(),
            sqlx::Error::Protocol(_) => "the answer is not understood".to_owned(),
            _ => "another fault of the driver".to_owned(),
        })
    }
}

/// Whether the same, tried again in a moment, may succeed.
fn not_now(source: &sqlx::Error) -> bool {
    if matches!(source, sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) {
        return true;
    }
    let Some(error) = source.as_database_error() else {
        return false;
    };
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<SqliteError>().is_some() {
        let code: u32 = code.parse().unwrap_or_default();
        return NOT_NOW_IN_A_FILE.contains(&(code & 0xff)); // the rest of an extended code tells why
    }
    NOT_NOW.iter().any(|not_now| code.starts_with(not_now))
}
