//! Running the command, and a node.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

pub(crate) const LOUVER: &str = env!("CARGO_BIN_EXE_louver");

/// The results of a run of the command.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the command to its end.
pub(crate) fn louver(arguments: &[&str]) -> Run {
    let output = Command::new(LOUVER).args(arguments).env_remove("LOUVER_NODE").output().unwrap();
    let run = Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    if arguments.contains(&"--json") {
        run.is_as_its_schemas_say();
    }
    run
}

/// The schema for every object that the command prints.
fn schemas() -> &'static jsonschema::Validator {
    static SCHEMAS: OnceLock<jsonschema::Validator> = OnceLock::new();
    SCHEMAS.get_or_init(|| {
        let document = include_str!("../../../spec/schemas/command.json");
        jsonschema::validator_for(&serde_json::from_str(document).unwrap()).unwrap()
    })
}

impl Run {
    /// Every object of either stream is one of the book's schemas, or says that it is of another document's.
    fn is_as_its_schemas_say(&self) {
        for line in self.out.lines().chain(self.err.lines().filter(|line| line.starts_with('{'))) {
            let object: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            let elsewhere = ["louver.audit-report/", "louver.disclosure-report/", "louver.package-report/"];
            let schema = object["schema"].as_str().unwrap_or_else(|| panic!("no schema: {line}"));
            if elsewhere.iter().any(|start| schema.starts_with(start)) {
                continue;
            }
            let faults: Vec<String> = schemas().iter_errors(&object).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{line}: {faults:?}");
        }
    }

    /// The one object on standard output.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap()
    }

    /// The objects on standard output, one a line.
    pub(crate) fn objects(&self) -> Vec<Value> {
        assert_eq!(self.code, 0, "{}", self.err);
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The last of them.
    pub(crate) fn last(&self) -> Value {
        self.objects().pop().unwrap()
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
        Self::run(folder, &[&["--interval", "0.05"], arguments].concat())
    }

    /// One whose blocks come when they are asked for.
    pub(crate) fn start_on_demand(folder: &Path) -> Self {
        Self::run(folder, &["--on-demand"])
    }

    fn run(folder: &Path, arguments: &[&str]) -> Self {
        let mut process = Command::new(LOUVER)
            .args(["node", "--json", "--listen", "127.0.0.1:0", "--data"])
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
