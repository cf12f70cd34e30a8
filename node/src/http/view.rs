//! What the API says in JSON. Integers of 64 bits and asset ids are decimal strings, hashes lower-case hex.

use serde::{Deserialize, Serialize};

use crate::engine;

#[derive(Debug, Serialize)]
pub(crate) struct Status {
    pub(crate) version: &'static str,
    pub(crate) development: bool,
    pub(crate) genesis_hash: String,
    pub(crate) pool_id: u32,
    pub(crate) pool: String,
    pub(crate) height: u32,
    pub(crate) block_hash: String,
    pub(crate) time: u64,
    pub(crate) epoch: u16,
    pub(crate) rules_version: u32,
    pub(crate) anchor: String,
    pub(crate) tree_size: u64,
    pub(crate) pending: Pending,
}

#[derive(Debug, Serialize)]
pub(crate) struct Pending {
    pub(crate) count: usize,
    pub(crate) bytes: usize,
}

#[derive(Debug, Serialize)]
pub(crate) struct Genesis {
    pub(crate) hash: String,
    pub(crate) bytes: String,
    pub(crate) name: String,
    pub(crate) development: bool,
    pub(crate) pool_id: u32,
    pub(crate) epoch_blocks: u32,
    pub(crate) grace: u32,
    pub(crate) anchor_window: u32,
    pub(crate) fee_account: String,
    pub(crate) minimum_fees: Vec<MinimumFee>,
}

#[derive(Debug, Serialize)]
pub(crate) struct MinimumFee {
    pub(crate) shape: &'static str,
    pub(crate) asset: String,
    pub(crate) amount: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Submitted {
    pub(crate) id: String,
    pub(crate) known: bool,
    pub(crate) replaced: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct TransactionState {
    pub(crate) id: String,
    pub(crate) state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) height: Option<u32>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Tree {
    pub(crate) height: u32,
    pub(crate) anchor: String,
    pub(crate) size: u64,
    pub(crate) frontier: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct SubtreeRoots {
    pub(crate) roots: Vec<SubtreeRoot>,
}

#[derive(Debug, Serialize)]
pub(crate) struct SubtreeRoot {
    pub(crate) index: u16,
    pub(crate) root: String,
    pub(crate) height: u32,
}

#[derive(Debug, Serialize)]
pub(crate) struct Assets {
    pub(crate) assets: Vec<Asset>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Asset {
    pub(crate) id: String,
    pub(crate) symbol: String,
    pub(crate) decimals: u8,
    pub(crate) issuer: String,
    pub(crate) reference: String,
    pub(crate) descriptor_hash: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Supply {
    pub(crate) assets: Vec<AssetSupply>,
}

#[derive(Debug, Serialize)]
pub(crate) struct AssetSupply {
    pub(crate) id: String,
    pub(crate) issued: String,
    pub(crate) pool: String,
    pub(crate) transparent: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct AccountView {
    pub(crate) account: String,
    pub(crate) nonce: String,
    pub(crate) balances: Vec<Balance>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Balance {
    pub(crate) asset: String,
    pub(crate) amount: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Parameters {
    pub(crate) development: bool,
    pub(crate) shapes: Vec<ShapeParameters>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ShapeParameters {
    pub(crate) rules_version: u32,
    pub(crate) shape: &'static str,
    pub(crate) constraints: usize,
    pub(crate) domain: usize,
    pub(crate) public_inputs: Vec<String>,
    pub(crate) circuit_hash: &'static str,
    pub(crate) verifying_key_hash: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaucetRequest {
    pub(crate) account: String,
    pub(crate) asset: String,
    pub(crate) amount: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProduceRequest {
    #[serde(default = "one")]
    pub(crate) count: u32,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Serialize)]
pub(crate) struct Produced {
    pub(crate) height: u32,
    pub(crate) blocks: Vec<ProducedBlock>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ProducedBlock {
    pub(crate) height: u32,
    pub(crate) hash: String,
    pub(crate) transactions: usize,
}

impl From<engine::Submitted> for Submitted {
    fn from(submitted: engine::Submitted) -> Self {
        Self {
            id: hex::encode(submitted.id),
            known: submitted.known,
            replaced: submitted.replaced.iter().map(hex::encode).collect(),
        }
    }
}
