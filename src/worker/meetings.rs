//! Meetings: those of a series are called as long ahead as its authority says, what is to be ratified comes to the next one, and
//! agencies that have not answered are reminded.

use std::sync::Arc;

use crate::app::App;
use crate::app::error::AppError;
use crate::store::leases::Lease;

/// Calls what is missing, brings what is to be ratified and reminds whom it is time to remind; what it leaves is not due yet. None
/// holds up another.
///
/// # Errors
/// When the database fails, or a meeting cannot be read; the others were looked at all the same.
pub async fn step(app: &Arc<App>, lease: &Lease) -> Result<bool, AppError> {
    let called = app.call_series(lease).await;
    let brought = app.bring_left_over(lease).await;
    app.remind_agencies(lease).await?;
    brought?;
    called.map(|_| false)
}
