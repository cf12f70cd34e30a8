//! The common parts of development chains: their terms, and a faucet, an authority and a guardian whose keys everybody
//! knows.

use ed25519_dalek::{SigningKey, VerifyingKey};
use louver_core::{
    asset::{AssetDescriptor, AssetId},
    encoding::DecodeError,
    epoch::EpochSchedule,
    ledger::{FeeTerms, Finality, GenesisTerms, Guardians, OperationFees, Quorum, RulesTerms, SnapshotTerms},
    pool::PoolId,
    spec::b32,
    value::Value,
};

use crate::Account;

/// The faucet's key. It is public: anybody may mint with it, on development chains.
pub fn faucet_key() -> SigningKey {
    SigningKey::from_bytes(&b32(b"LouverFaucet", &[]))
}

/// The key that seals the blocks of development chains. It is public.
pub fn authority_key() -> SigningKey {
    SigningKey::from_bytes(&b32(b"LouverAuthority", &[]))
}

/// The key of the only guardian of development chains. It is public.
pub fn guardian_key() -> SigningKey {
    SigningKey::from_bytes(&b32(b"LouverGuardian", &[]))
}

/// A key of development chains among those of a quorum: everybody could speak in its holder's place.
pub fn public_key_in(quorum: &Quorum) -> Option<[u8; 32]> {
    let public = [faucet_key(), authority_key(), guardian_key()].map(|key| key.verifying_key());
    quorum.keys().iter().find(|key| public.contains(key)).map(VerifyingKey::to_bytes)
}

/// The beginning of development chains: 1 January 2026, 00:00 UTC, in seconds since 1970.
pub const BEGINNING: u64 = 1_767_225_600;

/// The terms of a development chain: its own coin (asset 1, `LVR`, 6 decimals), issued by the faucet, in which fees are
/// paid; epochs of 720 blocks with 64 of grace; anchors for 100 blocks; a block a minute at least; one authority and one
/// guardian, whose keys are public. `rules` are its only rules version, with the keys that it names.
pub fn terms(rules: RulesTerms) -> Result<GenesisTerms, DecodeError> {
    let out_of_range = |what| DecodeError::OutOfRange { what };
    let coin = AssetId::new(1).ok_or(out_of_range("asset id"))?;
    let faucet = Account::of(&faucet_key());
    let alone =
        |key: &SigningKey| Quorum::new(1, vec![key.verifying_key().to_bytes()]).map_err(DecodeError::from);
    Ok(GenesisTerms {
        chain: "louver development".to_owned(),
        time: BEGINNING,
        schedule: EpochSchedule::new(720, 64).ok_or(out_of_range("epoch schedule"))?,
        anchor_window: 100,
        pool: PoolId(1),
        fee_account: faucet.into(),
        development: true,
        block_interval: 60,
        snapshots: SnapshotTerms::EACH_EPOCH,
        finality: Finality::Solo {
            authorities: alone(&authority_key())?,
            trusting_period: 180 * 24 * 60 * 60,
        },
        guardians: Guardians { quorum: Some(alone(&guardian_key())?), delay: 10 },
        assets: vec![AssetDescriptor::new(coin, "LVR", 6, faucet.0, b"")?],
        balances: Vec::new(),
        fees: vec![FeeTerms {
            asset: coin,
            minimum: [1_000, 2_000, 3_000, 5_000].map(Value),
            operations: OperationFees::default(),
        }],
        rules: vec![rules],
    })
}
