//! `[served-lies]`: the command behind somebody who lies about each field of each answer that it reads.

use louver_client::{
    api::path,
    testing::{Answer, Form, Liar, answers, byte_lies, lies, one_of_each_field, vouched_fields},
};
use serde_json::{Value, json};

use crate::process::{Node, Run, louver_in};

/// The words after `louver wallet --wallet NEW` or `--wallet ALICE` that read an answer; `None` if no wallet does.
///
/// A run costs some hundredths of a second, so of each field one lie is told, and of bytes some.
fn command(path: &str, pin: &str, account: &str) -> Option<(&'static str, Vec<String>)> {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let restore = "restore --no-passphrase --phrase-file phrase --birthday";
    Some(match path {
        path::STATUS | path::GENESIS | path::HEAD | path::ASSETS | path::COMPACT_BLOCKS | path::BLOCK => {
            ("new", words(&format!("{restore} 0")))
        }
        path::TREE => ("new", words(&format!("{restore} 1"))),
        path::HISTORY | path::AUTHORITIES => ("new", words(&format!("{restore} 0 --pin {pin}"))),
        path::ACCOUNT => ("alice", words("account")),
        path::ANNOUNCEMENTS => {
            ("alice", words(&format!("announcements log-head --by {account} --subject {}", "07".repeat(32))))
        }
        // The demonstration asks about its own node, and the books' snapshots are read by the library: its tests lie.
        path::SUPPLY | path::SNAPSHOTS | path::BUCKET => return None,
        // Nobody reads the first; followers read the second, and their tests lie.
        path::PARAMETERS | path::HEADERS => return None,
        // A key is taken by its hash: the key sets' tests lie.
        path::VERIFYING_KEY | path::PROVING_KEY => return None,
        other => panic!("nobody lies about {other} yet: say which command reads it"),
    })
}

/// Attacker: the operator of a node, who shows a payee money that is not there, or a payer other terms. The list of answers
/// and of their fields is that of the API's description.
#[test]
fn the_command_takes_no_lie() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start_on_demand(folder.path());
    let honest = |wallet: &str, words: &[&str]| -> Run {
        let start = ["wallet", "--json", "--node", &node.url, "--wallet", wallet];
        louver_in(folder.path(), &[&start[..], words].concat())
    };
    let made = honest("alice", &["create", "--no-passphrase"]).json();
    std::fs::write(folder.path().join("phrase"), made["phrase"].as_str().unwrap()).unwrap();
    let account = honest("alice", &["account"]).json()["account"].as_str().unwrap().to_owned();
    let faucet = json!({ "account": account, "asset": "1", "amount": "900000000" });
    ureq::post(format!("{}/v1/faucet", node.url)).send_json(faucet).unwrap();
    node.mine(1);
    // Nobody waits, as no block comes by itself.
    honest("alice", &["shield", "5 LVR", "--no-passphrase", "--yes", "--wait", "0"]);
    node.mine(1);
    let hash = "03".repeat(32);
    let subject = "07".repeat(32);
    honest(
        "alice",
        &["announce", "log-head", &hash, "--subject", &subject, "--no-passphrase", "--yes", "--wait", "0"],
    );
    node.mine(1);

    let ask = |url: &str| ureq::get(url).call().unwrap().body_mut().read_json::<Value>().unwrap();
    let description = ask(&format!("{}/v1/openapi.json", node.url));
    let status = ask(&format!("{}/v1/status", node.url));
    let pin = format!("{}:{}", status["height"], status["block_hash"].as_str().unwrap());
    let liar = Liar::before(&node.url);
    let run = |answer: &Answer| -> Option<Run> {
        let (wallet, words) = command(&answer.path, &pin, &account)?;
        let _ = std::fs::remove_file(folder.path().join("new"));
        let start = [
            "wallet",
            "--json",
            "--node",
            liar.url(),
            "--genesis-hash",
            &node.genesis_hash,
            "--wallet",
            wallet,
        ];
        let words = words.iter().map(String::as_str);
        Some(louver_in(folder.path(), &start.into_iter().chain(words).collect::<Vec<_>>()))
    };
    let mut runs = 0;
    for answer in answers(&description) {
        let Some(truth) = run(&answer) else { continue };
        assert_eq!(truth.code, 0, "{}: {}", answer.path, truth.err);
        assert!(answer.path != path::BLOCK || truth.json()["received"] == 1, "{}", truth.out);
        let heard = liar.heard();
        let (.., body) = heard.iter().find(|(_, path, _)| answer.is_at(path)).expect(&answer.path);
        let told = |what: &str, may_pass: bool| {
            let run = run(&answer).unwrap();
            let is_noticed = run.code != 0 || may_pass && run.out == truth.out;
            assert!(is_noticed, "{}: {what} was believed: {}", answer.path, run.out);
        };
        let before = runs;
        match &answer.form {
            Form::Json(schema) => {
                let honest = serde_json::from_slice(body).unwrap();
                let mut missed = vouched_fields(&description, schema);
                for lie in one_of_each_field(lies(&description, schema, &honest)) {
                    missed.remove(&lie.field);
                    let what = format!("{lie:?}");
                    liar.tells(&answer, move |body| {
                        let mut json = serde_json::from_slice(body).unwrap();
                        lie.tell(&mut json);
                        *body = json.to_string().into_bytes();
                    });
                    // Of genesis the bytes are read, whose hash was chosen, and nothing else.
                    told(&what, answer.path == path::GENESIS);
                    runs += 1;
                }
                // This chain has no auditors, and one form of schedule.
                missed.retain(|field| !field.starts_with("AuditorState.") && !field.starts_with("Schedule."));
                assert!(missed.is_empty(), "{}: no lie about {missed:?}", answer.path);
            }
            Form::Bytes => {
                for (number, lie) in byte_lies(body.len(), body.len() / 4 + 1).enumerate() {
                    liar.tells(&answer, move |body| lie(body));
                    told(&format!("number {number}"), false);
                    runs += 1;
                }
            }
        }
        assert!(runs > before, "{}", answer.path);
        liar.is_honest();
        assert_eq!(run(&answer).unwrap().code, 0, "{}", answer.path);
    }
    assert!(runs > 80, "{runs}");
}
