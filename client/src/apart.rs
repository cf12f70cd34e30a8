//! Work that takes its time, away from the thread that polls.

/// Does the work on a thread of its own, where there are threads to wait on.
#[cfg(not(target_family = "wasm"))]
pub async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    blocking::unblock(work).await
}

/// Does the work here: the whole library runs in a Worker, which nobody watches.
#[cfg(target_family = "wasm")]
#[expect(clippy::unused_async, reason = "elsewhere it waits")]
pub async fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Waits, without holding the thread that polls.
#[cfg(not(target_family = "wasm"))]
pub async fn pause(time: std::time::Duration) {
    apart(move || std::thread::sleep(time)).await;
}
