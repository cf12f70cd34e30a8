//! The development chain of this build, the gifts of its faucet and the acts of its guardian.

use std::collections::BTreeMap;

use louver_chain::{
    Account, Act, Action, ChainTransaction, Deed, OperationError, SignedAct, UnsignedOperation,
    act::{Speakers, Standing, standing},
    development::{faucet_key, guardian_key, terms},
    holdings,
    mempool::Claim,
};
use louver_circuits::keyset::{KeySetError, development_rules};
use louver_core::{
    encoding::{DecodeError, Encode},
    ledger::{Genesis, GenesisError},
    pool::RulesVersion,
    store::StoreError,
    value::Value,
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

/// The faucet's next operation, as a client would submit it, with its fee. It mints only assets that the faucet issues.
///
/// # Errors
/// [`OperationError::Fee`] if the faucet cannot pay the fee; those of the store.
pub(crate) fn operation(engine: &Engine, action: Action) -> Result<Vec<u8>, OperationError> {
    let key = faucet_key();
    let sender = Account::of(&key);
    let chain = engine.chain();
    let mut nonce = chain.nonce(&sender)?;
    let mempool = engine.mempool();
    while mempool.claimant(&Claim::Nonce(sender, nonce)).is_some() {
        nonce += 1;
    }
    drop(mempool);
    let held: BTreeMap<_, _> = holdings::balances(&chain.ledger().state(), &sender)?.into_iter().collect();
    let holds = |asset| held.get(&asset).copied().unwrap_or(Value::ZERO);
    let operation = UnsignedOperation::paying(chain.ledger().genesis(), sender, nonce, action, holds)?;
    Ok(ChainTransaction::Transparent(operation.sign(&chain.genesis_hash(), &key)).to_bytes())
}

/// The off-switch of a rules version, as a client would submit it: an act of the guardian whose key everybody has.
///
/// # Errors
/// Those of the store.
pub(crate) fn switch_off(engine: &Engine, rules: RulesVersion) -> Result<Vec<u8>, StoreError> {
    let chain = engine.chain();
    let Standing { sequence, .. } = standing(&chain.ledger().state(), Speakers::Guardians)?;
    let act = Act { sequence, deed: Deed::SwitchOff { rules } };
    let signature = act.sign(&chain.genesis_hash(), &guardian_key());
    Ok(ChainTransaction::Act(Box::new(SignedAct::new(act, vec![signature]))).to_bytes())
}
