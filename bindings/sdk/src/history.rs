//! An account's transactions and what became of them.

use louver_core::{
    asset::AssetId,
    encoding::Encode,
    transaction::TxId,
    value::{Balance, Value},
};
use louver_wallet::{abandonment::Final, history as engine};

use crate::{Amount, PublicSide, WalletError, disclosure::bytes32, request::memo};

variant! {
    /// The progress of a transaction.
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
        /// It expired: no block that the node showed has taken it, and no later block of this branch will. The account
        /// can spend its notes again. A new payment of the same amounts spends one of the same notes where it can. So
        /// even if the node lied about the blocks, only one of the two can be mined.
        Expired {
            /// The last block that could have taken it.
            expiry: u32,
        },
        /// Another transaction of the account spent its notes. This one sent nothing, and no block will take it.
        Superseded {
            /// The other transaction's id, in hexadecimal.
            by: String,
            /// Whether another device with the same recovery phrase made that transaction.
            elsewhere: bool,
            /// The height of the block with that transaction.
            height: u32,
        },
        /// The owner gave it up with `Wallet::abandon`. The account can spend its notes again; a block may still take
        /// it.
        Abandoned {
            /// The last block that can take it.
            expiry: u32,
        },
        /// A node says that no block will take it. The account can spend its notes again; until it expires, another node may
        /// still have it mined: do not pay by other means before then.
        Refused {
            /// The last block that could take it, in case the node was wrong.
            expiry: u32,
            /// Why.
            reason: FinalRefusal,
        },
    }
}

choice! {
    /// Why no later block takes a transaction that a node refused. That is the node's word.
    pub enum FinalRefusal {
        /// It proves what it spends by a state of the ledger that is too old by now. A new transaction is proven by a newer one.
        AnchorTooOld,
        /// It breaks a rule of the chain, such as its least fee, or follows rules that were switched off.
        Rules,
        /// Its proof or a signature is not valid.
        Invalid,
    }
}

choice! {
    /// How an output relates to the account.
    pub enum OutputKind {
        /// Paid to one of the account's own addresses.
        Received,
        /// Returned by the account to itself.
        Change,
        /// Paid by the account to someone else.
        Sent,
    }
}

data! {
    /// An output whose contents the account knows.
    pub struct Output {
        /// Its index in its transaction.
        pub index: u8,
        /// How it relates to the account.
        pub kind: OutputKind,
        /// The address that was paid.
        pub address: String,
        /// The amount, with its asset.
        pub amount: Amount,
        /// The payer's memo, if it is text; absent if there is none, or if it cannot be read. The text comes
        /// from a stranger: show it as plain text, as `visible_text` returns it.
        pub memo: Option<String>,
        /// The payer's memo in hexadecimal, if it is not text.
        pub memo_hex: Option<String>,
        /// Whether the payer made the memo unreadable. The money counts all the same; say that there is a memo that cannot be
        /// read, and not that there is none.
        pub memo_unreadable: bool,
    }
}

data! {
    /// By how much a transaction changed what the account holds.
    pub struct Net {
        /// The asset's id.
        pub asset: u64,
        /// The amount that came in, in the asset's smallest unit.
        pub gained: u64,
        /// The amount that went out with the fee, in the asset's smallest unit.
        pub spent: u64,
    }
}

choice! {
    /// The meaning of a transaction for its account.
    pub enum EntryKind {
        /// Somebody else paid the account, or moved something into the pool for it.
        Received,
        /// The account paid somebody else.
        Paid,
        /// The account paid itself, at an address that it gave out. Nothing came in, and nothing went out but the fee.
        ToSelf,
        /// The account joined its notes.
        Joined,
        /// The account moved something into the pool.
        Deposited,
        /// The account moved something out of the pool.
        Withdrawn,
    }
}

/// The kinds of the engine and those of the API, one to one.
macro_rules! kinds {
    ($($kind:ident)*) => {
        impl From<engine::EntryKind> for EntryKind {
            fn from(kind: engine::EntryKind) -> Self {
                match kind { $(engine::EntryKind::$kind => Self::$kind),* }
            }
        }

        impl From<EntryKind> for engine::EntryKind {
            fn from(kind: EntryKind) -> Self {
                match kind { $(EntryKind::$kind => Self::$kind),* }
            }
        }
    };
}

kinds! { Received Paid ToSelf Joined Deposited Withdrawn }

data! {
    /// A part of a history. A limit that is absent does not limit it.
    #[derive(Default)]
    pub struct HistoryQuery {
        /// The most entries to give.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub limit: Option<u32>,
        /// Entries that are earlier than the one of this transaction, by its id in hexadecimal: the last entry of a page
        /// leads to the next page.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub before: Option<String>,
        /// Entries that are later than the one of this transaction, by its id in hexadecimal. Without `before`, the page
        /// ends at that transaction.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub after: Option<String>,
        /// Entries since this time, in seconds since 1970. A transaction that is in no block is later than every time.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub since: Option<u64>,
        /// Entries up to this time, in seconds since 1970.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub until: Option<u64>,
        /// Entries that change what the account holds of this asset, by its id.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub asset: Option<u64>,
        /// Entries of this kind.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub kind: Option<EntryKind>,
    }
}

impl HistoryQuery {
    pub(crate) fn read(&self) -> Result<engine::HistoryQuery, WalletError> {
        let id = |txid: &String| {
            let unknown = || WalletError::UnknownTransaction { txid: txid.clone() };
            bytes32(txid).map(TxId).ok_or_else(unknown)
        };
        // No entry moves an asset that cannot exist.
        let asset = self.asset.map(|asset| AssetId::new(asset).unwrap_or(AssetId::NONE));
        let (since, until, kind) = (self.since, self.until, self.kind.map(Into::into));
        Ok(engine::HistoryQuery {
            filter: engine::HistoryFilter { since, until, asset, kind },
            before: self.before.as_ref().map(id).transpose()?,
            after: self.after.as_ref().map(id).transpose()?,
            most: self.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX)),
        })
    }
}

data! {
    /// A transaction, as one account sees it.
    pub struct HistoryEntry {
        /// Its id, in hexadecimal.
        pub txid: String,
        /// The epoch that it declares.
        pub epoch: u16,
        /// Its progress.
        pub status: Status,
        /// Its meaning for the account. Until it was read in full, a payment counts as `Joined`.
        pub kind: EntryKind,
        /// The time of its block, in seconds since 1970; absent while it is in none.
        pub time: Option<u64>,
        /// Whether the account made it.
        pub authorised: bool,
        /// Its movement into or out of the pool.
        pub side: PublicSide,
        /// The fee of the transaction, whoever paid it.
        pub fee: Amount,
        /// The fee that the account paid out of the pool; absent if somebody else paid it, if the payer of a deposit paid it
        /// in public, or if there is none.
        pub fee_paid: Option<Amount>,
        /// The change to each asset that the account holds; empty if nothing moved.
        pub net: Vec<Net>,
        /// Its outputs whose contents the account knows.
        pub outputs: Vec<Output>,
        /// Whether it can be submitted again (`Wallet::retry`): it waits for a block, and this wallet signed it. If not, `status`
        /// says why: a block has it, no block takes it any more, another transaction took its place, or it was given up.
        pub can_retry: bool,
        /// Whether it can be given up (`Wallet::abandon`), so that what it would spend can be spent otherwise: as `can_retry`.
        pub can_abandon: bool,
    }
}

impl From<&engine::HistoryEntry> for HistoryEntry {
    fn from(entry: &engine::HistoryEntry) -> Self {
        let paid = entry.fee_paid();
        Self {
            txid: hex::encode(entry.txid.to_bytes()),
            epoch: entry.epoch.0,
            status: match entry.status {
                engine::Status::Pending { expiry } => Status::Pending { expiry },
                engine::Status::Mined { height, time } => Status::Mined { height, time },
                engine::Status::Expired { expiry, .. } => Status::Expired { expiry },
                engine::Status::Superseded { by, elsewhere, height, .. } => {
                    Status::Superseded { by: hex::encode(by.to_bytes()), elsewhere, height }
                }
                engine::Status::Abandoned { expiry } => Status::Abandoned { expiry },
                engine::Status::Refused { expiry, reason } => {
                    let reason = match reason {
                        Final::AnchorTooOld => FinalRefusal::AnchorTooOld,
                        Final::Rules => FinalRefusal::Rules,
                        Final::Invalid => FinalRefusal::Invalid,
                    };
                    Status::Refused { expiry, reason }
                }
            },
            kind: entry.kind().into(),
            time: entry.time(),
            authorised: entry.authorised,
            side: (&entry.side).into(),
            fee: Amount::new(entry.fee.asset(), entry.fee.amount()),
            fee_paid: (paid.amount() != Value::ZERO).then(|| Amount::new(paid.asset(), paid.amount())),
            net: entry.nets().into_iter().map(net).collect(),
            outputs: entry.outputs.iter().map(|output| Output::of(entry, output)).collect(),
            can_retry: entry.is_own_pending(),
            can_abandon: entry.is_own_pending(),
        }
    }
}

fn net((asset, Balance(net)): (AssetId, Balance)) -> Net {
    let units = |change: i128| u64::try_from(change.max(0)).unwrap_or(u64::MAX);
    Net { asset: asset.to_u64(), gained: units(net), spent: units(-net) }
}

impl Output {
    fn of(entry: &engine::HistoryEntry, output: &engine::OutputEntry) -> Self {
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
            memo_unreadable: entry.memo_state(output) == engine::MemoState::Unreadable,
        }
    }
}

#[cfg(test)]
mod tests {
    use louver_core::{
        epoch::Epoch,
        keys::{AccountSpendingKey, AddressIndex, Direction as KeyDirection},
        note::{Memo, NoteCommitment, SpendTag},
        pool::{GenesisHash, PoolId, PoolTag},
        spec::Fr,
        transaction::{self, Fee},
    };
    use louver_wallet::{
        account::AccountNumber,
        history::{HistoryEntry, OutputEntry, OutputKind, Status},
    };

    use super::*;

    /// Attacker: a payer who makes the memo unreadable, so that it looks as if there were none.
    #[test]
    fn a_memo_that_cannot_be_read_is_not_an_empty_one() {
        let key = AccountSpendingKey::from_seed(&[7; 64], 0).unwrap().full_viewing_key();
        let pool = PoolTag::new(&GenesisHash([1; 32]), PoolId(0));
        let output = |memo: Option<&[u8]>| OutputEntry {
            index: 0,
            kind: OutputKind::Received,
            address: key.address(pool, Epoch(0), KeyDirection::External, AddressIndex(0)),
            asset: AssetId::new(1).unwrap(),
            value: Value(5),
            commitment: NoteCommitment::from_scalar(Fr::from(3)),
            memo: memo.map(|memo| Memo::new(memo).unwrap()),
        };
        let entry = |memo, complete| HistoryEntry {
            number: 1,
            account: AccountNumber(0),
            txid: TxId([1; 32]),
            epoch: Epoch(0),
            spend_tag: SpendTag::from_scalar(Fr::from(4)),
            status: Status::Mined { height: 9, time: 1_700_000_000 },
            authorised: false,
            side: transaction::PublicSide::Internal,
            fee: Fee::NONE,
            spent: Vec::new(),
            outputs: vec![output(memo)],
            complete,
            first_position: Some(0),
            signed: None,
        };
        let told = |memo, complete| {
            let told = super::HistoryEntry::from(&entry(memo, complete)).outputs.remove(0);
            (told.memo, told.memo_unreadable)
        };
        assert_eq!(told(Some(b"rent"), true), (Some("rent".to_owned()), false));
        assert_eq!(told(None, true), (None, true));
        assert_eq!(told(None, false), (None, false), "it may be read later");
        assert!(!told(Some(b""), true).1);
    }
}
