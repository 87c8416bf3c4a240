//! What is told of the room by numbers and sentences: how many have given their views while those are sealed, why the room cannot
//! settle a case now, and that something has happened at all.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use super::super::App;
use super::super::error::AppError;
use super::stream;
use crate::domain::id::{CaseId, MeetingId};
use crate::engine::command::Actor;
use crate::engine::meeting::ask::{Ask, Room};
use crate::engine::meeting::decide::decide;
use crate::engine::meeting::event::Recorded;
use crate::engine::meeting::table::{Item, Meeting, Stage};
use crate::store::meetings::{self, MeetingRow};

/// How the room stands to a case.
#[derive(Debug, Default)]
pub struct AtItem {
    /// The members in the room for it, and how many of them have given their view.
    pub members: usize,
    pub given: usize,
    /// The labels of the agencies whose members have not, for the chair.
    pub missing: Vec<String>,
    /// By action that would settle it: why this room cannot take it now. Nothing where it can.
    pub unfit: BTreeMap<String, Vec<String>>,
}

impl AtItem {
    pub(super) fn of(room: &Room<'_>, meeting: &Meeting, item: &Item) -> Self {
        let members: Vec<_> = room.members_present(meeting).collect();
        let (given, silent): (Vec<&Actor>, Vec<&Actor>) = members
            .iter()
            .partition(|actor| item.views.contains_key(&actor.id));
        let silent: BTreeSet<_> = silent
            .into_iter()
            .map(|actor| room.agency_of(actor))
            .collect();
        let missing = silent.into_iter().filter(|_| room.chairs());
        let missing = missing.map(|agency| room.definition.agency_label(agency).to_owned());
        Self {
            members: members.len(),
            given: given.len(),
            missing: missing.collect(),
            unfit: unfit(room, meeting, item),
        }
    }
}

fn unfit(room: &Room<'_>, meeting: &Meeting, item: &Item) -> BTreeMap<String, Vec<String>> {
    let settling = room.meets.settling(item.ratifies).map(|action| {
        let action = action.to_string();
        let settle = Ask::Settle {
            case: item.listing.case,
            action: action.clone(),
        };
        let refused = decide(room, meeting, &settle).err();
        let why = refused.map(|refusal| refusal.sentences());
        (action, why.unwrap_or_default())
    });
    settling.collect()
}

impl App {
    /// The meeting on whose agenda a case stands and that is not over, for somebody who has the case in front of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn meeting_of_case(
        &self,
        actor: &Actor,
        case: CaseId,
    ) -> Result<Option<MeetingRow>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let mut rows = meetings::of_case(&mut tx, case.0).await?.into_iter();
        let over = [Stage::Closed, Stage::Approved, Stage::CalledOff].map(Stage::name);
        Ok(rows.find(|row| {
            let known = self.knows_of_meetings(actor, &row.authority).is_ok();
            known && !over.contains(&row.stage.as_str())
        }))
    }

    /// The number of the newest event of a meeting that somebody may know of. It tells nothing else, and a page that is open asks for
    /// it every two seconds: it is not written down as a look.
    ///
    /// # Errors
    /// `NotFound` for an unknown meeting, one of another authority, and for whoever opens no cases.
    pub async fn meeting_version(&self, actor: &Actor, id: MeetingId) -> Result<u64, AppError> {
        let mut tx = self.db.begin_read().await?;
        let row = meetings::get(&mut tx, id.0).await?;
        let row = row.ok_or(AppError::NotFound)?;
        self.knows_of_meetings(actor, &row.authority)?;
        let hidden = self.hidden_from(&mut tx, actor).await?;
        let agenda = meetings::agenda(&mut tx, id.0).await?;
        if !agenda.iter().any(|item| hidden.contains(&item.case_id)) {
            return u64::try_from(row.version).map_err(AppError::inside);
        }
        let history = stream::load(&self.keys, &mut tx, id).await?.history;
        let mut newest = history.iter().rev();
        let known = newest.find(|one| is_open(&hidden, one));
        Ok(known.map_or(0, |one| one.seq))
    }
}

/// Whether somebody to whom these cases are hidden may know of an event.
fn is_open(hidden: &BTreeSet<Uuid>, one: &Recorded) -> bool {
    let case = one.event.case();
    case.is_none_or(|case| !hidden.contains(&case.0))
}
