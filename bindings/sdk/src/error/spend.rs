use louver_circuits::circuit::CircuitId;
use louver_client::session::CarryOutError;
use louver_core::{calendar::moment, encoding::Encode, proof::ProveError};
use louver_wallet::{plan::PlanError as Engine, send::SendError as Sending, tree::TreeError};

use super::{AddressError, NodeError, StorageError, WalletError};
use crate::Circuit;

fault! {
    /// There is no plan. Nothing has changed.
    pub enum PlanError {
        /// There is nothing to pay, or an amount is zero.
        #[error("there is nothing to pay")]
        Nothing,
        /// The text is not an address.
        #[error("{error}")]
        Address {
            /// The error behind it.
            #[from]
            error: AddressError,
        },
        /// The text is not a transparent account (`lvrt1...`).
        #[error("not a transparent account: {reason}")]
        TransparentAccount {
            /// The fault in it.
            reason: String,
        },
        /// The memo is too long.
        #[error("a memo has at most {most} bytes")]
        MemoTooLong {
            /// The most bytes of UTF-8 that a memo has.
            most: u32,
        },
        /// An address of another pool or chain: paying it would lose the funds.
        #[error("the address belongs to another pool or chain")]
        ForeignPool,
        /// The address has expired: its owner would not look for the payment. Ask for a new one.
        #[error("the address could be paid until {}; ask for a new one", moment(*until))]
        AddressExpired {
            /// The first second since 1970 in which no block pays it any more.
            until: u64,
        },
        /// The address is of an epoch that has not begun.
        #[error("the address can be paid from {} on", from.map_or_else(|| "no time of this chain".to_owned(), moment))]
        AddressNotYetValid {
            /// The first second since 1970 in which a block pays it; absent if the chain has no such epoch.
            from: Option<u64>,
        },
        /// The address can no longer be paid when the transaction is to be ready. Ask for one of a later month, or sign sooner.
        #[error(
            "the address can be paid until {} only, and this is to be signed and sent until {}: ask the payee for an address \
             of a later month, or sign sooner",
            moment(*until), moment(*ready_by)
        )]
        AddressLeavesNoTime {
            /// The first second since 1970 in which no block pays it any more.
            until: u64,
            /// The time until which the transaction is to be signed and sent, in seconds since 1970.
            ready_by: u64,
        },
        /// Nothing can be planned for so late a time.
        #[error("nothing can be planned now that is signed so late: whatever it is, it has to be sent before {}", moment(*until))]
        TooFarAhead {
            /// The first second since 1970 that is too late.
            until: u64,
        },
        /// The chain's last period has begun, which never ends: money can only be moved out of the pool.
        #[error("this chain has come to its last period, in which money can only be moved out of the pool")]
        WithdrawalsOnly,
        /// The pool takes more.
        #[error("the fee is {given} of asset {asset}, the pool takes at least {least}")]
        FeeTooLow {
            /// The id of the fee's asset.
            asset: u64,
            /// The fee that was asked for.
            given: u64,
            /// The least that the pool takes.
            least: u64,
        },
        /// The account does not hold enough that can be spent now.
        #[error("{missing} of asset {asset} are missing: {needed} are needed, {spendable} can be spent now")]
        InsufficientFunds {
            /// The asset's id.
            asset: u64,
            /// The sum of the payments and the fee.
            needed: u64,
            /// The amount that can be spent now.
            spendable: u64,
            /// The difference.
            missing: u64,
            /// Was received in fewer blocks than the wallet waits for: it can be spent after some more.
            immature: u64,
            /// Comes back with transactions that wait for a block: it can be spent when they are mined.
            pending: u64,
            /// Was received after the epoch of the payee's address: it can be paid to a new address of the payee's.
            newer: u64,
        },
        /// The transparent account cannot pay the deposit with its fee.
        #[error(
            "the transparent account holds {available} of asset {asset}, and the deposit takes {needed} with its fee: at \
             most {fits} of asset {deposit} can be moved into the pool now"
        )]
        TransparentFunds {
            /// The id of the asset that is missing: the deposit's, or the fee's.
            asset: u64,
            /// The amount of it that the deposit takes with the fee.
            needed: u64,
            /// The amount of it that the transparent account holds.
            available: u64,
            /// The id of the deposit's asset.
            deposit: u64,
            /// The most of the deposit's asset that can be moved now.
            fits: u64,
        },
        /// An attempt at the same payment was abandoned or refused, and a block may still take it: wait until then, so that
        /// it is not paid twice.
        #[error("an earlier attempt at this payment was given up, and a block up to {until} may still take it")]
        EarlierAttempt {
            /// The last block that can take it.
            until: u32,
        },
        /// The account holds enough, in more notes than one transaction spends: consolidate first.
        #[error("the amount takes {notes} notes, one transaction of this kind spends {most}: consolidate first")]
        TooFragmented {
            /// How many notes it takes.
            notes: u32,
            /// How many one transaction spends.
            most: u32,
        },
        /// The rules version that transactions name was switched off, since a fault was found in it. The money stays where
        /// it is, and can be sent again when a version without the fault counts: read on until then.
        #[error("{reason}")]
        SwitchedOff {
            /// The version.
            version: u32,
            /// A sentence that says since when, what it means for the money, and what to expect.
            reason: String,
        },
        /// The wallet is too far behind the chain: synchronise first.
        #[error("the wallet has read {scanned} of {height} blocks: synchronise first")]
        Behind {
            /// The last block that was read.
            scanned: u32,
            /// The chain's last block.
            height: u32,
        },
        /// It takes several transactions, such as more payments, more assets or addresses of more epochs than one transaction
        /// has: `Wallet::propose` plans them.
        #[error("{reason}")]
        SeveralTransactions {
            /// The reason, for people.
            reason: String,
        },
        /// It cannot be done, for another reason.
        #[error("{reason}")]
        Other {
            /// The reason, for people.
            reason: String,
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

impl From<Engine> for PlanError {
    fn from(error: Engine) -> Self {
        // No pool holds more than 64 bits of an asset.
        let units = |sum: u128| u64::try_from(sum).unwrap_or(u64::MAX);
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        match error {
            Engine::Nothing => Self::Nothing,
            Engine::ForeignPool => Self::ForeignPool,
            Engine::AddressExpired { until } => Self::AddressExpired { until },
            Engine::AddressNotYetValid { from } => Self::AddressNotYetValid { from },
            Engine::AddressLeavesNoTime { until, ready_by } => Self::AddressLeavesNoTime { until, ready_by },
            Engine::TooFarAhead { until } => Self::TooFarAhead { until },
            Engine::WithdrawalsOnly => Self::WithdrawalsOnly,
            error @ (Engine::MixedEpochs | Engine::TooManyAssets | Engine::TooManyPayments { .. }) => {
                Self::SeveralTransactions { reason: error.to_string() }
            }
            Engine::FeeTooLow { asset, given, least } => {
                Self::FeeTooLow { asset: asset.to_u64(), given: given.0, least: least.0 }
            }
            Engine::InsufficientFunds { asset, needed, spendable, missing, unspendable } => {
                Self::InsufficientFunds {
                    asset: asset.to_u64(),
                    needed: units(needed),
                    spendable: units(spendable),
                    missing: units(missing),
                    immature: units(unspendable.immature),
                    pending: units(unspendable.pending),
                    newer: units(unspendable.newer),
                }
            }
            // The first of them; once it is there, the next one is told.
            Engine::SeveralShort(short) => match short.first() {
                Some(short) => Self::InsufficientFunds {
                    asset: short.asset.to_u64(),
                    needed: units(short.needed),
                    spendable: units(short.spendable),
                    missing: units(short.missing),
                    immature: units(short.unspendable.immature),
                    pending: units(short.unspendable.pending),
                    newer: units(short.unspendable.newer),
                },
                None => Self::Nothing,
            },
            Engine::TransparentFunds { asset, needed, available, deposit, fits } => Self::TransparentFunds {
                asset: asset.to_u64(),
                needed: units(needed),
                available: available.0,
                deposit: deposit.to_u64(),
                fits: fits.0,
            },
            Engine::EarlierAttempt { until } => Self::EarlierAttempt { until },
            // The balance is asked for before a deposit is planned.
            error @ Engine::BalanceUnknown => Self::Wallet {
                error: WalletError::Node { error: NodeError::Answer { reason: error.to_string() } },
            },
            Engine::TooFragmented { notes, most } => {
                Self::TooFragmented { notes: number(notes), most: number(most) }
            }
            error @ (Engine::UnknownAsset(_)
            | Engine::FeeAsset(_)
            | Engine::NothingToConsolidate
            | Engine::NoRules
            | Engine::NoAuditor) => Self::Other { reason: error.to_string() },
            Engine::SwitchedOff(pause) => {
                Self::SwitchedOff { version: pause.version.0, reason: Engine::SwitchedOff(pause).to_string() }
            }
            Engine::Behind { scanned, height } => Self::Behind { scanned, height },
            Engine::Account(error) => Self::Wallet { error: error.into() },
            Engine::Tree(error) => Self::Wallet { error: tree(&error) },
            Engine::Store(error) => Self::Wallet { error: error.into() },
        }
    }
}

/// A tree that the wallet cannot use any more.
pub(crate) fn tree(error: &TreeError) -> WalletError {
    WalletError::Storage { error: StorageError::Damaged { reason: error.to_string() } }
}

fault! {
    /// A proving key is not at hand, or a proof was not made.
    pub enum ProverError {
        /// The work was stopped.
        #[error("it was cancelled")]
        Cancelled,
        /// The key was neither installed nor fetched.
        #[error("the proving key of {} is not at hand", CircuitId::from(*circuit).name())]
        KeyMissing {
            /// The circuit of the key.
            circuit: Circuit,
        },
        /// The bytes are not the key that this library knows by its hash. A wrong key could give away what it proves.
        #[error("not the proving key: {reason}")]
        KeyInvalid {
            /// The fault in it.
            reason: String,
        },
        /// The chain takes proofs of another key than this library has.
        #[error("the chain takes proofs of {} by another key", CircuitId::from(*circuit).name())]
        OtherKey {
            /// The circuit of the key.
            circuit: Circuit,
        },
        /// The proof was not made, for another reason.
        #[error("the proof was not made: {reason}")]
        Other {
            /// The reason, for people.
            reason: String,
        },
        /// The key could not be fetched.
        #[error("{error}")]
        Node {
            /// The error behind it.
            #[from]
            error: NodeError,
        },
        /// The key could not be kept or read.
        #[error("the proving keys: {error}")]
        Storage {
            /// The error behind it.
            #[from]
            error: StorageError,
        },
    }
}

impl From<ProveError> for ProverError {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::Cancelled => Self::Cancelled,
            ProveError::NoParameters(shape) => Self::KeyMissing { circuit: shape.into() },
            error @ ProveError::Violation(_) => Self::Other { reason: error.to_string() },
            ProveError::System(error) => match error.downcast::<Self>() {
                Ok(told) => *told,
                Err(error) => Self::Other { reason: error.to_string() },
            },
        }
    }
}

fault! {
    /// A transaction was not made. This call recorded nothing and submitted nothing.
    pub enum SendError {
        /// The plan was sent already, or a note of it was spent since. The history tells whether to plan again.
        #[error("the plan was sent already, or a note of it can no longer be spent")]
        PlanVoid,
        /// No block can take the plan's transaction any more: plan again.
        #[error("signing took too long: no block takes this transaction any more. Nothing was sent: plan again")]
        PlanExpired,
        /// The plan, draft or transaction belongs to another wallet.
        #[error("it belongs to another wallet")]
        OtherWallet,
        /// The draft was proven, or the transaction signed, before: each is used once.
        #[error("it was used before")]
        Used,
        /// The keys are those of another recovery phrase, or the account cannot spend.
        #[error("the keys do not sign for this account")]
        OtherKeys,
        /// A deposit comes from a transparent account whose key these keys do not hold.
        #[error("the deposit's payer is another account")]
        OtherPayer,
        /// It was not made, for another reason.
        #[error("the transaction could not be built: {reason}")]
        Other {
            /// The reason, for people.
            reason: String,
        },
        /// The next transaction of a schedule cannot be made now. The schedule stays.
        #[error("{error}")]
        Plan {
            /// The error behind it.
            #[from]
            error: PlanError,
        },
        /// A transaction of a schedule was signed and recorded, and the node did not take it. It waits for a block, as
        /// synchronising submits it again, or was refused for good, as the history says. Carrying out the schedule once more
        /// goes on, and pays nothing twice.
        #[error("the node did not take transaction {txid}: {error}")]
        NotTaken {
            /// The transaction's id, in hexadecimal.
            txid: String,
            /// The reason.
            #[source]
            error: NodeError,
        },
        /// The transaction could not be proven.
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

impl From<CarryOutError<ProverError>> for SendError {
    fn from(error: CarryOutError<ProverError>) -> Self {
        match error {
            CarryOutError::Plan(error) => Self::Plan { error: error.into() },
            CarryOutError::Prover(error) => Self::Prover { error },
            CarryOutError::Send(error) => error.into(),
            CarryOutError::NotTaken { txid, error } => {
                Self::NotTaken { txid: hex::encode(txid.to_bytes()), error: error.into() }
            }
            CarryOutError::Session(error) => Self::Wallet { error: error.into() },
            error => Self::Other { reason: error.to_string() },
        }
    }
}

impl From<Sending> for SendError {
    fn from(error: Sending) -> Self {
        match error {
            Sending::PlanVoid => Self::PlanVoid,
            Sending::PlanExpired => Self::PlanExpired,
            Sending::HostAuthorization | Sending::HostRefused(_) => Self::OtherPayer,
            Sending::Prove(error) => Self::Prover { error: error.into() },
            Sending::Sign(_) => Self::OtherKeys,
            Sending::Account(error) => Self::Wallet { error: error.into() },
            Sending::Tree(error) => Self::Wallet { error: tree(&error) },
            Sending::Store(error) => Self::Wallet { error: error.into() },
            error @ (Sending::UnknownAsset | Sending::Build(_)) => Self::Other { reason: error.to_string() },
        }
    }
}
