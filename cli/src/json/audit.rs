//! Messages on grants, disclosures and auditors' keys. Reports of audits have schemas of their own.

use louver_viewkeys::{report::Ground, signed::Checks};
use schemars::JsonSchema;
use serde::Serialize;

use super::quantity::Moment;

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
