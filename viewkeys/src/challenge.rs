//! `[challenge]`: a reader asks an account to show something, in his name and under his signature. An answer to it names its
//! hash, so that it answers this challenge, word for word, and no other.

mod codec;
mod demand;

use age::x25519::Identity;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use louver_core::{
    pool::{GenesisHash, PoolId},
    spec::b32,
};
use rand_core::CryptoRng;
use thiserror::Error;

pub(crate) use codec::verifying_key;
pub use demand::{Demand, Shortfall};
pub(crate) use demand::{Fact, Stating};

use crate::{
    auditor::{self, ReaderKeys},
    signed::{MAX_NAME, ReaderId},
    text,
};

/// A reader's demand, with his name and the chain that it is about, signed by him.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Challenge {
    genesis: GenesisHash,
    pool: PoolId,
    reader: ReaderId,
    key: VerifyingKey,
    nonce: [u8; 32],
    made: u64,
    demand: Demand,
    signature: Signature,
}

/// Why a challenge is not answered.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChallengeError {
    /// It asks about another chain.
    #[error("the challenge is of another chain")]
    OtherChain,
    /// It asks about another pool.
    #[error("the challenge is of another pool")]
    OtherPool,
    /// The key that it names did not sign it: somebody altered it on its way.
    #[error(
        "the challenge is not signed by the key that it names: it was altered on its way. Answer nothing, and ask the \
         reader for it again"
    )]
    Signature,
    /// Another key signed it than the reader's, or no key of the reader was given.
    #[error(
        "the challenge is not yours: another key signed it than the one that you gave, or you gave none. Check the answer \
         with your own copy of the challenge, not with one that came back with the answer"
    )]
    NotYours,
    /// The reader's name is empty or too long.
    #[error("the reader's name is empty or longer than {MAX_NAME} bytes")]
    Name,
}

impl Challenge {
    /// A challenge of the holder of a key, who calls himself `name`. `made` is his clock, in seconds since 1970.
    ///
    /// # Errors
    /// [`ChallengeError::Name`].
    pub fn new<R: CryptoRng>(
        (genesis, pool): (GenesisHash, PoolId),
        name: &str,
        identity: &Identity,
        demand: Demand,
        made: u64,
        rng: &mut R,
    ) -> Result<Self, ChallengeError> {
        let name = text::name(name);
        if name.is_empty() || name.len() > MAX_NAME {
            return Err(ChallengeError::Name);
        }
        let signer = auditor::signing_key(identity);
        let mut nonce = [0; 32];
        rng.fill_bytes(&mut nonce);
        let mut challenge = Self {
            genesis,
            pool,
            reader: ReaderId { name, recipient: Some(identity.to_public().to_string()) },
            key: signer.verifying_key(),
            nonce,
            made,
            demand,
            signature: Signature::from_bytes(&[0; 64]),
        };
        challenge.sign(&signer);
        Ok(challenge)
    }

    fn sign(&mut self, signer: &SigningKey) {
        self.signature = signer.sign(&self.message());
    }

    /// The reader: his name, and the key that every answer is sealed to.
    pub fn reader(&self) -> &ReaderId {
        &self.reader
    }

    /// The key that signed it, and that signs the reader's receipts.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// When it was made, in seconds since 1970, by the reader's clock.
    pub fn made(&self) -> u64 {
        self.made
    }

    /// Its demand.
    pub fn demand(&self) -> &Demand {
        &self.demand
    }

    /// The chain and the pool that it asks about.
    pub fn place(&self) -> (GenesisHash, PoolId) {
        (self.genesis, self.pool)
    }

    /// `[challenge-hash]`: the nonce of every answer to it.
    pub fn hash(&self) -> [u8; 32] {
        b32(b"LouverChallHash", &[&self.contents(), &self.signature.to_bytes()])
    }

    /// Checks that it is the reader's own: that his key signed it, and that its answers are sealed to him.
    ///
    /// # Errors
    /// [`ChallengeError::NotYours`].
    pub fn is_of(&self, keys: &ReaderKeys) -> Result<(), ChallengeError> {
        let is_own = self.key == keys.signing && self.reader.recipient.as_ref() == Some(&keys.recipient);
        if is_own { Ok(()) } else { Err(ChallengeError::NotYours) }
    }

    /// Checks that it is of a chain and pool, and that the key that it names signed it. Only [`Self::is_of`] tells whose
    /// key that is.
    ///
    /// # Errors
    /// [`ChallengeError`].
    pub fn verify(&self, genesis: &GenesisHash, pool: PoolId) -> Result<(), ChallengeError> {
        if self.genesis != *genesis {
            return Err(ChallengeError::OtherChain);
        }
        if self.pool != pool {
            return Err(ChallengeError::OtherPool);
        }
        self.key.verify_strict(&self.message(), &self.signature).map_err(|_| ChallengeError::Signature)
    }

    fn message(&self) -> [u8; 32] {
        b32(b"LouverChallenge", &[&self.contents()])
    }
}

#[cfg(test)]
mod tests;
