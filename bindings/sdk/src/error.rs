//! Errors: one enum for each concept, one variant for each fault. Programs match on variants; the sentences are for
//! people, and name no secret.

use louver_client::{
    ClientError,
    session::{RetryError, SessionError},
    transport::Unreachable,
};
use louver_core::{
    asset::{AssetChanged, AssetNameError},
    encoding::Encode,
    keys::TypedError,
    store::StoreError,
};
use louver_wallet::{
    account::AccountError,
    follow::FollowError,
    register::LabelError,
    scan::{BirthdayError, EnhanceError, ScanError},
    vault::VaultError,
    wallet::OpenError,
};

/// The errors of checking a file against a chain: an expectation that cannot be read, a node that fails, keys that are
/// refused. Each file's own enum has the variants `Expectation`, `Node` and `NoKeys` for them.
macro_rules! checks_a_file {
    ($($error:ty),+) => {$(
        impl From<crate::expectations::Unreadable> for $error {
            fn from(crate::expectations::Unreadable(what): crate::expectations::Unreadable) -> Self {
                Self::Expectation { what: what.to_owned() }
            }
        }

        impl From<louver_client::ClientError> for $error {
            fn from(error: louver_client::ClientError) -> Self {
                Self::Node { error: error.into() }
            }
        }

        impl From<louver_client::keys::KeyFetchError> for $error {
            fn from(error: louver_client::keys::KeyFetchError) -> Self {
                match error {
                    louver_client::keys::KeyFetchError::Client(error) => error.into(),
                    error => Self::NoKeys { reason: error.to_string() },
                }
            }
        }
    )+};
}

mod disclose;
mod reading;
mod refusal;
mod spend;
mod statement;

pub use disclose::{AuditError, DiscloseError, PackageError};
pub use reading::{BookError, ChallengeError, ReceiptError, StatementOfAccountError, TravelRuleError};
pub use refusal::Refusal;
pub use spend::{PlanError, ProverError, SendError};
pub use statement::StatementError;

checks_a_file!(AuditError, BookError, PackageError, StatementError);

fault! {
    /// A text is not a recovery phrase. No variant repeats a word of it: an unknown word is told by its position, and by
    /// the words of the list that are like it.
    pub enum PhraseError {
        /// A length that BIP-39 does not define.
        #[error("a recovery phrase has 12, 15, 18, 21 or 24 words, this has {words}")]
        WordCount {
            /// How many words there are.
            words: u32,
        },
        /// A word that is not on the list.
        #[error("word {position} is not on the list of words{}", offered(candidates))]
        UnknownWord {
            /// The position of the word, counted from 1.
            position: u32,
            /// The words of the list that are most like it, to choose from.
            candidates: Vec<String>,
        },
        /// Every word is on the list, but one is wrong or out of place.
        #[error("the words are all on the list, but they do not belong together: one is wrong or out of place")]
        Checksum,
    }
}

fn offered(candidates: &[String]) -> String {
    match candidates {
        [] => String::new(),
        words => format!(": did you mean {}?", words.join(" or ")),
    }
}

fault! {
    /// A text is not an amount.
    pub enum AmountError {
        /// Not a number and an asset, as in `12.50 LVR`.
        #[error("write a number and an asset, as in 12.50 LVR")]
        Form,
        /// A number without an asset.
        #[error("write the asset after the number, as in 12.50 LVR")]
        NoAsset,
        /// It can be read in two ways: have people write the one that they mean.
        #[error("it can mean {first} or {second}: write the one that you mean")]
        TwoReadings {
            /// One reading, as it can be written.
            first: String,
            /// The other reading, as it can be written.
            second: String,
        },
        /// No asset that is known has that name.
        #[error("{reason}")]
        UnknownAsset {
            /// The fault in the name.
            reason: String,
        },
        /// More decimals than the asset has. Amounts are never rounded.
        #[error("{asset} has {decimals} decimals, and amounts are never rounded")]
        TooPrecise {
            /// The asset's name.
            asset: String,
            /// How many decimals the asset has.
            decimals: u8,
        },
        /// The amount does not fit 64 bits.
        #[error("the amount is too large: it is at most {most}")]
        TooLarge {
            /// The largest amount of the asset.
            most: String,
        },
    }
}

impl From<louver_core::amount::AmountError> for AmountError {
    fn from(error: louver_core::amount::AmountError) -> Self {
        use louver_core::amount::AmountError as Fault;
        match error {
            Fault::Form { .. } => Self::Form,
            Fault::NoAsset { .. } => Self::NoAsset,
            Fault::TwoReadings { first, second, .. } => Self::TwoReadings { first, second },
            Fault::Asset(error) => error.into(),
            Fault::TooPrecise { name, decimals, .. } => Self::TooPrecise { asset: name, decimals },
            Fault::TooLarge { most, .. } => Self::TooLarge { most },
        }
    }
}

impl From<AssetNameError> for AmountError {
    fn from(error: AssetNameError) -> Self {
        Self::UnknownAsset { reason: error.to_string() }
    }
}

fault! {
    /// A text is not a payment request, or the payments do not make one.
    pub enum PaymentRequestError {
        /// It needs something that this version does not know: it cannot be paid with it.
        #[error("the payment request needs {parameter}, which this version does not know")]
        Unsupported {
            /// The parameter that has to be understood.
            parameter: String,
        },
        /// An address is of another chain or pool: to pay it would lose the funds.
        #[error("the payment request is of another chain or pool")]
        ForeignPool,
        /// It is wrong in some other way.
        #[error("{reason}")]
        Invalid {
            /// The fault.
            reason: String,
        },
    }
}

impl From<louver_wallet::payment_request::PaymentRequestError> for PaymentRequestError {
    fn from(error: louver_wallet::payment_request::PaymentRequestError) -> Self {
        use louver_wallet::payment_request::PaymentRequestError as Fault;
        match error {
            Fault::Required { name } => Self::Unsupported { parameter: name },
            error => Self::Invalid { reason: error.to_string() },
        }
    }
}

fault! {
    /// A text is not a period of the chain.
    pub enum PeriodError {
        /// The chain began later.
        #[error("{reason}")]
        BeforeTheChain {
            /// The first second of the chain's first epoch, in seconds since 1970.
            begins: u64,
            /// A sentence that says so.
            reason: String,
        },
        /// It cannot be read, or is named in no way or in several.
        #[error("{reason}")]
        Invalid {
            /// The fault.
            reason: String,
        },
    }
}

impl From<louver_viewkeys::period::PeriodError> for PeriodError {
    fn from(error: louver_viewkeys::period::PeriodError) -> Self {
        let reason = error.to_string();
        match error {
            louver_viewkeys::period::PeriodError::BeforeTheChain(begins) => {
                Self::BeforeTheChain { begins, reason }
            }
            _ => Self::Invalid { reason },
        }
    }
}

fault! {
    /// A list of payments cannot be paid.
    pub enum PaymentListError {
        /// A row is wrong.
        #[error("line {line}: {reason}")]
        Row {
            /// Its line, counted from 1.
            line: u64,
            /// The fault in it.
            reason: String,
        },
        /// The list as a whole is wrong.
        #[error("{reason}")]
        Form {
            /// The fault in it.
            reason: String,
        },
    }
}

impl From<louver_wallet::payment_list::PaymentListError> for PaymentListError {
    fn from(error: louver_wallet::payment_list::PaymentListError) -> Self {
        use louver_wallet::payment_list::PaymentListError as Fault;
        match error {
            Fault::Row { line, error } => Self::Row { line, reason: error.to_string() },
            error => Self::Form { reason: error.to_string() },
        }
    }
}

fault! {
    /// A text is not an address. No variant repeats the text.
    pub enum AddressError {
        /// Nothing was typed.
        #[error("no address was written")]
        Empty,
        /// Not an address of Louver's, or mistyped.
        #[error("not a Louver address: {reason}")]
        Invalid {
            /// The fault in it.
            reason: String,
        },
        /// A secret: warn of it, and do not show or keep it.
        #[error("this is {what}, which is a secret, and not an address: it was neither used nor kept")]
        Secret {
            /// A description of it.
            what: String,
        },
        /// Something else that is known, such as an address of another chain.
        #[error("this is {what}, and not an address")]
        OtherThing {
            /// A description of it.
            what: String,
        },
        /// A whole payment request: read it as one.
        #[error("this is a payment request, and not an address alone")]
        PaymentRequest,
    }
}

impl From<TypedError> for AddressError {
    fn from(error: TypedError) -> Self {
        match error {
            TypedError::Empty { .. } => Self::Empty,
            TypedError::Secret { found, .. } => Self::Secret { what: found.to_owned() },
            TypedError::OtherThing { found, .. } => Self::OtherThing { what: found.to_owned() },
            TypedError::PaymentRequest => Self::PaymentRequest,
            TypedError::Malformed { error, .. } => Self::Invalid { reason: error.to_string() },
        }
    }
}

fault! {
    /// A node did not do as asked.
    pub enum NodeError {
        /// The node is not there, or the connection broke. Trying again may help.
        #[error("the node cannot be reached: {reason}")]
        Unreachable {
            /// The words of the HTTP client.
            reason: String,
        },
        /// The node said no.
        #[error("the node refused: {reason}")]
        Refused {
            /// The HTTP status.
            status: u16,
            /// The reason, for programs.
            refusal: Refusal,
            /// The reason, for people.
            reason: String,
        },
        /// The answer is not what the API promises.
        #[error("the node's answer makes no sense: {reason}")]
        Answer {
            /// The fault in it.
            reason: String,
        },
        /// A wallet cannot begin to read at a date that is still to come: have people choose another.
        #[error("{reason}")]
        DateToCome {
            /// The date, and what to do, for people.
            reason: String,
        },
        /// The node serves another chain than it did when it was connected.
        #[error("the node serves another chain than before")]
        OtherChain,
        /// The node's chain is not the chosen one: ask another node, or correct the choice.
        #[error("{reason}")]
        NotChosen {
            /// The chosen and the served chain, for people.
            reason: String,
        },
        /// A choice of a chain cannot be read.
        #[error("{reason}")]
        Choice {
            /// The fault in it.
            reason: String,
        },
        /// The node shows less of the chain than was final before: it is behind, was reset, or hides blocks.
        #[error("{reason}")]
        Behind {
            /// The part of the chain that it shows, for people.
            reason: String,
        },
        /// The node does not prove what it says, or its own chain contradicts it. Nothing was taken from its answer: ask
        /// another node.
        #[error("{reason}")]
        Untrusted {
            /// The statement that it does not prove, for people.
            reason: String,
        },
        /// The chain's authorities sealed what they must not. Nothing more is read or sent on this chain: let people save the
        /// evidence ([`crate::Node::evidence`]), and show this to them.
        #[error("{reason}")]
        Convicted {
            /// Its meaning, for people.
            reason: String,
            /// The evidence as a file, which anybody can check.
            #[cfg_attr(feature = "web", serde(with = "serde_bytes"))]
            #[cfg_attr(feature = "web", tsify(type = "Uint8Array"))]
            evidence: Vec<u8>,
        },
    }
}

impl From<louver_client::trust::TrustTextError> for NodeError {
    fn from(error: louver_client::trust::TrustTextError) -> Self {
        Self::Choice { reason: error.to_string() }
    }
}

impl From<ClientError> for NodeError {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Unreachable(Unreachable { reason }) => Self::Unreachable { reason },
            ClientError::Refused { status, refusal, reason } => {
                Self::Refused { status, refusal: refusal.into(), reason }
            }
            ClientError::OtherChain => Self::OtherChain,
            ClientError::DateToCome(_) => Self::DateToCome { reason: error.to_string() },
            ClientError::Answer { reason } => Self::Answer { reason },
            ClientError::OtherGenesis { .. } | ClientError::OtherBlock { .. } => {
                Self::NotChosen { reason: error.to_string() }
            }
            ClientError::Behind { .. } => Self::Behind { reason: error.to_string() },
            ClientError::Untrusted(_) | ClientError::Contradicted { .. } | ClientError::Unproven { .. } => {
                Self::Untrusted { reason: error.to_string() }
            }
            ClientError::Convicted(ref evidence) => {
                Self::Convicted { reason: error.to_string(), evidence: evidence.to_bytes() }
            }
            error => Self::Answer { reason: error.to_string() },
        }
    }
}

impl From<ClientError> for WalletError {
    fn from(error: ClientError) -> Self {
        Self::Node { error: error.into() }
    }
}

impl From<SessionError> for WalletError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::Cancelled => Self::Cancelled,
            SessionError::OtherChain => Self::OtherChain,
            SessionError::Client(error) => error.into(),
            SessionError::Follow(error) => error.into(),
            SessionError::Open(error) => error.into(),
            SessionError::Birthday(error) => error.into(),
            SessionError::Account(error) => error.into(),
            SessionError::Store(error) => error.into(),
            error => Self::Blocks { reason: error.to_string() },
        }
    }
}

impl From<RetryError> for WalletError {
    fn from(error: RetryError) -> Self {
        match error {
            RetryError::NotWaiting(txid) => Self::NotWaiting { txid: hex::encode(txid.to_bytes()) },
            RetryError::Session(error) => error.into(),
            error => Self::Blocks { reason: error.to_string() },
        }
    }
}

impl From<FollowError<ClientError>> for WalletError {
    fn from(error: FollowError<ClientError>) -> Self {
        match error {
            FollowError::Node(error) => error.into(),
            FollowError::OtherChain => Self::OtherChain,
            FollowError::Reorganised => Self::Reorganised,
            FollowError::Scan(error) => error.into(),
            FollowError::Enhance(error) => error.into(),
            FollowError::Birthday(error) => error.into(),
            FollowError::Store(error) => error.into(),
            // Whatever else is wrong is wrong with the node's answers.
            error => Self::Node { error: NodeError::Answer { reason: error.to_string() } },
        }
    }
}

impl From<AssetChanged> for NodeError {
    fn from(error: AssetChanged) -> Self {
        Self::Answer { reason: error.to_string() }
    }
}

fault! {
    /// State could not be stored or read. Nothing was half written.
    pub enum StorageError {
        /// Another process, tab or handle has it open.
        #[error("it is open elsewhere")]
        InUse,
        /// Something else than Louver wrote it.
        #[error("it was not written by Louver")]
        Foreign,
        /// It was written by a later version.
        #[error("it has format version {found}, this library reads {expected}")]
        Version {
            /// The version found.
            found: u32,
            /// The version that is read.
            expected: u32,
        },
        /// It is damaged.
        #[error("it is damaged: {reason}")]
        Damaged {
            /// The fault that was found.
            reason: String,
        },
        /// The system failed to read or write.
        #[error("it cannot be read or written: {reason}")]
        System {
            /// The words of the system.
            reason: String,
        },
    }
}

impl From<StoreError> for StorageError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Locked => Self::InUse,
            StoreError::Foreign => Self::Foreign,
            StoreError::Version { found, expected } => Self::Version { found, expected },
            StoreError::Corrupt { detail } => Self::Damaged { reason: detail },
            error @ StoreError::Record { .. } => Self::Damaged { reason: error.to_string() },
            error @ (StoreError::Io(_) | StoreError::Backend(_)) => {
                Self::System { reason: error.to_string() }
            }
        }
    }
}

fault! {
    /// A wallet did not do as asked.
    pub enum WalletError {
        /// There is a wallet already.
        #[error("there is a wallet already")]
        Exists,
        /// There is no wallet.
        #[error("there is no wallet")]
        NotFound,
        /// The wallet belongs to another chain or pool than the node serves.
        #[error("the wallet belongs to another chain or pool")]
        OtherChain,
        /// The passphrase is wrong, or the sealed secret was altered. The two cannot be told apart.
        #[error("the passphrase is wrong, or the sealed secret was altered")]
        WrongPassphrase,
        /// The wallet is sealed and no passphrase was given, or the other way round.
        #[error("the wallet is kept in another way: with a passphrase, or without")]
        OtherProtection,
        /// The account is in the wallet already.
        #[error("the account is in the wallet already, as number {account}")]
        AccountExists {
            /// Its number.
            account: u32,
        },
        /// The keys are those of another recovery phrase.
        #[error("the keys are those of another recovery phrase")]
        OtherKeys,
        /// The passphrase is empty: it would seal nothing.
        #[error("the passphrase is empty")]
        EmptyPassphrase,
        /// The wallet or the account can see and not spend.
        #[error("it can be seen and not spent from")]
        ViewOnly,
        /// The node's blocks do not hold together: it leaves out, alters or reorders.
        #[error("the node's blocks do not hold together: {reason}")]
        Blocks {
            /// The fault that was found.
            reason: String,
        },
        /// The chain was reorganised further back than the wallet can follow: scan again from its birthday.
        #[error("the chain was reorganised too far back: scan again from the wallet's birthday")]
        Reorganised,
        /// The wallet made no such transaction, or it does not wait for a block: there is nothing to submit or to give up.
        #[error("transaction {txid} does not wait for a block: the history says what became of it")]
        NotWaiting {
            /// Its id, in hexadecimal.
            txid: String,
        },
        /// The account has no such transaction, beside which a page of its history could be. Start from the latest page.
        #[error("the account has no transaction {txid}: start from the latest page of its history")]
        UnknownTransaction {
            /// Its id, in hexadecimal.
            txid: String,
        },
        /// The wallet cannot start to look for payments later than it does: some may lie between.
        #[error("the wallet looks for payments after block {birthday} already: it cannot start later")]
        BirthdayTooLate {
            /// The wallet's birthday.
            birthday: u32,
        },
        /// It cannot be done, for another reason.
        #[error("{reason}")]
        Other {
            /// The reason, for people.
            reason: String,
        },
        /// The work was stopped.
        #[error("it was cancelled")]
        Cancelled,
        /// The node did not do as asked.
        #[error("{error}")]
        Node {
            /// The error behind it.
            #[from]
            error: NodeError,
        },
        /// State could not be kept or read.
        #[error("the wallet's state: {error}")]
        Storage {
            /// The error behind it.
            #[from]
            error: StorageError,
        },
    }
}

impl From<StoreError> for WalletError {
    fn from(error: StoreError) -> Self {
        Self::Storage { error: error.into() }
    }
}

impl From<LabelError> for WalletError {
    fn from(error: LabelError) -> Self {
        match error {
            LabelError::Store(error) => error.into(),
            error => Self::Other { reason: error.to_string() },
        }
    }
}

impl From<VaultError> for WalletError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::WrongPassphrase => Self::WrongPassphrase,
            VaultError::OtherProtection(_) => Self::OtherProtection,
            VaultError::EmptyPassphrase => Self::EmptyPassphrase,
            VaultError::Seal => Self::Storage { error: StorageError::System { reason: error.to_string() } },
        }
    }
}

impl From<louver_wallet::phrase::PhraseError> for PhraseError {
    fn from(error: louver_wallet::phrase::PhraseError) -> Self {
        use louver_wallet::phrase::PhraseError as Fault;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        match error {
            Fault::WordCount { words } => Self::WordCount { words: number(words) },
            Fault::UnknownWord { position, candidates } => Self::UnknownWord {
                position: number(position),
                candidates: candidates.into_iter().map(str::to_owned).collect(),
            },
            // Entropy of such a length makes so many words.
            Fault::Entropy { bytes } => Self::WordCount { words: number(bytes * 3 / 4) },
            Fault::Checksum => Self::Checksum,
        }
    }
}

impl From<AccountError> for WalletError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Present(number) => Self::AccountExists { account: number.0 },
            AccountError::ViewOnly | AccountError::NoSpendingKey(_) => Self::ViewOnly,
            AccountError::OtherKeys => Self::OtherKeys,
            AccountError::Key(error) => {
                Self::Storage { error: StorageError::Damaged { reason: error.to_string() } }
            }
            error @ (AccountError::Unknown(_)
            | AccountError::Epoch(_)
            | AccountError::LastEpoch(_)
            | AccountError::FarAhead(_)
            | AccountError::Index(_)
            | AccountError::Phrase(_)) => Self::Other { reason: error.to_string() },
            AccountError::Vault(error) => error.into(),
            AccountError::Store(error) => error.into(),
        }
    }
}

impl From<OpenError> for WalletError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Present => Self::Exists,
            OpenError::Absent => Self::NotFound,
            OpenError::OtherChain => Self::OtherChain,
            OpenError::AssetChanged(error) => Self::Node { error: error.into() },
            OpenError::Birthday(error) => error.into(),
            OpenError::Vault(error) => error.into(),
            OpenError::Account(error) => error.into(),
            OpenError::Store(error) => error.into(),
        }
    }
}

impl From<BirthdayError> for WalletError {
    fn from(error: BirthdayError) -> Self {
        match error {
            BirthdayError::Later { stored } => Self::BirthdayTooLate { birthday: stored },
            error @ (BirthdayError::WrongTree { .. } | BirthdayError::Tree(_)) => {
                Self::Blocks { reason: error.to_string() }
            }
            BirthdayError::Store(error) => error.into(),
        }
    }
}

impl From<ScanError> for WalletError {
    fn from(error: ScanError) -> Self {
        match error {
            ScanError::Cancelled => Self::Cancelled,
            ScanError::TooDeep { .. } => Self::Reorganised,
            ScanError::Store(error) => error.into(),
            error => Self::Blocks { reason: error.to_string() },
        }
    }
}

impl From<EnhanceError> for WalletError {
    fn from(error: EnhanceError) -> Self {
        match error {
            EnhanceError::Store(error) => error.into(),
            error => Self::Blocks { reason: error.to_string() },
        }
    }
}
