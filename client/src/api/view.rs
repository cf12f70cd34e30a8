//! The JSON of the API, for the node that writes it and for clients that read it. Integers of 64 bits and asset ids are
//! decimal strings, hashes lower-case hex. The node's `http/openapi.json` describes each field.
#![expect(missing_docs, reason = "the fields are described once, in openapi.json")]

use serde::{Deserialize, Serialize};

use super::Refusal;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Status {
    pub version: String,
    pub development: bool,
    pub genesis_hash: String,
    pub pool_id: u32,
    pub pool: String,
    pub height: u32,
    pub block_hash: String,
    pub time: u64,
    pub epoch: u16,
    pub rules_version: u32,
    pub rules: Vec<RulesState>,
    pub anchor: String,
    pub tree_size: u64,
    pub pending: Pending,
    #[serde(default)]
    pub troubles: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Readiness {
    pub ready: bool,
    pub troubles: Vec<String>,
}

impl Status {
    /// The rules versions that were switched off, according to the node.
    pub fn switched_off(&self) -> impl Iterator<Item = u32> + '_ {
        self.rules.iter().filter(|rules| rules.switched_off.is_some()).map(|rules| rules.version)
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RulesState {
    pub version: u32,
    pub from: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub switched_off: Option<u32>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchOffRequest {
    pub rules_version: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Pending {
    pub count: usize,
    pub bytes: usize,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Genesis {
    pub hash: String,
    pub bytes: String,
    pub name: String,
    pub development: bool,
    pub pool_id: u32,
    pub epoch_blocks: u32,
    pub grace: u32,
    pub anchor_window: u32,
    pub fee_account: String,
    pub minimum_fees: Vec<MinimumFee>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct MinimumFee {
    pub shape: String,
    pub asset: String,
    pub amount: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Submitted {
    pub id: String,
    pub known: bool,
    pub replaced: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TransactionState {
    pub id: String,
    pub state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Tree {
    pub height: u32,
    pub anchor: String,
    pub size: u64,
    pub frontier: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SubtreeRoots {
    pub roots: Vec<SubtreeRoot>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SubtreeRoot {
    pub index: u16,
    pub root: String,
    pub height: u32,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Assets {
    pub assets: Vec<Asset>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Asset {
    pub id: String,
    pub symbol: String,
    pub decimals: u8,
    pub issuer: String,
    pub reference: String,
    pub descriptor_hash: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Supply {
    pub assets: Vec<AssetSupply>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AssetSupply {
    pub id: String,
    pub issued: String,
    pub pool: String,
    pub transparent: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AccountView {
    pub account: String,
    pub nonce: String,
    pub balances: Vec<Balance>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Balance {
    pub asset: String,
    pub amount: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Parameters {
    pub development: bool,
    pub circuits: Vec<CircuitParameters>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CircuitParameters {
    pub rules_version: u32,
    pub circuit: String,
    pub constraints: usize,
    pub domain: usize,
    pub public_inputs: Vec<String>,
    pub circuit_hash: String,
    pub verifying_key_hash: String,
    pub proving_key_hash: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FaucetRequest {
    pub account: String,
    pub asset: String,
    pub amount: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ProduceRequest {
    #[serde(default = "one")]
    pub count: u32,
}

fn one() -> u32 {
    1
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Produced {
    pub height: u32,
    pub blocks: Vec<ProducedBlock>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ProducedBlock {
    pub height: u32,
    pub hash: String,
    pub transactions: usize,
}

/// A refusal, as the API writes it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Refused {
    pub error: Reason,
}

/// The reason, for programs by its code and for people by its message.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Reason {
    pub code: Refusal,
    pub message: String,
}
