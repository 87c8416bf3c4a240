//! The read door: every look at personal data is written down first (L18). If that fails, nothing is shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::act::access_row;
use super::error::AppError;
use super::history::{self, Loaded};
use super::{App, access};
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::engine::case::Case;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::event::Recorded;
use crate::engine::offers::{Offer, offers};
pub use crate::store::queues::{Cursor, QueueCount, QueuedCase};
use crate::store::{access_log, queues};

/// A case as somebody may see it.
pub struct CaseView {
    pub id: CaseId,
    pub edition: String,
    pub definition: Arc<Definition>,
    pub case: Case,
    pub history: Vec<Recorded>,
    pub now: Timestamp,
}

impl CaseView {
    /// What this person may do to it now.
    pub fn offers(&self, actor: &Actor) -> Vec<Offer> {
        offers(&self.definition, &self.case, actor, self.now)
    }
}

/// A page of a queue.
pub struct QueueView {
    pub definition: Arc<Definition>,
    pub queue: String,
    pub rows: Vec<QueuedCase>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    pub now: Timestamp,
}

/// The queues of a role with the number of cases in each.
pub struct Desk {
    pub definition: Arc<Definition>,
    pub queues: Vec<(String, QueueCount)>,
}

impl App {
    /// A case. `what` names the part that is looked at.
    ///
    /// # Errors
    /// `NotFound` for an unknown case and for one that may not be seen, alike.
    pub async fn see_case(
        &self,
        actor: &Actor,
        id: CaseId,
        what: &str,
    ) -> Result<CaseView, AppError> {
        let loaded = {
            let mut tx = self.db.begin_read().await?;
            history::load(&mut tx, id).await?
        };
        let definition = self.definitions.pinned(&self.db, &loaded.edition).await?;
        access::may_see(&definition, actor)?;
        self.log_read(actor, Some(id), classes(&definition, &loaded), what)
            .await?;
        let Loaded {
            id,
            edition,
            case,
            history,
        } = loaded;
        Ok(CaseView {
            id,
            edition,
            definition,
            case,
            history,
            now: self.clock.now(),
        })
    }

    /// A page of a queue that the actor's role works.
    ///
    /// # Errors
    /// `NotFound` for an unknown queue and for one of other roles, alike.
    pub async fn see_queue(
        &self,
        actor: &Actor,
        queue: &str,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<QueueView, AppError> {
        let definition = self.definition_now()?;
        access::may_see(&definition, actor)?;
        let known = definition
            .scheme
            .queues
            .get(queue)
            .filter(|queue| queue.role.has(&actor.role));
        if known.is_none() {
            return Err(AppError::NotFound);
        }
        self.log_read(actor, None, String::new(), &format!("queue {queue}"))
            .await?;
        let mut tx = self.db.begin_read().await?;
        let mut rows = queues::page(&mut tx, queue, after, limit + 1).await?;
        let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(QueuedCase::cursor);
        Ok(QueueView {
            definition,
            queue: queue.to_owned(),
            rows,
            next,
            now: self.clock.now(),
        })
    }

    /// The queues this role works, in the order of the scheme file. Counts hold no personal data.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn see_desk(&self, actor: &Actor) -> Result<Desk, AppError> {
        let definition = self.definition_now()?;
        let mut tx = self.db.begin_read().await?;
        let counts = queues::counts(&mut tx).await?;
        let mine = definition
            .scheme
            .queues
            .iter()
            .filter(|(_, queue)| queue.role.has(&actor.role));
        let queues = mine.map(|(name, queue)| {
            let count = counts.iter().find(|count| count.queue == **name).cloned();
            let none = || QueueCount {
                queue: name.to_string(),
                waiting: 0,
                urgent: 0,
            };
            (queue.label.clone(), count.unwrap_or_else(none))
        });
        let queues = queues.collect();
        Ok(Desk { definition, queues })
    }

    /// The edition that new applications take.
    ///
    /// # Errors
    /// When none is in force.
    pub fn definition_now(&self) -> Result<Arc<Definition>, AppError> {
        let edition = self.definitions.in_force(self.clock.now());
        edition
            .map(|edition| edition.definition)
            .ok_or_else(|| AppError::Inside("no edition is in force".to_owned()))
    }

    async fn log_read(
        &self,
        actor: &Actor,
        case: Option<CaseId>,
        classes: String,
        what: &str,
    ) -> Result<(), AppError> {
        let mut tx = self.db.begin_write().await?;
        let mut row = access_row(self.clock.now(), actor, "consultation", case, what);
        row.classes = classes;
        access_log::write(&mut tx, &row).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// The field classes that a case holds.
fn classes(definition: &Definition, loaded: &Loaded) -> String {
    let records = loaded
        .case
        .records
        .keys()
        .filter_map(|name| definition.records.get(name));
    let fields = records.flat_map(|record| record.fields.iter().map(|(_, field)| field.class));
    let classes: BTreeSet<FieldClass> = fields.collect();
    classes
        .into_iter()
        .map(FieldClass::name)
        .collect::<Vec<_>>()
        .join(" ")
}
