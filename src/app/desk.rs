//! The queues of an authority, as its people work them. What somebody may not open is in no list and in no count.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::opened::named;
use super::standing::About;
use crate::domain::class::FieldClass;
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
pub use crate::store::queues::{Cursor, QueueCount, QueueOf, QueuedCase};
use crate::store::{Tx, cases, queues};

/// A page of a queue.
pub struct QueueView {
    pub definition: Arc<Definition>,
    pub of: QueueOf,
    pub rows: Vec<QueuedCase>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    pub now: Timestamp,
}

/// A queue that somebody's role works, with the number of cases in it.
#[derive(Debug, Clone)]
pub struct DeskQueue {
    /// What the scheme is called.
    pub scheme: String,
    pub label: String,
    pub why: String,
    pub count: QueueCount,
}

impl App {
    /// A page of a queue that the actor's role works, in the actor's authority.
    ///
    /// # Errors
    /// `NotFound` for an unknown queue and for one of other roles, alike.
    pub async fn see_queue(
        self: &Arc<Self>,
        actor: &Actor,
        scheme: &str,
        queue: &str,
        after: Option<Cursor>,
        limit: i64,
    ) -> Result<QueueView, AppError> {
        let definition = self.queue_worked(actor, scheme, queue)?;
        self.definitions
            .access
            .sight(actor, About::cases_of(&actor.authority, self.clock.now()))?;
        let classes = named([FieldClass::Process]);
        self.log_read(actor, None, classes, &format!("queue {queue}"))
            .await?;
        let of = QueueOf {
            authority: actor.authority.clone(),
            scheme: scheme.to_owned(),
            queue: queue.to_owned(),
        };
        let mut tx = self.db.begin_read().await?;
        let hidden = self.hidden_from(&mut tx, actor).await?;
        let more = i64::try_from(hidden.len()).map_err(AppError::inside)?;
        let mut rows = queues::page(&mut tx, &of, after, limit + 1 + more).await?;
        rows.retain(|row| !hidden.contains(&row.case.id));
        let more = i64::try_from(rows.len()).is_ok_and(|count| count > limit);
        rows.truncate(usize::try_from(limit).unwrap_or(0));
        let next = rows.last().filter(|_| more).map(QueuedCase::cursor);
        let definition = self.in_words_of(actor, definition);
        for row in &mut rows {
            row.why = definition.voice.say(&row.why).to_string();
        }
        Ok(QueueView {
            definition,
            of,
            rows,
            next,
            now: self.clock.now(),
        })
    }

    /// The newest edition of a scheme in which the actor's role works this queue.
    fn queue_worked(
        &self,
        actor: &Actor,
        scheme: &str,
        queue: &str,
    ) -> Result<Arc<Definition>, AppError> {
        let works = |definition: &Arc<Definition>| {
            let declared = definition.scheme.queues.get(queue);
            declared.is_some_and(|queue| queue.role.has(&actor.role))
        };
        let editions = self.editions_run(&actor.authority, scheme)?;
        editions.into_iter().find(works).ok_or(AppError::NotFound)
    }

    /// The editions of a scheme that cases of an authority can have: the one in force, then the others, newest first.
    fn editions_run(
        &self,
        authority: &str,
        scheme: &str,
    ) -> Result<Vec<Arc<Definition>>, AppError> {
        let in_force = self.in_force(authority, scheme)?;
        let others = self.definitions.editions_of(scheme).into_iter().rev();
        let others = others.filter(|row| row.hash != in_force.hash);
        let others = others.map(|row| self.definitions.assembled(&row, authority));
        let first = Ok(Arc::clone(&in_force.definition));
        std::iter::once(first).chain(others).collect()
    }

    /// The queues this role works in its authority, scheme by scheme in the order of the files. A queue that only an older
    /// edition knows is there as long as cases wait in it. Counts hold no personal data.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn see_desk(&self, actor: &Actor) -> Result<Vec<DeskQueue>, AppError> {
        if self.is_unshared(actor) {
            return Ok(Vec::new());
        }
        let mut tx = self.db.begin_read().await?;
        let mut counts = queues::counts(&mut tx, &actor.authority).await?;
        for case in self.hidden_from(&mut tx, actor).await? {
            uncount(&mut tx, &mut counts, case).await?;
        }
        drop(tx);
        let mut desk: Vec<DeskQueue> = Vec::new();
        for scheme in self.schemes_of(&actor.authority) {
            let editions = self.editions_run(&actor.authority, &scheme)?;
            let spoken = editions.into_iter().map(|one| self.in_words_of(actor, one));
            for (age, definition) in spoken.enumerate() {
                let mine = definition
                    .scheme
                    .queues
                    .iter()
                    .filter(|(_, queue)| queue.role.has(&actor.role));
                for (name, queue) in mine {
                    let this = |count: &QueueCount| count.scheme == scheme && count.queue == **name;
                    let count = counts.iter().find(|count| this(count)).cloned();
                    let shown = desk.iter().any(|queue| this(&queue.count));
                    if shown || (age > 0 && count.is_none()) {
                        continue;
                    }
                    desk.push(DeskQueue {
                        scheme: definition.scheme.name.clone(),
                        label: queue.label.to_string(),
                        why: queue.why.to_string(),
                        count: count.unwrap_or_else(|| QueueCount::empty(&scheme, name)),
                    });
                }
            }
        }
        Ok(desk)
    }
}

/// Takes a case out of the counts of the queues that it waits in.
async fn uncount(tx: &mut Tx, counts: &mut [QueueCount], case: Uuid) -> Result<(), AppError> {
    let Some(row) = cases::get(tx, case).await? else {
        return Ok(());
    };
    for entry in queues::for_case(tx, case).await? {
        let same =
            |count: &&mut QueueCount| count.scheme == row.scheme && count.queue == entry.queue;
        if let Some(count) = counts.iter_mut().find(same) {
            count.waiting -= 1;
            count.urgent -= i64::from(entry.urgent);
        }
    }
    Ok(())
}
