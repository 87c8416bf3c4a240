//! What happens by itself, on any number of nodes: deadlines that have become due, messages that wait, meetings of a series
//! that are to be called, heads of logs that witnesses have not seen, the daily check of all histories. Each task has a loop of its own, so that none holds up another: a cron line wakes it, it takes the lease,
//! does one step after another until one says 'empty', and gives the lease back. No deadline lives in memory or in a cron line.
//! Start with `run`; `task` lists the tasks, `beat` is how a loop waits, ends and comes back when it breaks down.

mod beat;
pub mod deadlines;
pub mod integrity;
pub mod meetings;
pub mod outbox;
pub mod task;
pub mod witnesses;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::app::App;
use crate::app::error::AppError;
use crate::mail::Mailer;
use crate::store::leases::Lease;
use beat::{Wakes, kept_alive};
use task::Task;

/// A node that is silent for so long loses its tasks to another. Every step makes it last anew.
const LEASE: Duration = Duration::from_secs(15);

/// How a node's own look at the database, its clock and the published editions is called, and when it wakes.
const LOOK: (&str, &str) = ("look", "*/5 * * * * *");

/// One node's worker. Copies of it are the same node.
#[derive(Clone)]
struct Worker {
    app: Arc<App>,
    /// A name of this node for as long as it runs.
    node: Uuid,
    stop: watch::Receiver<bool>,
}

/// Works until `stop` says so; then the running steps are finished and the leases given back.
pub async fn run(app: Arc<App>, mailer: Arc<Mailer>, stop: watch::Receiver<bool>) {
    let node = app.chance.id();
    let worker = Worker { app, node, stop };
    tracing::info!(worker.node = %node, "what happens by itself begins");
    let mut loops = JoinSet::new();
    let looking = worker.clone();
    loops.spawn(
        worker
            .clone()
            .kept_alive(LOOK.0, move || looking.clone().looking()),
    );
    for task in Task::all(mailer) {
        let (name, working) = (task.name(), worker.clone());
        let begin = move || working.clone().working(task.clone());
        loops.spawn(worker.clone().kept_alive(name, begin));
    }
    while loops.join_next().await.is_some() {}
}

impl Worker {
    async fn kept_alive<L>(self, task: &'static str, begin: impl Fn() -> L)
    where
        L: Future<Output = ()> + Send + 'static,
    {
        let restarts = self.app.pulse.restarts.clone();
        kept_alive(restarts, self.stop, task, begin).await;
    }

    /// Looks at what every node sees for itself.
    async fn looking(self) {
        let mut wakes = Wakes::new(self.app.clone(), self.stop.clone(), LOOK.0, LOOK.1);
        loop {
            self.app.look().await;
            if let Err(error) = self.app.definitions.refresh(&self.app.db).await {
                self.failed(LOOK.0, &error);
            }
            if wakes.stopped_before_next().await {
                return;
            }
        }
    }

    /// Does a task each time it wakes.
    async fn working(self, mut task: Task) {
        let (name, wakes) = (task.name(), task.wakes());
        let mut wakes = Wakes::new(self.app.clone(), self.stop.clone(), name, wakes);
        loop {
            if let Err(error) = self.round(&mut task).await {
                self.failed(name, &error);
            }
            if wakes.stopped_before_next().await {
                return;
            }
        }
    }

    fn failed(&self, task: &'static str, error: &AppError) {
        tracing::error!(task.name = task, error.inside = %error, "a round of a task failed");
        let failed = &self.app.pulse.failed_rounds;
        failed.get_or_create(&vec![("task", task)]).inc();
    }

    /// One step after another for as long as this node has the lease.
    async fn round(&self, task: &mut Task) -> Result<(), AppError> {
        if !self.app.clock_is_right().await? {
            return Ok(());
        }
        let lease = self.app.take_lease(task.name(), self.node, LEASE).await?;
        let Some(lease) = lease else { return Ok(()) };
        let done = self.steps(task, &lease).await;
        self.app.give_back(lease).await?;
        done
    }

    async fn steps(&self, task: &mut Task, lease: &Lease) -> Result<(), AppError> {
        while task.step(&self.app, lease).await? && !*self.stop.borrow() {
            self.app.pulse.beat(task.name(), &self.app.clock);
            let goes_on = self.app.clock_is_right().await? && self.app.keep_lease(lease).await?;
            if !goes_on {
                return Ok(());
            }
        }
        Ok(())
    }
}
