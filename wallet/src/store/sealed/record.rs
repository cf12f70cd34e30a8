//! The bytes of a journal.
//!
//! head:   `LvrJrnl\0` || version (4) || id (16) || vault of the data key
//! record: generation (8) || number (8) || nonce (24) || XChaCha20-Poly1305 of a batch
//!
//! Each record is bound to the journal's id, to its generation and number, and to the record before it; the first of a
//! generation is bound to being the first, and holds the whole state.

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    secret::Secret,
    spec::b32,
    store::{Batch, StoreError},
};
use rand::Rng;
use zeroize::Zeroizing;

use super::{Record, damaged};
use crate::vault::{Protection, Vault, VaultError};

const MAGIC: [u8; 8] = *b"LvrJrnl\0";
const VERSION: u32 = 1;
const PERSONAL: &[u8] = b"LouverJournal";

/// The beginning of a journal.
#[derive(Clone)]
pub(super) struct Head {
    id: [u8; 16],
    vault: Vault,
}

impl Head {
    /// The head of a new journal.
    pub(super) fn new(protection: &Protection) -> Result<(Self, Sealer), VaultError> {
        Self::with_new_key(random(), protection)
    }

    /// The head of the same journal with a new key.
    pub(super) fn renewed(&self, protection: &Protection) -> Result<(Self, Sealer), VaultError> {
        Self::with_new_key(self.id, protection)
    }

    fn with_new_key(id: [u8; 16], protection: &Protection) -> Result<(Self, Sealer), VaultError> {
        let key = Secret::new(random::<32>().to_vec());
        let vault = Vault::close(&key, protection)?;
        Ok((Self { id, vault }, Sealer(key)))
    }

    /// The key.
    pub(super) fn open(&self, protection: &Protection) -> Result<Sealer, VaultError> {
        self.vault.open(protection).map(Sealer)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        [&MAGIC[..], &VERSION.to_le_bytes(), &self.id, &self.vault.to_stored()].concat()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut reader = Reader::new(bytes);
        if reader.array() != Ok(MAGIC) {
            return Err(StoreError::Foreign);
        }
        let read = |error: DecodeError| damaged(&format!("its head: {error}"));
        match reader.u32().map_err(read)? {
            VERSION => {}
            found => return Err(StoreError::Version { found, expected: VERSION }),
        }
        let id = reader.array().map_err(read)?;
        let vault = Vault::decode(&mut reader).map_err(read)?;
        reader.finish().map_err(read)?;
        Ok(Self { id, vault })
    }
}

/// The end of a journal: the next record is bound to it.
#[derive(Clone)]
pub(super) struct Place {
    id: [u8; 16],
    generation: u64,
    number: u64,
    /// The hash of the record before; of nothing for the first of a generation.
    before: [u8; 32],
}

impl Place {
    /// Before the first record of a generation.
    fn start(id: [u8; 16], generation: u64, number: u64) -> Self {
        Self { id, generation, number, before: b32(PERSONAL, &[]) }
    }

    /// The place of a new journal's first record.
    pub(super) fn new(head: &Head) -> Self {
        Self::start(head.id, 0, 0)
    }

    /// The place of the next generation's first record.
    pub(super) fn next_generation(&self) -> Self {
        Self::start(self.id, self.generation.wrapping_add(1), self.number)
    }

    fn after(&self, record: &[u8]) -> Self {
        Self { number: self.number.wrapping_add(1), before: b32(PERSONAL, &[record]), ..self.clone() }
    }

    /// The bytes that a record is bound to.
    fn bound(&self) -> Vec<u8> {
        let numbers = [self.generation.to_le_bytes(), self.number.to_le_bytes()].concat();
        [PERSONAL, &VERSION.to_le_bytes(), &self.id, &numbers, &self.before].concat()
    }
}

/// The data key of a journal.
pub(super) struct Sealer(Secret<Vec<u8>>);

impl Sealer {
    fn cipher(&self) -> Result<XChaCha20Poly1305, StoreError> {
        XChaCha20Poly1305::new_from_slice(self.0.expose()).map_err(|_| damaged("its key has another length"))
    }

    /// The record of a batch, and the place after it.
    pub(super) fn seal(&self, place: &Place, batch: &Batch) -> Result<(Place, Record), StoreError> {
        let (nonce, plain) = (random::<24>(), Zeroizing::new(batch.to_bytes()));
        let payload = Payload { msg: &plain, aad: &place.bound() };
        let sealed = self
            .cipher()?
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| StoreError::Backend("a batch is too large to be sealed".into()))?;
        let numbers = [place.generation.to_le_bytes(), place.number.to_le_bytes()].concat();
        let bytes = [&numbers[..], &nonce, &sealed].concat();
        Ok((place.after(&bytes), Record { number: place.number, bytes }))
    }

    /// The batch of the first record that is kept, and the place after it.
    pub(super) fn open_first(&self, head: &Head, record: &Record) -> Result<(Place, Batch), StoreError> {
        let numbers = record.bytes.first_chunk().ok_or_else(|| damaged("a record is cut short"))?;
        self.open(&Place::start(head.id, u64::from_le_bytes(*numbers), record.number), record)
    }

    /// The batch of a record, which has to be the one at this place.
    pub(super) fn open(&self, place: &Place, record: &Record) -> Result<(Place, Batch), StoreError> {
        let wrong = |what: &str| damaged(&format!("record {}: {what}", record.number));
        let mut reader = Reader::new(&record.bytes);
        let short = |_: DecodeError| wrong("it is cut short");
        let generation = reader.u64().map_err(short)?;
        let number = reader.u64().map_err(short)?;
        if (generation, number, number) != (place.generation, place.number, record.number) {
            return Err(wrong("another stands in its place"));
        }
        let nonce: [u8; 24] = reader.array().map_err(short)?;
        let sealed = reader.take(reader.remaining()).map_err(short)?;
        let payload = Payload { msg: sealed, aad: &place.bound() };
        let plain = self.cipher()?.decrypt(&XNonce::from(nonce), payload);
        let plain = Zeroizing::new(plain.map_err(|_| wrong("it was altered, or stood elsewhere"))?);
        let batch = Batch::from_bytes(&plain).map_err(|error| wrong(&error.to_string()))?;
        Ok((place.after(&record.bytes), batch))
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}
