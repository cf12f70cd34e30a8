use age::x25519::Recipient;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    keys::{AccountId, RandomizedKey, SpendSignature},
    pool::{GenesisHash, PoolId},
    secret::ExposeBytes,
};

use super::{About, Body, MAX_NAME, MAX_PURPOSE, MAX_RECIPIENT, ReaderId, Signed, Zeroizing};
use crate::text;

/// Fewer than these many bytes are around a body.
const AROUND: usize = 256 + MAX_NAME + MAX_RECIPIENT + MAX_PURPOSE;

impl About {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.genesis.0);
        out.extend_from_slice(&self.pool.0.to_le_bytes());
        self.account.encode(out);
        self.rk.encode(out);
        text::put(out, &self.reader.name);
        text::put(out, self.reader.recipient.as_deref().unwrap_or_default());
        out.extend_from_slice(&self.nonce);
        text::put(out, &self.purpose);
        out.extend_from_slice(&self.issued.to_le_bytes());
        out.extend_from_slice(&self.expires.to_le_bytes());
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let about = Self {
            genesis: GenesisHash(reader.array()?),
            pool: PoolId(reader.u32()?),
            account: AccountId::decode(reader)?,
            rk: RandomizedKey::decode(reader)?,
            reader: ReaderId::read(reader)?,
            nonce: reader.array()?,
            purpose: text::read(reader, "purpose", MAX_PURPOSE)?,
            issued: reader.u64()?,
            expires: reader.u64()?,
        };
        // Such an envelope would be shown at any time.
        if about.expires <= about.issued {
            return Err(DecodeError::OutOfRange { what: "expiry" });
        }
        Ok(about)
    }
}

impl ReaderId {
    /// Reads the reader that an envelope or a challenge names.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let name = text::read(reader, "reader's name", MAX_NAME)?;
        // A file for nobody would be shown to anybody.
        if name.is_empty() {
            return Err(DecodeError::OutOfRange { what: "reader's name" });
        }
        if text::name(&name) != name {
            return Err(DecodeError::NotCanonical { what: "reader's name" });
        }
        let recipient = text::read(reader, "recipient", MAX_RECIPIENT)?;
        let is_plain = |text: &str| text.parse().is_ok_and(|key: Recipient| key.to_string() == text);
        if !recipient.is_empty() && !is_plain(&recipient) {
            return Err(DecodeError::NotCanonical { what: "recipient" });
        }
        Ok(Self { name, recipient: Some(recipient).filter(|recipient| !recipient.is_empty()) })
    }
}

impl<B: Body> Signed<B> {
    /// All that the account signs: everything but the signature. There is room for that, so that no secret is left behind
    /// by a buffer that grew.
    pub(super) fn contents(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(AROUND + self.body.size_bound()));
        out.extend_from_slice(B::MAGIC);
        self.about.put(&mut out);
        self.body.put(&mut out);
        out
    }

    /// All of it, in a buffer that is wiped.
    pub(crate) fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = self.contents();
        out.extend_from_slice(&self.signature.to_array());
        out
    }
}

impl<B: Body> ExposeBytes for Signed<B> {
    /// The layout is `[envelope]`'s.
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        self.to_secret_bytes()
    }
}

impl<B: Body> Decode for Signed<B> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let magic: [u8; 8] = reader.array()?;
        if magic != *B::MAGIC {
            return Err(DecodeError::UnknownTag { what: "kind and version", tag: u64::from_le_bytes(magic) });
        }
        let about = About::read(reader)?;
        let body = B::read(reader, &about)?;
        if B::IS_SECRET && about.reader.recipient.is_none() {
            return Err(DecodeError::OutOfRange { what: "recipient" });
        }
        Ok(Self { about, body, signature: SpendSignature::from_array(reader.array()?) })
    }
}
