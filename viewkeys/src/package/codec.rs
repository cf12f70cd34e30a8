use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_count},
    keys::{AccountId, RandomizedKey, SpendSignature},
    pool::{GenesisHash, PoolId},
};

use super::{Item, MAX_AUDITOR, MAX_PURPOSE, Package};
use crate::text;

/// How a package begins: a name and a version.
pub const MAGIC: &[u8; 8] = b"LVDISCL\x02";

/// No item is shorter, in bytes.
const LEAST_ITEM: usize = 231;

impl Package {
    pub(super) fn contents(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&self.genesis.0);
        out.extend_from_slice(&self.pool.0.to_le_bytes());
        self.account.encode(&mut out);
        self.rk.encode(&mut out);
        text::put(&mut out, &self.auditor);
        out.extend_from_slice(&self.nonce);
        text::put(&mut out, &self.purpose);
        out.extend_from_slice(&self.issued.to_le_bytes());
        out.extend_from_slice(&self.expires.to_le_bytes());
        put_count(&mut out, self.items.len());
        for item in &self.items {
            item.encode(&mut out);
        }
        out
    }
}

impl Encode for Package {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.contents());
        out.extend_from_slice(&self.signature.to_array());
    }
}

impl Decode for Package {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let magic: [u8; 8] = reader.array()?;
        if magic != *MAGIC {
            return Err(DecodeError::UnknownTag { what: "package version", tag: u64::from_le_bytes(magic) });
        }
        let genesis = GenesisHash(reader.array()?);
        let pool = PoolId(reader.u32()?);
        let account = AccountId::decode(reader)?;
        let rk = RandomizedKey::decode(reader)?;
        let auditor = text::read(reader, "auditor", MAX_AUDITOR)?;
        let nonce = reader.array()?;
        let purpose = text::read(reader, "purpose", MAX_PURPOSE)?;
        let (issued, expires) = (reader.u64()?, reader.u64()?);
        // Such a package would be shown to anybody, or at any time.
        if text::name(&auditor).is_empty() {
            return Err(DecodeError::OutOfRange { what: "auditor" });
        }
        if expires <= issued {
            return Err(DecodeError::OutOfRange { what: "expiry of a package" });
        }
        let count = reader.count(LEAST_ITEM)?;
        let items = (0..count).map(|_| Item::decode(reader)).collect::<Result<_, _>>()?;
        let signature = SpendSignature::from_array(reader.array()?);
        Ok(Self { genesis, pool, account, rk, auditor, nonce, purpose, issued, expires, items, signature })
    }
}
