//! A chain, through one of its nodes.

use std::sync::Arc;

use louver_sdk as sdk;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use crate::{
    data::{bytes, read, text, write},
    fault::thrown,
    transport::{Fetch, Sender},
};

/// A chain, through one of its nodes.
#[wasm_bindgen]
pub struct Node(pub(crate) Arc<sdk::Node>);

#[wasm_bindgen]
impl Node {
    /// Connects to a node, with what was chosen of its chain.
    pub async fn connect(sender: Sender, trust: JsValue) -> Result<Self, JsValue> {
        sdk::Node::connect(Arc::new(Fetch::new(sender)), read(trust)?).await.map(Self).map_err(thrown)
    }

    /// The newest block that was shown to be final.
    pub fn head(&self) -> JsValue {
        write(&self.0.head())
    }

    /// The marks that a person compares before trusting the chain.
    pub fn fingerprint(&self) -> JsValue {
        write(&self.0.fingerprint())
    }

    /// The evidence against the chain's authorities.
    pub fn evidence(&self) -> Option<Vec<u8>> {
        self.0.evidence()
    }

    /// The asset with an id.
    pub async fn asset(&self, id: JsValue) -> Result<JsValue, JsValue> {
        self.0.asset(read(id)?).await.map(|asset| write(&asset)).map_err(thrown)
    }

    /// How the chain stands.
    pub async fn status(&self) -> Result<JsValue, JsValue> {
        self.0.status().await.map(|status| write(&status)).map_err(thrown)
    }

    /// The assets of the chain.
    pub async fn assets(&self) -> Result<JsValue, JsValue> {
        self.0.assets().await.map(|assets| write(&assets)).map_err(thrown)
    }

    /// Where a transaction is.
    pub async fn transaction(&self, txid: JsValue) -> Result<JsValue, JsValue> {
        self.0.transaction(text(&txid)?).await.map(|state| write(&state)).map_err(thrown)
    }

    /// The public state of a transparent account.
    #[wasm_bindgen(js_name = transparentAccount)]
    pub async fn transparent_account(&self, account: JsValue) -> Result<JsValue, JsValue> {
        self.0.transparent_account(text(&account)?).await.map(|account| write(&account)).map_err(thrown)
    }

    /// A birthday by date.
    #[wasm_bindgen(js_name = heightSince)]
    pub async fn height_since(&self, time: JsValue) -> Result<u32, JsValue> {
        self.0.height_since(read(time)?).await.map_err(thrown)
    }

    /// Asks for money on a development chain.
    pub async fn faucet(&self, account: JsValue, amount: JsValue) -> Result<String, JsValue> {
        self.0.faucet(text(&account)?, read(amount)?).await.map_err(thrown)
    }

    /// Lets seconds pass on the clock of a development chain, and asks for a block then; returns its height.
    #[wasm_bindgen(js_name = passTime)]
    pub async fn pass_time(&self, seconds: JsValue) -> Result<u32, JsValue> {
        self.0.pass_time(read(seconds)?).await.map_err(thrown)
    }

    /// Asks a development chain for blocks now; returns the height after them.
    #[wasm_bindgen(js_name = produceBlocks)]
    pub async fn produce_blocks(&self, count: JsValue) -> Result<u32, JsValue> {
        self.0.produce_blocks(read(count)?).await.map_err(thrown)
    }

    /// Reads an amount.
    #[wasm_bindgen(js_name = parseAmount)]
    pub fn parse_amount(&self, amount: JsValue) -> Result<JsValue, JsValue> {
        self.0.parse_amount(text(&amount)?).map(|amount| write(&amount)).map_err(thrown)
    }

    /// Reads an amount where the asset was chosen beforehand.
    #[wasm_bindgen(js_name = parseAmountOf)]
    pub fn parse_amount_of(&self, asset: JsValue, amount: JsValue) -> Result<JsValue, JsValue> {
        let read = self.0.parse_amount_of(read(asset)?, text(&amount)?);
        read.map(|amount| write(&amount)).map_err(thrown)
    }

    /// Writes an amount.
    #[wasm_bindgen(js_name = formatAmount)]
    pub fn format_amount(&self, amount: JsValue) -> Result<String, JsValue> {
        Ok(self.0.format_amount(read(amount)?))
    }

    /// Reads a payment request.
    #[wasm_bindgen(js_name = parsePaymentRequest)]
    pub fn parse_payment_request(&self, uri: JsValue) -> Result<JsValue, JsValue> {
        self.0.parse_payment_request(text(&uri)?).map(|request| write(&request)).map_err(thrown)
    }

    /// Writes a payment request.
    #[wasm_bindgen(js_name = formatPaymentRequest)]
    pub fn format_payment_request(&self, request: JsValue) -> Result<String, JsValue> {
        self.0.format_payment_request(read(request)?).map_err(thrown)
    }

    /// Reads a list of payments.
    #[wasm_bindgen(js_name = parsePaymentList)]
    pub fn parse_payment_list(&self, list: JsValue) -> Result<JsValue, JsValue> {
        self.0.parse_payment_list(bytes(list)?).map(|list| write(&list)).map_err(thrown)
    }

    /// The meaning of an address.
    #[wasm_bindgen(js_name = describeAddress)]
    pub fn describe_address(&self, address: JsValue) -> Result<JsValue, JsValue> {
        self.0.describe_address(text(&address)?).map(|info| write(&info)).map_err(thrown)
    }

    /// Reads a challenge.
    #[wasm_bindgen(js_name = readChallenge)]
    pub async fn read_challenge(&self, file: JsValue) -> Result<JsValue, JsValue> {
        self.0.read_challenge(bytes(file)?).await.map(|info| write(&info)).map_err(thrown)
    }

    /// The epochs that a period touches.
    pub fn epochs(&self, period: JsValue) -> Result<JsValue, JsValue> {
        self.0.epochs(read(period)?).map(|span| write(&span)).map_err(thrown)
    }
}
