//! The list 'to be reviewed for keeping': what waits for a second person, and cases past their day.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::App;
use super::super::error::AppError;
use super::super::opened::named;
use super::super::staff::Person;
use super::reviews_keeping;
use crate::domain::class::FieldClass;
use crate::domain::look::Operation;
use crate::store::cases::CaseRow;
use crate::store::erasures::{self, ErasureRow};

/// The most of each kind that are shown at once.
pub const MOST: i64 = 100;

/// What waits for somebody who reviews how long cases are kept.
pub struct Keeping {
    /// What somebody proposed, themselves among them.
    pub waiting: Vec<ErasureRow>,
    /// Cases past their day, the longest over first.
    pub past: Vec<CaseRow>,
    pub now: Timestamp,
}

impl App {
    /// What waits at this person's authority; cases that are kept from them are left out (L10).
    ///
    /// # Errors
    /// `NotFound` for whoever has no such duty.
    pub async fn see_keeping(self: &Arc<Self>, person: &Person) -> Result<Keeping, AppError> {
        reviews_keeping(person)?;
        let now = self.clock.now();
        let mut look = self.access_row(
            now,
            &person.actor,
            Operation::Consultation,
            None,
            "cases to review for keeping",
        );
        look.classes = named([FieldClass::Process]);
        self.log_look(look).await?;
        self.to_review(person, now).await
    }

    /// How many wait, for the page on which a day begins.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_keeping(&self, person: &Person) -> Result<i64, AppError> {
        if !person.reviews_keeping {
            return Ok(0);
        }
        let keeping = self.to_review(person, self.clock.now()).await?;
        let number = keeping.waiting.len() + keeping.past.len();
        i64::try_from(number).map_err(AppError::inside)
    }

    async fn to_review(&self, person: &Person, now: Timestamp) -> Result<Keeping, AppError> {
        let authority = &person.actor.authority;
        let zone = self.definitions.zone(authority);
        let today = now.to_zoned(zone).date().to_string();
        let mut tx = self.db.begin_read().await?;
        let hidden = self.hidden_from(&mut tx, &person.actor).await?;
        let mut waiting = erasures::waiting(&mut tx, authority, MOST).await?;
        waiting.retain(|row| !hidden.contains(&row.case_id));
        let mut past = erasures::past(&mut tx, authority, now, &today, MOST).await?;
        past.retain(|row| !hidden.contains(&row.id));
        Ok(Keeping { waiting, past, now })
    }
}
