//! A Sapling bundle in bytes, field by field as in a transaction of version 5 (ZIP 225), and read as a node reads it.

use louver_core::encoding::Reader;
use redjubjub::{Binding, Signature, SpendAuth, VerificationKey};
use sapling_crypto::{
    Bundle, Nullifier,
    bundle::{Authorization, Authorized, OutputDescription, SpendDescription, SpendDescriptionV5},
    note::ExtractedNoteCommitment,
    value::ValueCommitment,
};
use zcash_note_encryption::EphemeralKeyBytes;

use crate::measure::Failure;

const SPENDS: usize = 2;
const OUTPUTS: usize = 2;

/// Of all that is not proof or signature.
const EFFECTS: usize = SPENDS * 96 + OUTPUTS * (96 + 580 + 80) + 8 + 32;

/// Stands for the hash of a transaction: one pass of BLAKE2b over the same bytes.
pub(super) fn sighash<A: Authorization>(bundle: &Bundle<A, i64>) -> [u8; 32] {
    hash(&effects(bundle))
}

fn hash(effects: &[u8]) -> [u8; 32] {
    let hash = blake2b_simd::Params::new().hash_length(32).personal(b"LouverPeerSaplng").hash(effects);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hash.as_bytes());
    bytes
}

fn effects<A: Authorization>(bundle: &Bundle<A, i64>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(EFFECTS);
    for spend in bundle.shielded_spends() {
        bytes.extend(spend.cv().to_bytes());
        bytes.extend(spend.nullifier().0);
        bytes.extend(<[u8; 32]>::from(*spend.rk()));
    }
    for output in bundle.shielded_outputs() {
        bytes.extend(output.cv().to_bytes());
        bytes.extend(output.cmu().to_bytes());
        bytes.extend(output.ephemeral_key().0);
        bytes.extend(output.enc_ciphertext());
        bytes.extend(output.out_ciphertext());
    }
    bytes.extend(bundle.value_balance().to_le_bytes());
    let anchor = bundle.shielded_spends().first().map(|spend| spend.anchor().to_bytes());
    bytes.extend(anchor.unwrap_or_default());
    bytes
}

/// The bundle's bytes.
pub(super) fn write(bundle: &Bundle<Authorized, i64>) -> Vec<u8> {
    let mut bytes = effects(bundle);
    bundle.shielded_spends().iter().for_each(|spend| bytes.extend(spend.zkproof()));
    for spend in bundle.shielded_spends() {
        bytes.extend(<[u8; 64]>::from(*spend.spend_auth_sig()));
    }
    bundle.shielded_outputs().iter().for_each(|output| bytes.extend(output.zkproof()));
    bytes.extend(<[u8; 64]>::from(bundle.authorization().binding_sig));
    bytes
}

/// The bundle and the hash that it signs. Value commitments and keys are decompressed, and refused if of small order;
/// scalars must be canonical.
pub(super) fn read(bytes: &[u8]) -> Result<(Bundle<Authorized, i64>, [u8; 32]), Failure> {
    let sighash = hash(bytes.get(..EFFECTS).ok_or("a Sapling bundle too short")?);
    let mut reader = Reader::new(bytes);
    let mut spends = Vec::with_capacity(SPENDS);
    for _ in 0..SPENDS {
        let cv = value_commitment(&mut reader)?;
        let nullifier = Nullifier(reader.array()?);
        let rk = VerificationKey::<SpendAuth>::try_from(reader.array()?)?;
        spends.push(SpendDescriptionV5::from_parts(cv, nullifier, rk));
    }
    let mut outputs = Vec::with_capacity(OUTPUTS);
    for _ in 0..OUTPUTS {
        let cv = value_commitment(&mut reader)?;
        let cmu = Option::from(ExtractedNoteCommitment::from_bytes(&reader.array()?));
        let cmu: ExtractedNoteCommitment = cmu.ok_or("a commitment that is not canonical")?;
        let epk = EphemeralKeyBytes(reader.array()?);
        outputs.push((cv, cmu, epk, reader.array::<580>()?, reader.array::<80>()?));
    }
    let balance = i64::from_le_bytes(reader.array()?);
    let anchor = reader.fr()?;
    let proofs: [[u8; 192]; SPENDS] = [reader.array()?, reader.array()?];
    let mut signed = Vec::with_capacity(SPENDS);
    for (spend, proof) in spends.into_iter().zip(proofs) {
        let signature = Signature::<SpendAuth>::from(reader.array::<64>()?);
        signed.push(spend.into_spend_description::<Authorized>(anchor, proof, signature));
    }
    let mut proven = Vec::with_capacity(OUTPUTS);
    for (cv, cmu, epk, enc, out) in outputs {
        proven.push(OutputDescription::from_parts(cv, cmu, epk, enc, out, reader.array::<192>()?));
    }
    let binding_sig = Signature::<Binding>::from(reader.array::<64>()?);
    reader.finish()?;
    let spends: Vec<SpendDescription<Authorized>> = signed;
    let bundle = Bundle::from_parts(spends, proven, balance, Authorized { binding_sig });
    Ok((bundle.ok_or("an empty bundle")?, sighash))
}

fn value_commitment(reader: &mut Reader<'_>) -> Result<ValueCommitment, Failure> {
    let cv = ValueCommitment::from_bytes_not_small_order(&reader.array()?);
    Option::from(cv)
        .ok_or_else(|| "a value commitment that does not encode a point, or is of small order".into())
}
