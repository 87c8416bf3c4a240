//! How a loop of the worker waits, gives signs of life, ends when it is asked to, and comes back when it breaks down.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::app::App;
use crate::app::pulse::PerTask;
use crate::engine::schedule::Schedule;

/// How long a loop sleeps at a time: so soon it hears that the clock was set.
const NAP: Duration = Duration::from_secs(1);

/// How long a loop that broke down waits before it begins again.
const RECOVERY: Duration = Duration::from_secs(1);

/// When a loop wakes.
pub(super) struct Wakes {
    app: Arc<App>,
    stop: watch::Receiver<bool>,
    task: &'static str,
    schedule: Schedule,
}

impl Wakes {
    /// # Panics
    /// When the line is no cron line: it is one of ours, and every test that runs the worker reads it.
    pub(super) fn new(
        app: Arc<App>,
        stop: watch::Receiver<bool>,
        task: &'static str,
        line: &str,
    ) -> Self {
        let schedule = Schedule::parse(line).expect("the worker's own lines are cron lines");
        Self {
            app,
            stop,
            task,
            schedule,
        }
    }

    /// Waits until the schedule names the time it is; answers whether a stop was asked for first. The time is asked for
    /// again and again: a clock that was set back would otherwise let the loop sleep for as long.
    pub(super) async fn stopped_before_next(&mut self) -> bool {
        let mut next = self.next();
        while self.app.clock.now() < next {
            self.app.pulse.beat(self.task, &self.app.clock);
            let stop = self.stop.wait_for(|stop| *stop);
            if tokio::time::timeout(NAP, stop).await.is_ok() {
                return true;
            }
            next = next.min(self.next());
        }
        self.app.pulse.beat(self.task, &self.app.clock);
        *self.stop.borrow()
    }

    fn next(&self) -> Timestamp {
        let now = self.app.clock.now();
        let next = self.schedule.next_after(now, &TimeZone::UTC);
        next.unwrap_or(Timestamp::MAX)
    }
}

/// Runs a loop until it ends by itself. One that breaks down is counted and begun again: what happens by itself never just
/// stops happening.
pub(super) async fn kept_alive<L>(
    restarts: PerTask,
    stop: watch::Receiver<bool>,
    task: &'static str,
    begin: impl Fn() -> L,
) where
    L: Future<Output = ()> + Send + 'static,
{
    loop {
        let mut one = JoinSet::new();
        one.spawn(begin());
        if matches!(one.join_next().await, Some(Ok(()))) || *stop.borrow() {
            return;
        }
        tracing::error!(task.name = task, "a task broke down and begins again");
        restarts.get_or_create(&vec![("task", task)]).inc();
        tokio::time::sleep(RECOVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// D11: what breaks down begins again, and its neighbour does not notice.
    #[tokio::test]
    async fn a_loop_that_panics_begins_again_and_its_neighbour_goes_on() {
        let (stop, stopped) = watch::channel(false);
        let (begun, beats) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let restarts = PerTask::default();
        let (counted, ticking) = (Arc::clone(&begun), Arc::clone(&beats));
        let broken = kept_alive(restarts.clone(), stopped.clone(), "broken", move || {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            async move { assert!(number >= 2, "a bad case") }
        });
        let hear = stopped.clone();
        let sound = kept_alive(restarts.clone(), stopped, "sound", move || {
            let (beats, hear) = (Arc::clone(&ticking), hear.clone());
            async move {
                while !*hear.borrow() {
                    beats.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        });
        let ended = async {
            broken.await;
            stop.send(true).unwrap();
        };
        tokio::join!(ended, sound);
        let of = |task| restarts.get_or_create(&vec![("task", task)]).get();
        assert_eq!((of("broken"), of("sound")), (2, 0));
        assert_eq!(begun.load(Ordering::SeqCst), 3);
        assert!(beats.load(Ordering::SeqCst) >= 10, "two seconds long");
    }
}
