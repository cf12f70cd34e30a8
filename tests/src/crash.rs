//! A node that is there to be killed: its chain, and the transactions that keep it busy.
use louver_chain::{
    Account, Action, ChainTransaction,
    testing::{coin, mint, operation, person, signed},
};

use louver_core::{
    epoch::EpochSchedule,
    ledger::{Genesis, SnapshotTerms, testing::Draft},
    tree::Anchor,
    value::Value,
};

/// A development chain whose transactions never expire, whenever and however often its node is killed.
///
/// # Panics
/// Never, as long as these terms hold together.
pub fn genesis() -> Genesis {
    let mut terms = louver_chain::testing::genesis().terms().clone();
    terms.schedule = EpochSchedule::ENDLESS;
    terms.snapshots = SnapshotTerms::usual(&terms.schedule);
    terms.anchor_window = u32::MAX;
    Genesis::new(terms).expect("terms that hold together")
}

/// The next transactions of a busy chain: mints, payments and registrations from numbers `faucet` and `alice` on, then
/// a deposit, a transfer inside the pool and a withdrawal that spend notes numbered from `fresh`.
pub fn round(genesis: &Genesis, faucet: u64, alice: u64, fresh: u64) -> Vec<ChainTransaction> {
    let (payer, payee) = (person(1), person(2));
    let hash = genesis.hash();
    let pay = Action::Transfer { asset: coin(), amount: Value(3), to: Account::of(&payee) };
    let register = Action::RegisterAsset { symbol: "CRASH".to_owned(), decimals: 0, reference: Vec::new() };
    let lasting = |draft: Draft| Draft { expiry: u32::MAX - 15, ..draft };
    let empty = Anchor::empty_tree();
    let account = Account::of(&payer).into();
    let drafts = [
        (lasting(Draft::deposit(fresh, empty, account, coin(), 500)), Some(&payer)),
        (lasting(Draft::internal(fresh + 1, empty)), None),
        (lasting(Draft::withdrawal(fresh + 2, empty, account, coin(), 100)), None),
    ];
    let operations = [
        mint(&hash, faucet, &payer, 1_000),
        operation(&hash, &payer, alice, pay),
        operation(&hash, &payer, alice + 1, register),
    ];
    let shielded =
        drafts.map(|(draft, payer)| ChainTransaction::Shielded(Box::new(signed(genesis, &draft, payer))));
    operations.map(ChainTransaction::Transparent).into_iter().chain(shielded).collect()
}
