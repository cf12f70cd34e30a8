//! `[book-verdict]`: what a book shows, as data for programs, with everything that is wrong with it.

use schemars::JsonSchema;
use serde::Serialize;

use super::accounts::Carried;
use crate::{
    report::{Amount, Blocks, Crossing, Denomination, Epochs, Ground, Place, Span, Sum, Units, Written},
    signed::Binding,
};

/// The schema of [`VerifiedBook`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum BookSchema {
    /// The first version.
    #[serde(rename = "louver.book-report/1")]
    V1,
}

/// A book that was checked against the ledger.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VerifiedBook {
    /// The schema of this object.
    pub schema: BookSchema,
    /// The chain that was read, and how its reader came to trust it.
    pub chain: Ground,
    /// The file's words about itself, and those that were demanded.
    #[serde(flatten)]
    pub binding: Binding,
    /// The epochs that it covers, and how far they are over.
    pub epochs: Epochs,
    /// The blocks that were read; absent if no block was read.
    pub blocks: Option<Blocks>,
    /// Whether it begins with the pool's first epoch, so that nothing was there before.
    pub from_the_beginning: bool,
    /// Whether the book before was read too, ends where this one begins, and hands on its closing notes.
    pub joined: bool,
    /// The transactions and receipts, in the order of the ledger.
    pub facts: Vec<BookFact>,
    /// The accounts of each asset, by ascending id.
    pub accounts: Vec<BookAccount>,
    /// Everything that is wrong, open or worth a look.
    pub findings: Vec<MarkedFinding>,
    /// The notes that the account holds at the end, as far as the book shows. Absent while a transaction of the account is
    /// not opened.
    pub closing_notes: Option<Vec<BookNote>>,
    /// The guarantees. They hold whatever the owner did. Empty if the reader did not choose the chain.
    pub guaranteed: Vec<BookGuarantee>,
    /// The guarantees that would hold if this chain were the one that the reader means; empty if the reader chose it.
    pub if_chosen: Vec<BookGuarantee>,
    /// The gaps of a book: statements that it does not prove.
    pub unverified: Vec<BookGap>,
    /// The part that the next book takes over.
    #[serde(skip)]
    pub(super) carried: Carried,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BookNote {
    /// Its commitment, in hexadecimal: a leaf of the ledger's tree.
    pub commitment: String,
    /// The number of the epoch that it was made in, for programs.
    pub epoch: u16,
    /// The epoch's name for people.
    pub period: String,
    /// The amount, with its asset.
    pub amount: Amount,
}

/// An output that the account calls paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BookPayment {
    /// The output's index.
    pub output: u8,
    /// The amount, with its asset.
    pub amount: Amount,
    /// The recipient's address, if it is shown. Nobody says whose it is.
    pub recipient: Option<String>,
    /// The memo, decrypted from the ledger's ciphertext, if the recipient is shown and the reader had the whole transaction.
    #[serde(flatten)]
    pub written: Written,
}

/// A transaction or a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum BookFact {
    /// The account made a transaction, which is opened whole.
    Made {
        /// Its place.
        place: Place,
        /// The notes that it spends; dummies are left out.
        spent: Vec<BookNote>,
        /// The notes that come back to the account.
        own: Vec<BookNote>,
        /// The outputs that the account calls paid.
        paid: Vec<BookPayment>,
        /// The transaction's movement across the pool's border.
        crossing: Option<Crossing>,
        /// The fee that was paid inside the pool; absent if there is none.
        fee: Option<Amount>,
        /// The fee of a deposit that its payer paid on the host's side; absent if there is none.
        host_fee: Option<Amount>,
    },
    /// A note came from another account. It may be the same person's.
    Received {
        /// Its place.
        place: Place,
        /// The output's index.
        output: u8,
        /// The amount, with its asset.
        amount: Amount,
        /// The transaction's movement across the pool's border.
        crossing: Option<Crossing>,
    },
}

impl BookFact {
    /// Its place.
    pub fn place(&self) -> &Place {
        match self {
            Self::Made { place, .. } | Self::Received { place, .. } => place,
        }
    }
}

/// The account of one asset: opening + received + deposits + unexplained = paid + withdrawn + fees + closing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BookAccount {
    /// The asset.
    #[serde(flatten)]
    pub of: Denomination,
    /// The notes from before that count.
    pub opening: Sum,
    /// From other accounts.
    pub received: Sum,
    /// Brought into the pool by the account.
    pub deposits: Sum,
    /// Spent by the account, from nowhere that the book shows.
    pub unexplained: Units,
    /// Outputs that the account calls paid. They may be the same person's, or even the account's.
    pub paid: Sum,
    /// Taken out of the pool by the account.
    pub withdrawn: Sum,
    /// Fees of the account's transactions, paid inside the pool.
    pub fees: Sum,
    /// Fees of its deposits, which their payers paid on the host's side. They stand outside the balance.
    pub host_fees: Units,
    /// The notes that stay, a lower bound if the ledger was read; absent while a transaction of the account is not opened.
    pub closing: Option<Sum>,
    /// Whether these sums agree.
    pub balance: BookBalance,
}

/// Whether opening + received + deposits = paid + withdrawn + fees + closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum BookBalance {
    /// They agree.
    Closed,
    /// More was spent than came in: receipts were kept back.
    Unexplained {
        /// The difference.
        came_unseen: Units,
    },
    /// A transaction of the account is not opened, so no closing balance is stated.
    NotStated,
}

/// How a finding is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
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

/// A note that was spent, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SpentNote {
    /// The note.
    pub note: BookNote,
    /// The transaction that spends it.
    pub spent_in: Place,
}

/// Something that is wrong, open or worth a look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum BookFinding {
    /// The account called an output paid, and spent it later. It counts as the account's own.
    PaidAndSpent(SpentNote),
    /// The account made a transaction that the book does not open.
    NotOpened {
        /// Its place.
        place: Place,
        /// The transaction's movement across the pool's border.
        crossing: Option<Crossing>,
        /// The fee; absent if there is none.
        fee: Option<Amount>,
    },
    /// The account spent a note that is neither from before, nor a receipt of the book, nor its own output: a receipt that was
    /// kept back.
    KeptBack(SpentNote),
    /// The account spent a note of a transaction that the book does not open.
    OfNotOpened(SpentNote),
    /// The account spent a note from before that the book before does not hand on: a receipt that was kept back there.
    NotHandedOn(SpentNote),
    /// The book before hands on a note, and this one does not take it over.
    NotTakenOver {
        /// The note.
        note: BookNote,
    },
    /// A note from before is listed, and nothing proves that it was not spent before. It stands outside every balance.
    OpeningUnverified {
        /// The note.
        note: BookNote,
    },
    /// The book before ends earlier: nothing shows the time between.
    Gap {
        /// The epochs between.
        missing: Span,
    },
    /// The book before ends later than this one begins, so its closing notes are not this one's opening notes.
    Overlap {
        /// The epochs of both.
        both: Span,
    },
    /// The book before states no closing balance, or its epochs were not over when it was read, so it hands nothing on.
    NothingHandedOn,
    /// `[book-offline]` The ledger was not read: an offline proof shows what the book names, and not what it leaves out.
    NotRead,
    /// Blocks are missing that may hold transactions of these epochs.
    NotOver {
        /// The epochs that are not over, or have not begun, at the last block that was read.
        epochs: Span,
    },
    /// A transaction or receipt stands in a block that was made after the epoch that it declares, in its grace.
    InGrace {
        /// Its place.
        place: Place,
    },
}

impl BookFinding {
    /// How it is to be taken.
    pub fn mark(&self) -> BookMark {
        match self {
            Self::PaidAndSpent(_) => BookMark::Contradiction,
            Self::NotOpened { .. } | Self::KeptBack(_) | Self::OfNotOpened(_) | Self::NotHandedOn(_) => {
                BookMark::Unexplained
            }
            Self::NotTakenOver { .. }
            | Self::OpeningUnverified { .. }
            | Self::Gap { .. }
            | Self::Overlap { .. }
            | Self::NothingHandedOn
            | Self::NotRead
            | Self::NotOver { .. } => BookMark::Unverified,
            Self::InGrace { .. } => BookMark::Noted,
        }
    }
}

/// A finding with its mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MarkedFinding {
    /// How it is to be taken.
    pub mark: BookMark,
    /// The finding.
    #[serde(flatten)]
    pub finding: BookFinding,
}

impl From<BookFinding> for MarkedFinding {
    fn from(finding: BookFinding) -> Self {
        Self { mark: finding.mark(), finding }
    }
}

/// `[book-guarantee]`: something that holds, whatever the owner did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BookGuarantee {
    /// Under this chain's finality, or whoever colludes if the reader's own node checked every proof, no transaction of the
    /// account that declares these epochs is missing.
    Transactions,
    /// Each note that is shown opens its commitment on the ledger, and the account's part in it is proven.
    Openings,
}

/// Something that no book shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BookGap {
    /// Receipts that were never shown and never spent. Closing balances are lower bounds.
    UnseenReceipts,
    /// Whether a recipient is another person, or another account at all.
    Recipients,
    /// The payers of receipts.
    Payers,
    /// Other accounts of the same person.
    OtherAccounts,
    /// Memos that are not shown: those of receipts, of the account's own notes, and of hidden recipients.
    Memos,
    /// Whether every transaction was valid: the chain's authorities vouch for that, unless the reader's own node verified
    /// every proof.
    Validity,
}

impl BookGap {
    /// The gaps of a verdict on a chain.
    pub fn left(chain: &Ground) -> Vec<Self> {
        let always = [Self::UnseenReceipts, Self::Recipients, Self::Payers, Self::OtherAccounts, Self::Memos];
        always.into_iter().chain((!chain.is_checked_by_reader()).then_some(Self::Validity)).collect()
    }
}
