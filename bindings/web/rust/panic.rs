//! The handling of a fault in Louver itself: it is reported to the page, from whichever thread, and ends the Worker.

use std::panic;

use js_sys::{Reflect, global};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::BroadcastChannel;

/// Makes the library ready: from now on the page hears of panics, on the channel of this name.
#[wasm_bindgen]
pub fn start(channel: String) {
    panic::set_hook(Box::new(move |panic| {
        let told = JsValue::from(panic.to_string());
        // On the Worker's own thread, its TypeScript looks here.
        let _ = Reflect::set(&global(), &"louverPanic".into(), &told);
        if let Ok(channel) = BroadcastChannel::new(&channel) {
            let _ = channel.post_message(&told);
        }
    }));
}
