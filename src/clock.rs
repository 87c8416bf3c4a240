//! The only place that reads the time. Everything else is given a [`Clock`] or a `now`, so that any
//! moment can be tested and demonstrated.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// Says what time it is, in whole microseconds: the finest time both databases keep.
///
/// Copies of one clock share their time.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    /// The moment this clock was made, on the machine's steady clock.
    System(Instant),
    Fixed(Timestamp),
    Travelling(Arc<Travelling>),
}

/// A time that tests and demonstrations move.
#[derive(Debug)]
struct Travelling {
    /// Microseconds since 1970.
    wall: AtomicI64,
    /// Microseconds that have passed.
    steady: AtomicU64,
}

impl Clock {
    /// The machine's own time.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the time"
    )]
    pub fn system() -> Self {
        Self(Source::System(Instant::now()))
    }

    /// A clock that stands still.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Self(Source::Fixed(whole_microseconds(at)))
    }

    /// A clock that stands still until it is moved, for tests and demonstrations.
    #[must_use]
    pub fn travelling(from: Timestamp) -> Self {
        Self(Source::Travelling(Arc::new(Travelling {
            wall: AtomicI64::new(from.as_microsecond()),
            steady: AtomicU64::new(0),
        })))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            #[expect(
                clippy::disallowed_methods,
                reason = "the one place that reads the time"
            )]
            Source::System(_) => whole_microseconds(Timestamp::now()),
            Source::Fixed(at) => *at,
            Source::Travelling(time) => timestamp(time.wall.load(Ordering::SeqCst)),
        }
    }

    /// How much time has passed since this clock was made, whatever anybody has set the wall clock to meanwhile.
    #[must_use]
    pub fn steady(&self) -> Duration {
        match &self.0 {
            Source::System(made) => made.elapsed(),
            Source::Fixed(_) => Duration::ZERO,
            Source::Travelling(time) => Duration::from_micros(time.steady.load(Ordering::SeqCst)),
        }
    }

    /// Whether this is the machine's own time, which can be compared with that of another machine.
    #[must_use]
    pub fn is_the_machines(&self) -> bool {
        matches!(self.0, Source::System(_))
    }

    /// Moves a travelling clock by a span, backwards if it is negative; it stops at the ends of time. Forwards, that much
    /// time has passed; backwards, somebody has set it.
    ///
    /// # Panics
    /// If this clock does not travel: nobody can move the machine's time.
    pub fn advance(&self, by: SignedDuration) {
        let beyond = if by.is_negative() { i64::MIN } else { i64::MAX };
        let by = i64::try_from(by.as_micros()).unwrap_or(beyond);
        let moved = |micros: i64| within_time(micros.saturating_add(by));
        let time = self.travelling_time();
        time.wall.update(Ordering::SeqCst, Ordering::SeqCst, moved);
        let passed = u64::try_from(by).unwrap_or(0);
        time.steady.fetch_add(passed, Ordering::SeqCst);
    }

    /// Sets a travelling clock to a moment, as somebody sets a clock: no time passes.
    ///
    /// # Panics
    /// If this clock does not travel.
    pub fn set(&self, to: Timestamp) {
        let wall = &self.travelling_time().wall;
        wall.store(to.as_microsecond(), Ordering::SeqCst);
    }

    fn travelling_time(&self) -> &Travelling {
        match &self.0 {
            Source::Travelling(time) => time,
            Source::System(_) | Source::Fixed(_) => panic!("only a travelling clock can be moved"),
        }
    }
}

fn whole_microseconds(at: Timestamp) -> Timestamp {
    timestamp(at.as_microsecond())
}

fn timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(within_time(micros)).expect("it lies within time")
}

/// Time ends at a whole second here, since jiff takes no microseconds after its last one.
fn within_time(micros: i64) -> i64 {
    const SECOND: i64 = 1_000_000;
    micros.clamp(
        Timestamp::MIN.as_second() * SECOND,
        Timestamp::MAX.as_second() * SECOND,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_fixed_clock_stands_still_in_whole_microseconds() {
        let clock = Clock::fixed(at("2026-11-02T09:30:00.123456789Z"));
        assert_eq!(clock.now(), at("2026-11-02T09:30:00.123456Z"));
        assert_eq!(clock.now(), clock.now());
    }

    #[test]
    fn copies_of_a_travelling_clock_move_together() {
        let clock = Clock::travelling(at("2026-11-02T09:30:00Z"));
        let copy = clock.clone();
        copy.advance(SignedDuration::from_hours(24));
        assert_eq!(clock.now(), at("2026-11-03T09:30:00Z"));
        copy.advance(SignedDuration::from_secs(-1));
        assert_eq!(clock.now(), at("2026-11-03T09:29:59Z"));
        clock.set(at("2028-02-29T00:00:00Z"));
        assert_eq!(copy.now(), at("2028-02-29T00:00:00Z"));
    }

    #[test]
    fn time_passes_when_a_clock_goes_on_and_not_when_it_is_set() {
        let clock = Clock::travelling(at("2026-11-02T09:30:00Z"));
        clock.advance(SignedDuration::from_secs(30));
        assert_eq!(clock.steady(), Duration::from_secs(30));
        clock.advance(SignedDuration::from_hours(-2));
        clock.set(at("2028-02-29T00:00:00Z"));
        assert_eq!(clock.steady(), Duration::from_secs(30));
        let machine = Clock::system();
        std::thread::sleep(Duration::from_millis(2));
        assert!(machine.steady() >= Duration::from_millis(2));
        assert!(machine.is_the_machines() && !clock.is_the_machines());
    }

    #[test]
    fn travel_stops_at_the_ends_of_time() {
        let clock = Clock::travelling(at("2026-11-02T09:30:00Z"));
        clock.advance(SignedDuration::MAX);
        assert_eq!(clock.now(), whole_microseconds(Timestamp::MAX));
        clock.advance(SignedDuration::MIN);
        assert_eq!(clock.now(), whole_microseconds(Timestamp::MIN));
    }

    #[test]
    #[should_panic(expected = "only a travelling clock")]
    fn a_fixed_clock_cannot_be_moved() {
        Clock::fixed(Timestamp::UNIX_EPOCH).set(Timestamp::UNIX_EPOCH);
    }

    #[test]
    fn the_system_clock_moves_on() {
        let clock = Clock::system();
        let before = clock.now();
        std::thread::sleep(Duration::from_millis(2));
        assert!(clock.now() > before);
        assert_eq!(before.subsec_nanosecond() % 1_000, 0);
    }
}
