use louver_circuits::{disclosure::DisclosureProveError, keyset::KeySetError};
use louver_client::{audit::AuditFailure, offline::OfflineError};
use louver_core::text::visible;
use louver_viewkeys::{
    book::MakeBookError,
    grant,
    package::{self, MakeError},
    signed::{DraftError, EnvelopeError, OpenError, SealError, TermsError},
};
use louver_wallet::disclosure::OpeningError;

use super::{ChallengeError, NodeError, ProverError, WalletError, spend::tree};
use crate::disclosure::most_epochs;

fault! {
    /// Nothing was disclosed.
    pub enum DiscloseError {
        /// It would show nothing: no direction was chosen, or no payment.
        #[error("nothing was chosen to be shown")]
        Nothing,
        /// The first epoch is after the last.
        #[error("the period ends before it begins")]
        Epochs,
        /// More epochs than one grant opens.
        #[error("a grant opens at most {most} months or other periods of its chain; make several")]
        TooManyEpochs {
            /// The most.
            most: u32,
        },
        /// The recipient is not an `age` key (`age1...`).
        #[error("the recipient is not an age key (age1...)")]
        Recipient,
        /// The disclosure names no reader.
        #[error("the disclosure names no reader: say whom it is for")]
        NoReader,
        /// The disclosure could be shown at no time.
        #[error("the disclosure would expire as soon as it is made: give it a day at least")]
        NoValidity,
        /// A name or a purpose is too long.
        #[error("the {what} is too long")]
        TooLong {
            /// The text that is meant.
            what: String,
        },
        /// The challenge is not one to answer, or it asks for more than this would show. Nothing was made.
        #[error("{reason}")]
        Challenge {
            /// The reason, for people.
            reason: String,
        },
        /// The choice of payments cannot be read, or they cannot be shown so: a payment may have less than the amount to show.
        #[error("{reason}")]
        Choice {
            /// The reason, for people.
            reason: String,
        },
        /// A text that should be 32 bytes in hexadecimal is not.
        #[error("the {what} is not 64 hexadecimal digits")]
        Hexadecimal {
            /// The text that is meant.
            what: String,
        },
        /// The account has no such payment, or cannot read it.
        #[error("the account knows nothing of that payment")]
        Unknown,
        /// The transaction is in no block yet.
        #[error("the transaction is in no block yet")]
        NotMined,
        /// The transaction was not read in full: synchronise first.
        #[error("the transaction was not read in full: synchronise first")]
        NotRead,
        /// The statement cannot be made: it would not be true, or the chain has not taken the snapshot that it takes.
        #[error("{reason}")]
        NotStated {
            /// The reason, for people.
            reason: String,
        },
        /// The keys are those of another recovery phrase, or the account cannot sign.
        #[error("the keys do not sign for this account")]
        OtherKeys,
        /// The proof was not made.
        #[error("{error}")]
        Prover {
            /// The error behind it.
            #[from]
            error: ProverError,
        },
        /// The wallet did not do as asked.
        #[error("{error}")]
        Wallet {
            /// The error behind it.
            #[from]
            error: WalletError,
        },
    }
}

impl From<OpeningError> for DiscloseError {
    fn from(error: OpeningError) -> Self {
        match error {
            OpeningError::Unknown => Self::Unknown,
            OpeningError::NotMined => Self::NotMined,
            OpeningError::Partial => Self::NotRead,
            OpeningError::Tree(error) => Self::Wallet { error: tree(&error) },
            OpeningError::Account(error) => Self::Wallet { error: error.into() },
            OpeningError::Store(error) => Self::Wallet { error: error.into() },
        }
    }
}

impl From<DisclosureProveError> for ProverError {
    fn from(error: DisclosureProveError) -> Self {
        match error {
            DisclosureProveError::Violation(violation) => Self::Other { reason: violation.to_string() },
            DisclosureProveError::Prove(error) => error.into(),
            DisclosureProveError::Keys(error) => (*error).into(),
        }
    }
}

impl From<DraftError> for DiscloseError {
    fn from(error: DraftError) -> Self {
        match error {
            DraftError::Signing(_) => Self::OtherKeys,
            error => Self::Prover { error: ProverError::Other { reason: error.to_string() } },
        }
    }
}

impl From<TermsError> for DiscloseError {
    fn from(error: TermsError) -> Self {
        match error {
            TermsError::TextTooLong(what) => Self::TooLong { what: what.to_owned() },
            TermsError::NoReader => Self::NoReader,
            TermsError::NoValidity => Self::NoValidity,
            TermsError::Recipient => Self::Recipient,
            error => Self::Challenge { reason: error.to_string() },
        }
    }
}

impl From<ChallengeError> for DiscloseError {
    fn from(error: ChallengeError) -> Self {
        Self::Challenge { reason: error.to_string() }
    }
}

impl From<MakeBookError> for DiscloseError {
    fn from(error: MakeBookError) -> Self {
        match error {
            MakeBookError::Terms(error) => error.into(),
            MakeBookError::Scope(_) => Self::TooManyEpochs { most: most_epochs() },
            MakeBookError::Prove(error) => Self::Prover { error: error.into() },
            MakeBookError::Cancelled => Self::Prover { error: ProverError::Cancelled },
            MakeBookError::Signing(_) => Self::OtherKeys,
            // The wallet's notes do not fit the transactions.
            error => Self::Wallet { error: WalletError::Other { reason: error.to_string() } },
        }
    }
}

// Nobody can be sealed to.
impl From<SealError> for DiscloseError {
    fn from(_: SealError) -> Self {
        Self::Recipient
    }
}

impl From<grant::IssueError> for DiscloseError {
    fn from(error: grant::IssueError) -> Self {
        match error {
            grant::IssueError::Terms(error) => error.into(),
            grant::IssueError::Prove(error) => Self::Prover { error: error.into() },
            // The signing key is another account's.
            _ => Self::OtherKeys,
        }
    }
}

impl From<MakeError> for DiscloseError {
    fn from(error: MakeError) -> Self {
        match error {
            MakeError::Terms(error) => error.into(),
            MakeError::Empty => Self::Nothing,
            MakeError::Less | MakeError::TooMany | MakeError::Repeated => {
                Self::Choice { reason: error.to_string() }
            }
            MakeError::OtherPool | MakeError::NotReceived => Self::Unknown,
            MakeError::Prove(error) => Self::Prover { error: error.into() },
            MakeError::Signing(error) => error.into(),
            // The signing key is another account's.
            _ => Self::OtherKeys,
        }
    }
}

fault! {
    /// A grant does not open, or an audit does not go on.
    pub enum AuditError {
        /// The text is not an auditor's key.
        #[error("not an auditor's key (AGE-SECRET-KEY-1...)")]
        Key,
        /// The file is not sealed to this key, or is damaged. Which of them cannot be told.
        #[error("the file is not sealed to this key, or is damaged")]
        NotForThisKey,
        /// The file is not a grant.
        #[error("not a grant: {reason}")]
        NotAGrant {
            /// The fault in it.
            reason: String,
        },
        /// The grant was made for another reader, who passed it on.
        #[error("the grant was made for another reader")]
        OtherReader,
        /// An expectation is not written as it should be.
        #[error("the expected {what} cannot be read")]
        Expectation {
            /// The expectation that is meant.
            what: String,
        },
        /// It is another account's.
        #[error("the grant is another account's")]
        OtherAccount,
        /// It was made for somebody of another name.
        #[error("the grant was made for {made_for:?}, not for {expected:?}")]
        OtherName {
            /// The name in the grant, with hidden characters shown.
            made_for: String,
            /// The name that the reader expects, with hidden characters shown.
            expected: String,
        },
        /// It does not answer the reader's challenge or number.
        #[error("the grant does not answer this challenge")]
        Nonce,
        /// The challenge is not the reader's own, or the grant shows less than it asks for.
        #[error("{reason}")]
        Challenge {
            /// The reason, for people.
            reason: String,
        },
        /// It says that it was made later than now: one of the two clocks is wrong.
        #[error("{reason}")]
        NotYet {
            /// The time, and what to do, for people.
            reason: String,
        },
        /// The grant is for another chain.
        #[error("the grant is for another chain")]
        OtherChain,
        /// The grant is for another pool.
        #[error("the grant is for another pool")]
        OtherPool,
        /// The grant has expired. Its owner can make a new one.
        #[error("the grant has expired: ask its owner for a new one")]
        Expired,
        /// The keys of some epochs are not proven to be the account's.
        #[error("the grant's keys are not proven to be the account's: nothing that they show can be relied on")]
        Unproven {
            /// The first epoch.
            first: u16,
            /// The last epoch.
            last: u16,
        },
        /// The account did not sign the grant.
        #[error("the grant's signature does not fit its contents")]
        Signature,
        /// The node's blocks do not hold together: it leaves out, alters or reorders.
        #[error("the node's blocks do not hold together: {reason}")]
        Blocks {
            /// The fault in them.
            reason: String,
        },
        /// The work was stopped.
        #[error("it was cancelled")]
        Cancelled,
        /// The chain's verifying keys cannot be used: they are refused, or it is a development chain and this is a
        /// production build.
        #[error("the chain's keys cannot be used: {reason}")]
        NoKeys {
            /// The reason.
            reason: String,
        },
        /// The node did not do as asked.
        #[error("{error}")]
        Node {
            /// The error behind it.
            #[from]
            error: NodeError,
        },
    }
}

impl From<OpenError> for AuditError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Decrypt | OpenError::NoKey => Self::NotForThisKey,
            OpenError::OtherReader(_) => Self::OtherReader,
            error => Self::NotAGrant { reason: error.to_string() },
        }
    }
}

impl From<EnvelopeError> for AuditError {
    fn from(error: EnvelopeError) -> Self {
        match error {
            EnvelopeError::OtherChain => Self::OtherChain,
            EnvelopeError::OtherPool => Self::OtherPool,
            EnvelopeError::Expired(_) => Self::Expired,
            EnvelopeError::Signature => Self::Signature,
            EnvelopeError::OtherAccount => Self::OtherAccount,
            EnvelopeError::OtherReader { made_for, expected } => {
                Self::OtherName { made_for: visible(&made_for), expected: visible(&expected) }
            }
            EnvelopeError::Nonce => Self::Nonce,
            EnvelopeError::NotYet(_) => Self::NotYet { reason: error.to_string() },
            error => Self::Challenge { reason: error.to_string() },
        }
    }
}

impl From<grant::GrantError> for AuditError {
    fn from(error: grant::GrantError) -> Self {
        match error {
            grant::GrantError::Envelope(error) => error.into(),
            grant::GrantError::Unproven { first, last } => Self::Unproven { first, last },
            grant::GrantError::Rules(error) => Self::NoKeys { reason: error.to_string() },
        }
    }
}

impl From<AuditFailure> for AuditError {
    fn from(failure: AuditFailure) -> Self {
        match failure {
            AuditFailure::Node(error) => Self::Node { error: error.into() },
            AuditFailure::Cancelled => Self::Cancelled,
            failure => Self::Blocks { reason: failure.to_string() },
        }
    }
}

fault! {
    /// A disclosure package does not hold what it claims.
    pub enum PackageError {
        /// The file is not a package.
        #[error("not a disclosure package: {reason}")]
        NotAPackage {
            /// The fault in it.
            reason: String,
        },
        /// The file is sealed to another key, or is damaged. Which of them cannot be told.
        #[error("the package is not sealed to this key, or is damaged")]
        NotForThisKey,
        /// The file is sealed to a key: open it with that one.
        #[error("the package is sealed: open it with its reader's key")]
        Sealed,
        /// An expectation is not written as it should be.
        #[error("the expected {what} cannot be read")]
        Expectation {
            /// The expectation that is meant.
            what: String,
        },
        /// It is for another chain.
        #[error("the package is for another chain")]
        OtherChain,
        /// It is for another pool.
        #[error("the package is for another pool")]
        OtherPool,
        /// It is another account's.
        #[error("the package is another account's")]
        OtherAccount,
        /// It was made for somebody else.
        #[error("the package was made for {made_for:?}, not for {expected:?}")]
        OtherReader {
            /// The name in the package, with hidden characters shown.
            made_for: String,
            /// The name that the reader expects, with hidden characters shown.
            expected: String,
        },
        /// It does not answer the reader's challenge or number.
        #[error("the package does not answer this challenge")]
        Nonce,
        /// The challenge is not the reader's own, or the package shows less than it asks for.
        #[error("{reason}")]
        Challenge {
            /// The reason, for people.
            reason: String,
        },
        /// It says that it was made later than now: one of the two clocks is wrong.
        #[error("{reason}")]
        NotYet {
            /// The time, and what to do, for people.
            reason: String,
        },
        /// It has expired.
        #[error("the package has expired")]
        Expired,
        /// The account did not sign these contents.
        #[error("the package's signature does not fit its contents")]
        Signature,
        /// A transaction is not on the ledger where the package says.
        #[error("item {item}: the transaction is not in that block")]
        NotOnLedger {
            /// The item's place in the package.
            item: u32,
        },
        /// An item is not what it says: it shows a payment again, names an output that does not exist or does not open its
        /// commitment, or does not prove that the account was part of the payment.
        #[error("{reason}")]
        Untrue {
            /// The item's place in the package.
            item: u32,
            /// The fault in it, for people.
            reason: String,
        },
        /// The chain does not have a transaction that the package names in the block that it names: the package is false, or
        /// the node is behind.
        #[error("the chain does not have a transaction of the package in the block that the package names")]
        NotProvable,
        /// The file is not an offline proof: it is another file, or was altered.
        #[error("not an offline proof: {reason}")]
        NotAProof {
            /// The fault in it.
            reason: String,
        },
        /// The proof is of another chain than the chosen one, or is not shown to stand on the chosen block.
        #[error("{reason}")]
        ProofOfOtherChain {
            /// The difference.
            reason: String,
        },
        /// The proof does not show a transaction or an asset of the package: it belongs to another package.
        #[error("{reason}")]
        ProofLacks {
            /// The part that it lacks.
            reason: String,
        },
        /// The proof is false: it was forged or altered, or its head is not final.
        #[error("the offline proof is false: {reason}")]
        ProofFalse {
            /// The fault in it.
            reason: String,
        },
        /// The chain's verifying keys cannot be used: they are refused, or it is a development chain and this is a
        /// production build.
        #[error("the chain's keys cannot be used: {reason}")]
        NoKeys {
            /// The reason.
            reason: String,
        },
        /// The node did not do as asked.
        #[error("{error}")]
        Node {
            /// The error behind it.
            #[from]
            error: NodeError,
        },
    }
}

impl From<OpenError> for PackageError {
    fn from(error: OpenError) -> Self {
        match error {
            // Somebody who could open it has passed it on.
            OpenError::Decrypt | OpenError::OtherReader(_) => Self::NotForThisKey,
            OpenError::NoKey => Self::Sealed,
            error => Self::NotAPackage { reason: error.to_string() },
        }
    }
}

impl From<EnvelopeError> for PackageError {
    fn from(error: EnvelopeError) -> Self {
        match error {
            EnvelopeError::OtherChain => Self::OtherChain,
            EnvelopeError::OtherPool => Self::OtherPool,
            EnvelopeError::OtherAccount => Self::OtherAccount,
            EnvelopeError::OtherReader { made_for, expected } => {
                Self::OtherReader { made_for: visible(&made_for), expected: visible(&expected) }
            }
            EnvelopeError::Nonce => Self::Nonce,
            EnvelopeError::Expired(_) => Self::Expired,
            EnvelopeError::Signature => Self::Signature,
            EnvelopeError::NotYet(_) => Self::NotYet { reason: error.to_string() },
            error => Self::Challenge { reason: error.to_string() },
        }
    }
}

impl PackageError {
    pub(crate) fn no_keys(error: KeySetError) -> Self {
        Self::NoKeys { reason: error.to_string() }
    }
}

impl From<OfflineError> for PackageError {
    fn from(error: OfflineError) -> Self {
        let reason = error.to_string();
        match error {
            OfflineError::OtherGenesis { .. }
            | OfflineError::OtherBlock { .. }
            | OfflineError::OtherHead { .. } => Self::ProofOfOtherChain { reason },
            OfflineError::LacksTransaction { .. }
            | OfflineError::LacksPart { .. }
            | OfflineError::LacksAsset { .. } => Self::ProofLacks { reason },
            _ => Self::ProofFalse { reason },
        }
    }
}

impl From<package::PackageError> for PackageError {
    fn from(error: package::PackageError) -> Self {
        use package::PackageError as Fault;
        let number = |item: usize| u32::try_from(item).unwrap_or(u32::MAX);
        match error {
            Fault::Envelope(error) => error.into(),
            Fault::NotOnLedger { item } => Self::NotOnLedger { item: number(item) },
            Fault::Repeated { item }
            | Fault::NoSuchOutput { item }
            | Fault::Commitment { item }
            | Fault::NoCrossing { item }
            | Fault::Rules { item, .. }
            | Fault::Unproven { item } => Self::Untrue { item: number(item), reason: error.to_string() },
            error => Self::NotAPackage { reason: error.to_string() },
        }
    }
}
