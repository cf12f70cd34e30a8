//! `[report-entries]`: the entries of any ledger come to the sums of its report, and its balances to the closing balance.

use rand_chacha::rand_core::Rng as _;

use super::*;
use crate::{
    report::{Entry, EntryKind, Flow, ReportError},
    sheet::{Balance, Labels, Origin, Source, Statement},
    testing::ledger::Held,
};

/// The statement of a report.
fn statement(report: &Report) -> Statement {
    let source = Source { name: "report.json".to_owned(), origin: Origin::Scanned, report: report.clone() };
    Statement::new(&[source], None, &Labels::default()).unwrap()
}

/// A ledger on which two accounts pay each other, themselves and a third one, openly or without a record for their
/// auditors. Two blocks make an epoch.
fn any_ledger(seed: u64, steps: u32) -> Ledger {
    let mut rng = ChaCha20Rng::seed_from_u64(seed);
    let mut ledger = Ledger::new();
    let mut held: [Vec<Held>; 2] = [vec![], vec![]];
    for step in 0..steps {
        let epoch = u16::try_from(step / 2).unwrap();
        let who = usize::try_from(rng.next_u32() % 2).unwrap();
        let owner = account(u8::try_from(who).unwrap() + 1);
        let payee = account(u8::try_from(rng.next_u32() % 3).unwrap() + 1);
        let to = Ledger::address(&payee, Direction::External, epoch);
        let made = match held[who].pop() {
            None => ledger.deposit(&owner, epoch, &Pay { to, value: 100, memo: "" }),
            Some(note) => {
                let value = 1 + u64::from(rng.next_u32()) % note.note.value().0;
                match rng.next_u32() % 5 {
                    0 => {
                        ledger.withdraw(&owner, epoch, &note);
                        vec![]
                    }
                    1 => {
                        let pay = Pay { to, value, memo: "" };
                        ledger.transact(&owner, epoch, &[&note], &[&pay], PublicSide::Internal, None)
                    }
                    _ => ledger.pay(&owner, epoch, &[&note], &[&Pay { to, value, memo: "for work" }]),
                }
            }
        };
        for note in made {
            let number = usize::from(note.account) - 1;
            if let Some(notes) = held.get_mut(number).filter(|_| note.note.value().0 > 0) {
                notes.push(note);
            }
        }
    }
    ledger
}

/// Every kind of grant, over all the time or from its second epoch on.
fn grants() -> Vec<Grant> {
    let all = Directions::ALL;
    [
        (all, 0),
        (all, 1),
        (Directions::INCOMING, 0),
        (Directions { outgoing: true, ..Directions::default() }, 0),
        (Directions { detection: false, ..all }, 0),
        (Directions { incoming: false, ..all }, 0),
        (Directions { spends: false, ..all }, 1),
    ]
    .into_iter()
    .map(|(directions, first)| grant(&account(1), directions, first, 3))
    .collect()
}

fn sum(entries: &[Entry], kind: EntryKind) -> u128 {
    entries.iter().filter(|entry| entry.kind == kind).map(|entry| u128::from(entry.amount.value.0)).sum()
}

#[test]
fn entries_come_to_the_totals_and_balances_to_the_closing_balance() {
    use louver_core::{encoding::Decode as _, secret::ExposeBytes as _};
    let grants: Vec<_> = grants().iter().map(|grant| grant.expose_bytes().to_vec()).collect();
    let (mut closed, mut open) = (0, 0);
    for seed in 0..12 {
        let ledger = any_ledger(seed, 8);
        for grant in &grants {
            let report = report(&ledger, Grant::from_bytes(grant).unwrap(), short_epochs());
            let entries = report.entries().unwrap();
            let statement = statement(&report);
            for (totals, asset) in report.totals.iter().zip(&statement.accounts[0].assets) {
                let [received, deposits, paid, withdrawn, fees, unspent] = sums(totals);
                for (kind, stated) in [
                    (EntryKind::Received, received),
                    (EntryKind::Deposit, deposits),
                    (EntryKind::Paid, paid),
                    (EntryKind::Withdrawn, withdrawn),
                    (EntryKind::Fee, fees),
                ] {
                    assert_eq!(sum(&entries, kind), stated.unwrap_or_default(), "{seed} {kind:?}");
                }
                let moved: i128 = entries
                    .iter()
                    .map(|entry| {
                        i128::from(entry.amount.value.0) * if entry.flow == Flow::In { 1 } else { -1 }
                    })
                    .sum();
                match totals.reconciliation {
                    Reconciliation::NotShown => {
                        assert_eq!((asset.closing.value, asset.opening.value), (None, None));
                        assert!(asset.lines.iter().all(|line| line.balance.is_none()));
                        continue;
                    }
                    Reconciliation::Closed => {
                        closed += 1;
                        assert!(asset.differences.is_empty());
                        assert_eq!(asset.closing.assurance, Assurance::Guaranteed);
                    }
                    Reconciliation::IfPaid => {
                        closed += 1;
                        assert!(asset.differences.is_empty());
                        assert_eq!(asset.closing.assurance, Assurance::Unverified);
                    }
                    Reconciliation::Open { .. } => {
                        open += 1;
                        assert_eq!(asset.closing.assurance, Assurance::Unexplained);
                    }
                }
                let last = asset.lines.last().map_or(Some(Balance(0)), |line| line.balance).unwrap();
                assert_eq!(last.0, moved);
                let explained = asset.differences.last().map_or(last, |difference| difference.balance);
                assert_eq!(Some(explained), asset.closing.value, "{seed}");
                assert_eq!(explained.0, i128::try_from(unspent.unwrap()).unwrap());
                let months: u128 = asset.months.iter().map(|month| month.incoming.0).sum();
                let parties: u128 = asset.counterparties.iter().map(|party| party.incoming.0).sum();
                assert_eq!((months, parties), (received.unwrap() + deposits.unwrap(), months));
            }
            // A report that was kept says the same.
            let kept = Report::from_json(&serde_json::to_vec(&report).unwrap()).unwrap();
            assert_eq!(kept, report);
        }
    }
    assert!(closed > 0 && open > 0, "{closed} {open}");
}

/// Attacker: an owner who alters the report that her accountant stored, so that income disappears or a gap closes.
#[test]
fn a_report_that_was_altered_does_not_agree_with_itself() {
    let ledger = any_ledger(3, 8);
    let genuine = report(&ledger, grant(&account(1), Directions::ALL, 0, 3), short_epochs());
    let json = serde_json::to_value(&genuine).unwrap();
    let read = |json: &serde_json::Value| Report::from_json(json.to_string().as_bytes());
    assert_eq!(read(&json).unwrap(), genuine);
    let mut fewer = json.clone();
    let at = genuine
        .findings
        .iter()
        .position(|found| matches!(found.finding, Finding::Paid { payee: Party::NotShown, .. }));
    fewer["findings"].as_array_mut().unwrap().remove(at.unwrap());
    assert!(matches!(read(&fewer), Err(ReportError::Sums(_))));
    for (pointer, wrong, check) in [
        ("/totals/0/received/value", "7", "Sums"),
        ("/totals/0/unspent/value", "7", "Sums"),
        ("/totals/0/unspent/value", "1267650600228229401496703205376", "TooLarge"),
        ("/findings/0/amount/decimals", "2", "Form"),
        ("/findings/0/amount/value", "007", "Form"),
        ("/findings/0/amount/symbol", "=HYPERLINK(1)", "Asset"),
        ("/findings/0/place/time/rfc3339", "2020-01-01T00:00:00Z", "Time"),
        ("/findings/0/assurance", "unverified", "Label"),
        ("/findings/0/place/txid", "\u{1b}[2J", "Form"),
        ("/chain/genesis_hash", "=1+1", "Form"),
        ("/chain/head/time/rfc3339", "\u{1b}[2J", "Time"),
        ("/schema", "louver.audit-report/1", "Form"),
    ] {
        let mut altered = json.clone();
        *altered.pointer_mut(pointer).unwrap() = wrong.into();
        let error = format!("{:?}", read(&altered).unwrap_err());
        assert!(error.starts_with(check), "{pointer}: {error}");
    }
    let mut many = json.clone();
    *many.pointer_mut("/findings/0/amount/decimals").unwrap() = 255.into();
    assert!(matches!(read(&many), Err(ReportError::Asset { .. })));
    let mut late = json.clone();
    *late.pointer_mut("/findings/0/place/time").unwrap() =
        serde_json::json!({ "unix": (1u64 << 53) - 1, "rfc3339": null });
    assert!(matches!(read(&late), Err(ReportError::Time { .. })));
    for junk in ["", "{}", "[]", "null", "{\"schema\":\"louver.audit-report/2\"}", "\u{feff}{"] {
        assert!(matches!(Report::from_json(junk.as_bytes()), Err(ReportError::Form { .. })), "{junk}");
    }
}
