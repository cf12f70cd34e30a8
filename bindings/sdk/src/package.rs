//! Disclosure packages, as their reader has them.

use std::sync::{Arc, Mutex, PoisonError};

use louver_circuits::disclosure::DisclosureVerifier;
use louver_client::{apart::apart, audit::names, clock, offline::OfflineProof, package::Found, trust};
use louver_core::{
    asset::KnownAssets,
    encoding::{Decode, Encode},
    pool::{GenesisHash, PoolId},
    transaction::TxId,
};
use louver_viewkeys::{
    auditor::ReaderKeys,
    package,
    report::words,
    signed::{self, unseal},
};

use crate::{
    Amount, Asset, Assurance, AuditorKey, ChainChoice, Crossing, Expectations, Node, NodeError, PackageError,
    Party, Place, ReceiptError, TravelRuleError, TravelRuleRecord, TravelRuleReport, Trust, TrustedHead,
    amount, receipt,
};

data! {
    /// A package's statement about itself. It is true once the package was verified.
    pub struct PackageInfo {
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
        /// How many payments it opens.
        pub payments: u32,
    }
}

choice! {
    /// The account's side of a payment.
    pub enum Side {
        /// The account paid.
        Sent,
        /// The account was paid.
        Received,
    }
}

choice! {
    /// The parts of a payment that a package shows.
    pub enum Shows {
        /// Asset, amount, the recipient's address and the memo.
        Full,
        /// Asset and amount.
        Amount,
        /// The asset, and an amount that was paid at least.
        AtLeast,
        /// A deposit or a withdrawal, as the ledger shows it, and that the account made it.
        Crossing,
    }
}

impl From<package::Detail> for Shows {
    fn from(detail: package::Detail) -> Self {
        match detail {
            package::Detail::Full => Self::Full,
            package::Detail::Amount => Self::Amount,
            package::Detail::AtLeast => Self::AtLeast,
            package::Detail::Crossing => Self::Crossing,
        }
    }
}

data! {
    /// A disclosed payment, with what is proven of it.
    pub struct DisclosedPayment {
        /// How far it can be relied on.
        pub assurance: Assurance,
        /// The account's side of the payment.
        pub side: Side,
        /// The parts that are shown. All else is hidden.
        pub shows: Shows,
        /// Its place on the ledger.
        pub place: Place,
        /// The output's index in its transaction; absent if a deposit or a withdrawal is shown, and no output.
        pub output: Option<u8>,
        /// The amount, with its asset: the least amount, if that is what is shown.
        pub amount: Amount,
        /// The recipient's address, if it is shown.
        pub recipient: Option<String>,
        /// The memo, if the payment was opened in full and it is text.
        pub memo: Option<String>,
        /// The payer, as far as it is proven: of a receipt the account itself, or another account.
        pub payer: Party,
        /// The payee, as far as the package proves it. A payment does not show it.
        pub payee: Party,
        /// The transaction's movement across the pool's border. For example, a deposit brings money in.
        pub crossing: Option<Crossing>,
        /// The account's part in the payment, in a word or two.
        pub title: String,
        /// The rest of the description, without the amount and the memo.
        pub detail: String,
        /// The sender's memo, or a remark that the memo is not text. It comes from a stranger: show it as plain text.
        pub written: Option<String>,
    }
}

data! {
    /// A package that was checked against the ledger.
    pub struct PackageReport {
        /// The chain that it was checked on, and how far it was read: show this before anything else.
        pub chain: Vec<String>,
        /// The choice of a chain that was made beforehand. If there was none, nothing is guaranteed.
        pub chosen: ChainChoice,
        /// The block that everything in the report stands under, which the chain's authorities sealed.
        pub head: TrustedHead,
        /// Whether it was checked by a proof file, without a node: nothing is known of what happened after the head.
        pub offline: bool,
        /// Its reader, its challenge, the time it was made and the time until which it is valid: show this first. It
        /// has words of a stranger: show it as plain text.
        pub heading: Vec<String>,
        /// The account's id (`lvraid1...`).
        pub account: String,
        /// Its purpose, in the account's words.
        pub purpose: String,
        /// The payments.
        pub payments: Vec<DisclosedPayment>,
        /// The gaps of this check: statements that it does not prove.
        pub unverified: Vec<String>,
        /// The assets of the chain that are known, for reading the amounts.
        pub assets: Vec<Asset>,
        /// The whole report as JSON, as `louver audit package --json` writes it. Store this one.
        pub json: String,
    }
}

/// A disclosure package that was read. Nothing in it is verified yet. It keeps its last verdict, for a receipt.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Package {
    package: package::Package,
    /// The key that opens the file, and the proof beside it.
    key: Option<Arc<AuditorKey>>,
    verdict: Mutex<Option<Verdict>>,
}

/// A verdict on a package, with the assets that it names.
#[derive(Clone)]
struct Verdict {
    verified: package::VerifiedPackage,
    assets: KnownAssets,
    place: (GenesisHash, PoolId),
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Package {
    /// Reads a package that is not sealed, the file that its owner handed over.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn read(bytes: Vec<u8>) -> Result<Arc<Self>, PackageError> {
        Ok(Self::of(package::Package::open(&bytes, None)?, None))
    }

    /// Opens a package that is sealed to a key, the file that its owner handed over. It reads one that is not sealed too.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn open(bytes: Vec<u8>, key: Arc<AuditorKey>) -> Result<Arc<Self>, PackageError> {
        let package = package::Package::open(&bytes, Some(&key.0))?;
        Ok(Self::of(package, Some(key)))
    }

    /// The package's statement about itself.
    pub fn info(&self) -> PackageInfo {
        PackageInfo {
            account: self.package.account().to_string(),
            auditor: self.package.reader().name.clone(),
            purpose: self.package.purpose().to_owned(),
            issued: self.package.issued(),
            expires: self.package.expires(),
            payments: u32::try_from(self.package.items().len()).unwrap_or(u32::MAX),
        }
    }

    /// Checks the package against the ledger: the account signed it for this reader, each payment is on the ledger as
    /// described, and the account was part of each payment.
    pub async fn verify(
        &self,
        node: Arc<Node>,
        expectations: Expectations,
    ) -> Result<PackageReport, PackageError> {
        self.forget();
        // A wrong expectation, and a file that nobody signed for this reader, are told before a node is asked for anything
        // that the file names.
        let keys = self.keys();
        let first = expectations.clone().reading(node.genesis(), node.connection().ground(), keys.clone())?;
        self.package.check(&first)?;
        let found = node.connection().find(&self.package).await?;
        let verifier = node.disclosure_verifier().await?;
        let assets = node.connection().assets();
        // The head moved on when the blocks were looked up.
        let reading = expectations.reading(node.genesis(), node.connection().ground(), keys)?;
        let package = self.package.clone();
        Ok(self.keep(apart(move || judge(&package, &reading, &found, assets, &verifier)).await?))
    }

    /// The file by which anybody checks the package without a node, under the newest block. A reader who can
    /// read the package makes it, and makes it anew later: the account does not sign it. It shows which transactions are of one
    /// account: it is sealed to the reader to whom the package is sealed, and beside an open package it lies open.
    /// Whole blocks are fetched, so that the node does not learn which payments the package is about.
    pub async fn prove(&self, node: Arc<Node>) -> Result<Vec<u8>, PackageError> {
        let proof = node.connection().offline_proof(&self.package).await?;
        let proof = proof.ok_or(PackageError::NotProvable)?.to_bytes();
        let sealed = self.package.seal_beside(proof);
        sealed.map_err(|error| PackageError::NotAProof { reason: error.to_string() })
    }

    /// Checks the package as [`Package::verify`] does, by a proof file and without a node. The chain is chosen beforehand: with
    /// neither a hash nor a block nothing is guaranteed. Nothing is known of what happened after the head of the proof,
    /// which the report names. The keys that the package is checked with are those that the chosen chain names: this build
    /// has them, or they are in the proof.
    pub async fn verify_offline(
        &self,
        proof: Vec<u8>,
        trust: Trust,
        expectations: Expectations,
    ) -> Result<PackageReport, PackageError> {
        self.forget();
        let is_none = |reason: String| PackageError::NotAProof { reason };
        let proof = unseal(&proof, self.key.as_ref().map(|key| &key.0));
        let proof = proof.map_err(|error| is_none(error.to_string()))?;
        let proof = OfflineProof::from_bytes(&proof).map_err(|error| is_none(error.to_string()))?;
        let trust = trust::Trust::read(trust.genesis_hash.as_deref(), trust.pin.as_deref());
        let trust = trust.map_err(NodeError::from)?;
        let (package, keys) = (self.package.clone(), self.keys());
        let judged = apart(move || {
            let shown = proof.check(&trust, clock::now())?;
            let reading = expectations.reading(&shown.genesis, shown.ground.clone(), keys)?;
            // A package of another chain is told as such.
            if *package.genesis() == reading.genesis {
                shown.covers(&package)?;
            }
            let verifier = shown.verifier().map_err(PackageError::no_keys)?;
            judge(&package, &reading, &shown.found, shown.assets, &verifier)
        })
        .await?;
        Ok(self.keep(judged))
    }

    /// A receipt for the last verdict, which the key signs: what its holder was shown, and what he concluded. Show it to a court
    /// or to the account; it says all that the package showed. The package has to be verified first.
    pub fn receipt(&self, key: Arc<AuditorKey>) -> Result<Vec<u8>, ReceiptError> {
        let Verdict { verified, assets, .. } = self.last().ok_or(ReceiptError::NothingVerified)?;
        receipt::write(&self.package, &key, &verified.chain, words::package_sentences(&verified, &assets))
    }

    /// The payment of the last verdict that a record of the travel rule belongs to. It counts only payments that are shown in
    /// full. The package has to be verified first.
    pub fn travel_rule(&self, record: Arc<TravelRuleRecord>) -> Result<TravelRuleReport, TravelRuleError> {
        let Verdict { verified, assets, place } = self.last().ok_or(TravelRuleError::NothingVerified)?;
        record.report((&place.0, place.1), &verified.seen(), &assets)
    }
}

impl Package {
    fn of(package: package::Package, key: Option<Arc<AuditorKey>>) -> Arc<Self> {
        Arc::new(Self { package, key, verdict: Mutex::default() })
    }

    pub(crate) fn inner(&self) -> &package::Package {
        &self.package
    }

    /// The reader's own keys, by which a challenge is known to be his.
    fn keys(&self) -> Option<ReaderKeys> {
        self.key.as_ref().map(|key| ReaderKeys::of(&key.0))
    }

    /// A receipt is about the last check alone: one that failed leaves nothing to sign.
    fn forget(&self) {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn last(&self) -> Option<Verdict> {
        self.verdict.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, (verdict, now): (Verdict, u64)) -> PackageReport {
        let report = PackageReport::of(&verdict.verified, &verdict.assets, now);
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some(verdict);
        report
    }
}

/// Checks a package by what was found of it on the chain.
fn judge(
    package: &package::Package,
    reading: &signed::Reading,
    found: &Found,
    assets: KnownAssets,
    verifier: &DisclosureVerifier,
) -> Result<(Verdict, u64), PackageError> {
    let find = |height: u32, txid: &TxId| found.get(height, txid);
    let verified = package.verify(reading, &names(&assets), verifier, find)?;
    Ok((Verdict { verified, assets, place: (reading.genesis, reading.pool) }, reading.now))
}

impl From<Side> for package::Side {
    fn from(side: Side) -> Self {
        match side {
            Side::Sent => Self::Sent,
            Side::Received => Self::Received,
        }
    }
}

impl From<package::Side> for Side {
    fn from(side: package::Side) -> Self {
        match side {
            package::Side::Sent => Self::Sent,
            package::Side::Received => Self::Received,
        }
    }
}

impl PackageReport {
    fn of(verified: &package::VerifiedPackage, assets: &KnownAssets, now: u64) -> Self {
        let payment = |payment: &package::DisclosedPayment| DisclosedPayment {
            assurance: payment.assurance.into(),
            side: payment.side.into(),
            shows: payment.shows.into(),
            place: (&payment.place).into(),
            output: payment.output,
            amount: (&payment.amount).into(),
            recipient: payment.recipient.clone(),
            memo: payment.written.memo.clone(),
            payer: payment.payer.into(),
            payee: payment.payee.into(),
            crossing: Crossing::of(payment.crossing.as_ref()),
            title: words::payment_title(payment).to_owned(),
            detail: words::payment(payment),
            written: words::written(&payment.written),
        };
        Self {
            chain: words::ground(&verified.chain),
            chosen: verified.chain.chosen.into(),
            head: TrustedHead::at(&verified.chain, now),
            offline: verified.chain.offline,
            heading: words::heading(&verified.binding),
            account: verified.binding.account.clone(),
            purpose: verified.binding.purpose.clone(),
            payments: verified.payments.iter().map(payment).collect(),
            unverified: verified.unverified.iter().map(|gap| words::package_gap(*gap).to_owned()).collect(),
            assets: amount::list(assets),
            json: serde_json::to_string_pretty(verified).unwrap_or_default(),
        }
    }
}

impl core::fmt::Debug for Package {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.package.fmt(f)
    }
}
