//! Plans: which notes to spend, in which shape, for which fee, and what returns as change.

use louver_core::{
    address::Address,
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    note::{Memo, MemoBucket},
    pool::RulesVersion,
    shape::Shape,
    store::StoreError,
    transaction::{Fee, Payment, PublicSide, TransparentAccount},
    value::Value,
};
use thiserror::Error;

use crate::{
    account::{AccountError, AccountNumber},
    note::OwnedNote,
    tree::TreeError,
    wallet::Wallet,
};

mod attempts;
mod fit;
mod selection;
mod validity;

/// How the fee is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FeeChoice {
    /// The least that the pool takes, in the asset that the pool names first, if the account holds enough of that. All
    /// wallets pay it so, and the fee does not show which asset is sent. Otherwise the least in the asset that is sent, if
    /// the pool takes it: the public then sees which asset moves, and [`Preview::shows_asset`] says so.
    #[default]
    Least,
    /// The least that the pool takes in this asset.
    LeastIn(AssetId),
    /// So much; at least the pool's least.
    Exactly {
        /// The asset.
        asset: AssetId,
        /// The fee.
        value: Value,
    },
}

/// What to do.
#[derive(Clone, Debug)]
pub enum Action {
    /// Pay one or more addresses, in one asset, or in two of which one is the fee's.
    Pay {
        /// The payments; the order does not show.
        payments: Vec<Payment>,
        /// The fee.
        fee: FeeChoice,
    },
    /// Move from a transparent account into the pool. It declares no fee: what the pool asks is paid on the host's
    /// side, by the payer.
    Shield {
        /// The transparent account, which has to authorise the deposit.
        payer: TransparentAccount,
        /// The asset.
        asset: AssetId,
        /// How much.
        value: Value,
        /// To whom; `None` for an address of the account's own.
        to: Option<Box<Address>>,
        /// What to tell the payee.
        memo: Memo,
    },
    /// Move out of the pool to a transparent account.
    Withdraw {
        /// The transparent account.
        recipient: TransparentAccount,
        /// The asset.
        asset: AssetId,
        /// How much.
        value: Value,
        /// The fee.
        fee: FeeChoice,
    },
    /// Join the smallest notes of an asset into one.
    Consolidate {
        /// The asset.
        asset: AssetId,
        /// The fee.
        fee: FeeChoice,
    },
}

/// Why there is no plan.
#[derive(Debug, Error)]
pub enum PlanError {
    /// There is nothing to pay, or an amount is zero.
    #[error("there is nothing to pay")]
    Nothing,
    /// `[wallet-addresses]`: an address of another pool or chain: paying it would lose the funds.
    #[error("the address belongs to another pool or chain")]
    ForeignPool,
    /// The address has expired: its owner would not look for the payment.
    #[error("the address expired with block {last_height}; ask for a new one")]
    AddressExpired {
        /// The last block that could pay it.
        last_height: u32,
    },
    /// The address is of an epoch that has not begun.
    #[error("the address can be paid from block {first_height} on")]
    AddressNotYetValid {
        /// The first block that can pay it.
        first_height: u32,
    },
    /// Addresses of two epochs, which one transaction cannot both declare.
    #[error("the addresses belong to two epochs; pay them in two transactions")]
    MixedEpochs,
    /// More assets than one transaction moves: one, and the fee's.
    #[error("one transaction moves one asset, and the fee's")]
    TooManyAssets,
    /// The asset is not registered on the chain.
    #[error("asset {0} is not registered")]
    UnknownAsset(AssetId),
    /// The pool takes no fees in the asset.
    #[error("the pool takes no fees in asset {0}")]
    FeeAsset(AssetId),
    /// The pool takes more.
    #[error("the fee is {given}, the pool takes at least {least}")]
    FeeTooLow {
        /// The fee that was asked for.
        given: Value,
        /// The least that the pool takes.
        least: Value,
    },
    /// The account does not hold enough that can be spent now.
    #[error("{missing} of asset {asset} are missing: {needed} are needed, {spendable} can be spent now")]
    InsufficientFunds {
        /// The asset.
        asset: AssetId,
        /// What the payments and the fee come to.
        needed: u128,
        /// What can be spent now.
        spendable: u128,
        /// The difference.
        missing: u128,
    },
    /// The account holds enough, in more notes than one transaction spends: consolidate first.
    #[error("the amount takes {notes} notes, one transaction of this kind spends {most}: consolidate first")]
    TooFragmented {
        /// How many notes it takes, the fee's included.
        notes: usize,
        /// How many the largest fitting shape spends.
        most: usize,
    },
    /// More payments than one transaction makes.
    #[error("{payments} payments and their change are more than one transaction makes")]
    TooManyPayments {
        /// How many payments.
        payments: usize,
    },
    /// There are not two notes to join.
    #[error("there are not two notes to join")]
    NothingToConsolidate,
    /// The chain's rules take no transaction now.
    #[error("no rules version of the chain takes a transaction now")]
    NoRules,
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

/// Which plan a transaction was made from: random, and kept with the transaction, so that no plan is sent twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanId(pub [u8; 16]);

impl Encode for PlanId {
    fn encode(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}

impl Decode for PlanId {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.array().map(Self)
    }
}

/// A transaction that can be built. It holds no lock: recording its transaction, or another that spends one of its
/// notes, makes it void.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) id: PlanId,
    pub(crate) account: AccountNumber,
    pub(crate) rules: RulesVersion,
    pub(crate) epoch: Epoch,
    pub(crate) expiry: u32,
    pub(crate) anchor_height: u32,
    pub(crate) shape: Shape,
    pub(crate) spends: Vec<OwnedNote>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) change: Vec<(AssetId, Value)>,
    pub(crate) side: PublicSide,
    pub(crate) fee: Fee,
    pub(crate) host_fee: Option<(AssetId, Value)>,
    pub(crate) memo_bucket: MemoBucket,
    pub(crate) declares_previous_epoch: bool,
    pub(crate) shows_asset: bool,
}

/// What a plan does, for its owner to look at before it is signed.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The payments. Only the payees see them.
    pub payments: Vec<Payment>,
    /// What returns to the account, by asset. Nobody else sees it.
    pub change: Vec<(AssetId, Value)>,
    /// How many notes are spent. Nobody else sees it: dummies fill the shape.
    pub notes_spent: usize,
    /// The fee. Public, with its asset.
    pub fee: Fee,
    /// What enters or leaves the pool: public, with asset, amount and transparent account.
    pub side: PublicSide,
    /// What the payer of a deposit pays on the host's side beside the amount. Public.
    pub host_fee: Option<(AssetId, Value)>,
    /// How many inputs and outputs the transaction has, dummies included. Public.
    pub shape: Shape,
    /// Whether the public can tell which asset moves: it enters or leaves the pool, or the fee is paid in it and not in
    /// the asset that the pool names first for fees, which wallets pay them in.
    pub shows_asset: bool,
    /// The size of the memo fields. Public.
    pub memo_bucket: MemoBucket,
    /// The epoch that the transaction declares. Public.
    pub epoch: Epoch,
    /// Whether that is the epoch before the current one, which few others declare by now: the public sees that an
    /// address of that epoch is paid.
    pub declares_previous_epoch: bool,
    /// The last block that can take the transaction. Public.
    pub expiry: u32,
}

impl Plan {
    /// The account that pays.
    pub fn account(&self) -> AccountNumber {
        self.account
    }

    /// What the plan does.
    pub fn preview(&self) -> Preview {
        Preview {
            payments: self.payments.clone(),
            change: self.change.clone(),
            notes_spent: self.spends.len(),
            fee: self.fee,
            side: self.side,
            host_fee: self.host_fee,
            shape: self.shape,
            shows_asset: self.shows_asset,
            memo_bucket: self.memo_bucket,
            epoch: self.epoch,
            declares_previous_epoch: self.declares_previous_epoch,
            expiry: self.expiry,
        }
    }
}

impl Wallet {
    /// Plans a transaction of an account: the notes to spend, the shape, the fee and the change.
    ///
    /// `[wallet-spends]`: where it can, a payment spends a note of an earlier attempt that expired, so that they can never
    /// both be included.
    pub fn plan(&self, number: AccountNumber, action: &Action) -> Result<Plan, PlanError> {
        let validity = self.validity(action)?;
        let notes = self.spendable_notes(number, &validity)?;
        let attempts = attempts::Attempts::of(self, number)?;
        let draft = fit::Draft::new(&self.chain, &validity, notes, attempts);
        let fitted = match action {
            Action::Pay { payments, fee } => draft.pay(payments, *fee)?,
            Action::Withdraw { recipient, asset, value, fee } => {
                draft.withdraw(*recipient, *asset, *value, *fee)?
            }
            Action::Consolidate { asset, fee } => draft.consolidate(*asset, *fee)?,
            Action::Shield { payer, asset, value, to, memo } => {
                let to = match to {
                    Some(to) => **to,
                    None => self.own_address(number, validity.epoch)?,
                };
                let payment = Payment { to, asset: *asset, value: *value, memo: memo.clone() };
                draft.shield(*payer, payment)?
            }
        };
        let memo_bucket = fitted
            .payments
            .iter()
            .map(|payment| payment.memo.bucket())
            .max_by_key(|bucket| bucket.code())
            .unwrap_or_default();
        let shows_asset = self.shows_asset(&fitted);
        Ok(Plan {
            id: PlanId(rand::random()),
            account: number,
            rules: fitted.rules,
            epoch: validity.epoch,
            expiry: validity.expiry,
            anchor_height: validity.anchor_of(&fitted.spends),
            shape: fitted.shape,
            spends: fitted.spends,
            payments: fitted.payments,
            change: fitted.change,
            side: fitted.side,
            fee: fitted.fee,
            host_fee: fitted.host_fee,
            memo_bucket,
            declares_previous_epoch: validity.previous,
            shows_asset,
        })
    }

    fn shows_asset(&self, fitted: &fit::Fitted) -> bool {
        let fee = fitted.fee.asset();
        let common = self.chain.genesis.terms().fees.first().map(|fee| fee.asset);
        let moves = fitted.main == fee || fitted.payments.iter().any(|payment| payment.asset == fee);
        fitted.side != PublicSide::Internal || (fee != AssetId::NONE && Some(fee) != common && moves)
    }
}
