//! Files that take long to make and can be used again: peers' parameters and payments, beside Louver's own keys.

use std::{fs, path::PathBuf};

use louver_circuits::{cache::Cache, circuit::CircuitId, pins};
use louver_core::shape::Shape;

use crate::measure::Failure;

/// The file `name`, made if it does not exist. To change the contents of a file, change its name.
pub(crate) fn obtain(
    name: &str,
    make: impl FnOnce() -> Result<Vec<u8>, Failure>,
) -> Result<Vec<u8>, Failure> {
    let path = place(name)?;
    if let Ok(bytes) = fs::read(&path) {
        return Ok(bytes);
    }
    eprintln!("  making {}", path.display());
    let bytes = make()?;
    let partial = path.with_extension(format!("partial-{}", std::process::id()));
    fs::write(&partial, &bytes)?;
    fs::rename(&partial, &path)?;
    Ok(bytes)
}

fn place(name: &str) -> Result<PathBuf, Failure> {
    Ok(Cache::open_default()?.folder().join(format!("peers-{name}")))
}

/// The name of parameters that a peer made for the circuit that is timed.
pub(crate) fn parameters_of(peer: &str, shape: Shape) -> String {
    let circuit = CircuitId::from(shape);
    let hash = pins::of(circuit).circuit;
    format!("{peer}-{circuit}-{}.params", hash.get(..16).unwrap_or(hash))
}
