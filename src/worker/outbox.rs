//! Messages that wait: one is claimed, sent to somebody in the staff directory, and what came of it is noted.

use std::sync::Arc;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::notices::Attempt;
use crate::mail::{Mailer, Outcome};

/// Sends the message that has waited longest; answers whether there may be another. While the server cannot be reached
/// there is none: one message each time the worker wakes is enough to find it again.
///
/// # Errors
/// When the database fails; what became of a message on its way is then in doubt.
pub async fn step(app: &Arc<App>, mailer: &Mailer) -> Result<bool, AppError> {
    let Some(claimed) = app.claim_message(mailer.longest()).await? else {
        return Ok(false);
    };
    let attempt = match app.notice(&claimed.row).await? {
        Ok(notice) => Attempt::Made(mailer.send(&notice).await),
        Err(unsendable) => unsendable,
    };
    app.note_attempt(&claimed, attempt).await?;
    Ok(attempt != Attempt::Made(Outcome::Unreachable))
}
