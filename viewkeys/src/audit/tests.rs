use louver_core::{
    epoch::EpochRange,
    keys::{AccountSpendingKey, Direction},
    transaction::PublicSide,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    grant::GrantRequest,
    report::Assurance,
    scope::{Directions, Scope},
    testing::{
        account,
        ledger::{GENESIS, Ledger, POOL, Pay},
        prover,
    },
};

fn grant(account: &AccountSpendingKey, directions: Directions, first: u16, last: u16) -> Grant {
    let epochs = EpochRange::new(Epoch(first), Epoch(last)).unwrap();
    let request = GrantRequest {
        genesis: GENESIS,
        pool: POOL,
        scope: Scope::new(directions, epochs).unwrap(),
        recipient: String::new(),
        purpose: String::new(),
    };
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    request.issue(&account.full_viewing_key(), &account.spend_authorizing_key(), prover(), &mut rng).unwrap()
}

/// Reads a whole ledger with a grant.
fn audited(ledger: &Ledger, grant: Grant) -> Audit {
    let mut audit = Audit::new(grant, Start::default());
    for (block, _) in &ledger.blocks {
        if audit.read(block).unwrap() {
            let (time, transactions) = ledger.whole(block.height);
            audit.read_whole(block.height, time, &transactions);
        }
    }
    audit
}

fn kinds(audit: &Audit) -> Vec<(&'static str, Assurance)> {
    let name = |finding: &Finding| match finding {
        Finding::Received { .. } => "received",
        Finding::Change { .. } => "change",
        Finding::Spent { .. } => "spent",
        Finding::Authorised { .. } => "authorised",
        Finding::Paid { .. } => "paid",
    };
    audit.report(false).findings.iter().map(|found| (name(&found.finding), found.assurance)).collect()
}

/// Alice deposits 100 in epoch 0, pays Bob 30 with a memo in epoch 0 and 20 in epoch 1, and gets 5 from him.
fn story() -> Ledger {
    let mut ledger = Ledger::new();
    let (alice, bob) = (account(1), account(2));
    let own = Pay { to: Ledger::address(&alice, Direction::External, 0), value: 100, memo: "" };
    let deposit = ledger.deposit(&alice, 0, &own);
    let rent = Pay { to: Ledger::address(&bob, Direction::External, 0), value: 30, memo: "rent" };
    let first = ledger.pay(&alice, 0, &[&deposit[0]], &[&rent]);
    let change = first.iter().find(|held| held.note.value().0 == 70).unwrap();
    let to_bob = Pay { to: Ledger::address(&bob, Direction::External, 1), value: 20, memo: "" };
    ledger.pay(&alice, 1, &[change], &[&to_bob]);
    let to_alice = Pay { to: Ledger::address(&alice, Direction::External, 1), value: 5, memo: "back" };
    let bobs = first.iter().find(|held| held.note.value().0 == 30).unwrap();
    ledger.pay(&bob, 1, &[bobs], &[&to_alice]);
    ledger
}

fn count(kinds: &[(&str, Assurance)], kind: &str) -> usize {
    kinds.iter().filter(|(name, _)| *name == kind).count()
}

#[test]
fn a_full_grant_explains_everything() {
    let audit = audited(&story(), grant(&account(1), Directions::ALL, 0, 1));
    let kinds = kinds(&audit);
    assert!(kinds.iter().all(|(_, assurance)| *assurance == Assurance::Guaranteed), "{kinds:?}");
    let counts = ["received", "change", "spent", "paid", "authorised"].map(|kind| count(&kinds, kind));
    assert_eq!(counts, [2, 2, 2, 2, 3]);
    let report = audit.report(false);
    assert_eq!(report.totals.len(), 1);
    let totals = &report.totals[0];
    assert_eq!((totals.received, totals.paid, totals.unspent), (105, 50, 55));
    let memos: Vec<_> = report
        .findings
        .iter()
        .filter_map(|found| match &found.finding {
            Finding::Received { memo, .. } | Finding::Paid { memo, .. } => memo.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(memos, ["rent", "back"]);
}

#[test]
fn a_grant_of_receipts_shows_receipts_alone() {
    let audit = audited(&story(), grant(&account(1), Directions::INCOMING, 0, 1));
    assert_eq!(kinds(&audit), [("received", Assurance::Guaranteed); 2]);
    assert!(audit.report(false).remarks.iter().any(|remark| remark.contains("spends are not shown")));
}

#[test]
fn a_grant_shows_nothing_of_other_epochs_but_later_spends() {
    let first = kinds(&audited(&story(), grant(&account(1), Directions::ALL, 0, 0)));
    // The spend, in epoch 1, of the change of epoch 0 is still seen; who was paid by it is not.
    assert_eq!(first.last(), Some(&("spent", Assurance::Guaranteed)));
    assert_eq!(count(&first, "paid"), 1);
    let second = audited(&story(), grant(&account(1), Directions::ALL, 1, 1));
    let found = kinds(&second);
    let counts = ["received", "change", "spent", "paid", "authorised"].map(|kind| count(&found, kind));
    assert_eq!(counts, [1, 1, 0, 1, 1]);
    // Without the keys of epoch 0 its input is not known, so its books do not close.
    assert!(found.contains(&("authorised", Assurance::Unexplained)));
    let nothing = audited(&story(), grant(&account(1), Directions::ALL, 2, 3));
    assert_eq!(kinds(&nothing), []);
}

/// Who gains: one who was granted the payments, and would learn from the change what is left.
#[test]
fn a_grant_of_payments_shows_no_change() {
    let directions = Directions { outgoing: true, ..Directions::default() };
    let audit = audited(&story(), grant(&account(1), directions, 0, 1));
    assert_eq!(kinds(&audit), [("paid", Assurance::Unverified); 2]);
    assert_eq!(audit.report(false).totals[0].paid, 50);
}

#[test]
fn an_outsider_sees_nothing() {
    let audit = audited(&story(), grant(&account(3), Directions::ALL, 0, 1));
    assert_eq!(kinds(&audit), []);
}

#[test]
fn an_owner_cannot_hide_a_spend_from_her_auditor() {
    // Alice pays a friend's account and seals the payment to nobody.
    let mut ledger = Ledger::new();
    let (alice, friend) = (account(1), account(2));
    let own = Pay { to: Ledger::address(&alice, Direction::External, 0), value: 100, memo: "" };
    let deposit = ledger.deposit(&alice, 0, &own);
    let hidden = Pay { to: Ledger::address(&friend, Direction::External, 0), value: 100, memo: "" };
    ledger.transact(&alice, 0, &[&deposit[0]], &[&hidden], PublicSide::Internal, None);
    let audit = audited(&ledger, grant(&alice, Directions::ALL, 0, 0));
    let kinds = kinds(&audit);
    assert!(kinds.contains(&("spent", Assurance::Guaranteed)));
    // Where it went is not shown, and the report says so.
    assert_eq!(kinds.last(), Some(&("authorised", Assurance::Unexplained)));
    let totals = &audit.report(false).totals[0];
    assert_eq!((totals.received, totals.unspent), (100, 0));
}

#[test]
fn an_owner_cannot_balance_her_books_with_notes_from_before_the_reading() {
    // Alice spends 100 that her auditor did not see come in along with 50 that he did, and keeps 50.
    let mut ledger = Ledger::new();
    let (alice, friend) = (account(1), account(2));
    let own = |value| Pay { to: Ledger::address(&alice, Direction::External, 0), value, memo: "" };
    let before = ledger.deposit(&alice, 0, &own(100));
    let after = ledger.deposit(&alice, 0, &own(50));
    let hidden = Pay { to: Ledger::address(&friend, Direction::External, 0), value: 100, memo: "" };
    ledger.transact(&alice, 0, &[&before[0], &after[0]], &[&hidden], PublicSide::Internal, None);
    let mut frontier = Frontier::empty();
    for output in &ledger.blocks[0].0.transactions[0].outputs {
        frontier.append(output.cm).unwrap();
    }
    let mut late = Audit::new(
        grant(&alice, Directions::ALL, 0, 0),
        Start { height: 1, hash: Some(ledger.blocks[0].0.hash), frontier },
    );
    for (block, _) in &ledger.blocks[1..] {
        late.read(block).unwrap();
    }
    assert_eq!(kinds(&late).last(), Some(&("authorised", Assurance::Unexplained)));
    assert!(late.report(false).remarks.iter().any(|remark| remark.contains("blocks before 2")));
}

#[test]
fn an_owner_earns_nothing_by_paying_herself() {
    let mut ledger = Ledger::new();
    let alice = account(1);
    let own = Pay { to: Ledger::address(&alice, Direction::External, 0), value: 100, memo: "" };
    let mut held = ledger.deposit(&alice, 0, &own);
    for _ in 0..2 {
        held = ledger.pay(&alice, 0, &[&held[0]], &[&own]);
    }
    let audit = audited(&ledger, grant(&alice, Directions::ALL, 0, 0));
    assert_eq!(count(&kinds(&audit), "received"), 3);
    let totals = &audit.report(false).totals[0];
    assert_eq!((totals.received, totals.paid, totals.unspent), (100, 0, 100));
    // Without the spend tags nobody can tell, and the report says so.
    let receipts = audited(&ledger, grant(&alice, Directions::INCOMING, 0, 0)).report(false);
    assert_eq!(receipts.totals[0].received, 300);
    assert!(receipts.remarks.iter().any(|remark| remark.contains("paid to itself")));
}

#[test]
fn an_owner_cannot_count_another_accounts_payments_as_her_own() {
    // A friend pays somebody and seals the payment to Alice's outgoing key.
    let mut ledger = Ledger::new();
    let (alice, friend) = (account(1), account(2));
    let own = Pay { to: Ledger::address(&friend, Direction::External, 0), value: 100, memo: "" };
    let deposit = ledger.deposit(&friend, 0, &own);
    let payment = Pay { to: Ledger::address(&account(3), Direction::External, 0), value: 100, memo: "" };
    let seal = alice.full_viewing_key().outgoing(Ledger::pool(), Epoch(0));
    ledger.transact(&friend, 0, &[&deposit[0]], &[&payment], PublicSide::Internal, Some(seal));
    let outgoing = Directions { outgoing: true, ..Directions::default() };
    let unlabelled = audited(&ledger, grant(&alice, outgoing, 0, 0));
    assert_eq!(kinds(&unlabelled), [("paid", Assurance::Unverified)]);
    // With the spend tags it is known not to be hers, should the auditor come across it.
    let mut labelled = audited(&ledger, grant(&alice, Directions { detection: true, ..outgoing }, 0, 0));
    let (time, transactions) = ledger.whole(2);
    labelled.read_whole(2, time, &transactions);
    assert_eq!(kinds(&labelled), [("paid", Assurance::Unverified)]);
    assert_eq!(labelled.report(false).totals.iter().map(|totals| totals.paid).sum::<u128>(), 0);
}

#[test]
fn blocks_that_leave_out_or_alter_are_refused() {
    let ledger = story();
    let mut audit = Audit::new(grant(&account(1), Directions::ALL, 0, 1), Start::default());
    let first = &ledger.blocks[0].0;
    assert_eq!(audit.read(&ledger.blocks[1].0), Err(AuditError::Height { expected: 1, found: 2 }));
    let mut missing = first.clone();
    missing.transactions.clear();
    assert_eq!(audit.read(&missing), Err(AuditError::Tree { height: 1 }));
    let mut altered = first.clone();
    altered.transactions[0].outputs.swap(0, 1);
    assert_eq!(audit.read(&altered), Err(AuditError::Tree { height: 1 }));
    let mut resized = first.clone();
    resized.tree_size = 3;
    assert_eq!(audit.read(&resized), Err(AuditError::Tree { height: 1 }));
    // What was refused left no trace.
    audit.read(first).unwrap();
    let mut other_chain = ledger.blocks[1].0.clone();
    other_chain.previous = [0xee; 32];
    assert_eq!(audit.read(&other_chain), Err(AuditError::Broken { height: 2 }));
    audit.read(&ledger.blocks[1].0).unwrap();
    assert_eq!(audit.next_height(), 3);
}

#[test]
fn an_audit_shows_no_key() {
    let audit = Audit::new(grant(&account(1), Directions::ALL, 0, 0), Start::default());
    assert!(format!("{audit:?}").starts_with("Audit { grant: Grant { account: "));
}
