//! Proving keys, kept by the Worker.

use async_trait::async_trait;
use js_sys::{Promise, Uint8Array};
use louver_sdk::KeyCache;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// Where keys are kept.
    pub type Keys;

    #[wasm_bindgen(method)]
    fn get(this: &Keys, name: String) -> Promise;

    #[wasm_bindgen(method)]
    fn put(this: &Keys, name: String, bytes: Uint8Array) -> Promise;
}

/// Keys in the browser's database.
pub(crate) struct StoredKeys(SendWrapper<Keys>);

impl StoredKeys {
    pub(crate) fn new(keys: Keys) -> Self {
        Self(SendWrapper::new(keys))
    }
}

#[async_trait]
impl KeyCache for StoredKeys {
    async fn get(&self, name: String) -> Option<Vec<u8>> {
        let kept = SendWrapper::new(JsFuture::from(self.0.get(name))).await.ok()?;
        Some(kept.dyn_into::<Uint8Array>().ok()?.to_vec())
    }

    async fn put(&self, name: String, bytes: Vec<u8>) {
        let bytes = Uint8Array::from(bytes.as_slice());
        let kept = SendWrapper::new(JsFuture::from(self.0.put(name, bytes)));
        // A key that was not stored is fetched again.
        drop(kept.await);
    }
}
