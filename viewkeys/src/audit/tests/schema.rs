//! `[json-schema]`: the schemas in the book, the types and real reports say the same.

use serde_json::Value as Json;

use super::*;
use crate::{
    package::{Chosen, PackageRequest, Show, Side, VerifiedPackage, What},
    sheet::{Labels, Origin, Source, Statement},
    signed::{Asked, Reading},
    testing::{
        reading,
        schema::{check, committed},
        verifier,
    },
};

#[test]
fn reports_are_as_the_book_says() {
    let schema = committed("audit-report-2", &schemars::schema_for!(Report));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let ledger = story();
    let of = |directions, first, last| {
        serde_json::to_value(report(&ledger, grant(&account(1), directions, first, last), short_epochs()))
            .unwrap()
    };
    let full = of(Directions::ALL, 0, 1);
    for json in
        [&full, &of(Directions::INCOMING, 0, 0), &of(Directions::ALL, 1, 1), &of(Directions::ALL, 5, 9)]
    {
        check(&validator, json);
    }
    // A program reads what happened without a word of English.
    assert_eq!(full["schema"], "louver.audit-report/2");
    let first = &full["findings"][0];
    assert_eq!(
        (&first["kind"], &first["payer"], &first["assurance"]),
        (&"received".into(), &"itself".into(), &"guaranteed".into())
    );
    assert_eq!(first["crossing"]["kind"], "deposit");
    assert_eq!(
        first["amount"],
        serde_json::json!({ "value": "100", "asset": "1", "symbol": "LVR", "decimals": 2 })
    );
    assert_eq!(full["totals"][0]["reconciliation"]["kind"], "if_paid");
    // The schema is one that something can fail.
    for (pointer, wrong) in
        [("/schema", Json::from("louver.audit-report/1")), ("/findings/0/amount/value", 100.into())]
    {
        let mut altered = full.clone();
        *altered.pointer_mut(pointer).unwrap() = wrong;
        assert!(!validator.is_valid(&altered), "{pointer}");
    }
}

#[test]
fn statements_are_as_the_book_says() {
    let schema = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let schema = committed("statement-1", &schema.into_generator().into_root_schema_for::<Statement>());
    let validator = jsonschema::validator_for(&schema).unwrap();
    let of = |report: Report| {
        let source = Source { name: "report.json".to_owned(), origin: Origin::Stored, report };
        serde_json::to_value(Statement::new(&[source], None, &Labels::default()).unwrap()).unwrap()
    };
    let json = of(full_report());
    check(&validator, &json);
    check(&validator, &of(report(&story(), grant(&account(1), Directions::INCOMING, 0, 0), short_epochs())));
    let asset = &json["accounts"][0]["assets"][0];
    assert_eq!((&asset["symbol"], &asset["closing"]["value"]), (&"LVR".into(), &"55".into()));
    assert_eq!(
        (&asset["lines"][1]["balance"], &asset["lines"][1]["entries"][0]["memo"]),
        (&"70".into(), &"rent".into())
    );
    let mut altered = json.clone();
    *altered.pointer_mut("/accounts/0/assets/0/closing/value").unwrap() = 55.into();
    assert!(!validator.is_valid(&altered));
}

#[test]
fn verdicts_on_packages_are_as_the_book_says() {
    let schema = committed("package-report-4", &schemars::schema_for!(VerifiedPackage));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut ledger = Ledger::new();
    let alice = account(1);
    let own = Pay { to: Ledger::address(&alice, Direction::External, 0), value: 100, memo: "mine" };
    let held = ledger.deposit(&alice, 0, &own).remove(0);
    for (show, shows) in [
        (Show::Full, "full"),
        (Show::Amount, "amount"),
        (Show::AtLeast(held.note.asset(), louver_core::value::Value(60)), "at_least"),
    ] {
        let what = What::Note { side: Side::Received, show, note: Box::new(held.note.clone()) };
        let (height, txid, spend_tag) = (held.height, held.txid, held.spend_tag);
        let chosen = Chosen { height, txid, spend_tag, what };
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        let (viewing, signer) = (alice.full_viewing_key(), alice.spend_authorizing_key());
        let request = PackageRequest { terms: terms(), chosen: vec![chosen] };
        let package = request.make(&viewing, &signer, prover(), &mut rng).unwrap();
        let reading = Reading { reader: None, asked: Asked::Nothing, ..reading() };
        let names = Names { assets: &assets(), account: &|account| hex::encode(account.0) };
        let find = |height, txid: &_| ledger.find(height, txid);
        let verdict = package.verify(&reading, &names, verifier(), find).unwrap();
        let json = serde_json::to_value(verdict).unwrap();
        check(&validator, &json);
        assert_eq!(json["payments"][0]["payer"], "itself");
        assert_eq!(json["payments"][0]["shows"], shows);
        assert_eq!(json["checked"]["reader"], false);
    }
}
