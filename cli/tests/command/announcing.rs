//! Announcements: published by one account, and held against it.

use std::path::Path;

use crate::process::{Node, Run, louver};

/// The wallet in a folder under a name, with money on its transparent account.
fn wallet(folder: &Path, node: &Node, name: &str) -> impl Fn(&[&str]) -> Run {
    let file = folder.join(name).display().to_string();
    let place = ["wallet", "--json", "--node", &node.url, "--wallet", &file].map(str::to_owned);
    let run = move |arguments: &[&str]| {
        let place: Vec<&str> = place.iter().map(String::as_str).collect();
        louver(&[&place[..], arguments].concat())
    };
    run(&["create", "--no-passphrase"]).json();
    assert_eq!(run(&["faucet", "10 LVR", "--wait", "0"]).code, 0);
    node.mine(1);
    run
}

/// Attacker: a debtor who publishes one root of what he owes for some customers and another for others; and a stranger who
/// publishes a root in the debtor's stead.
#[test]
fn a_second_root_is_noticed_and_a_strangers_is_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start_on_demand(folder.path());
    let (debtor, stranger) =
        (wallet(folder.path(), &node, "debtor"), wallet(folder.path(), &node, "stranger"));
    let account = debtor(&["account"]).json()["account"].as_str().unwrap().to_owned();
    let id = debtor(&["info"]).json()["accounts"][0]["account_id"].as_str().unwrap().to_owned();
    let about = ["--asset", "LVR", "--snapshot", "3"];
    let announce = |wallet: &dyn Fn(&[&str]) -> Run, hash: &str, more: &[&str]| {
        let what = [&["announce", "reserves", hash][..], &about, more].concat();
        let sent = wallet(&[&what[..], &["--yes", "--wait", "0"]].concat());
        assert_eq!(sent.code, 0, "{}", sent.err);
        assert_eq!(sent.last()["kind"], "announcement");
        node.mine(1);
    };
    let list = |wallet: &dyn Fn(&[&str]) -> Run, more: &[&str]| {
        wallet(&[&["announcements", "reserves"][..], &about, more].concat()).json()
    };
    assert_eq!(list(&debtor, &[])["count"], 0);
    let path = |name: &str| folder.path().join(name).display().to_string();
    // The debts to three, and the same without one of them.
    let tree = |name: &str, list: &str| {
        std::fs::write(path("owed.csv"), list).unwrap();
        let made = ["reserves", &path("owed.csv"), "--asset", "LVR", "--snapshot", "3", "--out", &path(name)];
        let made = debtor(&made).json();
        let root = made["root"].as_str().unwrap().to_owned();
        (root, made)
    };
    let (first, owed) = tree("owed", "customer,amount\n7001,12.5\n7002,3\n7003,0.5\n");
    let (second, _) = tree("less", "customer,amount\n7002,3\n7003,0.5\n");
    assert_eq!((&owed["customers"], &owed["total"]), (&3.into(), &"16000000".into()));
    let inclusion = |file: &str, name: &str, by: &str| {
        let chosen = ["--by", by, "--node", &node.url, "--genesis-hash", &node.genesis_hash, "--json"];
        louver(&[&["audit", "inclusion", &path(file), "--name", name][..], &chosen].concat())
    };
    let mine = "owed/000001.inclusion";
    assert!(
        inclusion(mine, "7001", &account).error()["message"].as_str().unwrap().contains("published no root")
    );
    // Nobody can be asked here, and nothing is published by a slip.
    let what = [&["announce", "reserves", &first][..], &about].concat();
    assert_eq!(debtor(&what).error()["code"], "usage");
    announce(&debtor, &first, &[]);
    let told = list(&debtor, &[]);
    assert_eq!((&told["count"], &told["announcements"][0]["hash"]), (&1.into(), &first.as_str().into()));
    assert_eq!(told["account"], account.as_str());
    let counted = inclusion(mine, "7001", &account).json();
    assert_eq!(
        (&counted["counted"], &counted["total"], &counted["assurance"]),
        (&"12500000".into(), &"16000000".into(), &"guaranteed".into())
    );
    // A statement of something else backs no debts, and a customer's file is not a total.
    let address = debtor(&["address"]).json()["address"].as_str().unwrap().to_owned();
    debtor(&["prove", "address", &address, "--to", "Smith", "--yes", "--out", &path("own.statement")]).last();
    let backed = |total: &str| {
        let files = ["audit", "reserves", &path(total), &path("own.statement")];
        louver(&[&files[..], &["--by", &account, "--node", &node.url, "--json"]].concat()).error()
    };
    let refused = backed("owed/total");
    assert_eq!(refused["code"], "not_verified");
    assert!(refused["message"].as_str().unwrap().contains("says nothing of holdings"), "{refused}");
    assert!(backed(mine)["message"].as_str().unwrap().contains("is not the total"));
    // Another customer's file says nothing of one's own balance, and a tree that was not published counts for nobody.
    assert_eq!(inclusion(mine, "7002", &account).error()["code"], "not_verified");
    let other = inclusion("less/000001.inclusion", "7002", &account).error();
    assert!(other["message"].as_str().unwrap().contains("another root"), "{other}");
    // A customer who holds the debtor to it names him and his account of the pool.
    let by = ["--by", &account, "--account-id", &id];
    assert_eq!(list(&stranger, &by), told);
    // A stranger's root about the same stands under the stranger.
    announce(&stranger, &second, &["--account-id", &id]);
    let theirs = stranger(&["account"]).json()["account"].as_str().unwrap().to_owned();
    assert_eq!(list(&stranger, &by)["announcements"], told["announcements"]);
    assert_eq!(
        list(&stranger, &["--by", &theirs, "--account-id", &id])["announcements"][0]["hash"],
        second.as_str()
    );
    // A second one shows.
    announce(&debtor, &second, &[]);
    let told = list(&stranger, &by);
    assert_eq!((&told["count"], told["announcements"].as_array().unwrap().len()), (&2.into(), 2));
    assert_ne!(told["announcements"][0], told["announcements"][1]);
    let refused = inclusion(mine, "7001", &account).error();
    assert_eq!(refused["code"], "not_verified");
    assert!(refused["message"].as_str().unwrap().starts_with("CONTRADICTION"), "{refused}");

    // A subject that is not named, or a text that is not a hash, is refused before anything is done.
    for wrong in [
        &["announce", "reserves", &first, "--yes"][..],
        &["announce", "log-head", &first, "--yes"],
        &["announce", "rumour", &first, "--yes"],
        &["announce", "log-head", "07", "--subject", &first, "--yes"],
        &["announcements", "log-head", "--subject", "07"],
    ] {
        assert!([2, 3].contains(&debtor(wrong).code), "{wrong:?}");
    }
}
