//! Books, as their reader checks them.

use std::sync::Arc;

use louver_sdk::{self as sdk, BookError};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    audit::AuditorKey,
    data::{bytes, read, write},
    fault::thrown,
    node::Node,
    watch::{Watcher, stoppable},
};

/// A book that was opened.
#[wasm_bindgen]
pub struct Book(pub(crate) Arc<sdk::Book>);

#[wasm_bindgen]
impl Book {
    /// Opens a sealed book.
    pub fn open(sealed: JsValue, key: &AuditorKey) -> Result<Self, JsValue> {
        sdk::Book::open(bytes(sealed)?, key.0.clone()).map(Self).map_err(thrown)
    }

    /// The book's statement about itself.
    pub fn info(&self) -> JsValue {
        write(&self.0.info())
    }

    /// Checks the book against the ledger.
    pub async fn verify(
        &self,
        node: &Node,
        expectations: JsValue,
        watcher: Option<Watcher>,
    ) -> Result<JsValue, JsValue> {
        let (node, expectations) = (node.0.clone(), read(expectations)?);
        let verify = async |watch| self.0.verify(node, expectations, watch).await;
        stoppable(watcher, BookError::Cancelled, verify).await.map(|report| write(&report))
    }

    /// Checks the book, and joins it to the one before.
    #[wasm_bindgen(js_name = verifyAfter)]
    pub async fn verify_after(
        &self,
        before: &Book,
        node: &Node,
        expectations: JsValue,
        watcher: Option<Watcher>,
    ) -> Result<JsValue, JsValue> {
        let (before, node, expectations) = (before.0.clone(), node.0.clone(), read(expectations)?);
        let verify = async |watch| self.0.verify_after(before, node, expectations, watch).await;
        stoppable(watcher, BookError::Cancelled, verify).await.map(|report| write(&report))
    }

    /// A receipt for the last verdict.
    pub fn receipt(&self, key: &AuditorKey) -> Result<Vec<u8>, JsValue> {
        self.0.receipt(key.0.clone()).map_err(thrown)
    }
}
