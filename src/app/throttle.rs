//! Signing in takes longer and longer while it fails. Each try counts as failed before it is looked at, so that tries at the same
//! moment do not share one count; the count lies in the database, so that all nodes share it. Names that do not exist are counted
//! like those that do.

use jiff::{SignedDuration, Timestamp};

use super::App;
use super::digest::digest;
use super::error::AppError;
use crate::store::sign_in_failures::{self as failures, FailuresRow};
use crate::store::{Tx, invitations, sessions};
use std::sync::Arc;

/// How often a name may fail before it has to wait …
const FREE: i64 = 5;

/// … or this often while sign-ins fail everywhere, for then somebody may be trying one password on many names. Nobody is shut
/// out for it who types correctly.
const FREE_UNDER_ATTACK: i64 = 1;

/// So many failures of all names together are no ordinary morning …
const ATTACK: i64 = 100;

/// … when they happened within this time.
const LATELY: SignedDuration = SignedDuration::from_mins(15);

/// The first wait; each further one is twice as long …
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(30);

/// … up to this.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(15);

/// Failures are forgotten after this long without another.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);

/// One try under a name.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    name_hash: String,
    free: i64,
    now: Timestamp,
}

/// A try that has been counted: how the name stood before it.
#[derive(Debug, Clone)]
pub(super) struct Counted(Option<FailuresRow>);

impl Attempt {
    pub async fn under(tx: &mut Tx, name: &str, now: Timestamp) -> Result<Self, AppError> {
        let lately = failures::of_all(tx, now - LATELY).await?;
        let free = if lately < ATTACK {
            FREE
        } else {
            FREE_UNDER_ATTACK
        };
        Ok(Self {
            name_hash: digest([name.as_bytes()]),
            free,
            now,
        })
    }

    /// Counts the try as a failure; `None` when the name has to wait: then it may not succeed, whatever was typed.
    pub async fn count(&self, tx: &mut Tx) -> Result<Option<Counted>, AppError> {
        let before = failures::get(tx, &self.name_hash).await?;
        let waits = before.as_ref().is_some_and(|before| {
            self.now < before.last_at.timestamp() + wait(before.failures, self.free)
        });
        if waits {
            return Ok(None);
        }
        failures::add(tx, &self.name_hash, self.now).await?;
        Ok(Some(Counted(before)))
    }

    /// The password was right and more is to come: the try has not failed, but those before it are not forgiven.
    pub async fn take_back(&self, tx: &mut Tx, Counted(before): &Counted) -> Result<(), AppError> {
        let last_at = before
            .as_ref()
            .map_or(self.now.into(), |before| before.last_at);
        Ok(failures::take_back(tx, &self.name_hash, last_at).await?)
    }

    /// All that was asked for was right.
    pub async fn forgive(&self, tx: &mut Tx) -> Result<(), AppError> {
        Ok(failures::forgive(tx, &self.name_hash).await?)
    }
}

impl App {
    /// Removes what has passed of sign-ins: sessions, invitations, failures. And tells operators when many fail.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sweep_sign_ins(self: &Arc<Self>) -> Result<(), AppError> {
        let now = self.clock.now();
        let lately = {
            let mut tx = self.db.begin_read().await?;
            failures::of_all(&mut tx, now - LATELY).await?
        };
        if lately >= ATTACK {
            tracing::warn!(
                sign_in.failures = lately,
                "many sign-ins fail: somebody may be guessing passwords"
            );
        }
        self.write(move |tx| {
            Box::pin(async move {
                sessions::sweep(tx, now).await?;
                invitations::sweep(tx, now).await?;
                Ok(failures::sweep(tx, now - REMEMBERED).await?)
            })
        })
        .await
    }
}

/// How long after the last of so many failures the next try may be made.
fn wait(failures: i64, free: i64) -> SignedDuration {
    let Ok(doublings) = u32::try_from(failures - free) else {
        return SignedDuration::ZERO;
    };
    (FIRST_WAIT * 2_i32.pow(doublings.min(16))).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_begin_after_five_failures_and_grow_up_to_a_quarter_of_an_hour() {
        let waits = (0..40).map(|failures| wait(failures, FREE));
        let seconds: Vec<_> = waits.map(|wait| wait.as_secs()).collect();
        assert_eq!(seconds[..11], [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 900]);
        assert_eq!(seconds[39], 900);
        assert_eq!(wait(1, FREE_UNDER_ATTACK).as_secs(), 30);
    }
}
