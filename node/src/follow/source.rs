//! The node that a follower has its chain from.

use core::fmt;
use std::{sync::Arc, time::Duration};

use louver_circuits::keyset::NamedKeys;
use louver_client::{
    api::{Refusal, path, view},
    transport::{Http, Method, Request, Transport, UrlError},
};
use louver_core::{encoding::Decode, ledger::Genesis, pool::GenesisHash};
use thiserror::Error;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a source did not answer as it should.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SourceError {
    /// There is no answer, or none in time.
    #[error("{0}")]
    Unreachable(String),
    /// It refused.
    #[error("it refuses: {reason}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The reason, for programs.
        refusal: Refusal,
        /// The reason for people, in its words.
        reason: String,
    },
    /// The answer is not what the API promises.
    #[error("its answer makes no sense: {0}")]
    Answer(String),
    /// It is a node of another chain.
    #[error("it has the chain {}, not {}", hex::encode(found.0), hex::encode(expected.0))]
    OtherChain {
        /// Its chain.
        found: GenesisHash,
        /// The chain that was chosen.
        expected: GenesisHash,
    },
}

/// A node that another one follows. Nothing that it says is believed.
#[derive(Clone)]
pub struct Source {
    transport: Arc<dyn Transport>,
    name: String,
    patience: Duration,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Source").field(&self.name).finish()
    }
}

impl Source {
    /// The node at a URL.
    ///
    /// # Errors
    /// [`UrlError`] if it is not the URL of a node.
    pub fn of_url(url: &str) -> Result<Self, UrlError> {
        let http = Http::new(url)?;
        let name = http.url().to_owned();
        Ok(Self::new(Arc::new(http), name, PATIENCE))
    }

    /// A node by any transport, its name for people, and how long an answer may take.
    pub fn new(transport: Arc<dyn Transport>, name: String, patience: Duration) -> Self {
        Self { transport, name, patience }
    }

    /// Its name for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The genesis of its chain, which has to be the one that was chosen.
    ///
    /// # Errors
    /// [`SourceError::OtherChain`], and those of any request.
    pub async fn genesis(&self, expected: GenesisHash) -> Result<Genesis, SourceError> {
        let body = self.get(path::GENESIS).await?;
        let told: view::Genesis = serde_json::from_slice(&body).map_err(nonsense)?;
        let genesis = Genesis::from_bytes(&hex::decode(&told.bytes).map_err(nonsense)?).map_err(nonsense)?;
        match genesis.hash() {
            found if found == expected => Ok(genesis),
            found => Err(SourceError::OtherChain { found, expected }),
        }
    }

    /// The file of a verifying key. It is not checked here: a key set checks it by the hash that the chain names.
    ///
    /// # Errors
    /// Those of any request.
    pub(crate) async fn verifying_key(&self, key: &NamedKeys) -> Result<Vec<u8>, SourceError> {
        self.get(&format!("{}?rules={}", path::with(path::VERIFYING_KEY, key.circuit), key.rules.0)).await
    }

    /// The bytes at a path.
    pub(super) async fn get(&self, path: &str) -> Result<Vec<u8>, SourceError> {
        self.send(Request {
            method: Method::Get,
            path: path.to_owned(),
            content_type: None,
            body: Vec::new(),
        })
        .await
    }

    /// Hands a transaction on.
    ///
    /// # Errors
    /// [`SourceError::Refused`] with the source's reason, and those of any request.
    pub(crate) async fn submit(&self, transaction: Vec<u8>) -> Result<view::Submitted, SourceError> {
        let body = self.post(path::TRANSACTIONS, transaction).await?;
        serde_json::from_slice(&body).map_err(nonsense)
    }

    /// The answer to bytes that are posted to a path.
    pub(super) async fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, SourceError> {
        self.send(Request {
            method: Method::Post,
            path: path.to_owned(),
            content_type: Some("application/octet-stream"),
            body,
        })
        .await
    }

    /// How long an answer may take.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    async fn send(&self, request: Request) -> Result<Vec<u8>, SourceError> {
        let late =
            |_| SourceError::Unreachable(format!("it gave no answer within {} s", self.patience.as_secs()));
        let answer = tokio::time::timeout(self.patience, self.transport.send(request)).await.map_err(late)?;
        let answer = answer.map_err(|error| SourceError::Unreachable(error.reason))?;
        if (200..300).contains(&answer.status) {
            return Ok(answer.body);
        }
        Err(match serde_json::from_slice::<view::Refused>(&answer.body) {
            Ok(view::Refused { error }) => {
                SourceError::Refused { status: answer.status, refusal: error.code, reason: error.message }
            }
            Err(_) => SourceError::Answer(format!("HTTP status {}", answer.status)),
        })
    }
}

/// An answer that is not what the API promises.
pub(super) fn nonsense(error: impl fmt::Display) -> SourceError {
    SourceError::Answer(error.to_string())
}
