//! The node's API, as its clients see it.

use louver_chain::Block;
use std::{io::Read, time::Duration};

use louver_client::api::view::{
    self, AccountView, Assets, Produced, Status, Submitted, Supply, TransactionState, Tree,
};
use louver_core::{
    compact::CompactBlock,
    encoding::{Decode, DecodeError},
    ledger::Genesis,
    tree::Frontier,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use thiserror::Error;
use ureq::{Body, http::Response};

use crate::exit::{Failure, Kind};

pub(crate) mod chain;
pub(crate) mod wait;

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(90);
/// How many compact blocks are asked for at once.
const PART: u32 = 256;
/// The most that is read of an answer, in bytes.
const MOST: u64 = 64 << 20;

/// Why the node did not do as asked.
#[derive(Debug, Error)]
pub(crate) enum ClientError {
    /// The URL is none, or not of a kind that this client speaks.
    #[error("{0:?} is no URL of a node: write http://host:port")]
    Url(String),
    /// The node is not there, or the connection broke.
    #[error("cannot reach the node at {url}: {source}")]
    Unreachable { url: String, source: Box<ureq::Error> },
    /// The node said no, and why.
    #[error("the node refused: {message}")]
    Refused { status: u16, code: String, message: String },
    /// The node's answer is not what the API promises.
    #[error("the node's answer makes no sense: {0}")]
    Answer(String),
}

impl ClientError {
    /// The stable code of a refusal.
    pub(crate) fn code(&self) -> &str {
        match self {
            Self::Url(_) => "url_invalid",
            Self::Unreachable { .. } => "node_unreachable",
            Self::Refused { code, .. } => code,
            Self::Answer(_) => "node_answer",
        }
    }
}

impl From<DecodeError> for ClientError {
    fn from(error: DecodeError) -> Self {
        Self::Answer(error.to_string())
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let kind = if matches!(error, ClientError::Url(_)) { Kind::Usage } else { Kind::Node };
        Self::new(kind, error.code(), &error)
    }
}

/// A client of one node.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    base: String,
    agent: ureq::Agent,
}

impl Client {
    /// A client of the node at `url`, as in `http://127.0.0.1:7749`. Nothing is sent yet.
    pub(crate) fn new(url: &str) -> Result<Self, ClientError> {
        let base = url.trim().trim_end_matches('/');
        // Encryption on the way is left to a proxy in front of the node.
        if !base.strip_prefix("http://").is_some_and(|host| !host.is_empty() && !host.contains('/')) {
            return Err(ClientError::Url(url.to_owned()));
        }
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .timeout_connect(Some(Duration::from_secs(10)))
            .build();
        Ok(Self { base: base.to_owned(), agent: config.into() })
    }

    pub(crate) fn url(&self) -> &str {
        &self.base
    }

    pub(crate) fn status(&self) -> Result<Status, ClientError> {
        self.json("/v1/status")
    }

    /// The chain's genesis, by its bytes: its hash is computed here, and not taken from the node.
    pub(crate) fn genesis(&self) -> Result<Genesis, ClientError> {
        let answer: view::Genesis = self.json("/v1/genesis")?;
        let bytes = hex::decode(&answer.bytes).map_err(|error| ClientError::Answer(error.to_string()))?;
        Ok(Genesis::from_bytes(&bytes)?)
    }

    pub(crate) fn assets(&self) -> Result<Assets, ClientError> {
        self.json("/v1/assets")
    }

    pub(crate) fn supply(&self) -> Result<Supply, ClientError> {
        self.json("/v1/supply")
    }

    /// What a transparent account (`lvrt1...`) holds.
    pub(crate) fn account(&self, account: &str) -> Result<AccountView, ClientError> {
        self.json(&format!("/v1/accounts/{account}"))
    }

    /// The commitment tree after a block.
    pub(crate) fn frontier(&self, height: u32) -> Result<Frontier, ClientError> {
        let tree: Tree = self.json(&format!("/v1/tree/{height}"))?;
        let bytes = hex::decode(&tree.frontier).map_err(|error| ClientError::Answer(error.to_string()))?;
        Ok(Frontier::from_bytes(&bytes)?)
    }

    /// A whole block.
    pub(crate) fn block(&self, height: u32) -> Result<Block, ClientError> {
        Ok(Block::from_bytes(&self.bytes(&format!("/v1/blocks/{height}"))?)?)
    }

    /// The compact blocks from one height to another, each handed on as it comes; `next` stops the stream by an error.
    pub(crate) fn compact_blocks<E: From<ClientError>>(
        &self,
        from: u32,
        to: u32,
        mut next: impl FnMut(CompactBlock) -> Result<(), E>,
    ) -> Result<(), E> {
        // In parts, so that a long chain is not one request with one patience.
        for first in (from..=to).step_by(PART as usize) {
            let last = first.saturating_add(PART - 1).min(to);
            let mut response = self.get(&format!("/v1/compact-blocks?from={first}&to={last}"))?;
            let mut reader = response.body_mut().with_config().limit(u64::MAX).reader();
            for _ in first..=last {
                let bytes = frame(&mut reader).map_err(|error| ClientError::Answer(error.to_string()))?;
                next(CompactBlock::from_bytes(&bytes).map_err(ClientError::from)?)?;
            }
        }
        Ok(())
    }

    /// One compact block.
    pub(crate) fn compact_block(&self, height: u32) -> Result<CompactBlock, ClientError> {
        let mut found = None;
        self.compact_blocks(height, height, |block| {
            found = Some(block);
            Ok::<_, ClientError>(())
        })?;
        found.ok_or_else(|| ClientError::Answer(format!("block {height} is missing")))
    }

    /// Hands in a shielded transaction by its bytes.
    pub(crate) fn submit_shielded(&self, transaction: &[u8]) -> Result<Submitted, ClientError> {
        self.submit(&[&[1], transaction].concat())
    }

    /// Hands in a transaction of either kind, as blocks carry it.
    pub(crate) fn submit(&self, bytes: &[u8]) -> Result<Submitted, ClientError> {
        let sent = self
            .agent
            .post(format!("{}/v1/transactions", self.base))
            .content_type("application/octet-stream")
            .send(bytes);
        self.answer(sent)
    }

    /// Where a transaction is: `pending`, `included` or `unknown`.
    pub(crate) fn transaction(&self, id: &str) -> Result<TransactionState, ClientError> {
        self.json(&format!("/v1/transactions/{id}"))
    }

    /// Asks a development chain for money.
    pub(crate) fn faucet(&self, account: &str, asset: &str, amount: u64) -> Result<Submitted, ClientError> {
        let request = json!({ "account": account, "asset": asset, "amount": amount.to_string() });
        self.post("/v1/faucet", &request)
    }

    /// Asks a development chain for blocks now.
    pub(crate) fn produce(&self, count: u32) -> Result<Produced, ClientError> {
        self.post("/v1/blocks", &json!({ "count": count }))
    }

    /// The bytes at a path.
    pub(crate) fn bytes(&self, path: &str) -> Result<Vec<u8>, ClientError> {
        let mut response = self.get(path)?;
        self.read(&mut response)
    }

    fn get(&self, path: &str) -> Result<Response<Body>, ClientError> {
        self.checked(self.agent.get(format!("{}{path}", self.base)).call())
    }

    fn json<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.answer(self.agent.get(format!("{}{path}", self.base)).call())
    }

    fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ClientError> {
        self.answer(self.agent.post(format!("{}{path}", self.base)).send_json(body))
    }

    fn answer<T: DeserializeOwned>(
        &self,
        sent: Result<Response<Body>, ureq::Error>,
    ) -> Result<T, ClientError> {
        let mut response = self.checked(sent)?;
        let bytes = self.read(&mut response)?;
        serde_json::from_slice(&bytes).map_err(|error| ClientError::Answer(error.to_string()))
    }

    fn checked(&self, sent: Result<Response<Body>, ureq::Error>) -> Result<Response<Body>, ClientError> {
        let mut response = sent.map_err(|error| self.unreachable(error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let bytes = self.read(&mut response)?;
        match serde_json::from_slice::<view::Refused>(&bytes) {
            Ok(view::Refused { error }) => {
                Err(ClientError::Refused { status, code: error.code.into(), message: error.message })
            }
            Err(_) => Err(ClientError::Answer(format!("HTTP status {status}"))),
        }
    }

    fn read(&self, response: &mut Response<Body>) -> Result<Vec<u8>, ClientError> {
        let body = response.body_mut().with_config().limit(MOST);
        body.read_to_vec().map_err(|error| self.unreachable(error))
    }

    fn unreachable(&self, source: ureq::Error) -> ClientError {
        ClientError::Unreachable { url: self.base.clone(), source: Box::new(source) }
    }
}

/// Reads one frame of the stream: a length and that many bytes. What is announced is not allocated before it comes.
fn frame(reader: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut length = [0u8; 4];
    reader.read_exact(&mut length)?;
    let length = u64::from(u32::from_le_bytes(length));
    let mut bytes = Vec::new();
    reader.take(length.min(MOST)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != length {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_checked() {
        for url in ["http://127.0.0.1:7749", "http://localhost:1/"] {
            assert!(Client::new(url).is_ok(), "{url}");
        }
        for url in ["https://x", "127.0.0.1:7749", "http://", "http://host/path"] {
            assert!(matches!(Client::new(url), Err(ClientError::Url(_))), "{url}");
        }
    }

    #[test]
    fn frames_that_end_early_are_refused() {
        assert_eq!(frame(&mut &[2, 0, 0, 0, 7, 8, 9][..]).unwrap(), [7, 8]);
        assert!(frame(&mut &[2, 0, 0, 0, 7][..]).is_err());
        assert!(frame(&mut &[255, 255, 255, 255][..]).is_err());
        assert!(frame(&mut &[2, 0][..]).is_err());
    }
}
