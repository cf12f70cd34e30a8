//! The demonstration, which checks itself.

use std::path::Path;

use serde_json::Value;

use crate::{
    native,
    process::{command, lines},
    tally::Tally,
};

/// Plays it with development keys.
pub(crate) fn step() -> Tally {
    Tally::one(native::build().and_then(|folder| play(&folder.join("louver"), &[])))
}

/// Plays it with a `louver` command; fails unless its last line says that everything was as expected.
pub(crate) fn play(louver: &Path, more: &[&str]) -> Result<(), String> {
    let mut last = String::new();
    lines(command(louver, &[&["demo", "--json"], more].concat()), |line| line.clone_into(&mut last))?;
    let told: Value = serde_json::from_str(&last)
        .map_err(|error| format!("the demonstration's last line is not JSON: {error}"))?;
    match told["ok"].as_bool() {
        Some(true) => Ok(()),
        _ => Err(format!("the demonstration's last line is not ok: {last}")),
    }
}
