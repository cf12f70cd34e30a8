//! Where a wallet keeps its state: the tables of the format, over any [`Store`] of the protocol crate.

use louver_core::{
    encoding::{Decode, DecodeError, Encode, Reader},
    store::{KeyRange, Overlay, Store, StoreError, Table},
};

pub(crate) mod heights;
pub mod sealed;
#[cfg(feature = "sqlite")]
pub mod sqlite;

pub(crate) use louver_core::store::record::{decoded, height_of};
pub use sealed::SealedStore;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;

/// The version of the records below. A store that names another is refused.
pub(crate) const FORMAT_VERSION: u32 = 3;

/// Values there is one of: format, chain, vault, scan position, tree cap.
pub(crate) const META: Table = Table("wallet.meta");
/// Accounts by their number.
pub(crate) const ACCOUNTS: Table = Table("wallet.accounts");
/// Owned notes by their commitment.
pub(crate) const NOTES: Table = Table("wallet.notes");
/// Commitments of owned notes by their nullifier.
pub(crate) const NULLIFIERS: Table = Table("wallet.nullifiers");
/// Openings of notes that were sent to others, by their commitment.
pub(crate) const SENT_NOTES: Table = Table("wallet.sent_notes");
/// Transactions that concern the wallet, by number.
pub(crate) const TRANSACTIONS: Table = Table("wallet.transactions");
/// Numbers of transactions by account and id.
pub(crate) const TRANSACTIONS_BY_ID: Table = Table("wallet.transactions_by_id");
/// The highest known block when a waiting transaction was last submitted, by its id.
pub(crate) const SUBMITTED: Table = Table("wallet.handed_in");
/// Payments that are being made by several transactions, by number.
pub(crate) const SCHEDULES: Table = Table("wallet.schedules");
/// The register of disclosures, by number.
pub(crate) const DISCLOSURES: Table = Table("wallet.disclosures");
/// Shards of the commitment tree by index.
pub(crate) const SHARDS: Table = Table("wallet.shards");
/// Checkpoints of the commitment tree by height.
pub(crate) const CHECKPOINTS: Table = Table("wallet.checkpoints");
/// Scanned blocks that can still be rolled back, by height.
pub(crate) const BLOCKS: Table = Table("wallet.blocks");
/// Heights of scanned blocks with transactions of the pool, until whole blocks are chosen among them.
pub(crate) const BUSY: Table = Table("wallet.busy");
/// Heights of whole blocks that are to be read.
pub(crate) const ASKED: Table = Table("wallet.asked");
/// Heights of all whole blocks that were ever to be read, whatever became of them.
pub(crate) const ASKED_BEFORE: Table = Table("wallet.asked_before");

/// A record that has a key in a table.
pub(crate) fn read<T: Decode>(
    overlay: &Overlay<'_>,
    table: Table,
    key: &[u8],
) -> Result<Option<T>, StoreError> {
    overlay.get(table, key)?.map(|bytes| decoded(table, &bytes)).transpose()
}

/// Every record of a table, in the order of their keys.
pub(crate) fn read_all<T: Decode>(overlay: &Overlay<'_>, table: Table) -> Result<Vec<T>, StoreError> {
    overlay.scan(table, KeyRange::ALL)?.iter().map(|(_, value)| decoded(table, value)).collect()
}

/// Sets a record.
pub(crate) fn write(overlay: &mut Overlay<'_>, table: Table, key: &[u8], record: &impl Encode) {
    overlay.put(table, key, &record.to_bytes());
}

/// The store of a wallet: any store that can be moved between threads.
pub(crate) type WalletStore = Box<dyn Store + Send>;

/// A number that counts up: u64.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counter(pub(crate) u64);

impl Encode for Counter {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0.to_le_bytes());
    }
}

impl Decode for Counter {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.u64().map(Self)
    }
}
