//! Messages on grants, disclosures and auditors' keys. Reports of audits have schemas of their own.

use louver_viewkeys::{
    package::Detail,
    report::{Assurance, Ground},
    signed::Checks,
    statement::SnapshotRead,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    quantity::{Amount, Denomination, Moment, Units, Written},
    transaction::Direction,
};

/// A grant that was written.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Granted {
    /// The file.
    pub(crate) file: String,
    /// The account that it shows.
    pub(crate) account_id: String,
    /// The reader's name.
    pub(crate) auditor: String,
    /// The only key that opens it.
    pub(crate) recipient: String,
    /// Until when it may be presented.
    pub(crate) expires: Moment,
    /// The directions that it shows, as `wallet grant --show` reads them.
    pub(crate) shows: String,
    /// The first epoch that it shows.
    pub(crate) first_epoch: u16,
    /// The last epoch that it shows.
    pub(crate) last_epoch: u16,
    /// Their name for people.
    pub(crate) period: String,
}

/// A book that was written.
#[derive(Serialize, JsonSchema)]
pub(crate) struct BookWritten {
    /// The file.
    pub(crate) file: String,
    /// The account that it shows.
    pub(crate) account_id: String,
    /// The reader's name.
    pub(crate) auditor: String,
    /// The only key that opens it.
    pub(crate) recipient: String,
    /// Until when it may be presented.
    pub(crate) expires: Moment,
    /// The first epoch that it shows.
    pub(crate) first_epoch: u16,
    /// The last epoch that it shows.
    pub(crate) last_epoch: u16,
    /// Their name for people.
    pub(crate) period: String,
    /// How many transactions of the account it opens.
    pub(crate) transactions: u64,
    /// How many receipts it shows.
    pub(crate) receipts: u64,
    /// The proof by which it is checked without a node; absent if none could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) proof: Option<ProofWritten>,
}

/// A statement that was written.
#[derive(Serialize, JsonSchema)]
pub(crate) struct StatementWritten {
    /// The file.
    pub(crate) file: String,
    /// The account that it is about.
    pub(crate) account_id: String,
    /// The statement, in words.
    pub(crate) says: String,
    /// How many proofs it has. A statement about a sum has one, two, four and so on, for eight notes each.
    pub(crate) proofs: u64,
    /// The reader's name.
    pub(crate) auditor: String,
    /// The only key that opens it; absent if it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recipient: Option<String>,
    /// Until when it may be presented.
    pub(crate) expires: Moment,
    /// The proof by which it is checked without a node; absent if none could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) proof: Option<ProofWritten>,
}

/// A disclosure package that was written.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Disclosed {
    /// The file.
    pub(crate) file: String,
    /// How many payments it opens.
    pub(crate) payments: u64,
    /// The reader's name.
    pub(crate) auditor: String,
    /// The only key that opens it; absent if it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) recipient: Option<String>,
    /// Until when it may be presented.
    pub(crate) expires: Moment,
    /// The proof by which it is checked without a node; absent if none could be made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) proof: Option<ProofWritten>,
}

/// The register of what an account showed to others.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Disclosures {
    /// The account.
    pub(crate) account_id: String,
    /// Since when the wallet's file keeps the register; `null` if an earlier version made the file.
    pub(crate) since: Option<Moment>,
    /// Whether nothing can have been shown before: the wallet was made then, and not restored. Other devices with the same
    /// phrase keep registers of their own.
    pub(crate) is_whole: bool,
    /// The records that were asked for, the latest first.
    pub(crate) disclosures: Vec<DisclosureRecord>,
}

/// A record of something that was shown. It holds no key.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DisclosureRecord {
    /// Its number in the wallet's file.
    pub(crate) number: u64,
    /// Its kind: `grant`, `package`, `book` or `statement`.
    pub(crate) kind: String,
    /// The owner's own label; empty if there is none.
    pub(crate) label: String,
    /// The reader's name.
    pub(crate) auditor: String,
    /// The only key that opens its file; `null` if it was handed over open.
    pub(crate) recipient: Option<String>,
    /// Its purpose.
    pub(crate) purpose: String,
    /// The directions that a grant shows, as `wallet grant --show` reads them; `null` for other kinds.
    pub(crate) directions: Option<String>,
    /// The first epoch that it shows; `null` if it shows single transactions.
    pub(crate) first_epoch: Option<u16>,
    /// The last epoch that it shows; `null` if it shows single transactions.
    pub(crate) last_epoch: Option<u16>,
    /// Their name for people.
    pub(crate) period: Option<String>,
    /// The ids of the transactions that a package shows, in hexadecimal.
    pub(crate) transactions: Vec<String>,
    /// When it was made.
    pub(crate) issued: Moment,
    /// Until when it may be presented.
    pub(crate) expires: Moment,
    /// The hash of its file's contents, in hexadecimal, as receipts of readers name it.
    pub(crate) hash: String,
}

/// The contents that a package would have. Nothing was made.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DisclosurePreview {
    /// The payments, deposits and withdrawals, in the order of the package.
    pub(crate) payments: Vec<PreviewedPayment>,
}

/// A payment, deposit or withdrawal that a package would show.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PreviewedPayment {
    /// Its meaning for the account.
    pub(crate) direction: Direction,
    /// The transaction's id, in hexadecimal.
    pub(crate) txid: String,
    /// The height of its block.
    pub(crate) height: u32,
    /// Its block's time.
    pub(crate) time: Moment,
    /// The parts that are shown. All else is hidden.
    pub(crate) shows: Detail,
    /// The amount that is shown, or the least.
    pub(crate) amount: Amount,
    /// The recipient's address; `null` if it is hidden.
    pub(crate) recipient: Option<String>,
    /// The memo, if it is shown.
    #[serde(flatten)]
    pub(crate) written: Written,
}

/// The tree of what is owed, and its files.
#[derive(Serialize, JsonSchema)]
pub(crate) struct LiabilitiesWritten {
    /// The folder of the files.
    pub(crate) folder: String,
    /// The account that holds the reserves.
    pub(crate) account_id: String,
    /// The index of the snapshot.
    pub(crate) snapshot: u32,
    /// The root to publish, in hexadecimal.
    pub(crate) root: String,
    /// How many customers there are.
    pub(crate) customers: u64,
    /// How much is owed in all, in the asset's smallest unit.
    pub(crate) total: Units,
    /// The asset.
    #[serde(flatten)]
    pub(crate) of: Denomination,
}

/// A balance that is counted among published debts.
#[derive(Serialize, JsonSchema)]
pub(crate) struct InclusionChecked {
    /// The chain that was read, and how its reader came to trust it.
    pub(crate) chain: Ground,
    /// How far it can be relied on that the balance is counted.
    pub(crate) assurance: Assurance,
    /// The customer.
    pub(crate) name: String,
    /// The account of the pool that the reserves are of.
    pub(crate) account_id: String,
    /// The index of the snapshot.
    pub(crate) snapshot: u32,
    /// The asset.
    #[serde(flatten)]
    pub(crate) of: Denomination,
    /// The customer's balance that is counted, in the asset's smallest unit.
    pub(crate) counted: Units,
    /// The whole of the published debts, in the asset's smallest unit.
    pub(crate) total: Units,
    /// The root, in hexadecimal.
    pub(crate) root: String,
    /// The transparent account that published it, and no other.
    pub(crate) by: String,
    /// The height of the block that it stands in.
    pub(crate) height: u32,
}

/// Reserves that cover published debts.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ReservesChecked {
    /// The chain that was read, and how its reader came to trust it.
    pub(crate) chain: Ground,
    /// How far it can be relied on that the reserves cover the debts.
    pub(crate) assurance: Assurance,
    /// The snapshot of both.
    pub(crate) snapshot: SnapshotRead,
    /// The asset.
    #[serde(flatten)]
    pub(crate) of: Denomination,
    /// The published debts, in the asset's smallest unit.
    pub(crate) owed: Units,
    /// The accounts held at least so much together, in the asset's smallest unit.
    pub(crate) held: Units,
    /// The accounts, in the order of their statements.
    pub(crate) accounts: Vec<AccountHeld>,
    /// The root of the debts, in hexadecimal.
    pub(crate) root: String,
    /// The transparent account that published it, and no other about the same.
    pub(crate) by: String,
    /// The height of the block that it stands in.
    pub(crate) height: u32,
}

/// An account's holdings.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AccountHeld {
    /// The account of the pool.
    pub(crate) account_id: String,
    /// The amount that it held at least, in the asset's smallest unit.
    pub(crate) at_least: Units,
}

/// A proof by which a package is checked without a node.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ProofWritten {
    /// The file.
    pub(crate) file: String,
    /// The height of the block that everything in it stands under.
    pub(crate) height: u32,
    /// That block's time.
    pub(crate) time: Moment,
}

/// An auditor's new key.
#[derive(Serialize, JsonSchema)]
pub(crate) struct AuditorKey {
    /// The file of the secret key.
    pub(crate) file: String,
    /// The public key, to give to whoever makes a grant.
    pub(crate) recipient: String,
}

/// A request of a reader that was written.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ChallengeWritten {
    /// The file.
    pub(crate) file: String,
    /// The reader's name.
    pub(crate) auditor: String,
    /// The number that an answer names: the hash of the request, in hexadecimal.
    pub(crate) nonce: String,
    /// When it was made, by the reader's clock.
    pub(crate) made: Moment,
    /// Its demand, for people.
    pub(crate) asks: Vec<String>,
}

/// A receipt whose signature is valid.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ReceiptRead {
    /// The reader's name, as the file had it that he was shown.
    pub(crate) reader: String,
    /// The key that signed it, in hexadecimal.
    pub(crate) key: String,
    /// Whether that is the key of the request that was given.
    pub(crate) key_checked: bool,
    /// The hash of the file that the reader was shown, in hexadecimal.
    pub(crate) envelope: String,
    /// Whether the file that was given is that one.
    pub(crate) data_checked: bool,
    /// The genesis hash of the chain, in hexadecimal.
    pub(crate) genesis_hash: String,
    /// The height of the newest block that the reader knew.
    pub(crate) height: u32,
    /// Its hash, in hexadecimal.
    pub(crate) block_hash: String,
    /// Its time.
    pub(crate) time: Moment,
    /// When the receipt was made, by the reader's clock.
    pub(crate) made: Moment,
    /// The reader's conclusion.
    pub(crate) conclusion: String,
    /// The sentences of his verdict.
    pub(crate) sentences: Vec<ReceiptSentence>,
}

/// A sentence of a receipt.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ReceiptSentence {
    /// Its label, as in GUARANTEED; absent for a sentence about the file itself.
    pub(crate) label: Option<String>,
    /// The sentence.
    pub(crate) text: String,
}

/// A grant that was opened and verified.
#[derive(Serialize, JsonSchema)]
pub(crate) struct GrantOpened {
    /// The account that it shows.
    pub(crate) account_id: String,
    /// The reader's name, in its maker's words.
    pub(crate) made_for: String,
    /// When it was made, by its maker's clock.
    pub(crate) issued: Moment,
    /// Until when it may be presented.
    pub(crate) expires: Moment,
    /// The directions that it shows.
    pub(crate) shows: String,
    /// The first epoch that it shows.
    pub(crate) first_epoch: u16,
    /// The last epoch that it shows.
    pub(crate) last_epoch: u16,
    /// Their name for people.
    pub(crate) period: String,
    /// Its purpose, in its maker's words.
    pub(crate) purpose: String,
    /// Whether its keys are proven to be the account's.
    pub(crate) verified: bool,
    /// The parts of the grant that its reader had demanded.
    pub(crate) checked: Checks,
    /// The chain that it was checked on, what was chosen of it, and its newest block.
    pub(crate) chain: Ground,
}
