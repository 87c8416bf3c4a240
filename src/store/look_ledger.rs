//! The logs of looks: which looks wait for one, and what each holds in its order. What a log said of itself is kept with the heads of
//! all logs (`ledger.rs`).

use uuid::Uuid;

use crate::store::access_log::AccessRow;
use crate::store::db::{Tx, statements};
use crate::store::error::StoreError;

statements! {
    "look_ledger":
    WAIT = "insert into looks_waiting (look_id) values ($1)";
    /// A look at a case is in the log of whoever has the case, whoever looked; any other in that of whoever looked. The public and the
    /// clock belong to no authority: what they do without a case is in the installation's.
    WAITING = "
        select coalesce(cases.authority, nullif(access_log.authority, ''), 'installation') || '/access' as log, access_log.*
        from looks_waiting
        join access_log on access_log.id = looks_waiting.look_id
        left join cases on cases.id = access_log.case_id
        order by access_log.at, access_log.id
        limit $1";
    TAKE = "delete from looks_waiting where look_id = $1";
    ADD = "insert into look_entries (log, position, look_id, hash) values ($1, $2, $3, $4)";
    LOGS = "select distinct log from look_entries order by log";
    LOGS_OF = "
        select look_entries.log, count(*) as entries
        from look_entries
        join access_log on access_log.id = look_entries.look_id
        where access_log.case_id = $1
        group by look_entries.log
        order by look_entries.log";
    ENTRIES = "
        select position, look_id, hash from look_entries
        where log = $1 and position >= $2
        order by position
        limit $3";
    /// The looks as they are now, to be compared with those entries; one that was removed is not among them.
    LOOKS = "
        select access_log.* from look_entries
        join access_log on access_log.id = look_entries.look_id
        where look_entries.log = $1 and look_entries.position >= $2 and look_entries.position <= $3";
    /// Looks that neither stand in a log nor wait for one.
    UNLOGGED = "
        select access_log.id from access_log
        where not exists (select 1 from look_entries where look_entries.look_id = access_log.id)
        and not exists (select 1 from looks_waiting where looks_waiting.look_id = access_log.id)
        order by access_log.id
        limit 1";
}

/// A look that waits for a log.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LookWaiting {
    pub log: String,
    #[sqlx(flatten)]
    pub look: AccessRow,
}

/// An entry of a log of looks.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LookEntry {
    /// From 0.
    pub position: i64,
    pub look_id: Uuid,
    /// The look's hash in hex when the log took it.
    pub hash: String,
}

/// Has a look wait for its log. Written with the look: there is none that no log learns of.
///
/// # Errors
/// Those of the database.
pub async fn wait(tx: &mut Tx, look: Uuid) -> Result<(), StoreError> {
    tx.sql(WAIT).bind(look).execute().await?;
    Ok(())
}

/// Looks that wait, oldest first.
///
/// # Errors
/// Those of the database.
pub async fn waiting(tx: &mut Tx, most: i64) -> Result<Vec<LookWaiting>, StoreError> {
    tx.sql(WAITING).bind(most).all().await
}

/// Puts a look with this hash into a log, at this place; answers whether it was still waiting.
///
/// # Errors
/// Those of the database.
pub async fn take(
    tx: &mut Tx,
    waiting: &LookWaiting,
    hash: &str,
    position: i64,
) -> Result<bool, StoreError> {
    let look = waiting.look.id;
    if tx.sql(TAKE).bind(look).execute().await? == 0 {
        return Ok(false);
    }
    let added = tx.sql(ADD).bind(&waiting.log).bind(position).bind(look);
    added.bind(hash).execute().await?;
    Ok(true)
}

/// The logs of looks that hold anything.
///
/// # Errors
/// Those of the database.
pub async fn logs(tx: &mut Tx) -> Result<Vec<String>, StoreError> {
    let logs = tx.sql(LOGS).all::<(String,)>().await?;
    Ok(logs.into_iter().map(|(log,)| log).collect())
}

/// The logs that hold looks at a case, each with how many.
///
/// # Errors
/// Those of the database.
pub async fn logs_of(tx: &mut Tx, case: Uuid) -> Result<Vec<(String, i64)>, StoreError> {
    tx.sql(LOGS_OF).bind(case).all().await
}

/// What a log holds from a place on, each with the look as it is now; without one that is gone.
///
/// # Errors
/// Those of the database.
pub async fn entries(
    tx: &mut Tx,
    log: &str,
    from: i64,
    most: i64,
) -> Result<(Vec<LookEntry>, Vec<AccessRow>), StoreError> {
    let entries = tx.sql(ENTRIES).bind(log).bind(from).bind(most);
    let entries: Vec<LookEntry> = entries.all().await?;
    let last = entries.last().map_or(from, |entry| entry.position);
    let looks = tx.sql(LOOKS).bind(log).bind(from).bind(last);
    Ok((entries, looks.all().await?))
}

/// A look that neither stands in a log nor waits for one: there should be none.
///
/// # Errors
/// Those of the database.
pub async fn unlogged(tx: &mut Tx) -> Result<Option<Uuid>, StoreError> {
    let look: Option<(Uuid,)> = tx.sql(UNLOGGED).optional().await?;
    Ok(look.map(|(look,)| look))
}
