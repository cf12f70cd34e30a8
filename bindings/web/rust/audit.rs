//! An auditor's key, and the disclosures that an auditor opens, checks and reads.

use std::sync::Arc;

use louver_sdk::{self as sdk, AuditError};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    data::{bytes, read, text, write},
    fault::thrown,
    node::Node,
    watch::{Watcher, stoppable},
};

/// An auditor's secret key.
#[wasm_bindgen]
pub struct AuditorKey(Arc<sdk::AuditorKey>);

#[wasm_bindgen]
impl AuditorKey {
    /// A new key.
    pub fn generate() -> Self {
        Self(sdk::AuditorKey::generate())
    }

    /// Reads a key.
    pub fn parse(key: JsValue) -> Result<Self, JsValue> {
        sdk::AuditorKey::parse(text(&key)?).map(Self).map_err(thrown)
    }

    /// The public half.
    pub fn recipient(&self) -> String {
        self.0.recipient()
    }

    /// The key file.
    #[wasm_bindgen(js_name = toText)]
    pub fn to_text(&self) -> String {
        self.0.to_text()
    }
}

/// A viewing grant that was opened.
#[wasm_bindgen]
pub struct Grant(Arc<sdk::Grant>);

#[wasm_bindgen]
impl Grant {
    /// Opens a sealed grant.
    pub fn open(sealed: JsValue, key: &AuditorKey) -> Result<Self, JsValue> {
        sdk::Grant::open(bytes(sealed)?, key.0.clone()).map(Self).map_err(thrown)
    }

    /// The grant's statement of its scope.
    pub fn info(&self) -> JsValue {
        write(&self.0.info())
    }

    /// Checks the grant.
    pub async fn verify(&self, node: &Node) -> Result<(), JsValue> {
        self.0.verify(node.0.clone()).await.map_err(thrown)
    }

    /// Reads the whole ledger with it.
    pub async fn audit(&self, node: &Node, watcher: Option<Watcher>) -> Result<JsValue, JsValue> {
        let node = node.0.clone();
        stoppable(watcher, AuditError::Cancelled, async |watch| self.0.audit(node, watch).await)
            .await
            .map(|report| write(&report))
    }

    /// Reads the ledger with it, from where an earlier audit ended.
    #[wasm_bindgen(js_name = continueAudit)]
    pub async fn continue_audit(
        &self,
        node: &Node,
        state: JsValue,
        watcher: Option<Watcher>,
    ) -> Result<JsValue, JsValue> {
        let node = node.0.clone();
        let state = (!state.is_undefined()).then(|| bytes(state)).transpose()?;
        stoppable(watcher, AuditError::Cancelled, async |watch| {
            self.0.continue_audit(node, state, watch).await
        })
        .await
        .map(|continued| write(&continued))
    }
}

/// A disclosure package that was read.
#[wasm_bindgen]
pub struct Package(Arc<sdk::Package>);

#[wasm_bindgen]
impl Package {
    /// Reads a package.
    pub fn read(package: JsValue) -> Result<Self, JsValue> {
        sdk::Package::read(bytes(package)?).map(Self).map_err(thrown)
    }

    /// Opens a sealed package.
    pub fn open(package: JsValue, key: &AuditorKey) -> Result<Self, JsValue> {
        sdk::Package::open(bytes(package)?, key.0.clone()).map(Self).map_err(thrown)
    }

    /// The package's statement about itself.
    pub fn info(&self) -> JsValue {
        write(&self.0.info())
    }

    /// Checks the package against the ledger.
    pub async fn verify(&self, node: &Node, expectations: JsValue) -> Result<JsValue, JsValue> {
        let (node, expectations) = (node.0.clone(), read(expectations)?);
        self.0.verify(node, expectations).await.map(|report| write(&report)).map_err(thrown)
    }

    /// The file by which the package is checked without a node.
    pub async fn prove(&self, node: &Node) -> Result<Vec<u8>, JsValue> {
        self.0.prove(node.0.clone()).await.map_err(thrown)
    }

    /// Checks the package by that file.
    #[wasm_bindgen(js_name = verifyOffline)]
    pub async fn verify_offline(
        &self,
        proof: JsValue,
        trust: JsValue,
        expectations: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (proof, trust, expectations) = (bytes(proof)?, read(trust)?, read(expectations)?);
        let report = self.0.verify_offline(proof, trust, expectations).await.map_err(thrown)?;
        Ok(write(&report))
    }
}
