//! `[act]`: what guardians and authorities do for the whole chain, without a sender, a fee or a number.
//!
//! An act counts by the signatures of as many of them as their quorum needs. It binds the chain by its genesis, and the
//! quorum by the number of changes that it has been through: what a former quorum signed counts no more.

use core::fmt;

use ed25519_dalek::{Signer, SigningKey};
use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::{NewRules, Quorum},
    pool::{GenesisHash, RulesVersion},
    spec::b32,
    store::{Overlay, StoreError, Table},
};

use crate::account::Account;

mod apply;
mod auditor;
mod entry;
mod history;
mod signed;
mod standing;

pub use apply::ActError;
pub(crate) use apply::{apply, begin};
pub use auditor::{Auditor, auditor, auditors};
pub use entry::{AuditorEntry, AuditorEntryError, purpose};
pub(crate) use history::record;
pub use history::{ActsOutcome, TakenAct, count, taken};
pub use signed::{ActSignature, SignedAct};

pub(crate) use auditor::AUDITORS;
use auditor::LAST_AUDITOR;
use history::{ACT_COUNT, ACTS};
use standing::STANDINGS;

/// The tables of acts and of what they make.
pub(crate) const TABLES: [Table; 5] = [STANDINGS, AUDITORS, LAST_AUDITOR, ACTS, ACT_COUNT];
pub use standing::{Speakers, Standing, standing};

/// The changes that a block in the making has made by acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ActChanges {
    /// Guardians or authorities.
    pub(crate) standings: bool,
    /// Auditor keys.
    pub(crate) auditors: bool,
}

impl ActChanges {
    /// The changes that a state has over its store.
    pub(crate) fn of(state: &Overlay<'_>) -> Result<Self, StoreError> {
        let changed = |table| Ok::<_, StoreError>(!state.changed(table)?.is_empty());
        Ok(Self { standings: changed(STANDINGS)?, auditors: changed(AUDITORS)? })
    }
}

/// The version of the encoding of acts.
const VERSION: u8 = 1;

/// The effect of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Guardians enter the key that transactions show their contents to from now on.
    EnterAuditor {
        /// The key's number: one more than the last one's, the first is 1.
        number: u32,
        /// The committee and its key.
        entry: AuditorEntry,
        /// For how many blocks from now on the key before it still serves.
        overlap: u32,
    },
    /// Guardians end a key at once.
    EndAuditor {
        /// The key's number.
        number: u32,
    },
    /// Guardians throw the off-switch of a rules version, which counts from the start of the act's block.
    SwitchOff {
        /// Which version.
        rules: RulesVersion,
    },
    /// Guardians add a rules version, which counts after the delay of genesis.
    AddRules(NewRules),
    /// Guardians hand over to other guardians.
    RotateGuardians(Quorum),
    /// Authorities hand over to other authorities.
    RotateAuthorities(Quorum),
}

impl Deed {
    /// Whether those who sign it hand over to others by it.
    pub fn hands_over(&self) -> bool {
        matches!(self, Self::RotateGuardians(_) | Self::RotateAuthorities(_))
    }

    /// The quorum that has to sign it.
    pub fn speakers(&self) -> Speakers {
        match self {
            Self::RotateAuthorities(_) => Speakers::Authorities,
            Self::EnterAuditor { .. }
            | Self::EndAuditor { .. }
            | Self::SwitchOff { .. }
            | Self::AddRules(_)
            | Self::RotateGuardians(_) => Speakers::Guardians,
        }
    }

    /// A byte for the kind, and the number of what it is about: of two acts that wait and have the same, one alone can be
    /// included.
    pub(crate) fn topic(&self, sequence: u32) -> (u8, u32) {
        match self {
            Self::EnterAuditor { number, .. } => (1, *number),
            Self::EndAuditor { number } => (2, *number),
            Self::SwitchOff { rules } => (3, rules.0),
            Self::AddRules(new) => (4, new.version.0),
            Self::RotateGuardians(_) => (5, sequence),
            Self::RotateAuthorities(_) => (6, sequence),
        }
    }
}

/// An act before it is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// How often its speakers have changed before it.
    pub sequence: u32,
    /// The effect.
    pub deed: Deed,
}

/// The id of an act: a hash of the chain's genesis and of what is signed, not of the signatures. It is also the message
/// that is signed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ActId(pub [u8; 32]);

impl fmt::Debug for ActId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ActId({})", hex::encode(self.0))
    }
}

impl Act {
    /// The id on the chain with this genesis.
    pub fn id(&self, genesis: &GenesisHash) -> ActId {
        ActId(b32(b"LouverAct", &[&genesis.0, &self.to_bytes()]))
    }

    /// The signature of one guardian or authority.
    pub fn sign(&self, genesis: &GenesisHash, key: &SigningKey) -> ActSignature {
        let signature = key.sign(&self.id(genesis).0).to_bytes();
        ActSignature { signer: Account::of(key).0, signature }
    }

    /// The rules version whose off-switch it throws.
    pub fn switches_off(&self) -> Option<RulesVersion> {
        match self.deed {
            Deed::SwitchOff { rules } => Some(rules),
            _ => None,
        }
    }
}

/// version u8 || kind u8 || sequence u32 || by kind
impl Encode for Act {
    fn encode(&self, out: &mut Vec<u8>) {
        let (kind, _) = self.deed.topic(self.sequence);
        out.extend_from_slice(&[VERSION, kind]);
        out.extend_from_slice(&self.sequence.to_le_bytes());
        match &self.deed {
            Deed::EnterAuditor { number, entry, overlap } => {
                out.extend_from_slice(&number.to_le_bytes());
                entry.encode(out);
                out.extend_from_slice(&overlap.to_le_bytes());
            }
            Deed::EndAuditor { number } => out.extend_from_slice(&number.to_le_bytes()),
            Deed::SwitchOff { rules } => out.extend_from_slice(&rules.0.to_le_bytes()),
            Deed::AddRules(new) => new.encode(out),
            Deed::RotateGuardians(quorum) | Deed::RotateAuthorities(quorum) => quorum.encode(out),
        }
    }
}

impl Decode for Act {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = reader.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "act version", tag: version.into() });
        }
        let kind = reader.u8()?;
        let sequence = reader.u32()?;
        let deed = match kind {
            1 => Deed::EnterAuditor {
                number: reader.u32()?,
                entry: AuditorEntry::decode(reader)?,
                overlap: reader.u32()?,
            },
            2 => Deed::EndAuditor { number: reader.u32()? },
            3 => Deed::SwitchOff { rules: RulesVersion(reader.u32()?) },
            4 => Deed::AddRules(NewRules::decode(reader)?),
            5 => Deed::RotateGuardians(Quorum::decode(reader)?),
            6 => Deed::RotateAuthorities(Quorum::decode(reader)?),
            tag => return Err(DecodeError::UnknownTag { what: "act", tag: tag.into() }),
        };
        Ok(Self { sequence, deed })
    }
}

#[cfg(test)]
mod tests;
