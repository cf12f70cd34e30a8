//! `[wallet-whole-blocks]`: what a node sees of a wallet that reads memos from whole blocks, and is broken off at it.

use std::collections::BTreeSet;

use louver_core::proof::Unwatched;
use louver_wallet::{decoys::Reading, wallet::Wallet};

use crate::chain::{Chain, EUR, FIRST, pay};

/// Sixty blocks with transactions. The 30th block pays Bob.
fn busy() -> (Chain, Wallet) {
    let mut chain = Chain::new();
    let mut bob = chain.wallet();
    let mut alice = chain.funded(&[(EUR, 100); 29]);
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "rent"));
    chain.mine(&[sent]);
    chain.fund(&mut alice, &[(EUR, 100); 30]);
    (chain, bob)
}

fn scan(chain: &Chain, wallet: &mut Wallet, last: usize) {
    let first = wallet.position().unwrap().height as usize;
    let blocks: Vec<_> = chain.blocks[first..last].iter().map(|block| block.compact.clone()).collect();
    wallet.scan(&blocks, &mut Unwatched).unwrap();
}

fn fetch(chain: &Chain, reading: &mut Reading) {
    for height in reading.heights() {
        reading.take(chain.blocks[height as usize - 1].transactions.clone());
    }
}

fn heights(wallet: &mut Wallet) -> BTreeSet<u32> {
    wallet.begin_reading().unwrap().heights().into_iter().collect()
}

fn memos(wallet: &Wallet) -> Vec<Vec<u8>> {
    let entries = wallet.history(FIRST).unwrap();
    let outputs = entries.iter().flat_map(|entry| &entry.outputs);
    outputs.filter_map(|output| Some(output.memo.as_ref()?.as_bytes().to_vec())).collect()
}

/// Attacker: a node that breaks off, to see which blocks its client then comes back for.
#[test]
fn what_was_not_finished_is_asked_for_again_and_nothing_else() {
    let (chain, mut bob) = busy();
    scan(&chain, &mut bob, 50);
    let asked = heights(&mut bob);
    assert_eq!((asked.len(), asked.contains(&30)), (32, true));
    // Nothing came of it. The same again, and again, and beside others when there are new blocks.
    assert_eq!(heights(&mut bob), asked);
    scan(&chain, &mut bob, 60);
    let more = heights(&mut bob);
    assert_eq!(more, asked.into_iter().chain(51..=60).collect());
    let mut reading = bob.begin_reading().unwrap();
    fetch(&chain, &mut reading);
    assert!(memos(&bob).is_empty());
    bob.finish_reading(reading).unwrap();
    assert_eq!((memos(&bob), bob.partial_transactions().unwrap()), (vec![b"rent".to_vec()], vec![]));
    assert!(heights(&mut bob).is_empty());
}

/// Attacker: a node that leaves a payment out of a whole block, to see whether its client asks again.
#[test]
fn a_block_without_its_payment_is_not_asked_for_again() {
    let (chain, mut bob) = busy();
    scan(&chain, &mut bob, 60);
    let mut reading = bob.begin_reading().unwrap();
    for _ in reading.heights() {
        reading.take([]);
    }
    bob.finish_reading(reading).unwrap();
    assert_eq!(bob.partial_transactions().unwrap().len(), 1);
    assert!(heights(&mut bob).is_empty());
}

/// Attacker: a node that lets its client stop half way, and would see what it left.
#[test]
fn blocks_that_were_scanned_wait_to_be_chosen_among() {
    let (chain, mut bob) = busy();
    let mut whole = chain.wallet();
    scan(&chain, &mut bob, 35);
    scan(&chain, &mut bob, 60);
    scan(&chain, &mut whole, 60);
    let (of_bob, of_whole) = (heights(&mut bob), heights(&mut whole));
    assert_eq!((of_bob.len(), of_whole.len()), (32, 32));
    assert!(of_bob.iter().any(|height| *height < 35 && *height != 30), "{of_bob:?}");
}

/// Attacker: a node that makes its client read the chain twice, and keeps what it asks for both times.
#[test]
fn a_second_look_asks_for_all_that_the_first_did() {
    let (mut chain, mut bob) = busy();
    for last in [35, 60] {
        scan(&chain, &mut bob, last);
        let mut reading = bob.begin_reading().unwrap();
        fetch(&chain, &mut reading);
        bob.finish_reading(reading).unwrap();
    }
    let first: BTreeSet<u32> = (1..=60).collect();
    bob.rescan(&chain.birthday()).unwrap();
    assert!(heights(&mut bob).is_empty());
    scan(&chain, &mut bob, 60);
    let second = heights(&mut bob);
    // 32 of the first 35, all of the 25 after them, and the rest as company.
    assert_eq!(second, first);

    // Blocks that left the chain are not asked for; the blocks in their place are.
    bob.roll_back(40).unwrap();
    assert_eq!(heights(&mut bob), first.iter().copied().filter(|height| *height <= 40).collect());
    chain.reorganise(40);
    let mut alice = chain.wallet();
    chain.mine_empty(2);
    chain.sync(&mut alice);
    chain.fund(&mut alice, &[(EUR, 5)]);
    scan(&chain, &mut bob, 43);
    let third = heights(&mut bob);
    assert_eq!(third, first.into_iter().filter(|height| *height <= 40 || *height == 43).collect());
}
