//! The node's clock, and which of its steps go into blocks.
//!
//! A block is never stamped with a later time than the node's clock shows, nor with an earlier one than the last
//! block's. A clock that jumps ahead would end epochs for everybody and could not be taken back, so a large step waits
//! for the operator's word.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use thiserror::Error;

/// Tells the time of day, and how much time passes.
pub trait Clock: fmt::Debug + Send + Sync {
    /// Seconds since 1970 (UTC).
    fn now(&self) -> u64;

    /// The time since some moment. It never falls, and nobody sets it.
    fn elapsed(&self) -> Duration;
}

/// The clock of this machine.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// The clock, as [`NodeConfig`](crate::NodeConfig) takes it.
    pub fn shared() -> Arc<dyn Clock> {
        Arc::new(Self(Instant::now()))
    }
}

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A clock that stands where it is set, for development chains and tests.
#[derive(Debug, Default)]
pub struct ManualClock(Mutex<(u64, Duration)>);

impl ManualClock {
    /// A clock that shows `now`, in seconds since 1970.
    pub fn new(now: u64) -> Self {
        Self(Mutex::new((now, Duration::ZERO)))
    }

    /// Lets time pass.
    pub fn pass(&self, seconds: u64) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.0 = shown.0.saturating_add(seconds);
        shown.1 = shown.1.saturating_add(Duration::from_secs(seconds));
    }

    /// Sets the time of day, while no time passes.
    pub fn set(&self, now: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 = now;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    fn elapsed(&self) -> Duration {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

/// The largest steps ahead that a node takes by itself, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockSteps {
    /// While it runs, beyond the time that passed.
    pub running: u64,
    /// From the last block to the first that it makes after its start.
    pub starting: u64,
}

impl Default for ClockSteps {
    fn default() -> Self {
        Self { running: 10 * 60, starting: 30 * 24 * 60 * 60 }
    }
}

impl ClockSteps {
    /// For machines that sleep: what a start takes is taken while running as well.
    pub fn of_a_development_chain() -> Self {
        Self { running: Self::default().starting, ..Self::default() }
    }
}

/// Why no block is made by the clock as it is.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ClockError {
    /// The last block is of a later time.
    #[error(
        "this machine's clock is {} s behind the last block, so no block is made until it has caught up; check the clock",
        last - now
    )]
    Behind {
        /// The last block's time.
        last: u64,
        /// The clock's.
        now: u64,
    },
    /// The clock has jumped.
    #[error(
        "this machine's clock has jumped ahead by {} s, so no block is made; set the clock right, or say that it is right with `louver node accept-time`",
        now - expected
    )]
    Jumped {
        /// The time that was to be expected.
        expected: u64,
        /// The time that it shows.
        now: u64,
    },
}

/// Judges the clock for the blocks of one chain.
#[derive(Debug)]
pub(crate) struct BlockClock {
    clock: Arc<dyn Clock>,
    steps: ClockSteps,
    /// The time of day and the elapsed time when the clock was last found right.
    right: Mutex<Option<(u64, Duration)>>,
    /// The seconds that passed on a development chain and nowhere else.
    passed: AtomicU64,
}

impl BlockClock {
    pub(crate) fn new(clock: Arc<dyn Clock>, steps: ClockSteps) -> Self {
        Self { clock, steps, right: Mutex::new(None), passed: AtomicU64::new(0) }
    }

    /// Seconds since 1970, unjudged.
    pub(crate) fn now(&self) -> u64 {
        self.clock.now().saturating_add(self.passed.load(Ordering::SeqCst))
    }

    /// Lets time pass, as development chains do for those who try them.
    pub(crate) fn pass(&self, seconds: u64) {
        let passed = |before: u64| Some(before.saturating_add(seconds));
        // The closure always gives a value.
        let _ = self.passed.fetch_update(Ordering::SeqCst, Ordering::SeqCst, passed);
        self.accept();
    }

    /// The time for a block after one of time `last`. `begun` tells whether that was a block: before the first one stands
    /// genesis, which may be of any age.
    pub(crate) fn block_time(&self, last: u64, begun: bool) -> Result<u64, ClockError> {
        let (now, elapsed) = (self.now(), self.clock.elapsed());
        let mut right = self.right.lock().unwrap_or_else(PoisonError::into_inner);
        let (expected, most) = match *right {
            Some((then, at)) => {
                (then.saturating_add(elapsed.saturating_sub(at).as_secs()), self.steps.running)
            }
            None if !begun => (now, 0),
            None => (last, self.steps.starting),
        };
        let step = now.saturating_sub(expected);
        if step > most {
            return Err(ClockError::Jumped { expected, now });
        }
        if step > ClockSteps::default().running {
            tracing::warn!(
                seconds = step,
                "the clock is far ahead of the last time that was known; it is taken"
            );
        }
        if expected.saturating_sub(now) > ClockSteps::default().running {
            tracing::warn!(seconds = expected - now, "the clock was set back");
        }
        *right = Some((now, elapsed));
        match now < last {
            true => Err(ClockError::Behind { last, now }),
            false => Ok(now),
        }
    }

    /// Takes the clock for right as it is now: the operator's word.
    pub(crate) fn accept(&self) -> u64 {
        let now = self.now();
        *self.right.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, self.clock.elapsed()));
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 24 * 60 * 60;
    const NOW: u64 = 1_800_000_000;

    fn clock() -> (Arc<ManualClock>, BlockClock) {
        let clock = Arc::new(ManualClock::new(NOW));
        (clock.clone(), BlockClock::new(clock, ClockSteps::default()))
    }

    /// Attacker: somebody who sets a node's clock ahead once, so that addresses expire and epochs end for everybody.
    #[test]
    fn a_jump_waits_for_the_operators_word() {
        let (manual, clock) = clock();
        assert_eq!(clock.block_time(NOW - 5, true), Ok(NOW));
        manual.pass(3600);
        assert_eq!(clock.block_time(NOW, true), Ok(NOW + 3600));
        let right = NOW + 3600;
        manual.set(right + 601);
        let jumped = Err(ClockError::Jumped { expected: right, now: right + 601 });
        assert_eq!(clock.block_time(NOW, true), jumped);
        // Asking again is not a way around it, and a clock that is set right goes on.
        assert_eq!(clock.block_time(NOW, true), jumped);
        manual.set(right + 600);
        assert_eq!(clock.block_time(NOW, true), Ok(right + 600));
        manual.set(right + 100 * 365 * DAY);
        assert!(clock.block_time(NOW, true).is_err());
        clock.accept();
        assert_eq!(clock.block_time(NOW, true), Ok(right + 100 * 365 * DAY));
    }

    #[test]
    fn a_start_takes_a_step_below_thirty_days() {
        let (_, fresh) = clock();
        assert_eq!(fresh.block_time(0, false), Ok(NOW));
        let (_, after_days) = clock();
        assert_eq!(after_days.block_time(NOW - 30 * DAY, true), Ok(NOW));
        let (_, after_more) = clock();
        let jumped = Err(ClockError::Jumped { expected: NOW - 30 * DAY - 1, now: NOW });
        assert_eq!(after_more.block_time(NOW - 30 * DAY - 1, true), jumped);
        after_more.accept();
        assert_eq!(after_more.block_time(NOW - 30 * DAY - 1, true), Ok(NOW));
    }

    /// Attacker: the maker of a block of the future, on which every later block then stands.
    #[test]
    fn no_block_is_of_a_later_time_than_the_clock_shows() {
        let (manual, clock) = clock();
        assert_eq!(clock.block_time(NOW, true), Ok(NOW));
        manual.set(NOW - 10);
        assert_eq!(clock.block_time(NOW, true), Err(ClockError::Behind { last: NOW, now: NOW - 10 }));
        manual.pass(10);
        assert_eq!(clock.block_time(NOW, true), Ok(NOW));
    }

    #[test]
    fn a_machine_that_slept_goes_on_with_a_development_chain() {
        let manual = Arc::new(ManualClock::new(NOW));
        let clock = BlockClock::new(manual.clone(), ClockSteps::of_a_development_chain());
        assert_eq!(clock.block_time(NOW, true), Ok(NOW));
        manual.set(NOW + DAY);
        assert_eq!(clock.block_time(NOW, true), Ok(NOW + DAY));
    }
}
