//! Being witnessed: the newest head of each log is offered to those who are named, with the proof that it goes on from what each saw
//! last, and what they say is kept.

use std::sync::Arc;

use jiff::Timestamp;

use super::App;
use super::error::AppError;
use super::ledger::resumed;
use super::ledger_walk::steps;
use super::witness_files::Known;
use crate::ledger::consistency;
use crate::ledger::head::Head;
use crate::ledger::witness::{Offer, WitnessKey};
use crate::store::witness::{self, CosignatureRow};
use crate::store::{At, Tx, ledger};

/// A head that a witness has not seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    pub log: String,
    pub witness: Known,
    pub offer: Offer,
}

impl App {
    /// The heads that those who are asked over the network have not seen.
    ///
    /// # Errors
    /// When a file or the database fails.
    pub async fn unseen_heads(&self) -> Result<Vec<Unseen>, AppError> {
        let witnesses = self.witness_files()?.witnesses()?;
        let mut unseen = Vec::new();
        for witness in witnesses
            .into_iter()
            .filter(|known| known.address.is_some())
        {
            let mut tx = self.db.begin_read().await?;
            for log in ledger::signed(&mut tx).await? {
                let last = witness::last(&mut tx, &log, &witness.key.text()).await?;
                let newest = ledger::head(&mut tx, &log).await?;
                if newest.is_some_and(|newest| newest.size > last) {
                    let witness = witness.clone();
                    let offer = self.offered(&mut tx, &log, last).await?;
                    unseen.push(Unseen {
                        log,
                        witness,
                        offer,
                    });
                }
            }
        }
        Ok(unseen)
    }

    /// The newest head of a log with the proof that it goes on from an earlier one, for a witness.
    ///
    /// # Errors
    /// `NotFound` when the log has no head, or said nothing of itself at that size.
    pub async fn offer(&self, log: &str, old: u64) -> Result<Offer, AppError> {
        let old = i64::try_from(old).map_err(AppError::inside)?;
        let mut tx = self.db.begin_read().await?;
        self.offered(&mut tx, log, old).await
    }

    async fn offered(&self, tx: &mut Tx, log: &str, old: i64) -> Result<Offer, AppError> {
        let head = ledger::head(tx, log).await?.ok_or(AppError::NotFound)?;
        let earlier = ledger::head_of(tx, log, old).await?;
        if earlier.is_none() && old != 0 {
            return Err(AppError::NotFound);
        }
        let old = resumed(earlier)?;
        let (mut later, mut from) = (Vec::new(), old.size());
        let size = u64::try_from(head.size).map_err(AppError::inside)?;
        while old.size() > 0 && from < size {
            for step in steps(tx, log, from).await? {
                let entry = step.entry.map_err(|why| AppError::Inside(why.to_owned()))?;
                later.push(entry.leaf());
            }
            let read = old.size() + later.len() as u64;
            if read == from {
                return Err(AppError::Inside("the end of a log is missing".to_owned()));
            }
            from = read;
        }
        later.truncate(usize::try_from(size - old.size()).map_err(AppError::inside)?);
        Ok(Offer {
            old: old.size(),
            proof: consistency::proof(&old, &later),
            signed: head.signed,
        })
    }

    /// Keeps what witnesses said below a head of ours; answers how many of those who are named did.
    ///
    /// # Errors
    /// `NotFound` when it is no head of ours; when a file or the database fails.
    pub async fn keep_cosignatures(
        self: &Arc<Self>,
        signed: &str,
        said: &str,
    ) -> Result<usize, AppError> {
        let log = signed.lines().next().unwrap_or_default();
        let log = log.strip_prefix("clares-law/").ok_or(AppError::NotFound)?;
        let keys = self.ledger_keys.as_ref().ok_or(AppError::NotFound)?;
        let verifier = keys.signer(log)?.verifier();
        let head = verifier.open(signed).map_err(|_| AppError::NotFound)?;
        let witnesses = self.witness_files()?.witnesses()?;
        let rows = witnesses
            .iter()
            .filter_map(|known| cosignature(log, &head, &known.key, said));
        let rows: Arc<Vec<_>> = Arc::new(rows.collect());
        let kept = rows.len();
        self.write(move |tx| {
            let rows = Arc::clone(&rows);
            Box::pin(async move {
                for row in rows.iter() {
                    witness::keep(tx, row).await?;
                }
                Ok(())
            })
        })
        .await?;
        Ok(kept)
    }
}

fn cosignature(log: &str, head: &Head, key: &WitnessKey, said: &str) -> Option<CosignatureRow> {
    let (line, seconds) = key.seen(head, said)?;
    let at = Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
    Some(CosignatureRow {
        log: log.to_owned(),
        size: i64::try_from(head.size).ok()?,
        witness: key.text(),
        line,
        at: At::from(at),
    })
}
