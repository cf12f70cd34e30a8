//! Plans: the notes to spend, the shape, the fee and the change of a transaction.

use crate::{
    account::AccountNumber,
    note::{self, NoteSummary, OwnedNote, SpendState},
    proposal::Membership,
    wallet::Wallet,
};
use louver_core::{
    asset::AssetId,
    encoding::{Decode, DecodeError, Encode, Reader},
    epoch::Epoch,
    note::MemoBucket,
    pool::RulesVersion,
    shape::Shape,
    store::StoreError,
    transaction::{Fee, Payment, PublicSide},
    value::Value,
};

mod action;
mod attempts;
mod error;
mod fit;
mod rounds;
mod selection;
mod sweep;
mod validity;

pub use action::{Action, FeeChoice, Quantity};
pub use error::{PlanError, Shortfall, Unspendable};
pub(crate) use fit::Fitted;
pub(crate) use rounds::{Next, Rounds};

/// Identifies the plan that a transaction was made from. It is random, and stored with the transaction, so that no plan
/// is sent twice.
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
    pub(crate) membership: Option<Membership>,
    pub(crate) shape: Shape,
    pub(crate) spends: Vec<OwnedNote>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) change: Vec<(AssetId, Value)>,
    pub(crate) side: PublicSide,
    pub(crate) fee: Fee,
    pub(crate) host_fee: Option<(AssetId, Value)>,
    pub(crate) memo_bucket: MemoBucket,
    pub(crate) declares_previous_epoch: bool,
    pub(crate) not_before: Option<u64>,
    pub(crate) ready_by: Option<u64>,
    pub(crate) shows_asset: bool,
}

/// The effects of a plan, for its owner to check before signing.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The payments. Only the payees see them.
    pub payments: Vec<Payment>,
    /// The amounts that return to the account, by asset. Nobody else sees them.
    pub change: Vec<(AssetId, Value)>,
    /// The number of notes that are spent. Nobody else sees it: dummies fill the shape.
    pub notes_spent: usize,
    /// The fee. Its amount and its asset are public.
    pub fee: Fee,
    /// The movement into or out of the pool. Its asset, amount and transparent account are public.
    pub side: PublicSide,
    /// The fee of a deposit, which the payer pays on the host's side in addition to the amount. Public.
    pub host_fee: Option<(AssetId, Value)>,
    /// The rules version that the transaction names. Public.
    pub rules: RulesVersion,
    /// The number of inputs and outputs of the transaction, dummies included. Public.
    pub shape: Shape,
    /// Whether the public can tell which asset moves. It can if the asset enters or leaves the pool. It also can if the
    /// fee is paid in the moved asset while the pool names another asset first for fees.
    pub shows_asset: bool,
    /// The size of the memo fields. Public.
    pub memo_bucket: MemoBucket,
    /// The epoch that the transaction declares. Public.
    pub epoch: Epoch,
    /// Whether that is the epoch before the current one, which few other transactions still declare: the public sees
    /// that an address of that epoch is paid.
    pub declares_previous_epoch: bool,
    /// The beginning of the epoch that the transaction declares, in seconds since 1970, if it has not begun: the transaction
    /// can be signed before, and no block takes it before.
    pub not_before: Option<u64>,
    /// The time until which it can be signed and sent however many blocks come before, in seconds since 1970, if the plan
    /// leaves its signers time ([`Wallet::plan_ready_by`]).
    pub ready_by: Option<u64>,
    /// The last block that can take the transaction. Public.
    pub expiry: u32,
}

impl Plan {
    /// The account that pays.
    pub fn account(&self) -> AccountNumber {
        self.account
    }

    /// The effects of the plan.
    pub fn preview(&self) -> Preview {
        Preview {
            payments: self.payments.clone(),
            change: self.change.clone(),
            notes_spent: self.spends.len(),
            fee: self.fee,
            side: self.side,
            host_fee: self.host_fee,
            rules: self.rules,
            shape: self.shape,
            shows_asset: self.shows_asset,
            memo_bucket: self.memo_bucket,
            epoch: self.epoch,
            declares_previous_epoch: self.declares_previous_epoch,
            not_before: self.not_before,
            ready_by: self.ready_by,
            expiry: self.expiry,
        }
    }
}

impl Wallet {
    /// Plans a transaction of an account: the notes to spend, the shape, the fee and the change.
    ///
    /// `[wallet-spends]`: where it can, a payment spends a note of an earlier attempt that expired, so that only one of
    /// the two can be included.
    ///
    /// # Errors
    /// [`PlanError`] gives the reason, with amounts by asset. Nothing changes.
    pub fn plan(&self, number: AccountNumber, action: &Action) -> Result<Plan, PlanError> {
        self.plan_with(number, action, None)
    }

    /// Plans a transaction that leaves its signers time, such as a committee or somebody with a hardware wallet:
    /// `[wallet-expiry]`. It can be signed, proven and sent until `ready_by`, in seconds since 1970; a time that has passed
    /// counts as now. The wallet takes the anchor when the transaction is built ([`Wallet::build`]), and a newer one before it
    /// is proven ([`Wallet::renew`]).
    ///
    /// [`Wallet::epoch_ready_by`] tells the epoch of the address to pay, where a payee gave two.
    ///
    /// # Errors
    /// As [`Wallet::plan`], and [`PlanError::AddressLeavesNoTime`] and [`PlanError::TooFarAhead`].
    pub fn plan_ready_by(
        &self,
        number: AccountNumber,
        action: &Action,
        ready_by: u64,
    ) -> Result<Plan, PlanError> {
        self.plan_with(number, action, Some(ready_by))
    }

    fn plan_with(
        &self,
        number: AccountNumber,
        action: &Action,
        ready_by: Option<u64>,
    ) -> Result<Plan, PlanError> {
        self.account(number)?;
        let validity = self.validity(action, ready_by)?;
        let fitted = match self.fit(number, action, &validity) {
            Err(PlanError::InsufficientFunds { asset, needed, spendable, missing, .. }) => {
                let unspendable = self.unspendable(number, asset, &validity)?;
                return Err(PlanError::InsufficientFunds { asset, needed, spendable, missing, unspendable });
            }
            fitted => fitted?,
        };
        self.planned(number, fitted, &validity, None)
    }

    /// The plan of a fitted transaction.
    pub(crate) fn planned(
        &self,
        number: AccountNumber,
        fitted: Fitted,
        validity: &validity::Validity,
        membership: Option<Membership>,
    ) -> Result<Plan, PlanError> {
        let memo_bucket = fitted
            .payments
            .iter()
            .map(|payment| payment.memo.bucket())
            .max_by_key(|bucket| bucket.code())
            .unwrap_or_default();
        let shows_asset = self.shows_asset(&fitted);
        let spends = self.to_spend(&fitted.spends)?;
        Ok(Plan {
            id: PlanId(rand::random()),
            account: number,
            rules: fitted.rules,
            epoch: validity.epoch,
            expiry: validity.expiry,
            membership,
            shape: fitted.shape,
            spends,
            payments: fitted.payments,
            change: fitted.change,
            side: fitted.side,
            fee: fitted.fee,
            host_fee: fitted.host_fee,
            memo_bucket,
            declares_previous_epoch: validity.previous,
            not_before: validity.not_before,
            ready_by: validity.ready_by,
            shows_asset,
        })
    }

    fn fit(
        &self,
        number: AccountNumber,
        action: &Action,
        validity: &validity::Validity,
    ) -> Result<Fitted, PlanError> {
        let notes = self.spendable_notes(number, validity)?;
        let attempts = attempts::Attempts::of(self, number, validity.next)?;
        let draft = fit::Draft::new(&self.chain, validity, notes, attempts);
        match action {
            Action::Pay { payments, fee } => draft.pay(payments, *fee),
            Action::PayAll { to, asset, memo, fee } => draft.pay_all(to, *asset, memo, *fee),
            Action::Withdraw { recipient, asset, value, fee } => {
                draft.withdraw(*recipient, *asset, *value, *fee)
            }
            Action::Consolidate { asset, fee } => draft.consolidate(*asset, *fee),
            Action::Shield { payer, asset, value, available, to, memo } => {
                let to = match to {
                    Some(to) => **to,
                    None => self.own_address(number, validity.epoch)?,
                };
                let value = draft.deposit(*asset, *value, available.as_ref())?;
                draft.shield(*payer, Payment { to, asset: *asset, value, memo: memo.clone() })
            }
        }
    }

    /// An account's holdings of an asset that this transaction cannot spend, by reason.
    fn unspendable(
        &self,
        number: AccountNumber,
        asset: AssetId,
        validity: &validity::Validity,
    ) -> Result<Unspendable, PlanError> {
        let held = self.balance(number)?.get(&asset).copied().unwrap_or_default();
        let notes = note::of_account(&self.overlay(), number)?;
        let newer = notes.iter().filter(|note| {
            note.state == SpendState::Unspent
                && note.asset == asset
                && note.height <= validity.anchor_height
                && note.epoch > validity.epoch
        });
        let newer = newer.map(|note| u128::from(note.value.0)).sum();
        Ok(Unspendable { immature: held.immature, pending: held.pending, newer })
    }

    /// The notes of the chosen summaries.
    fn to_spend(&self, chosen: &[NoteSummary]) -> Result<Vec<OwnedNote>, StoreError> {
        let overlay = self.overlay();
        let lost = || StoreError::Corrupt { detail: "a note was lost".to_owned() };
        chosen.iter().map(|note| note::get(&overlay, note.commitment)?.ok_or_else(lost)).collect()
    }

    pub(crate) fn shows_asset(&self, fitted: &Fitted) -> bool {
        let fee = fitted.fee.asset();
        let common = self.chain.genesis.terms().fees.first().map(|fee| fee.asset);
        let moves = fitted.main == fee || fitted.payments.iter().any(|payment| payment.asset == fee);
        fitted.side != PublicSide::Internal || (fee != AssetId::NONE && Some(fee) != common && moves)
    }
}
