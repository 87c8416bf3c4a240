//! The access log: each look is written before anything is shown of it (L18), and in the same transaction somebody else is
//! asked about it when chance draws it, when it makes a trawl, and when it is one of too many searches.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::look_reviews::Kind;
use super::opened::Opened;
use super::reasons::Place;
use crate::domain::class::FieldClass;
use crate::domain::id::CaseId;
use crate::domain::look::{Operation, Purpose};
use crate::engine::command::Actor;
use crate::engine::definition::Definition;
use crate::engine::definition::record::Record;
pub use crate::store::access_log::AccessRow;
use crate::store::{At, Tx, access_log, look_reviews};

/// So many different cases looked at by one person within this time are a trawl.
const TRAWL: i64 = 30;
/// So many searches by one person within this time are too many, for people or for a case that is not shown: a reference that was
/// misheard or a stale address is mended at the second or third try.
const SEARCHES: i64 = 5;
/// What a search for a case is called in the log that finds none.
pub(super) const SEARCH: &str = "search";
/// The time within which they count, and for which one alert is enough.
pub(super) const WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// One look in so many is drawn for somebody else to see: two in a hundred.
const ONE_IN: u128 = 50;

/// Looks on one page.
const PAGE: usize = 50;

/// Who has looked at a case: a page of it, newest first.
pub struct Looks {
    pub case: CaseId,
    pub reference: String,
    pub definition: Arc<Definition>,
    pub looks: Vec<Look>,
    /// The last look of this page, if there are older ones.
    pub next: Option<Uuid>,
    pub now: Timestamp,
}

/// A look, with what colleagues call whoever looked.
pub struct Look {
    pub row: AccessRow,
    pub name: String,
    pub role: String,
}

impl App {
    /// Who has looked at a case, and who changed it; from the newest, or from before the look `before`. That is a look too.
    ///
    /// # Errors
    /// `NotFound` for an unknown case and for one that may not be seen, alike.
    pub async fn see_looks(
        self: &Arc<Self>,
        actor: &Actor,
        id: CaseId,
        before: Option<Uuid>,
    ) -> Result<Looks, AppError> {
        let Opened {
            loaded,
            definition,
            sight,
            ..
        } = self.opened(actor.into(), id, "looks").await?;
        let now = self.clock.now();
        let look = self.access_row(now, actor, Operation::Consultation, Some(id), "looks");
        self.log_look(AccessRow {
            purpose: Purpose::Oversight.name().to_owned(),
            classes: FieldClass::Process.name().to_owned(),
            ..look
        })
        .await?;
        let names = self.names().await?;
        let reasons = self.reasons().await?;
        let mut tx = self.db.begin_read().await?;
        let most = i64::try_from(PAGE).map_err(AppError::inside)?;
        let mut rows = access_log::of_case(&mut tx, id.0, before, most + 1).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let definition = self.in_words_of(actor, definition);
        // Reasons are of this class, and name people.
        let reads = sight.has(FieldClass::Decision);
        let with_name = |mut row: AccessRow| {
            row.reason = row.reason.filter(|_| reads);
            Ok(Look {
                name: names.get(&row.actor).cloned().unwrap_or_default(),
                role: definition.role_label(&row.actor_role).to_owned(),
                row: reasons.opened_look(row)?,
            })
        };
        Ok(Looks {
            case: id,
            reference: loaded.case.reference,
            next: rows.last().filter(|_| more).map(|row| row.id),
            looks: rows
                .into_iter()
                .map(with_name)
                .collect::<Result<_, AppError>>()?,
            definition,
            now,
        })
    }

    /// A line of the access log.
    pub(super) fn access_row(
        &self,
        now: Timestamp,
        actor: &Actor,
        operation: Operation,
        case: Option<CaseId>,
        what: &str,
    ) -> AccessRow {
        AccessRow {
            id: self.chance.id(),
            at: At::from(now),
            actor: actor.id.clone(),
            actor_role: actor.role.clone(),
            agency: actor.agency.clone(),
            authority: actor.authority.clone(),
            on_behalf_of: None,
            operation: operation.name().to_owned(),
            case_id: case.map(|case| case.0),
            classes: String::new(),
            purpose: self.purpose_of(actor).name().to_owned(),
            reason: None,
            what: what.to_owned(),
        }
    }

    /// What somebody's role looks at cases for.
    fn purpose_of(&self, actor: &Actor) -> Purpose {
        let schemes = self.schemes_of(&actor.authority);
        let first = schemes.first();
        let edition = first.and_then(|scheme| self.in_force(&actor.authority, scheme).ok());
        let roles = edition.map(|edition| edition.definition);
        let role = roles
            .as_ref()
            .and_then(|one| one.roles.roles.get(&actor.role));
        role.map_or(Purpose::default(), |role| role.purpose)
    }

    /// Writes a look down in a transaction of its own. Until this has come back, nothing may be shown.
    pub(super) async fn log_look(self: &Arc<Self>, row: AccessRow) -> Result<(), AppError> {
        self.log_looks(vec![row]).await
    }

    /// Writes several looks down, all or none. Until this has come back, nothing may be shown.
    pub(super) async fn log_looks(self: &Arc<Self>, rows: Vec<AccessRow>) -> Result<(), AppError> {
        self.detached(move |app| {
            let rows = rows.clone();
            async move {
                let mut tx = app.db.begin_write().await?;
                for row in &rows {
                    app.write_look(&mut tx, row).await?;
                }
                Ok(tx.commit().await?)
            }
        })
        .await
    }

    /// Writes a look down, and asks somebody else about it where that is due.
    pub(super) async fn write_look(&self, tx: &mut Tx, look: &AccessRow) -> Result<(), AppError> {
        match &look.reason {
            None => access_log::write(tx, look).await?,
            Some(reason) => {
                let sealed = self.reasons().await?.sealed(Place::Look(look.id), reason);
                let stored = AccessRow {
                    reason: Some(sealed),
                    ..look.clone()
                };
                access_log::write(tx, &stored).await?;
            }
        }
        if look.operation != Operation::Consultation.name() {
            return Ok(());
        }
        let since = look.at.timestamp() - WITHIN;
        if look.classes.is_empty() {
            let searches = access_log::searches_since(tx, &look.actor, since).await?;
            if searches >= SEARCHES {
                self.ask_once(tx, look, Kind::Search, searches).await?;
            }
        }
        if look.case_id.is_none() {
            return Ok(());
        }
        let cases = access_log::cases_since(tx, &look.actor, since).await?;
        if is_drawn(look.id) {
            self.ask_about(tx, look, Kind::Sample, cases, &[]).await?;
        }
        if cases >= TRAWL {
            self.ask_once(tx, look, Kind::Trawl, cases).await?;
        }
        Ok(())
    }

    /// Asks about somebody, unless they have been asked about for this reason a moment ago.
    async fn ask_once(
        &self,
        tx: &mut Tx,
        look: &AccessRow,
        kind: Kind,
        number: i64,
    ) -> Result<(), AppError> {
        let since = look.at.timestamp() - WITHIN;
        if look_reviews::asked_since(tx, &look.actor, kind.name(), since).await? == 0 {
            self.ask_about(tx, look, kind, number, &[]).await?;
        }
        Ok(())
    }

    /// Why a command was refused tells how the case stands, so being told is a look.
    ///
    /// # Errors
    /// When it cannot be written down; then the reasons stay untold.
    pub(super) async fn log_refusal(
        self: &Arc<Self>,
        actor: &Actor,
        case: CaseId,
        action: &str,
        refusal: &AppError,
    ) -> Result<(), AppError> {
        let process = FieldClass::Process.name();
        let (what, classes) = match refusal {
            // Nothing was shown: no class.
            AppError::NotFound => ("refused to act".to_owned(), ""),
            AppError::Forbidden(_)
            | AppError::Unmet(_)
            | AppError::Fields(_)
            | AppError::Stale(_) => (format!("refused {action}"), process),
            _ => return Ok(()),
        };
        let now = self.clock.now();
        let look = self.access_row(now, actor, Operation::Consultation, Some(case), &what);
        self.log_look(AccessRow {
            classes: classes.to_owned(),
            ..look
        })
        .await
    }
}

/// Whether chance draws a look: its id was drawn, so the id decides, and writing it again decides the same.
fn is_drawn(look: Uuid) -> bool {
    look.as_u128().is_multiple_of(ONE_IN)
}

/// The classes of what somebody filled in.
pub(super) fn classes_of(record: Option<&Record>) -> String {
    let fields = record.into_iter().flat_map(|record| record.fields.iter());
    let classes: BTreeSet<FieldClass> = fields.map(|(_, field)| field.class).collect();
    let names: Vec<_> = classes.into_iter().map(FieldClass::name).collect();
    names.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::chance::Chance;

    #[test]
    fn two_looks_in_a_hundred_are_drawn() {
        let chance = Chance::seeded(18);
        let drawn = (0..10_000).filter(|_| is_drawn(chance.id())).count();
        assert!((150..250).contains(&drawn), "{drawn}");
    }
}
