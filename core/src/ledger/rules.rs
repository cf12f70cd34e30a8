//! `[ledger-rules]`: what a transaction must meet beyond its own proof and signature.

use thiserror::Error;

use super::{genesis::Genesis, host::HostRefusal, rulebook::RulesEntry};
use crate::{
    asset::AssetId,
    epoch::Epoch,
    note::nullifier::Nullifier,
    pool::{PoolId, RulesVersion},
    shape::Shape,
    transaction::Effects,
    value::Value,
};

/// Expiry heights are multiples of this, or the end of the epoch.
pub const EXPIRY_BUCKET: u32 = 16;

/// The rule that a transaction breaks. Each says what is gained by breaking it.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RuleError {
    /// Else a transaction made for one pool would count in another.
    #[error("the transaction is for pool {}", _0.0)]
    Pool(PoolId),
    /// Else a verified transaction of another chain, or of an asset described otherwise, would count here.
    #[error("the transaction was verified for another chain, or for other descriptors of its assets")]
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
    /// Else notes of an epoch could be spent, and grants of it be evaded, before it begins.
    #[error("epoch {} begins with block {first}", epoch.0)]
    EpochNotYet {
        /// The declared epoch.
        epoch: Epoch,
        /// Its first block.
        first: u32,
    },
    /// Else a transaction could be slipped into the books of an epoch that is closed.
    #[error("epoch {} was over after block {last}", epoch.0)]
    EpochOver {
        /// The declared epoch.
        epoch: Epoch,
        /// Its last grace block.
        last: u32,
    },
    /// Else an odd expiry height would tell wallets apart.
    #[error("the expiry height {0} is neither a multiple of 16 nor the end of the epoch")]
    ExpiryBucket(u32),
    /// Else the expiry would promise what the epoch does not keep.
    #[error("the expiry height {expiry} is past the last block of the epoch, {last}")]
    ExpiryPastEpoch {
        /// The expiry height.
        expiry: u32,
        /// The last grace block of the declared epoch.
        last: u32,
    },
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

/// The circumstances that the rules depend on, apart from the state.
pub(super) struct Circumstances<'a> {
    pub(super) genesis: &'a Genesis,
    pub(super) height: u32,
    /// The rules version that the transaction names, if the ledger knows it.
    pub(super) rules: Option<&'a RulesEntry>,
}

impl Circumstances<'_> {
    /// The rules that only need the effects, genesis and the height.
    pub(super) fn check(&self, effects: &Effects) -> Result<(), RuleError> {
        self.check_version(effects)?;
        self.check_epoch(effects.epoch())?;
        self.check_expiry(effects.expiry_height(), effects.epoch())?;
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

    fn check_epoch(&self, epoch: Epoch) -> Result<(), RuleError> {
        let schedule = self.genesis.terms().schedule;
        if schedule.accepts(epoch, self.height) {
            return Ok(());
        }
        let (first, last) = (schedule.first_height(epoch), schedule.last_height(epoch));
        match self.height > last {
            true => Err(RuleError::EpochOver { epoch, last }),
            false => Err(RuleError::EpochNotYet { epoch, first }),
        }
    }

    /// `[expiry-height]`
    fn check_expiry(&self, expiry: u32, epoch: Epoch) -> Result<(), RuleError> {
        let last = self.genesis.terms().schedule.last_height(epoch);
        if expiry > last {
            return Err(RuleError::ExpiryPastEpoch { expiry, last });
        }
        if expiry != last && !expiry.is_multiple_of(EXPIRY_BUCKET) {
            return Err(RuleError::ExpiryBucket(expiry));
        }
        if self.height > expiry {
            return Err(RuleError::Expired(expiry));
        }
        Ok(())
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
