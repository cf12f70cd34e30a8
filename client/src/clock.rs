//! The current time.

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
