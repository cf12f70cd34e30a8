//! Plans: the choice of an action, its cost, and what it shows to whom.

use std::sync::Arc;

use louver_chain as chain;
use louver_core::{
    note::Memo,
    transaction::{self, PublicSide as Side},
};
use louver_wallet::plan::{self, FeeChoice, Quantity};

use crate::{
    Amount, Circuit, PlanError,
    amount::asset_id,
    node::{parse_address, parse_transparent},
    wallet::WalletId,
};

data! {
    /// A payment.
    pub struct Payment {
        /// The payee's address (`lvr1...`).
        pub to: String,
        /// The amount, with its asset.
        pub amount: Amount,
        /// The memo to the payee; empty for none. Only the payee and the payer can read it.
        #[cfg_attr(feature = "uniffi", uniffi(default = ""))]
        pub memo: String,
    }
}

variant! {
    /// How the fee is chosen.
    pub enum Fee {
        /// The pool's least fee in its first fee asset. All wallets pay this by default, so the fee does not show which
        /// asset is sent. If the account holds too little of that asset, the fee is paid in the asset that is sent,
        /// provided the pool takes it. That fee shows which asset is sent: see `Preview::shows_asset`.
        Least,
        /// The pool's least fee in this asset. Any asset but the pool's first fee asset tells observers something.
        LeastIn {
            /// The asset's id.
            asset: u64,
        },
        /// This amount; it must be at least the pool's least fee.
        Exactly {
            /// The amount, with its asset.
            amount: Amount,
        },
    }
}

variant! {
    /// An action of an account.
    pub enum Action {
        /// Pay one or more addresses, in one asset, or in two if one of them is the fee's asset.
        Pay {
            /// The payments. Their order is not shown to anybody.
            payments: Vec<Payment>,
            /// The fee.
            fee: Fee,
        },
        /// Pay everything that the account can spend of an asset to one address.
        PayAll {
            /// The payee's address (`lvr1...`).
            to: String,
            /// The asset's id.
            asset: u64,
            /// The memo to the payee; empty for none.
            memo: String,
            /// The fee. If it is paid in the same asset, it is deducted from the amount.
            fee: Fee,
        },
        /// Move an amount from a transparent account into the pool. The payer pays the pool's fee for this in public.
        Shield {
            /// The transparent account (`lvrt1...`), whose owner signs.
            from: String,
            /// The amount, with its asset.
            amount: Amount,
        },
        /// Move everything that a transparent account holds of an asset into the pool, less the fee if it is paid in
        /// that asset.
        ShieldAll {
            /// The transparent account (`lvrt1...`), whose owner signs.
            from: String,
            /// The asset's id.
            asset: u64,
        },
        /// Move everything that the account can spend of an asset out of the pool to a transparent account.
        WithdrawAll {
            /// The transparent account (`lvrt1...`).
            to: String,
            /// The asset's id.
            asset: u64,
            /// The fee. If it is paid in the same asset, it is deducted from the amount.
            fee: Fee,
        },
        /// Move an amount out of the pool to a transparent account.
        Withdraw {
            /// The transparent account (`lvrt1...`).
            to: String,
            /// The amount, with its asset.
            amount: Amount,
            /// The fee.
            fee: Fee,
        },
        /// Join the smallest notes of an asset into one note.
        Consolidate {
            /// The asset's id.
            asset: u64,
            /// The fee.
            fee: Fee,
        },
    }
}

variant! {
    /// A transaction's movement into or out of the pool, in public.
    pub enum PublicSide {
        /// None. The public does not see which asset moves, unless the fee shows it: see `Preview::shows_asset`.
        Internal,
        /// Into the pool.
        Deposit {
            /// The amount, with its asset.
            amount: Amount,
            /// The transparent account that pays.
            from: String,
        },
        /// Out of the pool.
        Withdrawal {
            /// The amount, with its asset.
            amount: Amount,
            /// The transparent account that is paid.
            to: String,
        },
    }
}

impl From<&Side> for PublicSide {
    fn from(side: &Side) -> Self {
        let account = |account| chain::Account::from(account).to_string();
        match *side {
            Side::Internal => Self::Internal,
            Side::Deposit { asset, amount, payer } => {
                Self::Deposit { amount: Amount::new(asset, amount), from: account(payer) }
            }
            Side::Withdrawal { asset, amount, recipient } => {
                Self::Withdrawal { amount: Amount::new(asset, amount), to: account(recipient) }
            }
        }
    }
}

data! {
    /// The effects of a plan, for its owner to check before signing, with what each party will see.
    pub struct Preview {
        /// The payments. Only the payees see them.
        pub payments: Vec<Payment>,
        /// The amounts that return to the account. Nobody else sees them.
        pub change: Vec<Amount>,
        /// The number of notes that are spent. Nobody else sees it.
        pub notes_spent: u32,
        /// The fee. Its amount and its asset are public.
        pub fee: Amount,
        /// The movement into or out of the pool. Public.
        pub side: PublicSide,
        /// Whether the public can tell which asset moves. It can if the asset enters or leaves the pool. It also can if
        /// the fee is paid in the moved asset while the pool names another asset first for fees.
        pub shows_asset: bool,
        /// The fee of a deposit, which the payer pays in public in addition to the amount. Public.
        pub deposit_fee: Option<Amount>,
        /// The circuit, which tells the number of inputs and outputs of the transaction, dummies included. Public.
        pub circuit: Circuit,
        /// The size of each memo field, in bytes: the size of the longest memo, rounded up. Public.
        pub memo_size: u32,
        /// The epoch that the transaction declares. Public.
        pub epoch: u16,
        /// Whether that epoch is the one before the current one. If so, the public sees that an older address is paid.
        pub declares_previous_epoch: bool,
        /// The beginning of that epoch, in seconds since 1970, if it has not begun: no block takes the transaction before.
        pub not_before: Option<u64>,
        /// The time until which the transaction can be signed and sent however many blocks come before, in seconds since
        /// 1970, if the plan leaves its signers time.
        pub ready_by: Option<u64>,
        /// The last block that can take the transaction. Public.
        pub expiry: u32,
    }
}

/// A transaction that can be built. It can be sent once. It locks nothing: sending another plan that spends one of its
/// notes makes it void.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Plan {
    pub(crate) wallet: WalletId,
    pub(crate) plan: plan::Plan,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Plan {
    /// The effects, the cost and the visibility of the plan.
    pub fn preview(&self) -> Preview {
        let preview = self.plan.preview();
        let amount = |(asset, value): &_| Amount::new(*asset, *value);
        Preview {
            payments: preview.payments.iter().map(Payment::of).collect(),
            change: preview.change.iter().map(amount).collect(),
            notes_spent: u32::try_from(preview.notes_spent).unwrap_or(u32::MAX),
            fee: Amount::new(preview.fee.asset(), preview.fee.amount()),
            side: (&preview.side).into(),
            shows_asset: preview.shows_asset,
            deposit_fee: preview.host_fee.as_ref().map(amount),
            circuit: preview.shape.into(),
            memo_size: u32::try_from(preview.memo_bucket.field_length()).unwrap_or(u32::MAX),
            epoch: preview.epoch.0,
            declares_previous_epoch: preview.declares_previous_epoch,
            not_before: preview.not_before,
            ready_by: preview.ready_by,
            expiry: preview.expiry,
        }
    }
}

impl Plan {
    pub(crate) fn new(wallet: WalletId, plan: plan::Plan) -> Arc<Self> {
        Arc::new(Self { wallet, plan })
    }
}

impl Payment {
    pub(crate) fn of(payment: &transaction::Payment) -> Self {
        Self {
            to: payment.to.to_string(),
            amount: Amount::new(payment.asset, payment.value),
            memo: payment.memo.as_text().unwrap_or_default().to_owned(),
        }
    }

    pub(crate) fn read(&self) -> Result<transaction::Payment, PlanError> {
        let (asset, value) = self.amount.parts()?;
        let memo = read_memo(&self.memo)?;
        Ok(transaction::Payment { to: parse_address(&self.to)?, asset, value, memo })
    }
}

fn read_memo(memo: &str) -> Result<Memo, PlanError> {
    let most = u32::try_from(Memo::MAX).unwrap_or(u32::MAX);
    Memo::new(memo.as_bytes()).map_err(|_| PlanError::MemoTooLong { most })
}

impl Action {
    /// The transparent account that pays, if it is a deposit.
    pub(crate) fn payer(&self) -> Option<&str> {
        match self {
            Self::Shield { from, .. } | Self::ShieldAll { from, .. } => Some(from),
            _ => None,
        }
    }

    /// The action, as the engine takes it. `available` are the holdings of a deposit's payer.
    pub(crate) fn read(&self, available: &[Amount]) -> Result<plan::Action, PlanError> {
        let transparent =
            |text: &str| parse_transparent(text).map_err(|reason| PlanError::TransparentAccount { reason });
        let shield = |from: &str, asset, value| {
            let payer = transparent(from)?.into();
            let available = available.iter().map(Amount::parts).collect::<Result<_, _>>()?;
            let memo = Memo::empty();
            Ok::<_, PlanError>(plan::Action::Shield {
                payer,
                asset,
                value,
                available: Some(available),
                to: None,
                memo,
            })
        };
        Ok(match self {
            Self::Pay { payments, fee } => {
                let payments = payments.iter().map(Payment::read).collect::<Result<_, _>>()?;
                plan::Action::Pay { payments, fee: fee.read()? }
            }
            Self::Shield { from, amount } => {
                let (asset, value) = amount.parts()?;
                shield(from, asset, value.into())?
            }
            Self::ShieldAll { from, asset } => shield(from, asset_id(*asset)?, Quantity::All)?,
            Self::PayAll { to, asset, memo, fee } => plan::Action::PayAll {
                to: Box::new(parse_address(to)?),
                asset: asset_id(*asset)?,
                memo: read_memo(memo)?,
                fee: fee.read()?,
            },
            Self::WithdrawAll { to, asset, fee } => plan::Action::Withdraw {
                recipient: transparent(to)?.into(),
                asset: asset_id(*asset)?,
                value: Quantity::All,
                fee: fee.read()?,
            },
            Self::Withdraw { to, amount, fee } => {
                let (asset, value) = amount.parts()?;
                let recipient = transparent(to)?.into();
                plan::Action::Withdraw { recipient, asset, value: value.into(), fee: fee.read()? }
            }
            Self::Consolidate { asset, fee } => {
                plan::Action::Consolidate { asset: asset_id(*asset)?, fee: fee.read()? }
            }
        })
    }
}

impl Fee {
    pub(crate) fn read(&self) -> Result<FeeChoice, PlanError> {
        Ok(match self {
            Self::Least => FeeChoice::Least,
            Self::LeastIn { asset } => FeeChoice::LeastIn(asset_id(*asset)?),
            Self::Exactly { amount } => {
                let (asset, value) = amount.parts()?;
                FeeChoice::Exactly { asset, value }
            }
        })
    }
}
