//! The demonstrations, which check themselves.

use std::{collections::BTreeSet, path::Path};

use serde_json::Value;

use crate::{
    native,
    process::{command, lines},
    tally::Tally,
};

/// The least number of kinds of forgeries that the story of disclosure has refused, each by a rule of its own.
const KINDS: usize = 40;

/// Plays both stories with development keys.
pub(crate) fn step() -> Tally {
    let mut tally = Tally::default();
    match native::build() {
        Ok(folder) => {
            let louver = folder.join("louver");
            tally.add(play(&louver, &[]));
            tally.add(play_audit(&louver));
        }
        Err(complaint) => tally.add(Err(complaint)),
    }
    tally
}

/// Plays the first story with a `louver` command; fails unless its last line says that everything was as expected.
pub(crate) fn play(louver: &Path, more: &[&str]) -> Result<(), String> {
    told(louver, &[&["demo", "--json"], more].concat(), &mut |_| ())
}

/// Plays the story of disclosure; fails unless it is ok, and refuses enough kinds of forgeries.
fn play_audit(louver: &Path) -> Result<(), String> {
    let mut kinds = BTreeSet::new();
    let mut count = |line: &Value| {
        if line["refused"] == true {
            kinds.extend(line["identifier"].as_str().map(str::to_owned));
        }
    };
    told(louver, &["demo", "audit", "--json"], &mut count)?;
    match kinds.len() {
        enough if enough >= KINDS => Ok(()),
        few => Err(format!(
            "the story of disclosure refuses {few} kinds of forgeries, and {KINDS} are the least"
        )),
    }
}

/// Gives every line of a demonstration to `each`, and checks the last.
fn told(louver: &Path, arguments: &[&str], each: &mut dyn FnMut(&Value)) -> Result<(), String> {
    let mut last = String::new();
    lines(command(louver, arguments), |line| {
        if let Ok(value) = serde_json::from_str(line) {
            each(&value);
        }
        line.clone_into(&mut last);
    })?;
    let told: Value = serde_json::from_str(&last)
        .map_err(|error| format!("the demonstration's last line is not JSON: {error}"))?;
    match told["ok"].as_bool() {
        Some(true) => Ok(()),
        _ => Err(format!("the demonstration's last line is not ok: {last}")),
    }
}
