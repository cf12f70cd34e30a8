//! Our notes in the terms of `zcash_note_encryption`.

use subtle::{Choice, ConstantTimeEq};
use zcash_note_encryption::{
    BatchDomain, Domain, EphemeralKeyBytes, OutPlaintextBytes, OutgoingCipherKey, ShieldedOutput,
    note_bytes::{NoteBytes, NoteBytesData},
};
use zeroize::Zeroizing;

use super::{COMPACT_LENGTH, CompactNote, EncryptedNote, OutputContext, TAG_LENGTH};
use crate::{
    address::{Address, Diversifier, OwnerTag},
    agreement::{Element, SharedSecret},
    asset::AssetId,
    encoding::{Decode, Reader},
    keys::{IncomingViewingKey, OutgoingViewingKey},
    note::{Memo, MemoBucket, Note, NoteCommitment, NoteParts},
    pool::PoolTag,
    secret::Secret,
    spec::{Fl, b32},
    value::Value,
};

const LEAD: u8 = 1;
const LONGEST: usize = COMPACT_LENGTH + MemoBucket::Large.field_length() + TAG_LENGTH;

/// Where an output stands, which its plaintext does not repeat: what is found there is checked by the commitment.
pub(super) struct LouverDomain {
    context: OutputContext,
    /// The address's parts in a sender's plaintext. A receiver derives them from the receiving key.
    sent: Option<(PoolTag, OwnerTag)>,
}

impl LouverDomain {
    pub(super) fn incoming(context: &OutputContext) -> Self {
        Self { context: *context, sent: None }
    }

    pub(super) fn outgoing(pool: PoolTag, context: &OutputContext, tag: OwnerTag) -> Self {
        Self { context: *context, sent: Some((pool, tag)) }
    }

    fn note(&self, to: Address, plaintext: &Plaintext) -> Option<Note> {
        let OutputContext { rho, index, .. } = self.context;
        let Plaintext { asset, value, rseed, .. } = plaintext;
        Note::from_parts(NoteParts { to, asset: *asset, value: *value, index, rho, rseed: rseed.clone() })
            .ok()
    }
}

/// The contents of a compact plaintext.
struct Plaintext {
    diversifier: Diversifier,
    asset: AssetId,
    value: Value,
    rseed: Secret<[u8; 32]>,
}

impl Plaintext {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        if reader.u8().ok()? != LEAD {
            return None;
        }
        let plaintext = Self {
            diversifier: Diversifier::new(reader.array().ok()?),
            asset: AssetId::decode(&mut reader).ok()?,
            value: Value::decode(&mut reader).ok()?,
            rseed: Secret::new(reader.array().ok()?),
        };
        reader.finish().ok()?;
        Some(plaintext)
    }
}

/// An ephemeral secret key, compared in constant time.
pub(super) struct EphemeralSecret(Secret<Fl>);

impl ConstantTimeEq for EphemeralSecret {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

/// The bytes of a commitment.
#[derive(PartialEq, Eq)]
pub(super) struct CommitmentBytes([u8; 32]);

impl From<&NoteCommitment> for CommitmentBytes {
    fn from(cm: &NoteCommitment) -> Self {
        Self(cm.to_array())
    }
}

/// A note plaintext or ciphertext, as long as one of the buckets makes it. `EXTRA` is 0, or the tag's length.
#[derive(Clone, Copy)]
pub(super) struct BucketBytes<const EXTRA: usize> {
    length: usize,
    bytes: [u8; LONGEST],
}

impl<const EXTRA: usize> BucketBytes<EXTRA> {
    fn bucket(length: usize) -> Option<MemoBucket> {
        MemoBucket::ALL.into_iter().find(|bucket| length == COMPACT_LENGTH + bucket.field_length() + EXTRA)
    }

    fn join(parts: [&[u8]; 2]) -> Option<Self> {
        let length = parts[0].len() + parts[1].len();
        Self::bucket(length)?;
        let mut bytes = [0; LONGEST];
        bytes[..parts[0].len()].copy_from_slice(parts[0]);
        bytes[parts[0].len()..length].copy_from_slice(parts[1]);
        Some(Self { length, bytes })
    }

    /// The compact part and the rest.
    pub(super) fn split(&self) -> ([u8; COMPACT_LENGTH], Vec<u8>) {
        let mut compact = [0; COMPACT_LENGTH];
        compact.copy_from_slice(&self.bytes[..COMPACT_LENGTH]);
        (compact, self.bytes[COMPACT_LENGTH..self.length].to_vec())
    }
}

impl<const EXTRA: usize> AsRef<[u8]> for BucketBytes<EXTRA> {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl<const EXTRA: usize> AsMut<[u8]> for BucketBytes<EXTRA> {
    fn as_mut(&mut self) -> &mut [u8] {
        &mut self.bytes[..self.length]
    }
}

impl<const EXTRA: usize> NoteBytes for BucketBytes<EXTRA> {
    fn from_slice(bytes: &[u8]) -> Option<Self> {
        Self::join([bytes, &[]])
    }

    fn from_slice_with_tag<const TAG: usize>(output: &[u8], tag: [u8; TAG]) -> Option<Self> {
        Self::join([output, &tag])
    }
}

fn shared_key(secret: &[u8; 32], epk: &EphemeralKeyBytes) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(b32(b"LouverKdf", &[secret, &epk.0]))
}

impl Domain for LouverDomain {
    type EphemeralSecretKey = EphemeralSecret;
    type EphemeralPublicKey = Element;
    type PreparedEphemeralPublicKey = Element;
    type SharedSecret = SharedSecret;
    type SymmetricKey = Zeroizing<[u8; 32]>;
    type Note = Note;
    type Recipient = ();
    type DiversifiedTransmissionKey = Element;
    type IncomingViewingKey = IncomingViewingKey;
    type OutgoingViewingKey = OutgoingViewingKey;
    type ValueCommitment = ();
    type ExtractedCommitment = NoteCommitment;
    type ExtractedCommitmentBytes = CommitmentBytes;
    type Memo = (Memo, MemoBucket);
    type NotePlaintextBytes = BucketBytes<0>;
    type NoteCiphertextBytes = BucketBytes<TAG_LENGTH>;
    type CompactNotePlaintextBytes = NoteBytesData<COMPACT_LENGTH>;
    type CompactNoteCiphertextBytes = NoteBytesData<COMPACT_LENGTH>;

    fn derive_esk(note: &Note) -> Option<EphemeralSecret> {
        Some(EphemeralSecret(note.esk()))
    }

    fn get_pk_d(note: &Note) -> Element {
        *note.to().pk_d()
    }

    fn prepare_epk(epk: Element) -> Element {
        epk
    }

    fn ka_derive_public(note: &Note, esk: &EphemeralSecret) -> Element {
        note.to().diversifier().base().times(&esk.0)
    }

    fn ka_agree_enc(esk: &EphemeralSecret, pk_d: &Element) -> SharedSecret {
        pk_d.agree(&esk.0)
    }

    fn ka_agree_dec(ivk: &IncomingViewingKey, epk: &Element) -> SharedSecret {
        epk.agree(ivk.ivk())
    }

    fn kdf(secret: SharedSecret, epk: &EphemeralKeyBytes) -> Zeroizing<[u8; 32]> {
        shared_key(&secret.to_bytes(), epk)
    }

    fn note_plaintext_bytes(note: &Note, (memo, bucket): &(Memo, MemoBucket)) -> BucketBytes<0> {
        let mut out = BucketBytes { length: COMPACT_LENGTH + bucket.field_length(), bytes: [0; LONGEST] };
        let (compact, field) = out.as_mut().split_at_mut(COMPACT_LENGTH);
        compact[0] = LEAD;
        compact[1..17].copy_from_slice(note.to().diversifier().as_bytes());
        compact[17..24].copy_from_slice(&note.asset().to_le_bytes());
        compact[24..32].copy_from_slice(&note.value().0.to_le_bytes());
        compact[32..].copy_from_slice(note.rseed().expose());
        memo.write_field(field);
        out
    }

    fn derive_ock(
        ovk: &OutgoingViewingKey,
        (): &(),
        cm: &CommitmentBytes,
        epk: &EphemeralKeyBytes,
    ) -> OutgoingCipherKey {
        OutgoingCipherKey(b32(b"LouverOck", &[ovk.ovk().expose(), &cm.0, &epk.0]))
    }

    fn outgoing_plaintext_bytes(note: &Note, esk: &EphemeralSecret) -> OutPlaintextBytes {
        let mut out = [0; 64];
        out[..32].copy_from_slice(&note.to().pk_d().to_array());
        out[32..].copy_from_slice(&esk.0.expose().to_bytes());
        OutPlaintextBytes(out)
    }

    fn epk_bytes(epk: &Element) -> EphemeralKeyBytes {
        EphemeralKeyBytes(epk.to_array())
    }

    fn epk(epk: &EphemeralKeyBytes) -> Option<Element> {
        Element::from_bytes(&epk.0).ok()
    }

    fn cmstar(note: &Note) -> NoteCommitment {
        note.commitment()
    }

    fn parse_note_plaintext_without_memo_ivk(
        &self,
        ivk: &IncomingViewingKey,
        plaintext: &NoteBytesData<COMPACT_LENGTH>,
    ) -> Option<(Note, ())> {
        if ivk.epoch() != self.context.epoch {
            return None;
        }
        let plaintext = Plaintext::parse(&plaintext.0)?;
        let to = ivk.address_of(plaintext.diversifier);
        Some((self.note(to, &plaintext)?, ()))
    }

    fn parse_note_plaintext_without_memo_ovk(
        &self,
        pk_d: &Element,
        plaintext: &NoteBytesData<COMPACT_LENGTH>,
    ) -> Option<(Note, ())> {
        let plaintext = Plaintext::parse(&plaintext.0)?;
        let (pool, tag) = self.sent?;
        let to = Address::from_parts(pool, self.context.epoch, plaintext.diversifier, *pk_d, tag);
        Some((self.note(to, &plaintext)?, ()))
    }

    fn split_plaintext_at_memo(
        &self,
        plaintext: &BucketBytes<0>,
    ) -> Option<(NoteBytesData<COMPACT_LENGTH>, (Memo, MemoBucket))> {
        let bucket = BucketBytes::<0>::bucket(plaintext.length)?;
        let (compact, field) = plaintext.as_ref().split_first_chunk()?;
        Some((NoteBytesData(*compact), (Memo::read_field(field)?, bucket)))
    }

    fn extract_pk_d(out: &OutPlaintextBytes) -> Option<Element> {
        Element::decode(&mut Reader::new(&out.0[..32])).ok()
    }

    fn extract_esk(out: &OutPlaintextBytes) -> Option<EphemeralSecret> {
        Reader::new(&out.0[32..]).fl().ok().map(Secret::new).map(EphemeralSecret)
    }
}

impl BatchDomain for LouverDomain {
    fn batch_kdf<'a>(
        items: impl Iterator<Item = (Option<SharedSecret>, &'a EphemeralKeyBytes)>,
    ) -> Vec<Option<Zeroizing<[u8; 32]>>> {
        let (secrets, epks): (Vec<_>, Vec<_>) = items.unzip();
        let encodings = SharedSecret::batch_to_bytes(secrets.iter().flatten());
        let mut encodings = encodings.iter();
        secrets
            .iter()
            .zip(epks)
            .map(|(secret, epk)| {
                secret.as_ref().and_then(|_| Some(shared_key(encodings.next()?.as_bytes(), epk)))
            })
            .collect()
    }
}

impl ShieldedOutput<LouverDomain> for CompactNote {
    fn ephemeral_key(&self) -> EphemeralKeyBytes {
        EphemeralKeyBytes(self.epk)
    }

    fn cmstar(&self) -> &NoteCommitment {
        &self.cm
    }

    fn enc_ciphertext(&self) -> Option<&BucketBytes<TAG_LENGTH>> {
        None
    }

    fn enc_ciphertext_compact(&self) -> NoteBytesData<COMPACT_LENGTH> {
        NoteBytesData(self.compact)
    }
}

/// An output with its ciphertext in one piece.
pub(super) struct FullOutput<'a> {
    output: &'a EncryptedNote,
    ciphertext: BucketBytes<TAG_LENGTH>,
}

impl<'a> FullOutput<'a> {
    /// `None` if the ciphertext is of no bucket's length.
    pub(super) fn new(output: &'a EncryptedNote) -> Option<Self> {
        Some(Self { output, ciphertext: BucketBytes::join([&output.compact, &output.rest])? })
    }
}

impl ShieldedOutput<LouverDomain> for FullOutput<'_> {
    fn ephemeral_key(&self) -> EphemeralKeyBytes {
        EphemeralKeyBytes(self.output.epk.to_array())
    }

    fn cmstar(&self) -> &NoteCommitment {
        &self.output.cm
    }

    fn enc_ciphertext(&self) -> Option<&BucketBytes<TAG_LENGTH>> {
        Some(&self.ciphertext)
    }

    fn enc_ciphertext_compact(&self) -> NoteBytesData<COMPACT_LENGTH> {
        NoteBytesData(self.output.compact)
    }
}
