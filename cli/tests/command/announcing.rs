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
    let (first, second) = ("07".repeat(32), "08".repeat(32));
    // Nobody can be asked here, and nothing is published by a slip.
    let what = [&["announce", "reserves", &first][..], &about].concat();
    assert_eq!(debtor(&what).error()["code"], "usage");
    announce(&debtor, &first, &[]);
    let told = list(&debtor, &[]);
    assert_eq!((&told["count"], &told["announcements"][0]["hash"]), (&1.into(), &first.as_str().into()));
    assert_eq!(told["account"], account.as_str());
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
