use louver_core::{
    asset::{AssetId, KnownAssets},
    keys::Direction,
    note::Memo,
    value::Value,
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::testing::{
    account,
    ledger::{GENESIS, Ledger, POOL},
};

fn terms(value: u64) -> PaymentTerms {
    PaymentTerms {
        to: Ledger::address(&account(2), Direction::External, 0),
        asset: AssetId::new(1).unwrap(),
        value: Value(value),
    }
}

fn record(payload: &Json) -> Record {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let mut record = Record::new((GENESIS, POOL), terms(7), &bytes(&customer()), NOW, &mut rng).unwrap();
    record.payload = bytes(payload).into();
    record
}

fn seen(txid: &str, value: u64, memo: Memo) -> SeenPayment {
    SeenPayment {
        txid: txid.repeat(32),
        output: 0,
        height: 9,
        time: NOW,
        terms: terms(value),
        memo: Some(memo),
    }
}

fn report(record: &Record, seen: &[SeenPayment]) -> Report {
    record.report((&GENESIS, POOL), seen, NOW, &KnownAssets::new(&[])).unwrap()
}

/// Attacker: the maker of one of the payments below, each of whom wants it to pass for the one that the record is about.
#[test]
fn a_verdict_says_what_the_record_covers() {
    let record = self::record(&customer());
    let (memo, both) = (record.hash().memo("").unwrap(), format!("{0}\n{0}", record.hash()));
    let right = seen("0a", 7, memo.clone());
    let good = report(&record, &[seen("0b", 7, Memo::empty()), right.clone()]);
    assert!(good.is_good());
    assert_eq!(good.payments.len(), 1);
    let [said] = good.verdict().try_into().unwrap();
    assert!(said.starts_with("the record belongs to the payment 0a0a"), "{said}");

    let copied = report(&record, &[seen("0c", 8, memo.clone())]);
    let [none, named] = copied.verdict().try_into().unwrap();
    assert!(!copied.is_good() && none.contains("belongs to none"), "{none}");
    assert!(
        named.contains("0c0c") && named.contains("another amount") && named.contains("copied"),
        "{named}"
    );

    let twice = report(&record, &[right.clone(), seen("0d", 7, memo)]);
    let [said] = twice.verdict().try_into().unwrap();
    assert!(!twice.is_good() && said.contains("0a0a") && said.contains("0d0d"), "{said}");
    assert!(said.contains("covers one of them"), "{said}");

    let doubled = report(&record, &[seen("0e", 7, Memo::new(both.as_bytes()).unwrap())]);
    assert_eq!((doubled.is_good(), doubled.payments[0].standing), (false, Standing::SeveralHashes));

    let mut wrong = customer();
    wrong["beneficiary"]["beneficiaryPersons"] = json!([]);
    let broken = self::record(&wrong);
    let broken_report = report(&broken, &[seen("0f", 7, broken.hash().memo("").unwrap())]);
    assert_eq!((broken_report.is_good(), broken_report.coverage), (false, Coverage::One));
    assert!(broken_report.verdict()[1].contains("breaks the standard"));
    assert_eq!(broken_report.faults, ["beneficiary.beneficiaryPersons: this element is missing or empty"]);
}

#[test]
fn persons_are_shown_with_their_particulars() {
    let persons = report(&record(&customer()), &[]).persons();
    let shown: Vec<[&str; 2]> =
        persons.iter().map(|[part, name, _]| [part.as_str(), name.as_str()]).collect();
    let expected = [
        ["originator", "Ngozi Okafor"],
        ["beneficiary", "Meyer Gartenbau GmbH"],
        ["originating provider", "First Exchange Ltd."],
        ["provider on the way", "Relay One"],
        ["provider on the way", "Relay Two"],
        ["beneficiary's provider", "Zweite Bank AG"],
    ];
    assert_eq!(shown, expected);
    let told = &persons[0][2];
    for part in [
        "also Eze",
        "born 1988-02-29 in Enugu",
        "home Harbour Road 17a, D02 X285 Dublin, IE",
        "passport PX 55 1234 (NG)",
        "customer C-2642",
        "country IE",
    ] {
        assert!(told.contains(part), "{told}");
    }
    assert!(persons[2][2].contains("LEI 5493001KJTIIGC8Y1R12"));
}
