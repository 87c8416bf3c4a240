//! What becomes due by itself: each warning and breach becomes an event once, however late it is noticed and by however
//! many nodes. A case that cannot be looked at is passed over for a while and holds up no other.

use std::sync::Arc;

use fail::fail_point;
use jiff::{SignedDuration, Timestamp};

use super::App;
use super::error::AppError;
use super::history::{self, Loaded, append};
use crate::domain::id::CaseId;
use crate::engine::decide::tick;
use crate::engine::draft::Happening;
use crate::engine::effects::effects;
use crate::engine::event::Event;
use crate::store::deadlines::DueRow;
use crate::store::leases::{self, Lease};
use crate::store::{Tx, deadlines, parked_cases};

/// A case that has failed so often in a row is a matter for an operator.
pub const PARKED_AFTER: i64 = 5;

/// A case is passed over this long after its first failure, and twice as long after each further one …
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(10);

/// … but never longer than this.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// What came of looking at a case.
enum Looked {
    Recorded,
    /// Somebody else was quicker.
    Nothing,
    /// Another node has the lease now: nothing was written.
    Superseded,
}

impl App {
    /// Records what has become due, one case at a time, soonest first, as long as the lease is in force. Answers for how
    /// many cases something was recorded or put off; 0 means that nothing is left to do.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep(self: &Arc<Self>, lease: &Lease, most: i64) -> Result<usize, AppError> {
        let due = {
            let mut tx = self.db.begin_read().await?;
            deadlines::due_before(&mut tx, self.clock.now(), most).await?
        };
        let mut done = 0;
        for row in due {
            fail_point!("sweep.before_recording");
            match self.look_at(&row, lease).await {
                Ok(Looked::Recorded) => done += 1,
                Ok(Looked::Nothing) | Err(AppError::Stale(_)) => {}
                Ok(Looked::Superseded) => {
                    tracing::warn!(task.name = lease.task, "another node has taken over");
                    return Ok(0);
                }
                Err(error) => {
                    self.put_off(&row, lease, &error).await?;
                    done += 1;
                }
            }
        }
        Ok(done)
    }

    async fn look_at(self: &Arc<Self>, row: &DueRow, lease: &Lease) -> Result<Looked, AppError> {
        let (row, lease) = (row.clone(), lease.clone());
        self.detached(move |app| {
            let (row, lease) = (row.clone(), lease.clone());
            async move { app.look_at_now(&row, &lease).await }
        })
        .await
    }

    async fn look_at_now(&self, row: &DueRow, lease: &Lease) -> Result<Looked, AppError> {
        let mut tx = self.db.begin_write().await?;
        let now = self.clock.now();
        let happened = self.record_due(&mut tx, CaseId(row.case_id), now).await?;
        if happened.is_empty() && row.failures == 0 {
            return Ok(Looked::Nothing);
        }
        if row.failures > 0 {
            parked_cases::remove(&mut tx, row.case_id).await?;
        }
        // Last, so that the row of the lease is locked for a moment only.
        if !leases::keep(&mut tx, lease).await? {
            return Ok(Looked::Superseded);
        }
        fail_point!("sweep.before_commit");
        tx.commit().await?;
        fail_point!("sweep.after_commit");
        self.note_lateness(&happened, now);
        Ok(Looked::Recorded)
    }

    /// Records what is due in one case, without a lease: for a demonstration that no worker looks after yet.
    ///
    /// # Errors
    /// When the case cannot be read or the database fails.
    pub(super) async fn catch_up(self: &Arc<Self>, id: CaseId) -> Result<(), AppError> {
        self.detached(move |app| async move {
            let mut tx = app.db.begin_write().await?;
            app.record_due(&mut tx, id, app.clock.now()).await?;
            tx.commit().await?;
            Ok(())
        })
        .await
    }

    /// Answers what has become due since somebody last looked.
    async fn record_due(
        &self,
        tx: &mut Tx,
        id: CaseId,
        now: Timestamp,
    ) -> Result<Vec<Happening>, AppError> {
        let Loaded {
            edition,
            case,
            ring,
            ..
        } = history::load(&self.keys, tx, id).await?;
        let definition = self
            .definitions
            .pinned(&self.db, &edition, &case.authority)
            .await?;
        let happened = tick(&definition, case.clone(), now);
        if happened.is_empty() {
            return row_must_agree(tx, id, now).await.map(|()| happened);
        }
        let alerts = effects(&definition, None, &case, &happened);
        self.alert(tx, &definition, id, case.version, alerts)
            .await?;
        append(
            self,
            tx,
            &definition,
            &edition,
            (id, case, ring),
            happened.clone(),
            now,
        )
        .await?;
        Ok(happened)
    }

    /// Passes a case over for a while, longer after each failure.
    async fn put_off(
        self: &Arc<Self>,
        row: &DueRow,
        lease: &Lease,
        error: &AppError,
    ) -> Result<(), AppError> {
        let (id, failures, lease) = (row.case_id, row.failures + 1, lease.clone());
        tracing::error!(case.id = %id, sweep.failures = failures, error.inside = %error, "what is due cannot be recorded");
        self.detached(move |app| {
            let lease = lease.clone();
            async move {
                let mut tx = app.db.begin_write().await?;
                let next_at = app.clock.now() + pause_after(failures);
                parked_cases::put(&mut tx, id, failures, next_at).await?;
                if leases::keep(&mut tx, &lease).await? {
                    tx.commit().await?;
                }
                Ok(())
            }
        })
        .await
    }

    fn note_lateness(&self, happened: &[Happening], now: Timestamp) {
        for happening in happened {
            if let Event::ClockWarned { due_at, .. } | Event::ClockBreached { due_at, .. } =
                happening.event
            {
                let late = now.duration_since(due_at).as_secs_f64();
                self.pulse.lateness.observe(late);
            }
        }
    }
}

/// A row that says 'due' where the history does not would be looked at for ever.
async fn row_must_agree(tx: &mut Tx, id: CaseId, now: Timestamp) -> Result<(), AppError> {
    let rows = deadlines::for_case(tx, id.0).await?;
    let due = |row: &deadlines::DeadlineRow| row.next_stage_at.is_some_and(|at| at <= now.into());
    if rows.iter().any(due) {
        return Err(AppError::Inside(
            "a row of this case says that something is due and its history does not".to_owned(),
        ));
    }
    Ok(())
}

fn pause_after(failures: i64) -> SignedDuration {
    let doublings = u32::try_from(failures - 1).unwrap_or(0).min(16);
    (FIRST_PAUSE * 2_i32.pow(doublings)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_an_hour() {
        let pauses = (1..=100).map(pause_after).collect::<Vec<_>>();
        assert_eq!(pauses[0], SignedDuration::from_secs(10));
        assert_eq!(pauses[4], SignedDuration::from_secs(160));
        assert!(pauses.is_sorted());
        assert_eq!(pauses[99], SignedDuration::from_hours(1));
    }
}
