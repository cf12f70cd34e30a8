//! The current time.
//!
//! A wallet declares the epoch of its clock, or of the last block if that is later. It never takes a transaction for dead
//! by its clock: only blocks tell.

use core::fmt;
use std::sync::Arc;

/// Tells the time of day.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> u64 + Send + Sync>);

impl Clock {
    /// The clock of this machine.
    pub fn system() -> Self {
        Self::new(now)
    }

    /// A clock that shows what `now` gives, in seconds since 1970 (UTC).
    pub fn new(now: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Seconds since 1970 (UTC).
    pub fn now(&self) -> u64 {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

/// Now, in seconds since 1970.
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Now, in seconds since 1970.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a time of this age fits")]
pub fn now() -> u64 {
    (js_sys::Date::now() / 1000.0) as u64
}
