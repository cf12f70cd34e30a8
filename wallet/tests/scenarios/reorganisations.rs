//! Reorganisations of the chain.

use std::collections::BTreeMap;

use louver_core::{encoding::Decode, proof::Unwatched, transaction::Transaction};
use louver_wallet::{
    history::{HistoryEntry, OutputKind, Status},
    scan::ScanError,
    tree::ROLL_BACK_DEPTH,
    wallet::Wallet,
};
use proptest::prelude::*;

use crate::chain::{Chain, EUR, FIRST, asset, pay, pending, shield, spendable};

#[test]
fn a_payment_that_is_undone_waits_again_and_is_mined_again() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    chain.sync(&mut bob);
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "twice mined, once paid"));
    chain.mine(std::slice::from_ref(&sent));
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), spendable(&bob, EUR)), (69, 30));

    chain.reorganise(1);
    chain.mine_empty(1);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (0, 69), "in flight again");
    assert_eq!((spendable(&bob, EUR), bob.history(FIRST).unwrap().len()), (0, 0));
    assert_eq!(alice.waiting().unwrap(), [sent]);

    let again = alice.waiting().unwrap();
    chain.mine(&again);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), spendable(&bob, EUR)), (69, 30));
    assert_eq!(alice.history(FIRST).unwrap().len(), 2);
}

/// Attacker: a node that shows as little as it can of another branch, to make wallets name their own transactions to
/// it.
#[test]
fn a_lower_chain_is_handed_nothing() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, ""));
    assert_eq!(alice.overdue(chain.height()).unwrap(), std::slice::from_ref(&sent));
    alice.submitted(sent.txid).unwrap();
    assert_eq!(alice.overdue(chain.height()).unwrap(), []);
    chain.mine(std::slice::from_ref(&sent));
    chain.mine_empty(9);
    chain.sync(&mut alice);
    let highest = chain.height();

    chain.reorganise(1);
    for height in 2..highest + 4 {
        chain.mine_empty(1);
        chain.sync(&mut alice);
        assert_eq!(alice.waiting().unwrap().len(), 1, "{height}");
        assert_eq!(alice.overdue(chain.height()).unwrap(), [], "{height}");
    }
    // It is higher now than the one before, for some blocks.
    chain.mine_empty(1);
    chain.sync(&mut alice);
    assert_eq!(alice.overdue(chain.height()).unwrap(), [sent]);
    assert_eq!(alice.overdue(chain.height() - 5).unwrap(), []);
}

#[test]
fn a_deposit_that_is_undone_is_no_balance() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, ""));
    chain.reorganise(0);
    chain.mine_empty(1);
    chain.sync(&mut alice);
    // The deposit waits again; what was to be paid out of it waits too.
    assert_eq!(spendable(&alice, EUR), 0);
    assert_eq!(alice.waiting().unwrap().len(), 2);
    // The deposit is mined on the new branch: its note is in flight at once, and its payment, whose nullifier does not
    // depend on the place of the note, needs only a new proof; under the old anchor the ledger refuses it.
    let deposit = alice.waiting().unwrap().into_iter().find(|tx| tx.txid != sent.txid).unwrap();
    chain.mine(&[deposit]);
    chain.sync(&mut alice);
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (0, 69));
    let _ = chain.try_mine(&[sent]);
}

#[test]
fn another_wallet_of_the_phrase_spends_the_note_first() {
    let mut chain = Chain::new();
    let phrase = louver_wallet::phrase::RecoveryPhrase::generate(&mut rand::rng());
    let mut phone = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
    let mut laptop = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
    chain.fund(&mut phone, &[(EUR, 100)]);
    chain.sync(&mut laptop);
    let mut bob = chain.wallet();
    chain.send(&mut phone, &pay(&mut bob, EUR, 30, "from the phone"));
    let first = chain.send(&mut laptop, &pay(&mut bob, EUR, 50, "from the laptop"));
    chain.mine(&[first]);
    chain.sync(&mut phone);
    assert_eq!((spendable(&phone, EUR), pending(&phone, EUR)), (49, 0));
    let history = phone.history(FIRST).unwrap();
    assert_eq!(history.iter().filter(|entry| matches!(entry.status, Status::Superseded { .. })).count(), 1);
    assert_eq!(phone.waiting().unwrap(), []);
}

#[test]
fn random_ways_lead_where_the_straight_one_does() {
    use rand::RngExt;
    let mut rng = rand::rng();
    let mut chain = Chain::new();
    let phrase = louver_wallet::phrase::RecoveryPhrase::generate(&mut rng);
    let mut alice = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
    let mut bob = chain.wallet();
    chain.fund(&mut alice, &[(EUR, 1000)]);
    for _ in 0..12 {
        match rng.random_range(0..4) {
            0 => {
                let back = chain.height().saturating_sub(rng.random_range(1..4)).max(1);
                chain.reorganise(back);
                chain.mine_empty(1);
            }
            1 => {
                let deposit = chain.send(&mut alice, &shield(EUR, 50));
                chain.mine(&[deposit]);
            }
            2 => chain.mine_empty(2),
            _ => {
                let action = pay(&mut bob, EUR, 7, "");
                chain.sync(&mut alice);
                if let Ok(plan) = alice.plan(FIRST, &action) {
                    let sent = crate::chain::send_plan(&mut alice, &plan).unwrap();
                    chain.mine(&[sent]);
                }
            }
        }
        chain.sync(&mut alice);
        chain.sync(&mut bob);
        let mut straight = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
        chain.sync(&mut straight);
        // Only this wallet knows of the waiting transactions, which hold some of its notes.
        let held: u128 = alice
            .history(FIRST)
            .unwrap()
            .iter()
            .filter(|entry| matches!(entry.status, Status::Pending { .. }))
            .flat_map(|entry| &entry.spent)
            .map(|spent| u128::from(spent.value.0))
            .sum();
        assert!(spendable(&straight, EUR) <= spendable(&alice, EUR) + held);
        assert!(spendable(&straight, EUR) >= spendable(&alice, EUR));
        assert_eq!(straight.position().unwrap(), alice.position().unwrap());
    }
}

#[test]
fn too_deep_a_way_back_is_told() {
    let mut chain = Chain::new();
    let mut alice = chain.wallet();
    chain.mine_empty(ROLL_BACK_DEPTH as usize + 5);
    chain.sync(&mut alice);
    assert!(matches!(alice.roll_back(3), Err(ScanError::TooDeep { height: 3 })));
    assert!(matches!(alice.roll_back(10_000), Err(ScanError::TooDeep { .. })));
    alice.roll_back(chain.height() - ROLL_BACK_DEPTH + 1).unwrap();
    alice.rescan(&chain.birthday()).unwrap();
    alice.scan(&chain.compact_from(1), &mut Unwatched).unwrap();
}

/// Attacker: a payee whose node keeps the first payment from the payer's eyes until he pays again.
#[test]
fn a_payment_that_expired_is_tried_again_with_a_note_of_the_first() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 40), (EUR, 30), (EUR, 90)]);
    let mut bob = chain.wallet();
    let mut attempts = Vec::new();
    for _ in 0..3 {
        chain.sync(&mut bob);
        let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 25, ""));
        // The node takes the transaction, and serves blocks without it until it has expired.
        chain.mine_empty((sent.expiry - chain.height()) as usize);
        chain.sync(&mut alice);
        assert_eq!(alice.waiting().unwrap(), []);
        let transaction = Transaction::from_bytes(&sent.bytes).unwrap();
        attempts.push(transaction.effects().nullifiers().to_vec());
        // A note that comes in meanwhile would fit better.
        let mut rich = chain.wallet();
        chain.sync(&mut rich);
        chain.fund(&mut rich, &[(EUR, 100)]);
        let gift = chain.send(&mut rich, &pay(&mut alice, EUR, 26, ""));
        chain.mine(&[gift]);
        chain.sync(&mut alice);
    }
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let common = attempts[one].iter().any(|nullifier| attempts[other].contains(nullifier));
        assert!(common, "{one} and {other} could both be included");
    }
}

/// A payment that cannot use a note of the first attempt uses others: the wallet is not stuck.
#[test]
fn a_note_of_an_attempt_before_is_not_asked_for_at_any_price() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 5)]);
    let mut bob = chain.wallet();
    let first = chain.send(&mut alice, &pay(&mut bob, EUR, 3, ""));
    chain.mine_empty((first.expiry - chain.height()) as usize);
    chain.sync(&mut alice);
    chain.fund(&mut alice, &[(EUR, 10); 8]);
    chain.sync(&mut bob);
    let plan = alice.plan(FIRST, &pay(&mut bob, EUR, 77, "")).unwrap();
    assert_eq!(plan.preview().notes_spent, 8);
    // Another amount spends it as well, where that costs nothing.
    let plan = alice.plan(FIRST, &pay(&mut bob, EUR, 14, "")).unwrap();
    assert_eq!((plan.preview().notes_spent, plan.preview().change.len()), (2, 0));
}

/// An account's holdings of an asset according to its history: the outputs less the spends in blocks, and then the
/// waiting transactions, in their order, where they can be mined.
fn modelled(straight: &Wallet, waits: &Wallet, id: u8) -> (u128, u128) {
    let mut there = BTreeMap::new();
    let mined = straight.history(FIRST).unwrap();
    for entry in &mined {
        for output in
            entry.outputs.iter().filter(|output| output.kind != OutputKind::Sent && output.asset == asset(id))
        {
            there.insert(output.commitment.to_array(), u128::from(output.value.0));
        }
    }
    for spent in mined.iter().flat_map(|entry| &entry.spent) {
        there.remove(&spent.commitment.to_array());
    }
    let on_chain = there.values().sum();
    let mut waiting = waits.history(FIRST).unwrap();
    waiting.retain(HistoryEntry::is_pending);
    waiting.sort_by_key(|entry| entry.number);
    for _ in 0..waiting.len() {
        let can_be_mined = |entry: &HistoryEntry| {
            entry.spent.iter().all(|spent| there.contains_key(&spent.commitment.to_array()))
        };
        let Some(place) = waiting.iter().position(can_be_mined) else { break };
        let entry = waiting.remove(place);
        for spent in &entry.spent {
            there.remove(&spent.commitment.to_array());
        }
        for output in entry.outputs.iter().filter(|output| output.kind != OutputKind::Sent) {
            there.insert(output.commitment.to_array(), u128::from(output.value.0));
        }
    }
    (on_chain, there.values().sum())
}

/// Three payments, each with the change of the one before: on a branch without them the balance is what is left of all.
#[test]
fn payments_that_spend_each_others_change_are_counted_once() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 500)]);
    let mut bob = chain.wallet();
    for value in [10, 8, 5] {
        let sent = chain.send(&mut alice, &pay(&mut bob, EUR, value, ""));
        chain.mine(&[sent]);
        chain.sync(&mut alice);
    }
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (474, 0));
    chain.reorganise(1);
    chain.mine_empty(1);
    chain.sync(&mut alice);
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (0, 474));
    // Giving up the first gives up what stands on it.
    let first = alice.waiting().unwrap().remove(0);
    assert_eq!(alice.abandon(first.txid).unwrap().len(), 3);
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (500, 0));
}

#[derive(Clone, Copy, Debug)]
enum Turn {
    Back(u32),
    Deposit(u64),
    Pay(u64),
    Gift(u64),
    Abandon,
    MineWaiting,
    Empty(usize),
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = prop_oneof![
        (1u32..5).prop_map(Turn::Back),
        (1u64..60).prop_map(Turn::Deposit),
        (1u64..60).prop_map(Turn::Pay),
        (1u64..60).prop_map(Turn::Pay),
        (1u64..60).prop_map(Turn::Gift),
        Just(Turn::Abandon),
        Just(Turn::MineWaiting),
        (1usize..9).prop_map(Turn::Empty),
    ];
    prop::collection::vec(turn, 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 40, ..ProptestConfig::default() })]

    /// Not an attack: an owner sees money twice, or not at all, while the chain is reorganised.
    #[test]
    fn the_balance_is_what_the_chain_and_what_waits_say(turns in turns()) {
        let mut chain = Chain::new();
        let phrase = louver_wallet::phrase::RecoveryPhrase::generate(&mut rand::rng());
        let mut alice = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
        let mut bob = chain.wallet();
        let mut rich = chain.wallet();
        chain.fund(&mut rich, &[(EUR, 5000), (EUR, 5000), (EUR, 5000), (EUR, 5000)]);
        chain.sync(&mut alice);
        chain.fund(&mut alice, &[(EUR, 100), (EUR, 30)]);
        for turn in turns {
            match turn {
                Turn::Back(blocks) => {
                    chain.reorganise(chain.height().saturating_sub(blocks).max(4));
                    chain.mine_empty(1);
                }
                Turn::Deposit(value) => {
                    // On its way, or mined at once.
                    let deposit = chain.send(&mut alice, &shield(EUR, value));
                    if value % 2 == 0 {
                        chain.mine(&[deposit]);
                    }
                }
                Turn::Pay(value) => {
                    if let Ok(plan) = alice.plan(FIRST, &pay(&mut bob, EUR, value, "")) {
                        let sent = crate::chain::send_plan(&mut alice, &plan).unwrap();
                        if value % 3 == 0 {
                            // Under an anchor of a branch that is gone, it waits.
                            let _ = chain.try_mine(&[sent]);
                        }
                    }
                }
                Turn::Gift(value) => {
                    chain.sync(&mut rich);
                    if let Ok(plan) = rich.plan(FIRST, &pay(&mut alice, EUR, value, "")) {
                        let gift = crate::chain::send_plan(&mut rich, &plan).unwrap();
                        chain.mine(&[gift]);
                    }
                }
                Turn::Abandon => {
                    if let Some(waiting) = alice.waiting().unwrap().pop() {
                        alice.abandon(waiting.txid).unwrap();
                    }
                }
                Turn::MineWaiting => {
                    for waiting in alice.waiting().unwrap() {
                        let _ = chain.try_mine(&[waiting]);
                    }
                }
                Turn::Empty(count) => chain.mine_empty(count),
            }
            chain.sync(&mut alice);
            chain.sync(&mut bob);
            let mut straight = chain.wallet_of(&phrase, louver_core::store::MemoryStore::default());
            chain.sync(&mut straight);
            let held = alice.balance(FIRST).unwrap().get(&asset(EUR)).copied().unwrap_or_default();
            let (on_chain, with_waiting) = modelled(&straight, &alice, EUR);
            prop_assert_eq!(held.total(), with_waiting);
            let entries = alice.history(FIRST).unwrap();
            let mined = entries.iter().filter(|entry| entry.time().is_some());
            let net: i128 = mined.map(|entry| entry.net(asset(EUR)).0).sum();
            prop_assert_eq!(net, i128::try_from(on_chain).unwrap());
            prop_assert!(held.spendable + held.immature <= on_chain);
        }
    }
}
