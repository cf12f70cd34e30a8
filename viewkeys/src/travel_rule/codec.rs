use std::io::Write;

use age::{
    Encryptor,
    x25519::{Identity, Recipient},
};
use louver_core::{
    address::Address,
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader, put_bytes},
    pool::{GenesisHash, PoolId, PoolTag},
    value::Value,
};
use zeroize::Zeroizing;

use super::{MAX_PAYLOAD, PaymentTerms, Record};
use crate::signed::{OpenError, SealError, decrypt, is_sealed};

/// How a record begins: a name and a version.
const MAGIC: &[u8; 8] = b"LVTRAVL\x01";
/// The bytes around a payload.
const AROUND: usize = 8 + 32 + 4 + Address::LENGTH + 7 + 8 + 32 + 4;

impl Record {
    /// The most bytes of a sealed file: of a record in armor, for many readers.
    pub const MAX_BYTES: usize = 2 * MAX_PAYLOAD;

    /// `[travel-rule-record]`: seals the record to its readers: a binary file of `age` that each of them opens with his own key. A
    /// record is never written open.
    ///
    /// # Errors
    /// [`SealError`] if there are no readers.
    pub fn seal(&self, readers: &[Recipient]) -> Result<Vec<u8>, SealError> {
        if readers.is_empty() {
            return Err(SealError::Recipient);
        }
        let encryptor = Encryptor::with_recipients(readers.iter().map(|reader| reader as _))?;
        let mut sealed = Vec::new();
        let write = |sealed: &mut Vec<u8>| {
            let mut writer = encryptor.wrap_output(sealed)?;
            writer.write_all(&self.to_secret_bytes())?;
            writer.finish().map(|_| ())
        };
        write(&mut sealed).map_err(age::EncryptError::from)?;
        Ok(sealed)
    }

    /// Opens a sealed file, binary or armored. The payload in it is not checked yet.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(sealed: &[u8], identity: &Identity) -> Result<Self, OpenError> {
        if sealed.len() > Self::MAX_BYTES {
            return Err(OpenError::TooLarge);
        }
        if !is_sealed(sealed) {
            return Err(OpenError::Decrypt);
        }
        Ok(Self::from_bytes(&decrypt(sealed, identity)?)?)
    }

    /// All of it, in a buffer that is wiped and does not grow.
    fn to_secret_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(AROUND + self.payload.len()));
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.genesis.0);
        self.pool.0.encode(&mut out);
        self.terms.to.encode(&mut out);
        self.terms.asset.encode(&mut out);
        self.terms.value.encode(&mut out);
        out.extend_from_slice(&self.salt);
        put_bytes(&mut out, &self.payload);
        out
    }
}

impl Decode for Record {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let magic: [u8; 8] = reader.array()?;
        if magic != *MAGIC {
            return Err(DecodeError::UnknownTag {
                what: "travel-rule record",
                tag: u64::from_le_bytes(magic),
            });
        }
        let (genesis, pool) = (GenesisHash(reader.array()?), PoolId(reader.u32()?));
        let terms = PaymentTerms {
            to: Address::decode(reader)?,
            asset: AssetId::decode(reader)?,
            value: Value::decode(reader)?,
        };
        if terms.to.pool() != PoolTag::new(&genesis, pool) {
            return Err(DecodeError::NotCanonical { what: "an address of another pool" });
        }
        let salt = reader.array()?;
        let payload = reader.bytes()?;
        if payload.len() > MAX_PAYLOAD {
            return Err(DecodeError::OutOfRange { what: "payload" });
        }
        Ok(Self { genesis, pool, terms, salt, payload: Zeroizing::new(payload.to_vec()) })
    }
}
