//! Nodes that lie, and people who want what is not theirs.

use core::ops::ControlFlow;

use louver_chain::{
    BlockHash, Header,
    compact::CompactBlock,
    testing::{altered, compact_block},
};
use louver_core::{
    asset::{AssetChanged, AssetDescriptor},
    encoding::{Decode, Encode},
    ledger::{LedgerError, Pause, RuleError, testing},
    note::NoteCommitment,
    pool::RulesVersion,
    proof::{Progress, Unwatched},
    spec::Fr,
    transaction::{Transaction, TxId},
};
use louver_wallet::{
    chain::ChainParameters,
    history::MemoState,
    plan::PlanError,
    scan::{EnhanceError, ScanError},
    wallet::{OpenError, Wallet},
};

use crate::chain::{Chain, EUR, FIRST, asset, pay, pending, spendable};

/// A chain of four blocks with a payment in the third, and a wallet that has scanned none of them.
fn served() -> (Chain, louver_wallet::wallet::Wallet, Vec<CompactBlock>) {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 100)]);
    chain.mine_empty(1);
    chain.sync(&mut alice);
    let mut bob = chain.wallet();
    let sent = chain.send(&mut alice, &pay(&mut bob, EUR, 30, "hello"));
    chain.mine(&[sent]);
    chain.mine_empty(1);
    let blocks = chain.compact_from(1);
    (chain, bob, blocks)
}

fn with_header(block: &CompactBlock, header: Header) -> CompactBlock {
    let transactions = block.transactions().map(|(_, transaction)| transaction.clone()).collect();
    compact_block(header, transactions)
}

fn refused(blocks: &[CompactBlock]) -> ScanError {
    let (_, mut bob, _) = served();
    let error = bob.scan(blocks, &mut Unwatched).unwrap_err();
    assert_eq!(bob.position().unwrap().height, 0, "nothing is kept");
    error
}

/// Attacker: a node that hides a payment from its payee.
#[test]
fn a_block_without_one_of_its_outputs_is_refused() {
    let (_, _, mut blocks) = served();
    blocks[2] = altered(&blocks[2], |transactions| {
        transactions[0].outputs.pop();
    });
    assert!(matches!(refused(&blocks), ScanError::WrongRoot { height: 3, .. }));
}

/// Attacker: the same node, hiding the whole transaction.
#[test]
fn a_block_without_one_of_its_transactions_is_refused() {
    let (_, _, mut blocks) = served();
    blocks[2] = altered(&blocks[2], Vec::clear);
    assert!(matches!(refused(&blocks), ScanError::WrongRoot { height: 3, .. }));
}

/// Attacker: a node that makes a wallet's spends fail by giving it a tree of its own.
#[test]
fn an_altered_commitment_is_refused() {
    let (_, _, mut blocks) = served();
    blocks[2] = altered(&blocks[2], |transactions| {
        transactions[0].outputs[1].cm = NoteCommitment::from_scalar(Fr::from(7));
    });
    assert!(matches!(refused(&blocks), ScanError::WrongRoot { height: 3, .. }));
    let (_, _, mut blocks) = served();
    blocks[2] = altered(&blocks[2], |transactions| transactions[0].outputs.swap(0, 1));
    assert!(matches!(refused(&blocks), ScanError::WrongRoot { height: 3, .. }));
}

/// Attacker: a node that hides a payment by one bit of what it serves, so that no key opens the output. Whatever the
/// wallet can take has another hash, and the block after it does not follow.
#[test]
fn one_flipped_bit_of_a_block_is_refused() {
    let (_, mut bob, blocks) = served();
    let bytes = blocks[2].to_bytes();
    assert!(bytes.len() > Header::BYTES + 500);
    for at in 0..bytes.len() {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        let Ok(read) = CompactBlock::from_bytes(&flipped) else { continue };
        assert!(at < Header::BYTES, "byte {at} is bound by the header");
        let mut blocks = blocks.clone();
        blocks[2] = read;
        assert!(bob.scan(&blocks, &mut Unwatched).is_err(), "byte {at}");
    }
}

/// Attacker: a node that states a larger tree, to make a wallet's positions wrong.
#[test]
fn an_altered_size_of_the_tree_is_refused() {
    let (_, _, mut blocks) = served();
    let tree_size = blocks[1].header().tree_size + 1;
    blocks[1] = with_header(&blocks[1], Header { tree_size, ..blocks[1].header().clone() });
    assert!(matches!(refused(&blocks), ScanError::WrongSize { height: 2, .. }));
}

#[test]
fn an_altered_root_is_refused() {
    let (_, _, mut blocks) = served();
    let anchor = blocks[2].header().anchor;
    blocks[1] = with_header(&blocks[1], Header { anchor, ..blocks[1].header().clone() });
    assert!(matches!(refused(&blocks), ScanError::WrongRoot { height: 2, .. }));
}

/// Attacker: a node that keeps a block back, or serves one twice.
#[test]
fn gaps_and_repeats_are_refused() {
    let (_, _, mut blocks) = served();
    let dropped = blocks.remove(1);
    assert!(matches!(refused(&blocks), ScanError::Gap { expected: 2, found: 3 }));
    blocks.insert(1, dropped.clone());
    blocks.insert(1, dropped);
    assert!(matches!(refused(&blocks), ScanError::Gap { expected: 3, found: 2 }));
    assert!(matches!(refused(&blocks[1..]), ScanError::Gap { expected: 1, found: 2 }));
}

#[test]
fn a_block_of_another_branch_is_refused() {
    let (_, _, mut blocks) = served();
    let previous = BlockHash([9; 32]);
    blocks[2] = with_header(&blocks[2], Header { previous, ..blocks[2].header().clone() });
    assert!(matches!(refused(&blocks), ScanError::Reorganised { height: 3 }));
}

/// Attacker: a node that puts its words into another's memo.
#[test]
fn an_altered_memo_is_refused() {
    let (chain, mut bob, blocks) = served();
    bob.scan(&blocks, &mut Unwatched).unwrap();
    let bytes = chain.blocks[2].transactions[0].to_bytes();
    let mut found = false;
    // Some byte of the memo's ciphertext: whatever decodes is another transaction or cannot be read.
    for at in (300..bytes.len() - 300).step_by(97) {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        let Ok(transaction) = Transaction::from_bytes(&altered) else { continue };
        found |= matches!(bob.enhance(&transaction), Ok(true));
    }
    assert!(!found);
    assert!(bob.enhance(&chain.blocks[2].transactions[0]).unwrap());
}

/// Attacker: a node whose compact block names another transaction than the one that pays.
#[test]
fn a_wrong_id_is_found_when_the_transaction_is_read() {
    let (chain, mut bob, mut blocks) = served();
    let deposit = blocks[0].transactions().next().unwrap().1.txid;
    blocks[2] = altered(&blocks[2], |transactions| transactions[0].txid = deposit);
    bob.scan(&blocks[..3], &mut Unwatched).unwrap();
    let lied = bob.enhance(&chain.blocks[0].transactions[0]);
    assert!(matches!(lied, Err(EnhanceError::Altered)), "{lied:?}");
    assert!(!bob.enhance(&chain.blocks[2].transactions[0]).unwrap());
    assert_ne!(deposit, TxId([0; 32]));
}

/// Attacker: a payer who wants his payee's wallet to fail. No proof covers what follows the compact ciphertext.
#[test]
fn a_spoilt_memo_costs_the_memo_alone() {
    let (chain, mut bob, mut blocks) = served();
    let mut bytes = chain.blocks[2].transactions[0].to_bytes();
    for output in 0..3 {
        // version to memo bucket, two nullifiers, and in each output cm, epk and the compact ciphertext
        bytes[17 + 64 + output * 320 + 128] ^= 1;
    }
    let spoilt = Transaction::from_bytes(&bytes).unwrap();
    let builder = chain.ledger.begin_block(&testing::TestHost, chain.height() + 1, u64::MAX).unwrap();
    let context = builder.context(spoilt.effects()).unwrap();
    drop(builder);
    let txid = spoilt.txid(&context);
    blocks[2] = altered(&blocks[2], |transactions| transactions[0].txid = txid);
    bob.scan(&blocks[..3], &mut Unwatched).unwrap();
    let memo_state = |bob: &Wallet| {
        let entry = &bob.history(FIRST).unwrap()[0];
        entry.memo_state(&entry.outputs[0])
    };
    assert_eq!(memo_state(&bob), MemoState::NotRead);
    assert!(bob.enhance(&spoilt).unwrap());
    assert_eq!(memo_state(&bob), MemoState::Unreadable, "an empty memo is another thing");
    assert_eq!(bob.partial_transactions().unwrap(), []);
    let entry = &bob.history(FIRST).unwrap()[0];
    assert_eq!((entry.outputs[0].value.0, &entry.outputs[0].memo), (30, &None));
    assert_eq!(spendable(&bob, EUR), 30);
    // Spoilt or not, it can be spent.
    let mut carol = chain.wallet();
    bob.plan(FIRST, &pay(&mut carol, EUR, 5, "")).unwrap();
}

/// Attacker: somebody who was told of a note, and would spend it as his own.
#[test]
fn someone_elses_notes_are_not_ones_own() {
    let (chain, mut bob, _) = served();
    let mut eve = chain.wallet();
    chain.sync(&mut bob);
    chain.sync(&mut eve);
    assert_eq!((spendable(&bob, EUR), spendable(&eve, EUR)), (30, 0));
    assert!(eve.history(FIRST).unwrap().is_empty());
    // A plan of Bob's notes signed in Eve's wallet finds no such notes there.
    let plan = bob.plan(FIRST, &pay(&mut eve, EUR, 10, "")).unwrap();
    let stolen = crate::chain::send_plan(&mut eve, &plan);
    assert!(stolen.is_err(), "{stolen:?}");
}

/// Attacker: a node that changes by how many decimals amounts are read.
#[test]
fn an_asset_that_is_known_does_not_change() {
    let chain = Chain::new();
    let mut alice = chain.wallet();
    let described = |decimals| AssetDescriptor::new(asset(77), "NEW", decimals, [7; 32], b"").unwrap();
    let told = |assets: Vec<_>| ChainParameters { assets, ..chain.parameters() };
    alice.update_chain(&told(vec![described(2)])).unwrap();
    for lie in [vec![described(8)], vec![described(2), described(8)]] {
        let refused = alice.update_chain(&told(lie));
        assert!(matches!(refused, Err(OpenError::AssetChanged(AssetChanged(id))) if id == asset(77)));
    }
    let eur = chain.parameters().asset(asset(EUR)).unwrap().clone();
    let other = AssetDescriptor::new(eur.id(), eur.symbol(), eur.decimals() + 2, *eur.issuer(), b"").unwrap();
    assert!(matches!(alice.update_chain(&told(vec![other])), Err(OpenError::AssetChanged(_))));
    // An asset that is left out is not forgotten.
    alice.update_chain(&told(Vec::new())).unwrap();
    assert_eq!(alice.chain().assets, [described(2)]);
}

/// Not an attack: A node that claims a switch withholds, as it could by not answering: nothing is signed, the money
/// stays, and the wallet goes on as soon as a node says otherwise.
#[test]
fn a_node_that_claims_an_off_switch_gains_nothing() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 30)]);
    let mut bob = chain.wallet();
    let honest = chain.parameters();
    let action = pay(&mut bob, EUR, 5, "");
    for since in [0, 1, honest.height + 1] {
        let mut lie = honest.clone();
        lie.rules.iter_mut().for_each(|entry| entry.switched_off = Some(since));
        alice.update_chain(&lie).unwrap();
        let refused = alice.plan(FIRST, &action).unwrap_err();
        assert!(matches!(refused, PlanError::SwitchedOff(Pause { next: None, .. })), "{refused}");
        assert!(refused.to_string().contains("No money is lost"));
        assert_eq!((spendable(&alice, EUR), pending(&alice, EUR)), (30, 0));
    }
    alice.update_chain(&honest).unwrap();
    let sent = chain.send(&mut alice, &action);
    chain.mine(&[sent]);
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 5);
}

/// A fault is found: every version is switched off, wallets stop and say why, a version without it is added, and once it
/// counts all money moves, also that of a payment which came too late.
#[test]
fn money_moves_again_under_a_version_that_guardians_add() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 30), (EUR, 20), (EUR, 10)]);
    let mut bob = chain.wallet();
    let early = chain.send(&mut alice, &pay(&mut bob, EUR, 25, ""));
    chain.switch_off(1);
    chain.switch_off(2);
    assert!(matches!(chain.try_mine(&[early]), Err(LedgerError::Rule(RuleError::RulesOff { .. }))));
    let added = chain.add_rules(3, 4);
    let stopped = |alice: &mut louver_wallet::wallet::Wallet, bob: &mut louver_wallet::wallet::Wallet| {
        let refused = alice.plan(FIRST, &pay(bob, EUR, 5, "")).unwrap_err();
        let PlanError::SwitchedOff(pause) = &refused else { panic!("{refused}") };
        let next = pause.next.unwrap();
        assert_eq!((next.version, next.from), (RulesVersion(3), added));
        let said = refused.to_string();
        assert!(said.contains("No money is lost") && said.contains("Version 3 follows"), "{said}");
    };
    while chain.height() + 1 < added {
        chain.sync(&mut alice);
        stopped(&mut alice, &mut bob);
        chain.mine_empty(1);
    }
    chain.sync(&mut alice);
    let plan = alice.plan(FIRST, &pay(&mut bob, EUR, 5, "")).unwrap();
    assert_eq!(plan.preview().rules, RulesVersion(3));
    let sent = crate::chain::send_plan(&mut alice, &plan).unwrap();
    chain.mine(&[sent]);
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 5);
    // The payment that came too late expires, and its money moves too.
    while pending(&alice, EUR) > 0 {
        chain.mine_empty(1);
        chain.sync(&mut alice);
        assert!(chain.height() < 100, "nothing is stranded");
    }
    assert_eq!(spendable(&alice, EUR), 60 - 5 - 1);
    let rest = chain.send(&mut alice, &pay(&mut bob, EUR, 40, ""));
    chain.mine(&[rest]);
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 45);
}

/// A version that was found broken is not used any more, and money moves again under the next version.
#[test]
fn a_wallet_leaves_a_version_that_is_switched_off() {
    let mut chain = Chain::new();
    let mut alice = chain.funded(&[(EUR, 30), (EUR, 20)]);
    let mut bob = chain.wallet();
    let action = pay(&mut bob, EUR, 5, "");
    assert!(chain.height() < 4, "version 2 counts from block 5");
    let early = chain.send(&mut alice, &action);
    chain.switch_off(1);
    // It was made in time and comes too late.
    assert!(matches!(chain.try_mine(&[early]), Err(LedgerError::Rule(RuleError::RulesOff { .. }))));
    chain.sync(&mut alice);
    let refused = alice.plan(FIRST, &action).unwrap_err();
    assert!(matches!(refused, PlanError::SwitchedOff(Pause { version: RulesVersion(1), .. })), "{refused}");
    while chain.height() < 5 {
        chain.mine_empty(1);
    }
    chain.sync(&mut alice);
    let action = pay(&mut bob, EUR, 6, "");
    let plan = alice.plan(FIRST, &action).unwrap();
    assert_eq!(plan.preview().rules, RulesVersion(2));
    let sent = crate::chain::send_plan(&mut alice, &plan).unwrap();
    chain.mine(&[sent]);
    chain.sync(&mut bob);
    assert_eq!(spendable(&bob, EUR), 6);
}

struct StopAt(u32);

impl Progress for StopAt {
    fn report(&mut self, done: u32, _: u32) -> ControlFlow<()> {
        if done >= self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn a_scan_can_be_stopped_and_taken_up_again() {
    let mut chain = Chain::new();
    chain.mine_empty(150);
    let mut bob = chain.wallet();
    let blocks = chain.compact_from(1);
    assert!(matches!(bob.scan(&blocks, &mut StopAt(64)), Err(ScanError::Cancelled)));
    assert_eq!(bob.position().unwrap().height, 0);
    assert_eq!(bob.scan(&blocks, &mut Unwatched).unwrap().blocks, 150);
}
