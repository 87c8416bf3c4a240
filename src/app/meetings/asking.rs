//! The write door for meetings. What is asked is decided in `engine::meeting`; where it changes a case too, that happens through the
//! case's own rules in the same transaction, or neither does.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::super::digest::digest;
use super::super::error::AppError;
use super::super::history;
use super::super::looks::classes_of;
use super::super::opened::standing;
use super::super::replies::{keep_reply, replied};
use super::super::sealing::Ring;
use super::super::standing::About;
use super::super::{App, ties};
use super::stream::{self, Loaded, append};
use crate::domain::id::{CaseId, MeetingId};
use crate::domain::look::Operation;
use crate::engine::case::Case;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::meeting::ask::{Ask, Convening, Room};
use crate::engine::meeting::decide;
use crate::engine::meeting::event::Event;
use crate::engine::meeting::table::Meeting;
use crate::store::{self, Tx};

/// Something asked of a meeting at an edge.
#[derive(Debug, Clone)]
pub struct MeetingRequest {
    pub meeting: MeetingId,
    pub ask: Ask,
    /// The sender's own name for it: sent twice, it is done once (L16).
    pub key: Option<String>,
    pub actor: Actor,
}

/// What somebody wants of a meeting.
#[derive(Clone, Serialize)]
enum Wish {
    Ask(Ask),
    /// That a case is put on the agenda; how it is listed is worked out.
    List(CaseId),
}

impl Wish {
    /// What it is called in the log.
    fn name(&self) -> &'static str {
        match self {
            Self::Ask(ask) => ask.name(),
            Self::List(_) => "list",
        }
    }
}

impl App {
    /// Calls a meeting of a scheme's forum.
    ///
    /// # Errors
    /// `NotFound` where the authority does not run the scheme or its forum does not meet; why it was refused.
    pub async fn convene(
        self: &Arc<Self>,
        actor: &Actor,
        scheme: &str,
        convening: Convening,
        key: Option<String>,
    ) -> Result<MeetingId, AppError> {
        let (actor, scheme) = (actor.clone(), scheme.to_owned());
        self.detached(move |app| {
            let (actor, scheme) = (actor.clone(), scheme.clone());
            let (convening, key) = (convening.clone(), key.clone());
            async move { app.convene_now(&actor, &scheme, &convening, key).await }
        })
        .await
    }

    async fn convene_now(
        &self,
        actor: &Actor,
        scheme: &str,
        convening: &Convening,
        key: Option<String>,
    ) -> Result<MeetingId, AppError> {
        let asked = serde_json::to_vec(convening).map_err(AppError::inside)?;
        let body = digest([scheme.as_bytes(), asked.as_slice()]);
        let now = self.clock.now();
        let mut tx = self.db.begin_write().await?;
        if let Some(reply) = replied(self, &mut tx, key.as_deref(), actor, &body).await? {
            return serde_json::from_str(&reply).map_err(AppError::unreadable);
        }
        if convening.authority != actor.authority || self.is_unshared(actor) {
            return Err(AppError::NotFound);
        }
        let edition = self.in_force(&actor.authority, scheme)?;
        let definition = &edition.definition;
        let nobody = BTreeSet::new();
        let room = Room {
            definition,
            meets: definition.meets().ok_or(AppError::NotFound)?,
            actor,
            case: None,
            kept_away: &nobody,
            seniors: &nobody,
            now,
        };
        let event = decide::convene(&room, convening)?;
        let id = MeetingId(self.chance.id());
        let loaded = Loaded {
            id,
            edition: edition.hash.clone(),
            meeting: Meeting::default(),
            history: Vec::new(),
            ring: Ring::default(),
        };
        let called = [event];
        let meeting = append(
            self,
            &mut tx,
            definition,
            loaded,
            actor,
            called.to_vec(),
            now,
        )
        .await?;
        self.tell_of(&mut tx, definition, id, &meeting, &called)
            .await?;
        self.bring_waiting(&mut tx, &meeting.authority, &meeting.scheme)
            .await?;
        let reply = serde_json::to_string(&id).map_err(AppError::inside)?;
        keep_reply(self, &mut tx, key, actor, body, reply, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Does what was asked of a meeting, wholly or not at all. Answers the meeting's version afterwards.
    ///
    /// # Errors
    /// `NotFound` for an unknown meeting, one of another authority, and a case that is not on its agenda or may not be seen; else
    /// why it was refused. Nothing has changed then.
    pub async fn ask(self: &Arc<Self>, request: MeetingRequest) -> Result<u64, AppError> {
        match request.ask {
            // These follow from something else: a case put on the agenda, and its own action.
            Ask::List(_) | Ask::Settle { .. } => Err(AppError::NotFound),
            ask => {
                let wish = Wish::Ask(ask);
                self.wish(request.meeting, wish, request.key, request.actor)
                    .await
            }
        }
    }

    /// Puts a case on the agenda of a meeting: its agencies are asked, by when is reckoned, and whether it comes first.
    ///
    /// # Errors
    /// `NotFound` for an unknown meeting or case, and one that may not be seen; why it was refused.
    pub async fn put_on_agenda(
        self: &Arc<Self>,
        actor: &Actor,
        meeting: MeetingId,
        case: CaseId,
        key: Option<String>,
    ) -> Result<u64, AppError> {
        self.wish(meeting, Wish::List(case), key, actor.clone())
            .await
    }

    async fn wish(
        self: &Arc<Self>,
        meeting: MeetingId,
        wish: Wish,
        key: Option<String>,
        actor: Actor,
    ) -> Result<u64, AppError> {
        self.detached(move |app| {
            let (wish, key, actor) = (wish.clone(), key.clone(), actor.clone());
            async move { Box::pin(app.wish_now(meeting, wish, key, actor)).await }
        })
        .await
    }

    async fn wish_now(
        self: &Arc<Self>,
        id: MeetingId,
        wish: Wish,
        key: Option<String>,
        actor: Actor,
    ) -> Result<u64, AppError> {
        let mut tx = self.db.begin_write().await?;
        let loaded = stream::load(&self.keys, &mut tx, id).await?;
        let definition = self.room_of(&actor, &loaded).await?;
        let case = match &wish {
            Wish::Ask(ask) => ask.case(&loaded.meeting),
            Wish::List(case) => Some(*case),
        };
        let what = wish.name();
        let done = self
            .decided(&mut tx, (loaded, &definition), wish, key, &actor, case)
            .await;
        match (case, done) {
            (_, Ok(version)) => {
                tx.commit().await?;
                Ok(version)
            }
            (Some(case), Err(refusal)) => {
                drop(tx);
                self.log_refusal(&actor, case, what, &refusal).await?;
                Err(refusal)
            }
            (None, Err(refusal)) => Err(refusal),
        }
    }

    async fn decided(
        &self,
        tx: &mut Tx,
        (loaded, definition): (Loaded, &Definition),
        wish: Wish,
        key: Option<String>,
        actor: &Actor,
        case: Option<CaseId>,
    ) -> Result<u64, AppError> {
        let id = loaded.id;
        let asked = serde_json::to_vec(&wish).map_err(AppError::inside)?;
        let body = digest([id.0.as_bytes().as_slice(), asked.as_slice()]);
        let about = match case {
            Some(case) => Some(self.case_at_table(tx, actor, &loaded.meeting, case).await?),
            None => None,
        };
        if let Some(reply) = replied(self, tx, key.as_deref(), actor, &body).await? {
            return serde_json::from_str(&reply).map_err(AppError::unreadable);
        }
        let elsewhere = |about: &AtTable| about.scheme != loaded.meeting.scheme;
        if about.as_ref().is_some_and(elsewhere) {
            return Err(AppError::NotFound);
        }
        let now = self.clock.now();
        let nobody = BTreeSet::new();
        let seniors = if matches!(wish, Wish::Ask(Ask::Come | Ask::Accept)) {
            let people = self.forum_people(tx, definition, &loaded.meeting.authority);
            people.await?.seniors()
        } else {
            BTreeSet::new()
        };
        let room = Room {
            definition,
            meets: definition.meets().ok_or(AppError::NotFound)?,
            actor,
            case: about.as_ref().map(|about| &about.case),
            kept_away: about.as_ref().map_or(&nobody, |about| &about.kept_away),
            seniors: &seniors,
            now,
        };
        let what = wish.name();
        let ask = match wish {
            Wish::Ask(ask) => ask,
            Wish::List(case) => Ask::List(self.listing(tx, &room, &loaded.meeting, case).await?),
        };
        let happened = decide::decide(&room, &loaded.meeting, &ask)?;
        let before = loaded.meeting.clone();
        let edition = loaded.edition.clone();
        let mut meeting =
            append(self, tx, definition, loaded, actor, happened.clone(), now).await?;
        for event in &happened {
            self.follow(tx, &room, &before, &meeting, event).await?;
        }
        self.tell_of(tx, definition, id, &meeting, &happened)
            .await?;
        let after = Loaded {
            id,
            edition,
            meeting: meeting.clone(),
            history: Vec::new(),
            ring: Ring::default(),
        };
        match &happened[..] {
            [Event::Moved { .. }] => {
                meeting = self.ask_by_another_day(tx, definition, after).await?;
            }
            [Event::Left] => self.open_views(tx, id).await?,
            _ => {}
        }
        let reply = serde_json::to_string(&meeting.version).map_err(AppError::inside)?;
        keep_reply(self, tx, key, actor, body, reply, now).await?;
        if let Some(case) = case {
            let what = format!("forum: {what}");
            let mut look = self.access_row(now, actor, Operation::Alteration, Some(case), &what);
            let form = match &ask {
                Ask::Answer { .. } => Some(&room.meets.answer.form),
                Ask::View { .. } => Some(&room.meets.view.form),
                _ => None,
            };
            look.classes = classes_of(form.and_then(|form| definition.records.get(&**form)));
            self.write_look(tx, &look).await?;
        }
        Ok(meeting.version)
    }

    /// Whether somebody may know of the meetings of an authority.
    pub(super) fn knows_of_meetings(&self, actor: &Actor, authority: &str) -> Result<(), AppError> {
        let opens = self.definitions.access.opens(&actor.role);
        if authority == actor.authority && opens && !self.is_unshared(actor) {
            return Ok(());
        }
        Err(AppError::NotFound)
    }

    /// The rules of a meeting, for somebody who may know of it.
    pub(super) async fn room_of(
        &self,
        actor: &Actor,
        loaded: &Loaded,
    ) -> Result<Arc<Definition>, AppError> {
        let authority = &loaded.meeting.authority;
        self.knows_of_meetings(actor, authority)?;
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, authority);
        pinned.await
    }

    /// A case that somebody may open and act on, and who is kept away from it.
    async fn case_at_table(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        meeting: &Meeting,
        id: CaseId,
    ) -> Result<AtTable, AppError> {
        let loaded = history::load(&self.keys, tx, id).await?;
        let now = self.clock.now();
        let own = standing(tx, actor, id, now).await?;
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, &loaded.case.authority);
        let definition = pinned.await?;
        let about = About::case(&definition, id, &loaded.case, own, now);
        self.definitions.access.may_act(actor, about)?;
        Ok(AtTable {
            kept_away: self.away(tx, meeting, id).await?,
            scheme: definition.scheme.scheme.to_string(),
            case: loaded.case,
        })
    }

    /// The accounts that are not in the room for a case: those who have a conflict with it, and whoever may not open it otherwise.
    pub(super) async fn away(
        &self,
        tx: &mut Tx,
        meeting: &Meeting,
        case: CaseId,
    ) -> Result<BTreeSet<String>, AppError> {
        let mut away = ties::kept_away(tx, case).await?;
        let restricted = !store::ties::standing(tx, case.0).await?.is_empty();
        for person in meeting.people.values().map(|person| &person.who) {
            let out = if restricted {
                !self.opens(tx, person, case, &meeting.authority).await?
            } else {
                self.is_unshared(person)
            };
            if out {
                away.insert(person.id.clone());
            }
        }
        Ok(away)
    }
}

/// A case that a meeting talks about, and the accounts that are kept away from it.
struct AtTable {
    case: Case,
    scheme: String,
    kept_away: BTreeSet<String>,
}
