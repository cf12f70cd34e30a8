//! Clocks that lie, and transactions that die with their epoch.

use louver_core::{transaction::TxId, value::Value};
use louver_wallet::{clock::Clock, history::Status, plan::PlanError, wallet::Wallet};

use crate::chain::{Chain, EUR, FIRST, pay, pending, spendable};

/// A clock that is a thousand years ahead.
fn ahead() -> Clock {
    Clock::new(|| 60_000_000_000)
}

fn status(wallet: &Wallet, txid: TxId) -> Status {
    let entries = wallet.history(FIRST).unwrap();
    entries.iter().find(|entry| entry.txid == txid).unwrap().status
}

/// Attacker: a payee who sets a payer's clock ahead, so that the first payment seems dead and is made again, and who
/// then gets both mined.
#[test]
fn no_clock_makes_a_transaction_dead() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    let action = pay(&mut bob, EUR, 30, "rent");
    let sent = chain.send(&mut alice, &action);
    let mut alice = alice.with_clock(ahead());
    chain.mine_empty(3);
    chain.sync(&mut alice);
    assert_eq!(status(&alice, sent.txid), Status::Pending { expiry: sent.expiry });
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (0, 69));
    assert_eq!(alice.waiting().unwrap(), std::slice::from_ref(&sent));
    // By this clock the address is over, so nothing is planned to it either.
    assert!(matches!(alice.plan(FIRST, &action), Err(PlanError::WithdrawalsOnly)));
    chain.mine(&[sent]);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!((spendable(&alice, EUR), spendable(&bob, EUR)), (69, 30));
}

/// Attacker: a payee whose first payment was taken for dead on a branch that is gone, and who is paid again.
#[test]
fn a_transaction_that_died_with_its_epoch_lives_again_where_that_block_is_gone() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    chain.mine_empty(37);
    chain.sync(&mut alice);
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "rent"));
    assert!(sent.expiry > 49, "its height alone would leave it time");
    // The grace of epoch 0 is over at second 48, which is the time of block 49.
    chain.mine_empty(10);
    assert_eq!(chain.height(), 48);
    chain.sync(&mut alice);
    assert_eq!(status(&alice, sent.txid), Status::Pending { expiry: sent.expiry });
    chain.mine_empty(1);
    let summary = chain.sync(&mut alice);
    assert_eq!(summary.expired, 1);
    assert_eq!(status(&alice, sent.txid), Status::Expired { expiry: sent.expiry, at: 49 });
    assert_eq!(spendable(&alice, EUR), 100);
    assert!(chain.try_mine(std::slice::from_ref(&sent)).is_err(), "no block takes it any more");

    // Another branch, below the block that showed it dead: a block of it takes the transaction.
    chain.reorganise(44);
    chain.mine_empty(1);
    chain.mine(std::slice::from_ref(&sent));
    chain.mine_empty(4);
    assert_eq!(chain.height(), 50);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert!(matches!(status(&alice, sent.txid), Status::Mined { height: 46, .. }));
    assert_eq!((spendable(&alice, EUR), spendable(&bob, EUR)), (69, 30));
}

/// The roll-back alone: the transaction waits again, and its notes are not free.
#[test]
fn a_roll_back_below_the_block_that_showed_it_dead_makes_it_wait() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    chain.mine_empty(37);
    chain.sync(&mut alice);
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "rent"));
    chain.mine_empty(13);
    chain.sync(&mut alice);
    // Both blocks were read in one batch, so the last of them stands for the first that showed it.
    assert_eq!(status(&alice, sent.txid), Status::Expired { expiry: sent.expiry, at: 51 });
    alice.roll_back(50).unwrap();
    assert_eq!(status(&alice, sent.txid), Status::Pending { expiry: sent.expiry });
    assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (0, 69));
    chain.sync(&mut alice);
    assert_eq!(status(&alice, sent.txid), Status::Expired { expiry: sent.expiry, at: 51 });
}

/// A clock that is behind does no harm: the last block counts.
#[test]
fn the_last_block_counts_where_the_clock_is_behind() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]).with_clock(Clock::new(|| 0));
    let mut bob = chain.wallet();
    chain.mine_empty(60);
    chain.sync(&mut alice);
    chain.sync(&mut bob);
    assert_eq!(alice.current_epoch().unwrap().0, 1);
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, ""));
    chain.mine(&[sent]);
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 30);
}

/// Attacker: a payer who is given a request near the end of a month, and finds it dead in the morning.
#[test]
fn a_request_can_be_paid_for_an_epoch_at_least() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    let mut bob = chain.wallet();
    chain.mine_empty(38);
    chain.sync(&mut bob);
    let pair = bob.receive_pair(FIRST).unwrap();
    let next = pair.next.clone().unwrap();
    assert_eq!((pair.now.valid_until, pair.now.payable_until), (Some(40), Some(48)));
    assert_eq!((next.valid_until, pair.payable_until()), (Some(80), Some(88)));
    chain.mine_empty(40);
    chain.sync(&mut alice);
    let payment = louver_core::transaction::Payment {
        to: next.address,
        asset: crate::chain::asset(EUR),
        value: Value(5),
        memo: louver_core::note::Memo::empty(),
    };
    let fee = louver_wallet::plan::FeeChoice::Least;
    let sent = chain.send(&mut alice, &louver_wallet::plan::Action::Pay { payments: vec![payment], fee });
    chain.mine(&[sent]);
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 5);
}
