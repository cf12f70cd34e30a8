use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use frost_core::Identifier;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::Quorum,
    spec::b32,
};

use super::{KeygenError, TermsError};
use crate::suite::JubjubBlake2b512;

/// `[frost-terms]`: the meaning of a key before it exists: its purpose, its members by their Ed25519 keys, and how many of them
/// can use it.
///
/// Members are numbered from 1 on, in ascending order of their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    purpose: [u8; 32],
    quorum: Quorum,
}

impl Terms {
    /// Terms for a purpose, which is a hash of everything that tells this key from every other.
    ///
    /// # Errors
    /// [`TermsError`] if one member alone could use the key.
    pub fn new(purpose: [u8; 32], quorum: Quorum) -> Result<Self, TermsError> {
        match quorum.needed() {
            few @ (0 | 1) => Err(TermsError::Threshold(few)),
            _ => Ok(Self { purpose, quorum }),
        }
    }

    /// The purpose.
    pub fn purpose(&self) -> &[u8; 32] {
        &self.purpose
    }

    /// The members' keys, and how many of them can use the key.
    pub fn quorum(&self) -> &Quorum {
        &self.quorum
    }

    /// How many members can use the key.
    pub fn threshold(&self) -> u8 {
        self.quorum.needed()
    }

    /// The numbers of all members: from 1 on.
    pub fn members(&self) -> impl Iterator<Item = u8> + use<> {
        1..=self.size()
    }

    /// How many members there are.
    pub fn size(&self) -> u8 {
        u8::try_from(self.quorum.keys().len()).unwrap_or(u8::MAX)
    }

    /// The Ed25519 key of a member; `None` if there is no such member.
    pub fn key(&self, member: u8) -> Option<&VerifyingKey> {
        self.quorum.keys().get(usize::from(member).checked_sub(1)?)
    }

    /// The number of the member who signs with a key.
    ///
    /// # Errors
    /// [`KeygenError::NotAMember`].
    pub fn member_of(&self, key: &SigningKey) -> Result<u8, KeygenError> {
        let own = key.verifying_key();
        self.members().find(|member| self.key(*member) == Some(&own)).ok_or(KeygenError::NotAMember)
    }

    /// The hash by which every message of the generation names its terms.
    pub fn hash(&self) -> [u8; 32] {
        b32(b"LouverFrostTerms", &[&self.to_bytes()])
    }

    /// Whether a member signed a message.
    ///
    /// # Errors
    /// [`KeygenError::NoSuchMember`] and [`KeygenError::Signature`].
    pub(super) fn check(&self, member: u8, message: &[u8], signature: &[u8; 64]) -> Result<(), KeygenError> {
        let key = self.key(member).ok_or(KeygenError::NoSuchMember(member))?;
        let signature = Signature::from_bytes(signature);
        key.verify_strict(message, &signature).map_err(|_| KeygenError::Signature(member))
    }

    /// `[frost-identifier]`: where the member's share lies on the polynomials. It depends on the terms, so that a proof or
    /// a share for other terms proves and fits nothing here.
    pub(crate) fn identifier(&self, member: u8) -> Result<Identifier<JubjubBlake2b512>, KeygenError> {
        let mut name = self.hash().to_vec();
        name.push(member);
        Identifier::derive(&name).map_err(|_| KeygenError::Inconsistent)
    }
}

/// purpose 32 || quorum
impl Encode for Terms {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.purpose);
        self.quorum.encode(out);
    }
}

impl Decode for Terms {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let (purpose, quorum) = (reader.array()?, Quorum::decode(reader)?);
        Self::new(purpose, quorum).map_err(|_| DecodeError::OutOfRange { what: "threshold of a key" })
    }
}
