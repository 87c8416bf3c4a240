//! What was done in an emergency is put on the agenda of the next meeting by the service itself, so that the forum looks at it
//! afterwards (L12): in the transaction that recorded it, in the one that called a meeting or ended the one it was on, and by a worker
//! for whatever could not be brought then. A case stands on one agenda at a time.

use std::collections::BTreeSet;
use std::sync::Arc;

use fail::fail_point;

use super::super::App;
use super::super::error::AppError;
use super::super::history;
use super::stream::{self, Loaded, append};
use crate::domain::id::{CaseId, MeetingId};
use crate::engine::case::Case;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::meeting::ask::Room;
use crate::engine::meeting::event::Event;
use crate::engine::meeting::ratify;
use crate::engine::meeting::table::Stage;
use crate::store::leases::{self, Lease};
use crate::store::{Tx, meetings};

impl App {
    /// Brings a case to a meeting where something in it waits to be ratified.
    pub(in crate::app) async fn bring_to_ratify(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        id: CaseId,
        case: &Case,
    ) -> Result<(), AppError> {
        if ratify::awaits(definition, case) {
            self.bring(tx, id, case).await?;
        }
        Ok(())
    }

    /// Brings every case of a forum that waits to be ratified and is on no agenda; answers how many came to one.
    pub(super) async fn bring_waiting(
        &self,
        tx: &mut Tx,
        authority: &str,
        scheme: &str,
    ) -> Result<usize, AppError> {
        let mut brought = 0;
        for id in self.waiting_to_be_ratified(tx, authority, scheme).await? {
            let case = history::load(&self.keys, tx, id).await?.case;
            brought += usize::from(self.bring(tx, id, &case).await?);
        }
        Ok(brought)
    }

    /// Brings what could not be brought before; answers how many cases came to a meeting. One forum holds up no other.
    ///
    /// # Errors
    /// When the database fails, or a case or meeting cannot be read.
    pub async fn bring_left_over(self: &Arc<Self>, lease: &Lease) -> Result<usize, AppError> {
        let mut brought = Ok(0);
        for authority in self.definitions.authorities().keys() {
            for scheme in self.schemes_of(authority) {
                match self.bring_for(authority, &scheme, lease).await {
                    Ok(number) => brought = brought.map(|brought| brought + number),
                    Err(AppError::Stale(_)) => {}
                    Err(error) => {
                        tracing::error!(forum.scheme = %scheme, error.inside = %error, "nothing can be brought to be ratified");
                        brought = Err(error);
                    }
                }
            }
        }
        brought
    }

    async fn bring_for(
        self: &Arc<Self>,
        authority: &str,
        scheme: &str,
        lease: &Lease,
    ) -> Result<usize, AppError> {
        let mut finds = false;
        {
            let mut tx = self.db.begin_read().await?;
            for id in self
                .waiting_to_be_ratified(&mut tx, authority, scheme)
                .await?
            {
                let case = history::load(&self.keys, &mut tx, id).await?.case;
                finds |= self.next_for(&mut tx, id, &case).await?.is_some();
            }
        }
        if !finds {
            return Ok(0);
        }
        let (authority, scheme) = (authority.to_owned(), scheme.to_owned());
        let lease = lease.clone();
        self.detached(move |app| {
            let (authority, scheme) = (authority.clone(), scheme.clone());
            let lease = lease.clone();
            async move { app.bring_now(&authority, &scheme, &lease).await }
        })
        .await
    }

    async fn bring_now(
        &self,
        authority: &str,
        scheme: &str,
        lease: &Lease,
    ) -> Result<usize, AppError> {
        let mut tx = self.db.begin_write().await?;
        let brought = self.bring_waiting(&mut tx, authority, scheme).await?;
        // Last, so that the row of the lease is locked for a moment only.
        if !leases::keep(&mut tx, lease).await? {
            return Ok(0);
        }
        fail_point!("ratifying.before_commit");
        tx.commit().await?;
        Ok(brought)
    }

    /// The cases of a forum that wait to be ratified and that no meeting has to settle.
    async fn waiting_to_be_ratified(
        &self,
        tx: &mut Tx,
        authority: &str,
        scheme: &str,
    ) -> Result<Vec<CaseId>, AppError> {
        let edition = match self.in_force(authority, scheme) {
            Err(AppError::NotFound) => return Ok(Vec::new()),
            edition => edition?,
        };
        let meets = edition.definition.meets();
        let Some(ratifies) = meets.and_then(|meets| meets.ratifies.as_ref()) else {
            return Ok(Vec::new());
        };
        let waiting = meetings::queued(tx, authority, scheme, &ratifies.queue).await?;
        Ok(waiting.into_iter().map(CaseId).collect())
    }

    /// Answers whether anything came of it: not where no meeting is to come, or the one that has the case knows.
    async fn bring(&self, tx: &mut Tx, id: CaseId, case: &Case) -> Result<bool, AppError> {
        let at_table = meetings::at_table(tx, id.0).await?.map(MeetingId);
        let loaded = match at_table {
            Some(meeting) => Some(stream::load(&self.keys, tx, meeting).await?),
            None => self.next_for(tx, id, case).await?,
        };
        let Some(loaded) = loaded else {
            return Ok(false);
        };
        let authority = &loaded.meeting.authority;
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, authority);
        let definition = pinned.await?;
        let (clock, nobody) = (Actor::clock(), BTreeSet::new());
        let room = Room {
            definition: &definition,
            meets: definition.meets().ok_or(AppError::NotFound)?,
            actor: &clock,
            case: Some(case),
            kept_away: &nobody,
            seniors: &nobody,
            now: self.clock.now(),
        };
        let listing = self.listing_of(&room, &loaded.meeting, id)?;
        let happened = ratify::brought(&loaded.meeting, &listing);
        if happened.is_empty() {
            return Ok(false);
        }
        append(self, tx, &definition, loaded, &clock, happened, room.now).await?;
        Ok(true)
    }

    /// The next meeting to come of a case's forum, but for one that took the case off its agenda.
    async fn next_for(
        &self,
        tx: &mut Tx,
        id: CaseId,
        case: &Case,
    ) -> Result<Option<Loaded>, AppError> {
        let now = self.clock.now();
        for row in meetings::live(tx, &case.authority).await? {
            if row.scheme != case.scheme || row.starts_at.timestamp() <= now {
                continue;
            }
            let loaded = stream::load(&self.keys, tx, MeetingId(row.id)).await?;
            let took_off =
                |event: &Event| matches!(event, Event::Unlisted { case, .. } if *case == id);
            let mut history = loaded.history.iter();
            let begun = loaded.meeting.stage >= Stage::Begun;
            if !begun && !history.any(|one| took_off(&one.event)) {
                return Ok(Some(loaded));
            }
        }
        Ok(None)
    }
}
