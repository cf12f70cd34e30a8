//! Records of the travel rule.

use std::sync::Arc;

use louver_sdk as sdk;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    audit::AuditorKey,
    data::{bytes, read, text, write},
    fault::thrown,
    node::Node,
};

/// A record of the travel rule.
#[wasm_bindgen]
pub struct TravelRuleRecord(pub(crate) Arc<sdk::TravelRuleRecord>);

#[wasm_bindgen]
impl TravelRuleRecord {
    /// Makes the record of a payment.
    pub fn make(node: &Node, payment: JsValue, payload: JsValue) -> Result<Self, JsValue> {
        let (payment, payload) = (read(payment)?, text(&payload)?);
        sdk::TravelRuleRecord::make(node.0.clone(), payment, payload).map(Self).map_err(thrown)
    }

    /// Opens a sealed record.
    pub fn open(sealed: JsValue, key: &AuditorKey) -> Result<Self, JsValue> {
        sdk::TravelRuleRecord::open(bytes(sealed)?, key.0.clone()).map(Self).map_err(thrown)
    }

    /// The payment to make.
    pub fn payment(&self) -> JsValue {
        write(&self.0.payment())
    }

    /// The record's hash.
    pub fn hash(&self) -> String {
        self.0.hash()
    }

    /// The file of the record.
    pub fn seal(&self, recipients: JsValue) -> Result<Vec<u8>, JsValue> {
        self.0.seal(read(recipients)?).map_err(thrown)
    }
}
