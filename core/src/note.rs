//! `[note]`: what the pool holds, and how it is hidden, found and spent.
//!
//! A note belongs to the epoch of the transaction that creates it. Its commitment is a leaf of the tree, its ciphertext
//! stands beside the commitment, and the nullifier of its owner's epoch key is what a spend of it shows.

#[cfg(any(test, feature = "testing"))]
pub mod arbitrary;
pub mod commitment;
pub mod dummy;
pub mod encryption;
pub mod memo;
pub mod nullifier;

use core::fmt;

use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

pub use self::{
    commitment::NoteCommitment,
    dummy::{Dummies, DummyInput, DummyOutput},
    encryption::{CompactNote, EncryptedNote, EphemeralKey, OutputContext},
    memo::{Memo, MemoBucket, MemoError},
    nullifier::{Nullifier, SpendTag},
};
use crate::{
    address::Address,
    asset::AssetId,
    epoch::Epoch,
    keys::NullifierKey,
    secret::Secret,
    spec::{Fl, Fr, b64, to_fl, to_fr},
    value::Value,
};

/// Why parts make no note.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum NoteError {
    /// A note holds a registered asset, and 0 is not one.
    #[error("a note needs an asset")]
    NoAsset,
}

/// Everything that a note is made of.
pub struct NoteParts {
    /// Its owner's address. The note's epoch is the address's.
    pub to: Address,
    /// Its asset.
    pub asset: AssetId,
    /// The amount.
    pub value: Value,
    /// The output's index in its transaction.
    pub index: u8,
    /// The first nullifier of its transaction, so that no two notes are equal.
    pub rho: Nullifier,
    /// The seed of all its randomness; fresh for each output of each build.
    pub rseed: Secret<[u8; 32]>,
}

/// An amount of an asset that an account owns.
#[derive(Clone)]
pub struct Note {
    to: Address,
    asset: AssetId,
    value: Value,
    index: u8,
    rho: Nullifier,
    rseed: Secret<[u8; 32]>,
    cm: NoteCommitment,
}

impl Note {
    /// The note of these parts.
    pub fn from_parts(parts: NoteParts) -> Result<Self, NoteError> {
        let NoteParts { to, asset, value, index, rho, rseed } = parts;
        if asset == AssetId::NONE {
            return Err(NoteError::NoAsset);
        }
        // The commitment follows from the other parts, which it needs a note to follow from.
        let cm = NoteCommitment::from_scalar(Fr::zero());
        let mut note = Self { to, asset, value, index, rho, rseed, cm };
        note.cm = NoteCommitment::commit(to.tag(), rho, note.m(), note.rcm().expose());
        Ok(note)
    }

    /// Its owner's address.
    pub fn to(&self) -> &Address {
        &self.to
    }

    /// Its asset.
    pub fn asset(&self) -> AssetId {
        self.asset
    }

    /// The amount.
    pub fn value(&self) -> Value {
        self.value
    }

    /// The epoch of its transaction.
    pub fn epoch(&self) -> Epoch {
        self.to.epoch()
    }

    /// The output's index in its transaction.
    pub fn index(&self) -> u8 {
        self.index
    }

    /// The first nullifier of its transaction.
    pub fn rho(&self) -> Nullifier {
        self.rho
    }

    /// The seed of its randomness.
    pub fn rseed(&self) -> &Secret<[u8; 32]> {
        &self.rseed
    }

    /// `[note-m]`: what the note is, packed.
    pub fn m(&self) -> Fr {
        packed(self.index, self.epoch(), self.asset, self.value)
    }

    /// `[note-rcm]`: what blinds the commitment, from the seed and every field of the note.
    pub fn rcm(&self) -> Secret<Fr> {
        Secret::new(to_fr(&self.expand(b"LouverRcm")))
    }

    /// `[note-esk]`: what its ciphertext is agreed with, from the seed and every field of the note.
    pub fn esk(&self) -> Secret<Fl> {
        Secret::new(to_fl(&self.expand(b"LouverEsk")))
    }

    /// `[note-esk]`: `epk = [esk] g_d`, the sender's side of the agreement.
    pub fn epk(&self) -> EphemeralKey {
        EphemeralKey::of(self.to.diversifier().base().times(&self.esk()))
    }

    /// `[note-commitment]`
    pub fn commitment(&self) -> NoteCommitment {
        self.cm
    }

    /// `[nullifier]`, by the key of the note's account, pool and epoch.
    pub fn nullifier(&self, key: &NullifierKey) -> Nullifier {
        key.nullifier(self.cm)
    }

    fn expand(&self, personal: &[u8]) -> Zeroizing<[u8; 64]> {
        Zeroizing::new(b64(
            personal,
            &[
                self.rseed.expose(),
                self.to.diversifier().as_bytes(),
                &self.to.pk_d().to_array(),
                &self.to.tag().to_scalar().to_bytes(),
                &self.rho.to_array(),
                &self.m().to_bytes(),
            ],
        ))
    }
}

impl PartialEq for Note {
    fn eq(&self, other: &Self) -> bool {
        self.cm == other.cm && self.to == other.to && self.rseed.expose().ct_eq(other.rseed.expose()).into()
    }
}

impl Eq for Note {}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Note(..)")
    }
}

/// `[note-m]`: `index * 2^144 + epoch * 2^128 + class * 2^120 + asset * 2^64 + value`, with class 0.
pub fn packed(index: u8, epoch: Epoch, asset: AssetId, value: Value) -> Fr {
    let mut bytes = [0u8; 64];
    bytes[..8].copy_from_slice(&value.0.to_le_bytes());
    bytes[8..15].copy_from_slice(&asset.to_le_bytes());
    bytes[16..18].copy_from_slice(&epoch.0.to_le_bytes());
    bytes[18] = index;
    to_fr(&bytes)
}

/// The index, epoch, asset and value of what [`packed`] made, or the circuits proved; `None` of anything else.
pub fn unpacked(m: &Fr) -> Option<(u8, Epoch, AssetId, Value)> {
    let bytes = m.to_bytes();
    let value = Value(u64::from_le_bytes(bytes[..8].try_into().ok()?));
    let mut asset = [0u8; 8];
    asset[..7].copy_from_slice(&bytes[8..15]);
    let asset = AssetId::new(u64::from_le_bytes(asset))?;
    let (epoch, index) = (Epoch(u16::from_le_bytes([bytes[16], bytes[17]])), bytes[18]);
    (packed(index, epoch, asset, value) == *m).then_some((index, epoch, asset, value))
}

#[cfg(test)]
mod tests;
