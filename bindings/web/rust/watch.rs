//! Long work, watched and stopped from JavaScript.

use core::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};
use std::sync::Arc;

use js_sys::Promise;
use louver_sdk::{Stage, Watch};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

use crate::{
    data::write,
    fault::{Fault, thrown},
};

#[wasm_bindgen]
extern "C" {
    /// How the Worker watches a call.
    pub type Watcher;

    #[wasm_bindgen(method)]
    fn report(this: &Watcher, stage: JsValue, done: u32, total: u32) -> bool;

    #[wasm_bindgen(method)]
    fn stopped(this: &Watcher) -> Promise;
}

struct Watching(SendWrapper<Watcher>);

impl Watch for Watching {
    fn report(&self, stage: Stage, done: u32, total: u32) -> bool {
        // Another thread than the Worker's has nobody to ask.
        !self.0.valid() || self.0.report(write(&stage), done, total)
    }
}

/// A call's watcher, as the SDK takes it.
pub(crate) fn watching(watcher: Option<Watcher>) -> Option<Arc<dyn Watch>> {
    watcher.map(|watcher| Arc::new(Watching(SendWrapper::new(watcher))) as Arc<dyn Watch>)
}

/// Work that may be dropped wherever it waits, with `cancelled` for its error: not what hands out a transaction.
pub(crate) async fn stoppable<T, E: Fault>(
    watcher: Option<Watcher>,
    cancelled: E,
    work: impl AsyncFnOnce(Option<Arc<dyn Watch>>) -> Result<T, E>,
) -> Result<T, JsValue> {
    let stopped = watcher.as_ref().map(|watcher| JsFuture::from(watcher.stopped()));
    let mut work = pin!(work(watching(watcher)));
    let mut stopped = pin!(stopped);
    poll_fn(|context| {
        if let Poll::Ready(result) = work.as_mut().poll(context) {
            return Poll::Ready(Some(result));
        }
        match stopped.as_mut().as_pin_mut().map(|stopped| stopped.poll(context)) {
            Some(Poll::Ready(_)) => Poll::Ready(None),
            _ => Poll::Pending,
        }
    })
    .await
    .unwrap_or(Err(cancelled))
    .map_err(thrown)
}
