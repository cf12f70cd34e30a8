//! Secrets, as handles.

use std::sync::Arc;

use louver_sdk as sdk;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{data::text, fault::thrown};

/// A recovery phrase.
#[wasm_bindgen]
pub struct RecoveryPhrase(pub(crate) Arc<sdk::RecoveryPhrase>);

#[wasm_bindgen]
impl RecoveryPhrase {
    /// A new phrase.
    pub fn generate() -> Self {
        Self(sdk::RecoveryPhrase::generate())
    }

    /// Reads a phrase.
    pub fn parse(words: JsValue) -> Result<Self, JsValue> {
        sdk::RecoveryPhrase::parse(text(&words)?).map(Self).map_err(thrown)
    }

    /// The words.
    pub fn words(&self) -> Result<String, JsValue> {
        self.0.words().map_err(thrown)
    }
}

/// How a wallet is kept at rest.
#[wasm_bindgen]
pub struct Protection(pub(crate) Arc<sdk::Protection>);

#[wasm_bindgen]
impl Protection {
    /// Sealed with a passphrase.
    pub fn passphrase(passphrase: JsValue) -> Result<Self, JsValue> {
        Ok(Self(sdk::Protection::passphrase(text(&passphrase)?)))
    }

    /// In the clear.
    pub fn unsealed() -> Self {
        Self(sdk::Protection::unsealed())
    }
}

/// The keys that spend and sign.
#[wasm_bindgen]
pub struct SpendingKeys(pub(crate) Arc<sdk::SpendingKeys>);

#[wasm_bindgen]
impl SpendingKeys {
    /// The transparent account of the recovery phrase.
    #[wasm_bindgen(js_name = transparentAccount)]
    pub fn transparent_account(&self, index: u32) -> String {
        self.0.transparent_account(index)
    }
}
