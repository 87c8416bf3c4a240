//! Messages that did not arrive, or may not have: what the people are told who mind them, and what they decide. Nothing
//! here names a case or its parties.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::App;
use super::digest::digest;
use super::error::AppError;
use super::reason;
use super::reasons::Place;
use super::replies::{keep_reply, replied};
use super::staff::Person;
use crate::engine::command::Actor;
use crate::store::outbox::{DecisionRow, MessageRow};
use crate::store::{At, Tx, outbox};

/// How long a message may be due before people are told that mail does not go out.
const LATE_AFTER: SignedDuration = SignedDuration::from_mins(2);

/// Messages that are due and have not gone out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LateMessages {
    pub number: i64,
    pub since: Timestamp,
}

/// A message that a person must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undelivered {
    pub id: Uuid,
    /// Whom it was for, by name.
    pub to: String,
    pub mishap: Mishap,
    pub made_at: Timestamp,
    /// When it came to this.
    pub since: Timestamp,
    pub attempts: i64,
}

/// Why a message is a person's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// The server will never have it.
    Refused,
    /// It may have arrived, and must not arrive twice.
    InDoubt,
    /// There is no account, or no address, to send it to.
    NoAddress,
    /// There is no text to send.
    NoText,
}

/// What a person decides about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    SendAgain,
    /// In another way, told in their own words.
    Settled(String),
}

impl App {
    /// An authority's messages that have been due for two minutes and have not gone out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn late_messages(&self, authority: &str) -> Result<Option<LateMessages>, AppError> {
        let before = self.clock.now() - LATE_AFTER;
        let mut tx = self.db.begin_read().await?;
        let late = outbox::late(&mut tx, authority, before).await?;
        Ok(late.since.map(|since| LateMessages {
            number: late.number,
            since: since.timestamp(),
        }))
    }

    /// The messages of a person's authority that somebody must look at, the oldest first.
    ///
    /// # Errors
    /// `NotFound` for whoever does not mind messages.
    pub async fn undelivered(&self, person: &Person) -> Result<Vec<Undelivered>, AppError> {
        minds(person)?;
        let names = self.names().await?;
        let mut tx = self.db.begin_read().await?;
        let rows = outbox::undelivered(&mut tx, &person.actor.authority).await?;
        let told = |row: MessageRow| Undelivered {
            id: row.id,
            to: names.get(&row.recipient).cloned().unwrap_or_default(),
            mishap: mishap(&row),
            made_at: row.made_at.timestamp(),
            since: row.outcome_at.unwrap_or(row.next_at).timestamp(),
            attempts: row.attempts,
        };
        Ok(rows.into_iter().map(told).collect())
    }

    /// One of them; `None` when somebody has dealt with it already.
    ///
    /// # Errors
    /// `NotFound` for whoever does not mind messages.
    pub async fn undelivered_one(
        &self,
        person: &Person,
        id: Uuid,
    ) -> Result<Option<Undelivered>, AppError> {
        let all = self.undelivered(person).await?;
        Ok(all.into_iter().find(|message| message.id == id))
    }

    /// Carries out a decision and records it with person and time. Sent twice under one key, it is done once (L16); when
    /// somebody else was quicker, nothing is done and `false` answered.
    ///
    /// # Errors
    /// `NotFound` for whoever does not mind messages, and for a message of another authority; `Fields` without a reason
    /// where one is needed.
    pub async fn decide_on_message(
        self: &Arc<Self>,
        person: &Person,
        id: Uuid,
        decision: Decision,
        key: Option<String>,
    ) -> Result<bool, AppError> {
        minds(person)?;
        let decided = word(&decision).to_owned();
        let reason = reason(decision)?;
        let body = digest([
            id.as_bytes(),
            decided.as_bytes(),
            reason.as_deref().unwrap_or_default().as_bytes(),
        ]);
        let decision = self.chance.id();
        let sealed = match &reason {
            None => None,
            Some(reason) => {
                let place = Place::Decision(decision);
                Some(self.reasons().await?.sealed(place, reason))
            }
        };
        let row = DecisionRow {
            id: decision,
            message_id: id,
            at: At::from(self.clock.now()),
            actor: person.actor.id.clone(),
            decision: decided,
            reason: sealed,
        };
        let actor = person.actor.clone();
        let app = Arc::clone(self);
        self.write(move |tx| {
            let (app, row, actor) = (Arc::clone(&app), row.clone(), actor.clone());
            let (body, key) = (body.clone(), key.clone());
            Box::pin(async move { decide_now(&app, tx, row, body, actor, key).await })
        })
        .await
    }
}

async fn decide_now(
    app: &App,
    tx: &mut Tx,
    row: DecisionRow,
    body: String,
    actor: Actor,
    key: Option<String>,
) -> Result<bool, AppError> {
    let message = outbox::get(tx, row.message_id).await?;
    if message.is_none_or(|message| message.authority != actor.authority) {
        return Err(AppError::NotFound);
    }
    if let Some(reply) = replied(app, tx, key.as_deref(), &actor, &body).await? {
        return Ok(reply == true.to_string());
    }
    let done = outbox::decide(tx, &row).await?;
    keep_reply(
        app,
        tx,
        key,
        &actor,
        body,
        done.to_string(),
        row.at.timestamp(),
    )
    .await?;
    Ok(done)
}

fn minds(person: &Person) -> Result<(), AppError> {
    if person.minds_messages {
        Ok(())
    } else {
        Err(AppError::NotFound)
    }
}

fn mishap(row: &MessageRow) -> Mishap {
    match (row.status.as_str(), row.trouble.as_deref()) {
        ("in_doubt", _) => Mishap::InDoubt,
        (_, Some("no_address")) => Mishap::NoAddress,
        (_, Some("no_text")) => Mishap::NoText,
        _ => Mishap::Refused,
    }
}

fn word(decision: &Decision) -> &'static str {
    match decision {
        Decision::SendAgain => "send_again",
        Decision::Settled(_) => "settled",
    }
}

/// The reason that is kept; how something was settled is always told.
fn reason(decision: Decision) -> Result<Option<String>, AppError> {
    let Decision::Settled(reason) = decision else {
        return Ok(None);
    };
    let say = "Say how it was settled";
    reason::checked(&reason, say, say).map(Some)
}
