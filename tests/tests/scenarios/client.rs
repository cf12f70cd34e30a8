//! A node as its clients see it.

use std::io::Read;

use louver_chain::{Account, Block};
use louver_core::{compact::CompactBlock, encoding::Decode, ledger::Genesis};
use serde_json::{Value, json};

/// Asks one node.
#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    url: String,
}

impl Client {
    pub(crate) fn new(url: String) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Self { agent, url }
    }

    /// The chain's genesis, by its bytes.
    pub(crate) fn genesis(&self) -> Genesis {
        let bytes = self.get("/v1/genesis")["bytes"].as_str().map(hex::decode).unwrap().unwrap();
        Genesis::from_bytes(&bytes).unwrap()
    }

    pub(crate) fn height(&self) -> u32 {
        number(&self.get("/v1/status")["height"])
    }

    /// A whole block.
    pub(crate) fn block(&self, height: u32) -> Block {
        let bytes = self.bytes(&format!("/v1/blocks/{height}"));
        Block::from_bytes(&bytes).unwrap()
    }

    /// The stream of compact blocks, to the last.
    pub(crate) fn compact_blocks(&self, from: u32) -> Vec<CompactBlock> {
        let stream = self.bytes(&format!("/v1/compact-blocks?from={from}"));
        let mut rest = stream.as_slice();
        let mut blocks = Vec::new();
        while !rest.is_empty() {
            let mut length = [0; 4];
            rest.read_exact(&mut length).unwrap();
            let (frame, after) = rest.split_at(u32::from_le_bytes(length) as usize);
            blocks.push(CompactBlock::from_bytes(frame).unwrap());
            rest = after;
        }
        blocks
    }

    /// Hands in a shielded transaction: its id, or the code of the refusal.
    pub(crate) fn submit(&self, transaction: &[u8]) -> Result<String, String> {
        let request = self.agent.post(format!("{}/v1/transactions", self.url));
        let request = request.header("content-type", "application/octet-stream");
        let mut response = request.send(&[&[1], transaction].concat()).unwrap();
        let answer: Value = response.body_mut().read_json().unwrap();
        match answer["id"].as_str() {
            Some(id) => Ok(id.to_owned()),
            None => Err(answer["error"]["code"].as_str().unwrap().to_owned()),
        }
    }

    /// Asks for money.
    pub(crate) fn faucet(&self, account: Account, amount: u64) {
        let account = account.to_string();
        self.post("/v1/faucet", &json!({ "account": account, "asset": "1", "amount": amount.to_string() }));
    }

    /// Asks for blocks.
    pub(crate) fn mine(&self, count: u32) {
        self.post("/v1/blocks", &json!({ "count": count }));
    }

    /// What a transparent account holds of the coin.
    pub(crate) fn holds(&self, account: Account) -> u64 {
        let answer = self.get(&format!("/v1/accounts/{account}"));
        let balances = answer["balances"].as_array().unwrap();
        balances.iter().find(|balance| balance["asset"] == "1").map_or(0, |coin| amount(&coin["amount"]))
    }

    /// What the pool holds of the coin.
    pub(crate) fn pool(&self) -> u64 {
        amount(&self.get("/v1/supply")["assets"][0]["pool"])
    }

    fn get(&self, path: &str) -> Value {
        serde_json::from_slice(&self.bytes(path)).unwrap()
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        let mut response = self.agent.get(format!("{}{path}", self.url)).call().unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.body_mut().read_to_vec().unwrap()
    }

    fn post(&self, path: &str, body: &Value) {
        let response = self.agent.post(format!("{}{path}", self.url)).send_json(body).unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
    }
}

fn amount(text: &Value) -> u64 {
    text.as_str().unwrap().parse().unwrap()
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}
