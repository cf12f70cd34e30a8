//! Books: everything that an account did in some months, as its reader has it.

use std::sync::{Arc, Mutex, PoisonError};

use louver_client::apart::apart;
use louver_core::asset::KnownAssets;
use louver_viewkeys::{
    auditor::ReaderKeys,
    book::{self as engine, VerifiedBook, words},
    report::{self, words as reports},
};

use crate::{
    Amount, Asset, AuditorKey, BookError, ChainChoice, Expectations, Node, Place, ReceiptError, Sum,
    TrustedHead, Watch, amount, receipt, watch::watched,
};

data! {
    /// A request for a book: all that an account did in some epochs, so that its reader can add up. A book cannot be taken back
    /// once its reader has read it.
    pub struct BookRequest {
        /// The reader's name: at most 256 bytes.
        pub auditor: String,
        /// The reader's `age` key (`age1...`). Nobody else can open the book.
        pub recipient: String,
        /// The first epoch that it covers.
        pub first_epoch: u16,
        /// The last epoch that it covers.
        pub last_epoch: u16,
        /// Whether it shows the addresses of those whom the account paid.
        pub show_recipients: bool,
        /// The purpose: at most 512 bytes.
        pub purpose: String,
        /// For how many days it may be presented.
        pub days: u32,
        /// The file of the reader's challenge, which it answers. The challenge names the reader, in place of `auditor` and
        /// `recipient`: read it first (`Node::read_challenge`), and show its owner what it asks for.
        #[cfg_attr(feature = "uniffi", uniffi(default = None))]
        #[cfg_attr(feature = "web", serde(default, with = "serde_bytes"))]
        #[cfg_attr(feature = "web", tsify(type = "Uint8Array | undefined"))]
        pub challenge: Option<Vec<u8>>,
    }
}

data! {
    /// A book that was made.
    pub struct MadeBook {
        /// The file to hand over.
        #[cfg_attr(feature = "web", serde(with = "serde_bytes"))]
        #[cfg_attr(feature = "web", tsify(type = "Uint8Array"))]
        pub file: Vec<u8>,
        /// How many transactions it opens.
        pub transactions: u32,
        /// How many receipts it shows.
        pub receipts: u32,
        /// The ids of transactions that the wallet does not know whole, so that the book lacks them. The reader will see that
        /// they are missing: say so.
        pub left_out: Vec<String>,
    }
}

data! {
    /// A book's statement about itself. It is true once the book was verified.
    pub struct BookInfo {
        /// The account's id (`lvraid1...`).
        pub account: String,
        /// The first epoch that it covers.
        pub first_epoch: u16,
        /// The last epoch that it covers.
        pub last_epoch: u16,
        /// The reader's name, in the account's words. The text comes from a stranger: show it as plain text.
        pub auditor: String,
        /// Its purpose, in the account's words. The text comes from a stranger: show it as plain text.
        pub purpose: String,
        /// When it was made, in seconds since 1970 by the account's clock.
        pub issued: u64,
        /// Until when it may be presented, in seconds since 1970.
        pub expires: u64,
        /// How many transactions it opens.
        pub transactions: u32,
        /// How many receipts it shows.
        pub receipts: u32,
    }
}

choice! {
    /// How a finding about a book is to be taken, the worst first.
    pub enum BookMark {
        /// The book says two things that cannot both be true.
        Contradiction,
        /// It is on the ledger and the account's, and the book does not show it.
        Unexplained,
        /// Nothing proves it, or it cannot be followed from one book to the next.
        Unverified,
        /// It is in order, and worth a look.
        Noted,
    }
}

data! {
    /// Something that is wrong, open or worth a look.
    pub struct BookFinding {
        /// How it is to be taken.
        pub mark: BookMark,
        /// The finding in a sentence.
        pub text: String,
    }
}

data! {
    /// An output that the account calls paid.
    pub struct BookPayment {
        /// The amount, with its asset.
        pub amount: Amount,
        /// The recipient's address, if it is shown. Nobody says whose it is.
        pub recipient: Option<String>,
    }
}

data! {
    /// A transaction or a receipt of a book.
    pub struct BookLine {
        /// Its place on the ledger.
        pub place: Place,
        /// Its name, in a word or two.
        pub title: String,
        /// The amounts that came to the account: a receipt, or a deposit.
        pub incoming: Vec<Amount>,
        /// The outputs that the account calls paid.
        pub paid: Vec<BookPayment>,
        /// The amount that was taken out of the pool.
        pub withdrawn: Option<Amount>,
        /// The fee, paid inside the pool.
        pub fee: Option<Amount>,
        /// The fee of a deposit, which its payer paid outside the pool.
        pub host_fee: Option<Amount>,
    }
}

data! {
    /// The account of one asset: opening + received + deposits + unexplained = paid + withdrawn + fees + closing.
    pub struct BookAccount {
        /// The asset's id.
        pub asset: u64,
        /// The notes from before that count.
        pub opening: Sum,
        /// From other accounts.
        pub received: Sum,
        /// Brought into the pool by the account.
        pub deposits: Sum,
        /// Spent by the account, from nowhere that the book shows: a sum for people.
        pub unexplained: String,
        /// Outputs that the account calls paid. They may be the same person's, or even the account's.
        pub paid: Sum,
        /// Taken out of the pool by the account.
        pub withdrawn: Sum,
        /// Fees of the account's transactions, paid inside the pool.
        pub fees: Sum,
        /// The notes that stay; absent while a transaction of the account is not opened.
        pub closing: Option<Sum>,
        /// Whether these sums agree, in a sentence.
        pub balance: String,
    }
}

data! {
    /// A book that was checked against the ledger.
    pub struct BookReport {
        /// The conclusion in a sentence: show this first.
        pub conclusion: String,
        /// The worst mark of its findings; absent if there is none.
        pub worst: Option<BookMark>,
        /// Its reader, its challenge, the time it was made and the time until which it is valid. It has words of a stranger: show it
        /// as plain text.
        pub heading: Vec<String>,
        /// The chain that was read, and how far.
        pub chain: Vec<String>,
        /// The choice of a chain that was made beforehand. If there was none, nothing is guaranteed.
        pub chosen: ChainChoice,
        /// The block that everything in the report stands under, which the chain's authorities sealed.
        pub head: TrustedHead,
        /// The account's id (`lvraid1...`).
        pub account: String,
        /// Its purpose, in the account's words.
        pub purpose: String,
        /// The name of the epochs that it covers: months, as a rule.
        pub period: String,
        /// Whether it begins with the pool's first epoch, so that nothing was there before.
        pub from_the_beginning: bool,
        /// Whether the book before was read too, ends where this one begins, and hands on its closing notes.
        pub joined: bool,
        /// The transactions and receipts, in the order of the ledger.
        pub lines: Vec<BookLine>,
        /// The account of each asset.
        pub accounts: Vec<BookAccount>,
        /// Everything that is wrong, open or worth a look.
        pub findings: Vec<BookFinding>,
        /// The guarantees. They hold whatever the owner did. Empty if the chain was not chosen.
        pub guaranteed: Vec<String>,
        /// The guarantees that would hold if this chain were the one that the reader means; empty if it was chosen.
        pub if_chosen: Vec<String>,
        /// The gaps of a book: statements that it does not prove.
        pub unverified: Vec<String>,
        /// The assets of the chain that are known, for reading the amounts.
        pub assets: Vec<Asset>,
        /// The whole report as JSON, as `louver audit book --json` writes it. Store this one.
        pub json: String,
    }
}

/// A book that was opened. Nothing in it is verified yet. It keeps its last verdict, for the book after it and for a
/// receipt.
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Book {
    book: Arc<engine::Book>,
    keys: ReaderKeys,
    verdict: Mutex<Option<(VerifiedBook, KnownAssets)>>,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Book {
    /// Opens a sealed book, the file that its owner handed over.
    #[cfg_attr(feature = "uniffi", uniffi::constructor)]
    pub fn open(sealed: Vec<u8>, key: Arc<AuditorKey>) -> Result<Arc<Self>, BookError> {
        let book = Arc::new(engine::Book::open(&sealed, Some(&key.0))?);
        Ok(Arc::new(Self { book, keys: ReaderKeys::of(&key.0), verdict: Mutex::default() }))
    }

    /// The book's statement about itself.
    pub fn info(&self) -> BookInfo {
        let (book, count) = (&self.book, |count: usize| u32::try_from(count).unwrap_or(u32::MAX));
        BookInfo {
            account: book.account().to_string(),
            first_epoch: book.epochs().first().0,
            last_epoch: book.epochs().last().0,
            auditor: book.reader().name.clone(),
            purpose: book.purpose().to_owned(),
            issued: book.issued(),
            expires: book.expires(),
            transactions: count(book.transactions().len()),
            receipts: count(book.receipts().len()),
        }
    }

    /// Checks the book against the ledger, and adds up: reads every block from its first month on, finds every transaction that
    /// the account made, and names what the book leaves out. Compact blocks are asked for in ranges, so that the node does not
    /// learn whose book it is.
    pub async fn verify(
        &self,
        node: Arc<Node>,
        expectations: Expectations,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<BookReport, BookError> {
        self.check(node, expectations, None, watch).await
    }

    /// Checks the book as [`Book::verify`] does, and joins it to the book before, which was verified: what that one ends with,
    /// this one begins with.
    pub async fn verify_after(
        &self,
        before: Arc<Book>,
        node: Arc<Node>,
        expectations: Expectations,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<BookReport, BookError> {
        let (before, _) = before.last().ok_or(BookError::BeforeNotVerified)?;
        self.check(node, expectations, Some(before), watch).await
    }

    /// A receipt for the last verdict, which the key signs: what its holder was shown, and what he concluded. The book has to be
    /// verified first.
    pub fn receipt(&self, key: Arc<AuditorKey>) -> Result<Vec<u8>, ReceiptError> {
        let (verified, assets) = self.last().ok_or(ReceiptError::NothingVerified)?;
        receipt::write(&self.book, &key, &verified.chain, words::sentences(&verified, &assets))
    }
}

impl Book {
    pub(crate) fn inner(&self) -> &engine::Book {
        &self.book
    }

    fn last(&self) -> Option<(VerifiedBook, KnownAssets)> {
        self.verdict.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn check(
        &self,
        node: Arc<Node>,
        expectations: Expectations,
        before: Option<VerifiedBook>,
        watch: Option<Arc<dyn Watch>>,
    ) -> Result<BookReport, BookError> {
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let (connection, keys) = (node.connection(), Some(self.keys.clone()));
        // A wrong expectation, and a file that nobody signed for this reader, are told before the ledger is read.
        let first = expectations.clone().reading(node.genesis(), connection.ground(), keys.clone())?;
        self.book.check(&first).map_err(engine::BookError::from)?;
        let verifier = node.disclosure_verifier().await?;
        let scan = connection.scan_for_book(&self.book, watched(watch)).await?;
        // The head moved on when the ledger was read.
        let reading = expectations.reading(node.genesis(), connection.ground(), keys)?;
        let (book, connection) = (self.book.clone(), connection.clone());
        let (verified, assets) = apart(move || {
            let verified = connection.verify_book(&book, &scan, &reading, before.as_ref(), &verifier)?;
            Ok::<_, BookError>((verified, connection.assets()))
        })
        .await?;
        let report = BookReport::of(&verified, &assets, louver_client::clock::now());
        *self.verdict.lock().unwrap_or_else(PoisonError::into_inner) = Some((verified, assets));
        Ok(report)
    }
}

impl From<engine::BookMark> for BookMark {
    fn from(mark: engine::BookMark) -> Self {
        match mark {
            engine::BookMark::Contradiction => Self::Contradiction,
            engine::BookMark::Unexplained => Self::Unexplained,
            engine::BookMark::Unverified => Self::Unverified,
            engine::BookMark::Noted => Self::Noted,
        }
    }
}

impl BookLine {
    fn of(fact: &engine::BookFact) -> Option<Self> {
        let (place, title) = (fact.place().into(), words::title(fact).to_owned());
        let line = Self {
            place,
            title,
            incoming: Vec::new(),
            paid: Vec::new(),
            withdrawn: None,
            fee: None,
            host_fee: None,
        };
        match fact {
            engine::BookFact::Received { amount, .. } => Some(Self { incoming: vec![amount.into()], ..line }),
            engine::BookFact::Made { paid, crossing, fee, host_fee, .. } => {
                let (incoming, withdrawn) = match crossing {
                    Some(report::Crossing::Deposit { amount, .. }) => (vec![amount.into()], None),
                    Some(report::Crossing::Withdrawal { amount, .. }) => (Vec::new(), Some(amount.into())),
                    _ => (Vec::new(), None),
                };
                let payment = |payment: &engine::BookPayment| BookPayment {
                    amount: (&payment.amount).into(),
                    recipient: payment.recipient.clone(),
                };
                Some(Self {
                    incoming,
                    paid: paid.iter().map(payment).collect(),
                    withdrawn,
                    fee: fee.as_ref().map(Into::into),
                    host_fee: host_fee.as_ref().map(Into::into),
                    ..line
                })
            }
            _ => None,
        }
    }
}

impl BookAccount {
    fn of(account: &engine::BookAccount, assets: &KnownAssets) -> Self {
        let asset = account.of.asset;
        let sum = |sum: &report::Sum| Sum::of(sum, asset, assets);
        Self {
            asset: asset.to_u64(),
            opening: sum(&account.opening),
            received: sum(&account.received),
            deposits: sum(&account.deposits),
            unexplained: assets.format_amount(asset, account.unexplained.0),
            paid: sum(&account.paid),
            withdrawn: sum(&account.withdrawn),
            fees: sum(&account.fees),
            closing: account.closing.as_ref().map(sum),
            balance: words::balance(account, assets),
        }
    }
}

impl BookReport {
    fn of(book: &VerifiedBook, assets: &KnownAssets, now: u64) -> Self {
        let finding = |marked: &engine::MarkedFinding| BookFinding {
            mark: marked.mark.into(),
            text: words::finding(&marked.finding, assets),
        };
        let guarantee = |guarantee: &engine::BookGuarantee| words::guarantee(*guarantee, &book.chain);
        Self {
            conclusion: words::conclusion(book),
            worst: book.findings.iter().map(|finding| finding.mark).min().map(Into::into),
            heading: reports::heading(&book.binding),
            chain: reports::ground(&book.chain),
            chosen: book.chain.chosen.into(),
            head: TrustedHead::at(&book.chain, now),
            account: book.binding.account.clone(),
            purpose: book.binding.purpose.clone(),
            period: book.epochs.all.name.clone(),
            from_the_beginning: book.from_the_beginning,
            joined: book.joined,
            lines: book.facts.iter().filter_map(BookLine::of).collect(),
            accounts: book.accounts.iter().map(|account| BookAccount::of(account, assets)).collect(),
            findings: book.findings.iter().map(finding).collect(),
            guaranteed: book.guaranteed.iter().map(guarantee).collect(),
            if_chosen: book.if_chosen.iter().map(guarantee).collect(),
            unverified: book.unverified.iter().map(|gap| words::gap(*gap).to_owned()).collect(),
            assets: amount::list(assets),
            json: serde_json::to_string_pretty(book).unwrap_or_default(),
        }
    }
}

impl core::fmt::Debug for Book {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Book(..)")
    }
}
