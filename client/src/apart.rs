//! Work that takes its time, away from the thread that polls.

use std::time::Duration;

#[cfg(all(target_family = "wasm", target_os = "unknown"))]
use send_wrapper::SendWrapper;

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
#[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
pub async fn pause(time: Duration) {
    apart(move || std::thread::sleep(time)).await;
}

/// Waits, by the timer of the page or of its Worker. Where there is none, it does not wait.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
pub async fn pause(time: Duration) {
    drop(timer(time).await);
}

/// A timer. One thread drives the session, and its future has to be fit for any.
#[cfg(all(target_family = "wasm", target_os = "unknown"))]
fn timer(time: Duration) -> SendWrapper<wasm_bindgen_futures::JsFuture> {
    use js_sys::{Function, Promise, Reflect, global};
    use wasm_bindgen::{JsCast, JsValue};
    let milliseconds = JsValue::from(u32::try_from(time.as_millis()).unwrap_or(u32::MAX));
    let begin = |end: &Function| {
        let timer: Function = Reflect::get(&global(), &"setTimeout".into())?.dyn_into()?;
        timer.call2(&global(), end, &milliseconds)
    };
    let promise = Promise::new(&mut |resolve, _| {
        if begin(&resolve).is_err() {
            drop(resolve.call0(&JsValue::UNDEFINED));
        }
    });
    SendWrapper::new(wasm_bindgen_futures::JsFuture::from(promise))
}
