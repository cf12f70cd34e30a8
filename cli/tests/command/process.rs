//! Running the command, and a node.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

pub(crate) const LOUVER: &str = env!("CARGO_BIN_EXE_louver");

/// What a run of the command left behind.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the command to its end.
pub(crate) fn louver(arguments: &[&str]) -> Run {
    let output = Command::new(LOUVER).args(arguments).env_remove("LOUVER_NODE").output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Run {
    /// The one object on standard output.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap()
    }

    /// The error on standard error.
    pub(crate) fn error(&self) -> Value {
        assert_eq!(self.out, "");
        let said: Value = serde_json::from_str(&self.err).unwrap();
        assert!(!said["error"]["message"].as_str().unwrap().is_empty());
        said["error"].clone()
    }
}

/// A node on a free port.
pub(crate) struct Node {
    process: Child,
    pub(crate) url: String,
}

impl Node {
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut process = Command::new(LOUVER)
            .args(["node", "--json", "--listen", "127.0.0.1:0", "--interval", "0.05", "--data"])
            .arg(folder.join("chain"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: Value = serde_json::from_str(&line).unwrap();
        Self { process, url: said["url"].as_str().unwrap().to_owned() }
    }

    /// Asks it to stop, and gives its exit code.
    pub(crate) fn stop(mut self) -> i32 {
        let asked = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        assert!(asked.success());
        self.process.wait().unwrap().code().unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
