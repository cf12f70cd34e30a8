//! Why there is no plan, and what to do about it.

use core::fmt;

use louver_core::{asset::AssetId, calendar::moment, ledger::Pause, store::StoreError, value::Value};
use thiserror::Error;

use crate::{account::AccountError, tree::TreeError};

/// An account's holdings of an asset that the transaction at hand cannot spend, by reason. The parts do not overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unspendable {
    /// The part received so recently that the wallet waits for more blocks. It can be spent after those.
    pub immature: u128,
    /// The part that returns with transactions that wait for a block. It can be spent once they are mined, or have
    /// expired.
    pub pending: u128,
    /// The part received in an epoch after the one that the transaction declares, as the transaction pays an address of
    /// the epoch before. It can be paid to an address of the current epoch: ask the payee for a new one.
    pub newer: u128,
}

impl fmt::Display for Unspendable {
    /// The text that follows a sentence about what can be spent now; empty if there is nothing else.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.immature > 0 {
            write!(f, "; {} more were just received: wait for some blocks", self.immature)?;
        }
        if self.pending > 0 {
            write!(
                f,
                "; {} more come back with transactions that wait for a block: wait for it",
                self.pending
            )?;
        }
        if self.newer > 0 {
            write!(
                f,
                "; {} more were received after the period of the payee's address: ask the payee for a new address",
                self.newer
            )?;
        }
        Ok(())
    }
}

/// The amount of an asset that an account lacks to make payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// The asset.
    pub asset: AssetId,
    /// The sum of all payments and fees.
    pub needed: u128,
    /// The amount that can be spent now.
    pub spendable: u128,
    /// The difference.
    pub missing: u128,
    /// The account's other holdings of the asset, and why they cannot be spent now.
    pub unspendable: Unspendable,
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { asset, needed, spendable, missing, unspendable } = self;
        write!(
            f,
            "{missing} of asset {asset} are missing: {needed} are needed, {spendable} can be spent now{unspendable}"
        )
    }
}

fn all(short: &[Shortfall]) -> String {
    short.iter().map(Shortfall::to_string).collect::<Vec<_>>().join(". ")
}

fn not_yet(from: Option<u64>) -> String {
    match from {
        Some(from) => format!("the address can be paid from {} on", moment(from)),
        None => "the address is for a time that this chain does not have; ask for a new one".to_owned(),
    }
}

/// Why there is no plan.
#[derive(Debug, Error)]
pub enum PlanError {
    /// There is nothing to pay, or an amount is zero.
    #[error("there is nothing to pay")]
    Nothing,
    /// `[wallet-addresses]`: the address belongs to another pool or chain. Paying it would lose the funds.
    #[error("the address belongs to another pool or chain")]
    ForeignPool,
    /// The address has expired: its owner would not look for the payment.
    #[error("the address could be paid until {}; ask for a new one", moment(*until))]
    AddressExpired {
        /// The first second since 1970 in which no block pays it any more.
        until: u64,
    },
    /// The address is of an epoch that has not begun.
    #[error("{}", not_yet(*from))]
    AddressNotYetValid {
        /// The first second since 1970 in which a block pays it; `None` if the chain has no such time.
        from: Option<u64>,
    },
    /// `[wallet-expiry]`: the address can no longer be paid when the transaction is to be ready.
    #[error(
        "the address can be paid until {} only, and this is to be signed and sent until {}: ask the payee for an address of a \
         later month, or sign sooner",
        moment(*until), moment(*ready_by)
    )]
    AddressLeavesNoTime {
        /// The first second since 1970 in which no block pays it any more.
        until: u64,
        /// The time until which the transaction is to be signed and sent, in seconds since 1970.
        ready_by: u64,
    },
    /// `[wallet-expiry]`: nothing can be planned for so late a time.
    #[error(
        "nothing can be planned now that is signed so late: whatever it is, it has to be sent before {}",
        moment(*until)
    )]
    TooFarAhead {
        /// The first second since 1970 that is too late.
        until: u64,
    },
    /// The chain's last period has begun, which never ends.
    #[error("this chain has come to its last period, in which money can only be moved out of the pool")]
    WithdrawalsOnly,
    /// Addresses of two epochs, which one transaction cannot both declare.
    #[error("the addresses are for two different periods; pay them in two transactions")]
    MixedEpochs,
    /// More assets than one transaction moves. It moves one asset, and the fee's.
    #[error("one transaction moves one asset, and the fee's")]
    TooManyAssets,
    /// The asset is not registered on the chain.
    #[error("asset {0} is not registered")]
    UnknownAsset(AssetId),
    /// The pool takes no fees in the asset.
    #[error("the pool takes no fees in asset {0}")]
    FeeAsset(AssetId),
    /// The fee is less than the pool takes.
    #[error("the fee is {given} of asset {asset}, the pool takes at least {least}")]
    FeeTooLow {
        /// The fee's asset.
        asset: AssetId,
        /// The fee that was asked for.
        given: Value,
        /// The pool's least fee.
        least: Value,
    },
    /// The account cannot spend enough now.
    #[error(
        "{missing} of asset {asset} are missing: {needed} are needed, {spendable} can be spent now{unspendable}"
    )]
    InsufficientFunds {
        /// The asset.
        asset: AssetId,
        /// The sum of the payments and the fee.
        needed: u128,
        /// The amount that can be spent now.
        spendable: u128,
        /// The difference.
        missing: u128,
        /// The account's other holdings of the asset, and why they cannot be spent now.
        unspendable: Unspendable,
    },
    /// The account cannot spend enough of several assets, for all payments of a list together.
    #[error("{}", all(_0))]
    SeveralShort(Vec<Shortfall>),
    /// The transparent account cannot pay the deposit with its fee.
    #[error(
        "the transparent account holds {available} of asset {asset}, and the deposit takes {needed} with its fee: at most \
         {fits} of asset {deposit} can be moved into the pool now"
    )]
    TransparentFunds {
        /// The asset that is missing: the deposit's, or the fee's.
        asset: AssetId,
        /// The amount that the deposit takes of that asset, the fee included.
        needed: u128,
        /// The transparent account's holdings of that asset.
        available: Value,
        /// The deposit's asset.
        deposit: AssetId,
        /// The largest amount of the deposit's asset that can be moved now.
        fits: Value,
    },
    /// Everything in a transparent account is to be moved, and the host did not tell its holdings.
    #[error(
        "what the transparent account holds is not known: name an amount, or ask a node for the balance first"
    )]
    BalanceUnknown,
    /// An attempt at the same payment was abandoned or refused and can still be mined. The account lacks the funds for
    /// a second one that excludes the first.
    #[error(
        "an earlier attempt at this payment was given up, and a block up to {until} may still take it: wait until then, so \
         that it is not paid twice"
    )]
    EarlierAttempt {
        /// The last block that can take the earlier attempt.
        until: u32,
    },
    /// The account holds enough, but in more notes than one transaction spends: consolidate first.
    #[error(
        "the amount takes {notes} of the account's notes, and one transaction of this kind spends {most}: consolidate first"
    )]
    TooFragmented {
        /// The number of notes needed, the fee's included.
        notes: usize,
        /// The largest number of notes that a fitting shape spends.
        most: usize,
    },
    /// More payments than one transaction makes.
    #[error("{payments} payments and their change are more than one transaction makes")]
    TooManyPayments {
        /// How many payments.
        payments: usize,
    },
    /// There are not two notes to join.
    #[error(
        "the account has fewer than two notes of this asset that can be spent now: there is nothing to join"
    )]
    NothingToConsolidate,
    /// According to the node, the rules version that transactions name was switched off, and no other version is in
    /// force.
    #[error("{0}. Nothing was sent. Ask a second node if you doubt this one")]
    SwitchedOff(Pause),
    /// The chain's rules take no transaction now.
    #[error("no rules version of the chain takes a transaction now")]
    NoRules,
    /// `[wallet-audited]`: the pool has auditors, and none of their keys serves now.
    #[error(
        "this pool shows every payment to auditors, and none of their keys serves now: nothing can be paid until the chain's \
         guardians enter a new key. No money is lost"
    )]
    NoAuditor,
    /// The wallet is so far behind the chain that the ledger would not know its tree: scan first.
    #[error("the wallet has scanned to block {scanned} of {height}: scan first")]
    Behind {
        /// The last scanned block.
        scanned: u32,
        /// The chain's last block.
        height: u32,
    },
    /// The account cannot be used.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The tree cannot be used.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
