//! Louver for applications: wallets, payments, disclosure and audits against a node.
//!
//! It is one API for Swift, Kotlin, TypeScript and Rust: the same names, the same data, the same errors. The crates in
//! `bindings` carry it over to those languages and add nothing to it. It holds no cryptography of its own: it drives
//! the wallet engine and the audits, and speaks to a node through a [`Transport`] that its host provides.
//!
//! - [`RecoveryPhrase`], [`Protection`], [`SpendingKeys`]: secrets, as handles that show nothing and wipe themselves.
//! - [`Node`]: a chain, through one of its nodes. [`Transport`]: the way of requests to that node.
//! - [`Wallet`]: accounts, addresses, balances, history; [`Plan`], [`Draft`], [`Proven`], [`Outgoing`]: a transaction
//!   from its plan to its submission, in one call ([`Wallet::send`]) or step by step.
//! - [`Proposal`], [`Schedule`]: payments that take several transactions.
//! - [`Prover`]: proving keys, fetched, checked and stored.
//! - [`AuditorKey`], [`Grant`], [`Package`], [`Book`], [`Statement`]: an auditor's key, and the disclosures that an auditor opens, checks
//!   and reads; [`Expectations`]: the demands that are made of them; [`Receipt`]: what a reader has concluded.
//! - [`StatementOfAccount`]: reports of audits as CSV and as a page that prints, for accountants.
//! - [`TravelRuleRecord`]: the persons of a payment, for the counterparty.
//! - [`Watch`]: progress of long work, and the way to stop it.
//! - [`protocol`]: the protocol's primitives, for checking other implementations.
//!
//! Calls that wait or compute are asynchronous. They run on any executor and never block the thread that polls them,
//! except in WebAssembly, where they belong in a Worker. Dropping a future stops its work; whatever it had recorded
//! stays. After dropping a [`Wallet::send`], see [`Wallet::waiting`] for whether there is a transaction.

#[macro_use]
mod data;

mod amount;
mod auditor;
mod book;
mod challenge;
mod disclosure;
mod error;
mod expectations;
mod filter;
mod grant;
mod history;
mod node;
mod outgoing;
mod package;
mod period;
mod phrase;
mod plan;
mod proposal;
pub mod protocol;
mod prover;
mod proving;
mod receipt;
mod report;
mod request;
mod sheet;
mod statement;
mod transport;
mod travel_rule;
mod trust;
mod wallet;
mod watch;

pub use amount::{Amount, Asset};
pub use auditor::AuditorKey;
pub use book::{
    Book, BookAccount, BookFinding, BookInfo, BookLine, BookMark, BookPayment, BookReport, BookRequest,
    MadeBook,
};
pub use challenge::{ChallengeInfo, Demand};
pub use disclosure::{
    Detail, Directions, DisclosureKind, DisclosureRecord, DisclosureRegister, GrantRequest, PackageRequest,
};
pub use error::{
    AddressError, AmountError, AuditError, BookError, ChallengeError, DiscloseError, NodeError, PackageError,
    PaymentListError, PaymentRequestError, PeriodError, PhraseError, PlanError, ProverError, ReceiptError,
    Refusal, SendError, StatementError, StatementOfAccountError, StorageError, TravelRuleError, WalletError,
};
pub use expectations::Expectations;
pub use filter::{PackageChoice, PaymentFilter, PreviewedPayment};
pub use grant::{ContinuedAudit, Grant, GrantInfo};
pub use history::{EntryKind, FinalRefusal, HistoryEntry, HistoryQuery, Net, Output, OutputKind, Status};
pub use louver_wallet::chain::ChainParameters;
pub use node::{AddressInfo, AuditCommittee, Node, NodeStatus, TransactionState, TransparentAccount};
pub use outgoing::{Draft, Outgoing, Proven, Sent};
pub use package::{DisclosedPayment, Package, PackageInfo, PackageReport, Shows, Side};
pub use period::{EpochSpan, Period};
pub use phrase::{Protection, RecoveryPhrase, SpendingKeys};
pub use plan::{Action, Fee, Payment, Plan, Preview, PublicSide};
pub use proposal::{
    DoubledPayment, PaymentProgress, Proposal, ProposalPreview, ProposedTransaction, Schedule,
    ScheduledPayment,
};
pub use prover::{Circuit, KeyCache, Prover};
pub use proving::{LocalProofs, ProofRequest, ProofWorker};
pub use receipt::{Receipt, ReceiptConclusion, ReceiptInfo, ReceiptSentence};
pub use report::{
    AssetTotals, Assurance, AuditReport, Crossing, Finding, FindingKind, Movement, Party, Place, Sum,
};
pub use request::{
    EarlierPayment, ListedPayment, PaymentList, PaymentRequest, RepeatedRow, RequestedPayment, visible_text,
};
pub use sheet::{CsvFile, CsvForm, ReportOrigin, ReportSource, StatementOfAccount};
pub use statement::{Statement, StatementClaim, StatementInfo, StatementReport, StatementRequest};
pub use transport::{HttpMethod, HttpRequest, HttpResponse, Transport, TransportError};
pub use travel_rule::{
    TravelRuleCoverage, TravelRulePayment, TravelRulePerson, TravelRuleRecord, TravelRuleReport,
    TravelRuleStanding,
};
pub use trust::{ChainChoice, Fingerprint, Trust, TrustedHead};
pub use wallet::{Account, Balance, Birthday, Receiving, ReceivingPair, Saved, SyncSummary, Wallet};
pub use watch::{Stage, Watch};

#[cfg(feature = "uniffi")]
uniffi::setup_scaffolding!("louver");

/// The version of this library.
#[cfg_attr(feature = "uniffi", uniffi::export)]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
