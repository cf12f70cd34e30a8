//! What to do, and what doing it costs and shows.

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
        /// How much of what.
        pub amount: Amount,
        /// What to tell the payee, as text; empty for nothing. Only the payee and the payer can read it.
        #[cfg_attr(feature = "uniffi", uniffi(default = ""))]
        pub memo: String,
    }
}

variant! {
    /// How the fee is chosen.
    pub enum Fee {
        /// The least that the pool takes, in the asset that it names first, as all wallets pay it: so the fee does not show
        /// which asset is sent. An account that holds too little of that pays in the asset that is sent, if the pool takes
        /// it, which then shows: `Preview::shows_asset`.
        Least,
        /// The least that the pool takes in this asset. In any but the first that the pool names it tells something.
        LeastIn {
            /// The asset's id.
            asset: u64,
        },
        /// So much; at least the pool's least.
        Exactly {
            /// How much of what.
            amount: Amount,
        },
    }
}

variant! {
    /// What to do.
    pub enum Action {
        /// Pay one or more addresses, in one asset, or in two of which one is the fee's.
        Pay {
            /// The payments; their order does not show.
            payments: Vec<Payment>,
            /// The fee.
            fee: Fee,
        },
        /// Pay all that can be spent of an asset to one address.
        PayAll {
            /// The payee's address (`lvr1...`).
            to: String,
            /// The asset's id.
            asset: u64,
            /// What to tell the payee, as text; empty for nothing.
            memo: String,
            /// The fee. Paid in the asset itself, it comes off what is paid.
            fee: Fee,
        },
        /// Move from a transparent account into the pool. What the pool asks as a fee is paid in the open, by the payer.
        Shield {
            /// The transparent account (`lvrt1...`), whose owner signs.
            from: String,
            /// How much of what.
            amount: Amount,
        },
        /// Move all that a transparent account holds of an asset into the pool, less the fee if that is paid in it.
        ShieldAll {
            /// The transparent account (`lvrt1...`), whose owner signs.
            from: String,
            /// The asset's id.
            asset: u64,
        },
        /// Move all that can be spent of an asset out of the pool to a transparent account.
        WithdrawAll {
            /// The transparent account (`lvrt1...`).
            to: String,
            /// The asset's id.
            asset: u64,
            /// The fee. Paid in the asset itself, it comes off what is moved.
            fee: Fee,
        },
        /// Move out of the pool to a transparent account.
        Withdraw {
            /// The transparent account (`lvrt1...`).
            to: String,
            /// How much of what.
            amount: Amount,
            /// The fee.
            fee: Fee,
        },
        /// Join the smallest notes of an asset into one.
        Consolidate {
            /// The asset's id.
            asset: u64,
            /// The fee.
            fee: Fee,
        },
    }
}

variant! {
    /// What a transaction moves into or out of the pool, in public.
    pub enum PublicSide {
        /// Nothing. The public does not even see which asset moves, unless the fee shows it: `Preview::shows_asset`.
        Internal,
        /// Into the pool.
        Deposit {
            /// How much of what.
            amount: Amount,
            /// The transparent account that pays.
            from: String,
        },
        /// Out of the pool.
        Withdrawal {
            /// How much of what.
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
    /// What a plan does, for its owner to look at before it is signed: what each side will see.
    pub struct Preview {
        /// The payments. Only the payees see them.
        pub payments: Vec<Payment>,
        /// What returns to the account. Nobody else sees it.
        pub change: Vec<Amount>,
        /// How many notes are spent. Nobody else sees it.
        pub notes_spent: u32,
        /// The fee. Public, with its asset.
        pub fee: Amount,
        /// What enters or leaves the pool. Public.
        pub side: PublicSide,
        /// Whether the public can tell which asset moves: it enters or leaves the pool, or the fee is paid in it and not
        /// in the asset that the pool names first, which wallets pay fees in.
        pub shows_asset: bool,
        /// What the payer of a deposit pays in the open beside the amount. Public.
        pub deposit_fee: Option<Amount>,
        /// The circuit, by how many inputs and outputs the transaction has, dummies included. Public.
        pub circuit: Circuit,
        /// The size of each memo field, in bytes: that of the longest memo, rounded up. Public.
        pub memo_size: u32,
        /// The epoch that the transaction declares. Public.
        pub epoch: u16,
        /// Whether that is the epoch before the current one: the public sees that an older address is paid.
        pub declares_previous_epoch: bool,
        /// The last block that can take the transaction. Public.
        pub expiry: u32,
    }
}

/// A transaction that can be built. It can be sent once. It locks nothing: sending another that spends one of its notes
/// makes it void.
#[derive(Debug)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Object))]
pub struct Plan {
    pub(crate) wallet: WalletId,
    pub(crate) plan: plan::Plan,
}

#[cfg_attr(feature = "uniffi", uniffi::export)]
impl Plan {
    /// What it does, costs and shows.
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
    fn of(payment: &transaction::Payment) -> Self {
        Self {
            to: payment.to.to_string(),
            amount: Amount::new(payment.asset, payment.value),
            memo: payment.memo.as_text().unwrap_or_default().to_owned(),
        }
    }

    fn read(&self) -> Result<transaction::Payment, PlanError> {
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

    /// What the engine is asked to do. `available` is what a deposit's payer holds.
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
    fn read(&self) -> Result<FeeChoice, PlanError> {
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
