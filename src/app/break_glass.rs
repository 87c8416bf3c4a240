//! Opening a case that somebody may not open, or not see whole, because a life may hang on it. It is theirs for an hour; two
//! people are told in the same transaction, and somebody else reviews it. If any of that cannot be written, nothing is opened.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::access::Right;
use super::digest::digest;
use super::error::AppError;
use super::look_reviews::Kind;
use super::looks::SEARCH;
use super::opened::standing;
use super::reason::{LONGEST_REASON, REASON};
use super::reasons::Place;
use super::replies::{keep_reply, replied};
use super::staff::Person;
use super::standing::{About, Sight, Standing};
use super::{App, history};
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::look::{Operation, Purpose};
use crate::domain::reference::Reference;
use crate::domain::refusal::FieldError;
use crate::domain::tie::TieKind;
use crate::store::access_log::AccessRow;
use crate::store::broken_glass::{self, GlassRow};
use crate::store::{At, Tx, cases, ties};

/// How long a case stays open so.
pub const LASTS: SignedDuration = SignedDuration::from_mins(60);

/// The field of the reference.
pub const REFERENCE: &str = "reference";

/// The fewest characters of a reason: a sentence, and not 'urgent'.
pub const SHORTEST_REASON: usize = 20;

/// What the access log says of it.
const OPENED: &str = "case in an emergency";

/// The one answer where nothing is opened: unknown, mistyped, another authority's, kept away from, or open to them already.
const NONE: &str = "No case can be opened with this";

/// What somebody asks for.
#[derive(Clone)]
pub struct Emergency {
    /// As it was read aloud.
    pub reference: String,
    /// Why, in their own words.
    pub reason: String,
    /// The form's own key: sent twice, it is done once (L16).
    pub key: Option<String>,
}

impl App {
    /// Opens a case for an hour. While it lasts, asking again leads there again and tells nobody anew.
    ///
    /// # Errors
    /// `NotFound` for roles that look at no cases; `Forbidden` for whoever has not just proved who they are; `Fields` for a
    /// reason that says nothing, and, in the same words whatever the cause, when no case is opened.
    pub async fn break_glass(
        self: &Arc<Self>,
        person: &Person,
        asked: Emergency,
    ) -> Result<CaseId, AppError> {
        if !person.reads_cases {
            return Err(AppError::NotFound);
        }
        if !person.confirmed {
            let why = "Confirm first that it is you";
            return Err(AppError::Forbidden(why.to_owned()));
        }
        let asked = checked(asked)?;
        let person = person.clone();
        let opened = self.detached(move |app| {
            let (person, asked) = (person.clone(), asked.clone());
            async move { app.break_glass_now(&person, asked).await }
        });
        let none = || AppError::Fields(vec![FieldError::new(REFERENCE, NONE)]);
        opened.await?.ok_or_else(none)
    }

    async fn break_glass_now(
        &self,
        person: &Person,
        asked: Emergency,
    ) -> Result<Option<CaseId>, AppError> {
        let actor = &person.actor;
        let body = digest([asked.reference.as_bytes(), asked.reason.as_bytes()]);
        let mut tx = self.db.begin_write().await?;
        if let Some(reply) = replied(self, &mut tx, asked.key.as_deref(), actor, &body).await? {
            return Ok(Some(CaseId(reply.parse().map_err(AppError::inside)?)));
        }
        let now = self.clock.now();
        let found = self.needed(&mut tx, person, &asked.reference, now).await?;
        let case = found.map(|(case, _)| case);
        let look = AccessRow {
            purpose: Purpose::Emergency.name().to_owned(),
            reason: Some(asked.reason),
            ..self.access_row(now, actor, Operation::Consultation, case, SEARCH)
        };
        match found {
            None => self.write_look(&mut tx, &look).await?,
            Some((case, standing)) => {
                let look = AccessRow {
                    classes: FieldClass::Process.name().to_owned(),
                    what: OPENED.to_owned(),
                    ..look
                };
                self.write_look(&mut tx, &look).await?;
                if standing.glass_until.is_none() {
                    self.open_for_an_hour(&mut tx, &look, case).await?;
                }
                let reply = case.to_string();
                keep_reply(self, &mut tx, asked.key, actor, body, reply, now).await?;
            }
        }
        tx.commit().await?;
        Ok(case)
    }

    /// The case of this reference, and how somebody stands to it, if they may open it so and have to.
    async fn needed(
        &self,
        tx: &mut Tx,
        person: &Person,
        reference: &str,
        now: Timestamp,
    ) -> Result<Option<(CaseId, Standing)>, AppError> {
        let Ok(reference) = Reference::parse(reference) else {
            return Ok(None);
        };
        let Some(row) = cases::by_reference(tx, &reference.to_string()).await? else {
            return Ok(None);
        };
        let loaded = history::load(&self.keys, tx, CaseId(row.id)).await?;
        let (id, case) = (loaded.id, &loaded.case);
        let pinned = self
            .definitions
            .pinned(&self.db, &loaded.edition, &case.authority);
        let standing = standing(tx, &person.actor, id, now).await?;
        let definition = pinned.await?;
        let about = About::case(&definition, id, case, standing, now);
        let access = &self.definitions.access;
        let may = access.may(person, Right::BreakGlass, about)?;
        let sight = access.sight(person, about).unwrap_or_default();
        let needs = standing.glass_until.is_some() || sight != Sight::whole();
        Ok((may && needs).then_some((id, standing)))
    }

    /// Opens the case from the moment of the look, and has people told and asked.
    async fn open_for_an_hour(
        &self,
        tx: &mut Tx,
        look: &AccessRow,
        case: CaseId,
    ) -> Result<(), AppError> {
        let id = self.chance.id();
        let reason = look.reason.as_deref().unwrap_or_default();
        let opened = GlassRow {
            id,
            case_id: case.0,
            staff_id: look.actor.parse().map_err(AppError::inside)?,
            at: look.at,
            ends_at: At::from(look.at.timestamp() + LASTS),
            reason: self.reasons().await?.sealed(Place::Glass(id), reason),
        };
        broken_glass::add(tx, &opened).await?;
        let away = kept_away(tx, case).await?;
        self.ask_about(tx, look, Kind::BrokenGlass, 1, &away).await
    }
}

/// Whoever must not learn of the case by being told of it.
async fn kept_away(tx: &mut Tx, case: CaseId) -> Result<Vec<Uuid>, AppError> {
    let standing = ties::standing(tx, case.0).await?.into_iter();
    let away = standing.filter(|tie| {
        let kind = TieKind::parse(&tie.kind);
        kind.is_some_and(TieKind::ends_with_two)
    });
    Ok(away.filter_map(|tie| tie.staff_id).collect())
}

/// What is asked for with its reason made fit to be kept.
fn checked(asked: Emergency) -> Result<Emergency, AppError> {
    let reason = asked.reason.trim().to_owned();
    let length = reason.chars().count();
    let mut wrong = Vec::new();
    if asked.reference.trim().is_empty() {
        wrong.push(FieldError::new(REFERENCE, "Enter the reference"));
    }
    if length < SHORTEST_REASON {
        let say = "Say in a sentence what may happen to whom if you wait";
        wrong.push(FieldError::new(REASON, say));
    } else if length > LONGEST_REASON {
        wrong.push(FieldError::new(
            REASON,
            "Say why in 4,000 characters or fewer",
        ));
    }
    if wrong.is_empty() {
        Ok(Emergency { reason, ..asked })
    } else {
        Err(AppError::Fields(wrong))
    }
}
