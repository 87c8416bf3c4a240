//! Witnesses: what logs of others had when they were last seen here, and what others said of ours.

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "witness":
    SEEN = "select * from witnessed where log = $1";
    SEE_FIRST = "
        insert into witnessed (log, size, root, signed, at) values ($1, $2, $3, $4, $5)
        on conflict (log) do nothing";
    /// Only from where it was judged to go on: of two at once, one is judged again.
    SEE_NEXT = "
        update witnessed set size = $2, root = $3, signed = $4, at = $5
        where log = $1 and size = $6 and root = $7";
    KEEP = "
        insert into cosignatures (log, size, witness, line, at) values ($1, $2, $3, $4, $5)
        on conflict (log, size, witness) do nothing";
    LAST = "select coalesce(max(size), 0) as size from cosignatures where log = $1 and witness = $2";
    OF_HEAD = "select line from cosignatures where log = $1 and size = $2 order by witness";
}

/// A log of others as it was last seen here.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SeenRow {
    /// As it calls itself.
    pub log: String,
    pub size: i64,
    /// In hex.
    pub root: String,
    /// Its head, signed by it.
    pub signed: String,
    pub at: At,
}

/// What a witness said of a head of ours.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CosignatureRow {
    pub log: String,
    pub size: i64,
    /// The line with its key.
    pub witness: String,
    pub line: String,
    /// When it saw the head, as it says.
    pub at: At,
}

/// What a log had when it was last seen here, if it ever was.
///
/// # Errors
/// Those of the database.
pub async fn seen(tx: &mut Tx, log: &str) -> Result<Option<SeenRow>, StoreError> {
    tx.sql(SEEN).bind(log).optional().await
}

/// Keeps what a log has now; answers whether it was still where it was judged to go on from.
///
/// # Errors
/// Those of the database.
pub async fn see(tx: &mut Tx, before: Option<&SeenRow>, now: &SeenRow) -> Result<bool, StoreError> {
    let text = if before.is_some() {
        SEE_NEXT
    } else {
        SEE_FIRST
    };
    let seen = tx.sql(text).bind(&now.log).bind(now.size).bind(&now.root);
    let mut seen = seen.bind(&now.signed).bind(now.at);
    if let Some(before) = before {
        seen = seen.bind(before.size).bind(&before.root);
    }
    Ok(seen.execute().await? == 1)
}

/// Keeps what a witness said.
///
/// # Errors
/// Those of the database.
pub async fn keep(tx: &mut Tx, row: &CosignatureRow) -> Result<(), StoreError> {
    let kept = tx
        .sql(KEEP)
        .bind(&row.log)
        .bind(row.size)
        .bind(&row.witness);
    kept.bind(&row.line).bind(row.at).execute().await?;
    Ok(())
}

/// How many entries a log had when a witness saw it last, as far as is known here; 0 if it never did.
///
/// # Errors
/// Those of the database.
pub async fn last(tx: &mut Tx, log: &str, witness: &str) -> Result<i64, StoreError> {
    tx.sql(LAST).bind(log).bind(witness).scalar().await
}

/// What witnesses said of a head, a line each.
///
/// # Errors
/// Those of the database.
pub async fn of_head(tx: &mut Tx, log: &str, size: i64) -> Result<String, StoreError> {
    let lines: Vec<(String,)> = tx.sql(OF_HEAD).bind(log).bind(size).all().await?;
    Ok(lines.into_iter().map(|(line,)| line).collect())
}
