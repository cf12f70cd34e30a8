//! `[auditor-entry]`: how a committee shows that it generated the key that guardians enter.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::Quorum,
    pool::{GenesisHash, PoolId},
    spec::b32,
};
use louver_frost::{
    GroupKey,
    keygen::{Entry, KeygenError},
};
use thiserror::Error;

/// Why an entry of an auditor key does not count.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditorEntryError {
    /// The bytes are not an entry.
    #[error("the committee's entry is not one ({0}): join the members' files anew")]
    Encoding(DecodeError),
    /// The key was generated for another chain, pool or number, or by members with other names or recipients.
    #[error(
        "the committee generated its key for another chain, pool or key number, or its members are named differently: it has to \
         generate a key for this one"
    )]
    OtherPurpose,
    /// A member's part is missing or false.
    #[error("the committee's key does not hold: {0}")]
    Keygen(#[from] KeygenError),
}

/// The purpose of an auditor key: the chain, the pool and the number that it is generated for, and a hash of what its members call
/// themselves. It stands in the terms of the key, which every member signs.
pub fn purpose(genesis: &GenesisHash, pool: PoolId, number: u32, roster: &[u8; 32]) -> [u8; 32] {
    b32(b"LouverCommittee", &[&genesis.0, &pool.0.to_le_bytes(), &number.to_le_bytes(), roster])
}

/// The entry of a committee's key, as the act carries it: its terms, each member's commitments and proof of possession, and the
/// signature of each. Nobody reads it before the guardians' signatures hold, since that costs many times as much as they do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditorEntry {
    roster: [u8; 32],
    entry: Vec<u8>,
}

impl AuditorEntry {
    /// The most bytes of an entry. A committee has at most 32 members, and may need all of them to open.
    pub const MOST: usize = Self::size(Quorum::MAX_KEYS, Quorum::MAX_KEYS);

    /// The bytes of the entry of `threshold` of `members`.
    const fn size(threshold: usize, members: usize) -> usize {
        32 + 1 + 1 + members * 32 + members * (1 + threshold * 32 + 64 + 64)
    }

    /// The entry of a key. `roster` is the hash of the members' names and recipients.
    pub fn new(roster: [u8; 32], entry: &Entry) -> Self {
        Self { roster, entry: entry.to_bytes() }
    }

    /// The hash of the members' names and recipients.
    pub fn roster(&self) -> &[u8; 32] {
        &self.roster
    }

    /// The entry as it says, unchecked: its members and how many of them open.
    ///
    /// # Errors
    /// [`DecodeError`] if it is not an entry.
    pub fn read(&self) -> Result<Entry, DecodeError> {
        Entry::from_bytes(&self.entry)
    }

    /// Checks that all members generated the key for this chain, pool and number.
    ///
    /// # Errors
    /// [`AuditorEntryError`].
    pub fn verify(
        &self,
        genesis: &GenesisHash,
        pool: PoolId,
        number: u32,
    ) -> Result<GroupKey, AuditorEntryError> {
        let entry = self.read().map_err(AuditorEntryError::Encoding)?;
        if *entry.terms().purpose() != purpose(genesis, pool, number, &self.roster) {
            return Err(AuditorEntryError::OtherPurpose);
        }
        Ok(entry.verify()?)
    }
}

/// roster 32 || length u16 || entry
impl Encode for AuditorEntry {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.roster);
        // No entry is longer than `MOST`.
        out.extend_from_slice(&u16::try_from(self.entry.len()).unwrap_or(u16::MAX).to_le_bytes());
        out.extend_from_slice(&self.entry);
    }
}

impl Decode for AuditorEntry {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let roster = reader.array()?;
        let length = usize::from(reader.u16()?);
        if length > Self::MOST {
            return Err(DecodeError::OutOfRange { what: "length of a committee's entry" });
        }
        Ok(Self { roster, entry: reader.take(length)?.to_vec() })
    }
}

#[cfg(test)]
mod tests;
