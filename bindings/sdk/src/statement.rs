//! Statements about an account, as their maker asks for them and as their reader has them.

use std::sync::{Arc, Mutex, PoisonError};

use louver_client::{
    apart::apart,
    audit::names,
    statement::{SnapshotChoice, Wanted, WantedSum},
};
use louver_core::{
    address::Address,
    asset::KnownAssets,
    epoch::{Epoch, EpochRange},
    transaction::TxId,
};
use louver_viewkeys::{
    auditor::ReaderKeys,
    report::words,
    statement::{StatementFile, StatementReading, VerifiedStatement, words as sentences},
};

use crate::{
    Amount, Asset, Assurance, AuditorKey, ChainChoice, DiscloseError, Expectations, Node, ReceiptError,
    StatementError, TrustedHead, amount, disclosure::bytes32, receipt,
};

variant! {
    /// A sentence about an account that is to be proven. Nothing else of the account is shown.
    pub enum StatementClaim {
        /// The account alone can spend what is paid to an address.
        Address {
            /// The address (`lvr1...`).
            address: String,
        },
        /// A note was not spent at a snapshot. Its amount stays hidden.
        Unspent {
            /// The id of the transaction that made it, in hexadecimal.
            txid: String,
            /// The output's index.
            output: u8,
            /// The number of the snapshot; the newest if absent.
            snapshot: Option<u32>,
        },
        /// The account held at least so much of an asset at a snapshot. It takes a proof of some ten seconds and more for every
        /// eight notes.
        Holdings {
            /// The amount, with its asset.
            at_least: Amount,
            /// The number of the snapshot; the newest if absent.
            snapshot: Option<u32>,
        },
        /// At least so much of an asset came to the account from others in some epochs.
        Total {
            /// The amount, with its asset.
            at_least: Amount,
            /// The first epoch.
            first_epoch: u16,
            /// The last epoch.
            last_epoch: u16,
        },
        /// Everything of an asset that the wallet knows to have come from others in some epochs, exactly.
        All {
            /// The asset's id.
            asset: u64,
            /// The first epoch.
            first_epoch: u16,
            /// The last epoch.
            last_epoch: u16,
        },
    }
}

data! {
    /// A request for a statement.
    pub struct StatementRequest {
        /// The sentence to prove.
        pub claim: StatementClaim,
        /// The reader's name: at most 256 bytes.
        pub auditor: String,
        /// The reader's `age` key (`age1...`), so that nobody else can open the statement; absent if it is handed over open.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub recipient: Option<String>,
        /// A number that the reader gave in place of a challenge, 64 hexadecimal digits; absent if the reader gave none.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        pub nonce: Option<String>,
        /// The purpose: at most 512 bytes.
        pub purpose: String,
        /// For how many days it may be presented.
        pub days: u32,
        /// The file of the reader's challenge, which it answers. The challenge names the reader, in place of `auditor`,
        /// `recipient` and `nonce`: read it first (`Node::read_challenge`), and show its owner what it asks for.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        #[cfg_attr(feature = "web", serde(default, with = "serde_bytes"))]
        #[cfg_attr(feature = "web", tsify(type = "Uint8Array | undefined"))]
        pub challenge: Option<Vec<u8>>,
    }
}

data! {
    /// A statement's words about itself. They are true once the statement was verified.
    pub struct StatementInfo {
        /// The account's id (`lvraid1...`).
        pub account: String,
        /// The reader's name, in the account's words. The text comes from a stranger: show it as plain text.
        pub auditor: String,
        /// Its purpose, in the account's words. The text comes from a stranger: show it as plain text.
        pub purpose: String,
        /// When it was made, in seconds since 1970 by the account's clock.
        pub issued: u64,
        /// Until when it may be presented, in seconds since 1970.
        pub expires: u64,
        /// How many proofs it has.
        pub proofs: u32,
    }
}

data! {
    /// A statement that was checked against the ledger.
    pub struct StatementReport {
        /// The chain that it was checked on, and how far it was read: show this before anything else.
        pub chain: Vec<String>,
        /// The choice of a chain that was made beforehand. If there was none, nothing is guaranteed.
        pub chosen: ChainChoice,
        /// The block that everything in the report stands under, which the chain's authorities sealed.
        pub head: TrustedHead,
        /// Its reader, its challenge, the time it was made and the time until which it is valid: show this first. It
        /// has words of a stranger: show it as plain text.
        pub heading: Vec<String>,
        /// The account's id (`lvraid1...`).
        pub account: String,
        /// Its purpose, in the account's words.
        pub purpose: String,
        /// How far the sentence can be relied on.
        pub assurance: Assurance,
        /// The sentence that is proven.
        pub says: String,
        /// The asset in full, by its number and issuer, so that nobody takes another one for it; absent if none is named.
        pub asset: Option<String>,
        /// The gaps of this check: statements that it does not prove.
        pub unverified: Vec<String>,
        /// The assets of the chain that are known.
        pub assets: Vec<Asset>,
        /// The whole report as JSON, as `louver audit statement --json` writes it. Store this one.
        pub json: String,
    }
}

impl StatementClaim {
    pub(crate) fn wanted(&self) -> Result<Wanted, DiscloseError> {
        let snapshot = |number: &Option<u32>| number.map_or(SnapshotChoice::Latest, SnapshotChoice::Index);
        let other = |reason: String| DiscloseError::NotStated { reason };
        let epochs =
            |first: u16, last: u16| EpochRange::new(Epoch(first), Epoch(last)).ok_or(DiscloseError::Epochs);
        let parts = |amount: &Amount| amount.parts().map_err(|error| other(error.to_string()));
        Ok(match self {
            Self::Address { address } => {
                Wanted::Address(Address::from_typed(address).map_err(|error| other(error.to_string()))?)
            }
            Self::Unspent { txid, output, snapshot: number } => {
                let what = "transaction's id".to_owned();
                let txid = TxId(bytes32(txid).ok_or(DiscloseError::Hexadecimal { what })?);
                Wanted::Unspent { txid, output: *output, snapshot: snapshot(number) }
            }
            Self::Holdings { at_least, snapshot: number } => {
                let (asset, at_least) = parts(at_least)?;
                Wanted::Holdings { asset, at_least, snapshot: snapshot(number) }
            }
            Self::Total { at_least, first_epoch, last_epoch } => {
                let (asset, at_least) = parts(at_least)?;
                let epochs = epochs(*first_epoch, *last_epoch)?;
                Wanted::Total { asset, sum: WantedSum::AtLeast(at_least), epochs }
            }
            Self::All { asset, first_epoch, last_epoch } => {
                let asset = amount::asset_id(*asset).map_err(|error| other(error.to_string()))?;
                Wanted::Total { asset, sum: WantedSum::All, epochs: epochs(*first_epoch, *last_epoch)? }
            }
        })
    }
}

/// A statement about an account that was read. Nothing in it is verified yet. It keeps its last verdict, for a receipt.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Statement {
    file: StatementFile,
    keys: Option<ReaderKeys>,
    verdict: Mutex<Option<(VerifiedStatement, KnownAssets)>>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Statement {
    /// Reads a statement that is not sealed, the file that its owner handed over.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn read(bytes: Vec<u8>) -> Result<Arc<Self>, StatementError> {
        Ok(Self::of(StatementFile::open(&bytes, None)?, None))
    }

    /// Opens a statement that is sealed to a key, the file that its owner handed over. It reads one that is not sealed too.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn open(bytes: Vec<u8>, key: Arc<AuditorKey>) -> Result<Arc<Self>, StatementError> {
        let file = StatementFile::open(&bytes, Some(&key.0))?;
        Ok(Self::of(file, Some(ReaderKeys::of(&key.0))))
    }

    /// The statement's words about itself.
    pub fn info(&self) -> StatementInfo {
        StatementInfo {
            account: self.file.account().to_string(),
            auditor: self.file.reader().name.clone(),
            purpose: self.file.purpose().to_owned(),
            issued: self.file.issued(),
            expires: self.file.expires(),
            proofs: u32::try_from(self.file.proofs()).unwrap_or(u32::MAX),
        }
    }

    /// Checks the statement against the ledger: the account signed it for this reader, and its proofs show what it says.
    /// The proofs are checked against the words and the node's chain, under the head that is trusted.
    pub async fn verify(
        &self,
        node: Arc<Node>,
        expectations: Expectations,
    ) -> Result<StatementReport, StatementError> {
        self.keep(None);
        // A wrong expectation, and a file that nobody signed for this reader, are told before a node is asked for anything
        // that the file names.
        let keys = self.keys.clone();
        let first = expectations.clone().reading(node.genesis(), node.connection().ground(), keys.clone())?;
        self.file.check(&first).map_err(StatementError::refused)?;
        let facts = node.connection().facts(&self.file).await?;
        let verifier = node.disclosure_verifier().await?;
        let (assets, schedule) = (node.connection().assets(), node.genesis().terms().schedule);
        // The head moved on when the ledger was read.
        let reading = expectations.reading(node.genesis(), node.connection().ground(), keys)?;
        let (statement, now) = (self.file.clone(), reading.now);
        let (verified, assets) = apart(move || {
            let given =
                StatementReading { reading: &reading, names: &names(&assets), schedule, facts: &facts };
            let verified = statement.verify(given, &verifier).map_err(StatementError::refused)?;
            Ok::<_, StatementError>((verified, assets))
        })
        .await?;
        let report = StatementReport::of(&verified, &assets, now);
        self.keep(Some((verified, assets)));
        Ok(report)
    }

    /// A receipt for the last verdict, which the key signs: what its holder was shown, and what he concluded. The statement has
    /// to be verified first.
    pub fn receipt(&self, key: Arc<AuditorKey>) -> Result<Vec<u8>, ReceiptError> {
        let kept = self.verdict.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (verified, assets) = kept.ok_or(ReceiptError::NothingVerified)?;
        receipt::write(&self.file, &key, &verified.chain, sentences::sentences(&verified, &assets))
    }
}

impl Statement {
    fn of(file: StatementFile, keys: Option<ReaderKeys>) -> Arc<Self> {
        Arc::new(Self { file, keys, verdict: Mutex::default() })
    }

    pub(crate) fn inner(&self) -> &StatementFile {
        &self.file
    }

    /// A receipt is about the last check alone: one that failed leaves nothing to sign.
    fn keep(&self, verdict: Option<(VerifiedStatement, KnownAssets)>) {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = verdict;
    }
}

impl StatementReport {
    fn of(verified: &VerifiedStatement, assets: &KnownAssets, now: u64) -> Self {
        Self {
            chain: words::ground(&verified.chain),
            chosen: verified.chain.chosen.into(),
            head: TrustedHead::at(&verified.chain, now),
            heading: words::heading(&verified.binding),
            account: verified.binding.account.clone(),
            purpose: verified.binding.purpose.clone(),
            assurance: verified.assurance.into(),
            says: sentences::sentence(&verified.stated, assets),
            asset: sentences::asset(&verified.stated, assets),
            unverified: verified.unverified.iter().map(|gap| sentences::gap(*gap).to_owned()).collect(),
            assets: amount::list(assets),
            json: serde_json::to_string_pretty(verified).unwrap_or_default(),
        }
    }
}

impl core::fmt::Debug for Statement {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.file.fmt(f)
    }
}
