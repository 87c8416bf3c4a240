//! How this node and the whole service are: whether to send it work, and the figures that operators watch. Nothing in it
//! names a person, a case or a scheme: outsiders may read whether the node is ready.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::App;
use super::epoch;
use super::error::AppError;
use super::oversight::TOLD;
use super::pulse::{Seen, is_right};
use super::sweep::PARKED_AFTER;
use crate::store::health::{self, MessagesRow};
use crate::store::integrity_checks::CheckRow;
use crate::store::leases::{self, LeaseRow};
use crate::store::{Db, integrity_checks, look_reviews, newest_known};

/// Whether a node can be sent work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readiness {
    /// Why not; empty when it can.
    pub because: Vec<&'static str>,
    /// What operators must look at, and is no reason to turn people away.
    pub warnings: Vec<&'static str>,
}

/// What operators watch, of all nodes together.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Since when the oldest stage waits that has fallen due and nobody has noticed.
    pub oldest_stage: Option<Duration>,
    /// Since when the time limit is over that has been over for longest, among the open cases.
    pub oldest_overdue: Option<Duration>,
    /// Cases whose time limits cannot be looked at.
    pub parked: i64,
    /// Open cases that nothing or nobody moves: must be 0.
    pub stuck: usize,
    /// Messages that have not gone, each status with the age of the oldest.
    pub messages: Vec<(MessagesRow, Duration)>,
    /// Whether they wait for a person's word.
    pub held: bool,
    pub leases: Vec<LeaseRow>,
    pub check: Option<CheckRow>,
}

impl App {
    /// Looks at the database and at the clock, and keeps what was seen for `readiness`.
    pub async fn look(&self) {
        self.pulse.watch(&self.clock);
        let seen = match self.see().await {
            Ok(seen) => Some(seen),
            Err(error) => {
                tracing::error!(error.inside = %error, "the database does not answer");
                None
            }
        };
        self.pulse.saw(seen, &self.clock);
    }

    async fn see(&self) -> Result<Seen, AppError> {
        let ahead = self.clock_ahead().await?;
        let mut tx = self.db.begin_read().await?;
        Ok(Seen {
            // Newer tables are fine: a step takes away only what no version before it reads any more.
            schema_is_current: health::schema(&mut tx).await? >= newest_known(&self.db),
            ahead,
            check: integrity_checks::last(&mut tx).await?,
            held: epoch::hold(&mut tx, self.clock.now()).await?.is_some(),
            untold: look_reviews::count_untold(&mut tx, TOLD).await? > 0,
        })
    }

    /// Whether what happens by itself may go by this node's clock; when not, the log says by how much it is wrong.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clock_is_right(&self) -> Result<bool, AppError> {
        self.pulse.watch(&self.clock);
        let ahead = self.clock_ahead().await?;
        if !is_right(ahead) {
            let seconds = ahead.as_secs();
            tracing::error!(
                clock.ahead_seconds = seconds,
                "this node's clock is wrong: it does nothing by itself"
            );
        }
        Ok(is_right(ahead))
    }

    /// By how much this node's clock is ahead of the database's. A file has no clock of its own, and a time that a test or
    /// a demonstration moves is nobody's.
    async fn clock_ahead(&self) -> Result<SignedDuration, AppError> {
        if matches!(self.db, Db::Sqlite { .. }) || !self.clock.is_the_machines() {
            return Ok(SignedDuration::ZERO);
        }
        let mut tx = self.db.begin_read().await?;
        let before = self.clock.now();
        let theirs = health::now(&mut tx).await?;
        Ok(ahead(before, theirs, self.clock.now()))
    }

    /// Whether this node can be sent work. It answers at once from what was last seen, so that no number of questions
    /// keeps the database busy.
    pub fn readiness(&self) -> Readiness {
        let mut readiness = Readiness::default();
        let because = &mut readiness.because;
        if self.pulse.is_silent(&self.clock) {
            because.push("What happens by itself has stopped on this node");
        }
        let Some(seen) = self.pulse.seen(&self.clock) else {
            because.push("The database does not answer");
            return readiness;
        };
        if !seen.schema_is_current {
            because.push("The database is not at the version of this program");
        }
        if !seen.clock_is_right() {
            because.push("The clock of this node is wrong");
        }
        if seen.held {
            let warning = "Messages are held until a person releases them";
            readiness.warnings.push(warning);
        }
        if seen.untold {
            let warning = "Something was opened in an emergency and too few people could be told: add reviewers";
            readiness.warnings.push(warning);
        }
        if let Some(check) = seen.check {
            if check.broken > 0 {
                because.push("The last check of all histories found a broken one");
            }
            if check.differing > 0 {
                let warning =
                    "The last check found lists that differ from the histories they are made from";
                readiness.warnings.push(warning);
            }
            if check.stuck > 0 {
                let warning = "The last check found something open that nobody can move";
                readiness.warnings.push(warning);
            }
        }
        readiness
    }

    /// What operators watch, as it stands in the database.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figures(&self) -> Result<Figures, AppError> {
        let now = self.clock.now();
        let mut tx = self.db.begin_read().await?;
        let since = |at: Timestamp| age(at, now);
        let messages = health::messages(&mut tx).await?.into_iter();
        Ok(Figures {
            oldest_stage: health::oldest_stage(&mut tx, now).await?.map(since),
            oldest_overdue: health::oldest_overdue(&mut tx, now).await?.map(since),
            parked: health::parked(&mut tx, PARKED_AFTER, now).await?,
            stuck: health::stuck(&mut tx).await?.len(),
            messages: messages
                .map(|row| {
                    let age = since(row.oldest.timestamp());
                    (row, age)
                })
                .collect(),
            held: epoch::hold(&mut tx, now).await?.is_some(),
            leases: leases::all(&mut tx).await?,
            check: integrity_checks::last(&mut tx).await?,
        })
    }
}

impl CheckRow {
    /// Whether anything was found that must not be.
    pub fn is_bad(&self) -> bool {
        self.broken + self.differing + self.stuck > 0
    }
}

/// By how much our clock is ahead of theirs, which was read between two readings of ours: slowness is no difference.
fn ahead(before: Timestamp, theirs: Timestamp, after: Timestamp) -> SignedDuration {
    if theirs < before {
        before.duration_since(theirs)
    } else if theirs > after {
        after.duration_since(theirs)
    } else {
        SignedDuration::ZERO
    }
}

fn age(at: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(now.duration_since(at)).unwrap_or(Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_answer_is_no_wrong_clock() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let (before, after) = (at("2026-11-02T09:30:00Z"), at("2026-11-02T09:32:00Z"));
        let ahead = |theirs| ahead(before, at(theirs), after).as_secs();
        assert_eq!(ahead("2026-11-02T09:31:00Z"), 0);
        assert_eq!(ahead("2026-11-02T09:28:00Z"), 120);
        assert_eq!(ahead("2026-11-02T09:34:00Z"), -120);
        assert!(is_right(SignedDuration::from_secs(-60)));
        assert!(!is_right(SignedDuration::from_secs(-61)));
        assert!(!is_right(SignedDuration::from_secs(61)));
    }
}
