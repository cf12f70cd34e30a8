//! Every act that a chain took, so that who knows its genesis can tell for himself what they make of it.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    ledger::{Genesis, RulesEntry, rulebook},
    store::{
        KeyRange, MemoryStore, Overlay, StoreError, Table,
        record::{decoded, height_of},
    },
};

use super::{ActError, Auditor, SignedAct, Speakers, Standing, apply, auditors, begin, standing};

/// index (u32, big-endian) -> [`TakenAct`].
pub(crate) const ACTS: Table = Table("chain.acts");
/// "count" -> how many there are (u32, big-endian).
pub(crate) const ACT_COUNT: Table = Table("chain.act-count");

/// An act that a block took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenAct {
    /// The block.
    pub height: u32,
    /// The act, with its signatures.
    pub signed: SignedAct,
}

/// height u32 || signed act
impl Encode for TakenAct {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.height.to_le_bytes());
        self.signed.encode(out);
    }
}

impl Decode for TakenAct {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { height: reader.u32()?, signed: SignedAct::decode(reader)? })
    }
}

/// How many acts the chain has taken.
///
/// # Errors
/// Those of the store.
pub fn count(state: &Overlay<'_>) -> Result<u32, StoreError> {
    state.get(ACT_COUNT, b"count")?.map_or(Ok(0), |bytes| height_of(ACT_COUNT, &bytes))
}

/// The acts from an index on, in the order in which the chain took them, at most `limit`.
///
/// # Errors
/// Those of the store.
pub fn taken(state: &Overlay<'_>, from: u32, limit: usize) -> Result<Vec<TakenAct>, StoreError> {
    let range = KeyRange { from: &from.to_be_bytes(), until: None, limit };
    state.scan(ACTS, range)?.iter().map(|(_, bytes)| decoded(ACTS, bytes)).collect()
}

pub(crate) fn record(state: &mut Overlay<'_>, height: u32, signed: &SignedAct) -> Result<(), ActError> {
    let index = count(state)?;
    let next = index.checked_add(1).ok_or(ActError::Exhausted)?;
    let taken = TakenAct { height, signed: signed.clone() };
    state.put(ACTS, &index.to_be_bytes(), &taken.to_bytes());
    state.put(ACT_COUNT, b"count", &next.to_be_bytes());
    Ok(())
}

/// The state that acts make of a genesis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActsOutcome {
    /// The rules versions, ascending.
    pub rules: Vec<RulesEntry>,
    /// The guardians.
    pub guardians: Standing,
    /// The authorities.
    pub authorities: Standing,
    /// Every auditor key, by ascending number.
    pub auditors: Vec<Auditor>,
}

impl ActsOutcome {
    /// The state that these acts make of a genesis, in the order in which the chain took them. Every signature is checked
    /// against the quorum that was in office. The heights are the word of whoever tells them.
    ///
    /// # Errors
    /// [`ActError`] of the first act that does not hold.
    pub fn of(genesis: &Genesis, acts: &[TakenAct]) -> Result<Self, ActError> {
        let store = MemoryStore::default();
        let mut state = Overlay::new(&store);
        rulebook::begin(&mut state, genesis);
        begin(&mut state, genesis);
        for TakenAct { height, signed } in acts {
            apply(&mut state, genesis, *height, signed)?;
        }
        Ok(Self {
            rules: rulebook::all(&state)?,
            guardians: standing(&state, Speakers::Guardians)?,
            authorities: standing(&state, Speakers::Authorities)?,
            auditors: auditors(&state)?,
        })
    }
}
