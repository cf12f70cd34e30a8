//! Notes, their commitments, and the values that spending publishes.

use louver_core::{
    address::Address,
    encoding::{Decode, Encode},
    epoch::Epoch,
    keys::{DetectionKey, NullifierKey},
    note::{Note, NoteCommitment, NoteParts, packed},
    pool::PoolTag,
    secret::Secret,
    value::Value,
};

use super::{ProtocolError, argument, array, bytes, keys::asset, nullifier, pool, scalar, text};

secret_data! {
    /// A note, by its parts.
    pub struct ProtocolNote {
        /// The pool's tag.
        pub pool_tag: String,
        /// The epoch.
        pub epoch: u16,
        /// The output's index in its transaction.
        pub index: u8,
        /// The address's diversifier.
        pub diversifier: String,
        /// The address's transmission key.
        pub pk_d: String,
        /// The owner tag.
        pub tau: String,
        /// The asset's id.
        pub asset: u64,
        /// The value.
        pub value: u64,
        /// The first nullifier of its transaction.
        pub rho: String,
        /// The seed of its randomness.
        pub rseed: String,
    }
}

secret_data! {
    /// The values derived from a note's parts.
    pub struct ProtocolNoteSecrets {
        /// Index, epoch, class, asset and value in one field element.
        pub m: String,
        /// The commitment's randomness.
        pub rcm: String,
        /// The ephemeral secret.
        pub esk: String,
        /// The ephemeral key.
        pub epk: String,
        /// The commitment.
        pub cm: String,
    }
}

impl ProtocolNote {
    pub(super) fn read(&self) -> Result<Note, ProtocolError> {
        let mut address = pool(&self.pool_tag)?.to_le_bytes().to_vec();
        Epoch(self.epoch).encode(&mut address);
        for (what, part) in [("diversifier", &self.diversifier), ("pk_d", &self.pk_d), ("tau", &self.tau)] {
            address.extend_from_slice(&bytes(what, part)?);
        }
        let parts = NoteParts {
            to: Address::from_bytes(&address)?,
            asset: asset(self.asset)?,
            value: Value(self.value),
            index: self.index,
            rho: nullifier("rho", &self.rho)?,
            rseed: Secret::new(array("rseed", &self.rseed)?),
        };
        Note::from_parts(parts).map_err(|_| argument("note"))
    }

    pub(super) fn of(note: &Note) -> Self {
        let to = note.to();
        Self {
            pool_tag: hex::encode(to.pool().to_le_bytes()),
            epoch: note.epoch().0,
            index: note.index(),
            diversifier: hex::encode(to.diversifier().as_bytes()),
            pk_d: hex::encode(to.pk_d().to_array()),
            tau: text(&to.tag().to_scalar()),
            asset: note.asset().to_u64(),
            value: note.value().0,
            rho: text(&note.rho().to_scalar()),
            rseed: hex::encode(note.rseed().expose()),
        }
    }
}

/// `[note-m]`: a note's index, epoch, asset and value in one field element, in class 0.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn pack_note(index: u8, epoch: u16, asset_id: u64, value: u64) -> Result<String, ProtocolError> {
    Ok(text(&packed(index, Epoch(epoch), asset(asset_id)?, Value(value))))
}

/// `[note-commitment]` and the other values derived from a note.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn derive_note(note: ProtocolNote) -> Result<ProtocolNoteSecrets, ProtocolError> {
    let note = note.read()?;
    Ok(ProtocolNoteSecrets {
        m: text(&note.m()),
        rcm: text(note.rcm().expose()),
        esk: hex::encode(note.esk().expose().to_bytes()),
        epk: hex::encode(note.epk().to_array()),
        cm: text(&note.commitment().to_scalar()),
    })
}

/// `[nullifier]` of a commitment under a nullifier key.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn note_nullifier(nullifier_key: String, commitment: String) -> Result<String, ProtocolError> {
    // The hash takes neither the pool nor the epoch: the key belongs to one pool and one epoch.
    let key = Secret::new(scalar("nullifier_key", &nullifier_key)?);
    let key = NullifierKey::new(PoolTag::from_le_bytes([0; 16]), Epoch(0), key);
    let commitment = NoteCommitment::from_scalar(scalar("commitment", &commitment)?);
    Ok(text(&key.nullifier(commitment).to_scalar()))
}

/// `[spend-tag]` of a transaction's first nullifier under a detection key.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn spend_tag(detection_key: String, first_nullifier: String) -> Result<String, ProtocolError> {
    let key = Secret::new(scalar("detection_key", &detection_key)?);
    let key = DetectionKey::new(PoolTag::from_le_bytes([0; 16]), Epoch(0), key);
    Ok(text(&key.spend_tag(nullifier("first_nullifier", &first_nullifier)?).to_scalar()))
}
