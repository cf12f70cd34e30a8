//! An auditor's key, and the disclosures that an auditor opens, checks and reads.

use std::sync::Arc;

use louver_sdk::{self as sdk, AuditError};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    book::Book,
    data::{bytes, read, text, write},
    fault::thrown,
    node::Node,
    travel_rule::TravelRuleRecord,
    watch::{Watcher, stoppable},
};

/// An auditor's secret key.
#[wasm_bindgen]
pub struct AuditorKey(pub(crate) Arc<sdk::AuditorKey>);

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

    /// Asks an account to show something.
    pub async fn challenge(
        &self,
        node: &Node,
        auditor: JsValue,
        demand: JsValue,
    ) -> Result<Vec<u8>, JsValue> {
        let (node, auditor, demand) = (node.0.clone(), text(&auditor)?, read(demand)?);
        self.0.challenge(node, auditor, demand).await.map_err(thrown)
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
    pub async fn verify(&self, node: &Node, expectations: JsValue) -> Result<(), JsValue> {
        self.0.verify(node.0.clone(), read(expectations)?).await.map_err(thrown)
    }

    /// Reads the whole ledger with it.
    pub async fn audit(
        &self,
        node: &Node,
        expectations: JsValue,
        watcher: Option<Watcher>,
    ) -> Result<JsValue, JsValue> {
        let (node, expectations) = (node.0.clone(), read(expectations)?);
        let audit = async |watch| self.0.audit(node, expectations, watch).await;
        stoppable(watcher, AuditError::Cancelled, audit).await.map(|report| write(&report))
    }

    /// Reads the ledger with it, from where an earlier audit ended.
    #[wasm_bindgen(js_name = continueAudit)]
    pub async fn continue_audit(
        &self,
        node: &Node,
        expectations: JsValue,
        state: JsValue,
        watcher: Option<Watcher>,
    ) -> Result<JsValue, JsValue> {
        let (node, expectations) = (node.0.clone(), read(expectations)?);
        let state = (!state.is_undefined()).then(|| bytes(state)).transpose()?;
        stoppable(watcher, AuditError::Cancelled, async |watch| {
            self.0.continue_audit(node, expectations, state, watch).await
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

    /// A receipt for the last verdict.
    pub fn receipt(&self, key: &AuditorKey) -> Result<Vec<u8>, JsValue> {
        self.0.receipt(key.0.clone()).map_err(thrown)
    }

    /// The payment of the last verdict that a record belongs to.
    #[wasm_bindgen(js_name = travelRule)]
    pub fn travel_rule(&self, record: &TravelRuleRecord) -> Result<JsValue, JsValue> {
        self.0.travel_rule(record.0.clone()).map(|report| write(&report)).map_err(thrown)
    }
}

/// A receipt that was read.
#[wasm_bindgen]
pub struct Receipt(Arc<sdk::Receipt>);

#[wasm_bindgen]
impl Receipt {
    /// Reads a receipt.
    pub fn read(receipt: JsValue) -> Result<Self, JsValue> {
        sdk::Receipt::read(bytes(receipt)?).map(Self).map_err(thrown)
    }

    /// The words of the receipt.
    pub fn info(&self) -> JsValue {
        write(&self.0.info())
    }

    /// Checks who signed it.
    pub fn verify(&self, challenge: JsValue) -> Result<(), JsValue> {
        let challenge = (!challenge.is_undefined()).then(|| bytes(challenge)).transpose()?;
        self.0.verify(challenge).map_err(thrown)
    }

    /// Checks that it is about a package.
    #[wasm_bindgen(js_name = verifyAbout)]
    pub fn verify_about(&self, package: &Package) -> Result<(), JsValue> {
        self.0.verify_about(package.0.clone()).map_err(thrown)
    }

    /// Checks that it is about a book.
    #[wasm_bindgen(js_name = verifyAboutBook)]
    pub fn verify_about_book(&self, book: &Book) -> Result<(), JsValue> {
        self.0.verify_about_book(book.0.clone()).map_err(thrown)
    }

    /// Checks that it is about a statement.
    #[wasm_bindgen(js_name = verifyAboutStatement)]
    pub fn verify_about_statement(&self, statement: &Statement) -> Result<(), JsValue> {
        self.0.verify_about_statement(statement.0.clone()).map_err(thrown)
    }
}

/// A statement about an account that was read.
#[wasm_bindgen]
pub struct Statement(Arc<sdk::Statement>);

#[wasm_bindgen]
impl Statement {
    /// Reads a statement.
    pub fn read(statement: JsValue) -> Result<Self, JsValue> {
        sdk::Statement::read(bytes(statement)?).map(Self).map_err(thrown)
    }

    /// Opens a sealed statement.
    pub fn open(statement: JsValue, key: &AuditorKey) -> Result<Self, JsValue> {
        sdk::Statement::open(bytes(statement)?, key.0.clone()).map(Self).map_err(thrown)
    }

    /// The statement's words about itself.
    pub fn info(&self) -> JsValue {
        write(&self.0.info())
    }

    /// Checks the statement against the ledger.
    pub async fn verify(&self, node: &Node, expectations: JsValue) -> Result<JsValue, JsValue> {
        let (node, expectations) = (node.0.clone(), read(expectations)?);
        self.0.verify(node, expectations).await.map(|report| write(&report)).map_err(thrown)
    }

    /// A receipt for the last verdict.
    pub fn receipt(&self, key: &AuditorKey) -> Result<Vec<u8>, JsValue> {
        self.0.receipt(key.0.clone()).map_err(thrown)
    }
}
