//! The story that the README tells command by command, as it stands there: on a terminal, with a reader who answers.

use std::path::Path;

use crate::{process::Node, terminal::on_a_terminal};

/// The blocks of the section that are told in `bash`.
fn script() -> String {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let section = page.split("\n## By hand\n").nth(1).expect("the section is there");
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```bash\n").skip(1).map(|block| block.split("```").next().unwrap());
    blocks.collect()
}

#[test]
#[ignore = "makes seven proofs, and their keys if there are none"]
fn the_readme_is_true() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &[]);
    let chosen = format!("export LOUVER_GENESIS_HASH={}\n", node.genesis_hash);
    let out = on_a_terminal(&(chosen + &script()), folder.path(), &node, &[]);
    for told in [
        "Rent, with thanks",
        "GUARANTEED",
        "constraints",
        "The grant's keys are proven to be the account's.",
        "Send this?",
    ] {
        assert!(out.contains(told), "{told:?} is missing in\n{out}");
    }
    assert!(!out.contains("UNEXPLAINED"), "{out}");
    assert_eq!(node.stop(), 0);
}
