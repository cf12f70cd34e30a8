//! `[ledger-rules]`: what a transaction must meet beyond its own proof and signature.

use thiserror::Error;

use super::{genesis::Genesis, host::HostRefusal, rulebook::RulesEntry};
use crate::{
    asset::AssetId,
    calendar::moment,
    epoch::Epoch,
    note::nullifier::Nullifier,
    pool::{PoolId, RulesVersion},
    shape::Shape,
    transaction::Effects,
    value::Value,
};

/// Expiry heights are multiples of this.
pub const EXPIRY_BUCKET: u32 = 16;

/// The rule that a transaction breaks. Each says what is gained by breaking it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RuleError {
    /// Else a transaction made for one pool would count in another.
    #[error("the transaction is for pool {}", _0.0)]
    Pool(PoolId),
    /// Else a verified transaction of another chain, or of an asset described otherwise, would count here.
    #[error("the transaction was verified for another chain, auditor key, or descriptors of its assets")]
    Context,
    /// Else it would be read by rules that nobody agreed on.
    #[error("rules version {} is not known", _0.0)]
    RulesUnknown(RulesVersion),
    /// Else new rules would count before all are ready for them.
    #[error("rules version {} counts from block {from}", version.0)]
    RulesNotYet {
        /// The version.
        version: RulesVersion,
        /// Its first block.
        from: u32,
    },
    /// Else a circuit known to be broken would still be taken.
    #[error("rules version {} is switched off since block {since}", version.0)]
    RulesOff {
        /// The version.
        version: RulesVersion,
        /// The first block without it.
        since: u32,
    },
    /// Else what is known to be broken would be taken once more, in the block that switches it off.
    #[error("the block has a transaction of rules version {} already, which is to be off from its start", _0.0)]
    RulesUsed(RulesVersion),
    /// Else a circuit that nobody agreed on would be taken.
    #[error("rules version {} does not allow shape {shape}", version.0)]
    Shape {
        /// The version.
        version: RulesVersion,
        /// The shape.
        shape: Shape,
    },
    /// Else a payer could show the contents to a key of her own.
    #[error("the guardians never entered an auditor key {0}, which the transaction names")]
    AuditorUnknown(u32),
    /// Else a key that was found out would still be written to.
    #[error("auditor key {number} ended with block {since}: make the transaction anew, for the present key")]
    AuditorEnded {
        /// The key's number.
        number: u32,
        /// The first block that it does not serve in.
        since: u32,
    },
    /// Else notes of an epoch could be spent, and grants of it be evaded, before it begins.
    #[error("{}", not_yet(*begins))]
    EpochNotYet {
        /// The declared epoch.
        epoch: Epoch,
        /// Its first second since 1970; `None` if the chain has no such epoch.
        begins: Option<u64>,
    },
    /// Else a transaction could be slipped into the books of an epoch that is closed.
    #[error("the transaction belongs to a period that is closed: blocks took it until {}", moment(*until))]
    EpochOver {
        /// The declared epoch.
        epoch: Epoch,
        /// The first second since 1970 after its grace.
        until: u64,
    },
    /// Else notes would be made that nobody could spend before the last epoch ends, which it never does.
    #[error("the chain's last epoch takes withdrawals only")]
    LastEpoch,
    /// Else an odd expiry height would tell wallets apart.
    #[error("the expiry height {0} is not a multiple of 16")]
    ExpiryBucket(u32),
    /// Else a payment given up for lost could still be made.
    #[error("the transaction expired after block {0}")]
    Expired(u32),
    /// Else notes from a tree of the spender's own could be spent.
    #[error("the tree never had the anchor as its root")]
    AnchorUnknown,
    /// Else anchors could be told apart by age, and nothing could ever be pruned.
    #[error("the anchor was last the root at block {last}, more than {window} blocks ago")]
    AnchorTooOld {
        /// The last block after which it was the root.
        last: u32,
        /// For how many blocks a root serves.
        window: u32,
    },
    /// Else a note could be spent twice by one transaction.
    #[error("input {input} repeats a nullifier of the transaction")]
    NullifierRepeated {
        /// Which input.
        input: usize,
    },
    /// Else a note could be spent twice in one block.
    #[error("input {input} spends a note that another transaction of the block spends")]
    NullifierInBlock {
        /// Which input.
        input: usize,
    },
    /// Else a note could be spent twice.
    #[error("input {input} spends a note that was spent in block {height}")]
    NullifierSpent {
        /// Which input.
        input: usize,
        /// The block that spent it.
        height: u32,
    },
    /// Else value could go in or out under a name that means nothing.
    #[error("asset {0} is not registered")]
    AssetUnknown(AssetId),
    /// Else blocks could be filled for nothing.
    #[error("a fee is due for shape {0}")]
    FeeMissing(Shape),
    /// Else fees could be paid in something worthless.
    #[error("fees are not taken in asset {0}")]
    FeeAsset(AssetId),
    /// Else blocks could be filled for next to nothing.
    #[error("the fee is {fee}, the least for the shape is {minimum}")]
    FeeTooLow {
        /// The offered fee.
        fee: Value,
        /// The least fee.
        minimum: Value,
    },
    /// Else, whatever else is broken, more of an asset could leave the pool than went in.
    #[error("the pool holds {held} of asset {asset}, less than is to leave it")]
    TurnstileEmpty {
        /// The asset.
        asset: AssetId,
        /// The pool's holdings.
        held: Value,
    },
    /// Else the count of what the pool holds would wrap around.
    #[error("the pool holds {held} of asset {asset} and cannot count what is to enter it")]
    TurnstileOverflow {
        /// The asset.
        asset: AssetId,
        /// The pool's holdings.
        held: Value,
    },
    /// Else anybody could shield what is another's.
    #[error("the payer has not authorised the deposit: {0}")]
    HostAuthorization(HostRefusal),
    /// Else what was never paid would enter the pool.
    #[error("the payer cannot be debited: {0}")]
    HostDebit(HostRefusal),
    /// Else what leaves the pool would be lost.
    #[error("the recipient cannot be credited: {0}")]
    HostCredit(HostRefusal),
    /// Else later leaves would have no place.
    #[error("the tree has no room for the outputs")]
    TreeFull,
}

fn not_yet(begins: Option<u64>) -> String {
    match begins {
        Some(begins) => format!("the transaction belongs to a period that begins at {}", moment(begins)),
        None => "the transaction belongs to a period that this chain does not have".to_owned(),
    }
}

/// The circumstances that the rules depend on, apart from the state.
pub(super) struct Circumstances<'a> {
    pub(super) genesis: &'a Genesis,
    pub(super) height: u32,
    pub(super) time: u64,
    /// The rules version that the transaction names, if the ledger knows it.
    pub(super) rules: Option<&'a RulesEntry>,
}

impl Circumstances<'_> {
    /// The rules that only need the effects, genesis, and the block's height and time.
    pub(super) fn check(&self, effects: &Effects) -> Result<(), RuleError> {
        self.check_version(effects)?;
        self.check_epoch(effects)?;
        self.check_expiry(effects.expiry_height())?;
        self.check_fee(effects)?;
        check_distinct(effects.nullifiers())
    }

    fn check_version(&self, effects: &Effects) -> Result<(), RuleError> {
        if effects.pool() != self.genesis.terms().pool {
            return Err(RuleError::Pool(effects.pool()));
        }
        let (version, shape) = (effects.rules(), effects.shape());
        let rules = self.rules.ok_or(RuleError::RulesUnknown(version))?;
        rules.counts_at(self.height)?;
        rules.terms.shape(shape).map(|_| ()).ok_or(RuleError::Shape { version, shape })
    }

    /// `[epoch-rule]`
    fn check_epoch(&self, effects: &Effects) -> Result<(), RuleError> {
        let (schedule, epoch) = (self.genesis.terms().schedule, effects.epoch());
        if schedule.takes_withdrawals_only(epoch) && !effects.public_side().is_withdrawal() {
            return Err(RuleError::LastEpoch);
        }
        match schedule.payable_until(epoch) {
            _ if schedule.accepts(epoch, self.time) => Ok(()),
            Some(until) if until <= self.time => Err(RuleError::EpochOver { epoch, until }),
            _ => Err(RuleError::EpochNotYet { epoch, begins: schedule.begins(epoch) }),
        }
    }

    /// `[expiry-height]`
    fn check_expiry(&self, expiry: u32) -> Result<(), RuleError> {
        if !expiry.is_multiple_of(EXPIRY_BUCKET) {
            return Err(RuleError::ExpiryBucket(expiry));
        }
        match self.height > expiry {
            true => Err(RuleError::Expired(expiry)),
            false => Ok(()),
        }
    }

    /// `[fees]`
    fn check_fee(&self, effects: &Effects) -> Result<(), RuleError> {
        let (fee, shape) = (effects.fee(), effects.shape());
        if fee.amount() == Value::ZERO {
            // The payer of a deposit pays on the host's side instead.
            return match effects.public_side().is_deposit() || self.genesis.is_free(shape) {
                true => Ok(()),
                false => Err(RuleError::FeeMissing(shape)),
            };
        }
        let minimum = self.genesis.minimum_fee(fee.asset(), shape).ok_or(RuleError::FeeAsset(fee.asset()))?;
        match fee.amount() < minimum {
            true => Err(RuleError::FeeTooLow { fee: fee.amount(), minimum }),
            false => Ok(()),
        }
    }
}

fn check_distinct(nullifiers: &[Nullifier]) -> Result<(), RuleError> {
    for (input, nullifier) in nullifiers.iter().enumerate() {
        if nullifiers[..input].contains(nullifier) {
            return Err(RuleError::NullifierRepeated { input });
        }
    }
    Ok(())
}
