//! What is proposed for a case past its day, and the second person's word on it (L3, L4). Nothing is decided by the day alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

use super::super::App;
use super::super::digest::digest;
use super::super::error::AppError;
use super::super::history::{self, Loaded};
use super::super::opened::named;
use super::super::reason::checked;
use super::super::reasons::Place;
use super::super::replies::{keep_reply, replied};
use super::super::staff::Person;
use super::{deciders, in_the_way, reviews_keeping};
use crate::domain::class::FieldClass;
use crate::domain::ground::{Ground, Wanted};
use crate::domain::id::CaseId;
use crate::domain::look::Operation;
use crate::domain::pii::withheld;
use crate::domain::refusal::FieldError;
use crate::engine::definition::Definition;
use crate::engine::retention::{Kept, kept};
use crate::engine::years::Years;
use crate::store::erasures::{self, ErasureRow, StepRow};
use crate::store::{At, Tx};

/// The fields of the form, beside the reason.
pub const GROUND: &str = "ground";
pub const YEARS: &str = "years";

/// What the access log says.
const REVIEWED: &str = "review for keeping";

/// What is said to whoever proposed something and would confirm it.
const SECOND: &str = "You proposed this, so another person must confirm it";
/// What is said to whoever decided the case and would confirm that it is forgotten.
const DECIDED: &str =
    "You decided this case or ended it, so somebody else must confirm that it is forgotten";

/// A case past its day, as whoever reviews it sees it.
pub struct Asked {
    pub case: CaseId,
    pub reference: String,
    pub definition: Arc<Definition>,
    /// When it ended.
    pub ended: Timestamp,
    /// The rule by which it is kept.
    pub kept: Kept,
    /// What stands in the way of forgetting it now.
    pub in_the_way: Vec<String>,
    /// What somebody proposed and nobody has settled.
    pub proposed: Option<ErasureRow>,
    /// The names behind ids.
    pub names: BTreeMap<String, String>,
    pub now: Timestamp,
}

/// A proposal about to be made.
#[derive(Clone)]
pub struct NewErasure {
    /// Why, which says what is to happen as well.
    pub ground: Option<Ground>,
    /// After how long what is kept on is looked at again.
    pub years: Option<Years>,
    /// In words that say nothing of anybody.
    pub words: String,
}

withheld!(NewErasure);

/// A case that somebody with the duty may open, past its day.
struct Past {
    loaded: Loaded,
    definition: Arc<Definition>,
    kept: Kept,
}

impl App {
    /// A case past its day, with what is proposed for it.
    ///
    /// # Errors
    /// `NotFound` for whoever has no such duty, for an unknown case, for one that may not be seen, and for one whose day is not over.
    pub async fn see_erasure(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
    ) -> Result<Asked, AppError> {
        reviews_keeping(person)?;
        let now = self.clock.now();
        let past = {
            let mut tx = self.db.begin_read().await?;
            self.past(&mut tx, person, id, now).await
        };
        let past = match past {
            Err(AppError::NotFound) => {
                self.log_unopened(&person.actor, id, REVIEWED).await?;
                return Err(AppError::NotFound);
            }
            past => past?,
        };
        let mut look = self.access_row(
            now,
            &person.actor,
            Operation::Consultation,
            Some(id),
            REVIEWED,
        );
        look.classes = named([FieldClass::Process]);
        self.log_look(look).await?;
        let names = self.names().await?;
        let mut tx = self.db.begin_read().await?;
        let case = past.loaded.case;
        let blocked = in_the_way(&mut tx, &past.definition, (id.0, &case), now).await?;
        Ok(Asked {
            case: id,
            ended: case.state_since,
            reference: case.reference,
            kept: past.kept,
            in_the_way: blocked,
            proposed: self.opened_proposal(&mut tx, id).await?,
            definition: self.in_words_of(&person.actor, past.definition),
            names,
            now,
        })
    }

    /// What is proposed for a case, with its words opened.
    async fn opened_proposal(
        &self,
        tx: &mut Tx,
        id: CaseId,
    ) -> Result<Option<ErasureRow>, AppError> {
        let Some(row) = erasures::waiting_for(tx, id.0).await? else {
            return Ok(None);
        };
        let reasons = self.reasons().await?;
        let words = reasons.opened(Place::Proposal(row.id), &row.words)?;
        Ok(Some(ErasureRow { words, ..row }))
    }

    /// Proposes to forget a case or to keep it on; nothing changes until another person confirms. `false` where something is
    /// proposed already. Sent twice under one key, it is done once (L16).
    ///
    /// # Errors
    /// As `see_erasure`; `Fields` for what is not filled in; `Unmet` with what stands in the way of forgetting it.
    pub async fn propose_erasure(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
        new: NewErasure,
        key: Option<String>,
    ) -> Result<bool, AppError> {
        reviews_keeping(person)?;
        let (app, by) = (Arc::clone(self), person.clone());
        self.write(move |tx| {
            let (app, person) = (Arc::clone(&app), by.clone());
            let (new, key) = (new.clone(), key.clone());
            Box::pin(async move { app.propose_now(tx, &person, id, new, key).await })
        })
        .await
    }

    async fn propose_now(
        &self,
        tx: &mut Tx,
        person: &Person,
        id: CaseId,
        new: NewErasure,
        key: Option<String>,
    ) -> Result<bool, AppError> {
        let now = self.clock.now();
        let body = digest([
            id.0.as_bytes().as_slice(),
            new.ground.map_or("", Ground::name).as_bytes(),
            new.words.as_bytes(),
        ]);
        if let Some(reply) = replied(self, tx, key.as_deref(), &person.actor, &body).await? {
            return Ok(reply == true.to_string());
        }
        let past = self.past(tx, person, id, now).await?;
        if erasures::waiting_for(tx, id.0).await?.is_some() {
            return Ok(false);
        }
        let row = self.proposal(person, &past, &new, now)?;
        if row.wanted == Wanted::Forget.name() {
            let case = &past.loaded.case;
            let blocked = in_the_way(tx, &past.definition, (id.0, case), now).await?;
            if !blocked.is_empty() {
                return Err(AppError::Unmet(blocked));
            }
        }
        let words = self
            .reasons()
            .await?
            .sealed(Place::Proposal(row.id), &row.words);
        erasures::add(tx, &ErasureRow { words, ..row }).await?;
        self.log_erasure(tx, person, id, "proposed for keeping")
            .await?;
        let actor = &person.actor;
        keep_reply(self, tx, key, actor, body, true.to_string(), now).await?;
        Ok(true)
    }

    fn proposal(
        &self,
        person: &Person,
        past: &Past,
        new: &NewErasure,
        now: Timestamp,
    ) -> Result<ErasureRow, AppError> {
        let field = |name: &str, text: &str| AppError::Fields(vec![FieldError::new(name, text)]);
        let ground = new.ground;
        let ground = ground.ok_or_else(|| field(GROUND, "Choose what is to happen, and why"))?;
        let today = now.to_zoned(past.definition.zone.clone()).date();
        let review_on = match ground.wanted() {
            Wanted::Forget => None,
            Wanted::Keep => {
                let chosen = new.years.and_then(|years| years.after(today));
                let most = past.kept.reviewed_every.and_then(|most| most.after(today));
                let within = chosen.filter(|day| most.is_none_or(|most| *day <= most));
                let missing = || field(YEARS, "Choose after how long somebody looks again");
                Some(within.ok_or_else(missing)?)
            }
        };
        let case = &past.loaded.case;
        Ok(ErasureRow {
            id: self.chance.id(),
            case_id: past.loaded.id.0,
            reference: case.reference.clone(),
            authority: case.authority.clone(),
            scheme: case.scheme.clone(),
            rule: past.kept.rule.clone(),
            kept_until: At::from(past.kept.until),
            wanted: ground.wanted().name().to_owned(),
            review_on: review_on.as_ref().map(Date::to_string),
            ground: ground.name().to_owned(),
            words: checked(&new.words, "Say why", "Say why")?,
            at: At::from(now),
            done_by: person.actor.id.clone(),
        })
    }

    /// Confirms what another person proposed, or sends it back; whoever proposed it can take it back so. What was confirmed is done in
    /// the same transaction. `false` where there is nothing to settle any more.
    ///
    /// # Errors
    /// As `see_erasure`; `Forbidden` for whoever may not confirm; `Fields` without a reason; `Unmet` with what stands in the way.
    pub async fn settle_erasure(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
        (proposal, confirms): (Uuid, bool),
        reason: &str,
        key: Option<String>,
    ) -> Result<bool, AppError> {
        reviews_keeping(person)?;
        let step = StepRow {
            erasure_id: proposal,
            step: if confirms { "confirmed" } else { "sent_back" }.to_owned(),
            at: At::from(self.clock.now()),
            done_by: person.actor.id.clone(),
            reason: checked(reason, "Say why", "Say why")?,
        };
        let (app, by) = (Arc::clone(self), person.clone());
        let settled = self.write(move |tx| {
            let (app, person) = (Arc::clone(&app), by.clone());
            let (step, key) = (step.clone(), key.clone());
            Box::pin(async move { app.settle_erasure_now(tx, &person, id, step, key).await })
        });
        let forgotten = settled.await?;
        if forgotten == Some(true)
            && let Err(error) = self.destroy_keys().await
        {
            // The case is forgotten all the same; the worker destroys what is left.
            tracing::error!(error.inside = %error, "the key of a forgotten case is still there");
        }
        Ok(forgotten.is_some())
    }

    /// Settles it; answers whether the case was forgotten by that, and `None` where there was nothing to settle.
    async fn settle_erasure_now(
        &self,
        tx: &mut Tx,
        person: &Person,
        id: CaseId,
        step: StepRow,
        key: Option<String>,
    ) -> Result<Option<bool>, AppError> {
        let body = digest([
            step.erasure_id.as_bytes().as_slice(),
            step.step.as_bytes(),
            step.reason.as_bytes(),
        ]);
        if replied(self, tx, key.as_deref(), &person.actor, &body)
            .await?
            .is_some()
        {
            return Ok(Some(false));
        }
        let now = step.at.timestamp();
        let past = self.past(tx, person, id, now).await?;
        let waiting = erasures::waiting_for(tx, id.0).await?;
        let Some(row) = waiting.filter(|row| row.id == step.erasure_id) else {
            return Ok(None);
        };
        let confirms = step.step == "confirmed";
        let forgets = confirms && row.wanted == Wanted::Forget.name();
        if confirms && row.done_by == step.done_by {
            return Err(AppError::Forbidden(SECOND.to_owned()));
        }
        if forgets {
            let case = &past.loaded.case;
            if deciders(&past.loaded.history).contains(&*step.done_by) {
                return Err(AppError::Forbidden(DECIDED.to_owned()));
            }
            let blocked = in_the_way(tx, &past.definition, (id.0, case), now).await?;
            if !blocked.is_empty() {
                return Err(AppError::Unmet(blocked));
            }
        }
        let place = Place::Settled(step.erasure_id, &step.step);
        let reason = self.reasons().await?.sealed(place, &step.reason);
        erasures::add_step(tx, &StepRow { reason, ..step }).await?;
        let what = if forgets {
            "forgotten"
        } else {
            "settled for keeping"
        };
        self.log_erasure(tx, person, id, what).await?;
        if forgets {
            let Past {
                loaded, definition, ..
            } = past;
            self.forget(tx, person, &definition, loaded, row.id).await?;
        }
        let actor = &person.actor;
        keep_reply(self, tx, key, actor, body, String::new(), now).await?;
        Ok(Some(forgets))
    }

    /// A case past its day that this person may open.
    async fn past(
        &self,
        tx: &mut Tx,
        person: &Person,
        id: CaseId,
        now: Timestamp,
    ) -> Result<Past, AppError> {
        let loaded = history::load(&self.keys, tx, id).await?;
        let authority = &loaded.case.authority;
        if !self.opens(tx, &person.actor, id, authority).await? {
            return Err(AppError::NotFound);
        }
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, authority);
        let definition = pinned.await?;
        let kept = kept(&definition, &loaded.case).filter(|kept| kept.until <= now);
        Ok(Past {
            kept: kept.ok_or(AppError::NotFound)?,
            loaded,
            definition,
        })
    }

    async fn log_erasure(
        &self,
        tx: &mut Tx,
        person: &Person,
        id: CaseId,
        what: &str,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let mut look = self.access_row(now, &person.actor, Operation::Erasure, Some(id), what);
        look.classes = named([FieldClass::Process]);
        self.write_look(tx, &look).await
    }
}
