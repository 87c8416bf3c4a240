//! What people are told of meetings: the neutral message that there is something to do, and nothing of what (L8). Those who sit in a
//! forum get an appointment along with it each time that a meeting is called, moved or called off.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::App;
use super::super::error::AppError;
use super::super::keys::Keys;
use super::super::opened::named;
use super::super::staff::actor_of;
use super::contacts::{ForumPeople, Place};
use super::stream;
use crate::domain::class::FieldClass;
use crate::domain::id::{CaseId, MeetingId};
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::meets::Meets;
use crate::engine::meeting::event::Event;
use crate::engine::meeting::invitation::Invitation;
use crate::engine::meeting::table::Meeting;
use crate::mail::Kind;
use crate::store::staff::StaffRow;
use crate::store::{At, Tx, outbox, staff};

impl App {
    /// Writes who is to be told of what happened to a meeting, as rows in the same transaction; each person once.
    pub(super) async fn tell_of(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        id: MeetingId,
        meeting: &Meeting,
        happened: &[Event],
    ) -> Result<(), AppError> {
        let Some(meets) = definition.meets() else {
            return Ok(());
        };
        let people = self.forum_people(tx, definition, &meeting.authority);
        let people = people.await?;
        for event in happened {
            match event {
                Event::Convened { .. } | Event::Moved { .. } | Event::CalledOff { .. } => {
                    let invited = self.invited(tx, meets, &people, id, meeting).await?;
                    self.tell(tx, id, meeting, &invited, true).await?;
                }
                Event::Listed(listing) => {
                    for agency in &listing.asked {
                        let asked = self.asked(tx, &people, listing.case, agency).await?;
                        self.tell(tx, id, meeting, &asked, false).await?;
                    }
                }
                Event::Reminded { .. } => {
                    let reminded = self.reminded(tx, definition, meeting, event).await?;
                    self.tell(tx, id, meeting, &reminded, false).await?;
                }
                Event::Apologised { agency, .. } => {
                    let deputies: Vec<_> = people.placed(agency, Place::Deputy).cloned().collect();
                    self.tell(tx, id, meeting, &deputies, false).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Those who sit in the forum; to a meeting of a series come those who are named for their agency, where anybody is, and whoever
    /// chairs it. What somebody's calendar holds is moved and struck out there, whatever they are by now.
    async fn invited(
        &self,
        tx: &mut Tx,
        meets: &Meets,
        people: &ForumPeople,
        id: MeetingId,
        meeting: &Meeting,
    ) -> Result<Vec<StaffRow>, AppError> {
        let before = outbox::invited(tx, id.0).await?;
        let comes = |person: &&StaffRow| {
            meeting.series.is_none()
                || people.is_standing(person)
                || meets.chaired_by.has(&person.role)
        };
        let coming = people.members().filter(comes);
        let coming: BTreeSet<_> = coming.map(|person| person.id).collect();
        let mut invited = people_of(tx, &meeting.authority).await?;
        invited.retain(|person| {
            coming.contains(&person.id) || before.contains(&person.id.to_string())
        });
        Ok(invited)
    }

    /// Those who are asked what their agency holds on a case: its contact; where that one may not open the case, its deputies; where
    /// none of them may, or nobody is named, its members. Only those who may open it (L10).
    async fn asked(
        &self,
        tx: &mut Tx,
        people: &ForumPeople,
        case: CaseId,
        agency: &str,
    ) -> Result<Vec<StaffRow>, AppError> {
        for place in [Place::Contact, Place::Deputy] {
            let open = self.who_open(tx, people.placed(agency, place), case);
            let open = open.await?;
            if !open.is_empty() {
                return Ok(open);
            }
        }
        self.who_open(tx, people.of_agency(agency), case).await
    }

    async fn who_open<'a>(
        &self,
        tx: &mut Tx,
        people: impl Iterator<Item = &'a StaffRow>,
        case: CaseId,
    ) -> Result<Vec<StaffRow>, AppError> {
        let mut open = Vec::new();
        for person in people {
            let actor = actor_of(person);
            if self.opens(tx, &actor, case, &person.authority).await? {
                open.push(person.clone());
            }
        }
        Ok(open)
    }

    /// Those who are told that the answer of their agency is awaited: those who were asked, and where it was reminded in vain, the
    /// seniors that are named for it and those above. Only those who may open the case (L10); each once.
    pub(super) async fn reminded(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        meeting: &Meeting,
        event: &Event,
    ) -> Result<Vec<StaffRow>, AppError> {
        let (
            Some(meets),
            Event::Reminded {
                case,
                agency,
                senior,
            },
        ) = (definition.meets(), event)
        else {
            return Ok(Vec::new());
        };
        let people = self.forum_people(tx, definition, &meeting.authority);
        let people = people.await?;
        let mut reminded = self.asked(tx, &people, *case, agency).await?;
        if *senior {
            let is_above = |person: &StaffRow| {
                let role = definition.roles.roles.get(&person.role);
                role.is_some_and(|role| role.senior) && meets.agency_of(&actor_of(person)) == agency
            };
            let mut above = people_of(tx, &meeting.authority).await?;
            above.retain(is_above);
            let named = people.seniors_of(agency).cloned();
            let above: Vec<_> = above.into_iter().chain(named).collect();
            reminded.extend(self.who_open(tx, above.iter(), *case).await?);
        }
        let mut once = BTreeSet::new();
        reminded.retain(|person| once.insert(person.id));
        Ok(reminded)
    }

    async fn tell(
        &self,
        tx: &mut Tx,
        id: MeetingId,
        meeting: &Meeting,
        people: &[StaffRow],
        brings_appointment: bool,
    ) -> Result<(), AppError> {
        let Some(edition) = self.first_edition(&meeting.authority) else {
            return Ok(());
        };
        let scheme = &edition.definition.scheme;
        let language = scheme.languages.first().map(ToString::to_string);
        let now = At::from(self.clock.now());
        for person in people {
            let message = outbox::NewMessage {
                id: self.chance.id(),
                made_at: now,
                case_id: None,
                authority: meeting.authority.clone(),
                recipient_kind: Kind::of(&person.agency).as_str().to_owned(),
                recipient: person.id.to_string(),
                message: scheme.task_message.to_string(),
                language: language.clone().unwrap_or_default(),
                due_at: now,
                dedupe: format!("{id}:{}:{}", meeting.version, person.id),
                meeting_id: brings_appointment.then_some(id.0),
            };
            outbox::add(tx, &message).await?;
        }
        Ok(())
    }

    /// A meeting as an appointment, for whoever may know of it.
    ///
    /// # Errors
    /// `NotFound` for an unknown meeting, one of another authority, and for whoever opens no cases.
    pub async fn invitation(
        self: &Arc<Self>,
        actor: &Actor,
        id: MeetingId,
    ) -> Result<Invitation, AppError> {
        self.log_read(actor, None, named([FieldClass::Process]), "an appointment")
            .await?;
        let mut tx = self.db.begin_read().await?;
        let loaded = stream::load(&self.keys, &mut tx, id).await?;
        self.room_of(actor, &loaded).await?;
        Ok(Invitation::of(id, &loaded.history))
    }
}

/// The accounts of an authority that are not shut out.
pub(super) async fn people_of(tx: &mut Tx, authority: &str) -> Result<Vec<StaffRow>, AppError> {
    let mut people = staff::all(tx).await?;
    people.retain(|person| person.authority == authority && !person.disabled);
    Ok(people)
}

/// A meeting as an appointment, as it stands now.
///
/// # Errors
/// `NotFound` for an unknown meeting.
pub async fn appointment(keys: &Keys, tx: &mut Tx, id: MeetingId) -> Result<Invitation, AppError> {
    let loaded = stream::load(keys, tx, id).await?;
    Ok(Invitation::of(id, &loaded.history))
}
