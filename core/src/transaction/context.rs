//! `[tx-context]`

use crate::{
    asset::{AssetId, DescriptorHash},
    audit::NumberedKey,
    encoding::Encode,
    pool::{GenesisHash, PoolId, PoolTag},
    transaction::{Fee, PublicSide},
};

/// The data that a transaction's hashes cover in addition to its effects. No transaction carries it: the ledger knows
/// it.
///
/// A transaction of another chain has another id and another signature, and so has a deposit whose asset's id was given
/// to another token after a reorganisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TxContext {
    /// The chain.
    pub genesis: GenesisHash,
    /// The hash of the public side's asset in the registry; zeros if there is none.
    pub public_asset: DescriptorHash,
    /// The hash of the fee's asset in the registry; zeros if there is none.
    pub fee_asset: DescriptorHash,
    /// The auditor key whose number the transaction names; `None` in pools without auditors.
    ///
    /// No hash covers it: a ciphertext under one key never verifies under another.
    pub auditor: Option<NumberedKey>,
}

impl TxContext {
    /// The context of a transaction with this public side and fee in a pool without auditors. `describe` says what the chain's
    /// registry has of an asset.
    ///
    /// # Errors
    /// Those of `describe`.
    pub fn of<E>(
        genesis: GenesisHash,
        side: &PublicSide,
        fee: Fee,
        describe: impl Fn(AssetId) -> Result<DescriptorHash, E>,
    ) -> Result<Self, E> {
        let hash = |asset| match asset {
            AssetId::NONE => Ok(DescriptorHash::default()),
            asset => describe(asset),
        };
        Ok(Self { genesis, public_asset: hash(side.asset())?, fee_asset: hash(fee.asset())?, auditor: None })
    }

    /// The same with an auditor key.
    #[must_use]
    pub fn with_auditor(self, auditor: Option<NumberedKey>) -> Self {
        Self { auditor, ..self }
    }

    /// The tag of a pool of this chain.
    pub fn pool_tag(&self, pool: PoolId) -> PoolTag {
        PoolTag::new(&self.genesis, pool)
    }
}

impl Encode for TxContext {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.genesis.0);
        out.extend_from_slice(&self.public_asset.0);
        out.extend_from_slice(&self.fee_asset.0);
    }
}
