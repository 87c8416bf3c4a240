//! What can go wrong in the store, told apart by kind.
//!
//! No text here carries a stored value: a value may be personal data, and error texts reach logs.

/// What PostgreSQL says when it ends one of two transactions: serialization failure, and deadlock.
const MET: [&str; 2] = ["40001", "40P01"];

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
    /// The database cannot be reached or does not answer just now. Whether a commit lasted is then not known.
    #[error("{statement}: the database cannot be reached just now")]
    Busy {
        /// The statement that was not answered.
        statement: &'static str,
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
        /// What the driver says.
        #[source]
        source: sqlx::Error,
    },
}

impl StoreError {
    /// An error of the driver while running `statement`. Only PostgreSQL names constraints, so only the kind is used.
    pub(super) fn running(statement: &'static str, source: sqlx::Error) -> Self {
        if matches!(source, sqlx::Error::PoolTimedOut | sqlx::Error::Io(_)) {
            return Self::Busy { statement };
        }
        match source.as_database_error() {
            Some(error) if error.is_unique_violation() => Self::Taken { statement },
            Some(error) if error.code().is_some_and(|code| MET.contains(&&*code)) => {
                Self::Met { statement }
            }
            _ => Self::Driver { statement, source },
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
            source => Self::Driver { statement, source },
        }
    }
}
