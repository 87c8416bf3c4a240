//! Agencies that have not answered are reminded by themselves. When is decided in `engine::meeting::chase`; it is written down where
//! somebody was there to be told, in the same transaction as the messages.

use std::sync::Arc;

use fail::fail_point;
use jiff::SignedDuration;

use super::super::App;
use super::super::error::AppError;
use super::stream::{self, Loaded, append};
use crate::domain::id::MeetingId;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::meeting::chase::reminders;
use crate::engine::meeting::event::Event;
use crate::store::leases::{self, Lease};
use crate::store::{Tx, meetings};

/// So long before answers are due meetings are looked at: more than any row of holidays.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 14);

/// A meeting for which it is time to remind somebody.
struct Waiting {
    loaded: Loaded,
    definition: Arc<Definition>,
    /// The reminders that somebody is there to get.
    reminders: Vec<Event>,
}

impl App {
    /// Reminds every agency for which it is time; answers how many reminders were written down. A meeting that cannot be looked at
    /// holds up no other.
    ///
    /// # Errors
    /// When the database fails, or a meeting cannot be read.
    pub async fn remind_agencies(self: &Arc<Self>, lease: &Lease) -> Result<usize, AppError> {
        let awaited = {
            let mut tx = self.db.begin_read().await?;
            meetings::awaited(&mut tx, self.clock.now() + AHEAD).await?
        };
        let mut written = Ok(0);
        for id in awaited.into_iter().map(MeetingId) {
            match self.remind_for(id, lease).await {
                Ok(number) => written = written.map(|written| written + number),
                Err(AppError::Stale(_)) => {}
                Err(error) => {
                    tracing::error!(meeting.id = %id, error.inside = %error, "nobody can be reminded");
                    written = Err(error);
                }
            }
        }
        written
    }

    async fn remind_for(self: &Arc<Self>, id: MeetingId, lease: &Lease) -> Result<usize, AppError> {
        {
            let mut tx = self.db.begin_read().await?;
            if self.to_remind(&mut tx, id).await?.reminders.is_empty() {
                return Ok(0);
            }
        }
        let lease = lease.clone();
        self.detached(move |app| {
            let lease = lease.clone();
            async move { app.remind_now(id, &lease).await }
        })
        .await
    }

    async fn remind_now(&self, id: MeetingId, lease: &Lease) -> Result<usize, AppError> {
        let mut tx = self.db.begin_write().await?;
        let Waiting {
            loaded,
            definition,
            reminders,
        } = self.to_remind(&mut tx, id).await?;
        if reminders.is_empty() {
            return Ok(0);
        }
        let (clock, now) = (Actor::clock(), self.clock.now());
        let meeting = append(
            self,
            &mut tx,
            &definition,
            loaded,
            &clock,
            reminders.clone(),
            now,
        )
        .await?;
        self.tell_of(&mut tx, &definition, id, &meeting, &reminders)
            .await?;
        // Last, so that the row of the lease is locked for a moment only.
        if !leases::keep(&mut tx, lease).await? {
            return Ok(0);
        }
        fail_point!("reminders.before_commit");
        tx.commit().await?;
        Ok(reminders.len())
    }

    async fn to_remind(&self, tx: &mut Tx, id: MeetingId) -> Result<Waiting, AppError> {
        let loaded = stream::load(&self.keys, tx, id).await?;
        let meeting = &loaded.meeting;
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, &meeting.authority);
        let definition = pinned.await?;
        let zone = self.definitions.zone(&meeting.authority);
        let due = reminders(meeting, self.clock.now(), &zone, &definition.calendar);
        let mut reminders = Vec::new();
        for event in due {
            let told = self.reminded(tx, &definition, meeting, &event).await?;
            if !told.is_empty() {
                reminders.push(event);
            }
        }
        Ok(Waiting {
            loaded,
            definition,
            reminders,
        })
    }
}
