//! The schemes of an authority as its staff may look at them: the edition in force, those published, and how many of
//! their cases stand where. Counts hold no personal data.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::App;
use super::definitions::Edition;
use super::error::AppError;
use super::standing::About;
use crate::engine::command::Actor;
use crate::store::cases;
pub use crate::store::editions::EditionRow;

/// A scheme with the cases of one authority.
pub struct SchemeView {
    /// The edition that new applications take.
    pub edition: Edition,
    /// Every edition published, the newest first.
    pub editions: Vec<Arc<EditionRow>>,
    /// Open cases by state, also those in states of other editions.
    pub cases: BTreeMap<String, i64>,
}

impl App {
    /// The schemes that the actor's authority runs, each in the edition in force.
    ///
    /// # Errors
    /// `NotFound` for those who may not see its cases.
    pub fn see_schemes(&self, actor: &Actor) -> Result<Vec<Edition>, AppError> {
        let schemes = self.schemes_of(&actor.authority);
        let each = schemes
            .iter()
            .map(|scheme| self.edition_seen(actor, scheme));
        each.collect()
    }

    /// One scheme.
    ///
    /// # Errors
    /// `NotFound` for a scheme that the authority does not run and for those who may not see its cases, alike.
    pub async fn see_scheme(&self, actor: &Actor, scheme: &str) -> Result<SchemeView, AppError> {
        let edition = self.edition_seen(actor, scheme)?;
        let mut editions = self.definitions.editions_of(scheme);
        editions.reverse();
        let mut tx = self.db.begin_read().await?;
        let counts = cases::open_by_state(&mut tx, &actor.authority, scheme).await?;
        let counts = counts.into_iter().map(|count| (count.state, count.cases));
        let mut counts: BTreeMap<String, i64> = counts.collect();
        for case in self.hidden_from(&mut tx, actor).await? {
            let row = cases::get(&mut tx, case).await?;
            let row = row.filter(|row| row.open && row.scheme == scheme);
            if let Some(count) = row.and_then(|row| counts.get_mut(&row.state)) {
                *count -= 1;
            }
        }
        Ok(SchemeView {
            edition,
            editions,
            cases: counts,
        })
    }

    fn edition_seen(&self, actor: &Actor, scheme: &str) -> Result<Edition, AppError> {
        let edition = self.in_force(&actor.authority, scheme)?;
        self.definitions
            .access
            .sight(actor, About::cases_of(&actor.authority, self.clock.now()))?;
        Ok(Edition {
            definition: self.in_words_of(actor, edition.definition),
            ..edition
        })
    }
}
