//! A node whose files cannot grow any more, and then can again: a limit of the system in place of a full disk.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use ed25519_dalek::SigningKey;
use louver_chain::Account;
use serde_json::{Value, json};

use crate::process::{LOUVER, Node, louver};

/// Long enough on a busy machine.
const DEADLINE: Duration = Duration::from_secs(120);

struct Limited(Node);

impl Limited {
    /// Starts a node in a folder whose files may not grow beyond this many bytes.
    fn start(data: &Path, bytes: u64) -> Self {
        let blocks = bytes / 512;
        // The signal of the limit is ignored, so that writing fails as on a full disk.
        let shell = format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &shell, LOUVER, "node", "--json", "--log", "off"]);
        Self(Node::of(command.args(["--listen", "127.0.0.1:0", "--interval", "0.02", "--data"]).arg(data)))
    }

    fn ask(&self, path: &str, body: Option<&Value>) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = format!("{}{path}", self.0.url);
        let mut answer = match body {
            None => agent.get(url).call(),
            Some(body) => agent.post(url).header("content-type", "application/json").send(body.to_string()),
        }
        .unwrap();
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().unwrap();
        (status, serde_json::from_str(&text).unwrap_or_default())
    }

    fn give(&self, account: &str) -> u16 {
        self.ask("/v1/faucet", Some(&json!({ "account": account, "asset": "1", "amount": "7" }))).0
    }

    fn wait_until(&self, ready: u16, meanwhile: impl Fn()) {
        let deadline = Instant::now() + DEADLINE;
        while self.ask("/ready", None).0 != ready {
            assert!(Instant::now() < deadline, "the node is not as it should be");
            meanwhile();
        }
    }
}

/// Not an attack: an operator would learn nothing, and people would lose what was taken in.
#[test]
fn a_node_outlives_a_full_disk_and_keeps_what_it_took_in() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("chain");
    let account = Account::of(&SigningKey::from_bytes(&[7; 32])).to_string();
    // As large as the folder of a young chain, and little more.
    let young = Limited::start(&data, 1 << 40);
    assert_eq!(young.give(&account), 202);
    drop(young);
    let taken = std::fs::metadata(data.join("ledger.redb")).unwrap().len();
    let node = Limited::start(&data, taken + 64 * 1024);

    let given = std::cell::Cell::new(0u64);
    node.wait_until(503, || {
        if node.give(&account) == 202 {
            given.set(given.get() + 1);
        }
        std::thread::sleep(Duration::from_millis(5));
    });
    // Refused from then on, and said why.
    assert_eq!(node.give(&account), 503);
    let (_, ready) = node.ask("/ready", None);
    assert!(ready["troubles"][0].as_str().unwrap().contains("cannot be written"), "{ready}");

    let pid = node.0.running.id();
    let room = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status().unwrap();
    assert!(room.success());
    node.wait_until(200, || std::thread::sleep(Duration::from_millis(20)));
    let deadline = Instant::now() + DEADLINE;
    loop {
        let (_, held) = node.ask(&format!("/v1/accounts/{account}"), None);
        let amount: u64 = held["balances"][0]["amount"].as_str().unwrap_or("0").parse().unwrap();
        // The first gift may have been lost with the young node, which was killed.
        if amount >= 7 * given.get() {
            break;
        }
        assert!(Instant::now() < deadline, "{held}, {} were taken in", given.get());
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(node);
    let checked = louver(&["node", "check", "--json", "--data", data.to_str().unwrap()]).json();
    assert_eq!(checked["faults"], json!([]));
}
