//! Programs, libraries and tests for this machine, compiled once for all steps, with one profile and one set of features.
//!
//! Crates have the features that all crates of the workspace and their tests ask for together. A command that chooses
//! other crates, or leaves out what tests depend on, compiles half of them again.

use std::path::PathBuf;

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

/// Builds programs, libraries and examples, and returns the folder that they are in.
pub(crate) fn build() -> Result<PathBuf, String> {
    compile(&[])?;
    Ok(target()?.join("debug"))
}

/// Builds the same, and the tests.
pub(crate) fn step() -> Tally {
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
