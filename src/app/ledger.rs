//! The logs: what has happened at each authority in one order, signed as it grows, so that a history that was written anew is seen by
//! whoever holds an old head.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::ledger_keys::LedgerKeys;
use crate::ledger::entry::{Entry, bytes, hex};
use crate::ledger::head::{Head, Verifier};
use crate::ledger::tree::Tree;
use crate::store::leases::{self, Lease};
use crate::store::ledger::{self, EntryRow, HeadRow, WaitingRow};
use crate::store::{At, Tx};

/// Entries read at a time.
const BATCH: i64 = 5000;

/// The first place where a log does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadEntry {
    /// The authority whose log it is; empty for an event that no log knows.
    pub log: String,
    /// The case or meeting and the event in it, where it is about one.
    pub event: Option<(Uuid, i64)>,
    pub why: &'static str,
}

/// What a walk over all logs found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogWalk {
    pub logs: usize,
    pub entries: u64,
    pub heads: usize,
    /// The first bad place of each broken log.
    pub bad: Vec<BadEntry>,
}

impl App {
    /// Takes what waits into the logs, and signs them; answers whether there may be more. Without keys nothing is signed.
    ///
    /// # Errors
    /// When the database fails, a log was tampered with, or a key cannot be read.
    pub async fn log_next(self: &Arc<Self>, lease: &Lease, most: i64) -> Result<bool, AppError> {
        let Some(keys) = self.ledger_keys.clone() else {
            return Ok(false);
        };
        let waiting = {
            let mut tx = self.db.begin_read().await?;
            ledger::waiting(&mut tx, most).await?
        };
        let more = i64::try_from(waiting.len()).is_ok_and(|found| found == most);
        let mut logs: BTreeMap<String, Vec<WaitingRow>> = BTreeMap::new();
        for row in waiting {
            logs.entry(row.log.clone()).or_default().push(row);
        }
        for (log, rows) in logs {
            let (lease, keys, rows) = (lease.clone(), keys.clone(), Arc::new(rows));
            self.detached(move |app| {
                let (lease, keys, rows, log) =
                    (lease.clone(), keys.clone(), Arc::clone(&rows), log.clone());
                async move { app.log(&log, &rows, &keys, &lease).await }
            })
            .await?;
        }
        Ok(more)
    }

    async fn log(
        &self,
        log: &str,
        rows: &[WaitingRow],
        keys: &LedgerKeys,
        lease: &Lease,
    ) -> Result<(), AppError> {
        let mut tx = self.db.begin_write().await?;
        let before = resumed(ledger::head(&mut tx, log).await?)?;
        let mut tree = before.clone();
        for row in rows {
            let position = i64::try_from(tree.size()).map_err(AppError::inside)?;
            if ledger::take(&mut tx, row, position).await? {
                tree.push(entry(row.stream, &row.hash)?.leaf());
            }
        }
        if tree == before {
            return Ok(());
        }
        let pen = if before.size() == 0 {
            keys.first(log)?
        } else {
            keys.signer(log)?
        };
        let head = HeadRow {
            log: log.to_owned(),
            size: i64::try_from(tree.size()).map_err(AppError::inside)?,
            roots: written(&tree),
            signed: pen.signed(&tree),
            at: At::from(self.clock.now()),
        };
        ledger::sign(&mut tx, &head).await?;
        if leases::keep(&mut tx, lease).await? {
            tx.commit().await?;
        }
        Ok(())
    }

    /// Walks every log: each entry is compared with its event, and each head with the entries that it was signed for. `kept` are heads
    /// that somebody has elsewhere.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_logs(&self, kept: &[String]) -> Result<LogWalk, AppError> {
        let mut walk = LogWalk::default();
        let Some(keys) = &self.ledger_keys else {
            return Ok(walk);
        };
        let mut tx = self.db.begin_read().await?;
        if let Some(event) = ledger::unlogged(&mut tx).await? {
            walk.bad.push(BadEntry {
                log: String::new(),
                event: Some(event),
                why: "no log knows of it",
            });
        }
        for log in ledger::logs(&mut tx).await? {
            walk.logs += 1;
            let bad = match keys.signer(&log) {
                Ok(pen) => walked(&mut tx, &log, &pen.verifier(), kept, &mut walk).await?,
                Err(_) => Some((None, "its key is not in the data folder")),
            };
            walk.bad
                .extend(bad.map(|(event, why)| BadEntry { log, event, why }));
        }
        Ok(walk)
    }

    /// What the log of an authority said of itself last, and the line by which others can tell that it was this installation.
    ///
    /// # Errors
    /// `NotFound` when it has said nothing yet; when the database fails or the key cannot be read.
    pub async fn newest_head(&self, authority: &str) -> Result<(String, String), AppError> {
        let keys = self.ledger_keys.as_ref().ok_or(AppError::NotFound)?;
        let mut tx = self.db.begin_read().await?;
        let head = ledger::head(&mut tx, authority).await?;
        let head = head.ok_or(AppError::NotFound)?;
        Ok((head.signed, keys.signer(authority)?.verifier().text()))
    }
}

type Found = (Option<(Uuid, i64)>, &'static str);

/// Walks one log to its end or to the first bad place.
async fn walked(
    tx: &mut Tx,
    log: &str,
    verifier: &Verifier,
    kept: &[String],
    walk: &mut LogWalk,
) -> Result<Option<Found>, AppError> {
    let heads = ledger::heads(tx, log).await?;
    let mut expected: BTreeMap<u64, Vec<Head>> = BTreeMap::new();
    let own = heads.iter().map(|head| &head.signed);
    let elsewhere = kept
        .iter()
        .filter(|kept| kept.starts_with(&format!("{}\n", verifier.log())));
    for signed in own.chain(elsewhere) {
        let Ok(head) = verifier.open(signed) else {
            return Ok(Some((
                None,
                "a head is not signed with the key of this log",
            )));
        };
        expected.entry(head.size).or_default().push(head);
        walk.heads += 1;
    }
    let mut tree = Tree::default();
    loop {
        let from = i64::try_from(tree.size()).map_err(AppError::inside)?;
        let rows = ledger::entries(tx, log, from, BATCH).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if let Some(why) = fault(&row, tree.size()) {
                return Ok(Some((Some((row.stream, row.seq)), why)));
            }
            tree.push(entry(row.stream, &row.hash)?.leaf());
            walk.entries += 1;
            if let Some(heads) = expected.remove(&tree.size())
                && heads.iter().any(|head| head.root != tree.root())
            {
                let why = "the log up to here is not the one that was signed";
                return Ok(Some((Some((row.stream, row.seq)), why)));
            }
        }
    }
    if !expected.is_empty() {
        return Ok(Some((None, "the end of the log is missing")));
    }
    let signed = heads.last().map(|head| head.size);
    let whole = signed.is_some_and(|size| u64::try_from(size) == Ok(tree.size()));
    Ok((!whole).then_some((None, "the end of the log is not signed")))
}

fn fault(row: &EntryRow, place: u64) -> Option<&'static str> {
    if u64::try_from(row.position) != Ok(place) {
        return Some("the log has a gap before it");
    }
    match &row.stored {
        None => Some("the event is gone"),
        Some(stored) if *stored != row.hash => Some("the event is not the one that was logged"),
        Some(_) => None,
    }
}

fn entry(stream: Uuid, hash: &str) -> Result<Entry, AppError> {
    let entry = Entry::new(stream, hash);
    entry.ok_or_else(|| AppError::Inside("an event's hash is no hash".to_owned()))
}

fn resumed(head: Option<HeadRow>) -> Result<Tree, AppError> {
    let Some(head) = head else {
        return Ok(Tree::default());
    };
    let roots: Option<Vec<_>> = head.roots.split_whitespace().map(bytes).collect();
    let size = u64::try_from(head.size).map_err(AppError::inside)?;
    let tree = roots.and_then(|roots| Tree::resumed(size, roots));
    tree.ok_or_else(|| AppError::Inside("the head of a log cannot be gone on from".to_owned()))
}

fn written(tree: &Tree) -> String {
    let roots: Vec<_> = tree.roots().iter().map(|root| hex(root)).collect();
    roots.join(" ")
}
