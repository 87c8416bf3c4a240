//! The access log on its way out of the house, for whoever inspects it. That it went is written down before its first byte.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use super::App;
use super::error::AppError;
use super::looks::AccessRow;
use crate::domain::look::{Operation, Purpose};
use crate::domain::pii::withheld;
use crate::engine::command::Actor;
use crate::store::{At, access_log, staff};

/// Rows read at a time.
const BATCH: i64 = 1000;

/// The log of one authority's people over some days.
#[derive(Debug)]
pub struct LogExport {
    authority: String,
    after: (At, Uuid),
    until: At,
}

/// A look as it leaves: who, when, what and what for, and nothing of what a case says.
#[derive(Serialize)]
pub struct ExportedLook {
    id: Uuid,
    at: String,
    actor: String,
    role: String,
    agency: String,
    authority: String,
    on_behalf_of: Option<String>,
    operation: String,
    case: Option<Uuid>,
    classes: Vec<String>,
    purpose: String,
    reason: Option<String>,
    what: String,
}

withheld!(ExportedLook);

impl App {
    /// Whoever has this sign-in name.
    ///
    /// # Errors
    /// `NotFound` when there is nobody, or the account is closed.
    pub async fn account_named(&self, name: &str) -> Result<Actor, AppError> {
        let mut tx = self.db.begin_read().await?;
        let row = staff::by_sign_in_name(&mut tx, name).await?;
        let row = row.filter(|row| !row.disabled).ok_or(AppError::NotFound)?;
        Ok(Actor {
            id: row.id.to_string(),
            role: row.role,
            agency: row.agency,
            authority: row.authority,
        })
    }

    /// Begins to hand out the looks of an authority's people from the first day to the last, both included, as days are in
    /// that authority. That it is handed out is in the log when this comes back.
    ///
    /// # Errors
    /// `Unmet` when the days are in the wrong order or there is no reason; when it cannot be logged.
    pub async fn export_log(
        self: &Arc<Self>,
        actor: &Actor,
        (from, to): (Date, Date),
        reason: &str,
    ) -> Result<LogExport, AppError> {
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(AppError::Unmet(vec!["Say why it is exported".to_owned()]));
        }
        if to < from {
            let sentence = format!("{to} is before {from}");
            return Err(AppError::Unmet(vec![sentence]));
        }
        let zone = self.definitions.zone(&actor.authority);
        let begins = from.to_zoned(zone.clone()).map_err(AppError::inside)?;
        let day_after = to.tomorrow().map_err(AppError::inside)?;
        let ends = day_after.to_zoned(zone).map_err(AppError::inside)?;
        let what = format!("access log {from} to {to}");
        let row = self.access_row(self.clock.now(), actor, Operation::Disclosure, None, &what);
        self.log_look(AccessRow {
            purpose: Purpose::Export.name().to_owned(),
            reason: Some(reason.to_owned()),
            ..row
        })
        .await?;
        Ok(LogExport {
            authority: actor.authority.clone(),
            after: (At::from(begins.timestamp()), Uuid::nil()),
            until: At::from(ends.timestamp()),
        })
    }

    /// The next looks of an export, oldest first; none when there are no more.
    ///
    /// # Errors
    /// When the database fails, or a reason does not open.
    pub async fn next_looks(&self, export: &mut LogExport) -> Result<Vec<ExportedLook>, AppError> {
        let reasons = self.reasons().await?;
        let mut tx = self.db.begin_read().await?;
        let (after, until) = (export.after, export.until.timestamp());
        let rows =
            access_log::of_authority(&mut tx, &export.authority, after, until, BATCH).await?;
        if let Some(last) = rows.last() {
            export.after = (last.at, last.id);
        }
        rows.into_iter()
            .map(|row| Ok(exported(reasons.opened_look(row)?)))
            .collect()
    }
}

/// A look whose reason is open.
fn exported(row: AccessRow) -> ExportedLook {
    ExportedLook {
        id: row.id,
        at: row.at.timestamp().to_string(),
        actor: row.actor,
        role: row.actor_role,
        agency: row.agency,
        authority: row.authority,
        on_behalf_of: row.on_behalf_of,
        operation: row.operation,
        case: row.case_id,
        classes: row.classes.split_whitespace().map(str::to_owned).collect(),
        purpose: row.purpose,
        reason: row.reason,
        what: row.what,
    }
}
