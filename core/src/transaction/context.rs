//! `[tx-context]`

use crate::{
    asset::DescriptorHash,
    encoding::Encode,
    pool::{GenesisHash, PoolId, PoolTag},
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
}

impl TxContext {
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
