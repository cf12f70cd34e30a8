//! The notes that the wallet's accounts own, and the notes that they sent, as the wallet stores them.

use std::collections::BTreeSet;

use louver_core::{
    address::Address,
    asset::{AssetDescriptor, AssetId},
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    keys::Direction,
    note::{Note, NoteCommitment, NoteParts, Nullifier},
    secret::Secret,
    store::{Overlay, StoreError},
    value::Value,
};

use crate::{
    account::AccountNumber,
    store::{NOTES, NULLIFIERS, SENT_NOTES, read, read_all, write},
    wallet::Wallet,
};

/// Whether an owned note is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpendState {
    /// It can be spent.
    Unspent,
    /// A transaction of this wallet spends it, and is not in a block yet.
    InFlight {
        /// The number of the transaction's entry in the history.
        entry: u64,
    },
    /// A mined transaction spends it.
    Spent {
        /// The number of the transaction's entry in the history.
        entry: u64,
        /// The height of its block.
        height: u32,
    },
}

/// A note of one of the wallet's accounts.
#[derive(Clone, Debug)]
pub struct OwnedNote {
    /// The account that can spend it.
    pub account: AccountNumber,
    /// Whether it came to an address that was given out, or to one for change.
    pub direction: Direction,
    /// The note.
    pub note: Note,
    /// Its leaf.
    pub commitment: NoteCommitment,
    /// The leaf's position in the tree.
    pub position: u32,
    /// The height of the block that created it.
    pub height: u32,
    /// Whether it is spent.
    pub state: SpendState,
}

/// The summary of a note, without the parts that only spending needs: decoding an address takes several square roots,
/// which are only worth it for notes that are spent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoteSummary {
    pub(crate) account: AccountNumber,
    pub(crate) asset: AssetId,
    pub(crate) value: Value,
    pub(crate) epoch: Epoch,
    pub(crate) commitment: NoteCommitment,
    pub(crate) height: u32,
    pub(crate) state: SpendState,
}

impl Wallet {
    /// The assets of notes whose descriptions the wallet does not know, ascending.
    ///
    /// # Errors
    /// Those of the store.
    pub fn unknown_assets(&self) -> Result<Vec<AssetId>, StoreError> {
        let chain = self.chain();
        let known: BTreeSet<AssetId> =
            chain.genesis.terms().assets.iter().chain(&chain.assets).map(AssetDescriptor::id).collect();
        let met: BTreeSet<AssetId> = summaries(&self.overlay())?.iter().map(|note| note.asset).collect();
        Ok(met.difference(&known).copied().collect())
    }
}

/// Every note of an account, spent ones included.
pub(crate) fn of_account(
    overlay: &Overlay<'_>,
    number: AccountNumber,
) -> Result<Vec<NoteSummary>, StoreError> {
    let mut notes = summaries(overlay)?;
    notes.retain(|note| note.account == number);
    Ok(notes)
}

/// Every note.
pub(crate) fn summaries(overlay: &Overlay<'_>) -> Result<Vec<NoteSummary>, StoreError> {
    read_all(overlay, NOTES)
}

pub(crate) fn get(
    overlay: &Overlay<'_>,
    commitment: NoteCommitment,
) -> Result<Option<OwnedNote>, StoreError> {
    read(overlay, NOTES, &commitment.to_array())
}

/// The owned note that a nullifier spends.
pub(crate) fn by_nullifier(
    overlay: &Overlay<'_>,
    nullifier: Nullifier,
) -> Result<Option<OwnedNote>, StoreError> {
    match overlay.get(NULLIFIERS, &nullifier.to_array())? {
        None => Ok(None),
        Some(commitment) => read(overlay, NOTES, &commitment),
    }
}

pub(crate) fn save(overlay: &mut Overlay<'_>, note: &OwnedNote) {
    write(overlay, NOTES, &note.commitment.to_array(), note);
}

/// Adds a note, to be known by its nullifier.
pub(crate) fn insert(overlay: &mut Overlay<'_>, note: &OwnedNote, nullifier: Nullifier) {
    save(overlay, note);
    overlay.put(NULLIFIERS, &nullifier.to_array(), &note.commitment.to_array());
}

/// Forgets a note whose block left the chain. Its nullifier may stay, as it leads to nothing.
pub(crate) fn remove(overlay: &mut Overlay<'_>, commitment: NoteCommitment) {
    overlay.delete(NOTES, &commitment.to_array());
}

/// Stores the opening of a note that was sent to somebody else.
pub(crate) fn save_sent(overlay: &mut Overlay<'_>, commitment: NoteCommitment, note: &Note) {
    let mut bytes = Vec::new();
    put_note(&mut bytes, note);
    overlay.put(SENT_NOTES, &commitment.to_array(), &bytes);
}

/// The opening of a note that was sent to someone else.
pub(crate) fn sent(overlay: &Overlay<'_>, commitment: NoteCommitment) -> Result<Option<Note>, StoreError> {
    let opening: Option<Opening> = read(overlay, SENT_NOTES, &commitment.to_array())?;
    Ok(opening.map(|Opening(note)| note))
}

struct Opening(Note);

impl Decode for Opening {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        note(reader).map(Self)
    }
}

/// address 98 || asset 7 || value u64 || index u8 || rho 32 || rseed 32
fn put_note(out: &mut Vec<u8>, note: &Note) {
    note.to().encode(out);
    note.asset().encode(out);
    note.value().encode(out);
    out.push(note.index());
    note.rho().encode(out);
    out.extend_from_slice(note.rseed().expose());
}

fn note(reader: &mut Reader<'_>) -> Result<Note, DecodeError> {
    let parts = NoteParts {
        to: Address::decode(reader)?,
        asset: AssetId::decode(reader)?,
        value: Value::decode(reader)?,
        index: reader.u8()?,
        rho: Nullifier::decode(reader)?,
        rseed: Secret::new(reader.array()?),
    };
    Note::from_parts(parts).map_err(|_| DecodeError::OutOfRange { what: "note" })
}

/// account u32 || direction u8 || note || commitment 32 || position u32 || height u32 || state u8 (0, or 1 and entry
/// u64, or 2, entry u64 and height u32)
impl Encode for OwnedNote {
    fn encode(&self, out: &mut Vec<u8>) {
        self.account.encode(out);
        out.push(match self.direction {
            Direction::External => 0,
            Direction::Internal => 1,
        });
        put_note(out, &self.note);
        self.commitment.encode(out);
        out.extend_from_slice(&self.position.to_le_bytes());
        out.extend_from_slice(&self.height.to_le_bytes());
        match self.state {
            SpendState::Unspent => out.push(0),
            SpendState::InFlight { entry } => {
                out.push(1);
                out.extend_from_slice(&entry.to_le_bytes());
            }
            SpendState::Spent { entry, height } => {
                out.push(2);
                out.extend_from_slice(&entry.to_le_bytes());
                out.extend_from_slice(&height.to_le_bytes());
            }
        }
    }
}

impl Decode for OwnedNote {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            account: AccountNumber::decode(reader)?,
            direction: match reader.u8()? {
                0 => Direction::External,
                1 => Direction::Internal,
                tag => return Err(DecodeError::UnknownTag { what: "direction", tag: tag.into() }),
            },
            note: note(reader)?,
            commitment: NoteCommitment::decode(reader)?,
            position: reader.u32()?,
            height: reader.u32()?,
            state: state(reader)?,
        })
    }
}

fn state(reader: &mut Reader<'_>) -> Result<SpendState, DecodeError> {
    match reader.u8()? {
        0 => Ok(SpendState::Unspent),
        1 => Ok(SpendState::InFlight { entry: reader.u64()? }),
        2 => Ok(SpendState::Spent { entry: reader.u64()?, height: reader.u32()? }),
        tag => Err(DecodeError::UnknownTag { what: "state of a note", tag: tag.into() }),
    }
}

/// Reads the record of an [`OwnedNote`], which is checked when the note itself is read.
impl Decode for NoteSummary {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let account = AccountNumber::decode(reader)?;
        // The direction, and the pool of the address.
        reader.take(1 + 16)?;
        let epoch = Epoch::decode(reader)?;
        reader.take(Address::LENGTH - 16 - 2)?;
        let (asset, value) = (AssetId::decode(reader)?, Value::decode(reader)?);
        // The index, rho and rseed.
        reader.take(1 + 32 + 32)?;
        let commitment = NoteCommitment::decode(reader)?;
        // The position.
        reader.take(4)?;
        Ok(Self { account, asset, value, epoch, commitment, height: reader.u32()?, state: state(reader)? })
    }
}
