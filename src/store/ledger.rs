//! The logs of the authorities: which events wait for one, what each holds in its order, and what it said of itself, signed.

use uuid::Uuid;

use crate::store::column::At;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "ledger":
    WAIT = "insert into ledger_waiting (stream, seq) values ($1, $2)";
    /// A forgotten case has no row of its own. An event of any other case or meeting without a row is found by the check of all histories.
    WAITING = "
        select coalesce(cases.authority, meetings.authority, erasures.authority) as log, events.stream, events.seq, events.hash
        from ledger_waiting
        join events on events.stream = ledger_waiting.stream and events.seq = ledger_waiting.seq
        left join cases on cases.id = events.stream
        left join meetings on meetings.id = events.stream
        left join forgotten on forgotten.case_id = events.stream
        left join erasures on erasures.id = forgotten.erasure_id
        where coalesce(cases.authority, meetings.authority, erasures.authority) is not null
        order by events.stream, events.seq
        limit $1";
    TAKE = "delete from ledger_waiting where stream = $1 and seq = $2";
    ADD = "insert into ledger_entries (log, position, stream, seq, hash) values ($1, $2, $3, $4, $5)";
    SIGN = "insert into ledger_heads (log, size, roots, signed, at) values ($1, $2, $3, $4, $5)";
    HEAD = "select * from ledger_heads where log = $1 order by size desc limit 1";
    HEAD_OF = "select * from ledger_heads where log = $1 and size = $2";
    HEADS = "select * from ledger_heads where log = $1 order by size";
    LOGS = "select distinct log from ledger_entries order by log";
    SIGNED = "select distinct log from ledger_heads order by log";
    LOGS_OF = "
        select log, count(*) as entries from ledger_entries
        where stream = $1
        group by log
        order by log";
    /// What a log holds from a place on, with what the event is hashed to now.
    ENTRIES = "
        select ledger_entries.position, ledger_entries.stream, ledger_entries.seq, ledger_entries.hash, events.hash as stored
        from ledger_entries
        left join events on events.stream = ledger_entries.stream and events.seq = ledger_entries.seq
        where log = $1 and position >= $2
        order by position
        limit $3";
    /// Events that neither stand in a log nor wait for one.
    UNLOGGED = "
        select events.stream, events.seq from events
        where not exists (
            select 1 from ledger_entries where ledger_entries.stream = events.stream and ledger_entries.seq = events.seq)
        and not exists (
            select 1 from ledger_waiting where ledger_waiting.stream = events.stream and ledger_waiting.seq = events.seq)
        order by events.stream, events.seq
        limit 1";
}

/// An event that waits for the log of its authority.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct WaitingRow {
    /// The authority.
    pub log: String,
    pub stream: Uuid,
    pub seq: i64,
    pub hash: String,
}

/// An entry of a log.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EntryRow {
    /// From 0.
    pub position: i64,
    pub stream: Uuid,
    pub seq: i64,
    /// The event's hash when the log took it.
    pub hash: String,
    /// The hash that the event has now; none if it is gone.
    pub stored: Option<String>,
}

/// What a log said of itself.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct HeadRow {
    /// The authority.
    pub log: String,
    /// How many entries it had.
    pub size: i64,
    /// The roots of its full subtrees in hex, the largest first, apart by spaces.
    pub roots: String,
    pub signed: String,
    pub at: At,
}

/// Has an event wait for the log of its authority. Written with the event: there is none that no log learns of.
///
/// # Errors
/// Those of the database.
pub async fn wait(tx: &mut Tx, stream: Uuid, seq: i64) -> Result<(), StoreError> {
    tx.sql(WAIT).bind(stream).bind(seq).execute().await?;
    Ok(())
}

/// Events that wait, those of one case or meeting in their order.
///
/// # Errors
/// Those of the database.
pub async fn waiting(tx: &mut Tx, most: i64) -> Result<Vec<WaitingRow>, StoreError> {
    tx.sql(WAITING).bind(most).all().await
}

/// Puts an event into a log, at this place; answers whether it was still waiting.
///
/// # Errors
/// Those of the database.
pub async fn take(tx: &mut Tx, row: &WaitingRow, position: i64) -> Result<bool, StoreError> {
    let taken = tx.sql(TAKE).bind(row.stream).bind(row.seq);
    if taken.execute().await? == 0 {
        return Ok(false);
    }
    tx.sql(ADD)
        .bind(&row.log)
        .bind(position)
        .bind(row.stream)
        .bind(row.seq)
        .bind(&row.hash)
        .execute()
        .await?;
    Ok(true)
}

/// Keeps what a log says of itself.
///
/// # Errors
/// Those of the database.
pub async fn sign(tx: &mut Tx, row: &HeadRow) -> Result<(), StoreError> {
    tx.sql(SIGN)
        .bind(&row.log)
        .bind(row.size)
        .bind(&row.roots)
        .bind(&row.signed)
        .bind(row.at)
        .execute()
        .await?;
    Ok(())
}

/// What a log said of itself last, if it ever did.
///
/// # Errors
/// Those of the database.
pub async fn head(tx: &mut Tx, log: &str) -> Result<Option<HeadRow>, StoreError> {
    tx.sql(HEAD).bind(log).optional().await
}

/// What a log said of itself at a size, if it did.
///
/// # Errors
/// Those of the database.
pub async fn head_of(tx: &mut Tx, log: &str, size: i64) -> Result<Option<HeadRow>, StoreError> {
    tx.sql(HEAD_OF).bind(log).bind(size).optional().await
}

/// All that a log ever said of itself, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn heads(tx: &mut Tx, log: &str) -> Result<Vec<HeadRow>, StoreError> {
    tx.sql(HEADS).bind(log).all().await
}

/// The logs that hold anything.
///
/// # Errors
/// Those of the database.
pub async fn logs(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    let logs = tx.sql(LOGS).all::<(String,)>().await?;
    Ok(logs.into_iter().map(|(log,)| log).collect())
}

/// The logs, of events and of looks, that ever said anything of themselves.
///
/// # Errors
/// Those of the database.
pub async fn signed(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    let logs = tx.sql(SIGNED).all::<(String,)>().await?;
    Ok(logs.into_iter().map(|(log,)| log).collect())
}

/// The logs that hold anything of a case or meeting, each with how many of its events.
///
/// # Errors
/// Those of the database.
pub async fn logs_of(tx: &mut Tx, stream: Uuid) -> Result<Vec<(String, i64)>, StoreError> {
    tx.sql(LOGS_OF).bind(stream).all().await
}

/// What a log holds from a place on.
///
/// # Errors
/// Those of the database.
pub async fn entries(
    tx: &mut Tx,
    log: &str,
    from: i64,
    most: i64,
) -> Result<Vec<EntryRow>, StoreError> {
    let entries = tx.sql(ENTRIES).bind(log).bind(from).bind(most);
    entries.all().await
}

/// An event that neither stands in a log nor waits for one: there should be none.
///
/// # Errors
/// Those of the database.
pub async fn unlogged(tx: &mut Tx) -> Result<Option<(Uuid, i64)>, StoreError> {
    tx.sql(UNLOGGED).optional().await
}
