//! The keys of a chain, fetched from one of its nodes and checked by the hashes in genesis.

use louver_circuits::{
    disclosure::DisclosureVerifier,
    keyset::{KeySet, KeySetError, NamedKeys},
};
use louver_core::proof::Progress;
use thiserror::Error;

use crate::{
    apart::apart,
    api::{Refusal, path},
    connection::Connection,
    error::ClientError,
};

/// The size of the parts in which a proving key is fetched, in bytes.
const PART: usize = 256 * 1024;
/// The largest size of a compressed proving key, in bytes.
const MOST: usize = 64 << 20;
/// How often a node that is still making the key is asked again.
const TRIES: u32 = 10;

/// Why a key is not available.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyFetchError {
    /// The watching caller asked to stop.
    #[error("it was cancelled")]
    Cancelled,
    /// The parts that the node sent do not make up a key.
    #[error("the node did not send the whole key")]
    NotWhole,
    /// The key is refused.
    #[error(transparent)]
    Keys(#[from] KeySetError),
    /// The node did not do what it was asked.
    #[error(transparent)]
    Client(#[from] ClientError),
}

impl Connection {
    /// Fetches a compressed proving key, part by part. It is not checked here: [`KeySet::add_proving`] checks it.
    ///
    /// # Errors
    /// [`KeyFetchError::Cancelled`] if `progress` asks to stop, and the errors of the node and of the transport.
    pub async fn proving_key(
        &self,
        key: &NamedKeys,
        progress: &mut (dyn Progress + Send),
    ) -> Result<Vec<u8>, KeyFetchError> {
        let mut bytes = Vec::new();
        let mut tries = TRIES;
        loop {
            let (part, whole) = match self.proving_key_part(key, bytes.len()).await {
                // The node makes the key when somebody first asks for it, which may take longer than a request.
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
        let path =
            format!("{}?rules={rules}&from={from}&length={PART}", path::with(path::PROVING_KEY, circuit));
        let body = self.bytes(&path).await?;
        let (head, part) = body
            .split_first_chunk()
            .ok_or_else(|| ClientError::answer("a part of a key without its length"))?;
        Ok((part.to_vec(), u32::from_le_bytes(*head) as usize))
    }

    /// The keys of the chain: those that its genesis names, and those of rules versions that its guardians added, under the
    /// newest head. Disclosures are proven and checked under those versions alone that count under it.
    ///
    /// # Errors
    /// [`KeyFetchError::Keys`] as for [`KeySet::of`], and those of [`Connection::rules`].
    pub async fn keys(&self) -> Result<KeySet, KeyFetchError> {
        let (rules, head) = self.rules_under_head().await?;
        Ok(KeySet::of(self.genesis())?.with_rules(&rules, head)?)
    }

    /// A verifier for the chain's grants and packages. Verifying keys that `keys` lacks are fetched from the node, and
    /// checked by the hashes in genesis.
    ///
    /// # Errors
    /// [`KeyFetchError::Keys`] if a key is not the one that genesis names or is not sound, and the errors of the node
    /// and of the transport.
    pub async fn disclosure_verifier(&self, keys: &KeySet) -> Result<DisclosureVerifier, KeyFetchError> {
        for key in keys.lacks_verifying() {
            keys.add_verifying(&self.verifying_key(&key).await?)?;
        }
        let keys = keys.clone();
        Ok(apart(move || keys.disclosure_verifier()).await?)
    }

    /// The file of a verifying key. It is not checked here: [`KeySet::add_verifying`] checks it.
    pub(crate) async fn verifying_key(&self, key: &NamedKeys) -> Result<Vec<u8>, ClientError> {
        let path = format!("{}?rules={}", path::with(path::VERIFYING_KEY, key.circuit), key.rules.0);
        self.bytes(&path).await
    }
}
