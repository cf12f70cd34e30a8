//! `[wallet-expiry]`, `[wallet-anchors]`: the epoch that a transaction declares, the last block that can take it, and
//! the root under which it spends.

use louver_core::{address::Address, epoch::Epoch, ledger::rules::EXPIRY_BUCKET, pool::PoolKind};

use super::{Action, PlanError};
use crate::{
    account::{AccountNumber, DEPOSIT_INDEX},
    note::{self, NoteSummary, SpendState},
    wallet::Wallet,
};

/// A transaction can be mined for at least this many blocks, if its epoch and the grace last that long.
const LEAST_LIFE: u32 = 16;

/// Common anchors are the roots after blocks whose heights are multiples of this.
const ANCHOR_STEP: u32 = 4;
/// A common anchor is at least this many blocks old.
const ANCHOR_AGE: u32 = 2;

/// The expiry height of a transaction that the block at `next` is the first to take: the last height of a bucket, so that
/// it reveals little about when the transaction was made.
fn expiry(next: u32) -> u32 {
    let last = u32::MAX - u32::MAX % EXPIRY_BUCKET;
    next.checked_add(LEAST_LIFE)
        .and_then(|least| least.checked_next_multiple_of(EXPIRY_BUCKET))
        .unwrap_or(last)
}

/// The blocks in which a transaction is valid, and the place where its notes are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validity {
    /// The next block.
    pub(super) next: u32,
    pub(crate) epoch: Epoch,
    /// Whether `epoch` is the one before the current one.
    pub(super) previous: bool,
    pub(super) expiry: u32,
    /// The last block whose notes can be spent.
    pub(super) anchor_height: u32,
    /// The block under whose root all wallets spend notes of that age or older; `None` if there is none.
    common_anchor: Option<u32>,
}

impl Validity {
    /// `[wallet-anchors]`: the block under whose root these notes are spent.
    pub(super) fn anchor_of(&self, notes: &[NoteSummary]) -> u32 {
        self.common_anchor
            .filter(|common| notes.iter().all(|note| note.height <= *common))
            .unwrap_or(self.anchor_height)
    }
}

impl Wallet {
    pub(super) fn validity(&self, action: &Action) -> Result<Validity, PlanError> {
        let height = self.known_height()?;
        let next = height.saturating_add(1);
        let (current, time) = (self.current_epoch()?, self.time()?);
        if let Some(pause) = self.chain.pause(height, time) {
            return Err(PlanError::SwitchedOff(pause));
        }
        if self.chain.genesis.pool_kind() == PoolKind::Audited && self.chain.auditor(next).is_none() {
            return Err(PlanError::NoAuditor);
        }
        if self.chain.schedule().takes_withdrawals_only(current) && !matches!(action, Action::Withdraw { .. })
        {
            return Err(PlanError::WithdrawalsOnly);
        }
        let addresses: Vec<&Address> = match action {
            Action::Pay { payments, .. } => payments.iter().map(|payment| &payment.to).collect(),
            Action::PayAll { to, .. } => vec![&**to],
            Action::Shield { to, .. } => to.iter().map(|to| &**to).collect(),
            Action::Withdraw { .. } | Action::Consolidate { .. } => Vec::new(),
        };
        let mut epoch = None;
        for address in addresses {
            self.check_address(address, current, time)?;
            if epoch.is_some_and(|epoch| epoch != address.epoch()) {
                return Err(PlanError::MixedEpochs);
            }
            epoch = Some(address.epoch());
        }
        let epoch = epoch.unwrap_or(current);
        let position = self.position()?;
        let window = self.chain.genesis.terms().anchor_window;
        let anchor_height = self.anchor_height()?;
        // This leaves room for the blocks that come while the transaction is proven.
        if anchor_height.saturating_add(window) <= next && anchor_height + 1 < next {
            return Err(PlanError::Behind { scanned: position.height, height: next - 1 });
        }
        let expiry = expiry(next);
        let common_anchor = self.common_anchor(next, anchor_height)?;
        Ok(Validity { next, epoch, previous: epoch != current, expiry, anchor_height, common_anchor })
    }

    /// The newest common anchor. `None` if the wallet has not read that far or began later, or if the ledger would soon
    /// forget it.
    fn common_anchor(&self, next: u32, anchor_height: u32) -> Result<Option<u32>, PlanError> {
        let settled = (next - 1).saturating_sub(ANCHOR_AGE);
        let common = settled - settled % ANCHOR_STEP;
        let half = self.chain.genesis.terms().anchor_window / 2;
        let usable = common <= anchor_height && common >= self.first_checkpoint()? && next - common <= half;
        Ok(usable.then_some(common))
    }

    /// Refuses addresses that cannot be paid in the next block.
    fn check_address(&self, address: &Address, current: Epoch, time: u64) -> Result<(), PlanError> {
        let schedule = self.chain.schedule();
        let epoch = address.epoch();
        if address.pool() != self.chain.pool_tag() {
            Err(PlanError::ForeignPool)
        } else if epoch > current {
            Err(PlanError::AddressNotYetValid { from: schedule.begins(epoch) })
        } else {
            match schedule.payable_until(epoch) {
                Some(until) if time >= until => Err(PlanError::AddressExpired { until }),
                _ => Ok(()),
            }
        }
    }

    /// The notes of an account that a transaction can spend.
    pub(super) fn spendable_notes(
        &self,
        number: AccountNumber,
        validity: &Validity,
    ) -> Result<Vec<NoteSummary>, PlanError> {
        self.account(number)?;
        let mut notes = note::of_account(&self.overlay(), number)?;
        notes.retain(|note| {
            note.state == SpendState::Unspent
                && note.height <= validity.anchor_height
                && note.epoch <= validity.epoch
        });
        Ok(notes)
    }

    /// The address for the account's own deposits. It is never given out.
    pub(super) fn own_address(&self, number: AccountNumber, epoch: Epoch) -> Result<Address, PlanError> {
        Ok(self.address(number, epoch, DEPOSIT_INDEX)?.address)
    }
}
