//! The story that the README tells command by command, as it stands there.

use std::{path::Path, process::Command};

use crate::process::{LOUVER, Node};

/// The blocks of the section that are told in `bash`.
fn script() -> String {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).unwrap();
    let section = page.split("\n## By hand\n").nth(1).expect("the section is there");
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```bash\n").skip(1).map(|block| block.split("```").next().unwrap());
    format!("set -euo pipefail\n{}", blocks.collect::<String>())
}

#[test]
#[ignore = "makes seven proofs, and their keys if there are none"]
fn the_readme_is_true() {
    let folder = tempfile::tempdir().unwrap();
    let node = Node::start(folder.path(), &[]);
    let commands = Path::new(LOUVER).parent().unwrap();
    let paths = format!("{}:{}", commands.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-c", &script()])
        .current_dir(folder.path())
        .env("PATH", paths)
        .env("LOUVER_NODE", &node.url)
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    for told in
        ["Rent, with thanks", "GUARANTEED", "constraints", "The grant's keys are proven to be the account's."]
    {
        assert!(out.contains(told), "{told:?} is missing in\n{out}");
    }
    assert!(!out.contains("UNEXPLAINED"), "{out}");
    assert_eq!(node.stop(), 0);
}
