//! The first stage: what a wallet decided to do, down to the change, and nothing that is random yet.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{Fee, PublicSide, TxContext};
use crate::{
    address::Address,
    asset::{AssetId, DescriptorHash},
    epoch::Epoch,
    keys::{FullViewingKey, OutgoingViewingKey},
    note::{Memo, MemoBucket, MemoError, Note},
    pool::{PoolId, PoolTag, RulesVersion},
    shape::Shape,
    statement::Violation,
    tree::{Anchor, MerklePath},
    value::Value,
};

/// A note to spend.
#[derive(Clone, Debug)]
pub struct Spend {
    /// The note.
    pub note: Note,
    /// Where its commitment stands.
    pub path: MerklePath,
}

/// A note to make. Change is a payment to an address of one's own.
#[derive(Clone, Debug)]
pub struct Payment {
    /// The future owner: an address of the plan's pool and epoch.
    pub to: Address,
    /// The asset.
    pub asset: AssetId,
    /// The amount; not zero.
    pub value: Value,
    /// The memo to the receiver.
    pub memo: Memo,
}

/// Everything a transaction is to do. It must balance exactly: [`TransferPlan::build`] chooses nothing.
#[derive(Clone, Debug)]
pub struct TransferPlan {
    /// The chain, and the descriptors of the assets that show.
    pub context: TxContext,
    /// The pool.
    pub pool: PoolId,
    /// The rules.
    pub rules: RulesVersion,
    /// `E`: the epoch to declare.
    pub epoch: Epoch,
    /// The last block that may hold the transaction.
    pub expiry_height: u32,
    /// How many inputs and outputs show.
    pub shape: Shape,
    /// The size of the memo fields.
    pub memo_bucket: MemoBucket,
    /// The root that the paths lead to.
    pub anchor: Anchor,
    /// The notes to spend, at most as many as the shape has inputs.
    pub spends: Vec<Spend>,
    /// The notes to make, at most as many as the shape has outputs.
    pub payments: Vec<Payment>,
    /// The movement across the pool's border.
    pub public_side: PublicSide,
    /// The price of a place in a block.
    pub fee: Fee,
    /// The key that can read the payments to others again. If absent, nobody can.
    pub seal: Option<OutgoingViewingKey>,
}

/// Why a plan cannot be built.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum BuildError {
    /// More notes to spend than the shape has inputs.
    #[error("{given} notes do not fit the inputs of {shape}")]
    TooManySpends {
        /// The shape.
        shape: Shape,
        /// How many there are.
        given: usize,
    },
    /// More notes to make than the shape has outputs.
    #[error("{given} payments do not fit the outputs of {shape}")]
    TooManyPayments {
        /// The shape.
        shape: Shape,
        /// How many there are.
        given: usize,
    },
    /// The address receives in another pool, or on another chain.
    #[error("payment {payment} goes to an address of another pool")]
    AddressPool {
        /// Which payment.
        payment: usize,
    },
    /// The address has expired, or is not yet one to pay: ask its owner for one of the transaction's epoch.
    #[error("payment {payment} goes to an address of epoch {}, and the transaction is of epoch {}", address.0, epoch.0)]
    AddressEpoch {
        /// Which payment.
        payment: usize,
        /// The epoch of the address.
        address: Epoch,
        /// The epoch of the transaction.
        epoch: Epoch,
    },
    /// A payment of nothing, or of no asset.
    #[error("payment {payment} is of nothing")]
    EmptyPayment {
        /// Which payment.
        payment: usize,
    },
    /// A memo too long for the transaction's bucket: take a larger one.
    #[error("the memo of payment {payment}: {fault}")]
    Memo {
        /// Which payment.
        payment: usize,
        /// The fault.
        fault: MemoError,
    },
    /// A note of value 0, which dummies stand for.
    #[error("spend {spend} is of nothing")]
    EmptySpend {
        /// Which spend.
        spend: usize,
    },
    /// The note is not one of this account in this pool.
    #[error("spend {spend} is of a note of another account or pool")]
    NotOwned {
        /// Which spend.
        spend: usize,
    },
    /// The note's epoch is after the transaction's.
    #[error("spend {spend} is of a note of a later epoch")]
    LaterEpoch {
        /// Which spend.
        spend: usize,
    },
    /// A note that is spent twice.
    #[error("spend {spend} is of a note that is already spent here")]
    SpentTwice {
        /// Which spend.
        spend: usize,
    },
    /// The path does not lead from the note to the anchor.
    #[error("the path of spend {spend} does not lead to the anchor")]
    Path {
        /// Which spend.
        spend: usize,
    },
    /// The movement across the border has an amount of zero, or no asset.
    #[error("a deposit or withdrawal needs an asset and an amount")]
    EmptyPublicSide,
    /// The context has a descriptor of an asset that does not show, or none of one that does.
    #[error("the context does not fit the assets that show")]
    Context,
    /// The pool has auditors and the context has no key of theirs, or the other way round.
    #[error("the shape and the context do not agree on whether the pool has auditors")]
    Auditor,
    /// The outgoing viewing key is of another pool or epoch.
    #[error("the outgoing viewing key is of another pool or epoch")]
    Seal,
    /// More than one asset besides the fee's.
    #[error("a transaction moves one asset besides the fee's")]
    TooManyAssets,
    /// Another asset crosses the border than the one that is moved.
    #[error("what crosses the border is not the asset that is moved")]
    PublicAsset,
    /// More is spent than there is.
    #[error("{amount} of asset {asset} are missing")]
    Missing {
        /// Of what.
        asset: AssetId,
        /// How much.
        amount: u128,
    },
    /// Something is left over that goes nowhere: add change.
    #[error("{amount} of asset {asset} are left over")]
    Leftover {
        /// Of what.
        asset: AssetId,
        /// How much.
        amount: u128,
    },
    /// The result does not satisfy the statement. This never happens to a plan that passed all other checks.
    #[error("the statement does not hold: {0}")]
    Statement(#[from] Violation),
}

impl TransferPlan {
    /// The pool's tag.
    pub fn pool_tag(&self) -> PoolTag {
        self.context.pool_tag(self.pool)
    }

    /// The inputs less the outputs, by asset; all zero if the plan balances.
    pub fn balance(&self) -> BTreeMap<AssetId, i128> {
        let mut balance = BTreeMap::new();
        let mut add = |asset: AssetId, amount: i128| *balance.entry(asset).or_insert(0) += amount;
        self.spends.iter().for_each(|spend| add(spend.note.asset(), spend.note.value().0.into()));
        self.payments.iter().for_each(|payment| add(payment.asset, -i128::from(payment.value.0)));
        match self.public_side {
            PublicSide::Internal => {}
            PublicSide::Deposit { asset, amount, .. } => add(asset, amount.0.into()),
            PublicSide::Withdrawal { asset, amount, .. } => add(asset, -i128::from(amount.0)),
        }
        if self.fee != Fee::NONE {
            add(self.fee.asset(), -i128::from(self.fee.amount().0));
        }
        balance
    }

    /// The asset that is moved: the one besides the fee's, or the fee's if there is no other.
    pub fn main_asset(&self) -> Result<AssetId, BuildError> {
        let others: BTreeSet<AssetId> =
            self.balance().into_keys().filter(|asset| *asset != self.fee.asset()).collect();
        let main = match others.len() {
            0 => self.fee.asset(),
            1 => others.first().copied().unwrap_or(self.fee.asset()),
            _ => return Err(BuildError::TooManyAssets),
        };
        let crosses = self.public_side.asset();
        if crosses != AssetId::NONE && crosses != main {
            return Err(BuildError::PublicAsset);
        }
        Ok(main)
    }

    /// Refuses what cannot be built for the account, and says why.
    pub fn check(&self, account: &FullViewingKey) -> Result<(), BuildError> {
        self.check_terms()?;
        (0..self.payments.len()).try_for_each(|payment| self.check_payment(payment))?;
        (0..self.spends.len()).try_for_each(|spend| self.check_spend(spend, account))?;
        self.main_asset()?;
        let balance = self.balance();
        let of_sign = |sign: i128| balance.iter().find(|(_, left)| left.signum() == sign);
        if let Some((asset, left)) = of_sign(-1) {
            return Err(BuildError::Missing { asset: *asset, amount: left.unsigned_abs() });
        }
        if let Some((asset, left)) = of_sign(1) {
            return Err(BuildError::Leftover { asset: *asset, amount: left.unsigned_abs() });
        }
        Ok(())
    }

    fn check_terms(&self) -> Result<(), BuildError> {
        let shape = self.shape;
        if self.spends.len() > shape.inputs() {
            return Err(BuildError::TooManySpends { shape, given: self.spends.len() });
        }
        if self.payments.len() > shape.outputs() {
            return Err(BuildError::TooManyPayments { shape, given: self.payments.len() });
        }
        self.public_side.check().map_err(|_| BuildError::EmptyPublicSide)?;
        let described = |asset: AssetId, hash: DescriptorHash| {
            (asset == AssetId::NONE) == (hash == DescriptorHash::default())
        };
        if !described(self.public_side.asset(), self.context.public_asset)
            || !described(self.fee.asset(), self.context.fee_asset)
        {
            return Err(BuildError::Context);
        }
        if self.context.auditor.is_some() != shape.is_audited() {
            return Err(BuildError::Auditor);
        }
        match &self.seal {
            Some(key) if key.pool() != self.pool_tag() || key.epoch() != self.epoch => Err(BuildError::Seal),
            _ => Ok(()),
        }
    }

    fn check_payment(&self, payment: usize) -> Result<(), BuildError> {
        let Payment { to, asset, value, memo } = &self.payments[payment];
        if to.pool() != self.pool_tag() {
            return Err(BuildError::AddressPool { payment });
        }
        if to.epoch() != self.epoch {
            return Err(BuildError::AddressEpoch { payment, address: to.epoch(), epoch: self.epoch });
        }
        if *asset == AssetId::NONE || *value == Value::ZERO {
            return Err(BuildError::EmptyPayment { payment });
        }
        memo.check(self.memo_bucket).map_err(|fault| BuildError::Memo { payment, fault })
    }

    fn check_spend(&self, spend: usize, account: &FullViewingKey) -> Result<(), BuildError> {
        let Spend { note, path } = &self.spends[spend];
        let own = account.epoch_keys(self.pool_tag(), note.epoch()).direction_of(note.to()).is_some();
        if note.to().pool() != self.pool_tag() || !own {
            return Err(BuildError::NotOwned { spend });
        }
        if note.epoch() > self.epoch {
            return Err(BuildError::LaterEpoch { spend });
        }
        if note.value() == Value::ZERO {
            return Err(BuildError::EmptySpend { spend });
        }
        if self.spends[..spend].iter().any(|earlier| earlier.note.commitment() == note.commitment()) {
            return Err(BuildError::SpentTwice { spend });
        }
        if path.root(note.commitment()) != self.anchor {
            return Err(BuildError::Path { spend });
        }
        Ok(())
    }
}
