//! The logs: what has happened at each authority in one order, and who looked in another, signed as they grow, so that a history that
//! was written anew is seen by whoever holds an old head.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::ledger_keys::LedgerKeys;
use crate::ledger::entry::{Entry, bytes, hex};
use crate::ledger::look::Look;
use crate::ledger::tree::Tree;
use crate::store::access_log::AccessRow;
use crate::store::leases::{self, Lease};
use crate::store::ledger::{self, HeadRow, WaitingRow};
use crate::store::look_ledger::{self, LookWaiting};
use crate::store::{At, Tx, witness};

/// What the task that signs logs is called.
pub const TASK: &str = "ledger";

/// What waits for a log.
enum Waiting {
    Event(WaitingRow),
    Look(Box<LookWaiting>),
}

impl Waiting {
    fn log(&self) -> &str {
        match self {
            Self::Event(row) => &row.log,
            Self::Look(row) => &row.log,
        }
    }

    /// Puts it into its log at this place; none if another node did so first.
    async fn take(&self, tx: &mut Tx, place: u64) -> Result<Option<Entry>, AppError> {
        let position = i64::try_from(place).map_err(AppError::inside)?;
        let (entry, taken) = match self {
            Self::Event(row) => {
                let entry = entry(row.stream, &row.hash)?;
                (entry, ledger::take(tx, row, position).await?)
            }
            Self::Look(row) => {
                let entry = look(row.look.clone()).entry();
                let hash = hex(&entry.hash);
                (entry, look_ledger::take(tx, row, &hash, position).await?)
            }
        };
        Ok(taken.then_some(entry))
    }
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
        let (events, looks) = {
            let mut tx = self.db.begin_read().await?;
            let events = ledger::waiting(&mut tx, most).await?;
            (events, look_ledger::waiting(&mut tx, most).await?)
        };
        let full = |found: usize| i64::try_from(found).is_ok_and(|found| found == most);
        let more = full(events.len()) || full(looks.len());
        let events = events.into_iter().map(Waiting::Event);
        let looks = looks.into_iter().map(Box::new).map(Waiting::Look);
        let mut logs: BTreeMap<String, Vec<Waiting>> = BTreeMap::new();
        for row in events.chain(looks) {
            logs.entry(row.log().to_owned()).or_default().push(row);
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
        rows: &[Waiting],
        keys: &LedgerKeys,
        lease: &Lease,
    ) -> Result<(), AppError> {
        let mut tx = self.db.begin_write().await?;
        let before = resumed(ledger::head(&mut tx, log).await?)?;
        let mut tree = before.clone();
        for row in rows {
            if let Some(entry) = row.take(&mut tx, tree.size()).await? {
                tree.push(entry.leaf());
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

    /// What a log said of itself last, with what witnesses said of it, and the line by which others can tell that it was this installation.
    ///
    /// # Errors
    /// `NotFound` when it has said nothing yet; when the database fails or the key cannot be read.
    pub async fn newest_head(&self, log: &str) -> Result<(String, String), AppError> {
        let keys = self.ledger_keys.as_ref().ok_or(AppError::NotFound)?;
        let mut tx = self.db.begin_read().await?;
        let head = ledger::head(&mut tx, log).await?;
        let head = head.ok_or(AppError::NotFound)?;
        let said = witness::of_head(&mut tx, log, head.size).await?;
        Ok((head.signed + &said, keys.signer(log)?.verifier().text()))
    }
}

pub(super) fn entry(stream: Uuid, hash: &str) -> Result<Entry, AppError> {
    let entry = Entry::new(stream, hash);
    entry.ok_or_else(|| AppError::Inside("an event's hash is no hash".to_owned()))
}

/// A look as it is hashed: each column as stored.
pub(super) fn look(row: AccessRow) -> Look {
    Look {
        id: row.id,
        at: row.at.timestamp(),
        actor: row.actor,
        actor_role: row.actor_role,
        agency: row.agency,
        authority: row.authority,
        on_behalf_of: row.on_behalf_of,
        operation: row.operation,
        case_id: row.case_id,
        classes: row.classes,
        purpose: row.purpose,
        reason: row.reason,
        what: row.what,
    }
}

/// A log as far as a head goes.
pub(super) fn resumed(head: Option<HeadRow>) -> Result<Tree, AppError> {
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
