//! What became of an account's transactions.

use louver_core::{asset::AssetId, encoding::Encode, value};
use louver_wallet::history as engine;

use crate::{Amount, PublicSide, request::memo};

variant! {
    /// How far a transaction has come.
    pub enum Status {
        /// Signed, not yet in a block.
        Pending {
            /// The last block that can take it.
            expiry: u32,
        },
        /// In a block.
        Mined {
            /// The block's height.
            height: u32,
            /// The block's time, in seconds since 1970.
            time: u64,
        },
        /// No block that the node showed took it, and none of this branch will: what it would have spent can be spent
        /// again. A payment of the same amounts spends one of its notes again, where it can, so that not even a node that
        /// lied of the blocks makes it paid twice.
        Expired {
            /// The last block that could have taken it.
            expiry: u32,
        },
        /// Another transaction of the account spent its notes: this one sent nothing, and no block will take it.
        Superseded {
            /// The other transaction's id, in hexadecimal.
            by: String,
            /// Whether another device made that one, with the same recovery phrase.
            elsewhere: bool,
            /// The block that took the other.
            height: u32,
        },
        /// Its owner gave it up: `Wallet::abandon`. What it would have spent can be spent again; a block may still take it.
        Abandoned {
            /// The last block that can take it.
            expiry: u32,
        },
        /// A node refused it for a reason that no later block cures. What it would have spent can be spent again.
        Refused {
            /// The last block that could take it, if the node was wrong.
            expiry: u32,
        },
    }
}

choice! {
    /// Whose an output is.
    pub enum OutputKind {
        /// Paid to one of the account's own addresses.
        Received,
        /// Returned to the account by itself.
        Change,
        /// Paid by the account to someone else.
        Sent,
    }
}

data! {
    /// An output that the account knows the contents of.
    pub struct Output {
        /// Its index in its transaction.
        pub index: u8,
        /// Whose it is.
        pub kind: OutputKind,
        /// The address that it was paid to.
        pub address: String,
        /// How much of what.
        pub amount: Amount,
        /// What the payer wrote, if it is text; absent if nothing was written, or the payer spoilt it. It comes from a
        /// stranger: show it as plain text, as `visible_text` gives it.
        pub memo: Option<String>,
        /// What the payer wrote, in hexadecimal, if it is not text.
        pub memo_hex: Option<String>,
    }
}

data! {
    /// By how much a transaction changed what the account holds.
    pub struct Net {
        /// The asset's id.
        pub asset: u64,
        /// What came in, in the asset's smallest unit.
        pub gained: u64,
        /// What went out, the fee included.
        pub spent: u64,
    }
}

data! {
    /// A transaction as one account sees it.
    pub struct HistoryEntry {
        /// Its id, in hexadecimal.
        pub txid: String,
        /// The epoch that it declares.
        pub epoch: u16,
        /// How far it has come.
        pub status: Status,
        /// Whether the account made it.
        pub authorised: bool,
        /// What it moves into or out of the pool.
        pub side: PublicSide,
        /// The fee that it pays, whoever pays it.
        pub fee: Amount,
        /// What it changed, by asset.
        pub net: Vec<Net>,
        /// Its outputs, as far as the account knows their contents.
        pub outputs: Vec<Output>,
    }
}

impl From<&engine::HistoryEntry> for HistoryEntry {
    fn from(entry: &engine::HistoryEntry) -> Self {
        let mut moved: Vec<AssetId> = entry.outputs.iter().map(|output| output.asset).collect();
        moved.extend(entry.spent.iter().map(|spent| spent.asset));
        moved.sort_unstable();
        moved.dedup();
        Self {
            txid: hex::encode(entry.txid.to_bytes()),
            epoch: entry.epoch.0,
            status: match entry.status {
                engine::Status::Pending { expiry } => Status::Pending { expiry },
                engine::Status::Mined { height, time } => Status::Mined { height, time },
                engine::Status::Expired { expiry } => Status::Expired { expiry },
                engine::Status::Superseded { by, elsewhere, height, .. } => {
                    Status::Superseded { by: hex::encode(by.to_bytes()), elsewhere, height }
                }
                engine::Status::Abandoned { expiry } => Status::Abandoned { expiry },
                engine::Status::Refused { expiry, .. } => Status::Refused { expiry },
            },
            authorised: entry.authorised,
            side: (&entry.side).into(),
            fee: Amount::new(entry.fee.asset(), entry.fee.amount()),
            net: moved.into_iter().map(|asset| net(entry, asset)).collect(),
            outputs: entry.outputs.iter().map(Output::of).collect(),
        }
    }
}

fn net(entry: &engine::HistoryEntry, asset: AssetId) -> Net {
    let sum = |values: &mut dyn Iterator<Item = value::Value>| {
        values.fold(0u64, |sum, value| sum.saturating_add(value.0))
    };
    let own =
        |output: &&engine::OutputEntry| output.kind != engine::OutputKind::Sent && output.asset == asset;
    let gained = sum(&mut entry.outputs.iter().filter(own).map(|output| output.value));
    let spent = sum(&mut entry.spent.iter().filter(|spent| spent.asset == asset).map(|spent| spent.value));
    // What returns as change did neither.
    let common = gained.min(spent);
    Net { asset: asset.to_u64(), gained: gained - common, spent: spent - common }
}

impl Output {
    fn of(output: &engine::OutputEntry) -> Self {
        let (memo, memo_hex) = memo(output.memo.as_ref());
        Self {
            index: output.index,
            kind: match output.kind {
                engine::OutputKind::Received => OutputKind::Received,
                engine::OutputKind::Change => OutputKind::Change,
                engine::OutputKind::Sent => OutputKind::Sent,
            },
            address: output.address.to_string(),
            amount: Amount::new(output.asset, output.value),
            memo,
            memo_hex,
        }
    }
}
