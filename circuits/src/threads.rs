//! Threads for work that others wait for.

/// The result of the work, done on its own threads: for callers that hold a lock.
///
/// A thread of a pool that waits for a part of its work takes up another task of the pool. That task may wait for the
/// same lock, and then nobody ever goes on. The same happens if all threads of the pool wait for the lock, and the work
/// needs them. Here the caller waits and does nothing else, and the work needs nobody.
///
/// In a browser threads are Workers, and only the page can start them: there the caller does the work itself, with the
/// help of the program's pool if there is one. This is sound since callers are not threads of that pool: proofs are
/// asked for from Workers of the page, which wait for the pool's threads and take up none of their tasks, and no task
/// of the pool asks for a key.
pub(crate) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    return work();
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    on_own_threads(work)
}

#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
fn on_own_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    use std::{panic::resume_unwind, thread};

    use rayon::ThreadPoolBuilder;

    match ThreadPoolBuilder::new().num_threads(rayon::current_num_threads()).build() {
        // A thread of another pool would take up tasks of that one while it waits for this one.
        Ok(pool) => thread::scope(|scope| {
            scope.spawn(|| pool.install(work)).join().unwrap_or_else(|panic| resume_unwind(panic))
        }),
        // Where there are no threads, nothing is taken up in between.
        Err(_) => work(),
    }
}

#[cfg(test)]
mod tests {
    use rayon::prelude::*;

    use super::*;

    #[test]
    fn the_caller_has_the_result() {
        assert_eq!(apart(|| (0..1000u32).into_par_iter().sum::<u32>()), 499_500);
        let panicked = std::panic::catch_unwind(|| apart(|| panic!("a part")));
        assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"a part"));
    }
}
