//! A transaction's way into a block: the rules that look at the state, and what it changes.

use super::{
    LedgerError, anchors,
    block::{BlockBuilder, Ground, LEAVES, NULLIFIERS, SUBTREES},
    host::{HostError, HostRefusal},
    registry, rulebook,
    rules::{Circumstances, RuleError},
    snapshot::ORDER,
    turnstile,
};
use crate::{
    asset::AssetId,
    audit::NumberedKey,
    store::record::height_of,
    transaction::{Effects, PublicSide, Transaction, TxContext},
    tree::DEPTH,
    value::{Balance, Value},
};

impl BlockBuilder<'_> {
    /// The context that a transaction does not carry: the chain, the registered descriptions of its assets, and the auditor
    /// key that it names.
    ///
    /// # Errors
    /// [`RuleError::AssetUnknown`], [`RuleError::AuditorUnknown`], [`RuleError::AuditorEnded`]; those of the store.
    pub fn context(&self, effects: &Effects) -> Result<TxContext, LedgerError> {
        let state = &self.ground.state;
        let context =
            TxContext::of(self.ground.genesis.hash(), effects.public_side(), effects.fee(), |asset| {
                let known = registry::descriptor(state, asset)?.ok_or(RuleError::AssetUnknown(asset))?;
                Ok::<_, LedgerError>(known.hash())
            })?;
        Ok(context.with_auditor(effects.audit().map(|audit| self.auditor(audit.number)).transpose()?))
    }

    /// `[auditor-key]`: the key of a number, if it serves in this block.
    fn auditor(&self, number: u32) -> Result<NumberedKey, LedgerError> {
        let Ground { host, state, height, .. } = &self.ground;
        let entered = host.auditor(state, number)?.ok_or(RuleError::AuditorUnknown(number))?;
        match entered.until {
            Some(since) if since <= *height => Err(RuleError::AuditorEnded { number, since }.into()),
            _ => Ok(NumberedKey { number, key: entered.key }),
        }
    }

    /// Applies a transaction without looking at its proof and signature, for a block that is thrown away.
    pub(super) fn try_out(mut self, transaction: &Transaction) -> Result<(), LedgerError> {
        let context = self.context(transaction.effects())?;
        self.include(transaction, &context)?;
        Ok(())
    }

    /// Applies a transaction and returns the position of its first leaf; on an error some of it may stand.
    pub(super) fn include(
        &mut self,
        transaction: &Transaction,
        context: &TxContext,
    ) -> Result<u32, LedgerError> {
        let effects = transaction.effects();
        let Ground { genesis, height, time, .. } = self.ground;
        let rules = rulebook::entry(&self.ground.state, effects.rules())?;
        Circumstances { genesis, height, time, rules: rules.as_ref() }.check(effects)?;
        let window = genesis.terms().anchor_window;
        anchors::check(&self.ground.state, transaction.authorization().anchor(), height, window)?;
        self.spend(effects)?;
        self.authorize(transaction, context)?;
        self.cross(effects)?;
        self.append(effects)
    }

    /// `[nullifier]`: each note once.
    fn spend(&mut self, effects: &Effects) -> Result<(), LedgerError> {
        let state = &mut self.ground.state;
        for (input, nullifier) in effects.nullifiers().iter().enumerate() {
            let key = nullifier.to_array();
            if let Some(bytes) = state.get(NULLIFIERS, &key)? {
                let height = height_of(NULLIFIERS, &bytes)?;
                return Err(match height == self.ground.height {
                    true => RuleError::NullifierInBlock { input },
                    false => RuleError::NullifierSpent { input, height },
                }
                .into());
            }
            state.put(NULLIFIERS, &key, &self.ground.height.to_be_bytes());
            state.put(ORDER, &self.ground.nullifiers.to_be_bytes(), &key);
            self.ground.nullifiers += 1;
        }
        Ok(())
    }

    /// The payer of a deposit agrees to it.
    fn authorize(&self, transaction: &Transaction, context: &TxContext) -> Result<(), LedgerError> {
        let PublicSide::Deposit { payer, .. } = transaction.effects().public_side() else {
            return Ok(());
        };
        let message = transaction.effects().sighash(context).host_message();
        let authorization = transaction.authorization().host();
        let ground = &self.ground;
        refused(
            ground.host.authorize(&ground.state, payer, &message, authorization),
            RuleError::HostAuthorization,
        )
    }

    /// `[turnstile]`: what goes in and out, on both sides of the pool's border.
    fn cross(&mut self, effects: &Effects) -> Result<(), LedgerError> {
        let ground = &mut self.ground;
        let (host, fee_account) = (ground.host, &ground.genesis.terms().fee_account);
        let fee = effects.fee();
        let (crossing, net) = match effects.public_side() {
            PublicSide::Internal => (AssetId::NONE, Balance(0)),
            PublicSide::Deposit { asset, amount, .. } => (*asset, Balance::from(*amount)),
            PublicSide::Withdrawal { asset, amount, .. } => (*asset, Value::ZERO - *amount),
        };
        let due = Value::ZERO - fee.amount();
        if crossing == fee.asset() {
            pass(ground, crossing, [net, due].into_iter().sum())?;
        } else {
            pass(ground, crossing, net)?;
            pass(ground, fee.asset(), due)?;
        }
        match effects.public_side() {
            PublicSide::Internal => {}
            PublicSide::Deposit { asset, amount, payer } => {
                let debited = host.debit(&mut ground.state, payer, *asset, *amount);
                refused(debited, RuleError::HostDebit)?;
                let instead = ground.genesis.deposit_fee(*asset, effects.shape());
                if let (Value::ZERO, Some((asset, least))) = (fee.amount(), instead) {
                    let debited = host.debit(&mut ground.state, payer, asset, least);
                    refused(debited, RuleError::HostDebit)?;
                    let credited = host.credit(&mut ground.state, fee_account, asset, least);
                    refused(credited, RuleError::HostCredit)?;
                }
            }
            PublicSide::Withdrawal { asset, amount, recipient } => {
                let credited = host.credit(&mut ground.state, recipient, *asset, *amount);
                refused(credited, RuleError::HostCredit)?;
            }
        }
        if fee.amount() > Value::ZERO {
            let credited = host.credit(&mut ground.state, fee_account, fee.asset(), fee.amount());
            refused(credited, RuleError::HostCredit)?;
        }
        Ok(())
    }

    /// The outputs become leaves.
    fn append(&mut self, effects: &Effects) -> Result<u32, LedgerError> {
        let ground = &mut self.ground;
        let first = u32::try_from(ground.frontier.size()).map_err(|_| RuleError::TreeFull)?;
        let room = (1u64 << DEPTH) - u64::from(first);
        if effects.outputs().len() as u64 > room {
            return Err(RuleError::TreeFull.into());
        }
        for output in effects.outputs() {
            let commitment = output.cm;
            let position = ground.frontier.append(commitment).map_err(|_| RuleError::TreeFull)?;
            ground.state.put(LEAVES, &position.to_be_bytes(), &commitment.to_array());
            if let Some(subtree) = ground.frontier.completed_subtree() {
                let value = [subtree.root.to_bytes().as_slice(), &ground.height.to_be_bytes()].concat();
                ground.state.put(SUBTREES, &subtree.index.to_be_bytes(), &value);
            }
        }
        Ok(first)
    }
}

/// Lets an amount pass the turnstile; no asset, nothing to count.
fn pass(ground: &mut Ground<'_>, asset: AssetId, net: Balance) -> Result<(), LedgerError> {
    match net {
        Balance(0) => Ok(()),
        net => turnstile::pass(&mut ground.state, asset, net),
    }
}

/// The host's refusal as the rule that it breaks.
fn refused(answer: Result<(), HostError>, rule: fn(HostRefusal) -> RuleError) -> Result<(), LedgerError> {
    answer.map_err(|error| match error {
        HostError::Refused(refusal) => rule(refusal).into(),
        HostError::Store(error) => error.into(),
    })
}
