use age::x25519::Identity;
use group::Group;
use jubjub::SubgroupPoint;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, point_bytes},
    spec::{Fj, b32, b64, spend_base, to_fj},
    transaction::WtxId,
};
use louver_frost::KeyShare;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::{CommitteeError, CommitteeKey, LogRecord, SignedMandate, deal::seal, magic};
use crate::signed::decrypt;

const MAGIC: &[u8; 8] = b"LVSHARE\x01";

/// A transaction as a member finds it on the ledger. A member takes it from a node of its own or a light reader, never from
/// the one who asks: whoever chose `epk` could have another transaction opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its very bytes, by their hash.
    pub wtxid: WtxId,
    /// The block that it is in.
    pub height: u32,
    /// `epk` of its audit ciphertext.
    pub epk: SubgroupPoint,
}

/// wtxid 32 || height u32 || epk 32
impl Encode for Subject {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.wtxid.0);
        out.extend_from_slice(&self.height.to_le_bytes());
        out.extend_from_slice(&point_bytes(&self.epk));
    }
}

impl Decode for Subject {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (wtxid, height) = (WtxId(reader.array()?), reader.u32()?);
        Ok(Self { wtxid, height, epk: reader.subgroup_point()? })
    }
}

/// `[partial-decryption]`: a member's part of an opening, `D = [a_i] epk`, with a proof that it is of the share that the
/// member's verification share `Y = [a_i] G` commits to. It is secret: with enough of them anybody reads the transaction.
#[derive(Clone, PartialEq, Eq)]
pub struct Partial {
    mandate: [u8; 32],
    member: u8,
    point: SubgroupPoint,
    challenge: Fj,
    response: Fj,
}

impl Partial {
    /// A member's part, by a mandate that is in force now, in seconds since 1970.
    ///
    /// # Errors
    /// [`CommitteeError`] if too few members signed the mandate, it is not in force or for another transaction, or the share
    /// is not one of this key.
    pub fn make(
        key: &CommitteeKey,
        share: &KeyShare,
        mandate: &SignedMandate,
        subject: &Subject,
        now: u64,
        fresh: &mut impl CryptoRng,
    ) -> Result<Self, CommitteeError> {
        mandate.verify(key)?;
        mandate.is_in_force(now)?;
        is_about(mandate, subject)?;
        if !share.fits(key.group()) {
            return Err(CommitteeError::OtherShare);
        }
        if bool::from(subject.epk.is_identity()) {
            return Err(CommitteeError::OtherTransaction);
        }
        let (secret, member) = (share.secret().expose(), share.member());
        let point = subject.epk * secret;
        let statement = statement(key, mandate, subject, member, &point)?;
        let nonce = nonce(secret, &statement, fresh);
        let challenge = challenge(&statement, &(spend_base() * *nonce), &(subject.epk * *nonce));
        let response = *nonce + challenge * secret;
        Ok(Self { mandate: mandate.mandate().hash(), member, point, challenge, response })
    }

    /// The number of the member.
    pub fn member(&self) -> u8 {
        self.member
    }

    pub(super) fn point(&self) -> &SubgroupPoint {
        &self.point
    }

    /// Checks that it opens this transaction by this mandate.
    ///
    /// # Errors
    /// [`CommitteeError::OtherTransaction`] and [`CommitteeError::FalsePart`].
    pub fn verify(
        &self,
        key: &CommitteeKey,
        mandate: &SignedMandate,
        subject: &Subject,
    ) -> Result<(), CommitteeError> {
        is_about(mandate, subject)?;
        let wrong = CommitteeError::FalsePart(self.member);
        let share = key.group().verifying_share(self.member).ok_or(wrong.clone())?;
        if self.mandate != mandate.mandate().hash() {
            return Err(wrong);
        }
        let statement = statement(key, mandate, subject, self.member, &self.point)?;
        let in_g = spend_base() * self.response - share * self.challenge;
        let in_epk = subject.epk * self.response - self.point * self.challenge;
        match challenge(&statement, &in_g, &in_epk) == self.challenge {
            true => Ok(()),
            false => Err(wrong),
        }
    }

    /// The entry of a log for it: hashes.
    pub fn record(&self) -> LogRecord {
        let proof = [self.challenge.to_bytes(), self.response.to_bytes()];
        LogRecord {
            mandate: self.mandate,
            share: b32(b"LouverLogShare", &[&[self.member], &point_bytes(&self.point)]),
            proof: b32(b"LouverLogProof", &[&proof[0], &proof[1]]),
        }
    }

    /// Seals it to the mandate's reader.
    ///
    /// # Errors
    /// [`CommitteeError`] if nothing can be sealed to the reader.
    pub fn seal(&self, mandate: &SignedMandate) -> Result<Vec<u8>, CommitteeError> {
        let recipient = mandate.mandate().reader().recipient.as_deref().ok_or(CommitteeError::NoReader)?;
        seal(recipient, &Zeroizing::new(self.to_bytes()))
    }

    /// Opens one that is sealed to the holder of a key. Whether it is right is for [`Partial::verify`] to say.
    ///
    /// # Errors
    /// [`CommitteeError::Sealed`].
    pub fn open(sealed: &[u8], identity: &Identity) -> Result<Self, CommitteeError> {
        let bytes = decrypt(sealed, identity).map_err(|_| CommitteeError::Sealed)?;
        Self::from_bytes(&bytes).map_err(|_| CommitteeError::Sealed)
    }
}

impl core::fmt::Debug for Partial {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Partial").field("member", &self.member).finish_non_exhaustive()
    }
}

/// magic 8 || mandate 32 || member u8 || D 32 || challenge 32 || response 32
impl Encode for Partial {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.mandate);
        out.push(self.member);
        out.extend_from_slice(&point_bytes(&self.point));
        out.extend_from_slice(&self.challenge.to_bytes());
        out.extend_from_slice(&self.response.to_bytes());
    }
}

impl Decode for Partial {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        magic(reader, MAGIC, "version of a part")?;
        Ok(Self {
            mandate: reader.array()?,
            member: reader.u8()?,
            point: reader.subgroup_point()?,
            challenge: reader.fj()?,
            response: reader.fj()?,
        })
    }
}

fn is_about(mandate: &SignedMandate, subject: &Subject) -> Result<(), CommitteeError> {
    match *mandate.mandate().wtxid() == subject.wtxid && mandate.mandate().height() == subject.height {
        true => Ok(()),
        false => Err(CommitteeError::OtherTransaction),
    }
}

/// All that a proof is about.
fn statement(
    key: &CommitteeKey,
    mandate: &SignedMandate,
    subject: &Subject,
    member: u8,
    point: &SubgroupPoint,
) -> Result<Vec<u8>, CommitteeError> {
    let share = key.group().verifying_share(member).ok_or(CommitteeError::OtherShare)?;
    let (genesis, pool) = key.committee().place();
    let mut out = genesis.0.to_vec();
    out.extend_from_slice(&pool.0.to_le_bytes());
    out.extend_from_slice(&key.committee().number().to_le_bytes());
    out.extend_from_slice(key.group().transcript());
    subject.encode(&mut out);
    out.push(member);
    out.extend_from_slice(&mandate.mandate().hash());
    out.extend_from_slice(&point_bytes(share));
    out.extend_from_slice(&point_bytes(point));
    Ok(out)
}

fn challenge(statement: &[u8], in_g: &SubgroupPoint, in_epk: &SubgroupPoint) -> Fj {
    to_fj(&b64(b"LouverPartProof", &[statement, &point_bytes(in_g), &point_bytes(in_epk)]))
}

/// `[partial-nonce]`: drawn from fresh randomness, the share, and all that the proof is about. A nonce that came twice for two
/// statements would give the share away.
fn nonce(secret: &Fj, statement: &[u8], fresh: &mut impl CryptoRng) -> Zeroizing<Fj> {
    let mut drawn = Zeroizing::new([0u8; 32]);
    fresh.fill_bytes(drawn.as_mut_slice());
    let own = Zeroizing::new(secret.to_bytes());
    let wide = Zeroizing::new(b64(b"LouverPartNonce", &[drawn.as_slice(), own.as_slice(), statement]));
    Zeroizing::new(to_fj(&wide))
}
