//! What somebody may learn of a referral that they made, and the message that there is something new to read. How much that is says the
//! scheme (`to_referrer:`); it is for whoever referred and nobody else, and never for somebody with a conflict (L10).

use std::sync::Arc;

use super::App;
use super::error::AppError;
use super::meetings::stream;
use super::opened::{named, person as account, standing};
use super::referrals::{Receipt, conflicts, receipt};
use super::staff::{Person, actor_of};
use crate::domain::class::FieldClass;
use crate::domain::id::{CaseId, MeetingId};
use crate::engine::case::Case;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::feedback::ToReferrer;
use crate::engine::meeting::table::Promised;
use crate::mail::Kind;
use crate::store::cases::{self, CaseRow};
use crate::store::{At, Tx, meetings, outbox, staff};

/// A referral, as whoever made it may read of it.
pub struct Referral {
    pub receipt: Receipt,
    /// In the reader's words.
    pub definition: Arc<Definition>,
    /// What the scheme tells them beyond how far it has come.
    pub told: Option<ToReferrer>,
    /// What their own agency promised to do about it.
    pub promised: Vec<Promised>,
}

impl App {
    /// What somebody may read of a referral that they made. That is a look.
    ///
    /// # Errors
    /// `NotFound` for a case that there is not, one that somebody else referred, one with which they have a conflict, a role that does
    /// not refer and an agency without an agreement, alike.
    pub async fn see_referral(
        self: &Arc<Self>,
        person: &Person,
        id: CaseId,
    ) -> Result<Referral, AppError> {
        let seen = self.referral_of(person, id).await;
        if let Err(AppError::NotFound) = seen {
            self.log_unopened(&person.actor, id, LOOK).await?;
        }
        let referral = seen?;
        let classes: &[_] = match referral.promised[..] {
            [] => &[FieldClass::Process],
            _ => &[FieldClass::Process, FieldClass::Decision],
        };
        let classes = named(classes.iter().copied());
        self.log_read(&person.actor, Some(id), classes, LOOK)
            .await?;
        Ok(referral)
    }

    async fn referral_of(&self, person: &Person, id: CaseId) -> Result<Referral, AppError> {
        let actor = &person.actor;
        if !person.refers || self.is_unshared(actor) {
            return Err(AppError::NotFound);
        }
        let mut tx = self.db.begin_read().await?;
        let row = cases::one_begun_by(&mut tx, &actor.id, id.0).await?;
        let row = row.ok_or(AppError::NotFound)?;
        if conflicts(&mut tx, actor).await?.contains(&id.0) {
            return Err(AppError::NotFound);
        }
        // As for the receipt: where the case went shows in nothing.
        let pinned = self
            .definitions
            .pinned(&self.db, &row.edition, &actor.authority);
        let definition = self.in_words_of(actor, pinned.await?);
        let told = told(&definition, &row).cloned();
        let promised = match told {
            Some(_) => self.promised_by(&mut tx, &definition, actor, &row).await?,
            None => Vec::new(),
        };
        Ok(Referral {
            receipt: receipt(&definition, &row),
            told,
            promised,
            definition,
        })
    }

    /// What an actor's agency promised for a case, where it may be told of it.
    async fn promised_by(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        actor: &Actor,
        row: &CaseRow,
    ) -> Result<Vec<Promised>, AppError> {
        let Some(meets) = definition.meets() else {
            return Ok(Vec::new());
        };
        let agreements = self.definitions.access.agreements();
        let between = agreements.between(&actor.agency, &row.authority, self.clock.now());
        let shared = between.is_some_and(|one| one.fields.contains(&FieldClass::Decision));
        if !actor.agency.is_empty() && !shared {
            return Ok(Vec::new());
        }
        let mut promised = Vec::new();
        for kept in meetings::promised_for(tx, row.id, meets.agency_of(actor)).await? {
            let meeting = stream::load(&self.keys, tx, MeetingId(kept.meeting_id))
                .await?
                .meeting;
            promised.extend(meeting.promised(kept.id).cloned());
        }
        Ok(promised)
    }

    /// Writes to whoever referred a case where there is something else to read of it than `before`, in the same transaction: the
    /// message that there is something to do, which names nothing (L8).
    pub(super) async fn tell_referrer(
        &self,
        tx: &mut Tx,
        definition: &Definition,
        (id, case): (CaseId, &Case),
        before: Option<&ToReferrer>,
        referrer: &Actor,
    ) -> Result<(), AppError> {
        let after = definition.to_referrer(&case.capacity, &case.state, case.outcome.as_deref());
        if !after.is_some_and(|after| after.is_news_after(before)) {
            return Ok(());
        }
        let Some(account) = account(referrer) else {
            return Ok(());
        };
        let person = staff::get(tx, account).await?;
        let Some(person) = person.filter(|person| !person.disabled) else {
            return Ok(());
        };
        let (actor, now) = (actor_of(&person), self.clock.now());
        if standing(tx, &actor, id, now).await?.conflict || self.is_unshared(&actor) {
            return Ok(());
        }
        let Some(edition) = self.first_edition(&person.authority) else {
            return Ok(());
        };
        let scheme = &edition.definition.scheme;
        let language = scheme.languages.first().map(ToString::to_string);
        let message = outbox::NewMessage {
            id: self.chance.id(),
            made_at: At::from(now),
            case_id: None,
            authority: person.authority.clone(),
            recipient_kind: Kind::of(&person.agency).as_str().to_owned(),
            recipient: person.id.to_string(),
            message: scheme.task_message.to_string(),
            language: language.unwrap_or_default(),
            due_at: At::from(now),
            dedupe: format!("{id}:{}:referrer", case.version),
            meeting_id: None,
        };
        outbox::add(tx, &message).await?;
        Ok(())
    }
}

/// What looks at one's own referral are called in the access log.
const LOOK: &str = "own referral";

fn told<'a>(definition: &'a Definition, row: &CaseRow) -> Option<&'a ToReferrer> {
    definition.to_referrer(&row.capacity, &row.state, row.outcome.as_deref())
}
