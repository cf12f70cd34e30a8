//! The command on a terminal, where somebody sits who answers.

use std::{path::Path, process::Command};

use crate::process::{LOUVER, Node};

/// Runs a script on a terminal: somebody has one passphrase, and says yes to everything. Gives what the terminal showed.
pub(crate) fn on_a_terminal(
    script: &str,
    folder: &Path,
    node: &Node,
    environment: &[(&str, &str)],
) -> String {
    let commands = Path::new(LOUVER).parent().unwrap();
    let paths = format!("{}:{}", commands.display(), std::env::var("PATH").unwrap());
    let output = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command/terminal.py"))
        .args(["bash", "-c", &format!("set -euo pipefail\n{script}")])
        .current_dir(folder)
        .env("PATH", paths)
        .env("LOUVER_NODE", &node.url)
        .env("TERM", "xterm")
        .env_remove("LOUVER_PASSPHRASE_FILE")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    out.replace('\r', "")
}

#[test]
fn passphrases_are_asked_for_and_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &[]);
    let shown = on_a_terminal(
        "louver wallet create\nlouver wallet phrase\nlouver wallet info\nlouver wallet balance",
        folder.path(),
        &node,
        &[],
    );
    for question in ["A new passphrase for the wallet: ", "The same again: ", "The wallet's passphrase: "] {
        assert_eq!(shown.matches(question).count(), 1, "{question}: {shown}");
    }
    assert!(!shown.contains("correct horse"), "{shown}");
    assert!(shown.contains("sealed with a passphrase"), "{shown}");
    let is_phrase = |line: &&str| line.split_whitespace().count() == 24;
    let phrases: Vec<&str> = shown.lines().map(str::trim).filter(is_phrase).collect();
    assert!(phrases.len() == 2 && phrases[0] == phrases[1], "{shown}");
}

#[test]
fn a_plain_terminal_gets_plain_text() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &[]);
    let script =
        "louver wallet create --no-passphrase\nlouver wallet faucet '1 LVR'\nlouver inspect key --check K";
    let key = concat!(env!("CARGO_MANIFEST_DIR"), "/../circuits/keys/development-2x3.vk");
    let script = script.replace('K', key);
    let coloured = on_a_terminal(&script, folder.path(), &node, &[]);
    assert!(coloured.contains("\x1b[32m"), "{coloured}");
    for plain in [("TERM", "dumb"), ("NO_COLOR", "1")] {
        std::fs::remove_file(folder.path().join("louver.wallet")).unwrap();
        let shown = on_a_terminal(&script, folder.path(), &node, &[plain]);
        assert!(!shown.contains("\x1b[3") && !shown.contains("\x1b[1m"), "{plain:?}: {shown}");
        assert!(plain.0 != "TERM" || !shown.contains('\x1b'), "{shown}");
    }
}

/// A chain is made by answering questions. A wrong answer is refused at once, and asked for again.
#[test]
fn the_questions_of_a_new_chain_are_answered() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &[]);
    std::fs::write(folder.path().join("taken"), "").unwrap();
    let answers = "The chain's name\ta name that is longer than any chain has\nThe chain's name\tmine\n\
                   The file for the genesis\ttaken\nThe file for the genesis\tmy.genesis";
    let shown = on_a_terminal("louver chain init", folder.path(), &node, &[("ANSWERS", answers)]);
    assert!(shown.contains("1 to 32 printable ASCII characters"), "{shown}");
    // The terms are shown before anything is written.
    let terms = shown.find("Genesis of mine").unwrap();
    assert!(
        terms < shown.find("Write it? [y/N]").unwrap() && shown.contains("The genesis is in my.genesis."),
        "{shown}"
    );
    assert!(folder.path().join("my.genesis").exists());
    assert_eq!(std::fs::read(folder.path().join("taken")).unwrap(), b"");

    let answers =
        "The chain's name\t\nA genesis cannot be changed\tn\nThe file for the genesis\tother.genesis";
    let script = "louver chain init && exit 1 || exit 0";
    let shown = on_a_terminal(script, folder.path(), &node, &[("ANSWERS", answers)]);
    assert!(shown.contains("Nothing was written"), "{shown}");
    assert!(!folder.path().join("other.genesis").exists());

    let answers =
        "Is the chain for development\tn\nThe folder with the keys\tnowhere\nThe folder with the keys\t\\x04";
    let shown = on_a_terminal(script, folder.path(), &node, &[("ANSWERS", answers)]);
    assert_eq!(shown.matches("The folder with the keys from a ceremony").count(), 2, "{shown}");
    assert!(shown.contains("nowhere") && shown.contains("the terminal was closed"), "{shown}");
}
