//! A wallet's state: in memory, and as an encrypted journal in the browser's database.

use async_trait::async_trait;
use js_sys::{Array, Promise, Uint8Array};
use louver_core::store::{Batch, Entry, KeyRange, Store, StoreError, Table};
use louver_sdk::Saved;
use louver_wallet::store::sealed::{Changes, Journal, SealedStore};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

#[wasm_bindgen]
extern "C" {
    /// The place of one wallet in the browser's database.
    #[derive(Clone)]
    pub type Storage;

    #[wasm_bindgen(method)]
    fn keep(this: &Storage, head: Option<Uint8Array>, first: f64, next: f64, records: Array) -> Promise;

    #[wasm_bindgen(method)]
    fn close(this: &Storage);
}

/// The store of a wallet. Its place is held until it is dropped.
pub(crate) struct Held {
    store: SealedStore,
    storage: SendWrapper<Storage>,
}

impl Held {
    pub(crate) fn new(store: SealedStore, storage: &Storage) -> Self {
        Self { store, storage: SendWrapper::new(storage.clone()) }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.storage.close();
    }
}

impl Store for Held {
    fn get(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.get(table, key)
    }

    fn scan(&self, table: Table, range: KeyRange<'_>) -> Result<Vec<Entry>, StoreError> {
        self.store.scan(table, range)
    }

    fn write(&mut self, batch: &Batch) -> Result<(), StoreError> {
        self.store.write(batch)
    }
}

/// Brings the journal to the database.
#[derive(Clone)]
pub(crate) struct Keeper {
    journal: Journal,
    storage: SendWrapper<Storage>,
}

impl Keeper {
    pub(crate) fn new(store: &SealedStore, storage: &Storage) -> Self {
        Self { journal: store.journal(), storage: SendWrapper::new(storage.clone()) }
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Keeps what was written so far. It goes on to its end whether or not anybody waits for it, so that a write that
    /// fails is never overlooked.
    fn keep(&self) -> Promise {
        let Changes { head, first, records } = self.journal.take();
        let head = head.map(|head| Uint8Array::from(head.as_slice()));
        let next = records.first().map_or(first, |record| record.number);
        let records = records.iter().map(|record| Uint8Array::from(record.bytes.as_slice())).collect();
        let kept = JsFuture::from(self.storage.keep(head, number(first), number(next), records));
        let journal = self.journal.clone();
        future_to_promise(async move {
            let kept = kept.await;
            if kept.is_err() {
                journal.fail();
            }
            kept
        })
    }
}

/// Records are numbered by doubles in the database, which are exact for longer than any wallet lives.
#[expect(clippy::cast_precision_loss, reason = "as above")]
fn number(number: u64) -> f64 {
    number as f64
}

#[async_trait]
impl Saved for Keeper {
    async fn saved(&self) -> Result<(), StoreError> {
        let kept = SendWrapper::new(JsFuture::from(self.keep())).await;
        kept.map(drop).map_err(|error| StoreError::Backend(said(&error).into()))
    }
}

/// The message of a JavaScript error.
fn said(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => error.message().into(),
        None => error.as_string().unwrap_or_else(|| format!("{error:?}")),
    }
}
