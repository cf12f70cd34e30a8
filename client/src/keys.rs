//! The keys of a chain, fetched from one of its nodes and checked by the hashes in genesis.

use louver_circuits::{
    disclosure::DisclosureVerifier,
    keyset::{KeySet, KeySetError, NamedKeys},
};
use louver_core::proof::Progress;
use thiserror::Error;

use crate::{apart::apart, api::Refusal, connection::Connection, error::ClientError};

/// How much of a proving key is asked for at once, in bytes.
const PART: usize = 256 * 1024;
/// The most that a compressed proving key has, in bytes.
const MOST: usize = 64 << 20;
/// How often a node is asked again that is making the key.
const TRIES: u32 = 10;

/// Why a key is not at hand.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyFetchError {
    /// Whoever watches asked to stop.
    #[error("it was cancelled")]
    Cancelled,
    /// What the node sends does not add up to a key.
    #[error("the node sends no whole key")]
    NotWhole,
    /// The key is refused.
    #[error(transparent)]
    Keys(#[from] KeySetError),
    /// The node did not do as asked.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl Connection {
    /// A compressed proving key, part by part. It is as the node sent it: [`KeySet::add_proving`] checks it.
    ///
    /// # Errors
    /// [`KeyFetchError::Cancelled`] if `progress` asks to stop; what the node or the transport says.
    pub async fn proving_key(
        &self,
        key: &NamedKeys,
        progress: &mut (dyn Progress + Send),
    ) -> Result<Vec<u8>, KeyFetchError> {
        let mut bytes = Vec::new();
        let mut tries = TRIES;
        loop {
            let (part, whole) = match self.proving_key_part(key, bytes.len()).await {
                // It is made when somebody first asks, which may take longer than a request.
                Err(ClientError::Refused { refusal: Refusal::KeyBeingMade, .. }) if tries > 0 => {
                    tries -= 1;
                    if progress.report(0, 1).is_break() {
                        return Err(KeyFetchError::Cancelled);
                    }
                    continue;
                }
                answer => answer?,
            };
            bytes.extend_from_slice(&part);
            if part.is_empty() || bytes.len() > whole || whole > MOST {
                return Err(KeyFetchError::NotWhole);
            }
            let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
            if progress.report(number(bytes.len()), number(whole)).is_break() {
                return Err(KeyFetchError::Cancelled);
            }
            if bytes.len() == whole {
                return Ok(bytes);
            }
        }
    }

    /// A part of a compressed proving key, and the key's whole length.
    async fn proving_key_part(&self, key: &NamedKeys, from: usize) -> Result<(Vec<u8>, usize), ClientError> {
        let (circuit, rules) = (key.circuit, key.rules.0);
        let path = format!("/v1/proving-keys/{circuit}?rules={rules}&from={from}&length={PART}");
        let body = self.bytes(&path).await?;
        let (head, part) = body
            .split_first_chunk()
            .ok_or_else(|| ClientError::answer("a part of a key without its length"))?;
        Ok((part.to_vec(), u32::from_le_bytes(*head) as usize))
    }

    /// A verifier for the chain's grants and packages. Verifying keys that `keys` has not are fetched from the node, and
    /// checked by the hashes in genesis.
    ///
    /// # Errors
    /// [`KeyFetchError::Keys`] if a key is not one that genesis names, or not sound; what the node or the transport says.
    pub async fn disclosure_verifier(&self, keys: &KeySet) -> Result<DisclosureVerifier, KeyFetchError> {
        for key in keys.lacks_verifying() {
            let path = format!("/v1/verifying-keys/{}?rules={}", key.circuit, key.rules.0);
            keys.add_verifying(&self.bytes(&path).await?)?;
        }
        let keys = keys.clone();
        Ok(apart(move || keys.disclosure_verifier()).await?)
    }
}
