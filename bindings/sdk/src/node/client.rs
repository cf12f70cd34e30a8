//! The node's HTTP API, over any transport.

use louver_chain::{Account, Block};
use std::{collections::HashMap, sync::Arc};

use louver_circuits::keyset::NamedKeys;
use louver_client::api::view::{self, AccountView, Produced, Status, Submitted, TransactionState};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    compact::CompactBlock,
    encoding::Decode,
    ledger::Genesis,
    tree::Frontier,
};
use serde::de::DeserializeOwned;

use crate::{HttpMethod, HttpRequest, NodeError, Transport, apart::apart};

/// The most compact blocks that are asked for at once.
pub(crate) const PART: u32 = 256;
/// How much of a proving key is asked for at once, in bytes.
const KEY_PART: usize = 256 * 1024;

/// A client of one node.
pub(crate) struct Client(Arc<dyn Transport>);

impl Client {
    pub(super) fn new(transport: Arc<dyn Transport>) -> Self {
        Self(transport)
    }

    pub(super) async fn status(&self) -> Result<Status, NodeError> {
        self.json("/v1/status").await
    }

    /// The chain's genesis, by its bytes: its hash is computed here, and not taken from the node.
    pub(super) async fn genesis(&self) -> Result<Genesis, NodeError> {
        let answer: view::Genesis = self.json("/v1/genesis").await?;
        Ok(Genesis::from_bytes(&unhex(&answer.bytes)?)?)
    }

    /// The assets as the node describes them. The hash beside each comes from the same answer: it shows a mistake, not a
    /// lie.
    pub(super) async fn assets(&self) -> Result<Vec<AssetDescriptor>, NodeError> {
        let answer: view::Assets = self.json("/v1/assets").await?;
        answer.assets.iter().map(descriptor).collect()
    }

    pub(super) async fn account(&self, account: &str) -> Result<AccountView, NodeError> {
        self.json(&format!("/v1/accounts/{}", word(account))).await
    }

    pub(super) async fn transaction(&self, id: &str) -> Result<TransactionState, NodeError> {
        self.json(&format!("/v1/transactions/{}", word(id))).await
    }

    pub(super) async fn faucet(&self, request: &serde_json::Value) -> Result<Submitted, NodeError> {
        self.post_json("/v1/faucet", request).await
    }

    pub(super) async fn produce(&self, count: u32) -> Result<Produced, NodeError> {
        self.post_json("/v1/blocks", &serde_json::json!({ "count": count })).await
    }

    pub(super) async fn block(&self, height: u32) -> Result<Block, NodeError> {
        let bytes = self.bytes(&format!("/v1/blocks/{height}")).await?;
        Ok(apart(move || Block::from_bytes(&bytes)).await?)
    }

    /// The commitment tree after a block.
    pub(crate) async fn frontier(&self, height: u32) -> Result<Frontier, NodeError> {
        let tree: view::Tree = self.json(&format!("/v1/tree/{height}")).await?;
        Ok(Frontier::from_bytes(&unhex(&tree.frontier)?)?)
    }

    /// The compact blocks from one height to another, at most [`PART`] of them.
    pub(crate) async fn compact_blocks(&self, from: u32, to: u32) -> Result<Vec<CompactBlock>, NodeError> {
        let body = self.bytes(&format!("/v1/compact-blocks?from={from}&to={to}")).await?;
        apart(move || {
            let mut rest = body.as_slice();
            let mut blocks = Vec::new();
            for _ in from..=to {
                let (frame, after) = frame(rest).ok_or_else(|| NodeError::Answer {
                    reason: "the stream of blocks ends early".to_owned(),
                })?;
                blocks.push(CompactBlock::from_bytes(frame)?);
                rest = after;
            }
            Ok(blocks)
        })
        .await
    }

    /// One compact block.
    pub(crate) async fn compact_block(&self, height: u32) -> Result<CompactBlock, NodeError> {
        let found = self.compact_blocks(height, height).await?;
        found.into_iter().next().ok_or_else(|| NodeError::Answer { reason: format!("no block {height}") })
    }

    /// Hands in a shielded transaction by its bytes.
    pub(crate) async fn submit(&self, transaction: &[u8]) -> Result<Submitted, NodeError> {
        let body = [&[1], transaction].concat();
        let answer = self.send(HttpMethod::Post, "/v1/transactions", &[OCTETS], body).await?;
        from_json(&answer)
    }

    /// The file of a verifying key. Its hash is for the caller to check.
    pub(crate) async fn verifying_key(&self, key: &NamedKeys) -> Result<Vec<u8>, NodeError> {
        self.bytes(&format!("/v1/verifying-keys/{}?rules={}", key.circuit, key.rules.0)).await
    }

    /// A part of a compressed proving key, and the key's whole length.
    pub(crate) async fn proving_key_part(
        &self,
        key: &NamedKeys,
        from: usize,
    ) -> Result<(Vec<u8>, usize), NodeError> {
        let (circuit, rules) = (key.circuit, key.rules.0);
        let path = format!("/v1/proving-keys/{circuit}?rules={rules}&from={from}&length={KEY_PART}");
        let body = self.bytes(&path).await?;
        let (head, part) = body
            .split_first_chunk()
            .ok_or_else(|| NodeError::Answer { reason: "a part of a key without its length".to_owned() })?;
        Ok((part.to_vec(), u32::from_le_bytes(*head) as usize))
    }

    async fn bytes(&self, path: &str) -> Result<Vec<u8>, NodeError> {
        self.send(HttpMethod::Get, path, &[], Vec::new()).await
    }

    async fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T, NodeError> {
        from_json(&self.bytes(path).await?)
    }

    async fn post_json<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &serde_json::Value,
    ) -> Result<T, NodeError> {
        let body = body.to_string().into_bytes();
        from_json(&self.send(HttpMethod::Post, path, &[JSON], body).await?)
    }

    async fn send(
        &self,
        method: HttpMethod,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Vec<u8>, NodeError> {
        let headers: HashMap<_, _> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request = HttpRequest { method, path: path.to_owned(), headers, body };
        let answer = self.0.send(request).await?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        Err(match serde_json::from_slice::<view::Refused>(&answer.body) {
            Ok(view::Refused { error }) => NodeError::Refused {
                status: answer.status,
                refusal: error.code.into(),
                reason: error.message,
            },
            Err(_) => NodeError::Answer { reason: format!("HTTP status {}", answer.status) },
        })
    }
}

const OCTETS: (&str, &str) = ("content-type", "application/octet-stream");
const JSON: (&str, &str) = ("content-type", "application/json");

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, NodeError> {
    serde_json::from_slice(bytes).map_err(|error| NodeError::Answer { reason: error.to_string() })
}

fn unhex(text: &str) -> Result<Vec<u8>, NodeError> {
    hex::decode(text).map_err(|error| NodeError::Answer { reason: error.to_string() })
}

/// What of a text can stand in a path: letters and digits. An id or account with anything else is none.
fn word(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// The first frame, a length of 4 bytes and so many bytes, and what follows it.
fn frame(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

fn descriptor(entry: &view::Asset) -> Result<AssetDescriptor, NodeError> {
    let wrong = || NodeError::Answer { reason: format!("asset {} is not as its hash says", entry.id) };
    let id = entry.id.parse().ok().and_then(AssetId::new).ok_or_else(wrong)?;
    let issuer: Account = entry.issuer.parse().map_err(|_| wrong())?;
    let reference = unhex(&entry.reference)?;
    let asset = AssetDescriptor::new(id, &entry.symbol, entry.decimals, issuer.0, &reference)?;
    match hex::encode(asset.hash().0) == entry.descriptor_hash {
        true => Ok(asset),
        false => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_end_early_are_none() {
        assert_eq!(frame(&[2, 0, 0, 0, 7, 8, 9]), Some((&[7, 8][..], &[9][..])));
        for cut in [&[2, 0, 0, 0, 7][..], &[255, 255, 255, 255], &[2, 0], &[]] {
            assert_eq!(frame(cut), None);
        }
    }

    #[test]
    fn what_is_no_word_stays_out_of_paths() {
        assert_eq!(word("../../v1/blocks?x=#"), "v1blocksx");
    }
}
