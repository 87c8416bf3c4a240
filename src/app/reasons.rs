//! Reasons that people write where they belong to no history: sealed before they are stored, and opened for whoever is shown them. A reason opens
//! in its own row only. A plain one is none of ours: whoever can write to the database could have put it there.

use std::fmt;

use uuid::Uuid;

use super::App;
use super::chance::Chance;
use super::error::AppError;
use super::keys::Kept;
use super::looks::AccessRow;
use crate::store::Tx;
use crate::store::ties::{self, StepRow, TieRow};
use crate::vault::keys::StreamKey;

/// The row that a reason stands in.
#[derive(Debug, Clone, Copy)]
pub enum Place<'r> {
    /// A look in the access log.
    Look(Uuid),
    /// A tie between a person and a case.
    Tie(Uuid),
    /// What became of a tie.
    Step(&'r StepRow),
    /// A case opened in an emergency.
    Glass(Uuid),
    /// What a reviewer said of a look that was asked about for this cause.
    Verdict(Uuid, &'r str),
    /// What was decided about a message.
    Decision(Uuid),
    /// What somebody proposed for a case past its day.
    Proposal(Uuid),
    /// What became of that, in this step.
    Settled(Uuid, &'r str),
    /// The word that lets messages leave in this epoch.
    Release(i64),
}

/// What a reason is bound to. It stands in no row, so it must never change.
impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Look(id) => write!(f, "access_log.reason {id}"),
            Self::Tie(id) => write!(f, "ties.because {id}"),
            Self::Step(step) => {
                let (tie, what, by) = (step.tie_id, &step.step, &step.done_by);
                let at = step.at.timestamp().as_microsecond();
                write!(f, "tie_steps.reason {tie} {what} {at} {by}")
            }
            Self::Glass(id) => write!(f, "broken_glass.reason {id}"),
            Self::Verdict(look, kind) => write!(f, "look_verdicts.reason {look} {kind}"),
            Self::Decision(id) => write!(f, "outbox_decisions.reason {id}"),
            Self::Proposal(id) => write!(f, "erasures.words {id}"),
            Self::Settled(id, step) => write!(f, "erasure_steps.reason {id} {step}"),
            Self::Release(epoch) => write!(f, "outbox_releases.reason {epoch}"),
        }
    }
}

/// What seals and opens reasons.
pub struct Reasons<'a> {
    key: StreamKey,
    chance: &'a Chance,
}

impl App {
    /// What seals and opens reasons here.
    ///
    /// # Errors
    /// When its key cannot be opened.
    pub async fn reasons(&self) -> Result<Reasons<'_>, AppError> {
        let (chance, now) = (&self.chance, self.clock.now());
        let key = self.keys.kept(Kept::Reasons, chance, now).await?;
        Ok(Reasons { key, chance })
    }

    /// Stores a tie.
    ///
    /// # Errors
    /// When a database fails.
    pub async fn add_tie(&self, tx: &mut Tx, tie: &TieRow) -> Result<(), AppError> {
        let because = self
            .reasons()
            .await?
            .sealed(Place::Tie(tie.id), &tie.because);
        let stored = TieRow {
            because,
            ..tie.clone()
        };
        Ok(ties::add(tx, &stored).await?)
    }

    /// Stores what became of a tie.
    ///
    /// # Errors
    /// When a database fails.
    pub async fn add_step(&self, tx: &mut Tx, step: &StepRow) -> Result<(), AppError> {
        let reason = self
            .reasons()
            .await?
            .sealed(Place::Step(step), &step.reason);
        let stored = StepRow {
            reason,
            ..step.clone()
        };
        Ok(ties::add_step(tx, &stored).await?)
    }
}

impl Reasons<'_> {
    /// A reason as it is stored.
    #[must_use]
    pub fn sealed(&self, place: Place<'_>, reason: &str) -> String {
        let once = self.chance.bytes();
        self.key.seal_text(&place.to_string(), reason, once)
    }

    /// A reason from what is stored.
    ///
    /// # Errors
    /// `Inside` with the place, when it was not sealed here for it.
    pub fn opened(&self, place: Place<'_>, stored: &str) -> Result<String, AppError> {
        let place = place.to_string();
        let opened = self.key.open_text(&place, stored);
        opened.map_err(|why| AppError::Inside(format!("{place}: {why}")))
    }

    /// A look with its reason opened.
    pub(super) fn opened_look(&self, look: AccessRow) -> Result<AccessRow, AppError> {
        let reason = look.reason.as_deref();
        let reason = reason.map(|stored| self.opened(Place::Look(look.id), stored));
        Ok(AccessRow {
            reason: reason.transpose()?,
            ..look
        })
    }

    /// Ties with their reasons opened.
    pub(super) fn opened_ties(&self, mut ties: Vec<TieRow>) -> Result<Vec<TieRow>, AppError> {
        for tie in &mut ties {
            tie.because = self.opened(Place::Tie(tie.id), &tie.because)?;
        }
        Ok(ties)
    }

    /// What became of ties, with the reasons opened.
    pub(super) fn opened_steps(&self, mut steps: Vec<StepRow>) -> Result<Vec<StepRow>, AppError> {
        for step in &mut steps {
            step.reason = self.opened(Place::Step(step), &step.reason)?;
        }
        Ok(steps)
    }
}
