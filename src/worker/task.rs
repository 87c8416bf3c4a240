//! The tasks that nodes share: what each is called, when it wakes, and its step.

use std::sync::Arc;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::integrity::Check;
use crate::app::ledger;
use crate::mail::Mailer;
use crate::store::leases::Lease;
use crate::worker::{deadlines, integrity, meetings, outbox, witnesses};

/// How many events and how many looks a step takes into the logs.
const LOGGED_AT_ONCE: i64 = 500;

/// A task that one node at a time does, with what it remembers from one step to the next.
#[derive(Debug, Clone)]
pub enum Task {
    /// Warnings and breaches that have become due.
    Deadlines,
    /// Messages that wait.
    Outbox(Arc<Mailer>),
    /// The daily check of all histories.
    Integrity(Option<Check>),
    /// What has happened is taken into the logs, and their heads are signed.
    Ledger,
    /// Meetings of a series that are to be called, and agencies whose answers are awaited.
    Meetings,
    /// Keys of forgotten cases that are still there are destroyed.
    Keys,
    /// What has passed of sign-ins is removed.
    SignIns,
    /// New heads of the logs are offered to witnesses.
    Witnesses,
}

impl Task {
    /// Every task.
    pub fn all(mailer: Arc<Mailer>) -> [Self; 8] {
        [
            Self::Deadlines,
            Self::Outbox(mailer),
            Self::Integrity(None),
            Self::Ledger,
            Self::Meetings,
            Self::Keys,
            Self::SignIns,
            Self::Witnesses,
        ]
    }

    /// What it is called in leases, logs and figures.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Deadlines => "deadlines",
            Self::Outbox(_) => "outbox",
            Self::Integrity(_) => "integrity",
            Self::Ledger => ledger::TASK,
            Self::Meetings => "meetings",
            Self::Keys => "keys",
            Self::SignIns => "sign_ins",
            Self::Witnesses => "witnesses",
        }
    }

    /// When it wakes, as a cron line in UTC. A log is signed ten seconds after the last event at the latest. The check of all histories wakes every hour and asks whether a day has gone by.
    pub fn wakes(&self) -> &'static str {
        match self {
            Self::Deadlines | Self::Outbox(_) | Self::Witnesses => "*/10 * * * * *",
            Self::Ledger => "*/5 * * * * *",
            Self::Integrity(_) => "0 17 * * * *",
            Self::Meetings => "10 * * * * *",
            Self::SignIns => "30 * * * * *",
            Self::Keys => "20 * * * * *",
        }
    }

    /// Does the next piece of work; answers whether there may be more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn step(&mut self, app: &Arc<App>, lease: &Lease) -> Result<bool, AppError> {
        match self {
            Self::Deadlines => deadlines::step(app, lease).await,
            Self::Outbox(mailer) => outbox::step(app, mailer).await,
            Self::Integrity(check) => integrity::step(app, lease, check).await,
            Self::Ledger => app.log_next(lease, LOGGED_AT_ONCE).await,
            Self::Meetings => meetings::step(app, lease).await,
            Self::Witnesses => witnesses::step(app).await,
            Self::Keys => app.destroy_keys().await,
            Self::SignIns => app.sweep_sign_ins().await.map(|()| false),
        }
    }
}
