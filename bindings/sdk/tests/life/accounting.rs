//! Statements of account, made of reports.

use louver_sdk::{CsvFile, CsvForm, ReportOrigin, ReportSource, StatementOfAccount, StatementOfAccountError};

use super::*;

#[test]
fn a_report_becomes_a_statement_of_account() {
    let world = World::new(64);
    let (alice, bob) = alice_and_bob(&world);
    let sent = world.send(&alice, world.pay("25 LVR", &bob.address(), "Rent"));
    world.blocks(1);
    alice.sync();
    let auditor = AuditorKey::generate();
    let request = GrantRequest {
        auditor: "Smith".to_owned(),
        recipient: auditor.recipient(),
        directions: EVERYTHING,
        first_epoch: 0,
        last_epoch: 2,
        purpose: "Tax 2026".to_owned(),
        days: 365,
        challenge: None,
    };
    let sealed = block_on(alice.wallet.grant(0, request, alice.keys.clone(), world.prover.clone(), None));
    let grant = Grant::open(sealed.unwrap(), auditor).unwrap();
    let report = block_on(grant.audit(world.node.clone(), Expectations::default(), None)).unwrap();
    let source = |origin| ReportSource { name: "alice.json".into(), json: report.json.clone(), origin };
    let of =
        |sources: &[ReportSource], prices, labels| StatementOfAccount::of(sources.to_vec(), prices, labels);
    let scanned = source(ReportOrigin::Scanned);

    let statement = of(core::slice::from_ref(&scanned), None, None).unwrap();
    let csv = statement.csv(CsvForm::Louver);
    assert!(csv.contains(&sent.txid) && csv.contains("25.00"), "{csv}");
    assert!(statement.csv(CsvForm::Koinly).starts_with("Date,Sent Amount"));
    assert!(statement.csv(CsvForm::CoinTracker).starts_with("Date,Received Quantity"));
    assert!(statement.html().starts_with("<!doctype html>") && statement.html().contains(&sent.txid));
    assert!(statement.json().contains("louver.statement/1"));
    // Nothing shows that what she paid is not her own.
    assert!(statement.not_guaranteed() > 0);
    assert_eq!(statement.says().len(), 1);

    // A stored report is told as such, prices and labels are the reader's, and a missing price is named.
    let file = |name: &str, text: &str| Some(CsvFile { name: name.into(), text: text.into() });
    let prices = file("prices.csv", "date,asset,currency,price\n2020-01-01,LVR#1,EUR,2.00\n");
    let labels = file("labels.csv", &format!("of,label\n{},Rent of November\n", sent.txid));
    let stored = source(ReportOrigin::Stored);
    let statement = of(core::slice::from_ref(&stored), prices, labels).unwrap();
    let says = statement.says().join(" ");
    for part in ["come from a stored report", "prices.csv", "no price of LVR#1 for"] {
        assert!(says.contains(part), "{part}: {says}");
    }
    assert!(statement.csv(CsvForm::Louver).contains("Rent of November"));

    let refused = |sources: &[ReportSource], prices, labels| of(sources, prices, labels).unwrap_err();
    let wrong = refused(std::slice::from_ref(&scanned), file("p.csv", "day,price\n"), None);
    assert!(matches!(wrong, StatementOfAccountError::Prices { .. }), "{wrong}");
    let wrong = refused(std::slice::from_ref(&scanned), None, file("l.csv", "of,label\n,\n"));
    assert!(matches!(wrong, StatementOfAccountError::Labels { .. }), "{wrong}");
    // Attacker: an owner who hands the same months over twice, so that income or expenses count double.
    let wrong = refused(&[scanned.clone(), stored], None, None);
    assert!(matches!(wrong, StatementOfAccountError::Other { .. }), "{wrong}");
    // Attacker: somebody who alters a stored sum.
    let altered = ReportSource { json: scanned.json.replace("25000000", "35000000"), ..scanned };
    let wrong = refused(&[altered], None, None);
    let is_told =
        matches!(wrong, StatementOfAccountError::Report { .. } | StatementOfAccountError::Other { .. });
    assert!(is_told, "{wrong}");
}
