//! Stages that have become due: each warning and breach becomes an event once, however late it is noticed.

use std::sync::Arc;

use crate::app::App;
use crate::app::error::AppError;

/// How many cases one step takes.
const BATCH: i64 = 50;

/// Records what has become due; answers whether there was anything.
///
/// # Errors
/// When the database fails; what had been recorded before stays.
pub async fn step(app: &Arc<App>) -> Result<bool, AppError> {
    Ok(app.sweep(BATCH).await? > 0)
}
