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

/// Each command that an owner looks at says that payments are paused, and not that anything is lost.
fn paused(files: &Files, node: &Node, off: &Value) {
    let file = files.path("wallet");
    let place = ["wallet", "--node", &node.url, "--wallet", &file];
    let wallet = |arguments: &[&str]| louver(&[&place[..], arguments].concat());
    assert_eq!(wallet(&["create", "--no-passphrase"]).code, 0);
    for looks in ["sync", "balance", "info"] {
        let said = wallet(&[looks]).err;
        assert!(said.contains(&format!("payments are paused since block {off} of 20")), "{looks}: {said}");
        assert!(said.contains("No money is lost") && said.contains("none was added yet"), "{looks}: {said}");
        let told = wallet(&[looks, "--json"]).json();
        assert_eq!((&told["paused"]["since_height"], &told["paused"]["rules_version"]), (off, &1.into()));
        assert_eq!(told["paused"]["next"], Value::Null);
        assert!(told["paused"]["since"]["rfc3339"].as_str().unwrap().starts_with("20"), "{told}");
    }
}

/// Attacker: whoever has guardians meet for an act that no block takes, on the day on which a real one is needed.
fn nothing_is_signed_in_vain(files: &Files, node: &Node, genesis: &str, stop: &str) {
    let out = files.path("in-vain.act");
    let asked = ["--node", &node.url, "--genesis", genesis, "--out", &out];
    let make = |deed: &[&str]| run(&[&["node", "act", "make"], deed, &asked[..]].concat()).error();
    for (deed, code, says) in [
        (["switch-off", "--rules", "1"], "rules_off", "1"),
        (["switch-off", "--rules", "2"], "rules_unknown", "2"),
        (["end-auditor", "--number", "1"], "act_number", "never entered an auditor key 1"),
    ] {
        let refused = make(&deed);
        let message = refused["message"].as_str().unwrap();
        assert_eq!(refused["code"], code, "{refused}");
        assert!(message.contains(says) && message.contains("nothing was written"), "{refused}");
    }
    let (key, act) = (files.path("secret/guardian-1.key"), ["node", "act", "sign", stop, "--yes"]);
    let signed = run(&[&act[..], &asked[..], &["--key", &key]].concat()).error();
    assert_eq!(signed["code"], "rules_off", "{signed}");
    assert!(!Path::new(&out).exists());
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
    let off = &now["rules"][0]["switched_off"];
    assert!(off.is_u64());
    // Submitted again, it changes nothing, and that is said.
    let again = submit(&joined).json();
    assert_eq!((&again["known"], &again["height"]), (&true.into(), off));
    let told = louver(&["node", "act", "submit", &joined, "--node", &node.url]).out;
    assert!(told.contains(&format!("took this act before, in block {off}")), "{told}");
    paused(&files, &node, off);
    nothing_is_signed_in_vain(&files, &node, &genesis, &act);
    // Other acts are not joined with it, and an old one says nothing new.
    let other = files.path("other.act");
    run(&["node", "act", "make", "end-auditor", "--number", "1", "--out", &other]).json();
    let mixed = run(&["node", "act", "join", &first, &other, "--out", &files.path("mixed")]);
    assert!(mixed.error()["message"].as_str().unwrap().contains("different acts"));
    let other = files.path("again.act");
    run(&["node", "act", "make", "switch-off", "--rules", "1", "--sequence", "1", "--out", &other]).json();
    // Genesis alone cannot tell who signs after a change; a node can, and says that there was none.
    let (key, out) = (files.path("secret/guardian-1.key"), files.path("unsigned"));
    let sign = |more: &[&str]| {
        let arguments =
            ["node", "act", "sign", &other, "--genesis", &genesis, "--key", &key, "--yes", "--out", &out];
        run(&[&arguments[..], more].concat())
    };
    assert_eq!(sign(&["--node", &node.url]).error()["code"], "act_outdated");
    assert!(!Path::new(&out).exists());
    assert_eq!(sign(&[]).json()["signature_counts"], Value::Null);
    let other = files.sign(&files.sign(&other, &genesis, 1), &genesis, 2);
    assert_eq!(submit(&other).error()["code"], "act_outdated");
}

/// Attacker: somebody who has guardians sign with keys that count for nothing, which shows when the act is needed.
#[test]
fn a_key_that_is_not_in_office_signs_nothing() {
    let files = Files(tempfile::tempdir().unwrap());
    let genesis = files.chain();
    let (stop, hand_over) = (files.path("stop.act"), files.path("hand-over.act"));
    let (stranger, out) = (files.path("stranger.key"), files.path("signed.act"));
    let account = run(&["node", "keygen", "--out", &stranger]).json()["account"].clone();
    let account = account.as_str().unwrap();
    run(&["node", "act", "make", "switch-off", "--rules", "1", "--out", &stop]).json();
    let rotate = ["node", "act", "make", "rotate-authorities", "--key", account, "--out", &hand_over];
    run(&rotate).json();
    let guardian = files.path("secret/guardian-1.key");
    let sign = |act: &str, key: &str| {
        run(&["node", "act", "sign", act, "--genesis", &genesis, "--key", key, "--yes", "--out", &out])
    };
    for (act, key, one) in [(&stop, &stranger, "guardian"), (&hand_over, &guardian, "authority")] {
        let refused = sign(act, key).error();
        assert_eq!(refused["code"], "act_signers", "{refused}");
        assert!(refused["message"].as_str().unwrap().contains(&format!("a present {one}")), "{refused}");
        assert!(!Path::new(&out).exists());
    }
    assert_eq!(sign(&stop, &guardian).json()["signature_counts"], true);
    // Nor is a signature joined that others made, for another chain.
    let other = Files(tempfile::tempdir().unwrap());
    let foreign = other.sign(&stop, &other.chain(), 1);
    let joined = files.path("joined.act");
    let join =
        |more: &[&str]| run(&[&["node", "act", "join", &out, &foreign, "--out", &joined], more].concat());
    let refused = join(&["--genesis", &genesis]).error();
    assert_eq!(refused["code"], "act_signers", "{refused}");
    assert!(
        refused["message"].as_str().unwrap().contains(&foreign) && !Path::new(&joined).exists(),
        "{refused}"
    );
    join(&[]).json();
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
