//! `[quorum]`: the guardians and the authorities of the state.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, put_option},
    ledger::{Finality, GenesisTerms, Quorum},
    store::{Overlay, StoreError, Table, record::decoded},
};

/// "authorities" or "guardians" -> [`Standing`].
pub(crate) const STANDINGS: Table = Table("chain.quorums");

/// The two quorums that can speak for the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Speakers {
    /// The keys that make blocks final.
    Authorities,
    /// The keys of the people who may act for the chain's safety.
    Guardians,
}

impl Speakers {
    fn key(self) -> &'static [u8] {
        match self {
            Self::Authorities => b"authorities",
            Self::Guardians => b"guardians",
        }
    }

    /// One of them, for people.
    pub fn one(self) -> &'static str {
        match self {
            Self::Authorities => "authority",
            Self::Guardians => "guardian",
        }
    }

    /// All of them, for people.
    pub fn all(self) -> &'static str {
        match self {
            Self::Authorities => "authorities",
            Self::Guardians => "guardians",
        }
    }
}

/// The guardians or the authorities as they stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How often they have changed since genesis.
    pub sequence: u32,
    /// Their keys; `None` on a chain without.
    pub quorum: Option<Quorum>,
}

/// sequence u32 || quorum u8 (0, or 1 and the quorum)
impl Encode for Standing {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.sequence.to_le_bytes());
        put_option(out, self.quorum.as_ref());
    }
}

impl Decode for Standing {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { sequence: reader.u32()?, quorum: reader.option()? })
    }
}

/// The guardians or the authorities after the last block.
///
/// # Errors
/// Those of the store.
pub fn standing(state: &Overlay<'_>, speakers: Speakers) -> Result<Standing, StoreError> {
    let none = Standing { sequence: 0, quorum: None };
    state.get(STANDINGS, speakers.key())?.map_or(Ok(none), |bytes| decoded(STANDINGS, &bytes))
}

/// Writes those of genesis.
pub(super) fn begin(state: &mut Overlay<'_>, terms: &GenesisTerms) {
    let Finality::Solo { authorities, .. } = &terms.finality;
    put(state, Speakers::Authorities, &Standing { sequence: 0, quorum: Some(authorities.clone()) });
    put(state, Speakers::Guardians, &Standing { sequence: 0, quorum: terms.guardians.quorum.clone() });
}

pub(super) fn put(state: &mut Overlay<'_>, speakers: Speakers, standing: &Standing) {
    state.put(STANDINGS, speakers.key(), &standing.to_bytes());
}
