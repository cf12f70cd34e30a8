//! Proofs, made in a Worker of their own: as the Worker of wallets asks for them, and as theirs makes them.
//!
//! Requests hold witnesses. They go from one Worker of the page's to the other, and never to the page.

use std::sync::Arc;

use async_trait::async_trait;
use js_sys::{Error, Function, Promise, Reflect, Uint8Array};
use louver_core::{
    encoding::{Decode as _, Encode as _},
    proof::Proof,
};
use louver_sdk::{ChainParameters, Circuit, LocalProofs, ProofRequest, ProofWorker as _, ProverError, Watch};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use zeroize::Zeroizing;

use crate::{
    data::{bytes, read, write},
    fault::{argument, thrown},
    keys::{Keys, StoredKeys},
    watch::{Watcher, stoppable, watching},
};

/// Hears of progress: the stage, and how many of how many steps are over. `false` stops the work.
type Report = Closure<dyn Fn(JsValue, u32, u32) -> bool>;

#[wasm_bindgen]
extern "C" {
    /// The Worker of proofs, as the Worker of wallets has it.
    pub type Proofs;

    #[wasm_bindgen(method, js_name = isReady)]
    fn is_ready(this: &Proofs, circuit: JsValue) -> bool;

    #[wasm_bindgen(method)]
    fn recall(this: &Proofs, chain: Option<Uint8Array>, circuit: JsValue) -> Task;

    #[wasm_bindgen(method)]
    fn install(
        this: &Proofs,
        chain: Option<Uint8Array>,
        circuit: JsValue,
        key: Uint8Array,
        report: Option<&Function>,
    ) -> Task;

    #[wasm_bindgen(method)]
    fn prove(
        this: &Proofs,
        chain: Option<Uint8Array>,
        circuit: JsValue,
        request: Uint8Array,
        report: Option<&Function>,
    ) -> Task;

    /// Ends the Worker.
    #[wasm_bindgen(method)]
    fn end(this: &Proofs);

    /// Work under way.
    pub type Task;

    /// Resolves to its outcome; fails with `{ fault, messages }`.
    #[wasm_bindgen(method, getter)]
    fn outcome(this: &Task) -> Promise;

    /// Stops it if it is not over, and hears of it no more.
    #[wasm_bindgen(method)]
    fn end(this: &Task);
}

/// Work under way, which ends with whoever waits for it.
struct Running {
    task: Task,
    _report: Option<Report>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.end();
    }
}

/// The Worker of proofs, as the SDK takes it.
pub(crate) struct Elsewhere(SendWrapper<Proofs>);

impl Elsewhere {
    pub(crate) fn new(proofs: Proofs) -> Self {
        Self(SendWrapper::new(proofs))
    }

    fn begin(
        &self,
        watch: Option<Arc<dyn Watch>>,
        begin: impl FnOnce(&Proofs, Option<&Function>) -> Task,
    ) -> SendWrapper<Running> {
        let report = watch.map(|watch| {
            Report::new(move |stage, done, total| {
                read(stage).is_ok_and(|stage| watch.report(stage, done, total))
            })
        });
        let function = report.as_ref().map(|report| report.as_ref().unchecked_ref());
        let task = begin(&self.0, function);
        SendWrapper::new(Running { task, _report: report })
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.0.end();
    }
}

async fn outcome(running: SendWrapper<Running>) -> Result<SendWrapper<JsValue>, ProverError> {
    let outcome = SendWrapper::new(JsFuture::from(running.task.outcome())).await;
    outcome.map(SendWrapper::new).map_err(fault)
}

/// The fault that the other Worker threw.
fn fault(error: JsValue) -> ProverError {
    let told = Reflect::get(&error, &"fault".into()).ok();
    told.and_then(|fault| read(fault).ok()).unwrap_or_else(|| ProverError::Other {
        reason: match error.dyn_ref::<Error>() {
            Some(error) => error.message().into(),
            None => error.as_string().unwrap_or_else(|| "its Worker failed".to_owned()),
        },
    })
}

fn told(chain: Option<Arc<ChainParameters>>) -> Option<Uint8Array> {
    chain.map(|chain| Uint8Array::from(chain.to_bytes().as_slice()))
}

#[async_trait]
impl louver_sdk::ProofWorker for Elsewhere {
    fn is_ready(&self, circuit: Circuit) -> bool {
        self.0.is_ready(write(&circuit))
    }

    async fn recall(
        &self,
        chain: Option<Arc<ChainParameters>>,
        circuit: Circuit,
    ) -> Result<bool, ProverError> {
        let running = self.begin(None, |proofs, _| proofs.recall(told(chain), write(&circuit)));
        Ok(outcome(running).await?.is_truthy())
    }

    async fn install(
        &self,
        chain: Option<Arc<ChainParameters>>,
        circuit: Circuit,
        key: Vec<u8>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<(), ProverError> {
        let running = self.begin(watch, |proofs, report| {
            proofs.install(told(chain), write(&circuit), Uint8Array::from(key.as_slice()), report)
        });
        outcome(running).await.map(drop)
    }

    async fn prove(
        &self,
        chain: Option<Arc<ChainParameters>>,
        request: ProofRequest,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<Proof, ProverError> {
        let running = self.begin(watch, |proofs, report| {
            let asked = Uint8Array::from(request.expose_bytes().as_slice());
            proofs.prove(told(chain), write(&request.circuit()), asked, report)
        });
        drop(request);
        let proof = outcome(running).await?;
        let bytes = proof.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec).unwrap_or_default();
        Proof::from_bytes(&bytes).map_err(|error| ProverError::Other { reason: error.to_string() })
    }
}

/// Makes proofs, in the Worker that is theirs.
#[wasm_bindgen]
pub struct ProofWorker(LocalProofs);

#[wasm_bindgen]
impl ProofWorker {
    /// One whose keys are kept, if there is a place for them.
    pub fn create(keys: Option<Keys>) -> Self {
        Self(LocalProofs::new(keys.map(|keys| Arc::new(StoredKeys::new(keys)) as Arc<_>)))
    }

    /// Whether a key is at hand.
    pub async fn recall(&self, chain: JsValue, circuit: JsValue) -> Result<bool, JsValue> {
        self.0.recall(named(chain)?, read(circuit)?).await.map_err(thrown)
    }

    /// Takes a proving key by its bytes.
    pub async fn install(
        &self,
        chain: JsValue,
        circuit: JsValue,
        key: JsValue,
        watcher: Option<Watcher>,
    ) -> Result<(), JsValue> {
        let (chain, circuit, key) = (named(chain)?, read(circuit)?, bytes(key)?);
        let install = async |watch| self.0.install(chain, circuit, key, watch).await;
        stoppable(watcher, ProverError::Cancelled, install).await
    }

    /// Makes a proof.
    pub async fn prove(
        &self,
        chain: JsValue,
        request: JsValue,
        watcher: Option<Watcher>,
    ) -> Result<Vec<u8>, JsValue> {
        let chain = named(chain)?;
        let request = {
            let array = request.dyn_into::<Uint8Array>().map_err(|_| argument("a Uint8Array is expected"))?;
            let bytes = Zeroizing::new(array.to_vec());
            array.fill(0, 0, array.length());
            ProofRequest::read(&bytes).map_err(thrown)?
        };
        let proof = self.0.prove(chain, request, watching(watcher)).await.map_err(thrown)?;
        Ok(proof.to_bytes())
    }
}

/// The chain, with its rules versions.
fn named(chain: JsValue) -> Result<Option<Arc<ChainParameters>>, JsValue> {
    if chain.is_undefined() {
        return Ok(None);
    }
    let chain = ChainParameters::from_bytes(&bytes(chain)?).map_err(|error| argument(&error.to_string()))?;
    Ok(Some(Arc::new(chain)))
}
