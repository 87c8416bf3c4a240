//! Who was in the room for a case: they do not confirm what it proposed (L4), and once none of them is silent the views are open,
//! however it comes that nobody is. What the room recorded of itself stands in the meeting; a case is told of it when it is opened.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::super::App;
use super::super::error::AppError;
use super::super::keys::Keys;
use super::stream::{self, append};
use crate::domain::id::{CaseId, MeetingId};
use crate::engine::case::Case;
use crate::engine::command::Actor;
use crate::engine::meeting::ask::Room;
use crate::engine::meeting::decide::all_heard;
use crate::engine::meeting::event::Event;
use crate::engine::meeting::table::{Meeting, Stage};
use crate::store::{Tx, meetings};

/// The meeting that came to a case last, and when it did so first.
pub(super) async fn last_taken(
    keys: &Keys,
    tx: &mut Tx,
    case: CaseId,
) -> Result<Option<(Meeting, Timestamp)>, AppError> {
    let mut last: Option<(Meeting, Timestamp)> = None;
    for row in meetings::of_case(tx, case.0).await? {
        let meeting = stream::load(keys, tx, MeetingId(row.id)).await?.meeting;
        let taken = meeting.item(case).and_then(|item| item.taken.as_ref());
        let Some(since) = taken.map(|taken| taken.since) else {
            continue;
        };
        if last.as_ref().is_none_or(|(_, other)| *other < since) {
            last = Some((meeting, since));
        }
    }
    Ok(last)
}

impl App {
    /// Fills in who was in the room where what waits for a second person was proposed by a meeting.
    pub(in crate::app) async fn tell_who_was_there(
        &self,
        tx: &mut Tx,
        id: CaseId,
        case: &mut Case,
    ) -> Result<(), AppError> {
        let Some(proposal) = &mut case.pending else {
            return Ok(());
        };
        let Some((meeting, since)) = last_taken(&self.keys, tx, id).await? else {
            return Ok(());
        };
        let edition = self.in_force(&meeting.authority, &meeting.scheme)?;
        let meets = edition.definition.meets();
        let settles = meets.is_some_and(|meets| meets.settles(&proposal.action));
        if let Some(item) = meeting.item(id).filter(|_| settles && since <= proposal.at) {
            proposal.in_room = meeting.heard(item);
        }
        Ok(())
    }

    /// Opens the views on each case for which nobody in the room is silent any more, as the last view does.
    pub(in crate::app) async fn open_views(
        &self,
        tx: &mut Tx,
        id: MeetingId,
    ) -> Result<(), AppError> {
        let loaded = stream::load(&self.keys, tx, id).await?;
        if loaded.meeting.stage != Stage::Begun {
            return Ok(());
        }
        let authority = &loaded.meeting.authority;
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, authority);
        let definition = pinned.await?;
        let (clock, now) = (Actor::clock(), self.clock.now());
        let mut opened = Vec::new();
        let items = loaded.meeting.items.iter();
        for item in items.filter(|item| item.taken.is_some() && !item.shows_views()) {
            let case = item.listing.case;
            let kept_away: BTreeSet<_> = self.away(tx, &loaded.meeting, case).await?;
            let room = Room {
                definition: &definition,
                meets: definition.meets().ok_or(AppError::NotFound)?,
                actor: &clock,
                case: None,
                kept_away: &kept_away,
                seniors: &BTreeSet::new(),
                now,
            };
            if all_heard(&room, &loaded.meeting, item) {
                let missing = Vec::new();
                opened.push(Event::ViewsOpened { case, missing });
            }
        }
        if !opened.is_empty() {
            append(self, tx, &definition, loaded, &clock, opened, now).await?;
        }
        Ok(())
    }

    /// Likewise, where somebody has just been kept away from a case.
    pub(in crate::app) async fn open_views_of(
        &self,
        tx: &mut Tx,
        case: CaseId,
    ) -> Result<(), AppError> {
        match meetings::at_table(tx, case.0).await? {
            Some(meeting) => self.open_views(tx, MeetingId(meeting)).await,
            None => Ok(()),
        }
    }
}
