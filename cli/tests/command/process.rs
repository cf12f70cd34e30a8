//! Running the command, and a node.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use serde_json::{Value, json};

pub(crate) const LOUVER: &str = env!("CARGO_BIN_EXE_louver");

/// The results of a run of the command.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the command to its end.
pub(crate) fn louver(arguments: &[&str]) -> Run {
    louver_in(Path::new("."), arguments)
}

/// Runs the command to its end in a folder, to which it writes evidence.
pub(crate) fn louver_in(folder: &Path, arguments: &[&str]) -> Run {
    let mut command = Command::new(LOUVER);
    let output = command.args(arguments).current_dir(folder).env_remove("LOUVER_NODE").output().unwrap();
    let run = Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    };
    if arguments.contains(&"--json") {
        run.is_as_its_schemas_say();
    } else if !arguments.contains(&"inspect") {
        run.is_dated();
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
            let elsewhere = ["louver.audit-report/", "louver.package-report/", "louver.statement/"];
            let schema = object["schema"].as_str().unwrap_or_else(|| panic!("no schema: {line}"));
            if elsewhere.iter().any(|start| schema.starts_with(start)) {
                continue;
            }
            let faults: Vec<String> = schemas().iter_errors(&object).map(|fault| fault.to_string()).collect();
            assert!(faults.is_empty(), "{line}: {faults:?}");
        }
    }

    /// People read dates: no epoch is called by its number.
    fn is_dated(&self) {
        for line in self.out.lines().chain(self.err.lines()) {
            let words: Vec<&str> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
            let numbered = words.windows(2).find(|pair| {
                pair[0].starts_with("epoch") && pair[1].starts_with(|first: char| first.is_ascii_digit())
            });
            assert!(numbered.is_none(), "an epoch by its number: {line}");
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
    pub(crate) running: Running,
    pub(crate) url: String,
    pub(crate) genesis_hash: String,
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
        let mut command = Command::new(LOUVER);
        command.args(["node", "--json", "--listen", "127.0.0.1:0", "--data"]).arg(folder.join("chain"));
        Self::of(command.args(arguments))
    }

    /// The node that a command line starts.
    pub(crate) fn of(command: &mut Command) -> Self {
        let (running, said) = Running::start(command);
        let text = |name: &str| said[name].as_str().unwrap().to_owned();
        Self { running, url: text("url"), genesis_hash: text("genesis_hash") }
    }

    /// Asks for blocks.
    pub(crate) fn mine(&self, count: u32) {
        ureq::post(format!("{}/v1/blocks", self.url)).send_json(json!({ "count": count })).unwrap();
    }

    /// Lets time pass on its chain, and makes a block.
    pub(crate) fn pass(&self, seconds: u64) {
        ureq::post(format!("{}/v1/blocks", self.url)).send_json(json!({ "pass": seconds })).unwrap();
    }

    /// Asks it to stop, and gives its exit code.
    pub(crate) fn stop(self) -> i32 {
        self.running.end("-TERM").0
    }
}

/// A process of the command that goes on. It is ended when this is dropped.
pub(crate) struct Running(Child);

impl Running {
    /// Starts it, and gives the object that it prints first.
    pub(crate) fn start(command: &mut Command) -> (Self, Value) {
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        (Self(process), serde_json::from_str(&line).unwrap())
    }

    pub(crate) fn id(&self) -> String {
        self.0.id().to_string()
    }

    /// Sends it a signal, and waits for its end.
    pub(crate) fn end(self, signal: &str) -> (i32, String) {
        assert!(Command::new("kill").args([signal, &self.id()]).status().unwrap().success());
        self.wait()
    }

    /// Waits for its end: its exit code, and what it wrote to standard error if that was kept.
    pub(crate) fn wait(mut self) -> (i32, String) {
        let mut said = String::new();
        if let Some(mut err) = self.0.stderr.take() {
            err.read_to_string(&mut said).unwrap();
        }
        (self.0.wait().unwrap().code().unwrap(), said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
