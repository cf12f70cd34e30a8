//! A chain that somebody makes, with guardians of its own, and the acts that they sign.

use std::path::Path;

use serde_json::Value;

use crate::process::{Node, Run, louver};

/// The command in a folder, with JSON.
fn run(arguments: &[&str]) -> Run {
    louver(&[arguments, &["--json"]].concat())
}

struct Files(tempfile::TempDir);

impl Files {
    fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    /// A development chain with three guardians of its own, of whom two have to sign. Gives its genesis.
    fn chain(&self) -> String {
        let (genesis, keys) = (self.path("chain.genesis"), self.path("secret"));
        let made = run(&[
            "chain",
            "init",
            "--development",
            "--name",
            "ours",
            "--new-guardians",
            "3",
            "--guardians-delay",
            "2",
            "--keys-out",
            &keys,
            "--out",
            &genesis,
        ])
        .json();
        assert_eq!(made["signing_keys"].as_array().unwrap().len(), 3);
        let shown = run(&["chain", "show", &genesis]).json();
        assert_eq!((&shown["hash"], &shown["fingerprint"]), (&made["genesis_hash"], &made["fingerprint"]));
        assert_eq!((&shown["chain"], &shown["guardians"]["needed"]), (&Value::from("ours"), &Value::from(2)));
        genesis
    }

    fn sign(&self, act: &str, genesis: &str, guardian: u8) -> String {
        let (key, out) = (self.path(&format!("secret/guardian-{guardian}.key")), format!("{act}-{guardian}"));
        run(&["node", "act", "sign", act, "--genesis", genesis, "--key", &key, "--yes", "--out", &out])
            .json();
        out
    }
}

fn status(node: &Node) -> Value {
    let mut answer = ureq::get(format!("{}/v1/status", node.url)).call().unwrap();
    serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
}

#[test]
fn two_of_three_guardians_stop_a_rules_version() {
    let files = Files(tempfile::tempdir().unwrap());
    let genesis = files.chain();
    let node = Node::start(files.0.path(), &["--genesis", &genesis]);
    let act = files.path("stop.act");
    run(&["node", "act", "make", "switch-off", "--rules", "1", "--out", &act]).json();
    let submit = |act: &str| run(&["node", "act", "submit", act, "--node", &node.url]);
    // One signature, or the same one twice, is not enough.
    let (first, third) = (files.sign(&act, &genesis, 1), files.sign(&act, &genesis, 3));
    let again = files.sign(&first, &genesis, 1);
    for too_few in [&act, &first, &again] {
        assert_eq!(submit(too_few).error()["code"], "act_signers", "{too_few}");
    }
    let joined = files.path("joined.act");
    let signed = run(&["node", "act", "join", &first, &third, "--out", &joined]).json();
    assert_eq!(signed["signed_by"].as_array().unwrap().len(), 2);
    assert!(run(&["inspect", "file", &joined]).json()["act"].as_str().unwrap().contains("version 1"));
    assert_eq!(submit(&joined).code, 0);
    let mut now = status(&node);
    for _ in 0..200 {
        if now["acts"] == 1 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
        now = status(&node);
    }
    assert_eq!((&now["acts"], &now["rules_version"]), (&Value::from(1), &Value::from(0)));
    assert!(now["rules"][0]["switched_off"].is_u64());
    // Other acts are not joined with it, and an old one says nothing new.
    let other = files.path("other.act");
    run(&["node", "act", "make", "end-auditor", "--number", "1", "--out", &other]).json();
    let mixed = run(&["node", "act", "join", &first, &other, "--out", &files.path("mixed")]);
    assert!(mixed.error()["message"].as_str().unwrap().contains("different acts"));
    let other = files.path("again.act");
    run(&["node", "act", "make", "switch-off", "--rules", "1", "--sequence", "1", "--out", &other]).json();
    let other = files.sign(&files.sign(&other, &genesis, 1), &genesis, 2);
    assert_eq!(submit(&other).error()["code"], "act_outdated");
}

#[test]
fn a_file_of_terms_and_the_options_name_the_same_things() {
    let files = Files(tempfile::tempdir().unwrap());
    let (terms, out, key) = (files.path("chain.toml"), files.path("chain.genesis"), files.path("issuer.key"));
    let issuer = run(&["node", "keygen", "--out", &key]).json()["account"].as_str().unwrap().to_owned();
    let text = format!(
        "development = true\nname = \"from a file\"\nassets = [\"MINE:2:{issuer}\"]\nfees = [\"0.01 MINE\"]\n\
         balances = [\"{issuer}=100 MINE\"]\nepoch-seconds = 3600\n"
    );
    std::fs::write(&terms, text).unwrap();
    run(&["chain", "init", "--from", &terms, "--name", "from an option", "--out", &out]).json();
    let told = louver(&["chain", "show", &out]).out;
    for line in ["begins        20", "UTC", "of grace", "a reader may trust these keys for", "least fee"] {
        assert!(told.contains(line), "{line}: {told}");
    }
    let shown = run(&["chain", "show", &out]).json();
    assert_eq!(shown["chain"], "from an option");
    assert_eq!((&shown["assets"][0]["symbol"], &shown["epochs"]["length"]), (&"MINE".into(), &3600.into()));
    assert_eq!(shown["balances"][0]["amount"], "10000");
    // Nothing is overwritten, and what is misspelled or missing is refused before anything is written.
    assert_eq!(run(&["chain", "init", "--from", &terms, "--out", &out]).error()["code"], "storage");
    let other = files.path("other.genesis");
    for (wrong, word) in [
        ("nam = \"x\"", "nam"),
        ("name = \"x\"", "--keys"),
        ("development = true\nfees = [\"1 NIL\"]", "NIL"),
        ("development = true\nguardians = [\"lvrt1oops\"]", "guardian"),
        ("development = true\nbalances = [\"100 LVR\"]", "ACCOUNT=AMOUNT"),
    ] {
        std::fs::write(&terms, wrong).unwrap();
        let refused = run(&["chain", "init", "--from", &terms, "--out", &other]).error();
        assert!(refused["message"].as_str().unwrap().contains(word), "{wrong}: {refused}");
        assert!(!Path::new(&other).exists());
    }
    // Without a terminal nobody is asked.
    assert!(run(&["chain", "init"]).error()["message"].as_str().unwrap().contains("--out"));
}
