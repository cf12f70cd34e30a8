//! `[opening-log]`: what a member opened, by hashes alone, each entry standing on all before it.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use louver_chain::announcement::AnnouncementKind;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_list},
    pool::{GenesisHash, PoolId},
    spec::b32,
};

use super::{CommitteeError, magic};
use crate::challenge::verifying_key;

const MAGIC: &[u8; 8] = b"LVOPLOG\x01";

/// An entry of a log: hashes of the mandate, of the share that was given, and of its proof. Never the share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRecord {
    /// `[mandate-hash]`.
    pub mandate: [u8; 32],
    /// The hash of the member's number and `D`.
    pub share: [u8; 32],
    /// The hash of the proof.
    pub proof: [u8; 32],
}

/// mandate 32 || share 32 || proof 32
impl Encode for LogRecord {
    fn encode(&self, out: &mut Vec<u8>) {
        [self.mandate, self.share, self.proof].iter().for_each(|hash| out.extend_from_slice(hash));
    }
}

impl Decode for LogRecord {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { mandate: reader.array()?, share: reader.array()?, proof: reader.array()? })
    }
}

/// A member's signed word on the whole of its log: how many entries it has, and the hash that stands on all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHead {
    genesis: GenesisHash,
    pool: PoolId,
    member: VerifyingKey,
    length: u64,
    head: [u8; 32],
    signature: [u8; 64],
}

impl SignedHead {
    /// How many entries there are.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The key of the member.
    pub fn member(&self) -> &VerifyingKey {
        &self.member
    }

    /// `[log-head]`: what the member signs, and announces on the ledger.
    pub fn hash(&self) -> [u8; 32] {
        b32(b"LouverLogHead", &[&self.contents()])
    }

    /// The announcement of this head on the ledger: its kind, its subject (the member's key) and its hash.
    pub fn announcement(&self) -> (AnnouncementKind, [u8; 32], [u8; 32]) {
        (AnnouncementKind::LogHead, self.member.to_bytes(), self.hash())
    }

    /// Checks the member's signature.
    ///
    /// # Errors
    /// [`CommitteeError::LogSignature`].
    pub fn verify(&self) -> Result<(), CommitteeError> {
        let signature = Signature::from_bytes(&self.signature);
        let checked = self.member.verify_strict(&self.hash(), &signature);
        checked.map_err(|_| CommitteeError::LogSignature)
    }

    fn contents(&self) -> Vec<u8> {
        let mut out = self.genesis.0.to_vec();
        out.extend_from_slice(&self.pool.0.to_le_bytes());
        out.extend_from_slice(self.member.as_bytes());
        out.extend_from_slice(&self.length.to_le_bytes());
        out.extend_from_slice(&self.head);
        out
    }
}

/// genesis 32 || pool u32 || member 32 || length u64 || head 32 || signature 64
impl Encode for SignedHead {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.contents());
        out.extend_from_slice(&self.signature);
    }
}

impl Decode for SignedHead {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            genesis: GenesisHash(reader.array()?),
            pool: PoolId(reader.u32()?),
            member: verifying_key(reader)?,
            length: reader.u64()?,
            head: reader.array()?,
            signature: reader.array()?,
        })
    }
}

/// `[two-heads]`: two heads of one length that a member signed: it keeps two logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TwoHeads(pub SignedHead, pub SignedHead);

impl TwoHeads {
    /// The key of the member against whom it is.
    ///
    /// # Errors
    /// [`CommitteeError::LogSignature`] if a head is not signed, [`CommitteeError::NoEvidence`] if they do not contradict each
    /// other.
    pub fn verify(&self) -> Result<&VerifyingKey, CommitteeError> {
        let Self(one, other) = self;
        one.verify()?;
        other.verify()?;
        let log = |head: &SignedHead| (head.genesis, head.pool, head.member, head.length);
        match log(one) == log(other) && one.head != other.head {
            true => Ok(&one.member),
            false => Err(CommitteeError::NoEvidence),
        }
    }
}

/// head || head
impl Encode for TwoHeads {
    fn encode(&self, out: &mut Vec<u8>) {
        self.0.encode(out);
        self.1.encode(out);
    }
}

impl Decode for TwoHeads {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self(SignedHead::decode(reader)?, SignedHead::decode(reader)?))
    }
}

/// A member's log. Nothing that was read is checked before [`Log::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    records: Vec<LogRecord>,
    head: SignedHead,
}

impl Log {
    /// An empty log of the holder of a key, for the openings of a pool.
    pub fn new(genesis: GenesisHash, pool: PoolId, signer: &SigningKey) -> Self {
        let member = signer.verifying_key();
        let head = SignedHead { genesis, pool, member, length: 0, head: [0; 32], signature: [0; 64] };
        let mut log = Self { records: Vec::new(), head };
        log.sign(signer);
        log
    }

    /// Adds an entry. A member does this, and keeps the log, before the share leaves it.
    ///
    /// # Errors
    /// [`CommitteeError::LogSignature`] if the signer keeps another log, or this one was altered.
    pub fn append(&mut self, record: LogRecord, signer: &SigningKey) -> Result<(), CommitteeError> {
        self.verify()?;
        if signer.verifying_key() != self.head.member {
            return Err(CommitteeError::LogSignature);
        }
        self.records.push(record);
        self.sign(signer);
        Ok(())
    }

    /// The entries, in order.
    pub fn records(&self) -> &[LogRecord] {
        &self.records
    }

    /// The head.
    pub fn head(&self) -> &SignedHead {
        &self.head
    }

    /// Checks that the head is the one of these entries, and signed.
    ///
    /// # Errors
    /// [`CommitteeError::LogSignature`].
    pub fn verify(&self) -> Result<(), CommitteeError> {
        self.head.verify()?;
        let head = self.heads().last();
        match head == Some(self.head.head) && self.head.length == self.records.len() as u64 {
            true => Ok(()),
            false => Err(CommitteeError::LogSignature),
        }
    }

    /// Checks that the log goes on from a head that the member showed before.
    ///
    /// # Errors
    /// [`CommitteeError::LogSignature`] if either is not signed, [`CommitteeError::OtherLog`] if it does not.
    pub fn goes_on_from(&self, before: &SignedHead) -> Result<(), CommitteeError> {
        self.verify()?;
        before.verify()?;
        let same = (before.genesis, before.pool, before.member)
            == (self.head.genesis, self.head.pool, self.head.member);
        let at = usize::try_from(before.length).ok().and_then(|length| self.heads().nth(length));
        match same && at == Some(before.head) {
            true => Ok(()),
            false => Err(CommitteeError::OtherLog { length: before.length }),
        }
    }

    /// Checks that every hash that the member announced on the ledger about its key is a head of this log.
    ///
    /// # Errors
    /// [`CommitteeError::LogSignature`], and [`CommitteeError::NotInLog`] if a log is shown that is shorter than what was
    /// announced, or another one.
    pub fn has_announced(&self, hashes: &[[u8; 32]]) -> Result<(), CommitteeError> {
        self.verify()?;
        let announced: Vec<[u8; 32]> = self
            .heads()
            .zip(0u64..)
            .map(|(head, length)| SignedHead { head, length, ..self.head.clone() }.hash())
            .collect();
        match hashes.iter().all(|hash| announced.contains(hash)) {
            true => Ok(()),
            false => Err(CommitteeError::NotInLog),
        }
    }

    /// The heads after 0, 1, ... all entries.
    fn heads(&self) -> impl Iterator<Item = [u8; 32]> + '_ {
        let SignedHead { genesis, pool, member, .. } = &self.head;
        let start = b32(b"LouverLogStart", &[&genesis.0, &pool.0.to_le_bytes(), member.as_bytes()]);
        let next = |head: &mut [u8; 32], record: &LogRecord| {
            *head = b32(b"LouverLogNext", &[head.as_slice(), &record.to_bytes()]);
            Some(*head)
        };
        core::iter::once(start).chain(self.records.iter().scan(start, next))
    }

    fn sign(&mut self, signer: &SigningKey) {
        self.head.length = self.records.len() as u64;
        self.head.head = self.heads().last().unwrap_or_default();
        self.head.signature = signer.sign(&self.head.hash()).to_bytes();
    }
}

/// magic 8 || head || count u32 of entries || entries, 96 each
impl Encode for Log {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        self.head.encode(out);
        put_list(out, &self.records);
    }
}

impl Decode for Log {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        magic(reader, MAGIC, "log version")?;
        Ok(Self { head: SignedHead::decode(reader)?, records: reader.list(96)? })
    }
}
