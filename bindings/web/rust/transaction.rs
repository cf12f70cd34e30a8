//! A transaction on its way.

use std::sync::Arc;

use louver_sdk as sdk;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    data::write,
    fault::thrown,
    prover::Prover,
    watch::{Watcher, watching},
};

/// A transaction that can be built.
#[wasm_bindgen]
pub struct Plan(pub(crate) Arc<sdk::Plan>);

#[wasm_bindgen]
impl Plan {
    /// The effects, the cost and the visibility of the plan.
    pub fn preview(&self) -> JsValue {
        write(&self.0.preview())
    }
}

/// Payments that were planned and not begun.
#[wasm_bindgen]
pub struct Proposal(pub(crate) Arc<sdk::Proposal>);

#[wasm_bindgen]
impl Proposal {
    /// The transactions that the payments take.
    pub fn preview(&self) -> JsValue {
        write(&self.0.preview())
    }
}

/// A transaction that is built.
#[wasm_bindgen]
pub struct Draft(pub(crate) Arc<sdk::Draft>);

#[wasm_bindgen]
impl Draft {
    /// Proves it.
    pub async fn prove(&self, prover: &Prover, watcher: Option<Watcher>) -> Result<Proven, JsValue> {
        self.0.prove(prover.0.clone(), watching(watcher)).await.map(Proven).map_err(thrown)
    }
}

/// A transaction that is proven.
#[wasm_bindgen]
pub struct Proven(pub(crate) Arc<sdk::Proven>);

#[wasm_bindgen]
impl Proven {
    /// Its id.
    pub fn txid(&self) -> Result<String, JsValue> {
        self.0.txid().map_err(thrown)
    }
}
