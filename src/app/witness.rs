//! Being a witness: a head of another installation's log is signed only if the log still begins with what it had when it was last seen
//! here. What was seen is kept before the answer leaves.

use std::sync::Arc;

use super::App;
use super::error::AppError;
use super::witness_files::WitnessFiles;
use crate::ledger::entry::{bytes, hex};
use crate::ledger::head::Head;
use crate::ledger::witness::{Offer, Refusal};
use crate::store::At;
use crate::store::witness::{self, SeenRow};

impl App {
    /// The witness files of this installation.
    ///
    /// # Errors
    /// `NotFound` where there is no data folder.
    pub fn witness_files(&self) -> Result<WitnessFiles, AppError> {
        let keys = self.ledger_keys.as_ref().ok_or(AppError::NotFound)?;
        Ok(WitnessFiles::of(keys.data()))
    }

    /// The line by which others know this installation as a witness.
    ///
    /// # Errors
    /// When its key cannot be read or made.
    pub fn witness_key(&self) -> Result<String, AppError> {
        Ok(self.witness_files()?.own()?.key().text())
    }

    /// Judges an offer as it was sent, and answers the line that this witness signs.
    ///
    /// # Errors
    /// When a file or the database fails; inside, why it does not sign.
    pub async fn bear_witness(
        self: &Arc<Self>,
        text: &str,
    ) -> Result<Result<String, Refusal>, AppError> {
        let offer = match Offer::read(text) {
            Ok(offer) => Arc::new(offer),
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.detached(move |app| {
            let offer = Arc::clone(&offer);
            async move { app.judged(&offer).await }
        })
        .await
    }

    async fn judged(&self, offer: &Offer) -> Result<Result<String, Refusal>, AppError> {
        let files = self.witness_files()?;
        let logs = files.logs()?;
        let Some(log) = logs.iter().find(|log| log.log() == offer.log()) else {
            return Ok(Err(Refusal::UnknownLog));
        };
        // Whoever has no key of a log holds up no writer.
        if let Err(why) = log.open(&offer.signed) {
            return Ok(Err(why.into()));
        }
        let mut tx = self.db.begin_write().await?;
        let row = witness::seen(&mut tx, log.log()).await?;
        let before = row.as_ref().map(head).transpose()?;
        let head = match offer.judged(log, before.as_ref()) {
            Ok(head) => head,
            Err(refusal) => {
                if refusal == Refusal::Unproven {
                    tracing::error!(
                        ledger.log = log.log(),
                        "a log that is witnessed here does not begin with what it had"
                    );
                }
                return Ok(Err(refusal));
            }
        };
        let now = self.clock.now();
        let seen = SeenRow {
            log: head.log.clone(),
            size: i64::try_from(head.size).map_err(AppError::inside)?,
            root: hex(&head.root),
            signed: offer.signed.clone(),
            at: At::from(now),
        };
        if !witness::see(&mut tx, row.as_ref(), &seen).await? {
            return Err(AppError::Met);
        }
        let seconds = u64::try_from(now.as_second()).map_err(AppError::inside)?;
        let line = files.own()?.cosigned(&head, seconds);
        tx.commit().await?;
        Ok(Ok(line))
    }
}

fn head(row: &SeenRow) -> Result<Head, AppError> {
    let root = bytes(&row.root);
    Ok(Head {
        log: row.log.clone(),
        size: u64::try_from(row.size).map_err(AppError::inside)?,
        root: root.ok_or_else(|| AppError::Inside("a root that was seen is no hash".to_owned()))?,
    })
}
