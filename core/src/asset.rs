//! Assets: short ids given out by a pool's registry, and their registered descriptions.

use core::fmt;

use crate::{
    encoding::{Decode, DecodeError, Encode, Reader, put_short},
    spec::{Fr, b32},
};

mod known;

pub use known::{AssetChanged, AssetNameError, KnownAssets};

/// A 56-bit id given out by the pool's registry. 0 is never registered: it stands for "no asset".
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AssetId(u64);

impl AssetId {
    /// "No asset": what public fields hold where no asset is meant.
    pub const NONE: Self = Self(0);

    /// The id, if it fits 56 bits.
    pub fn new(id: u64) -> Option<Self> {
        (id >> 56 == 0).then_some(Self(id))
    }

    /// The id as an integer below 2^56.
    pub fn to_u64(self) -> u64 {
        self.0
    }

    /// The id as a field element, as circuits see it.
    pub fn to_scalar(self) -> Fr {
        Fr::from(self.0)
    }

    /// Seven little-endian bytes.
    pub fn to_le_bytes(self) -> [u8; 7] {
        let mut out = [0u8; 7];
        out.copy_from_slice(&self.0.to_le_bytes()[..7]);
        out
    }
}

impl fmt::Debug for AssetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AssetId({})", self.0)
    }
}

impl fmt::Display for AssetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl Encode for AssetId {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_le_bytes());
    }
}

impl Decode for AssetId {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let mut bytes = [0u8; 8];
        bytes[..7].copy_from_slice(reader.take(7)?);
        Ok(Self(u64::from_le_bytes(bytes)))
    }
}

/// `[asset-descriptor]`: the registered description of an asset. Its hash is in every transaction that names the asset
/// in public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetDescriptor {
    id: AssetId,
    symbol: String,
    decimals: u8,
    issuer: [u8; 32],
    host_reference: Vec<u8>,
}

impl AssetDescriptor {
    /// The longest symbol, in characters.
    pub const MAX_SYMBOL: usize = 16;
    /// The length of the shortest encoding, in bytes.
    pub const LEAST: usize = 7 + 1 + 1 + 32 + 1;
    /// The longest host reference, in bytes.
    pub const MAX_HOST_REFERENCE: usize = 64;
    /// The most decimals.
    pub const MAX_DECIMALS: u8 = 18;

    /// A descriptor. `symbol`: 1 to 16 of `A-Z0-9`, the first a letter; `issuer`: the transparent account that may mint;
    /// `host_reference`: the asset's name on the host, at most 64 bytes.
    ///
    /// # Errors
    /// [`DecodeError::OutOfRange`], which names the part that is not allowed.
    pub fn new(
        id: AssetId,
        symbol: &str,
        decimals: u8,
        issuer: [u8; 32],
        host_reference: &[u8],
    ) -> Result<Self, DecodeError> {
        if id == AssetId::NONE {
            return Err(DecodeError::OutOfRange { what: "asset id" });
        }
        let is_plain = symbol.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        // Begun with a digit, it would run into the number of an amount.
        let begins_well = symbol.starts_with(|c: char| c.is_ascii_uppercase());
        if symbol.len() > Self::MAX_SYMBOL || !is_plain || !begins_well {
            return Err(DecodeError::OutOfRange { what: "asset symbol" });
        }
        if decimals > Self::MAX_DECIMALS {
            return Err(DecodeError::OutOfRange { what: "asset decimals" });
        }
        if host_reference.len() > Self::MAX_HOST_REFERENCE {
            return Err(DecodeError::OutOfRange { what: "asset host reference" });
        }
        Ok(Self { id, symbol: symbol.to_owned(), decimals, issuer, host_reference: host_reference.to_vec() })
    }

    /// The asset's id.
    pub fn id(&self) -> AssetId {
        self.id
    }

    /// The ticker: a letter of `A-Z`, then `A-Z0-9`.
    pub fn symbol(&self) -> &str {
        &self.symbol
    }

    /// How many decimals people write: 10^decimals units make one of the asset.
    pub fn decimals(&self) -> u8 {
        self.decimals
    }

    /// The transparent account that may mint the asset.
    pub fn issuer(&self) -> &[u8; 32] {
        &self.issuer
    }

    /// The asset's name on the host.
    pub fn host_reference(&self) -> &[u8] {
        &self.host_reference
    }

    /// The hash that transactions bind.
    pub fn hash(&self) -> DescriptorHash {
        DescriptorHash(b32(b"LouverAsset", &[&self.to_bytes()]))
    }
}

impl Encode for AssetDescriptor {
    fn encode(&self, out: &mut Vec<u8>) {
        self.id.encode(out);
        // Lengths are bounded by the constructor.
        put_short(out, self.symbol.as_bytes());
        out.push(self.decimals);
        out.extend_from_slice(&self.issuer);
        put_short(out, &self.host_reference);
    }
}

impl Decode for AssetDescriptor {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let id = AssetId::decode(reader)?;
        let length = reader.u8()?;
        let symbol = core::str::from_utf8(reader.take(length.into())?)
            .map_err(|_| DecodeError::OutOfRange { what: "asset symbol" })?;
        let decimals = reader.u8()?;
        let issuer = reader.array()?;
        let length = reader.u8()?;
        let host_reference = reader.take(length.into())?;
        Self::new(id, symbol, decimals, issuer, host_reference)
    }
}

/// The hash of an [`AssetDescriptor`]; all zeros where no asset is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DescriptorHash(pub [u8; 32]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_56_bits() {
        assert!(AssetId::new(1 << 56).is_none());
        let top = AssetId::new((1 << 56) - 1).unwrap();
        assert_eq!(AssetId::from_bytes(&top.to_bytes()), Ok(top));
    }

    #[test]
    fn descriptors_round_trip_and_refuse() {
        let id = AssetId::new(7).unwrap();
        let descriptor = AssetDescriptor::new(id, "EURX", 2, [3; 32], b"ref").unwrap();
        assert_eq!(AssetDescriptor::from_bytes(&descriptor.to_bytes()), Ok(descriptor));
        assert!(AssetDescriptor::new(id, "eur", 2, [3; 32], b"").is_err());
        assert!(AssetDescriptor::new(id, "", 2, [3; 32], b"").is_err());
        // A symbol that passes for a number, or for a part of one.
        for symbol in ["3", "42", "0X", "1EUR"] {
            assert!(AssetDescriptor::new(id, symbol, 2, [3; 32], b"").is_err(), "{symbol}");
        }
        assert!(AssetDescriptor::new(id, "E3", 2, [3; 32], b"").is_ok());
        assert!(AssetDescriptor::new(id, "EUR", 19, [3; 32], b"").is_err());
        assert!(AssetDescriptor::new(AssetId::NONE, "EUR", 2, [3; 32], b"").is_err());
        assert!(AssetDescriptor::new(id, "EUR", 2, [3; 32], &[0; 65]).is_err());
    }
}
