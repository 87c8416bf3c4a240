//! One action on many cases: a re-review of closed ones, after somebody's work was found wanting.

use std::sync::Arc;

use super::App;
use super::act::Request;
use super::error::{AppError, BUSY};
use crate::domain::id::CaseId;
use crate::domain::pii::withheld;
use crate::domain::reference::Reference;
use crate::engine::command::Actor;
use crate::engine::definition::record::Answers;
use crate::store::cases;

/// An action asked for on many cases. Each is a command of its own: what is refused for one is done for the others.
#[derive(Clone)]
pub struct Bulk {
    pub scheme: String,
    pub action: String,
    /// As they were written; several may stand for one case.
    pub references: Vec<String>,
    pub record: Answers,
    pub rationale: String,
    /// Sent twice under one key, it is done once.
    pub key: String,
    pub actor: Actor,
}

withheld!(Bulk);

/// What became of one reference.
#[derive(Debug, Clone)]
pub struct Line {
    pub reference: String,
    /// The state it is in now and whether a second person is waited for, or why nothing was done.
    pub done: Result<Outcome, String>,
}

#[derive(Debug, Clone)]
pub struct Outcome {
    pub case: CaseId,
    pub state: String,
    pub waits: bool,
}

/// The most references that are taken at once.
pub const MOST: usize = 500;

/// What is said of a case that does not exist, belongs to others or runs under another scheme.
const UNKNOWN: &str = "You have no case with this reference";

/// An action that somebody may take on many cases.
#[derive(Debug, Clone)]
pub struct OnMany {
    pub scheme: String,
    pub action: String,
    pub label: String,
}

impl App {
    /// What somebody may do on many cases at once.
    pub fn on_many(&self, actor: &Actor) -> Vec<OnMany> {
        let mut offered = Vec::new();
        if self.is_unshared(actor) {
            return offered;
        }
        for scheme in self.schemes_of(&actor.authority) {
            let Ok(definition) = self.edition_for(actor, &scheme) else {
                continue;
            };
            let actions = definition.scheme.actions.iter();
            let mine = actions.filter(|(_, action)| action.in_bulk && action.role.has(&actor.role));
            offered.extend(mine.map(|(name, action)| OnMany {
                scheme: scheme.clone(),
                action: name.to_string(),
                label: action.label.to_string(),
            }));
        }
        offered
    }

    /// Does it case by case, in the order given.
    ///
    /// # Errors
    /// `NotFound` when the scheme in force does not allow this action in bulk; `Inside` when the database fails.
    pub async fn act_on_many(self: &Arc<Self>, bulk: Bulk) -> Result<Vec<Line>, AppError> {
        let edition = self.in_force(&bulk.actor.authority, &bulk.scheme)?;
        let action = edition.definition.scheme.actions.get(&bulk.action);
        if !action.is_some_and(|action| action.in_bulk && action.role.has(&bulk.actor.role)) {
            return Err(AppError::NotFound);
        }
        let mut lines: Vec<Line> = Vec::new();
        for written in &bulk.references {
            let reference = Reference::parse(written).map(|reference| reference.to_string());
            let shown = reference.clone().unwrap_or_else(|_| written.clone());
            if lines.iter().any(|line| line.reference == shown) {
                continue;
            }
            let done = match reference {
                Ok(reference) => self.act_on_one(&bulk, &reference).await?,
                Err(sentence) => Err(sentence),
            };
            lines.push(Line {
                reference: shown,
                done,
            });
        }
        Ok(lines)
    }

    async fn act_on_one(
        self: &Arc<Self>,
        bulk: &Bulk,
        reference: &str,
    ) -> Result<Result<Outcome, String>, AppError> {
        let row = {
            let mut tx = self.db.begin_read().await?;
            cases::by_reference(&mut tx, reference).await?
        };
        let ours =
            row.filter(|row| row.authority == bulk.actor.authority && row.scheme == bulk.scheme);
        let Some(row) = ours else {
            return Ok(Err(UNKNOWN.to_owned()));
        };
        let request = Request {
            case: CaseId(row.id),
            action: bulk.action.clone(),
            record: bulk.record.clone(),
            rationale: bulk.rationale.clone(),
            expected: None,
            key: Some(format!("{}:{}", bulk.key, row.id)),
            actor: bulk.actor.clone(),
        };
        match self.act(request).await {
            Ok(done) => Ok(Ok(Outcome {
                case: CaseId(row.id),
                state: done.state,
                waits: done.pending.is_some(),
            })),
            Err(AppError::Inside(text)) => Err(AppError::Inside(text)),
            Err(error) => Ok(Err(why(error))),
        }
    }
}

fn why(error: AppError) -> String {
    match error {
        AppError::Unmet(sentences) => sentences.join("; "),
        AppError::Fields(errors) => {
            let each = errors.into_iter().map(|error| error.message);
            each.collect::<Vec<_>>().join("; ")
        }
        AppError::Forbidden(sentence) => sentence,
        AppError::Stale(_) => {
            "Somebody else changed it at the same moment; send it again".to_owned()
        }
        AppError::Met | AppError::Busy => BUSY.to_owned(),
        AppError::KeyTaken => "This form was sent before with other answers".to_owned(),
        AppError::NotFound | AppError::SignIn | AppError::Inside(_) => UNKNOWN.to_owned(),
    }
}
