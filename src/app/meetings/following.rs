//! What a meeting does to its cases, and what an action on a case does to its meeting: in one transaction, each by its own rules.

use std::collections::BTreeSet;

use super::super::act::{self, Request};
use super::super::error::AppError;
use super::super::keys::Keys;
use super::super::{App, history, ties};
use super::hearing::last_taken;
use super::stream::{self, Loaded, append};
use crate::domain::id::{CaseId, MeetingId};
use crate::engine::case::Case;
use crate::engine::definition::Definition;
use crate::engine::definition::meets::{Meets, Written};
use crate::engine::definition::record::Answers;
use crate::engine::meeting::ask::{Ask, Room};
use crate::engine::meeting::decide;
use crate::engine::meeting::event::Event;
use crate::engine::meeting::table::{Meeting, Stage};
use crate::engine::meeting::writes;
use crate::store::{Tx, meetings, staff};

/// A meeting that is about to settle a case.
pub(in crate::app) struct Settling {
    loaded: Loaded,
}

impl App {
    /// What an event of a meeting does to a case, in the same transaction.
    pub(super) async fn follow(
        &self,
        tx: &mut Tx,
        room: &Room<'_>,
        before: &Meeting,
        meeting: &Meeting,
        event: &Event,
    ) -> Result<(), AppError> {
        match event {
            Event::AgendaSealed { order } => {
                for case in order {
                    self.file_answers(tx, room, meeting, *case).await?;
                }
                Ok(())
            }
            Event::Answered { case, .. } if before.stage >= Stage::Sealed => {
                self.file_answers(tx, room, meeting, *case).await
            }
            Event::Taken { case, .. } => {
                let item = before.item(*case);
                let looks = item.is_some_and(|item| item.taken.is_some() || item.ratifies);
                // Coming back to a case, or to one that is there to be ratified, is no business of the case, unless it can be
                // brought before the forum.
                self.file_what_is_left(tx, room, meeting, *case).await?;
                if looks && !self.starts(tx, *case, &room.meets.taken_by).await? {
                    return Ok(());
                }
                self.bring_before(tx, room, meeting, *case).await
            }
            Event::CalledOff { .. } | Event::Closed | Event::Unlisted { .. } => self
                .bring_waiting(tx, &meeting.authority, &meeting.scheme)
                .await
                .map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Writes what the agencies answered into a case, where its scheme takes it in the state that it is in.
    async fn file_answers(
        &self,
        tx: &mut Tx,
        room: &Room<'_>,
        meeting: &Meeting,
        case: CaseId,
    ) -> Result<(), AppError> {
        let Some(item) = meeting.item(case) else {
            return Ok(());
        };
        // Of a case that is there only to be ratified nobody was asked anything.
        if item.listing.asked.is_empty() {
            return Ok(());
        }
        let action = &room.meets.answers_filed_by;
        let record = writes::returns(room, item);
        // Whoever is kept away from it files nothing for it, and does not learn that it is there: a deputy does.
        let away = ties::kept_away(tx, case).await?.contains(&room.actor.id);
        if !away && self.starts(tx, case, action).await? {
            self.act_from_table(tx, room, case, action, record).await?;
        }
        Ok(())
    }

    /// A case that was listed after the agenda was settled, or whose answers nobody could file then, has them when the meeting comes to
    /// it.
    async fn file_what_is_left(
        &self,
        tx: &mut Tx,
        room: &Room<'_>,
        meeting: &Meeting,
        case: CaseId,
    ) -> Result<(), AppError> {
        let Some(item) = meeting.item(case) else {
            return Ok(());
        };
        let action = room
            .definition
            .scheme
            .actions
            .get(&room.meets.answers_filed_by);
        let form = action.and_then(|action| action.record.as_deref());
        let answered = item.answers.values().map(|given| given.at);
        let newest = answered.max().unwrap_or_default().max(item.listed_at);
        let records = history::load(&self.keys, tx, case).await?.case.records;
        let filed = form.and_then(|form| records.get(form));
        if filed.is_none_or(|filed| filed.filed_at < newest) {
            self.file_answers(tx, room, meeting, case).await?;
        }
        Ok(())
    }

    /// The case comes before the forum: how the room was is written into its own history.
    async fn bring_before(
        &self,
        tx: &mut Tx,
        room: &Room<'_>,
        meeting: &Meeting,
        case: CaseId,
    ) -> Result<(), AppError> {
        let people = staff::all(tx).await?.into_iter();
        let names = people
            .map(|person| (person.id.to_string(), person.name))
            .collect();
        let zone = self.definitions.zone(&meeting.authority);
        let record = writes::taking(room, meeting, &names, &zone);
        self.act_from_table(tx, room, case, &room.meets.taken_by, record)
            .await
    }

    /// Whether an action can be taken in the state that a case is in.
    async fn starts(&self, tx: &mut Tx, case: CaseId, action: &str) -> Result<bool, AppError> {
        let loaded = history::load(&self.keys, tx, case).await?;
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, &loaded.case.authority);
        let definition = pinned.await?;
        let declared = definition.scheme.actions.get(action);
        let waits = loaded.case.pending.is_some();
        Ok(!waits
            && declared.is_some_and(|action| definition.may_start(action, &loaded.case.state)))
    }

    async fn act_from_table(
        &self,
        tx: &mut Tx,
        room: &Room<'_>,
        case: CaseId,
        action: &str,
        record: Answers,
    ) -> Result<(), AppError> {
        let request = Request {
            case,
            action: action.to_owned(),
            record,
            rationale: String::new(),
            expected: None,
            key: None,
            actor: room.actor.clone(),
        };
        self.act_in(tx, request, act::From::Table).await.map(|_| ())
    }

    /// An action that settles a case belongs to the meeting that talks about it: refused where the room is not fit to decide, and
    /// written down there. Actions taken elsewhere, with no meeting in the way, are the scheme's business alone.
    pub(in crate::app) async fn settle_at_table(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        request: &Request,
        case: &Case,
    ) -> Result<Option<Settling>, AppError> {
        let Some(meets) = definition.meets() else {
            return Ok(None);
        };
        let Some(id) = meetings::at_table(tx, request.case.0).await? else {
            return as_the_room_was(&self.keys, tx, meets, request)
                .await
                .map(|()| None);
        };
        if *meets.taken_by == *request.action {
            let why = "It is on the agenda of a meeting, which takes it itself";
            return Err(AppError::Unmet(vec![why.to_owned()]));
        }
        if !meets.settles(&request.action) {
            return Ok(None);
        }
        let loaded = stream::load(&self.keys, tx, MeetingId(id)).await?;
        let kept_away = self.away(tx, &loaded.meeting, request.case).await?;
        let room = Room {
            definition,
            meets,
            actor: &request.actor,
            case: Some(case),
            kept_away: &kept_away,
            seniors: &BTreeSet::new(),
            now: self.clock.now(),
        };
        let ask = Ask::Settle {
            case: request.case,
            action: request.action.clone(),
        };
        decide::decide(&room, &loaded.meeting, &ask)?;
        Ok(Some(Settling { loaded }))
    }

    /// Writes down in its meeting what was done to a case.
    pub(in crate::app) async fn settled_at_table(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        settling: Settling,
        request: &Request,
        version: u64,
    ) -> Result<(), AppError> {
        let event = Event::Settled {
            case: request.case,
            action: request.action.clone(),
            version,
        };
        let now = self.clock.now();
        append(
            self,
            tx,
            definition,
            settling.loaded,
            &request.actor,
            vec![event],
            now,
        )
        .await?;
        Ok(())
    }
}

/// That enough were there is not typed by hand where the meeting that came to the case knows that they were not.
async fn as_the_room_was(
    keys: &Keys,
    tx: &mut Tx,
    meets: &Meets,
    request: &Request,
) -> Result<(), AppError> {
    let action = &*request.action;
    if *meets.taken_by != *action && !meets.ratifies_by(action) {
        return Ok(());
    }
    let mut says = meets.writes.iter().filter(|(field, fact)| {
        let yes = request.record.get(&***field) == Some(&true.into());
        yes && Written::named(fact) == Some(Written::Quorate)
    });
    if says.next().is_none() {
        return Ok(());
    }
    let last = last_taken(keys, tx, request.case).await?;
    let room = last.and_then(|(meeting, _)| meeting.item(request.case)?.taken.clone());
    if room.is_some_and(|room| !room.quorate) {
        let why =
            "The meeting that came to it was not quorate; put it on the agenda of another one";
        return Err(AppError::Unmet(vec![why.to_owned()]));
    }
    Ok(())
}
