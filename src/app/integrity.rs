//! The check of all histories that happens by itself: every chain, every log, the rows that follow from it, and whether any open case
//! has nothing or nobody that moves it (L5). It reads, a few histories at a time, and leaves one row behind.

use std::sync::Arc;

use jiff::SignedDuration;
use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::history::{load, rows_from, rows_of};
use super::ledger_walk::About;
use super::meetings::MEETING;
use crate::domain::id::{CaseId, MeetingId};
use crate::ledger::leaf;
use crate::store::events::StreamRow;
use crate::store::integrity_checks::{self, CheckRow};
use crate::store::leases::{self, Lease};
use crate::store::{At, Tx, cases, events, health, meetings};

/// Histories are checked this often; where something was found, each time that the task wakes.
const EVERY: SignedDuration = SignedDuration::from_hours(24);

/// How far a check has come, and what it has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Check {
    /// The last history that was looked at.
    after: Uuid,
    pub histories: i64,
    pub events: i64,
    pub broken: i64,
    pub differing: i64,
}

impl App {
    /// Whether it is time to check all histories again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_is_due(&self) -> Result<bool, AppError> {
        let mut tx = self.db.begin_read().await?;
        let last = integrity_checks::last(&mut tx).await?;
        let now = self.clock.now();
        Ok(last.is_none_or(|last| {
            let ago = now.duration_since(last.finished_at.timestamp());
            last.is_bad() || ago.abs() >= EVERY
        }))
    }

    /// Checks the next histories; answers whether there were any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_next(&self, check: &mut Check, most: i64) -> Result<bool, AppError> {
        let mut tx = self.db.begin_read().await?;
        let streams = events::streams_after(&mut tx, check.after, most).await?;
        for stream in &streams {
            check.after = stream.stream;
            check.histories += 1;
            check.events += stream.version;
            self.check_one(&mut tx, check, stream).await?;
        }
        Ok(!streams.is_empty())
    }

    async fn check_one(
        &self,
        tx: &mut Tx,
        check: &mut Check,
        stream: &StreamRow,
    ) -> Result<(), AppError> {
        let id = stream.stream;
        let rows = events::load(tx, id).await?;
        if let Err(bad) = leaf::verify(rows.iter().map(events::EventRow::leaf)) {
            check.broken += 1;
            tracing::error!(case.id = %id, event.seq = bad.seq, history.fault = %bad.why, "a history is broken");
            return Ok(());
        }
        match self.rows_agree(tx, stream).await {
            Ok(true) => {}
            Ok(false) => {
                check.differing += 1;
                tracing::error!(stream.id = %id, "the rows of a case or a meeting are not those that its history makes: see `clares-law history rebuild`");
            }
            Err(AppError::Inside(because)) => {
                check.broken += 1;
                tracing::error!(case.id = %id, history.fault = because, "a history cannot be read");
            }
            Err(other) => return Err(other),
        }
        Ok(())
    }

    /// Whether the rows of a case or a meeting are those that its history makes.
    pub(super) async fn rows_agree(
        &self,
        tx: &mut Tx,
        stream: &StreamRow,
    ) -> Result<bool, AppError> {
        if stream.stream_kind == MEETING {
            return self.meeting_agrees(tx, MeetingId(stream.stream)).await;
        }
        let loaded = match load(&self.keys, tx, CaseId(stream.stream)).await {
            // Forgotten: its history makes nothing any more.
            Err(AppError::NotFound) => return Ok(rows_of(tx, stream.stream).await?.is_none()),
            loaded => loaded?,
        };
        let (edition, case) = (&loaded.edition, &loaded.case);
        let pinned = self.definitions.pinned(&self.db, edition, &case.authority);
        let made = rows_from(&*pinned.await?, edition, loaded.id, case);
        Ok(rows_of(tx, stream.stream).await? == Some(made))
    }

    /// Ends a check: looks for what no history tells of, and for open cases that are stuck, and keeps what was found.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn conclude(
        self: &Arc<Self>,
        check: Check,
        lease: &Lease,
    ) -> Result<CheckRow, AppError> {
        let (found, lease) = (self.found(check).await?, lease.clone());
        let kept = found.clone();
        self.detached(move |app| {
            let (kept, lease) = (kept.clone(), lease.clone());
            async move {
                let mut tx = app.db.begin_write().await?;
                integrity_checks::add(&mut tx, &kept).await?;
                if leases::keep(&mut tx, &lease).await? {
                    tx.commit().await?;
                }
                Ok(())
            }
        })
        .await?;
        Ok(found)
    }

    async fn found(&self, check: Check) -> Result<CheckRow, AppError> {
        let mut tx = self.db.begin_read().await?;
        let mut untold = cases::without_history(&mut tx).await?;
        untold.extend(meetings::without_history(&mut tx).await?);
        for id in &untold {
            tracing::error!(stream.id = %id, "a case or a meeting has no history");
        }
        let stuck = health::stuck(&mut tx).await?;
        for id in &stuck {
            tracing::error!(case.id = %id, "an open case is stuck: it has no clock, no queue or nobody who can act");
        }
        drop(tx);
        let logs = self.verify_logs(&[]).await?;
        for bad in &logs.bad {
            let (stream, seq, look) = match bad.about {
                Some(About::Event(stream, seq)) => (Some(stream), Some(seq), None),
                Some(About::Look(look)) => (None, None, Some(look)),
                None => (None, None, None),
            };
            tracing::error!(
                ledger.log = bad.log,
                stream.id = stream.map(tracing::field::display),
                event.seq = seq,
                look.id = look.map(tracing::field::display),
                ledger.fault = bad.why,
                "a log does not hold"
            );
        }
        let count = |found: &[Uuid]| i64::try_from(found.len()).unwrap_or(i64::MAX);
        Ok(CheckRow {
            finished_at: At::from(self.clock.now()),
            histories: check.histories,
            events: check.events,
            broken: check.broken
                + count(&untold)
                + i64::try_from(logs.bad.len()).unwrap_or(i64::MAX),
            differing: check.differing,
            stuck: count(&stuck),
        })
    }
}
