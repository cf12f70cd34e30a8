//! `[note-encryption]`, `[output]`, `[incoming]`, `[outgoing]`, `[aead]`: how a note reaches its owner and stays readable
//! to its sender.
//!
//! The agreement, the cipher and the checks after decryption are those of `zcash_note_encryption` (Zcash protocol
//! specification, section 4.20, with ZIP 212); what is ours is the plaintext, the memo buckets and an outgoing plaintext
//! that also holds the owner tag.

mod domain;

use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit, Nonce};
use rand_core::CryptoRng;
use zcash_note_encryption::{
    Domain, EphemeralKeyBytes, NoteEncryption, OutPlaintextBytes, batch, try_compact_note_decryption,
    try_note_decryption, try_output_recovery_with_pkd_esk,
};
use zeroize::Zeroizing;

use self::domain::{FullOutput, LouverDomain};
use super::{
    Note,
    commitment::NoteCommitment,
    memo::{Memo, MemoBucket, MemoError},
    nullifier::Nullifier,
};
use crate::{
    address::OwnerTag,
    agreement::Element,
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    keys::{IncomingViewingKey, OutgoingViewingKey},
};

/// Bytes of a compact ciphertext.
pub const COMPACT_LENGTH: usize = 64;
/// Bytes of an outgoing ciphertext.
pub const OUTGOING_LENGTH: usize = 112;
const TAG_LENGTH: usize = 16;

/// `epk`: the sender's side of the agreement, the encoding of an element other than the identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EphemeralKey([u8; 32]);

impl EphemeralKey {
    /// The element as an ephemeral key.
    pub(crate) fn of(element: Element) -> Self {
        Self(element.to_array())
    }

    /// The element's encoding.
    pub fn to_array(&self) -> [u8; 32] {
        self.0
    }
}

impl Encode for EphemeralKey {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_array());
    }
}

impl Decode for EphemeralKey {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Element::decode(reader).map(Self::of)
    }
}

/// The public data of an output's transaction that its note is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputContext {
    /// The epoch that the transaction declares.
    pub epoch: Epoch,
    /// The transaction's first nullifier.
    pub rho: Nullifier,
    /// The output's index.
    pub index: u8,
}

/// An output on the wire: a commitment and the note behind it, sealed to its owner and to its sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncryptedNote {
    /// The leaf that the output adds to the tree.
    pub cm: NoteCommitment,
    /// The sender's side of the agreement.
    pub epk: EphemeralKey,
    /// The note itself, encrypted. Scanning only needs this part.
    pub compact: [u8; COMPACT_LENGTH],
    /// The memo field, encrypted, and the authentication tag: [`EncryptedNote::rest_length`] bytes.
    pub rest: Vec<u8>,
    /// Lets the sender read the note again, sealed to the sender's outgoing viewing key; random if there is none.
    pub outgoing: [u8; OUTGOING_LENGTH],
}

impl EncryptedNote {
    /// Bytes of `rest` in a bucket.
    pub const fn rest_length(bucket: MemoBucket) -> usize {
        bucket.field_length() + TAG_LENGTH
    }

    /// Bytes of an encoded output in a bucket.
    pub const fn length(bucket: MemoBucket) -> usize {
        32 + 32 + COMPACT_LENGTH + Self::rest_length(bucket) + OUTGOING_LENGTH
    }

    /// Reads an output of a transaction whose memo bucket is `bucket`.
    pub fn decode(reader: &mut Reader<'_>, bucket: MemoBucket) -> Result<Self, DecodeError> {
        Ok(Self {
            cm: NoteCommitment::decode(reader)?,
            epk: EphemeralKey::decode(reader)?,
            compact: reader.array()?,
            rest: reader.take(Self::rest_length(bucket))?.to_vec(),
            outgoing: reader.array()?,
        })
    }

    /// The part of the output that scanning needs.
    pub fn compact(&self) -> CompactNote {
        CompactNote { cm: self.cm, epk: self.epk.to_array(), compact: self.compact }
    }
}

impl Encode for EncryptedNote {
    /// `cm || epk || compact || rest || outgoing`
    fn encode(&self, out: &mut Vec<u8>) {
        self.cm.encode(out);
        self.epk.encode(out);
        out.extend_from_slice(&self.compact);
        out.extend_from_slice(&self.rest);
        out.extend_from_slice(&self.outgoing);
    }
}

/// The part of an output that scanning needs, 128 bytes.
///
/// Its `epk` is not checked when read, for the ledger has checked it; no key reads an output with a bad one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompactNote {
    /// The leaf that the output adds to the tree.
    pub cm: NoteCommitment,
    /// The sender's side of the agreement, as on the wire.
    pub epk: [u8; 32],
    /// The note itself, encrypted.
    pub compact: [u8; COMPACT_LENGTH],
}

impl Encode for CompactNote {
    /// `cm || epk || compact`
    fn encode(&self, out: &mut Vec<u8>) {
        self.cm.encode(out);
        out.extend_from_slice(&self.epk);
        out.extend_from_slice(&self.compact);
    }
}

impl Decode for CompactNote {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { cm: NoteCommitment::decode(reader)?, epk: reader.array()?, compact: reader.array()? })
    }
}

/// Encrypts a note to its owner, with a memo in the transaction's bucket, and seals it to `seal`, or to nobody.
pub fn encrypt<R: CryptoRng>(
    note: &Note,
    memo: &Memo,
    bucket: MemoBucket,
    seal: Option<&OutgoingViewingKey>,
    rng: &mut R,
) -> Result<EncryptedNote, MemoError> {
    memo.check(bucket)?;
    let sealer = NoteEncryption::<LouverDomain>::new(None, note.clone(), (memo.clone(), bucket));
    let ciphertext = sealer.encrypt_note_plaintext();
    let (compact, rest) = ciphertext.split();
    let epk = EphemeralKey::of(*sealer.epk());
    let mut outgoing = [0; OUTGOING_LENGTH];
    match seal {
        Some(ovk) => {
            let parts = LouverDomain::outgoing_plaintext_bytes(note, sealer.esk());
            outgoing[..64].copy_from_slice(&parts.0);
            outgoing[64..96].copy_from_slice(&note.to().tag().to_scalar().to_bytes());
            let ock = outgoing_key(ovk, note.commitment(), &epk.to_array());
            let (plaintext, tag) = outgoing.split_at_mut(OUTGOING_LENGTH - TAG_LENGTH);
            let sealed = ChaCha20Poly1305::new(&(*ock).into())
                .encrypt_inout_detached(&Nonce::default(), &[], plaintext.into())
                .expect("a short plaintext is within the cipher's limits");
            tag.copy_from_slice(&sealed);
        }
        None => rng.fill_bytes(&mut outgoing),
    }
    Ok(EncryptedNote { cm: note.commitment(), epk, compact, rest, outgoing })
}

/// Reads an output's note, if it is one of this key. All that the note says is checked against its commitment.
pub fn decrypt_compact(
    ivk: &IncomingViewingKey,
    output: &CompactNote,
    context: &OutputContext,
) -> Option<Note> {
    let domain = LouverDomain::incoming(context);
    try_compact_note_decryption(&domain, ivk, output).map(|(note, ())| note)
}

/// Tries keys on many outputs: for each output, in order, the note and the index of the key that reads it.
///
/// Faster than one by one, since what is agreed on is written together, and each `epk` is read once for all keys.
pub fn decrypt_compact_batch<'a>(
    ivks: &[IncomingViewingKey],
    outputs: impl IntoIterator<Item = (&'a OutputContext, &'a CompactNote)>,
) -> Vec<Option<(Note, usize)>> {
    let outputs: Vec<_> =
        outputs.into_iter().map(|(context, output)| (LouverDomain::incoming(context), output)).collect();
    batch::try_compact_note_decryption(ivks, &outputs)
        .into_iter()
        .map(|found| found.map(|((note, ()), key)| (note, key)))
        .collect()
}

/// Reads an output's note and memo, if it is one of this key.
pub fn decrypt(
    ivk: &IncomingViewingKey,
    output: &EncryptedNote,
    context: &OutputContext,
) -> Option<(Note, Memo)> {
    let domain = LouverDomain::incoming(context);
    let output = FullOutput::new(output)?;
    try_note_decryption(&domain, ivk, &output).map(|(note, (), (memo, _))| (note, memo))
}

/// Reads an output that was sent under this key: the note, with the address it went to, and the memo.
pub fn recover(
    ovk: &OutgoingViewingKey,
    output: &EncryptedNote,
    context: &OutputContext,
) -> Option<(Note, Memo)> {
    let ock = outgoing_key(ovk, output.cm, &output.epk.to_array());
    let (ciphertext, tag) = output.outgoing.split_at(OUTGOING_LENGTH - TAG_LENGTH);
    let mut plaintext = Zeroizing::new([0u8; OUTGOING_LENGTH - TAG_LENGTH]);
    plaintext.copy_from_slice(ciphertext);
    let tag = <[u8; TAG_LENGTH]>::try_from(tag).ok()?;
    ChaCha20Poly1305::new(&(*ock).into())
        .decrypt_inout_detached(&Nonce::default(), &[], plaintext.as_mut_slice().into(), &tag.into())
        .ok()?;
    let (parts, tau) = plaintext.split_first_chunk::<64>()?;
    let parts = OutPlaintextBytes(*parts);
    let tag = OwnerTag::from_bytes(tau).ok()?;
    let domain = LouverDomain::outgoing(ovk.pool(), context, tag);
    if ovk.epoch() != context.epoch {
        return None;
    }
    let (pk_d, esk) = (LouverDomain::extract_pk_d(&parts)?, LouverDomain::extract_esk(&parts)?);
    let output = FullOutput::new(output)?;
    try_output_recovery_with_pkd_esk(&domain, pk_d, esk, &output).map(|(note, (), (memo, _))| (note, memo))
}

/// Reads the memo of an output whose note is known from elsewhere, as when its owner has disclosed it. `None` if the
/// output is not of this note.
pub fn reopen(note: &Note, output: &EncryptedNote) -> Option<Memo> {
    let context = OutputContext { epoch: note.epoch(), rho: note.rho(), index: note.index() };
    let domain = LouverDomain::outgoing(note.to().pool(), &context, note.to().tag());
    let output = FullOutput::new(output)?;
    let esk = LouverDomain::derive_esk(note)?;
    try_output_recovery_with_pkd_esk(&domain, *note.to().pk_d(), esk, &output)
        .filter(|(found, (), _)| found == note)
        .map(|(_, (), (memo, _))| memo)
}

fn outgoing_key(ovk: &OutgoingViewingKey, cm: NoteCommitment, epk: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    let key = LouverDomain::derive_ock(ovk, &(), &(&cm).into(), &EphemeralKeyBytes(*epk));
    Zeroizing::new(key.0)
}

#[cfg(test)]
mod tests;
