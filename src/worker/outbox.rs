//! Messages that wait: each is sent once, to somebody in the staff directory.

use std::sync::Arc;

use crate::app::App;
use crate::app::error::AppError;
use crate::mail::Mailer;

/// How many messages one step takes.
const BATCH: i64 = 50;

/// Sends what waits; answers whether there was anything.
///
/// # Errors
/// When the database fails; a message sent just before may then be sent again.
pub async fn step(app: &Arc<App>, mailer: Mailer) -> Result<bool, AppError> {
    let waiting = app.waiting_messages(BATCH).await?;
    for row in &waiting {
        let gone = app
            .notice(row)
            .await?
            .is_some_and(|notice| mailer.send(&notice));
        if gone {
            app.message_sent(row).await?;
        } else {
            app.message_failed(row).await?;
        }
    }
    Ok(!waiting.is_empty())
}
