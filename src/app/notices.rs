//! The outbox, seen from its messages. One is claimed in a transaction of its own, sent outside any, and what came of it
//! is noted while the claim lasts. To whom it goes is looked up at the moment of sending (L7).

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::App;
use super::epoch;
use super::error::AppError;
use super::meetings::appointment;
use crate::domain::id::{MeetingId, StaffId};
use crate::engine::definition::Definition;
use crate::mail::{Kind, Notice, Outcome, Recipient};
use crate::store::outbox::{MessageRow, Standing};
use crate::store::{At, Tx, cases, outbox, staff};

/// What a claim lasts beyond the longest attempt, for a machine that is busy.
const RESERVE: Duration = Duration::from_secs(30);

/// How many claims that have run out are looked at together.
const RUN_OUT: i64 = 50;

/// A message on its way, and the right to say what came of it.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub row: MessageRow,
    claim: Uuid,
}

/// What came of a claimed message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    Made(Outcome),
    /// Its account is gone or shut out, is not what it was, or has no address that mail could reach.
    NoAddress,
    /// The edition of its case has no such text.
    NoText,
}

impl App {
    /// Claims the message that has waited longest, for an attempt that takes no longer than this. A claim that ran out
    /// without a word counts as in doubt.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_message(
        self: &Arc<Self>,
        longest: Duration,
    ) -> Result<Option<Claimed>, AppError> {
        let lasts = SignedDuration::try_from(longest + RESERVE).map_err(AppError::inside)?;
        let (claim, now) = (self.chance.id(), self.clock.now());
        self.write(move |tx| Box::pin(claim_now(tx, claim, now, now + lasts)))
            .await
    }

    /// A message as it would go out now, or why it cannot.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notice(&self, row: &MessageRow) -> Result<Result<Notice, Attempt>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let Some(recipient) = recipient(&mut tx, row).await? else {
            return Ok(Err(Attempt::NoAddress));
        };
        let appointment = match row.meeting_id {
            Some(meeting) => Some(appointment(&self.keys, &mut tx, MeetingId(meeting)).await?),
            None => None,
        };
        drop(tx);
        let Some(definition) = self.definition_of(row).await? else {
            return Ok(Err(Attempt::NoText));
        };
        let named = (row.message.clone(), row.language.clone());
        let Some(message) = definition.messages.get(&named) else {
            return Ok(Err(Attempt::NoText));
        };
        Ok(Ok(Notice {
            id: row.id,
            made_at: row.made_at.timestamp(),
            recipient,
            subject: message.subject.clone(),
            text: message.text.clone(),
            appointment,
        }))
    }

    /// The edition that has the text of a message: that of its case, or the authority's own where it is about none.
    async fn definition_of(&self, row: &MessageRow) -> Result<Option<Arc<Definition>>, AppError> {
        let Some(case) = row.case_id else {
            let edition = self.first_edition(&row.authority);
            return Ok(edition.map(|edition| edition.definition));
        };
        let case = {
            let mut tx = self.db.begin_read().await?;
            cases::get(&mut tx, case).await?
        };
        let Some(case) = case else { return Ok(None) };
        let pinned = self
            .definitions
            .pinned(&self.db, &case.edition, &case.authority);
        Ok(Some(pinned.await?))
    }

    /// Notes what came of a message; answers whether the claim was still ours. If not, nothing has changed. The first
    /// message that gets through again lets the others go that waited for the server.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_attempt(
        self: &Arc<Self>,
        claimed: &Claimed,
        attempt: Attempt,
    ) -> Result<bool, AppError> {
        let now = self.clock.now();
        let (id, claim) = (claimed.row.id, Some(claimed.claim));
        let standing = standing(&claimed.row, attempt, now);
        let noted = self
            .write(move |tx| {
                Box::pin(async move { Ok(outbox::note(tx, id, claim, standing).await?) })
            })
            .await?;
        let waited = claimed.row.trouble.as_deref() == Some("unreachable");
        if noted && waited && attempt == Attempt::Made(Outcome::Sent) {
            self.write(move |tx| Box::pin(async move { Ok(outbox::wake(tx, now).await?) }))
                .await?;
        }
        Ok(noted)
    }
}

async fn claim_now(
    tx: &mut Tx,
    claim: Uuid,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Claimed>, AppError> {
    if epoch::hold(tx, now).await?.is_some() {
        return Ok(None);
    }
    for row in outbox::run_out(tx, now, RUN_OUT).await? {
        let doubt = standing(&row, Attempt::Made(Outcome::InDoubt), now);
        outbox::note(tx, row.id, row.claim, doubt).await?;
    }
    let row = outbox::claim(tx, claim, now, until).await?;
    Ok(row.map(|row| Claimed { row, claim }))
}

/// Whom a message goes to: an account that exists, is not shut out and is on the side of the walls that it was on when
/// the message was called for. Nobody else can be written to.
async fn recipient(tx: &mut Tx, row: &MessageRow) -> Result<Option<Recipient>, AppError> {
    let (Some(kind), Ok(StaffId(id))) = (
        Kind::read(&row.recipient_kind),
        row.recipient.parse().map(StaffId),
    ) else {
        return Ok(None);
    };
    let person = staff::get(tx, id).await?;
    let person = person.filter(|person| !person.disabled && Kind::of(&person.agency) == kind);
    Ok(person.and_then(|person| Recipient::listed(kind, &person.email)))
}

/// How a message stands after an attempt. In doubt, our own people get it again, with the same Message-ID; whoever is
/// outside the walls is never written to twice, so a person is asked. A message that may still go is tried for ever.
fn standing(row: &MessageRow, attempt: Attempt, now: Timestamp) -> Standing {
    let own = Kind::read(&row.recipient_kind) == Some(Kind::Staff);
    let (status, trouble) = match attempt {
        Attempt::Made(Outcome::Sent) => ("sent", None),
        Attempt::Made(Outcome::Unreachable) => ("waiting", Some("unreachable")),
        Attempt::Made(Outcome::Deferred) => ("waiting", Some("deferred")),
        Attempt::Made(Outcome::Refused) => ("refused", Some("refused")),
        Attempt::Made(Outcome::InDoubt) if own => ("waiting", Some("in_doubt")),
        Attempt::Made(Outcome::InDoubt) => ("in_doubt", Some("in_doubt")),
        Attempt::NoAddress => ("refused", Some("no_address")),
        Attempt::NoText => ("refused", Some("no_text")),
    };
    let pause = SignedDuration::from_mins(pause(attempt, row.attempts));
    Standing {
        status,
        trouble,
        next_at: At::from(now + pause),
        at: At::from(now),
    }
}

/// How many minutes pass before the next attempt. A server that cannot be reached is asked more often: one message that
/// gets through lets all others go.
fn pause(attempt: Attempt, attempts: i64) -> i64 {
    let (first, then): (&[i64], i64) = match attempt {
        Attempt::Made(Outcome::Unreachable) => (&[1, 2, 5], 10),
        _ => (&[1, 2, 5, 10, 30], 60),
    };
    let place = usize::try_from(attempts - 1).unwrap_or(0);
    first.get(place).copied().unwrap_or(then)
}
