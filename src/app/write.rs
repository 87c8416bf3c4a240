//! How every write runs: out of reach of a client that hangs up, and again when other writers were in the way.

use std::iter::repeat_n;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use fail::fail_point;
use tracing::Instrument as _;

use super::App;
use super::error::AppError;
use crate::store::Tx;

/// Work on a transaction, to be done as often as it takes.
pub(super) type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send + 't>>;

impl App {
    /// Runs work in a transaction of its own, detached and again like every write, and makes it last.
    pub(super) async fn write<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl for<'t> Fn(&'t mut Tx) -> Work<'t, T> + Send + Sync + 'static,
    ) -> Result<T, AppError> {
        let work = Arc::new(work);
        self.detached(move |app| {
            let work = Arc::clone(&work);
            async move {
                let mut tx = app.db.begin_write().await?;
                let done = work(&mut tx).await?;
                tx.commit().await?;
                Ok(done)
            }
        })
        .await
    }

    /// Runs work that writes, so that a vanished client does not stop it, and runs it again when others were in the way.
    /// `tokio::spawn` is used here and nowhere else but the worker.
    pub(super) async fn detached<T, W>(
        self: &Arc<Self>,
        work: impl Fn(Arc<Self>) -> W + Send + 'static,
    ) -> Result<T, AppError>
    where
        T: Send + 'static,
        W: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        fail_point!("write.before");
        let app = Arc::clone(self);
        #[expect(
            clippy::disallowed_methods,
            reason = "the write door: work must outlive a client that hangs up"
        )]
        let task = tokio::spawn(again(move || work(Arc::clone(&app))).in_current_span());
        task.await.map_err(|_| AppError::broke_down())?
    }
}

/// How long to step aside each time another transaction was in the way: longer and longer up to a quarter of a second, and
/// ten seconds in all.
fn pauses() -> impl Iterator<Item = Duration> {
    let longer = (0..8).map(|doubled| 1 << doubled);
    let milliseconds = longer.chain(repeat_n(250, 39));
    milliseconds.map(Duration::from_millis)
}

/// Runs work that writes, again and again while others are in the way. One of those that meet always goes on, so waiting
/// helps.
///
/// # Errors
/// Those of the work; `Busy` when others were in the way each time.
pub(super) async fn again<T, W>(work: impl Fn() -> W) -> Result<T, AppError>
where
    W: Future<Output = Result<T, AppError>>,
{
    for pause in pauses() {
        match work().await {
            Err(AppError::Met) => tokio::time::sleep(pause).await,
            done => return done,
        }
    }
    match work().await {
        Err(AppError::Met) => Err(AppError::Busy),
        done => done,
    }
}
