//! A restored or copied installation must not send what the lost one may have sent already. Each life of the database is
//! an epoch; messages leave only once a person has released it, and only from the place where they did.

use std::sync::Arc;

use jiff::Timestamp;

use super::App;
use super::error::AppError;
use super::reasons::Place;
use super::write::again;
use crate::clock::Clock;
use crate::engine::command::Actor;
use crate::store::epochs::{self, EpochRow, NewRelease, Standing};
use crate::store::outbox::Waiting;
use crate::store::{At, Db, Tx, outbox, sessions};

/// Who releases a database that was made new: there is nothing to hold yet.
const INSTALLATION: &str = "installation";

/// What began an epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    New,
    Backup,
    Restored,
    Elsewhere,
}

impl Cause {
    const ALL: [Self; 4] = [Self::New, Self::Backup, Self::Restored, Self::Elsewhere];

    fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Backup => "backup",
            Self::Restored => "restored",
            Self::Elsewhere => "elsewhere",
        }
    }

    fn read(word: &str) -> Result<Self, AppError> {
        let known = Self::ALL.into_iter().find(|cause| cause.word() == word);
        known.ok_or_else(|| AppError::Inside(format!("unknown cause of an epoch: {word}")))
    }

    /// Why messages are held, for staff and operators.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::New => "the installation is new",
            Self::Backup => "this is a backup that was not restored",
            Self::Restored => "this was restored from a backup",
            Self::Elsewhere => "the database is in another place than before",
        }
    }
}

/// Messages wait until a person releases them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    pub since: Timestamp,
    pub cause: Cause,
}

impl App {
    /// Begins the first epoch of a new database; begins another, which holds the outbox, where the database is found in
    /// another place than the one in which it was released.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_place(self: &Arc<Self>) -> Result<Option<Hold>, AppError> {
        let now = self.clock.now();
        let settled = self.write(move |tx| Box::pin(settled(tx, now)));
        let (epoch, standing) = settled.await?;
        let hold = hold_of(&epoch, standing, now)?;
        if hold.is_some() {
            tracing::warn!(
                epoch.number,
                epoch.cause,
                "messages are held until a person releases them: see `clares-law outbox`"
            );
        }
        Ok(hold)
    }

    /// Whether messages are held, since when and why.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn hold(&self) -> Result<Option<Hold>, AppError> {
        let mut tx = self.db.begin_read().await?;
        hold(&mut tx, self.clock.now()).await
    }

    /// How many messages wait, and since when.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting(&self) -> Result<Waiting, AppError> {
        let mut tx = self.db.begin_read().await?;
        Ok(outbox::count_waiting(&mut tx).await?)
    }

    /// Lets held messages leave, on the word of a person. Those to partner agencies may have been sent by the system that was
    /// lost, and nobody outside the force's walls is written to twice: they become tasks for a person. Answers how many.
    ///
    /// # Errors
    /// `Unmet` without a reason, or when nothing is held.
    pub async fn release_outbox(
        self: &Arc<Self>,
        actor: &Actor,
        reason: &str,
    ) -> Result<u64, AppError> {
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            return Err(AppError::Unmet(vec![
                "Say why the messages may leave".to_owned(),
            ]));
        }
        let (person, now) = (actor.id.clone(), self.clock.now());
        let app = Arc::clone(self);
        self.write(move |tx| {
            let (app, person, reason) = (Arc::clone(&app), person.clone(), reason.clone());
            Box::pin(release(app, tx, person, reason, now))
        })
        .await
    }
}

async fn release(
    app: Arc<App>,
    tx: &mut Tx,
    person: String,
    reason: String,
    now: Timestamp,
) -> Result<u64, AppError> {
    let (epoch, standing) = settled(tx, now).await?;
    if standing == Standing::Released {
        return Err(AppError::Unmet(vec!["No messages are held".to_owned()]));
    }
    let place = Place::Release(epoch.number);
    let sealed = app.reasons().await?.sealed(place, &reason);
    let release = NewRelease {
        epoch: epoch.number,
        at: now,
        person: &person,
        reason: &sealed,
    };
    epochs::release(tx, &release).await?;
    Ok(outbox::doubt(tx, now).await?)
}

/// Whether messages are held. Ask in the transaction that takes them out of the outbox.
///
/// # Errors
/// When the database fails.
pub async fn hold(tx: &mut Tx, now: Timestamp) -> Result<Option<Hold>, AppError> {
    match epochs::latest(tx).await? {
        Some(epoch) => {
            let standing = epochs::standing(tx, epoch.number).await?;
            hold_of(&epoch, standing, now)
        }
        None => Ok(Some(Hold {
            since: now,
            cause: Cause::New,
        })),
    }
}

/// Begins an epoch for this cause, which holds the outbox, and ends every session: somebody may have been shut out since
/// the copy was made. Answers its number.
///
/// # Errors
/// When the database fails.
pub(super) async fn begin(db: &Db, clock: &Clock, cause: Cause) -> Result<i64, AppError> {
    again(|| async {
        let mut tx = db.begin_write().await?;
        let epoch = next(&mut tx, cause, clock.now()).await?;
        sessions::end_every(&mut tx).await?;
        tx.commit().await?;
        Ok(epoch.number)
    })
    .await
}

async fn next(tx: &mut Tx, cause: Cause, now: Timestamp) -> Result<EpochRow, AppError> {
    let before = epochs::latest(tx).await?.map_or(0, |epoch| epoch.number);
    let epoch = EpochRow {
        number: before + 1,
        began_at: At::from(now),
        cause: cause.word().to_owned(),
    };
    epochs::begin(tx, &epoch).await?;
    Ok(epoch)
}

/// The epoch that the database is in, here and now.
async fn settled(tx: &mut Tx, now: Timestamp) -> Result<(EpochRow, Standing), AppError> {
    let Some(epoch) = epochs::latest(tx).await? else {
        let epoch = next(tx, Cause::New, now).await?;
        let release = NewRelease {
            epoch: epoch.number,
            at: now,
            person: INSTALLATION,
            reason: Cause::New.sentence(),
        };
        epochs::release(tx, &release).await?;
        return Ok((epoch, Standing::Released));
    };
    match epochs::standing(tx, epoch.number).await? {
        Standing::Elsewhere => {
            let epoch = next(tx, Cause::Elsewhere, now).await?;
            Ok((epoch, Standing::Held))
        }
        standing => Ok((epoch, standing)),
    }
}

fn hold_of(epoch: &EpochRow, standing: Standing, now: Timestamp) -> Result<Option<Hold>, AppError> {
    Ok(match standing {
        Standing::Released => None,
        Standing::Elsewhere => Some(Hold {
            since: now,
            cause: Cause::Elsewhere,
        }),
        Standing::Held => Some(Hold {
            since: epoch.began_at.timestamp(),
            cause: Cause::read(&epoch.cause)?,
        }),
    })
}
