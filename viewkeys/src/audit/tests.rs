use louver_core::{
    asset::{AssetDescriptor, AssetId, KnownAssets},
    epoch::EpochRange,
    keys::{AccountSpendingKey, Direction},
    transaction::PublicSide,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    grant::GrantRequest,
    report::{
        Assurance, ChainChoice, Finding, Ground, Names, Party, Reconciliation, Remark, Report, Span, Sum,
        Totals, Written, words,
    },
    scope::{Directions, Scope},
    signed::{Asked, Reading},
    testing::{
        account, ground,
        ledger::{Ledger, Pay},
        prover, reading, terms, verifier,
    },
};

mod books;
mod chain;
mod cover;
mod entries;
mod schema;
mod state;

fn grant(account: &AccountSpendingKey, directions: Directions, first: u16, last: u16) -> Grant {
    let epochs = EpochRange::new(Epoch(first), Epoch(last)).unwrap();
    let request = GrantRequest { terms: terms(), scope: Scope::new(directions, epochs).unwrap() };
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    request.issue(&account.full_viewing_key(), &account.spend_authorizing_key(), prover(), &mut rng).unwrap()
}

/// Epochs of two seconds without grace: blocks 1 and 2 are of epoch 0, blocks 3 and 4 of epoch 1.
fn short_epochs() -> EpochSchedule {
    EpochSchedule::seconds(1_700_000_001, 2, 0).unwrap()
}

/// One epoch that is longer than any ledger here.
fn long_epoch() -> EpochSchedule {
    EpochSchedule::seconds(1_700_000_000, 1000, 10).unwrap()
}

/// Answers an audit from a ledger until it has nothing left to ask.
fn drive(audit: &mut Audit, ledger: &Ledger) -> Result<(), AuditError> {
    loop {
        match audit.next() {
            Ask::Tip => audit.learn_tip(ledger.height())?,
            Ask::Time { height } => audit.learn_time(ledger.blocks[height as usize - 1].0.header().time)?,
            Ask::Start { height } => {
                audit.start(&ledger.blocks[height as usize - 1].0, ledger.frontier(height))?;
            }
            Ask::Last { height } => audit.confirm(&ledger.blocks[height as usize - 1].0)?,
            Ask::Blocks { first, last } => {
                for (block, _) in &ledger.blocks[first as usize - 1..last as usize] {
                    audit.read(block)?;
                }
            }
            Ask::Whole { height } => {
                let (block, transactions) = (&ledger.blocks[height as usize - 1].0, ledger.shielded(height));
                let (hash, time) = (block.hash().0, block.header().time);
                audit.read_whole(&WholeBlock { height, hash, time, transactions: &transactions })?;
            }
            Ask::Nothing => return Ok(()),
        }
    }
}

fn audit_of(ledger: &Ledger, grant: Grant, schedule: EpochSchedule) -> Audit {
    let mut audit = Audit::new(grant, schedule);
    drive(&mut audit, ledger).unwrap();
    audit
}

fn assets() -> KnownAssets {
    KnownAssets::new(&[AssetDescriptor::new(AssetId::new(1).unwrap(), "LVR", 2, [0; 32], b"").unwrap()])
}

fn told(audit: &Audit) -> Report {
    told_on(audit, ground())
}

fn told_on(audit: &Audit, ground: Ground) -> Report {
    audit.report(&Names { assets: &assets(), account: &|account| hex::encode(account.0) }, ground)
}

/// The report on a whole ledger.
fn report(ledger: &Ledger, grant: Grant, schedule: EpochSchedule) -> Report {
    told(&audit_of(ledger, grant, schedule))
}

fn kinds(report: &Report) -> Vec<(&'static str, Assurance)> {
    let name = |finding: &Finding| match finding {
        Finding::Received { .. } => "received",
        Finding::Change { .. } => "change",
        Finding::Spent { .. } => "spent",
        Finding::Authorised { .. } => "authorised",
        Finding::Paid { .. } => "paid",
    };
    report.findings.iter().map(|found| (name(&found.finding), found.assurance)).collect()
}

fn count(kinds: &[(&str, Assurance)], kind: &str) -> usize {
    kinds.iter().filter(|(name, _)| *name == kind).count()
}

/// Received, deposits, paid, withdrawn, fees and unspent; `None` where the grant does not show them.
fn sums(totals: &Totals) -> [Option<u128>; 6] {
    let Totals { received, deposits, paid, withdrawn, fees, unspent, .. } = totals;
    [received, deposits, paid, withdrawn, fees, unspent].map(|sum| sum.map(|Sum { value, .. }| value.0))
}

/// A full report on the story.
pub(crate) fn full_report() -> Report {
    report(&story(), grant(&account(1), Directions::ALL, 0, 1), short_epochs())
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

/// Attacker: whoever makes up a whole chain, and runs a node that serves it to an auditor.
#[test]
fn nothing_is_guaranteed_on_a_chain_that_nobody_chose() {
    let audit = audit_of(&story(), grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    let chosen = told(&audit);
    let unchosen = told_on(&audit, Ground { chosen: ChainChoice::Nothing, ..ground() });
    assert!(kinds(&unchosen).iter().all(|(_, assurance)| *assurance != Assurance::Guaranteed));
    assert_eq!(count(&kinds(&unchosen), "received"), 2);
    let sums = unchosen.totals.iter().flat_map(|totals| [&totals.received, &totals.paid, &totals.unspent]);
    assert!(sums.flatten().all(|sum| sum.assurance != Assurance::Guaranteed));
    assert_eq!((unchosen.guaranteed.len(), &unchosen.if_chosen), (0, &chosen.guaranteed));
    assert!(!chosen.guaranteed.is_empty() && chosen.if_chosen.is_empty());
    assert!(words::ground(&unchosen.chain)[0].starts_with("on a chain that you have not chosen"));
}

/// `[own-follower]` Attacker: an owner and the chain's authorities, who seal a transfer whose proof does not hold. A reader is told
/// whom he believes, unless his own node has checked every proof.
#[test]
fn whoever_checked_no_proof_is_told_that_he_believes_the_authorities() {
    let audit = audit_of(&story(), grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    let said = |chain: &Ground| {
        let report = told_on(&audit, chain.clone());
        let lines = words::guarantees(&report);
        assert_eq!(lines.len(), 3);
        let read = words::ground(chain).swap_remove(1);
        let meaning = words::meaning(Assurance::Guaranteed, chain).to_owned();
        lines.into_iter().chain([read, meaning]).collect::<Vec<_>>()
    };
    let own = Ground { own_node: true, ..ground() };
    for chain in [ground(), Ground { development: true, ..own.clone() }] {
        let lines = said(&chain);
        assert!(lines.iter().all(|line| line.contains("under this chain's finality")), "{lines:?}");
    }
    let lines = said(&own);
    assert!(
        lines.iter().all(|line| line.contains("whoever colludes") && !line.contains("finality")),
        "{lines:?}"
    );
    // Reports of earlier versions, and those in which nobody said so, say nothing of it.
    let plain = serde_json::to_value(ground()).unwrap();
    assert!(plain.get("own_node").is_none());
    assert_eq!(serde_json::from_value::<Ground>(plain).unwrap(), ground());
    assert_eq!(serde_json::to_value(own).unwrap()["own_node"], true);
}

/// Attacker: an owner who answers with a grant of another time or purpose; the report alone is what is kept.
#[test]
fn a_report_begins_with_whom_its_grant_is_for_and_whether_it_was_asked_for() {
    let grant = grant(&account(1), Directions::ALL, 0, 1);
    let unasked = Reading { asked: Asked::Nothing, reader: None, ..reading() };
    let binding = grant.verify(&unasked, verifier()).unwrap();
    let mut audit = Audit::new(grant, short_epochs()).with_binding(binding.clone()).restarted();
    drive(&mut audit, &story()).unwrap();
    let report = told(&audit);
    assert_eq!(report.binding, Some(binding.clone()));
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["binding"]["checked"]["asked"], "nothing");
    assert_eq!(json["binding"]["purpose"], "origin of funds");
    assert!(words::heading(&binding)[0].contains("not asked for by you"));
}

#[test]
fn a_full_grant_explains_everything() {
    let report = report(&story(), grant(&account(1), Directions::ALL, 0, 1), short_epochs());
    let kinds = kinds(&report);
    // But for whom it paid: nothing shows that the account does not hold that itself.
    let expected = |kind: &str| if kind == "paid" { Assurance::Unverified } else { Assurance::Guaranteed };
    assert!(kinds.iter().all(|(kind, assurance)| *assurance == expected(kind)), "{kinds:?}");
    let counts = ["received", "change", "spent", "paid", "authorised"].map(|kind| count(&kinds, kind));
    assert_eq!(counts, [2, 2, 2, 2, 3]);
    let memos: Vec<_> = report
        .findings
        .iter()
        .filter_map(|found| match &found.finding {
            Finding::Received { written, .. } | Finding::Paid { written, .. } => written.memo.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(memos, ["rent", "back"]);
}

#[test]
fn a_grant_of_receipts_shows_receipts_alone() {
    let report = report(&story(), grant(&account(1), Directions::INCOMING, 0, 1), short_epochs());
    assert_eq!(kinds(&report), [("received", Assurance::Guaranteed); 2]);
    assert!(report.remarks.contains(&Remark::SpendsNotShown));
}

#[test]
fn a_grant_shows_nothing_of_other_epochs_but_later_spends() {
    let first = kinds(&report(&story(), grant(&account(1), Directions::ALL, 0, 0), short_epochs()));
    // The spend, in epoch 1, of the change of epoch 0 is still seen; who was paid by it is not.
    assert_eq!(first.last(), Some(&("spent", Assurance::Guaranteed)));
    assert_eq!(count(&first, "paid"), 1);
    let found = kinds(&report(&story(), grant(&account(1), Directions::ALL, 1, 1), short_epochs()));
    let counts = ["received", "change", "spent", "paid", "authorised"].map(|kind| count(&found, kind));
    assert_eq!(counts, [1, 1, 0, 1, 1]);
    // Without the keys of epoch 0 its input is not known, so its books do not close.
    assert!(found.contains(&("authorised", Assurance::Unexplained)));
    let nothing = report(&story(), grant(&account(1), Directions::ALL, 2, 3), short_epochs());
    assert_eq!(kinds(&nothing), []);
}

/// Attacker: one who was granted the payments, and would learn from the change what is left.
#[test]
fn a_grant_of_payments_shows_no_change() {
    let directions = Directions { outgoing: true, ..Directions::default() };
    let report = report(&story(), grant(&account(1), directions, 0, 1), short_epochs());
    assert_eq!(kinds(&report), [("paid", Assurance::Unverified); 2]);
    let paid = report.totals[0].paid.unwrap();
    assert_eq!((paid.value.0, paid.assurance), (50, Assurance::Unverified));
}

#[test]
fn an_outsider_sees_nothing() {
    let report = report(&story(), grant(&account(3), Directions::ALL, 0, 1), short_epochs());
    assert_eq!(kinds(&report), []);
    assert_eq!((report.totals, report.movements), (vec![], vec![]));
}

#[test]
fn an_audit_shows_no_key() {
    let audit = Audit::new(grant(&account(1), Directions::ALL, 0, 0), long_epoch());
    assert!(format!("{audit:?}").starts_with("Audit { grant: LVGRANT { account: "));
}

/// Attacker: a payer whose memo an auditor would take for empty.
#[test]
fn a_memo_that_is_not_text_is_shown_as_what_it_is() {
    assert_eq!(Written::new(&Memo::empty()), Written::default());
    let bytes = Written::new(&Memo::new(&[0xff, 0x00]).unwrap());
    assert_eq!(bytes, Written { memo: None, memo_hex: Some("ff00".to_owned()) });
}
