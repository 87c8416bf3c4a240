//! Forgetting a case that two people have given up: one transaction on the database of cases, then its key in the database of keys. When
//! the power goes in between, the case is forgotten already, and the worker destroys the key.

use std::sync::Arc;

use uuid::Uuid;

use super::super::App;
use super::super::error::AppError;
use super::super::history::{Loaded, append};
use super::super::staff::Person;
use crate::domain::id::MeetingId;
use crate::engine::definition::Definition;
use crate::engine::draft::Happening;
use crate::engine::event::Event;
use crate::store::erasures::StepRow;
use crate::store::{At, Tx, erasures};

/// Who destroys keys.
const SERVICE: &str = "service";

/// How many keys are destroyed at a time.
const BATCH: i64 = 100;

impl App {
    /// Ends the history of a case with who forgot it and when, takes away everything else that tells of it, and makes the rows of the
    /// meetings anew that talked about it.
    pub(super) async fn forget(
        &self,
        tx: &mut Tx,
        person: &Person,
        definition: &Definition,
        loaded: Loaded,
        erasure: Uuid,
    ) -> Result<(), AppError> {
        let now = self.clock.now();
        let Loaded {
            id,
            edition,
            case,
            ring,
            ..
        } = loaded;
        let happened = vec![Happening {
            actor: person.actor.clone(),
            event: Event::Erased,
        }];
        let place = (id, case, ring);
        append(self, tx, definition, &edition, place, happened, now).await?;
        let meetings = erasures::meetings_of(tx, id.0).await?;
        erasures::forget(tx, id.0, erasure, now).await?;
        for meeting in meetings {
            self.made_anew(tx, MeetingId(meeting)).await?;
        }
        Ok(())
    }

    /// Destroys the keys of cases that were forgotten; answers whether there may be more.
    ///
    /// # Errors
    /// When a database fails; what was not destroyed is left for the next time.
    pub async fn destroy_keys(self: &Arc<Self>) -> Result<bool, AppError> {
        let left = {
            let mut tx = self.db.begin_read().await?;
            erasures::with_keys(&mut tx, BATCH).await?
        };
        for row in &left {
            let now = self.clock.now();
            self.keys.destroy(row.case_id, now).await?;
            let step = StepRow {
                erasure_id: row.erasure_id,
                step: "key_destroyed".to_owned(),
                at: At::from(now),
                done_by: SERVICE.to_owned(),
                reason: "Two people have given it up".to_owned(),
            };
            self.write(move |tx| {
                let step = step.clone();
                Box::pin(async move { Ok(erasures::add_key_step(tx, &step).await?) })
            })
            .await?;
        }
        Ok(!left.is_empty())
    }
}
