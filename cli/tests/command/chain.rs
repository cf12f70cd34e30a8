//! A wallet and a node, without proofs.

use crate::process::{Node, Run, louver};

#[test]
fn a_wallet_comes_back_from_its_phrase_and_a_chain_from_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let node = Node::start(folder.path(), &["--epoch-seconds", "1000000", "--grace-seconds", "400"]);
    let (alice, again) = (path("alice"), path("again"));
    let on = |url: &str, wallet: &str, arguments: &[&str]| -> Run {
        let place = ["wallet", "--json", "--node", url, "--wallet", wallet];
        louver(&[&place[..], arguments].concat())
    };
    let made = on(&node.url, &alice, &["create", "--no-passphrase"]).json();
    let words = made["phrase"].as_str().unwrap();
    assert_eq!(words.split(' ').count(), 24);

    let gift = on(&node.url, &alice, &["faucet", "12.5 LVR", "--no-passphrase"]).objects();
    assert_eq!((gift.len(), &gift[0]["state"], &gift[1]["state"]), (2, &"pending".into(), &"mined".into()));
    assert_eq!(gift[0]["id"], gift[1]["id"]);
    let account = on(&node.url, &alice, &["account", "--no-passphrase"]).json();
    let lvr = serde_json::json!({ "value": "12500000", "asset": "1", "symbol": "LVR", "decimals": 6 });
    assert_eq!(account["balances"][0], lvr);
    let issued =
        on(&node.url, &alice, &["issue", "7 GOLD", "--decimals", "0", "--no-passphrase", "--yes"]).last();
    assert_eq!((issued["amount"]["asset"].as_str(), issued["state"].as_str()), (Some("2"), Some("mined")));
    assert_eq!(on(&node.url, &alice, &["balance"]).json()["balances"].as_array().unwrap().len(), 0);
    let address = on(&node.url, &alice, &["address"]).json();
    let unix = |name: &str| address[name]["unix"].as_u64().unwrap();
    assert_eq!(unix("payable_until") - unix("valid_until"), 400);

    std::fs::write(path("phrase"), words).unwrap();
    std::fs::write(path("passphrase"), "correct horse").unwrap();
    let restore = ["restore", "--phrase-file", &path("phrase"), "--passphrase-file", &path("passphrase")];
    on(&node.url, &again, &restore).json();
    let opened = on(&node.url, &again, &["account", "--passphrase-file", &path("passphrase")]).json();
    assert_eq!(opened["account"], account["account"]);
    let locked = on(&node.url, &again, &["account", "--no-passphrase"]);
    assert_eq!((locked.code, locked.error()["code"].as_str()), (6, Some("locked")));

    // The chain goes on where it stood.
    let height = on(&node.url, &alice, &["sync"]).json()["height"].clone();
    assert_eq!(node.stop(), 0);
    let node = Node::start(folder.path(), &[]);
    assert_eq!(on(&node.url, &alice, &["sync"]).json()["height"], height);
    let second =
        Node::start(&folder.path().join("other"), &["--epoch-seconds", "1000000", "--grace-seconds", "500"]);
    let stranger = on(&second.url, &alice, &["sync"]);
    assert_eq!((stranger.code, stranger.error()["code"].as_str()), (6, Some("other_chain")));
}

#[test]
fn refusals_name_their_reason() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &[]);
    let wallet = folder.path().join("wallet");
    let wallet = |arguments: &[&str]| {
        let place = ["wallet", "--json", "--node", &node.url, "--wallet", wallet.to_str().unwrap()];
        louver(&[&place[..], arguments].concat())
    };
    let code = |run: &Run| (run.code, run.error()["code"].as_str().unwrap().to_owned());
    assert_eq!(code(&wallet(&["balance"])), (5, "storage".to_owned()));
    wallet(&["create", "--no-passphrase"]).json();
    assert_eq!(wallet(&["create", "--no-passphrase"]).code, 5, "a wallet is not overwritten");
    let to = wallet(&["address"]).json()["address"].as_str().unwrap().to_owned();
    let pay = |amount: &str, to: &str| wallet(&["pay", amount, "--to", to, "--no-passphrase", "--yes"]);
    assert_eq!(code(&pay("1 LVR", &to)), (6, "insufficient_funds".to_owned()));
    assert_eq!(code(&pay("1.0000001 LVR", &to)), (3, "amount".to_owned()));
    assert_eq!(code(&pay("1 XYZ", &to)), (3, "amount".to_owned()));
    assert_eq!(code(&pay("1 LVR", &to.replace("lvr1", "lvr1q"))), (3, "address".to_owned()));
    let misplaced = pay("1 LVR", "AGE-SECRET-KEY-1QQQQQQQQ");
    assert_eq!(code(&misplaced), (3, "secret_misplaced".to_owned()));
    assert!(!misplaced.err.contains("QQQQ"), "{}", misplaced.err);
    let list = folder.path().join("list.csv");
    std::fs::write(&list, format!("address,amount\n{to},1 LVR\n{to},many LVR\n")).unwrap();
    let many = wallet(&["pay-many", list.to_str().unwrap(), "--no-passphrase", "--yes"]);
    assert!(many.error()["message"].as_str().unwrap().starts_with("line 3:"), "{}", many.err);
    std::fs::write(&list, format!("Amount;Address\r\n1,5 LVR;{to}\r\n\r\n1.50 LVR;{to}\r\n")).unwrap();
    let twice = wallet(&["pay-many", list.to_str().unwrap(), "--no-passphrase"]);
    assert!(
        twice.error()["message"].as_str().unwrap().starts_with("line 4 is the same payment as line 2"),
        "{}",
        twice.err
    );
    let wanted = wallet(&["pay-many", list.to_str().unwrap(), "--repeated", "--no-passphrase"]);
    assert_eq!(code(&wanted), (6, "insufficient_funds".to_owned()));
    let faucet = wallet(&["faucet", "1 XYZ", "--no-passphrase"]);
    assert_eq!(code(&faucet), (3, "amount".to_owned()));
    // Two processes cannot have one folder.
    let data = folder.path().join("chain");
    let twice = louver(&["node", "--json", "--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&twice), (5, "storage".to_owned()));
}

/// Attack: a node of another chain answers for the one that its follower chose, or names the hash itself.
#[test]
fn a_node_is_followed_by_the_hash_of_its_genesis_alone() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start_on_demand(folder.path());
    node.mine(3);
    let data = folder.path().join("copy");
    let follow = |hash: &[&str]| {
        let mut command = std::process::Command::new(crate::process::LOUVER);
        command.args(["node", "--json", "--listen", "127.0.0.1:0", "--follow", &node.url, "--data"]);
        command.arg(&data).args(hash);
        command
    };
    let refused = |hash: &[&str]| {
        let output = follow(hash).output().unwrap();
        assert!(!output.status.success() && !data.join("genesis").exists());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&[]).contains("--genesis-hash"));
    assert!(refused(&["--genesis-hash", &"00".repeat(32)]).contains(&node.genesis_hash));
    assert!(refused(&["--genesis-hash", "0"]).contains("64 hexadecimal digits"));
    let copy = Node::of(&mut follow(&["--genesis-hash", &node.genesis_hash]));
    let block = |node: &Node, height: u32| {
        let answer = ureq::get(format!("{}/v1/blocks/{height}", node.url)).call();
        answer.ok().and_then(|mut answer| answer.body_mut().read_to_vec().ok())
    };
    node.mine(1);
    let whole = block(&node, 4);
    assert!(whole.is_some());
    let until = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while block(&copy, 4) != whole {
        assert!(std::time::Instant::now() < until, "the copy does not follow");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(copy.stop(), 0);
    assert_eq!(node.stop(), 0);
}
