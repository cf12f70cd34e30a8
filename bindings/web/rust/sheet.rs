//! Statements of account.

use std::sync::Arc;

use louver_sdk as sdk;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    data::{read, write},
    fault::thrown,
};

/// A statement of account.
#[wasm_bindgen]
pub struct StatementOfAccount(Arc<sdk::StatementOfAccount>);

#[wasm_bindgen]
impl StatementOfAccount {
    /// The statement of some reports.
    pub fn of(reports: JsValue, prices: JsValue, labels: JsValue) -> Result<Self, JsValue> {
        let (reports, prices, labels) = (read(reports)?, read(prices)?, read(labels)?);
        sdk::StatementOfAccount::of(reports, prices, labels).map(Self).map_err(thrown)
    }

    /// The statement as CSV.
    pub fn csv(&self, form: JsValue) -> Result<String, JsValue> {
        Ok(self.0.csv(read(form)?))
    }

    /// The statement as a page.
    pub fn html(&self) -> String {
        self.0.html()
    }

    /// The statement as JSON.
    pub fn json(&self) -> String {
        self.0.json()
    }

    /// How many transactions are not guaranteed.
    #[wasm_bindgen(js_name = notGuaranteed)]
    pub fn not_guaranteed(&self) -> u32 {
        self.0.not_guaranteed()
    }

    /// Sentences on the whole.
    pub fn says(&self) -> JsValue {
        write(&self.0.says())
    }
}
