//! Proving keys and proofs.

use std::sync::Arc;

use louver_sdk::{self as sdk, ProverError};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    data::{bytes, read},
    node::Node,
    proofs::{Elsewhere, Proofs},
    watch::{Watcher, stoppable},
};

/// Makes proofs.
#[wasm_bindgen]
pub struct Prover(pub(crate) Arc<sdk::Prover>);

#[wasm_bindgen]
impl Prover {
    /// A prover whose proofs are made in a Worker of their own.
    pub fn create(proofs: Proofs) -> Self {
        Self(sdk::Prover::with_worker(Arc::new(Elsewhere::new(proofs))))
    }

    /// Whether a key is at hand.
    #[wasm_bindgen(js_name = isReady)]
    pub fn is_ready(&self, circuit: JsValue) -> Result<bool, JsValue> {
        Ok(self.0.is_ready(read(circuit)?))
    }

    /// Makes ready for proofs of a circuit.
    pub async fn prepare(
        &self,
        circuit: JsValue,
        node: &Node,
        watcher: Option<Watcher>,
    ) -> Result<(), JsValue> {
        let (circuit, node) = (read(circuit)?, node.0.clone());
        stoppable(watcher, ProverError::Cancelled, async |watch| self.0.prepare(circuit, node, watch).await)
            .await
    }

    /// Takes a proving key by its bytes.
    pub async fn install(
        &self,
        circuit: JsValue,
        key: JsValue,
        watcher: Option<Watcher>,
    ) -> Result<(), JsValue> {
        let (circuit, key) = (read(circuit)?, bytes(key)?);
        stoppable(watcher, ProverError::Cancelled, async |watch| self.0.install(circuit, key, watch).await)
            .await
    }
}
