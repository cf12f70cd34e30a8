//! `[committee]`: the auditors of an audited pool, who hold its auditor key together and open a transaction only if enough of
//! them agree.
//!
//! ```text
//! Committee       who the members are, and how many of them open
//! CommitteeEntry  the key that they generated, as everybody checks it: guardians enter it
//! Mandate         who asks, why, for which transaction, until when: members sign it first
//! Partial         a member's part of an opening, with its proof, sealed to the mandate's reader
//! Opening         enough parts: the transaction's contents, and what shows them to others
//! Log             what a member opened, by hashes; its heads go onto the ledger
//! ```
//!
//! Members can open outside of all this, if enough of them agree: no rule prevents it, and no log shows it.

mod deal;
mod entry;
mod error;
mod log;
mod mandate;
mod opening;
mod partial;

use age::x25519::Recipient;
use ed25519_dalek::VerifyingKey;
use louver_chain::act::purpose;
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::Quorum,
    pool::{GenesisHash, PoolId},
    spec::b32,
};
use louver_frost::keygen::Terms;

use crate::{
    signed::{MAX_NAME, ReaderId},
    text,
};

pub use louver_frost::{
    KeyShare,
    keygen::{Commitment, Confirmation, Participant},
};

pub use deal::{open_deal, seal_deal};
pub use entry::{CommitteeEntry, CommitteeKey};
pub use error::CommitteeError;
pub use log::{Log, LogRecord, SignedHead, TwoHeads};
pub use mandate::{Mandate, MandateRequest, MandateSignature, SignedMandate};
pub use opening::Opening;
pub use partial::{Partial, Subject};

/// A member of a committee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name, in the form of `[reader-name]`.
    pub name: String,
    /// The Ed25519 key that it signs with.
    pub key: VerifyingKey,
    /// The `age` recipient that shares are sealed to.
    pub recipient: String,
}

/// `[committee-terms]`: a committee before its key exists. Members are numbered from 1 on, in ascending order of their keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committee {
    genesis: GenesisHash,
    pool: PoolId,
    number: u32,
    members: Vec<Member>,
    terms: Terms,
}

/// How the file of a committee begins.
const MAGIC: &[u8; 8] = b"LVCOMIT\x01";

impl Committee {
    /// The committee of a pool whose key will have this number, of which `threshold` members open.
    ///
    /// # Errors
    /// [`CommitteeError`] if the number is 0, a member's name or recipient is not one, a key stands there twice, or one member
    /// alone could open.
    pub fn new(
        genesis: GenesisHash,
        pool: PoolId,
        number: u32,
        threshold: u8,
        mut members: Vec<Member>,
    ) -> Result<Self, CommitteeError> {
        if number == 0 {
            return Err(CommitteeError::Number);
        }
        for member in &mut members {
            member.name = text::name(&member.name);
            if member.name.is_empty() || member.name.len() > MAX_NAME {
                return Err(CommitteeError::Name);
            }
            let recipient = member.recipient.parse::<Recipient>();
            member.recipient =
                recipient.map_err(|_| CommitteeError::Recipient(member.name.clone()))?.to_string();
        }
        members.sort_by_key(|member| member.key.to_bytes());
        let keys = members.iter().map(|member| member.key.to_bytes()).collect();
        let quorum = Quorum::new(threshold, keys)?;
        let purpose = purpose(&genesis, pool, number, &roster(&members));
        Ok(Self { genesis, pool, number, members, terms: Terms::new(purpose, quorum)? })
    }

    /// The chain and the pool whose transactions it opens.
    pub fn place(&self) -> (GenesisHash, PoolId) {
        (self.genesis, self.pool)
    }

    /// The number of its key on the chain (`[auditor-key]`).
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The members, in the order of their numbers.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// A member by its number, from 1 on; `None` if there is no such member.
    pub fn member(&self, number: u8) -> Option<&Member> {
        self.members.get(usize::from(number).checked_sub(1)?)
    }

    /// `[committee-roster]`: the hash of its members' keys, names and recipients.
    pub fn roster(&self) -> [u8; 32] {
        roster(&self.members)
    }

    /// The terms on which its key is generated.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    /// How many members open.
    pub fn threshold(&self) -> u8 {
        self.terms.threshold()
    }
}

fn roster(members: &[Member]) -> [u8; 32] {
    let mut out = Vec::new();
    put_members(&mut out, members);
    b32(b"LouverRoster", &[&out])
}

/// count u8 || for each member: key 32 || name || recipient
fn put_members(out: &mut Vec<u8>, members: &[Member]) {
    out.extend(u8::try_from(members.len()));
    for member in members {
        out.extend_from_slice(member.key.as_bytes());
        text::put(out, &member.name);
        text::put(out, &member.recipient);
    }
}

/// magic 8 || genesis 32 || pool u32 || number u32 || threshold u8 || members
impl Encode for Committee {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&self.genesis.0);
        out.extend_from_slice(&self.pool.0.to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.push(self.threshold());
        put_members(out, &self.members);
    }
}

impl Decode for Committee {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        magic(reader, MAGIC, "committee version")?;
        let (genesis, pool, number) = (GenesisHash(reader.array()?), PoolId(reader.u32()?), reader.u32()?);
        let (threshold, count) = (reader.u8()?, reader.u8()?);
        let members = (0..count).map(|_| member(reader)).collect::<Result<Vec<_>, _>>()?;
        if !members.is_sorted_by(|a, b| a.key.as_bytes() < b.key.as_bytes()) {
            return Err(DecodeError::NotCanonical { what: "order of a committee's members" });
        }
        let committee = Self::new(genesis, pool, number, threshold, members);
        committee.map_err(|_| DecodeError::OutOfRange { what: "terms of a committee" })
    }
}

fn member(reader: &mut Reader<'_>) -> Result<Member, DecodeError> {
    let key = crate::challenge::verifying_key(reader)?;
    // A member is named as a reader is, and always has a recipient.
    let ReaderId { name, recipient } = ReaderId::read(reader)?;
    let recipient = recipient.ok_or(DecodeError::OutOfRange { what: "recipient" })?;
    Ok(Member { name, key, recipient })
}

/// Refuses a file that does not begin so.
fn magic(reader: &mut Reader<'_>, expected: &[u8; 8], what: &'static str) -> Result<(), DecodeError> {
    let magic: [u8; 8] = reader.array()?;
    match magic == *expected {
        true => Ok(()),
        false => Err(DecodeError::UnknownTag { what, tag: u64::from_le_bytes(magic) }),
    }
}

#[cfg(test)]
mod tests;
