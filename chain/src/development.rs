//! The common parts of development chains: their terms, and a faucet whose key everybody knows.

use ed25519_dalek::SigningKey;
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::DecodeError,
    epoch::EpochSchedule,
    ledger::{FeeTerms, GenesisTerms, RulesTerms},
    pool::PoolId,
    spec::b32,
    value::Value,
};

use crate::Account;

/// The faucet's key. It is public: anybody may mint with it, on development chains.
pub fn faucet_key() -> SigningKey {
    SigningKey::from_bytes(&b32(b"LouverFaucet", &[]))
}

/// The terms of a development chain: its own coin (asset 1, `LVR`, 6 decimals), issued by the faucet, in which fees are
/// paid; epochs of 720 blocks with 64 of grace; anchors for 100 blocks. `rules` are its
/// only rules version, with the keys that it names.
pub fn terms(rules: RulesTerms) -> Result<GenesisTerms, DecodeError> {
    let out_of_range = |what| DecodeError::OutOfRange { what };
    let coin = AssetId::new(1).ok_or(out_of_range("asset id"))?;
    let faucet = Account::of(&faucet_key());
    Ok(GenesisTerms {
        chain: "louver development".to_owned(),
        schedule: EpochSchedule::new(720, 64).ok_or(out_of_range("epoch schedule"))?,
        anchor_window: 100,
        pool: PoolId(1),
        fee_account: faucet.into(),
        development: true,
        assets: vec![AssetDescriptor::new(coin, "LVR", 6, faucet.0, b"")?],
        fees: vec![FeeTerms { asset: coin, minimum: [1_000, 2_000, 3_000, 5_000].map(Value) }],
        rules: vec![rules],
    })
}
