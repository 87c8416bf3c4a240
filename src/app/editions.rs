//! What becomes of open cases when an edition changes: played over without writing anything, or moved one by one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::App;
use super::definitions::Edition;
use super::error::AppError;
use super::history;
use crate::domain::id::CaseId;
use crate::engine::case::Case;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::builtin::{CONFIRM, MIGRATE};
use crate::engine::definition::record::Answers;
use crate::engine::event::Event;
use crate::engine::migration::TO;
use crate::engine::rehearsal::{Rehearsal, rehearse};
use crate::store::cases;

/// An open case, and what another edition would do to it.
#[derive(Debug)]
pub struct Rehearsed {
    pub reference: String,
    pub rehearsal: Rehearsal,
    /// The other edition, as the case's authority would run it.
    pub definition: Arc<Definition>,
}

/// An open case as far as its edition goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub id: CaseId,
    pub reference: String,
    /// The hash of the edition that it goes by.
    pub edition: String,
    /// The hash of the one that it came from, where it was moved to the one that it goes by.
    pub came_from: Option<String>,
    /// The hash of the one that it would go by, while that waits for a second person.
    pub going_to: Option<String>,
}

impl App {
    /// Plays an edition over every open case of its scheme, in a transaction that cannot write.
    ///
    /// # Errors
    /// When the database fails or a history cannot be read.
    pub async fn rehearse(&self, draft: &Edition) -> Result<Vec<Rehearsed>, AppError> {
        let now = self.clock.now();
        let mut tx = self.db.begin_read().await?;
        let rows = cases::open_of(&mut tx, &draft.definition.scheme.scheme).await?;
        let mut rehearsed = Vec::with_capacity(rows.len());
        let mut as_run: BTreeMap<String, Arc<Definition>> = BTreeMap::new();
        for row in rows {
            let loaded = history::load(&self.keys, &mut tx, CaseId(row.id)).await?;
            let authority = &loaded.case.authority;
            let own = self
                .definitions
                .pinned(&self.db, &loaded.edition, authority)
                .await?;
            if !as_run.contains_key(authority) {
                let drafted = self.definitions.drafted(draft, authority)?;
                as_run.insert(authority.clone(), drafted);
            }
            let definition = Arc::clone(&as_run[authority]);
            rehearsed.push(Rehearsed {
                reference: row.reference,
                rehearsal: rehearse(&own, &definition, &draft.hash, &loaded.case, now),
                definition,
            });
        }
        Ok(rehearsed)
    }

    /// How the open cases of a scheme stand in the authority of whoever asks.
    ///
    /// # Errors
    /// When the database fails or a history cannot be read.
    pub async fn standings(
        self: &Arc<Self>,
        actor: &Actor,
        scheme: &str,
    ) -> Result<Vec<Standing>, AppError> {
        self.log_read(actor, None, String::new(), "editions of open cases")
            .await?;
        let mut tx = self.db.begin_read().await?;
        let rows = cases::open_of(&mut tx, scheme).await?;
        let mut standings = Vec::new();
        for row in rows
            .into_iter()
            .filter(|row| row.authority == actor.authority)
        {
            let loaded = history::load(&self.keys, &mut tx, CaseId(row.id)).await?;
            let mut moves =
                loaded
                    .history
                    .iter()
                    .rev()
                    .filter_map(|recorded| match &recorded.event {
                        Event::Migrated { from, .. } => Some(from.hash.clone()),
                        _ => None,
                    });
            standings.push(Standing {
                id: loaded.id,
                reference: row.reference,
                came_from: moves.next(),
                going_to: going_to(&loaded.case).map(str::to_owned),
                edition: loaded.edition,
            });
        }
        Ok(standings)
    }

    /// The edition that a command is about: the one it names, or the one that waits to be confirmed.
    pub(super) async fn target(
        &self,
        case: &Case,
        action: &str,
        record: &Answers,
    ) -> Result<Option<Edition>, AppError> {
        let hash = match action {
            MIGRATE => record.get(TO).and_then(|value| value.as_str()),
            CONFIRM => going_to(case),
            _ => None,
        };
        match hash {
            Some(hash) => {
                self.definitions
                    .known(&self.db, hash, &case.authority)
                    .await
            }
            None => Ok(None),
        }
    }
}

/// The hash of the edition that a case would go by, while that waits for a second person.
fn going_to(case: &Case) -> Option<&str> {
    let waits = case
        .pending
        .as_ref()
        .filter(|waits| waits.action == MIGRATE)?;
    waits.answers.as_ref()?.get(TO)?.as_str()
}
