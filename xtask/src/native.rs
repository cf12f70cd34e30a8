//! Programs, libraries and tests for this machine, compiled once for all steps, with one profile and one set of features.
//!
//! Crates have the features that all crates of the workspace and their tests ask for together. A command that chooses
//! other crates, or leaves out what tests depend on, compiles half of them again.

use std::{path::PathBuf, sync::OnceLock};

use serde_json::Value;

use crate::{
    process::{cargo, lines, output, run},
    tally::Tally,
};

/// Every crate, as `Cargo.lock` has it.
const ALL: [&str; 2] = ["--workspace", "--locked"];

/// Cargo's folder of built things.
pub(crate) fn target() -> Result<PathBuf, String> {
    let metadata = output(cargo(&["metadata", "--format-version", "1", "--no-deps", "--locked"]))?;
    let metadata: Value =
        serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    metadata["target_directory"].as_str().map(PathBuf::from).ok_or("cargo metadata names no folder".into())
}

/// Builds programs, libraries and examples, once in each run, and returns the folder that they are in. Later calls do
/// not ask cargo again, which waits for as long as another step compiles.
pub(crate) fn build() -> Result<PathBuf, String> {
    static BUILT: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    BUILT
        .get_or_init(|| {
            compile(&[])?;
            Ok(target()?.join("debug"))
        })
        .clone()
}

/// Builds programs, libraries and examples.
pub(crate) fn programs() -> Tally {
    Tally::one(build().map(drop))
}

/// Builds the tests.
pub(crate) fn tests() -> Tally {
    Tally::one(compile(&["--tests"]))
}

fn compile(more: &[&str]) -> Result<(), String> {
    run(cargo(&[&["build"], &ALL[..], &["--lib", "--bins", "--examples"], more].concat()))
}

/// Runs the tests that `arguments` choose.
pub(crate) fn test(arguments: &[&str]) -> Tally {
    let mut tally = Tally::default();
    let all = [&["test"], &ALL[..], &["--no-fail-fast"], arguments].concat();
    let result = lines(cargo(&all), |line| tally.read(line));
    // A build that fails, or a test that takes the process down, leaves no count behind.
    if let Err(complaint) = result {
        tally.failed = tally.failed.max(1);
        tally.complaints.push(complaint);
    }
    tally
}
