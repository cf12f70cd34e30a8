//! What the node says in JSON. Fields that no command reads are left out.

use serde::{Deserialize, Serialize};

/// `{"error":{"code":...,"message":...}}`
#[derive(Debug, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) error: Reason,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Reason {
    pub(crate) code: String,
    pub(crate) message: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Status {
    pub(crate) development: bool,
    pub(crate) genesis_hash: String,
    pub(crate) height: u32,
    pub(crate) epoch: u16,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Genesis {
    pub(crate) bytes: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Assets {
    pub(crate) assets: Vec<Asset>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Asset {
    pub(crate) id: String,
    pub(crate) symbol: String,
    pub(crate) decimals: u8,
    pub(crate) issuer: String,
    pub(crate) reference: String,
    pub(crate) descriptor_hash: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Supply {
    pub(crate) assets: Vec<AssetSupply>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AssetSupply {
    pub(crate) id: String,
    pub(crate) pool: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Account {
    pub(crate) nonce: String,
    pub(crate) balances: Vec<Balance>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Balance {
    pub(crate) asset: String,
    pub(crate) amount: String,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Submitted {
    pub(crate) id: String,
    pub(crate) known: bool,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct TransactionState {
    pub(crate) state: String,
    pub(crate) height: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Tree {
    pub(crate) frontier: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Produced {
    pub(crate) height: u32,
}
