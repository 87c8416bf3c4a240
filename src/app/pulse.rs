//! What one process knows of itself: when each of its tasks last gave a sign of life, what it last saw of the database,
//! and whether its clock is to be trusted. Kept in memory, so that whoever asks costs nothing and never waits.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;

use crate::clock::Clock;
use crate::store::integrity_checks::CheckRow;

/// A task without a sign of life for so long is dead.
const DEAD_AFTER: Duration = Duration::from_mins(3);

/// What was last seen of the database holds for so long.
const SEEN_FOR: Duration = Duration::from_secs(20);

/// A clock that differs by more than this from the database's is wrong.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

/// A clock that jumps by more than this was set by somebody.
const STEP: SignedDuration = SignedDuration::from_mins(5);

/// The borders of the histogram of lateness, in seconds: up to a week.
const LATENESS: [f64; 11] = [
    1.0, 5.0, 15.0, 30.0, 60.0, 300.0, 900.0, 3_600.0, 21_600.0, 86_400.0, 604_800.0,
];

/// A count for each task.
pub type PerTask = Family<Vec<(&'static str, &'static str)>, Counter>;

#[derive(Debug)]
pub struct Pulse {
    /// By task, on the steady clock.
    beats: Mutex<BTreeMap<&'static str, Duration>>,
    /// What was last seen, and when on the steady clock.
    seen: Mutex<Option<(Duration, Option<Seen>)>>,
    /// The wall clock and the steady clock when they were last looked at together.
    looked: Mutex<Option<(Timestamp, Duration)>>,
    /// How often the wall clock was set while this process ran.
    pub clock_steps: Counter,
    /// Seconds from when a stage fell due to when it was recorded.
    pub lateness: Histogram,
    /// Rounds of a task that ended in an error.
    pub failed_rounds: PerTask,
    /// Tasks that broke down and were started again.
    pub restarts: PerTask,
}

/// What can be seen of a database that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Whether its tables are those of this program.
    pub schema_is_current: bool,
    /// By how much this node's clock is ahead of the database's; zero where both are one machine's.
    pub ahead: SignedDuration,
    /// The newest check of all histories.
    pub check: Option<CheckRow>,
    /// Whether messages wait for a person's word.
    pub held: bool,
    /// Whether fewer people than must be could be told of an emergency that nobody has reviewed.
    pub untold: bool,
}

impl Default for Pulse {
    fn default() -> Self {
        Self {
            beats: Mutex::default(),
            seen: Mutex::default(),
            looked: Mutex::default(),
            clock_steps: Counter::default(),
            lateness: Histogram::new(LATENESS),
            failed_rounds: Family::default(),
            restarts: Family::default(),
        }
    }
}

impl Pulse {
    /// A sign of life of a task.
    pub fn beat(&self, task: &'static str, clock: &Clock) {
        locked(&self.beats).insert(task, clock.steady());
    }

    /// Notes what was seen of the database; `None` when it did not answer.
    pub fn saw(&self, seen: Option<Seen>, clock: &Clock) {
        *locked(&self.seen) = Some((clock.steady(), seen));
    }

    /// What was seen of the database a moment ago, if it answered.
    pub fn seen(&self, clock: &Clock) -> Option<Seen> {
        let (at, seen) = locked(&self.seen).clone()?;
        seen.filter(|_| clock.steady().saturating_sub(at) <= SEEN_FOR)
    }

    /// Whether any task that this process runs is silent, or none was ever started.
    pub fn is_silent(&self, clock: &Clock) -> bool {
        let (beats, now) = (locked(&self.beats), clock.steady());
        let dead = |beat: &Duration| now.saturating_sub(*beat) > DEAD_AFTER;
        beats.is_empty() || beats.values().any(dead)
    }

    /// Notices when somebody has set the wall clock since this was last asked: compared with the steady clock, it jumped.
    pub fn watch(&self, clock: &Clock) {
        let (wall, steady) = (clock.now(), clock.steady());
        let Some((last_wall, last_steady)) = locked(&self.looked).replace((wall, steady)) else {
            return;
        };
        let passed = SignedDuration::try_from(steady.saturating_sub(last_steady));
        let jumped = wall.duration_since(last_wall) - passed.unwrap_or(SignedDuration::MAX);
        if jumped.abs() > STEP {
            self.clock_steps.inc();
            let seconds = jumped.as_secs();
            tracing::error!(clock.jumped_seconds = seconds, "somebody set the clock");
        }
    }
}

impl Seen {
    /// Whether what happens by itself may go by this node's clock.
    pub fn clock_is_right(&self) -> bool {
        is_right(self.ahead)
    }
}

/// Whether a clock may be gone by that is so much ahead of the database's.
pub fn is_right(ahead: SignedDuration) -> bool {
    ahead.abs() <= SKEW
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
