//! Slips of people who send money by hand: each is noticed before anything moves.

use std::path::Path;

use serde_json::Value;

use crate::process::{Node, Run, louver};

struct Wallet {
    place: Vec<String>,
}

impl Wallet {
    fn new(folder: &Path, node: &Node, name: &str) -> Self {
        let file = folder.join(name).display().to_string();
        let wallet =
            Self { place: ["wallet", "--node", &node.url, "--wallet", &file].map(str::to_owned).into() };
        wallet.json(&["create", "--no-passphrase"]).json();
        wallet
    }

    /// As people see it.
    fn run(&self, arguments: &[&str]) -> Run {
        louver(&self.place.iter().map(String::as_str).chain(arguments.iter().copied()).collect::<Vec<_>>())
    }

    /// As programs see it.
    fn json(&self, arguments: &[&str]) -> Run {
        self.run(&[arguments, &["--json"]].concat())
    }

    fn text(&self, arguments: &[&str], field: &str) -> String {
        self.json(arguments).json()[field].as_str().unwrap().to_owned()
    }
}

fn refused(run: &Run, code: i32, error: &str) -> String {
    let said: Value = serde_json::from_str(run.err.lines().last().unwrap()).unwrap();
    assert_eq!((run.code, said["error"]["code"].as_str()), (code, Some(error)), "{}", run.err);
    said["error"]["message"].as_str().unwrap().to_owned()
}

/// Attacker: whoever looks at the chain, since two accounts with one transparent account are one person's.
#[test]
fn each_account_has_a_transparent_account_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start_on_demand(folder.path());
    let wallet = Wallet::new(folder.path(), &node, "wallet");
    wallet.json(&["accounts", "add"]).json();
    let first = wallet.text(&["account"], "account");
    let second = wallet.text(&["account", "--account", "1"], "account");
    assert_ne!(first, second);
    let gift = wallet.json(&["faucet", "20 LVR", "--account", "1", "--wait", "0"]);
    assert_eq!(gift.last()["account"], second.as_str());
    node.mine(1);
    assert_eq!(wallet.json(&["account"]).json()["balances"].as_array().unwrap().len(), 0);
    let shield = wallet.json(&["shield", "15 LVR", "--account", "1", "--yes", "--wait", "0"]);
    assert_eq!(shield.code, 0, "{}", shield.err);
    node.mine(1);
    let withdraw = ["withdraw", "1 LVR", "--account", "1", "--dry-run"];
    let planned = wallet.json(&withdraw).json();
    assert_eq!(planned["transactions"][0]["crossing"]["account"], second.as_str());
    // People see where it goes.
    let told = wallet.run(&withdraw).err;
    assert!(told.contains(&format!("to the transparent account {second}")), "{told}");
    // The fee of the deposit stands in the history, though the pool was not touched by it.
    let entry = wallet.json(&["history", "--account", "1"]).last();
    assert_eq!((&entry["fee"], &entry["net"][0]["value"]), (&Value::Null, &"15000000".into()));
    let fee = entry["host_fee"]["value"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(fee > 0, "{entry}");
    let left = wallet.json(&["account", "--account", "1"]).json()["balances"][0]["value"].clone();
    assert_eq!(left.as_str().unwrap().parse::<u64>().unwrap(), 5_000_000 - fee);
    let table = wallet.run(&["history", "--account", "1"]).out;
    assert!(
        table.lines().any(|line| line.contains("shielded") && line.matches("LVR").count() == 3),
        "{table}"
    );

    // An account that does not exist is named as such, whatever it was to do.
    let to = wallet.text(&["address"], "address");
    let txid = "ab".repeat(32);
    for arguments in [
        &["account"][..],
        &["balance"],
        &["history"],
        &["address"],
        &["request"],
        &["faucet", "1 LVR"],
        &["issue", "1 NEWT", "--yes"],
        &["shield", "1 LVR", "--dry-run"],
        &["withdraw", "1 LVR", "--dry-run"],
        &["withdraw", "1 LVR", "--dry-run", "--to", &second],
        &["pay", "1 LVR", "--to", &to, "--dry-run"],
        &["pay", "all", "--asset", "LVR", "--to", &to, "--dry-run"],
        &["consolidate", "LVR", "--dry-run"],
        &["disclose", &txid, "--to", "Smith", "--out", "never"],
    ] {
        let run = wallet.json(&[arguments, &["--account", "7"]].concat());
        let said = refused(&run, 6, "account");
        assert!(said.contains("the wallet has no account 7"), "{arguments:?}: {said}");
    }
}

/// Attacker: a payee who is paid twice, or another amount than he asked for; and whoever makes a request whose words its
/// payer never sees.
#[test]
fn a_request_is_paid_once_and_as_it_asks() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start_on_demand(folder.path());
    let (alice, bob) = (Wallet::new(folder.path(), &node, "alice"), Wallet::new(folder.path(), &node, "bob"));
    assert_eq!(alice.json(&["faucet", "50 LVR", "--wait", "0"]).code, 0);
    node.mine(1);
    assert_eq!(alice.json(&["shield", "40 LVR", "--yes", "--wait", "0"]).code, 0);
    node.mine(1);
    let words = ["--label", "Bob\u{202e} & sons", "--message", "Invoice 17", "--memo", "the memo"];
    let uri = bob.text(&[&["request", "5 LVR"][..], &words].concat(), "uri");

    // The plan has the request's words, and nothing hidden in them.
    for arguments in [vec!["pay", &uri, "--dry-run"], vec!["pay", "5 LVR", "--to", &uri, "--dry-run"]] {
        let told = alice.run(&arguments).err;
        for word in [r"from: Bob\u{202e} & sons", "for: Invoice 17", "memo to ", ": the memo"] {
            assert!(told.contains(word), "{word}: {told}");
        }
    }
    let to = bob.text(&["address"], "address");
    let told = alice.run(&["pay", "1 LVR", "--to", &to, "--memo", "my\u{1b} own", "--dry-run"]).err;
    assert!(told.contains(r"my\u{1b} own"), "{told}");

    // Another amount than it asks for.
    for (amount, named) in [("3 LVR", "3.00"), ("5.01 LVR", "5.01")] {
        let said = refused(&alice.json(&["pay", amount, "--to", &uri, "--yes"]), 3, "input_refused");
        assert!(said.contains("5.00") && said.contains(named) && said.contains("Nothing was sent"), "{said}");
    }
    let all = ["pay", "all", "--asset", "LVR", "--to", &uri, "--yes"];
    assert!(refused(&alice.json(&all), 3, "input_refused").contains("5.00"));

    // It is paid once, also while the first payment waits for a block.
    assert_eq!(alice.json(&["pay", &uri, "--yes", "--wait", "0"]).code, 0);
    for mined in [false, true] {
        if mined {
            node.mine(1);
        }
        for arguments in [vec!["pay", &uri, "--yes"], vec!["pay", "5 LVR", "--to", &uri, "--yes"]] {
            let run = alice.json(&arguments);
            if !mined {
                // Its only note is in use.
                assert_eq!(run.code, 6, "{}", run.err);
                continue;
            }
            let said = refused(&run, 6, "paid_before");
            assert!(said.contains("paid this request before") && said.contains("--repeated"), "{said}");
        }
    }
    let said = alice.run(&["pay", &uri]);
    assert!(said.code == 2 && said.err.contains("paid this request before"), "{}", said.err);
    assert_eq!(alice.json(&["pay", &uri, "--yes", "--repeated", "--dry-run"]).code, 0);
    let entries = bob.json(&["history"]).objects();
    assert_eq!(entries.len(), 1, "{entries:?}");

    // A list with the same payment is noticed too.
    let paid = entries[0]["outputs"][0]["address"].as_str().unwrap();
    let list = folder.path().join("list.csv");
    std::fs::write(&list, format!("address,amount\n{to},1 LVR\n{paid},5 LVR\n")).unwrap();
    let list = list.to_str().unwrap();
    let said = refused(&alice.json(&["pay-many", list, "--yes"]), 6, "paid_before");
    assert!(said.contains("line 3") && said.contains("Nothing was sent"), "{said}");
    assert_eq!(alice.json(&["pay-many", list, "--yes", "--repeated", "--dry-run"]).code, 0);
}

/// Attacker: a payee whose only address is over by the time at which a committee has signed.
#[test]
fn a_payment_is_planned_for_the_month_in_which_it_is_signed() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start_on_demand(folder.path());
    let (alice, bob) = (Wallet::new(folder.path(), &node, "alice"), Wallet::new(folder.path(), &node, "bob"));
    assert_eq!(alice.json(&["faucet", "50 LVR", "--wait", "0"]).code, 0);
    node.mine(1);
    assert_eq!(alice.json(&["shield", "40 LVR", "--yes", "--wait", "0"]).code, 0);
    node.mine(1);
    let request = bob.json(&["request", "5 LVR"]).json();
    let until = |of: &Value| of["payable_until"]["rfc3339"].as_str().unwrap().to_owned();
    let uri = request["uri"].as_str().unwrap();
    let (to, over) = (bob.text(&["address"], "address"), until(&bob.json(&["address"]).json()));
    // On the day after the address's last, its owner looks for payments to the one of next month.
    let ready = ["--ready-by", &over, "--dry-run"];
    let now = alice.json(&["pay", uri, "--dry-run"]).json()["transactions"][0].clone();
    let planned = alice.json(&[&["pay", uri][..], &ready].concat()).json()["transactions"][0].clone();
    assert_eq!(planned["payments"][0]["address"], request["next_address"]);
    assert_eq!(planned["epoch"].as_u64().unwrap(), now["epoch"].as_u64().unwrap() + 1);
    assert_eq!((&planned["ready_by"]["rfc3339"], &now["ready_by"]), (&over.as_str().into(), &Value::Null));
    assert!(planned["not_before"]["rfc3339"].is_string() && now["not_before"].is_null(), "{planned}");
    assert!(planned["expiry_height"].as_u64().unwrap() > 7 * 86_400);
    let told = alice.run(&[&["pay", uri][..], &ready].concat()).err;
    for words in ["It can be signed and sent until", "No block takes it before"] {
        assert!(told.contains(words), "{told}");
    }

    let refuse = |arguments: &[&str], code, error| refused(&alice.json(arguments), code, error);
    let said = refuse(&[&["pay", "5 LVR", "--to", &to][..], &ready].concat(), 6, "no_plan");
    assert!(said.contains("ask the payee for an address of a later month"), "{said}");
    let late = until(&request);
    let said = refuse(&["pay", uri, "--ready-by", &late, "--dry-run"], 6, "no_plan");
    assert!(said.contains("ask the payee for an address of a later month"), "{said}");
    let said = refuse(&["consolidate", "LVR", "--ready-by", &late, "--dry-run"], 6, "no_plan");
    assert!(said.contains("signed so late"), "{said}");
    let said = refuse(&["pay", uri, "--ready-by", "2020-01-31", "--dry-run"], 2, "usage");
    assert!(said.contains("2020-01-31 23:59 UTC has passed"), "{said}");
    assert!(refuse(&["pay", uri, "--ready-by", "soon"], 2, "usage").contains("not a date"));

    // Signed now, it is recorded and waits for its month.
    let sent = alice.json(&["pay", uri, "--ready-by", &over, "--yes", "--wait", "0"]);
    assert_eq!((sent.code, sent.last()["state"].as_str()), (0, Some("pending")), "{}", sent.err);
    node.mine(1);
    let entry =
        alice.json(&["history"]).objects().into_iter().find(|entry| entry["txid"] == sent.last()["txid"]);
    assert_eq!(entry.unwrap()["state"], "pending");
}

#[test]
fn what_cannot_be_done_is_said_in_sentences() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &[]);
    let wallet = Wallet::new(folder.path(), &node, "wallet");
    let address = wallet.text(&["address"], "address");

    // Without a terminal, the hint names an option that there is.
    let txid = "ab".repeat(32);
    for arguments in [&["issue", "5 NEWT"][..], &["abandon", &txid]] {
        let said = refused(&wallet.json(arguments), 2, "usage");
        assert!(said.contains("--yes") && !said.contains("--dry-run"), "{said}");
    }

    // Decimals are for good.
    assert_eq!(wallet.json(&["issue", "5 NEWT", "--yes"]).code, 0);
    let said = refused(&wallet.json(&["issue", "5 NEWT", "--decimals", "3", "--yes"]), 3, "input_refused");
    assert!(said.contains("2 decimals") && said.contains("says 3"), "{said}");
    assert_eq!(wallet.json(&["issue", "5 NEWT", "--decimals", "2", "--yes"]).code, 0);

    let said = refused(&wallet.json(&["consolidate", "LVR", "--yes"]), 6, "no_plan");
    assert!(said.contains("nothing to join"), "{said}");

    // A date that is still to come would find nothing.
    let phrase = folder.path().join("phrase");
    std::fs::write(&phrase, wallet.text(&["phrase"], "phrase")).unwrap();
    let restored = folder.path().join("restored").display().to_string();
    let restore = |date: &str| {
        let phrase = phrase.to_str().unwrap();
        let place = ["wallet", "--json", "--node", &node.url, "--wallet", &restored];
        louver(
            &[&place[..], &["restore", "--no-passphrase", "--phrase-file", phrase, "--date", date]].concat(),
        )
    };
    assert!(refused(&restore("2136-01-01"), 3, "input_refused").contains("still to come"));
    assert!(!Path::new(&restored).exists());
    assert_eq!(restore("2001-01-01").code, 0);

    // An address of another chain is not taken as a contact.
    let elsewhere = tempfile::tempdir().unwrap();
    let other = Node::start(elsewhere.path(), &["--epoch-seconds", "1000000"]);
    let stranger = Wallet::new(elsewhere.path(), &other, "wallet");
    if other.genesis_hash != node.genesis_hash {
        let foreign = stranger.text(&["address"], "address");
        let said = refused(&wallet.json(&["contacts", "add", "eve", &foreign]), 3, "input_refused");
        assert!(said.contains("another pool or chain"), "{said}");
        assert!(wallet.json(&["contacts"]).json()["contacts"].as_array().unwrap().is_empty());
    }

    // Files.
    let there = folder.path().join("there.grant");
    std::fs::write(&there, "mine").unwrap();
    let key = louver(&["audit", "keygen", "--out", there.to_str().unwrap(), "--json"]);
    assert!(refused(&key, 5, "storage").contains("is there already"), "{}", key.err);
    let nowhere = folder.path().join("no/such/folder/key");
    let key = louver(&["audit", "keygen", "--out", nowhere.to_str().unwrap(), "--json"]);
    let said = refused(&key, 5, "storage");
    assert!(said.ends_with("its folder does not exist") && !said.contains("folder/.tmp"), "{said}");
    // An address is not a reader's key.
    let grant =
        wallet.json(&["grant", "--to", "Smith", "--recipient", &address, "--year", "2026", "--out", "x"]);
    assert!(!grant.err.contains("Bech32") && grant.err.contains("age1"), "{}", grant.err);

    // A file of another kind is named by what it seems to be, and its secrets are not repeated.
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (key, settings) = (path("auditor.key"), path("settings.toml"));
    louver(&["audit", "keygen", "--out", &key, "--json"]).json();
    std::fs::write(&settings, "listen = \"127.0.0.1:1\"\n").unwrap();
    let secret = std::fs::read_to_string(&key).unwrap();
    let secret = secret.lines().last().unwrap();
    for (arguments, code, what, seems) in [
        (&["audit", "package", &key][..], 3, "a disclosure package", "an age secret key"),
        (&["audit", "receipt", &key], 3, "a reader's receipt", "an age secret key"),
        (&["chain", "show", &settings], 3, "the genesis of a chain", "a file of settings"),
        (&["chain", "init", "--from", &key, "--out", "x"], 2, "a file of settings", "an age secret key"),
        (&["node", "act", "join", &key, "--out", "x"], 3, "an act of guardians", "an age secret key"),
    ] {
        let run = louver(&[arguments, &["--json"]].concat());
        let said = refused(&run, code, if code == 2 { "usage" } else { "input_refused" });
        assert!(said.contains(what) && said.contains(seems) && !said.contains(secret), "{said}");
    }
    std::fs::write(&settings, "listen = \"127.0.0.1:1\"\nlisten = 2\n").unwrap();
    let run = louver(&["node", "--config", &settings, "--json"]);
    let said = refused(&run, 2, "usage");
    assert!(said.contains("settings.toml, line 2: ") && !said.contains('|'), "{said}");
    let run = louver(&["wallet", "phrase", "--wallet", &key, "--json"]);
    let said = refused(&run, 5, "storage");
    assert!(said.contains("taken for a wallet") && said.contains("an age secret key"), "{said}");

    // A grant that reaches far is asked about, and nobody can be asked here.
    let far = ["grant", "--to", "Smith", "--recipient", &address, "--until", "2099-05-01", "--out", "x"];
    let said = refused(&wallet.json(&far), 2, "usage");
    assert!(said.contains("31 May 2099, more than a year from now") && said.contains("--yes"), "{said}");

    // A command that was to send money says that it did not.
    drop(node);
    for arguments in [
        &["pay", "1 LVR", "--to", &address, "--yes"][..],
        &["shield", "1 LVR", "--yes"],
        &["faucet", "1 LVR"],
        &["issue", "5 NEWT", "--yes"],
    ] {
        let said = refused(&wallet.json(arguments), 4, "node_unreachable");
        assert!(said.contains("Nothing was sent") && !said.contains("io:"), "{arguments:?}: {said}");
    }
}
