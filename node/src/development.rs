//! Development chains: a genesis to begin with, and a faucet whose key everybody knows.

use ed25519_dalek::SigningKey;
use louver_circuits::verifying_key::KeyError;
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::{DecodeError, Encode},
    epoch::EpochSchedule,
    ledger::{FeeTerms, Genesis, GenesisError, GenesisTerms, RulesTerms, ShapeTerms},
    pool::{PoolId, RulesVersion},
    shape::Shape,
    spec::b32,
    store::StoreError,
    transaction::Fee,
    value::Value,
};
use thiserror::Error;

use crate::{
    chain::{Account, Action, Candidate, UnsignedOperation},
    engine::Engine,
    keys,
    mempool::Claim,
};

/// Why there is no development genesis.
#[derive(Debug, Error)]
pub enum DevelopmentError {
    /// This build has no development keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// A value is out of range.
    #[error(transparent)]
    Terms(#[from] DecodeError),
    /// The terms do not hold together.
    #[error(transparent)]
    Genesis(#[from] GenesisError),
}

/// The faucet's key. It is public: whoever likes may mint with it, on development chains.
pub fn faucet_key() -> SigningKey {
    SigningKey::from_bytes(&b32(b"LouverFaucet", &[]))
}

/// The genesis of the development chain of this build: [`terms`] with this build's verifying keys.
///
/// # Errors
/// In production builds, which have no such keys.
pub fn genesis() -> Result<Genesis, DevelopmentError> {
    Ok(Genesis::new(terms(&keys::hashes()?)?)?)
}

/// The terms of a development chain: its own coin (asset 1, `LVR`, 6 decimals), issued by the faucet, in which fees are
/// paid; epochs of 720 blocks with 64 of grace; anchors for 100 blocks. `keys` are the hashes of the verifying keys.
pub fn terms(keys: &[(Shape, [u8; 32])]) -> Result<GenesisTerms, DecodeError> {
    let out_of_range = |what| DecodeError::OutOfRange { what };
    let coin = AssetId::new(1).ok_or(out_of_range("asset id"))?;
    let faucet = Account::of(&faucet_key());
    let mut shapes: Vec<ShapeTerms> =
        keys.iter().map(|(shape, key)| ShapeTerms { shape: *shape, verifying_key: *key }).collect();
    shapes.sort_by_key(|terms| terms.shape.code());
    Ok(GenesisTerms {
        chain: "louver development".to_owned(),
        schedule: EpochSchedule::new(720, 64).ok_or(out_of_range("epoch schedule"))?,
        anchor_window: 100,
        pool: PoolId(1),
        fee_account: faucet.into(),
        development: true,
        assets: vec![AssetDescriptor::new(coin, "LVR", 6, faucet.0, b"")?],
        fees: vec![FeeTerms { asset: coin, minimum: [1_000, 2_000, 3_000, 5_000].map(Value) }],
        rules: vec![RulesTerms { version: RulesVersion::V1, from: 1, until: None, shapes }],
    })
}

/// The faucet's next operation, as a client would submit it: a mint to `to`. Only for assets that the faucet issues.
pub(crate) fn gift(
    engine: &Engine,
    to: Account,
    asset: AssetId,
    amount: Value,
) -> Result<Vec<u8>, StoreError> {
    let key = faucet_key();
    let sender = Account::of(&key);
    let chain = engine.chain();
    let mut nonce = chain.nonce(&sender)?;
    let mempool = engine.mempool();
    while mempool.claimant(&Claim::Nonce(sender, nonce)).is_some() {
        nonce += 1;
    }
    let action = Action::Mint { asset, amount, to };
    let operation =
        UnsignedOperation { sender, nonce, fee: Fee::NONE, action }.sign(&chain.genesis_hash(), &key);
    Ok(Candidate::Transparent(operation).to_transaction().to_bytes())
}
