//! Pools and the chain they stand on.

use core::fmt;

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader},
    shape::Shape,
    spec::{Fr, b32},
};

/// The hash of a chain's genesis, over its canonical encoding.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GenesisHash(pub [u8; 32]);

impl fmt::Debug for GenesisHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GenesisHash({self})")
    }
}

/// Its hexadecimal digits.
impl fmt::Display for GenesisHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The number of a pool on its chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PoolId(pub u32);

/// The number of a set of ledger rules: which statement a transaction's proof shows, and what else must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RulesVersion(pub u32);

impl RulesVersion {
    /// The first rules.
    pub const V1: Self = Self(1);
}

/// `[audited-pool]`: whether a pool has auditors. It is what the shapes of its rules are, and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PoolKind {
    /// Nobody sees a transaction's contents but those whom its parties show them to.
    Plain,
    /// Every transaction shows its contents to the pool's auditors, who open it if enough of them agree.
    Audited,
}

impl PoolKind {
    /// The kind of the pools that take a shape.
    pub const fn of(shape: Shape) -> Self {
        if shape.is_audited() { Self::Audited } else { Self::Plain }
    }

    /// The shapes of such pools, by code.
    pub const fn shapes(self) -> &'static [Shape] {
        match self {
            Self::Plain => &Shape::PLAIN,
            Self::Audited => &Shape::AUDITED,
        }
    }
}

/// `[pool-tag]`: 128 bits of a hash of genesis and pool id. Keys and grants of one pool say nothing in another.
///
/// The ledger computes it; no transaction carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PoolTag(u128);

impl PoolTag {
    /// The tag of a pool of a chain.
    pub fn new(genesis: &GenesisHash, pool: PoolId) -> Self {
        let hash = b32(b"LouverPool", &[&genesis.0, &pool.0.to_le_bytes()]);
        let mut low = [0u8; 16];
        low.copy_from_slice(&hash[..16]);
        Self(u128::from_le_bytes(low))
    }

    /// The tag whose 16 little-endian bytes these are, as it stands in addresses and keys.
    pub fn from_le_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_le_bytes(bytes))
    }

    /// 16 little-endian bytes.
    pub fn to_le_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    /// The tag as a field element, as circuits see it.
    pub fn to_scalar(self) -> Fr {
        let mut wide = [0u8; 64];
        wide[..16].copy_from_slice(&self.to_le_bytes());
        Fr::from_bytes_wide(&wide)
    }
}

impl Encode for PoolTag {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
}

impl Decode for PoolTag {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self::from_le_bytes(reader.array()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fork_or_another_pool_has_another_tag() {
        let tag = |genesis: u8, pool| PoolTag::new(&GenesisHash([genesis; 32]), PoolId(pool));
        assert_ne!(tag(1, 0), tag(1, 1));
        assert_ne!(tag(1, 0), tag(2, 0));
    }
}
