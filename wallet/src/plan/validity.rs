//! `[wallet-expiry]`, `[wallet-anchors]`: the epoch that a transaction declares, the last block that can take it, and
//! the root under which it spends.

use louver_core::{
    address::Address, epoch::Epoch, ledger::rules::EXPIRY_BUCKET, pool::PoolKind, store::StoreError,
};

use super::{Action, PlanError};
use crate::{
    account::{AccountError, AccountNumber, DEPOSIT_INDEX},
    note::{self, NoteSummary, OwnedNote, SpendState},
    wallet::Wallet,
};

/// A transaction can be mined for at least this many blocks, if its epoch and the grace last that long.
const LEAST_LIFE: u32 = 16;
/// The greatest expiry height.
const LAST_EXPIRY: u32 = u32::MAX - u32::MAX % EXPIRY_BUCKET;

/// Common anchors are the roots after blocks whose heights are multiples of this.
const ANCHOR_STEP: u32 = 4;
/// A common anchor is at least this many blocks old.
const ANCHOR_AGE: u32 = 2;

/// The expiry height of a transaction that the block at `next` is the first to take, and that is signed `lead` seconds
/// later: the last height of a bucket, so that it reveals little about when the transaction was made. `None` if no height
/// is that far away.
///
/// Others can pay fees so that a block comes each second, and no chain makes them faster. So a block for each second of the
/// lead leaves the signers their time whatever others do. The number is rounded up to a power of two: what the
/// public sees of the lead is its order of magnitude.
fn expiry(next: u32, lead: u64) -> Option<u32> {
    if lead == 0 {
        let least = next.saturating_add(LEAST_LIFE);
        return Some(least.checked_next_multiple_of(EXPIRY_BUCKET).unwrap_or(LAST_EXPIRY));
    }
    let life = u32::try_from(lead).ok()?.checked_next_power_of_two()?.max(LEAST_LIFE);
    next.checked_add(life)?.checked_next_multiple_of(EXPIRY_BUCKET)
}

/// The longest lead, in seconds, that a transaction can have whose first block is the one at `next`.
fn longest_lead(next: u32) -> u64 {
    LAST_EXPIRY.saturating_sub(next).checked_ilog2().map_or(0, |power| 1 << power)
}

/// The blocks in which a transaction is valid, and the place where its notes are looked up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validity {
    /// The next block.
    pub(super) next: u32,
    pub(crate) epoch: Epoch,
    /// Whether `epoch` is the one before the current one.
    pub(super) previous: bool,
    /// The beginning of `epoch`, if it has not begun.
    pub(super) not_before: Option<u64>,
    /// By when a block is to have it, if the plan leaves its signers time.
    pub(super) ready_by: Option<u64>,
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
    /// `[wallet-expiry]`: the epoch that a transaction declares which a block has to have by `ready_by`: the first that still
    /// counts then, the current one or a later one.
    ///
    /// # Errors
    /// Those of the store.
    pub fn epoch_ready_by(&self, ready_by: u64) -> Result<Epoch, AccountError> {
        let current = self.current_epoch()?;
        // The last epoch has no end, so it is never over.
        let first = self.chain.schedule().last_over(ready_by).and_then(Epoch::next).unwrap_or_default();
        Ok(current.max(first))
    }

    pub(super) fn validity(&self, action: &Action, ready_by: Option<u64>) -> Result<Validity, PlanError> {
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
        let schedule = self.chain.schedule();
        let ready_by = ready_by.map(|by| by.max(time));
        let by = ready_by.unwrap_or(time);
        let mut epoch = None;
        for address in addresses {
            self.check_address(address, time, by)?;
            if epoch.is_some_and(|epoch| epoch != address.epoch()) {
                return Err(PlanError::MixedEpochs);
            }
            epoch = Some(address.epoch());
        }
        let epoch = epoch.map_or_else(|| self.epoch_ready_by(by), Ok)?;
        let next_epoch = current.next().unwrap_or(current);
        let withdraws = matches!(action, Action::Withdraw { .. });
        if epoch > next_epoch || epoch > current && schedule.takes_withdrawals_only(epoch) && !withdraws {
            let last = if schedule.takes_withdrawals_only(next_epoch) { current } else { next_epoch };
            return Err(PlanError::TooFarAhead { until: schedule.payable_until(last).unwrap_or(u64::MAX) });
        }
        let position = self.position()?;
        let window = self.chain.genesis.terms().anchor_window;
        let anchor_height = self.anchor_height()?;
        // This leaves room for the blocks that come while the transaction is proven.
        if anchor_height.saturating_add(window) <= next && anchor_height + 1 < next {
            return Err(PlanError::Behind { scanned: position.height, height: next - 1 });
        }
        let too_far = || PlanError::TooFarAhead { until: time.saturating_add(longest_lead(next)) };
        let expiry = expiry(next, by - time).ok_or_else(too_far)?;
        let common_anchor = self.common_anchor(next, anchor_height)?;
        let not_before = schedule.begins(epoch).filter(|_| epoch > current);
        let previous = epoch < current;
        Ok(Validity { next, epoch, previous, not_before, ready_by, expiry, anchor_height, common_anchor })
    }

    /// `[wallet-anchors]`: the block under whose root these notes are spent by a transaction that is built now.
    pub(crate) fn anchor_now(&self, notes: &[OwnedNote]) -> Result<u32, StoreError> {
        let (next, newest) = (self.known_height()?.saturating_add(1), self.anchor_height()?);
        let common = self.common_anchor(next, newest)?;
        let common = common.filter(|common| notes.iter().all(|note| note.height <= *common));
        Ok(common.unwrap_or(newest))
    }

    /// The newest common anchor. `None` if the wallet has not read that far or began later, or if the ledger would soon
    /// forget it.
    fn common_anchor(&self, next: u32, anchor_height: u32) -> Result<Option<u32>, StoreError> {
        let settled = (next - 1).saturating_sub(ANCHOR_AGE);
        let common = settled - settled % ANCHOR_STEP;
        let half = self.chain.genesis.terms().anchor_window / 2;
        let usable = common <= anchor_height && common >= self.first_checkpoint()? && next - common <= half;
        Ok(usable.then_some(common))
    }

    /// Refuses addresses that cannot be paid `by` then, or in the next block if that is `time`.
    fn check_address(&self, address: &Address, time: u64, by: u64) -> Result<(), PlanError> {
        let schedule = self.chain.schedule();
        let epoch = address.epoch();
        if address.pool() != self.chain.pool_tag() {
            return Err(PlanError::ForeignPool);
        }
        match (schedule.begins(epoch), schedule.payable_until(epoch)) {
            (Some(begins), _) if begins > by => Err(PlanError::AddressNotYetValid { from: Some(begins) }),
            (None, _) => Err(PlanError::AddressNotYetValid { from: None }),
            (_, Some(until)) if time >= until => Err(PlanError::AddressExpired { until }),
            (_, Some(until)) if by >= until => Err(PlanError::AddressLeavesNoTime { until, ready_by: by }),
            _ => Ok(()),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Attacker: whoever pays fees so that a block comes each second, and a payment dies while its signers meet.
    #[test]
    fn an_expiry_leaves_a_block_for_each_second_of_the_lead() {
        assert_eq!((expiry(1, 0), expiry(16, 0), expiry(17, 0)), (Some(32), Some(32), Some(48)));
        for next in [1, 15, 16, 17, 1_000_003] {
            for lead in [1, 16, 17, 3_600, 3 * 86_400, 30 * 86_400] {
                let expiry = expiry(next, lead).unwrap();
                assert!(u64::from(expiry - next) >= lead.max(16) && expiry.is_multiple_of(EXPIRY_BUCKET));
            }
        }
        // Two leads of one order of magnitude look the same.
        assert_eq!(expiry(7, 140_000), expiry(7, 3 * 86_400));
        assert_eq!(expiry(7, 3 * 86_400), Some(7_u32.saturating_add(1 << 18).next_multiple_of(16)));
    }

    /// Attacker: whoever asks for a lead at which the height wraps around, so that the transaction is dead when it is made.
    #[test]
    fn an_expiry_does_not_overflow() {
        assert_eq!((expiry(u32::MAX, 0), expiry(LAST_EXPIRY - 3, 0)), (Some(LAST_EXPIRY), Some(LAST_EXPIRY)));
        for (next, lead) in
            [(1, u64::MAX), (1, 1 << 32), (1, (1 << 31) + 1), (u32::MAX - 20, 30), (u32::MAX, 1)]
        {
            assert_eq!(expiry(next, lead), None, "{next} {lead}");
        }
        for next in [1, 1_000_000, LAST_EXPIRY - 100, LAST_EXPIRY] {
            let longest = longest_lead(next);
            assert!(longest == 0 || expiry(next, longest).is_some_and(|expiry| expiry > next), "{next}");
            assert_eq!(expiry(next, 2 * longest + 1), None, "{next}");
        }
    }
}
