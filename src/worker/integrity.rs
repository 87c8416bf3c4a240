//! The check of all histories, a few at a time, so that the lease is kept, a stop is heard, and readers and writers go on.

use std::sync::Arc;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::integrity::Check;
use crate::store::leases::Lease;

/// How many histories one step takes.
const BATCH: i64 = 20;

/// Checks the next histories; answers whether there may be more. `check` holds how far it has come, and is `None` between
/// one check and the next.
///
/// # Errors
/// When the database fails.
pub async fn step(
    app: &Arc<App>,
    lease: &Lease,
    check: &mut Option<Check>,
) -> Result<bool, AppError> {
    if check.is_none() && !app.check_is_due().await? {
        return Ok(false);
    }
    if app.check_next(check.get_or_insert_default(), BATCH).await? {
        return Ok(true);
    }
    let found = app
        .conclude(check.take().unwrap_or_default(), lease)
        .await?;
    tracing::info!(
        check.histories = found.histories,
        check.events = found.events,
        check.broken = found.broken,
        check.differing = found.differing,
        check.stuck = found.stuck,
        "all histories were checked"
    );
    Ok(false)
}
