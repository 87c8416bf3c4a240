//! Stages that have become due, warnings and reminders as well as breaches: each becomes an event once.

use std::sync::Arc;

use crate::app::App;
use crate::app::error::AppError;
use crate::store::leases::Lease;

/// How many stages one step takes.
const BATCH: i64 = 50;

/// Records what has become due; answers whether there was anything.
///
/// # Errors
/// When the database fails; what had been recorded before stays.
pub async fn step(app: &Arc<App>, lease: &Lease) -> Result<bool, AppError> {
    Ok(app.sweep(lease, BATCH).await? > 0)
}
