//! `[auditor-key]`: the keys of auditors that guardians entered.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader, point_bytes, put_option},
    ledger::Quorum,
    store::{
        KeyRange, Overlay, StoreError, Table,
        record::{decoded, height_of},
    },
};
use louver_frost::GroupKey;

/// number (u32, big-endian) -> [`Auditor`].
pub(crate) const AUDITORS: Table = Table("chain.auditors");
/// nothing -> the number of the last key (u32, big-endian).
pub(crate) const LAST_AUDITOR: Table = Table("chain.last-auditor");
const LAST: &[u8] = b"";

/// An auditor's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Auditor {
    /// Its number, from 1 on.
    pub number: u32,
    /// A point of Jubjub's prime-order subgroup that is not the identity.
    pub key: [u8; 32],
    /// The hash of the transcript that made it.
    pub transcript: [u8; 32],
    /// How many of its committee's members open: from 2 on.
    pub threshold: u8,
    /// How many members its committee has: at most 32.
    pub members: u8,
    /// The block that entered it, and the first that it serves in.
    pub from: u32,
    /// The first block that it does not serve in; `None` while no end is known.
    pub until: Option<u32>,
}

impl Auditor {
    /// The fewest bytes of a key.
    pub const LEAST: usize = 4 + 32 + 32 + 1 + 1 + 4 + 1;

    /// A key that its committee generated, as the block at `height` enters it.
    pub fn entered(number: u32, group: &GroupKey, height: u32) -> Self {
        let terms = group.terms();
        Self {
            number,
            key: point_bytes(group.key()),
            transcript: *group.transcript(),
            threshold: terms.threshold(),
            members: terms.size(),
            from: height,
            until: None,
        }
    }

    /// Whether the key serves in the block at `height`.
    pub fn serves(&self, height: u32) -> bool {
        self.from <= height && self.until.is_none_or(|until| height < until)
    }
}

/// number u32 || key 32 || transcript 32 || threshold u8 || members u8 || from u32 || until u8 (0, or 1 and u32)
impl Encode for Auditor {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.key);
        out.extend_from_slice(&self.transcript);
        out.extend_from_slice(&[self.threshold, self.members]);
        out.extend_from_slice(&self.from.to_le_bytes());
        put_option(out, self.until.as_ref());
    }
}

impl Decode for Auditor {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let number = reader.u32()?;
        let key = reader.subgroup_point_vartime()?.to_bytes();
        let transcript = reader.array()?;
        let (threshold, members) = (reader.u8()?, reader.u8()?);
        if threshold < 2 || threshold > members || usize::from(members) > Quorum::MAX_KEYS {
            return Err(DecodeError::OutOfRange { what: "threshold of an auditor key" });
        }
        Ok(Self { number, key, transcript, threshold, members, from: reader.u32()?, until: reader.option()? })
    }
}

/// The key of a number; `None` if it was never entered.
///
/// # Errors
/// Those of the store.
pub fn auditor(state: &Overlay<'_>, number: u32) -> Result<Option<Auditor>, StoreError> {
    state.get(AUDITORS, &number.to_be_bytes())?.map(|bytes| decoded(AUDITORS, &bytes)).transpose()
}

/// Every key that was ever entered, by ascending number.
///
/// # Errors
/// Those of the store.
pub fn auditors(state: &Overlay<'_>) -> Result<Vec<Auditor>, StoreError> {
    state.scan(AUDITORS, KeyRange::ALL)?.iter().map(|(_, bytes)| decoded(AUDITORS, bytes)).collect()
}

/// The number of the last key; 0 before the first.
pub(super) fn last(state: &Overlay<'_>) -> Result<u32, StoreError> {
    state.get(LAST_AUDITOR, LAST)?.map_or(Ok(0), |bytes| height_of(LAST_AUDITOR, &bytes))
}

/// Enters the key after the last.
pub(super) fn enter(state: &mut Overlay<'_>, auditor: &Auditor) {
    put(state, auditor);
    state.put(LAST_AUDITOR, LAST, &auditor.number.to_be_bytes());
}

pub(super) fn put(state: &mut Overlay<'_>, auditor: &Auditor) {
    state.put(AUDITORS, &auditor.number.to_be_bytes(), &auditor.to_bytes());
}
