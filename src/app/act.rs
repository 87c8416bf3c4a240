//! The write door: every change of a case passes here, detached from whoever asked, in one transaction.

use std::sync::Arc;

use fail::fail_point;
use serde::{Deserialize, Serialize};

use super::App;
use super::digest::digest;
use super::error::AppError;
use super::history::{self, Loaded, append};
use super::looks;
use super::opened::standing;
use super::read::{NOT_WHOLE, form_of};
use super::replies::{keep_reply, replied};
use super::staff::actor_of;
use super::standing::About;
use crate::domain::id::CaseId;
use crate::domain::look::Operation;
use crate::domain::pii::withheld;
use crate::engine::command::{Actor, Command};
use crate::engine::decide::decide_between;
use crate::engine::definition::Definition;
use crate::engine::definition::builtin::CONFIRM;
use crate::engine::definition::record::Answers;
use crate::engine::effects::{Effect, effects};
use crate::engine::event::Event;
use crate::engine::parties;
use crate::mail::Kind;
use crate::store::{At, Tx, idempotency, outbox, staff};

/// An action asked for at an edge.
#[derive(Clone)]
pub struct Request {
    pub case: CaseId,
    pub action: String,
    pub record: Answers,
    pub rationale: String,
    pub expected: Option<u64>,
    /// The sender's own name for this command: sent twice, it is done once (L16).
    pub key: Option<String>,
    pub actor: Actor,
}

withheld!(Request);

/// Where an action is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// By somebody on a case: a meeting that talks about it has a say.
    Desk,
    /// By a meeting, on what was decided there.
    Table,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub version: u64,
    pub state: String,
    /// The action that now waits for a second person.
    pub pending: Option<String>,
    /// The authority that has the case now; whoever hands it over does not see it any more.
    pub authority: String,
}

impl App {
    /// Does what was asked, wholly or not at all. A caller that goes away does not stop it half-way.
    ///
    /// # Errors
    /// Why it was refused; nothing has changed then.
    pub async fn act(self: &Arc<Self>, request: Request) -> Result<Done, AppError> {
        let (actor, case, action) = (request.actor.clone(), request.case, request.action.clone());
        let done = self.detached(move |app| {
            let request = request.clone();
            async move { app.act_now(request).await }
        });
        let done = done.await;
        if let Err(refusal) = &done {
            self.log_refusal(&actor, case, &action, refusal).await?;
        }
        done
    }

    /// Does what a machine asks for. A machine is nobody's second person (L4).
    ///
    /// # Errors
    /// Why it was refused; nothing has changed then.
    pub async fn act_for_machine(self: &Arc<Self>, request: Request) -> Result<Done, AppError> {
        if request.action == CONFIRM {
            let why = "A second person confirms, and a machine is nobody";
            return Err(AppError::Forbidden(why.to_owned()));
        }
        self.act(request).await
    }

    async fn act_now(&self, request: Request) -> Result<Done, AppError> {
        let mut tx = self.db.begin_write().await?;
        let done = self.act_in(&mut tx, request, From::Desk).await?;
        fail_point!("act.before_commit");
        tx.commit().await?;
        fail_point!("act.after_commit");
        Ok(done)
    }

    /// Does it as part of a transaction. What was refused has written nothing.
    pub(super) async fn act_in(
        &self,
        tx: &mut Tx,
        request: Request,
        from: From,
    ) -> Result<Done, AppError> {
        let body = digest_of(&request)?;
        let Loaded {
            id,
            edition,
            mut case,
            history,
            ring,
            ..
        } = history::load(&self.keys, tx, request.case).await?;
        self.tell_who_was_there(tx, id, &mut case).await?;
        let definition = self
            .definitions
            .pinned(&self.db, &edition, &case.authority)
            .await?;
        let now = self.clock.now();
        let standing = standing(tx, &request.actor, id, now).await?;
        let reply = replied(self, tx, request.key.as_deref(), &request.actor, &body).await?;
        // Whoever must not know of the case any more is not told it again either (L10).
        if let Some(reply) = reply.filter(|_| !standing.conflict) {
            return self.told_again(tx, &request, now, &reply).await;
        }
        let about = About::case(&definition, id, &case, standing, now);
        let access = &self.definitions.access;
        access.may_act(&request.actor, about)?;
        let sight = access.sight(&request.actor, about)?;
        let form = form_of(&definition, &case, &request.action, &request.record);
        if form.is_some_and(|form| !sight.is_whole(form)) {
            return Err(AppError::Forbidden(NOT_WHOLE.to_owned()));
        }
        let settling = match from {
            From::Desk => {
                self.settle_at_table(tx, &definition, &request, &case)
                    .await?
            }
            From::Table => None,
        };
        let command = Command {
            action: request.action.clone(),
            record: request.record.clone(),
            rationale: request.rationale.clone(),
            expected: request.expected,
            actor: request.actor.clone(),
            now,
        };
        let target = self.target(&case, &command.action, &command.record).await?;
        let between = target.as_ref().map(|target| target.from(&edition));
        let happened = decide_between(&definition, between, &case, &command)?;
        let declared = definition.scheme.actions.get(&request.action);
        let record = declared.and_then(|action| action.record.as_deref());
        let classes = looks::classes_of(record.and_then(|name| definition.records.get(name)));
        let moved = happened
            .iter()
            .any(|happening| matches!(happening.event, Event::Migrated { .. }));
        let target = target.filter(|_| moved).map(|target| target.definition);
        let alerts = effects(&definition, target.as_deref(), &case, &happened);
        let filed = happened.iter().map(|happening| &happening.event);
        let marks = parties::marks(&definition, filed);
        let before = Arc::clone(&definition);
        let definition = target.unwrap_or(definition);
        let version = case.version;
        let told = before.to_referrer(&case.capacity, &case.state, case.outcome.as_deref());
        let place = (id, case, ring);
        let case = append(self, tx, &definition, &edition, place, happened, now).await?;
        self.screen(tx, id, &marks).await?;
        self.alert(tx, &definition, id, version, alerts).await?;
        if let Some(settling) = settling {
            self.settled_at_table(tx, &definition, settling, &request, case.version)
                .await?;
        }
        self.bring_to_ratify(tx, &definition, id, &case).await?;
        let referrer = history.first().map(|opened| &opened.actor);
        if let Some(referrer) = referrer.filter(|referrer| referrer.id != request.actor.id) {
            self.tell_referrer(tx, &definition, (id, &case), told, referrer)
                .await?;
        }
        let done = Done {
            version: case.version,
            state: case.state,
            authority: case.authority,
            pending: case.pending.map(|waits| waits.action),
        };
        let reply = serde_json::to_string(&done).map_err(AppError::inside)?;
        keep_reply(self, tx, request.key, &request.actor, body, reply, now).await?;
        let mut look = self.access_row(
            now,
            &request.actor,
            Operation::Alteration,
            Some(id),
            &request.action,
        );
        look.classes = classes;
        self.write_look(tx, &look).await?;
        Ok(done)
    }

    /// Answers what was answered before. Whoever reads it learns how the case stood, so that is a look.
    async fn told_again(
        &self,
        tx: &mut Tx,
        request: &Request,
        now: jiff::Timestamp,
        reply: &str,
    ) -> Result<Done, AppError> {
        let again = self.access_row(
            now,
            &request.actor,
            Operation::Consultation,
            Some(request.case),
            &format!("answer to {}", request.action),
        );
        self.write_look(tx, &again).await?;
        serde_json::from_str(reply).map_err(AppError::unreadable)
    }

    /// What was answered to the same command sent before, whatever has become of the case since (L16).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answered(&self, actor: &Actor, key: &str) -> Result<Option<Done>, AppError> {
        let mut tx = self.db.begin_read().await?;
        let kept = idempotency::find(&mut tx, key, &actor.id).await?;
        Ok(kept.and_then(|row| serde_json::from_str(&row.reply).ok()))
    }

    /// Writes who is to be told of what happened after `version`, as rows in the same transaction.
    pub(super) async fn alert(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        id: CaseId,
        version: u64,
        alerts: Vec<(usize, Effect)>,
    ) -> Result<(), AppError> {
        if alerts.is_empty() {
            return Ok(());
        }
        let people = staff::all(tx).await?;
        let now = At::from(self.clock.now());
        let language = definition
            .scheme
            .languages
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        for (place, alert) in alerts {
            let Effect::Alert {
                role,
                message,
                authority,
            } = alert;
            let seq = version + 1 + place as u64;
            for person in people.iter().filter(|person| {
                person.authority == authority && person.role == role && !person.disabled
            }) {
                if !self.opens(tx, &actor_of(person), id, &authority).await? {
                    continue;
                }
                let row = outbox::NewMessage {
                    id: self.chance.id(),
                    made_at: now,
                    case_id: Some(id.0),
                    authority: authority.clone(),
                    recipient_kind: Kind::of(&person.agency).as_str().to_owned(),
                    recipient: person.id.to_string(),
                    message: message.clone(),
                    language: language.clone(),
                    due_at: now,
                    dedupe: format!("{id}:{seq}:{}", person.id),
                    meeting_id: None,
                };
                outbox::add(tx, &row).await?;
            }
        }
        Ok(())
    }
}

fn digest_of(request: &Request) -> Result<String, AppError> {
    let record = serde_json::to_vec(&request.record).map_err(AppError::inside)?;
    let case = request.case.to_string();
    Ok(digest([
        case.as_bytes(),
        request.action.as_bytes(),
        &record,
        request.rationale.as_bytes(),
    ]))
}
