//! What happens by itself: deadlines that have become due, and messages that wait. Each task is one step that says
//! whether anything was left. No deadline lives in memory or in a cron line: cron only wakes the sweepers.
//! Start with `run`; the tasks are `deadlines` and `outbox`.

pub mod deadlines;
pub mod outbox;
pub mod schedule;

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::app::App;
use crate::mail::Mailer;
use schedule::Schedule;

/// How often the sweepers wake.
const EVERY_TEN_SECONDS: &str = "*/10 * * * * *";

/// Sweeps at once and then by the schedule, until it is dropped. A failed round is logged and tried again.
///
/// # Errors
/// When the schedule cannot be read.
pub async fn run(app: Arc<App>, mailer: Mailer) -> Result<(), String> {
    let schedule = Schedule::parse(EVERY_TEN_SECONDS).map_err(|error| error.to_string())?;
    loop {
        if let Err(error) = round(&app, mailer).await {
            tracing::error!(worker.error = ?error, "a round of the worker failed");
        }
        let now = app.clock.now();
        let next = schedule.next_after(now, &TimeZone::UTC);
        let wait = next.map_or(10, |next| next.duration_since(now).as_secs().clamp(1, 60));
        tokio::time::sleep(Duration::from_secs(u64::try_from(wait).unwrap_or(10))).await;
    }
}

/// One round: what has been published meanwhile, every due deadline, then every waiting message.
async fn round(app: &Arc<App>, mailer: Mailer) -> Result<(), crate::app::error::AppError> {
    app.definitions.refresh(&app.db).await?;
    while deadlines::step(app).await? {}
    while outbox::step(app, mailer).await? {}
    Ok(())
}
