//! The development chain of this build, and the gifts of its faucet.

use louver_chain::{
    Account, Action, ChainTransaction, UnsignedOperation,
    development::{faucet_key, terms},
    mempool::Claim,
};
use louver_circuits::keyset::{KeySetError, development_rules};
use louver_core::{
    encoding::{DecodeError, Encode},
    ledger::{Genesis, GenesisError},
    store::StoreError,
    transaction::Fee,
};
use thiserror::Error;

use crate::engine::Engine;

/// The reason for no development genesis.
#[derive(Debug, Error)]
pub enum DevelopmentError {
    /// This build has no development keys.
    #[error(transparent)]
    Keys(#[from] KeySetError),
    /// A value is out of range.
    #[error(transparent)]
    Terms(#[from] DecodeError),
    /// The terms do not hold together.
    #[error(transparent)]
    Genesis(#[from] GenesisError),
}

/// The genesis of the development chain of this build: [`terms`] with this build's development keys.
///
/// # Errors
/// In production builds, which have no such keys.
pub fn genesis() -> Result<Genesis, DevelopmentError> {
    Ok(Genesis::new(terms(development_rules()?)?)?)
}

/// The faucet's next operation, as a client would submit it. It mints only assets that the faucet issues.
pub(crate) fn operation(engine: &Engine, action: Action) -> Result<Vec<u8>, StoreError> {
    let key = faucet_key();
    let sender = Account::of(&key);
    let chain = engine.chain();
    let mut nonce = chain.nonce(&sender)?;
    let mempool = engine.mempool();
    while mempool.claimant(&Claim::Nonce(sender, nonce)).is_some() {
        nonce += 1;
    }
    drop(mempool);
    let operation =
        UnsignedOperation { sender, nonce, fee: Fee::NONE, action }.sign(&chain.genesis_hash(), &key);
    Ok(ChainTransaction::Transparent(operation).to_bytes())
}
