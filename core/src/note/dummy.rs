//! `[dummy]`: inputs and outputs of no value, which fill a shape and look like any other.
//!
//! They come from the account's dummy root, the transaction's `rk` and the slot, so that their owner, and nobody else,
//! can later open them and show that they are dummies.

use core::fmt;

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{
    commitment::NoteCommitment,
    encryption::{EncryptedNote, EphemeralKey, OUTGOING_LENGTH},
    memo::MemoBucket,
    nullifier::Nullifier,
    packed,
};
use crate::{
    address::OwnerTag,
    agreement::Element,
    asset::AssetId,
    epoch::Epoch,
    keys::{EpochKeys, RandomizedKey},
    secret::Secret,
    spec::{Fr, b64, to_fl, to_fr},
    value::Value,
};

/// Where the dummies of one transaction come from.
pub struct Dummies<'a> {
    root: &'a Secret<[u8; 32]>,
    rk: [u8; 32],
}

impl<'a> Dummies<'a> {
    /// The dummies of the account with this dummy root in the transaction signed under `rk`.
    pub fn new(root: &'a Secret<[u8; 32]>, rk: &RandomizedKey) -> Self {
        Self { root, rk: rk.to_array() }
    }

    /// The dummy input of a slot.
    pub fn input(&self, slot: u8) -> DummyInput {
        // A reserved nullifier cannot be a rho: one slot in 2^254 would draw one, and takes 1 in its place.
        let rho = Nullifier::from_scalar(to_fr(&self.draw(0, slot, 1)));
        DummyInput {
            pk_d_hash: to_fr(&self.draw(0, slot, 0)),
            rho: rho.unwrap_or(Nullifier::ONE),
            rcm: Secret::new(to_fr(&self.draw(0, slot, 2))),
        }
    }

    /// The dummy output of a slot.
    pub fn output(&self, slot: u8) -> DummyOutput {
        let scalar = Secret::new(to_fl(&self.draw(1, slot, 2)));
        DummyOutput {
            slot,
            tau: OwnerTag::from_scalar(to_fr(&self.draw(1, slot, 0))),
            rcm: Secret::new(to_fr(&self.draw(1, slot, 1))),
            // A real one is an element at random too: `[esk] g_d`.
            epk: EphemeralKey::of(Element::generator_times(&scalar)),
        }
    }

    fn draw(&self, kind: u8, slot: u8, part: u8) -> Zeroizing<[u8; 64]> {
        Zeroizing::new(b64(b"LouverDummy", &[self.root.expose(), &self.rk, &[kind, slot, part]]))
    }
}

impl fmt::Debug for Dummies<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dummies(..)")
    }
}

/// An input of value 0 that spends nothing: no leaf is asked of it.
pub struct DummyInput {
    pk_d_hash: Fr,
    rho: Nullifier,
    rcm: Secret<Fr>,
}

impl DummyInput {
    /// Stands for the hash of a transmission key.
    pub fn pk_d_hash(&self) -> Fr {
        self.pk_d_hash
    }

    /// The `rho` of the note that never was.
    pub fn rho(&self) -> Nullifier {
        self.rho
    }

    /// Blinds its commitment.
    pub fn rcm(&self) -> &Secret<Fr> {
        &self.rcm
    }

    /// Its owner tag: of the account's internal tag key of the transaction's epoch, as change is.
    pub fn owner_tag(&self, keys: &EpochKeys) -> OwnerTag {
        keys.internal_tag.owner_tag_at(self.pk_d_hash)
    }

    /// Its commitment, with index 0 and the transaction's epoch and main asset, under the account's keys of the epoch.
    pub fn commitment(&self, keys: &EpochKeys, epoch: Epoch, main: AssetId) -> NoteCommitment {
        let m = packed(0, epoch, main, Value::ZERO);
        NoteCommitment::commit(self.owner_tag(keys), self.rho, m, self.rcm.expose())
    }
}

impl fmt::Debug for DummyInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DummyInput(..)")
    }
}

/// An output of value 0 that nobody can spend.
pub struct DummyOutput {
    slot: u8,
    tau: OwnerTag,
    rcm: Secret<Fr>,
    epk: EphemeralKey,
}

impl DummyOutput {
    /// Stands for an owner tag.
    pub fn tau(&self) -> OwnerTag {
        self.tau
    }

    /// Blinds its commitment.
    pub fn rcm(&self) -> &Secret<Fr> {
        &self.rcm
    }

    /// Stands for an ephemeral key.
    pub fn epk(&self) -> EphemeralKey {
        self.epk
    }

    /// Its commitment: the index is the slot, `rho` the transaction's first nullifier.
    pub fn commitment(&self, rho: Nullifier, epoch: Epoch, main: AssetId) -> NoteCommitment {
        let m = packed(self.slot, epoch, main, Value::ZERO);
        NoteCommitment::commit(self.tau, rho, m, self.rcm.expose())
    }

    /// The form on the wire, with random bytes for ciphertexts.
    pub fn encrypted<R: CryptoRng>(
        &self,
        cm: NoteCommitment,
        bucket: MemoBucket,
        rng: &mut R,
    ) -> EncryptedNote {
        let mut note = EncryptedNote {
            cm,
            epk: self.epk,
            compact: [0; 64],
            rest: vec![0; EncryptedNote::rest_length(bucket)],
            outgoing: [0; OUTGOING_LENGTH],
        };
        rng.fill_bytes(&mut note.compact);
        rng.fill_bytes(&mut note.rest);
        rng.fill_bytes(&mut note.outgoing);
        note
    }
}

impl fmt::Debug for DummyOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DummyOutput(..)")
    }
}
