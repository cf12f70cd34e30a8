//! Transactions that have been looked at and may go into a block.

use louver_core::{
    asset::AssetId,
    encoding::Encode,
    ledger::Genesis,
    pool::GenesisHash,
    shape::Shape,
    transaction::{Transaction, TxContext, Verified},
    value::Value,
};

use crate::mempool::{Claim, Id, Listing};
use crate::{
    act::SignedAct,
    block::ChainTransaction,
    operation::{Operation, VerifiedOperation},
};

/// A transaction that may go into a block if the rules let it.
#[derive(Clone, Debug)]
pub enum Candidate {
    /// A shielded transaction whose proof and signature hold.
    Shielded(Box<Verified>),
    /// An operation that its sender signed.
    Transparent(Box<VerifiedOperation>),
    /// An act of guardians or authorities. Its signatures are checked against those who are in office when it applies.
    Act(Box<SignedAct>),
}

impl Candidate {
    /// Its id on the chain with this genesis, which it was verified for.
    pub fn id(&self, genesis: &GenesisHash) -> Id {
        match self {
            Self::Shielded(verified) => verified.txid().0,
            Self::Transparent(operation) => operation.id().0,
            Self::Act(act) => act.id(genesis).0,
        }
    }

    /// The transaction as a block carries it.
    pub fn to_transaction(&self) -> ChainTransaction {
        match self {
            Self::Shielded(verified) => ChainTransaction::Shielded(Box::new(verified.transaction().clone())),
            Self::Transparent(operation) => ChainTransaction::Transparent(operation.operation().clone()),
            Self::Act(act) => ChainTransaction::Act(act.clone()),
        }
    }
}

impl Listing {
    /// The listing of a shielded transaction.
    pub fn shielded(genesis: &Genesis, transaction: &Transaction, context: &TxContext) -> Self {
        let effects = transaction.effects();
        let fee = effects.fee();
        // A deposit that declares no fee pays one on the host's side.
        let side = effects.public_side();
        let due = || side.is_deposit().then(|| genesis.deposit_fee(side.asset(), effects.shape())).flatten();
        let (fee_asset, fee) = match fee.amount() {
            Value::ZERO => due().unwrap_or((AssetId::NONE, Value::ZERO)),
            amount => (fee.asset(), amount),
        };
        Self {
            id: transaction.txid(context).0,
            claims: nullifiers(transaction),
            fee_asset,
            fee,
            unit: unit(genesis, fee_asset),
            bytes: 1 + transaction.to_bytes().len(),
            last_height: effects.expiry_height(),
            over_at: genesis.terms().schedule.payable_until(effects.epoch()),
        }
    }

    /// The listing of an operation.
    pub fn transparent(genesis: &Genesis, operation: &Operation) -> Self {
        let body = operation.body();
        Self {
            id: operation.id(&genesis.hash()).0,
            claims: vec![number(operation)],
            fee_asset: body.fee.asset(),
            fee: body.fee.amount(),
            unit: unit(genesis, body.fee.asset()),
            bytes: 1 + operation.to_bytes().len(),
            last_height: u32::MAX,
            over_at: None,
        }
    }

    /// The listing of an act. It pays nothing and stands before everything that pays: what lets it in is that a quorum
    /// signed it.
    pub fn act(genesis: &GenesisHash, signed: &SignedAct) -> Self {
        Self {
            id: signed.id(genesis).0,
            claims: vec![topic(signed)],
            fee_asset: AssetId::NONE,
            fee: Value(u64::MAX),
            unit: Value(1),
            bytes: 1 + signed.to_bytes().len(),
            last_height: u32::MAX,
            over_at: None,
        }
    }
}

impl ChainTransaction {
    /// The claims that it uses up.
    pub fn claims(&self) -> Vec<Claim> {
        match self {
            Self::Shielded(transaction) => nullifiers(transaction),
            Self::Transparent(operation) => vec![number(operation)],
            Self::Act(signed) => vec![topic(signed)],
        }
    }
}

fn nullifiers(transaction: &Transaction) -> Vec<Claim> {
    let nullifiers = transaction.effects().nullifiers().iter();
    nullifiers.map(|nullifier| Claim::Nullifier(nullifier.to_array())).collect()
}

fn number(operation: &Operation) -> Claim {
    Claim::Nonce(operation.body().sender, operation.body().nonce)
}

fn topic(signed: &SignedAct) -> Claim {
    let act = signed.act();
    let (kind, number) = act.deed.topic(act.sequence);
    Claim::Act(kind, number)
}

/// The least fee of the smallest shape; of an asset in which no fees are taken, more than anybody has.
fn unit(genesis: &Genesis, asset: AssetId) -> Value {
    genesis.minimum_fee(asset, Shape::TwoByThree).unwrap_or(Value(u64::MAX))
}
