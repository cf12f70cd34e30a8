//! Messages of the wallet's commands.

use louver_viewkeys::report::{ChainChoice, Ground, HeadRead, Paused};
use schemars::JsonSchema;
use serde::Serialize;

use super::quantity::{Amount, Denomination, Moment, Units};

/// A new wallet.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Created {
    /// The wallet's file.
    pub(crate) wallet: String,
    /// The chain, what was chosen of it, and its newest block.
    pub(crate) chain: Ground,
    /// The id of account 0.
    pub(crate) account_id: String,
    /// The block before which the wallet received nothing.
    pub(crate) birthday: u32,
    /// The protection of the recovery phrase.
    pub(crate) protection: Protection,
    /// The recovery phrase: 24 words that give access to the funds.
    pub(crate) phrase: String,
}

/// A wallet that was restored from its phrase.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Restored {
    /// The wallet's file.
    pub(crate) wallet: String,
    /// The chain, what was chosen of it, and its newest block.
    pub(crate) chain: Ground,
    /// The id of account 0.
    pub(crate) account_id: String,
    /// The block after which the wallet began to read.
    pub(crate) birthday: u32,
    /// The protection of the recovery phrase.
    pub(crate) protection: Protection,
    /// The last block that was read.
    pub(crate) height: u32,
    /// How many notes were found.
    pub(crate) received: u64,
}

/// The protection of a wallet's recovery phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Protection {
    /// Sealed with a passphrase.
    Passphrase,
    /// Not sealed: anybody who reads the file can spend the funds.
    None,
    /// There is no phrase: the wallet can see and cannot spend.
    ViewOnly,
}

/// The facts about a wallet.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Info {
    /// The wallet's file.
    pub(crate) wallet: String,
    /// The version of the command.
    pub(crate) version: String,
    /// The chain's name.
    pub(crate) chain: String,
    /// The hash of the chain's genesis, in hexadecimal.
    pub(crate) genesis_hash: String,
    /// The choice of a chain that was made with the wallet, or since.
    pub(crate) chosen: ChainChoice,
    /// The newest block that the node shows, which the chain's authorities sealed.
    pub(crate) head: HeadRead,
    /// Present while payments stand still on the chain, after its guardians have switched off its rules; `null` otherwise.
    pub(crate) paused: Option<Paused>,
    /// Whether it is a development chain, whose money is worth nothing.
    pub(crate) development: bool,
    /// The pool.
    pub(crate) pool: u32,
    /// The block after which the wallet began to read.
    pub(crate) birthday: u32,
    /// The last block that was read.
    pub(crate) height: u32,
    /// The protection of the recovery phrase.
    pub(crate) protection: Protection,
    /// The accounts.
    pub(crate) accounts: Vec<Account>,
}

/// An account of a wallet.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Account {
    /// Its number in the wallet.
    pub(crate) number: u32,
    /// The number of the account of the recovery phrase; `null` if it was added by its viewing key and cannot spend.
    pub(crate) index: Option<u32>,
    /// Its id.
    pub(crate) account_id: String,
}

/// The recovery phrase.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Phrase {
    /// The wallet's file.
    pub(crate) wallet: String,
    /// 24 words that give access to the funds.
    pub(crate) phrase: String,
    /// The block after which a restored wallet must begin to read, or an earlier one.
    pub(crate) birthday: u32,
}

/// The recovery phrase has another protection now.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PassphraseChanged {
    /// The wallet's file.
    pub(crate) wallet: String,
    /// The new protection of the recovery phrase.
    pub(crate) protection: Protection,
}

/// The accounts of a wallet.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Accounts {
    /// The accounts, by number.
    pub(crate) accounts: Vec<Account>,
}

/// An account that was added.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AccountAdded {
    /// The account.
    #[serde(flatten)]
    pub(crate) account: Account,
    /// The last block that was read with it.
    pub(crate) height: u32,
}

/// An address to give to a payer.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Address {
    /// The address.
    pub(crate) address: String,
    /// The number of the account.
    pub(crate) account: u32,
    /// The number of the epoch that it is for.
    pub(crate) epoch: u16,
    /// When its epoch ends, from when on payers are asked for a newer address; `null` if it does not expire.
    pub(crate) valid_until: Option<Moment>,
    /// From when on no block pays it any more; `null` if it does not expire.
    pub(crate) payable_until: Option<Moment>,
}

/// The result of reading blocks.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Synced {
    /// The last block that was read.
    pub(crate) height: u32,
    /// How many blocks were read.
    pub(crate) blocks: u64,
    /// How many notes were received, change included.
    pub(crate) received: u64,
    /// How many notes were spent.
    pub(crate) spent: u64,
    /// How many mined transactions lack their memos and what they paid, since the node keeps their whole blocks no longer.
    /// Their money is counted. A later exchange asks for the blocks again, so another node can help.
    pub(crate) incomplete: u64,
    /// Present while payments stand still on the chain, after its guardians have switched off its rules; `null` otherwise.
    pub(crate) paused: Option<Paused>,
}

/// The balances of an account.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Balances {
    /// The number of the account.
    pub(crate) account: u32,
    /// The last block that was read.
    pub(crate) height: u32,
    /// Present while payments stand still on the chain, after its guardians have switched off its rules; `null` otherwise.
    pub(crate) paused: Option<Paused>,
    /// The balance of each asset.
    pub(crate) balances: Vec<Balance>,
}

/// The balance of one asset, in the asset's smallest unit. The parts do not overlap.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Balance {
    /// The asset.
    #[serde(flatten)]
    pub(crate) of: Denomination,
    /// The part that can be spent now.
    pub(crate) spendable: Units,
    /// The part received so recently that the wallet waits for more blocks before it spends it.
    pub(crate) immature: Units,
    /// The part that returns with transactions that are not in a block yet.
    pub(crate) pending: Units,
    /// The whole balance.
    pub(crate) total: Units,
}

/// The transparent account of a wallet.
#[derive(Serialize, JsonSchema)]
pub(crate) struct TransparentAccount {
    /// The account.
    pub(crate) account: String,
    /// Its public balances.
    pub(crate) balances: Vec<Amount>,
}

/// The announcements of a transparent account, of a kind about a subject.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Announcements {
    /// The account that announced.
    pub(crate) account: String,
    /// The kind: `reserves` or `log-head`.
    pub(crate) kind: String,
    /// The subject, in hexadecimal.
    pub(crate) subject: String,
    /// How many there are, as the chain proves it.
    pub(crate) count: u64,
    /// The head of the chain of hashes over all of them, in hexadecimal, as the chain proves it.
    pub(crate) chained: String,
    /// Each, in their order: together they make the head. `null` if there are too many to be listed.
    pub(crate) announcements: Option<Vec<Announced>>,
    /// The block that all this stands under.
    pub(crate) head: HeadRead,
}

/// An announcement.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Announced {
    /// The block that it stands in.
    pub(crate) height: u32,
    /// The hash, in hexadecimal.
    pub(crate) hash: String,
}

/// The address book.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Contacts {
    /// The contacts, by name.
    pub(crate) contacts: Vec<Contact>,
}

/// Somebody with an address.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Contact {
    /// The name, as in `--to @name`.
    pub(crate) name: String,
    /// The address.
    pub(crate) address: String,
    /// The number of the epoch that the address is for.
    pub(crate) epoch: u16,
    /// From when on no block pays it any more; `null` if it does not expire.
    pub(crate) payable_until: Option<Moment>,
    /// Whether it has expired.
    pub(crate) expired: bool,
    /// When it was added.
    pub(crate) added: Moment,
}

/// A request for a payment.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Request {
    /// The request, to be given to the payer.
    pub(crate) uri: String,
    /// The address to pay now.
    pub(crate) address: String,
    /// The address to pay once the epoch of the first is over; `null` if that never ends.
    pub(crate) next_address: Option<String>,
    /// From when on the request cannot be paid any more; `null` if it does not expire.
    pub(crate) payable_until: Option<Moment>,
    /// The amount; `null` if the payer chooses.
    pub(crate) amount: Option<Amount>,
    /// The memo that the payment should have.
    pub(crate) memo: Option<String>,
}
