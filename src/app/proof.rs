//! Proving what is stored: every chain is walked, and the rows that queues read are compared with the history that they
//! follow from, or made anew from it.

use std::collections::HashMap;

use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::history::{load, project, rows_of};
use super::meetings::MEETING;
use crate::domain::id::{CaseId, MeetingId};
use crate::ledger::leaf;
use crate::store::{Db, case_keys, cases, events};

/// The first bad event of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadEvent {
    pub stream: Uuid,
    pub seq: i64,
    pub why: String,
}

/// What a walk over all histories found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    pub streams: usize,
    pub events: i64,
    pub bad: Vec<BadEvent>,
}

/// Walks every chain and names the first bad event of each broken one. A case row without its events counts as bad.
///
/// # Errors
/// When the database fails.
pub async fn verify(db: &Db) -> Result<Walk, AppError> {
    let mut tx = db.begin_read().await?;
    let mut walk = Walk {
        streams: 0,
        events: 0,
        bad: Vec::new(),
    };
    let mut versions = HashMap::new();
    for stream in events::streams(&mut tx).await? {
        let rows = events::load(&mut tx, stream.stream).await?;
        walk.streams += 1;
        walk.events += stream.version;
        versions.insert(stream.stream, stream.version);
        if let Err(bad) = leaf::verify(rows.iter().map(events::EventRow::leaf)) {
            walk.bad.push(BadEvent {
                stream: stream.stream,
                seq: bad.seq,
                why: bad.why.to_string(),
            });
        }
    }
    for row in cases::all(&mut tx).await? {
        let known = versions.get(&row.id).copied().unwrap_or(0);
        if known < row.version {
            let why = format!(
                "the case is at version {}, its history ends before",
                row.version
            );
            walk.bad.push(BadEvent {
                stream: row.id,
                seq: known + 1,
                why,
            });
        }
    }
    Ok(walk)
}

impl App {
    /// Walks every chain, as [`verify`] does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn verify_history(&self) -> Result<Walk, AppError> {
        verify(&self.db).await
    }

    /// The cases and meetings whose rows are not what their history says. Nothing is written.
    ///
    /// # Errors
    /// When the database fails or an event cannot be read.
    pub async fn differing(&self) -> Result<Vec<Uuid>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let mut differing = Vec::new();
        for stream in events::streams(&mut tx).await? {
            if !self.rows_agree(&mut tx, &stream).await? {
                differing.push(stream.stream);
            }
        }
        Ok(differing)
    }

    /// Makes the rows of every case and meeting anew from its history. Answers how many there are, and those whose rows differed.
    /// Nothing is made from a broken history: the rows may be all that is left of it.
    ///
    /// # Errors
    /// When a history is broken, the database fails or an event cannot be read; then nothing has changed.
    pub async fn rebuild(&self) -> Result<(usize, Vec<Uuid>), AppError> {
        let walk = self.verify_history().await?;
        if let Some(bad) = walk.bad.first() {
            let (stream, seq) = (bad.stream, bad.seq);
            return Err(AppError::Inside(format!(
                "the history of {stream} is broken at event {seq}: {}",
                bad.why
            )));
        }
        let mut tx = self.db.begin_write().await?;
        let mut before = Vec::new();
        let mut differed = Vec::new();
        let streams = events::streams(&mut tx).await?;
        for stream in &streams {
            if stream.stream_kind != MEETING {
                before.push((stream.stream, rows_of(&mut tx, stream.stream).await?));
            } else if self.made_anew(&mut tx, MeetingId(stream.stream)).await? {
                differed.push(stream.stream);
            }
        }
        cases::delete_all(&mut tx).await?;
        for (id, old) in before {
            let loaded = match load(&self.keys, &mut tx, CaseId(id)).await {
                // Forgotten; what an old backup still told of it goes.
                Err(AppError::NotFound) => {
                    case_keys::clear(&mut tx, id).await?;
                    differed.extend(old.map(|_| id));
                    continue;
                }
                loaded => loaded?,
            };
            let definition = self
                .definitions
                .pinned(&self.db, &loaded.edition, &loaded.case.authority)
                .await?;
            project(
                &mut tx,
                &definition,
                &loaded.edition,
                loaded.id,
                &loaded.case,
            )
            .await?;
            self.screen_again(&mut tx, &definition, &loaded).await?;
            if rows_of(&mut tx, id).await? != old {
                differed.push(id);
            }
        }
        tx.commit().await?;
        Ok((streams.len(), differed))
    }
}
