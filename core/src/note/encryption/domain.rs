//! Our notes in the terms of `zcash_note_encryption`.

use group::Curve;
use jubjub::{AffinePoint, ExtendedPoint, SubgroupPoint};
use subtle::{Choice, ConstantTimeEq};
use zcash_note_encryption::{
    BatchDomain, Domain, EphemeralKeyBytes, OutPlaintextBytes, OutgoingCipherKey, ShieldedOutput,
    note_bytes::{NoteBytes, NoteBytesData},
};
use zeroize::Zeroizing;

use super::{COMPACT_LENGTH, CompactNote, EncryptedNote, OutputContext, TAG_LENGTH};
use crate::{
    address::{Address, Diversifier, OwnerTag},
    asset::AssetId,
    encoding::{Decode, Reader, point_bytes},
    keys::{IncomingViewingKey, OutgoingViewingKey},
    note::{Memo, MemoBucket, Note, NoteCommitment, NoteParts},
    pool::PoolTag,
    secret::Secret,
    spec::{Fj, b32},
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
pub(super) struct EphemeralSecret(Secret<Fj>);

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

fn shared_key(secret: &AffinePoint, epk: &EphemeralKeyBytes) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(b32(b"LouverKdf", &[&secret.to_bytes(), &epk.0]))
}

impl Domain for LouverDomain {
    type EphemeralSecretKey = EphemeralSecret;
    type EphemeralPublicKey = SubgroupPoint;
    type PreparedEphemeralPublicKey = ExtendedPoint;
    type SharedSecret = ExtendedPoint;
    type SymmetricKey = Zeroizing<[u8; 32]>;
    type Note = Note;
    type Recipient = ();
    type DiversifiedTransmissionKey = SubgroupPoint;
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

    fn get_pk_d(note: &Note) -> SubgroupPoint {
        *note.to().pk_d()
    }

    fn prepare_epk(epk: SubgroupPoint) -> ExtendedPoint {
        epk.into()
    }

    fn ka_derive_public(note: &Note, esk: &EphemeralSecret) -> SubgroupPoint {
        note.base * esk.0.expose()
    }

    fn ka_agree_enc(esk: &EphemeralSecret, pk_d: &SubgroupPoint) -> ExtendedPoint {
        (pk_d * esk.0.expose()).into()
    }

    fn ka_agree_dec(ivk: &IncomingViewingKey, epk: &ExtendedPoint) -> ExtendedPoint {
        epk * ivk.ivk().expose()
    }

    fn kdf(secret: ExtendedPoint, epk: &EphemeralKeyBytes) -> Zeroizing<[u8; 32]> {
        shared_key(&secret.into(), epk)
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
        out[..32].copy_from_slice(&point_bytes(note.to().pk_d()));
        out[32..].copy_from_slice(&esk.0.expose().to_bytes());
        OutPlaintextBytes(out)
    }

    fn epk_bytes(epk: &SubgroupPoint) -> EphemeralKeyBytes {
        EphemeralKeyBytes(point_bytes(epk))
    }

    fn epk(epk: &EphemeralKeyBytes) -> Option<SubgroupPoint> {
        // Public, unlike what it agrees on.
        let point = Reader::new(&epk.0).subgroup_point_vartime().ok()?;
        Some(SubgroupPoint::from_raw_unchecked(point.get_u(), point.get_v()))
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
        let to = ivk.address_of(plaintext.diversifier)?;
        Some((self.note(to, &plaintext)?, ()))
    }

    fn parse_note_plaintext_without_memo_ovk(
        &self,
        pk_d: &SubgroupPoint,
        plaintext: &NoteBytesData<COMPACT_LENGTH>,
    ) -> Option<(Note, ())> {
        let plaintext = Plaintext::parse(&plaintext.0)?;
        let (pool, tag) = self.sent?;
        let to = Address::assemble(pool, self.context.epoch, plaintext.diversifier, *pk_d, tag);
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

    fn extract_pk_d(out: &OutPlaintextBytes) -> Option<SubgroupPoint> {
        Reader::new(&out.0[..32]).subgroup_point().ok()
    }

    fn extract_esk(out: &OutPlaintextBytes) -> Option<EphemeralSecret> {
        Reader::new(&out.0[32..]).fj().ok().map(Secret::new).map(EphemeralSecret)
    }
}

impl BatchDomain for LouverDomain {
    fn batch_kdf<'a>(
        items: impl Iterator<Item = (Option<ExtendedPoint>, &'a EphemeralKeyBytes)>,
    ) -> Vec<Option<Zeroizing<[u8; 32]>>> {
        let (secrets, epks): (Vec<_>, Vec<_>) = items.unzip();
        // One inversion for all. The identity stands in for what could not be parsed, and is not used.
        let points: Vec<_> =
            secrets.iter().map(|secret| secret.unwrap_or(ExtendedPoint::identity())).collect();
        let mut affine = vec![AffinePoint::identity(); points.len()];
        ExtendedPoint::batch_normalize(&points, &mut affine);
        secrets
            .iter()
            .zip(affine.iter().zip(epks))
            .map(|(secret, (point, epk))| secret.map(|_| shared_key(point, epk)))
            .collect()
    }

    /// Canonical and not of small order, as for one; but not whether in the subgroup, which would cost as much as the
    /// agreement itself. It is sound to leave it out: a note counts only if `epk = [esk] g_d`, which is in it.
    fn batch_epk(
        epks: impl Iterator<Item = EphemeralKeyBytes>,
    ) -> Vec<(Option<ExtendedPoint>, EphemeralKeyBytes)> {
        let epks: Vec<_> = epks.collect();
        AffinePoint::batch_from_bytes(epks.iter().map(|epk| epk.0))
            .into_iter()
            .zip(epks)
            .map(|(point, epk)| {
                let point = Option::<AffinePoint>::from(point).map(ExtendedPoint::from);
                (point.filter(|point| !bool::from(point.is_small_order())), epk)
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
