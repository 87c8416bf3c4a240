//! Referrals of signed-in people: sent in under their own account, and followed by a receipt that says how far each has come.
//! Three words are all that whoever referred is told, whatever comes of it (L9), unless the scheme says more: see `feedback`.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::error::AppError;
use super::intake::{Door, Form, Received};
use super::opened::{named, person as account};
use super::staff::Person;
use super::{App, ties};
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::record::Answers;
use crate::engine::definition::roles::Role;
use crate::store::cases::{self, CaseRow};
use crate::store::{self, Tx};

/// The most referrals that are shown at once.
pub const MOST: usize = 100;

/// How far a referral has come, as far as whoever made it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nobody has begun with it.
    Received,
    /// Somebody works on it.
    LookedAt,
    /// Nothing more is done.
    Closed,
}

impl Progress {
    /// The word for it: the same whatever was found or decided.
    pub fn word(self) -> &'static str {
        match self {
            Self::Received => "Received",
            Self::LookedAt => "Being looked at",
            Self::Closed => "Closed",
        }
    }
}

/// What somebody is told of a referral that they made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub case: CaseId,
    pub reference: String,
    /// What the scheme is called.
    pub scheme: String,
    pub received_at: Timestamp,
    pub progress: Progress,
    /// Whether the scheme tells them more than that.
    pub more: bool,
}

/// The referrals that somebody made, newest first.
#[derive(Debug, Default)]
pub struct Receipts {
    pub newest: Vec<Receipt>,
    /// Whether there are older ones.
    pub more: bool,
}

/// A scheme under which somebody may refer.
#[derive(Debug, Clone)]
pub struct WayIn {
    pub scheme: String,
    /// What it is called.
    pub name: String,
}

impl App {
    /// The schemes under which somebody may refer, in the order of their authority's file.
    pub fn ways_to_refer(&self, actor: &Actor) -> Vec<WayIn> {
        let schemes = self.schemes_of(&actor.authority).into_iter();
        let ways = schemes.filter_map(|scheme| {
            let definition = self.referred_under(actor, &scheme).ok()?;
            Some(WayIn {
                scheme,
                name: definition.scheme.name.clone(),
            })
        });
        ways.collect()
    }

    /// The edition under which somebody would refer now, in their own words.
    ///
    /// # Errors
    /// `NotFound` for a scheme that their authority does not run and for a role that does not refer, alike.
    pub fn referred_under(&self, actor: &Actor, scheme: &str) -> Result<Arc<Definition>, AppError> {
        let definition = self.edition_for(actor, scheme)?;
        let role = definition.roles.roles.get(&actor.role);
        if role.is_some_and(|role| role.refers) {
            Ok(definition)
        } else {
            Err(AppError::NotFound)
        }
    }

    /// Makes a case of a referral. Sent twice under one key, it is one case.
    ///
    /// # Errors
    /// `NotFound` as for [`referred_under`](Self::referred_under); what is wrong with its fields; nothing is stored then.
    pub async fn refer(
        self: &Arc<Self>,
        actor: &Actor,
        scheme: &str,
        answers: Answers,
        key: Option<String>,
    ) -> Result<Received, AppError> {
        self.referred_under(actor, scheme)?;
        let door = Door {
            authority: actor.authority.clone(),
            scheme: scheme.to_owned(),
            form: Form::Referral,
        };
        self.receive(door, answers, key, actor.clone()).await
    }

    /// How far the referrals have come that somebody made, wherever they are now. One whose case they have a conflict with is not
    /// among them (L10). That is a look.
    ///
    /// # Errors
    /// `NotFound` for a role that does not refer.
    pub async fn see_referrals(self: &Arc<Self>, person: &Person) -> Result<Receipts, AppError> {
        if !person.refers {
            return Err(AppError::NotFound);
        }
        let actor = &person.actor;
        if self.is_unshared(actor) {
            return Ok(Receipts::default());
        }
        let classes = named([FieldClass::Process]);
        self.log_read(actor, None, classes, "own referrals").await?;
        let mut tx = self.db.begin_read().await?;
        let hidden = conflicts(&mut tx, actor).await?;
        let most = i64::try_from(MOST + 1 + hidden.len()).map_err(AppError::inside)?;
        let mut rows = cases::begun_by(&mut tx, &actor.id, most).await?;
        drop(tx);
        rows.retain(|row| !hidden.contains(&row.id));
        let mut receipts = Receipts {
            newest: Vec::new(),
            more: rows.len() > MOST,
        };
        for row in rows.into_iter().take(MOST) {
            receipts.newest.push(self.receipt(actor, &row).await?);
        }
        Ok(receipts)
    }

    /// The edition is read as the reader's own authority runs it: where the case went shows in nothing.
    async fn receipt(&self, actor: &Actor, row: &CaseRow) -> Result<Receipt, AppError> {
        let edition = &row.edition;
        let pinned = self.definitions.pinned(&self.db, edition, &actor.authority);
        Ok(receipt(&*pinned.await?, row))
    }
}

/// How far a referral has come.
pub(super) fn receipt(definition: &Definition, row: &CaseRow) -> Receipt {
    let scheme = &definition.scheme;
    let progress = if !row.open {
        Progress::Closed
    } else if row.state == *scheme.intake.state {
        Progress::Received
    } else {
        Progress::LookedAt
    };
    let told = definition.to_referrer(&row.capacity, &row.state, row.outcome.as_deref());
    Receipt {
        case: CaseId(row.id),
        reference: row.reference.clone(),
        scheme: scheme.name.clone(),
        received_at: row.received_at.timestamp(),
        progress,
        more: told.is_some(),
    }
}

/// The account at an authority whose part in a scheme is to refer.
pub(super) fn professional<'a>(
    definition: &Definition,
    accounts: &'a [Actor],
    authority: &str,
) -> Option<&'a Actor> {
    let roles = &definition.roles.roles;
    let only_refers = |role: &Role| role.refers && !role.reads_cases;
    let fits = |account: &&Actor| {
        account.authority == authority && roles.get(&account.role).is_some_and(only_refers)
    };
    accounts.iter().find(fits)
}

/// The cases that somebody has a conflict with.
pub(super) async fn conflicts(tx: &mut Tx, actor: &Actor) -> Result<BTreeSet<Uuid>, AppError> {
    let Some(staff) = account(actor) else {
        return Ok(BTreeSet::new());
    };
    let ties = store::ties::of_person(tx, staff).await?;
    let of_cases = ties.chunk_by(|one, next| one.case_id == next.case_id);
    let kept_away = of_cases.filter(|ties| ties::standing_of(ties, Some(staff)).conflict);
    Ok(kept_away.map(|ties| ties[0].case_id).collect())
}
