use core::fmt;
use std::collections::BTreeMap;

use group::Group;
use jubjub::SubgroupPoint;
use louver_core::{
    audit::{AuditCiphertext, AuditPlaintext, SharedSecret},
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::Quorum,
    note::nullifier::Nullifier,
    secret::ExposeBytes,
};
use zeroize::Zeroizing;

use super::{CommitteeError, CommitteeKey, Partial, SignedMandate, Subject, magic};

const MAGIC: &[u8; 8] = b"LVOPENG\x01";

/// `[opening]`: enough parts to open one transaction, with all that shows others that they open it. It is as
/// secret as the transaction, so it is the reader's to keep or to show. It opens nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    mandate: SignedMandate,
    subject: Subject,
    parts: Vec<Partial>,
}

impl Opening {
    /// An opening, from the parts of enough members. One false part is an error that names its member: leave it out.
    ///
    /// # Errors
    /// Those of [`Opening::verify`], and [`CommitteeError::Twice`].
    pub fn new(
        key: &CommitteeKey,
        mandate: SignedMandate,
        subject: Subject,
        parts: &[Partial],
    ) -> Result<Self, CommitteeError> {
        let mut by_member = BTreeMap::new();
        for part in parts {
            if by_member.insert(part.member(), part.clone()).is_some() {
                return Err(CommitteeError::Twice(part.member()));
            }
        }
        let opening = Self { mandate, subject, parts: by_member.into_values().collect() };
        opening.verify(key)?;
        Ok(opening)
    }

    /// The mandate that it was made by.
    pub fn mandate(&self) -> &SignedMandate {
        &self.mandate
    }

    /// The transaction that it opens, as the members found it. A person who is shown an opening compares it with the ledger.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The members who opened.
    pub fn members(&self) -> impl Iterator<Item = u8> + '_ {
        self.parts.iter().map(Partial::member)
    }

    /// Checks everything, and gives `S`: the members signed the mandate, and each part is right. When the parts were made is not
    /// shown by them.
    ///
    /// # Errors
    /// [`CommitteeError`].
    pub fn verify(&self, key: &CommitteeKey) -> Result<SharedSecret, CommitteeError> {
        self.mandate.verify(key)?;
        for part in &self.parts {
            part.verify(key, &self.mandate, &self.subject)?;
        }
        let (given, needed) = (self.parts.len(), key.committee().threshold());
        if given < usize::from(needed) {
            return Err(CommitteeError::TooFewParts { given, needed });
        }
        let members: Vec<u8> = self.members().collect();
        let factors = key.group().factors(&members)?;
        let sum = self.parts.iter().zip(&factors);
        let sum = sum.fold(SubgroupPoint::identity(), |sum, (part, factor)| sum + part.point() * factor);
        SharedSecret::new(&sum).ok_or(CommitteeError::OtherTransaction)
    }

    /// The contents of the transaction, from its audit ciphertext, its first nullifier and how many inputs it has, as the
    /// ledger has them.
    ///
    /// # Errors
    /// [`CommitteeError`] if the opening is not right, or the ciphertext is another transaction's.
    pub fn read(
        &self,
        key: &CommitteeKey,
        ciphertext: &AuditCiphertext,
        nf_0: Nullifier,
        inputs: usize,
    ) -> Result<AuditPlaintext, CommitteeError> {
        if *ciphertext.epk() != self.subject.epk {
            return Err(CommitteeError::OtherTransaction);
        }
        let shared = self.verify(key)?;
        ciphertext.decrypt(&shared, nf_0, inputs).map_err(|_| CommitteeError::OtherTransaction)
    }
}

/// magic 8 || signed mandate || subject || count u8 || parts
impl ExposeBytes for Opening {
    fn expose_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(8192));
        out.extend_from_slice(MAGIC);
        self.mandate.encode(&mut out);
        self.subject.encode(&mut out);
        out.extend(u8::try_from(self.parts.len()));
        self.parts.iter().for_each(|part| part.encode(&mut out));
        out
    }
}

impl Decode for Opening {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        magic(reader, MAGIC, "opening version")?;
        let (mandate, subject) = (SignedMandate::decode(reader)?, Subject::decode(reader)?);
        let count = usize::from(reader.u8()?);
        if count > Quorum::MAX_KEYS {
            return Err(DecodeError::OutOfRange { what: "number of parts of an opening" });
        }
        let parts = (0..count).map(|_| Partial::decode(reader)).collect::<Result<Vec<_>, _>>()?;
        if !parts.is_sorted_by(|a, b| a.member() < b.member()) {
            return Err(DecodeError::NotCanonical { what: "order of an opening's parts" });
        }
        Ok(Self { mandate, subject, parts })
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let members: Vec<u8> = self.members().collect();
        f.debug_struct("Opening").field("members", &members).finish_non_exhaustive()
    }
}
