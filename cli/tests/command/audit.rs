//! Auditors and other readers, by the command.

use std::path::Path;

use serde_json::{Value, json};

use crate::{
    privacy::{Wire, after},
    process::{Node, Run, louver, louver_in},
};

/// Half a day for each epoch.
const EPOCHS: [&str; 2] = ["--epoch-seconds", "43200"];

/// Another branch of the chain whose node has its data in `folder`.
fn beside(folder: &Path, name: &str) -> Node {
    let genesis = folder.join("chain/genesis");
    Node::start(&folder.join(name), &["--genesis", genesis.to_str().unwrap()])
}

/// The date so many days from now.
fn day(days: i64) -> String {
    let time = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
    time.strftime("%Y-%m-%d").to_string()
}

/// Alice, with 10 LVR of her own in the pool.
struct Alice {
    wallet: String,
    node: String,
    shield: String,
}

impl Alice {
    fn arrive(folder: &Path, node: &Node) -> Self {
        let wallet = folder.join("alice").to_str().unwrap().to_owned();
        let mut alice = Self { wallet, node: node.url.clone(), shield: String::new() };
        alice.run(&["create", "--no-passphrase"]).json();
        alice.run(&["faucet", "12.5 LVR", "--no-passphrase"]).last();
        alice.run(&["shield", "10 LVR", "--no-passphrase", "--yes"]).last();
        let history = alice.run(&["history"]).out;
        let at = history.find("\"txid\":\"").unwrap() + 8;
        history[at..at + 64].clone_into(&mut alice.shield);
        alice
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let place = ["wallet", "--json", "--node", &self.node, "--wallet", &self.wallet];
        louver(&[&place[..], arguments].concat())
    }

    fn disclose(&self, to: &str, days: &str, out: &str) -> Run {
        let what = ["disclose", &self.shield, "--to", to, "--days", days, "--out", out, "--no-passphrase"];
        self.run(&what)
    }
}

/// Attacker: somebody who shows her own shield as income; who shows a package that was made for somebody else; and a
/// reader who takes a forged package for a node's failure.
#[test]
fn an_own_shield_is_not_income_and_a_verdict_says_whom_it_is_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let node = Node::start(folder.path(), &EPOCHS);
    let alice = Alice::arrive(folder.path(), &node);
    for (to, days) in [("", "7"), ("  ", "7"), ("The bank", "0")] {
        let refused = alice.disclose(to, days, &path("never"));
        assert_eq!(
            (refused.code, refused.error()["code"].as_str()),
            (3, Some("input_refused")),
            "{to:?} {days}"
        );
    }
    assert!(!Path::new(&path("never")).exists());
    let file = path("income");
    assert_eq!(alice.disclose("The bank", "7", &file).json()["payments"], 1);
    let read = |node: &str, more: &[&str]| {
        louver(&[&["audit", "package", &file, "--node", node, "--json"], more].concat())
    };
    let verdict = read(&node.url, &[]).json();
    assert_eq!(
        (&verdict["schema"], &verdict["made_for"]),
        (&"louver.package-report/4".into(), &"The bank".into())
    );
    assert_eq!((&verdict["checked"]["reader"], &verdict["nonce"]), (&false.into(), &Value::Null));
    let payment = &verdict["payments"][0];
    assert_eq!((&payment["payer"], &payment["crossing"]["kind"]), (&"itself".into(), &"deposit".into()));
    assert_eq!((&payment["amount"]["symbol"], &payment["amount"]["decimals"]), (&"LVR".into(), &6.into()));
    let told = louver(&["audit", "package", &file, "--node", &node.url]).out;
    assert!(told.contains("made for \"The bank\", not asked for by you"), "{told}");
    assert!(
        told.contains("brought into the pool") && told.contains("whose the transparent account is"),
        "{told}"
    );
    let other = read(&node.url, &["--as", "The press"]);
    let message = other.error()["message"].as_str().unwrap().to_owned();
    assert!(message.contains("The bank") && message.contains("The press"), "{message}");
    read(&node.url, &["--as", " The bank "]).json();
    offline(folder.path(), &file, &node.genesis_hash);
    // On a ledger that has no such block the package is false, and the node did nothing wrong.
    let empty = beside(folder.path(), "empty");
    let forged = read(&empty.url, &[]);
    assert_eq!(forged.error()["code"], "not_verified");
    assert_eq!(forged.code, other.code);
}

/// The package is checked by its proof, where no node answers; and lies in the proof are refused.
fn offline(folder: &Path, file: &str, genesis_hash: &str) {
    let nowhere = ["--offline", "--node", "http://127.0.0.1:9", "--json"];
    let read = |more: &[&str]| louver(&[&["audit", "package", file], &nowhere[..], more].concat());
    let chosen = ["--genesis-hash", genesis_hash];
    let verdict = read(&chosen).json();
    assert_eq!(verdict["payments"][0]["assurance"], "guaranteed");
    assert_eq!(
        (&verdict["chain"]["offline"], &verdict["chain"]["chosen"]),
        (&true.into(), &"genesis".into())
    );
    assert!(
        verdict["chain"]["head"]["height"].as_u64() >= verdict["payments"][0]["place"]["height"].as_u64()
    );
    assert_eq!(read(&[]).json()["payments"][0]["assurance"], "chain_not_chosen");
    let told = louver(&["audit", "package", file, "--offline", "--genesis-hash", genesis_hash]).out;
    assert!(told.contains("whether anything happened after that block is not known"), "{told}");
    let other = read(&["--genesis-hash", &"07".repeat(32)]);
    assert_eq!((other.code, other.error()["code"].as_str()), (1, Some("other_chain")));
    // Renewed where no node answers: nothing is written.
    let kept = std::fs::read(format!("{file}.proof")).unwrap();
    let renewed = louver(&["audit", "prove", file, "--node", "http://127.0.0.1:9", "--json"]);
    assert_eq!(renewed.error()["code"], "node_unreachable");
    assert_eq!(std::fs::read(format!("{file}.proof")).unwrap(), kept);
    let altered = folder.join("altered.proof").to_str().unwrap().to_owned();
    let mut bytes = kept;
    *bytes.last_mut().unwrap() ^= 1;
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&altered, bytes).unwrap();
    let refused = read(&["--proof", &altered, "--genesis-hash", genesis_hash]);
    assert!([1, 3].contains(&refused.code), "{}", refused.out);
    let missing = read(&["--proof", "no.such.proof"]);
    assert_eq!(missing.error()["code"], "storage");
}

/// Attacker: a node that sees an auditor come back for the blocks that matter; and whoever alters what he kept.
#[test]
fn a_second_audit_reads_only_new_blocks() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let node = Node::start(folder.path(), &EPOCHS);
    let alice = Alice::arrive(folder.path(), &node);
    let (key, grant) = (path("auditor.key"), path("alice.grant"));
    let reader = louver(&["audit", "keygen", "--out", &key, "--json"]).json();
    let reader = reader["recipient"].as_str().unwrap();
    alice
        .run(&[
            "grant",
            "--to",
            "Smith",
            "--recipient",
            reader,
            "--from",
            &day(0),
            "--until",
            &day(1),
            "--out",
            &grant,
            "--label",
            "My accountant",
            "--no-passphrase",
        ])
        .json();
    registered(folder.path(), &alice, reader, &grant);
    previewed(&alice);
    let wire = Wire::to(&node, usize::MAX);
    let scan = |more: &[&str]| {
        louver(&[&["audit", "scan", &grant, "--key", &key, "--node", &wire.url, "--json"], more].concat())
            .json()
    };
    let first = scan(&[]);
    assert!(after(&wire.news(), "/v1/compact-blocks?").iter().any(|range| range.starts_with("from=1&")));
    assert_eq!(first["totals"][0]["reconciliation"]["kind"], "closed");
    assert_eq!(first["totals"][0]["deposits"]["value"], "10000000");
    assert_eq!(first["totals"][0]["received"]["value"], "0");
    assert_eq!(first["epochs"]["to_come"]["first"], 1);
    let read = first["blocks"]["last"].as_u64().unwrap();
    accounting(folder.path(), &first, &scan);
    wire.news();
    let second = scan(&[]);
    let news = wire.news();
    for range in after(&news, "/v1/compact-blocks?from=") {
        assert!(range.split('&').next().unwrap().parse::<u64>().unwrap() >= read, "{news:?}");
    }
    assert_eq!(after(&news, "/v1/blocks/"), [""; 0], "what was read in full is not asked for again");
    assert_eq!((&second["findings"], &second["totals"]), (&first["findings"], &first["totals"]));
    // Damage costs time and changes nothing.
    let kept = path("alice.grant.audit");
    let mut bytes = std::fs::read(&kept).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&kept, bytes).unwrap();
    let third = scan(&[]);
    assert!(after(&wire.news(), "/v1/compact-blocks?").iter().any(|range| range.starts_with("from=1&")));
    assert_eq!(third["findings"], first["findings"]);
    let last = scan(&["--anew"])["blocks"]["last"].as_u64().unwrap();
    assert!(after(&wire.news(), "/v1/compact-blocks?").iter().any(|range| range.starts_with("from=1&")));
    // Attacker: a payer who shows his auditor another chain of blocks than the last time. The authorities sealed both: that
    // is evidence, and nothing is read silently from the start.
    let other = beside(folder.path(), "other");
    other.mine(u32::try_from(last).unwrap() + 1);
    let scan = ["audit", "scan", &grant, "--key", &key, "--node", &other.url, "--json"];
    assert_eq!(louver_in(folder.path(), &scan).error()["code"], "authorities_convicted");
    let anew = louver(&[&scan[..], &["--anew"]].concat()).json();
    assert_eq!((&anew["findings"], &anew["blocks"]["first"]), (&json!([]), &first["blocks"]["first"]));
}

/// A grant is in the register, and one whose file could not be written is not. No key of the grant is in the wallet's register.
fn registered(folder: &Path, alice: &Alice, reader: &str, grant: &str) {
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let again = ["grant", "--to", "Smith", "--recipient", reader, "--from", &day(0), "--out"];
    let nowhere = path("no/such/folder");
    let refused = alice.run(&[&again[..], &[&nowhere, "--no-passphrase"]].concat());
    assert_eq!(refused.error()["code"], "storage");
    let taken = alice.run(&[&again[..], &[grant, "--no-passphrase"]].concat());
    assert_eq!(taken.error()["code"], "storage");
    let csv = path("shown.csv");
    let shown = alice.run(&["disclosures", "--csv", &csv]);
    let register = shown.json();
    assert_eq!((&register["is_whole"], register["disclosures"].as_array().unwrap().len()), (&true.into(), 1));
    let record = &register["disclosures"][0];
    assert_eq!(
        (&record["kind"], &record["label"], &record["auditor"], &record["recipient"], &record["first_epoch"]),
        (&json!("grant"), &json!("My accountant"), &json!("Smith"), &json!(reader), &json!(0))
    );
    let hash = record["hash"].as_str().unwrap();
    assert!(std::fs::read_to_string(csv).unwrap().contains(&format!(",My accountant,Smith,{reader},")));
    let found = |more: &[&str]| {
        alice.run(&[&["disclosures"], more].concat()).json()["disclosures"].as_array().unwrap().len()
    };
    let none = "00".repeat(32);
    assert_eq!((found(&["--hash", hash]), found(&["--hash", &none]), found(&["--kind", "book"])), (1, 0, 0));
    alice.run(&["disclosures", "--label", "0", "Nobody's business"]).json();
    let labelled = alice.run(&["disclosures", "--current"]).json();
    assert_eq!(labelled["disclosures"][0]["label"], "Nobody's business");
    assert_eq!(alice.run(&["disclosures", "--label", "1", "x"]).error()["code"], "input_refused");
}

/// The command tells what a reader will see before it makes anything; nothing is recorded.
fn previewed(alice: &Alice) {
    let preview = |more: &[&str]| {
        alice.run(&[&["disclose", "--to", "Smith", "--dry-run", "--no-passphrase"], more].concat())
    };
    for more in [
        &["--direction", "shielded"][..],
        &["--asset", "LVR", "--over", "10 LVR", "--under", "10 LVR"],
        &["--from", &day(-1), "--until", &day(1)],
        &[&alice.shield],
    ] {
        let seen = preview(more).json();
        let [seen] = seen["payments"].as_array().unwrap().as_slice() else { panic!("{seen}") };
        assert_eq!((&seen["direction"], &seen["amount"]["value"]), (&json!("shielded"), &json!("10000000")));
        assert_eq!((&seen["txid"], &seen["shows"]), (&json!(alice.shield), &json!("full")));
    }
    for none in [
        &["--direction", "sent"][..],
        &["--over", "10.01 LVR"],
        &["--until", &day(-2), "--from", "2020-01-01"],
    ] {
        assert_eq!(preview(none).error()["code"], "not_opened", "{none:?}");
    }
    assert_eq!(preview(&[]).code, 2);
    assert_eq!(preview(&["--direction", "sent", &alice.shield]).code, 2);
    // A choice by what payments are is asked about, and nobody can be asked here.
    let unasked =
        ["disclose", "--to", "Smith", "--direction", "shielded", "--out", "/dev/null/x", "--no-passphrase"];
    assert_eq!(alice.run(&unasked).error()["code"], "usage");
    assert_eq!(alice.run(&["disclosures"]).json()["disclosures"].as_array().unwrap().len(), 1);
}

/// A scan writes the same payments as an export of the report that it printed.
fn accounting(folder: &Path, report: &Value, scan: &dyn Fn(&[&str]) -> Value) {
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    scan(&["--csv", &path("scan.csv"), "--format", "koinly", "--html", &path("scan.html")]);
    std::fs::write(folder.join("report.json"), report.to_string()).unwrap();
    let stored = path("report.json");
    let export = ["audit", "export", &stored, "--csv", &path("export.csv"), "--format", "koinly", "--json"];
    let statement = louver(&export).json();
    assert_eq!(read("export.csv"), read("scan.csv"));
    assert!(read("scan.csv").contains(",10.00,LVR#1,"), "{}", read("scan.csv"));
    assert!(read("scan.html").contains("10.00"));
    let asset = &statement["accounts"][0]["assets"][0];
    assert_eq!(
        (&asset["lines"][0]["balance"], &asset["closing"]["assurance"]),
        (&asset["closing"]["value"], &"chain_not_chosen".into())
    );
}
