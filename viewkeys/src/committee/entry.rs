use louver_chain::act::{Auditor, AuditorEntry, Deed};
use louver_core::{
    audit::AuditorKey,
    encoding::{Decode, DecodeError, Encode, Reader, point_bytes},
};
use louver_frost::{
    GroupKey,
    keygen::{Commitment, Confirmation, Entry, KeygenError},
};

use super::{Committee, CommitteeError, magic};

const MAGIC: &[u8; 8] = b"LVCOKEY\x01";

/// `[committee-entry]`: a committee and the key that its members generated. All of it can be checked without secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitteeEntry {
    committee: Committee,
    entry: Entry,
}

impl CommitteeEntry {
    /// The entry, from the messages of all members.
    ///
    /// # Errors
    /// [`CommitteeError::Keygen`] if a message is missing, twice, or false.
    pub fn new(
        committee: Committee,
        commitments: &[Commitment],
        confirmations: &[Confirmation],
    ) -> Result<Self, CommitteeError> {
        let entry = Entry::new(committee.terms().clone(), commitments, confirmations)?;
        Ok(Self { committee, entry })
    }

    /// Checks that every member generated this key, for this chain, pool and number.
    ///
    /// # Errors
    /// [`CommitteeError::Keygen`].
    pub fn verify(&self) -> Result<CommitteeKey, CommitteeError> {
        if self.entry.terms() != self.committee.terms() {
            return Err(KeygenError::OtherTerms.into());
        }
        Ok(CommitteeKey { committee: self.committee.clone(), group: self.entry.verify()? })
    }

    /// The act that guardians sign to enter the key, with all that shows how it was generated. The key before it serves for
    /// `overlap` blocks more.
    ///
    /// # Errors
    /// [`CommitteeError::Keygen`]: nobody should sign an act that the chain refuses.
    pub fn deed(&self, overlap: u32) -> Result<Deed, CommitteeError> {
        self.verify()?;
        let entry = AuditorEntry::new(self.committee.roster(), &self.entry);
        Ok(Deed::EnterAuditor { number: self.committee.number, entry, overlap })
    }
}

/// magic 8 || committee || entry
impl Encode for CommitteeEntry {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        self.committee.encode(out);
        self.entry.encode(out);
    }
}

impl Decode for CommitteeEntry {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        magic(reader, MAGIC, "committee entry version")?;
        Ok(Self { committee: Committee::decode(reader)?, entry: Entry::decode(reader)? })
    }
}

/// A committee with its key: checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitteeKey {
    committee: Committee,
    group: GroupKey,
}

impl CommitteeKey {
    /// The committee.
    pub fn committee(&self) -> &Committee {
        &self.committee
    }

    /// The key of the group, with the members' verification shares.
    pub fn group(&self) -> &GroupKey {
        &self.group
    }

    /// The key that transactions are encrypted to.
    ///
    /// # Panics
    /// Never: a group's key is in the subgroup and not the identity.
    pub fn auditor_key(&self) -> AuditorKey {
        AuditorKey::from_bytes(&point_bytes(self.group.key())).expect("a group's key is a sound point")
    }

    /// Checks that the chain has this key under its number, and that it serves in the block at a height. So transactions
    /// there may show their contents to it.
    ///
    /// # Errors
    /// [`CommitteeError::OtherKey`] and [`CommitteeError::NotServing`].
    pub fn check(&self, on_chain: &Auditor, height: u32) -> Result<(), CommitteeError> {
        let terms = self.group.terms();
        let own = Auditor {
            number: self.committee.number,
            key: point_bytes(self.group.key()),
            transcript: *self.group.transcript(),
            threshold: terms.threshold(),
            members: terms.size(),
            ..*on_chain
        };
        if own != *on_chain {
            return Err(CommitteeError::OtherKey);
        }
        if on_chain.serves(height) { Ok(()) } else { Err(CommitteeError::NotServing(height)) }
    }
}
