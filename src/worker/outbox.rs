//! Messages that wait: one is claimed, sent to somebody in the staff directory, and what came of it is noted.

use std::sync::Arc;
use std::time::Duration;

use fail::fail_point;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::notices::Attempt;
use crate::mail::{Mailer, Notice, Outcome};

/// Sends the message that has waited longest; answers whether there may be another. While the server cannot be reached
/// there is none: one message each time the worker wakes is enough to find it again.
///
/// # Errors
/// When the database fails; what became of a message on its way is then in doubt.
pub async fn step(app: &Arc<App>, mailer: &Mailer) -> Result<bool, AppError> {
    let send = async |notice| mailer.send(&notice).await;
    step_by(app, mailer.longest(), send).await
}

/// The same by another way of sending, which takes no longer than this.
///
/// # Errors
/// When the database fails; what became of a message on its way is then in doubt.
pub async fn step_by<S>(
    app: &Arc<App>,
    longest: Duration,
    send: impl FnOnce(Notice) -> S,
) -> Result<bool, AppError>
where
    S: Future<Output = Outcome>,
{
    let Some(claimed) = app.claim_message(longest).await? else {
        return Ok(false);
    };
    fail_point!("outbox.claimed");
    let attempt = match app.notice(&claimed.row).await? {
        Ok(notice) => Attempt::Made(send(notice).await),
        Err(unsendable) => unsendable,
    };
    fail_point!("outbox.sent");
    app.note_attempt(&claimed, attempt).await?;
    fail_point!("outbox.noted");
    Ok(attempt != Attempt::Made(Outcome::Unreachable))
}
