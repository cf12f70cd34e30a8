//! An Orchard bundle in bytes, field by field as in a transaction of version 5 (ZIP 225), and read as a node reads it.

use louver_core::encoding::Reader;
use nonempty::NonEmpty;
use orchard::{
    Action, Anchor, Bundle,
    bundle::{Authorization, Authorized, Flags},
    circuit::Proof,
    note::{ExtractedNoteCommitment, Nullifier, TransmittedNoteCiphertext},
    primitives::redpallas::{Binding, Signature, SpendAuth, VerificationKey},
    value::ValueCommitment,
};
use zcash_note_encryption::note_bytes::NoteBytesData;

use super::VERSION;
use crate::measure::Failure;

const ACTIONS: usize = 2;

/// Of all that is not proof or signature.
const EFFECTS: usize = ACTIONS * (160 + 580 + 80) + 1 + 8 + 32;

/// Stands for the hash of a transaction: one pass of BLAKE2b over the same bytes.
pub(super) fn sighash<A: Authorization>(bundle: &Bundle<A, i64>) -> [u8; 32] {
    hash(&effects(bundle))
}

fn hash(effects: &[u8]) -> [u8; 32] {
    let hash = blake2b_simd::Params::new().hash_length(32).personal(b"LouverPeerOrchrd").hash(effects);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hash.as_bytes());
    bytes
}

fn effects<A: Authorization>(bundle: &Bundle<A, i64>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(EFFECTS);
    for action in bundle.actions() {
        bytes.extend(action.cv_net().to_bytes());
        bytes.extend(action.nullifier().to_bytes());
        bytes.extend(<[u8; 32]>::from(action.rk()));
        bytes.extend(action.cmx().to_bytes());
        let note = action.encrypted_note();
        bytes.extend(note.epk_bytes);
        bytes.extend(note.enc_ciphertext.0);
        bytes.extend(note.out_ciphertext);
    }
    bytes.push(bundle.flag_byte());
    bytes.extend(bundle.value_balance().to_le_bytes());
    bytes.extend(bundle.anchor().to_bytes());
    bytes
}

/// The bundle's bytes.
pub(super) fn write(bundle: &Bundle<Authorized, i64>) -> Vec<u8> {
    let mut bytes = effects(bundle);
    for action in bundle.actions() {
        bytes.extend(<[u8; 64]>::from(action.authorization()));
    }
    bytes.extend(<[u8; 64]>::from(bundle.authorization().binding_signature()));
    bytes.extend(bundle.authorization().proof().as_ref());
    bytes
}

/// The bundle and the hash that it signs. Points are decompressed, field elements must be canonical, and the proof must
/// have the length of its circuit.
pub(super) fn read(bytes: &[u8]) -> Result<(Bundle<Authorized, i64>, [u8; 32]), Failure> {
    let sighash = hash(bytes.get(..EFFECTS).ok_or("an Orchard bundle too short")?);
    let mut reader = Reader::new(bytes);
    let mut actions = Vec::with_capacity(ACTIONS);
    for _ in 0..ACTIONS {
        let cv = Option::<ValueCommitment>::from(ValueCommitment::from_bytes(&reader.array()?));
        let nullifier = Option::<Nullifier>::from(Nullifier::from_bytes(&reader.array()?));
        let rk = VerificationKey::<SpendAuth>::try_from(reader.array::<32>()?)?;
        let cmx =
            Option::<ExtractedNoteCommitment>::from(ExtractedNoteCommitment::from_bytes(&reader.array()?));
        let note = TransmittedNoteCiphertext {
            epk_bytes: reader.array()?,
            enc_ciphertext: NoteBytesData(reader.array()?),
            out_ciphertext: reader.array()?,
        };
        let (cv, nullifier) = cv.zip(nullifier).ok_or("a value commitment or nullifier that is none")?;
        let cmx = cmx.ok_or("a note commitment that is none")?;
        actions.push(Action::from_parts(nullifier, rk, cmx, note, cv, ())?);
    }
    let flags = Flags::from_byte(reader.u8()?, VERSION).ok_or("unknown flags")?;
    let balance = i64::from_le_bytes(reader.array()?);
    let anchor = Option::<Anchor>::from(Anchor::from_bytes(reader.array()?)).ok_or("not an anchor")?;
    let mut signed = Vec::with_capacity(ACTIONS);
    for action in actions {
        let signature = Signature::<SpendAuth>::from(reader.array::<64>()?);
        signed.push(action.map(|()| signature));
    }
    let signature = Signature::<Binding>::from(reader.array::<64>()?);
    let proof = Proof::new(reader.take(reader.remaining())?.to_vec());
    let authorized = Authorized::from_parts(proof, signature);
    let actions = NonEmpty::from_vec(signed).ok_or("no actions")?;
    let bundle = Bundle::try_from_parts(actions, flags, balance, anchor, authorized, VERSION);
    let bundle = bundle.map_err(|error| format!("not an Orchard bundle: {error:?}"))?;
    Ok((bundle, sighash))
}
