//! Writes the pinned figures and the development verifying keys of every circuit, and fills the cache.
//!
//! Run it after a change of a circuit: `cargo run -p louver-circuits --example pin`. It makes everything anew that the
//! change affects, which takes seconds. Build again afterwards: the pins and the keys are compiled in.

use std::{error::Error, fmt::Write as _, fs, path::Path, sync::Arc};

use louver_circuits::{
    cache::Cache,
    circuit::CircuitId,
    figures::circuit_figures,
    parameters::{ParameterStore, ProvingKey},
    pins, verifying_key,
};
use louver_core::{disclosure::Statement, proof::Unwatched};

const HEAD: &str = r#"//! The pinned figures and development keys of every circuit. Written by `cargo run -p louver-circuits --example pin`.

use louver_core::{
    disclosure::{InputCount, Statement},
    shape::Shape,
};

use crate::circuit::CircuitId;

/// The pinned figures of a circuit. Hashes are BLAKE2b-256 in hexadecimal.
pub struct Pin {
    /// Constraints, with a row for each public input and the constant one.
    pub constraints: usize,
    /// The evaluation domain.
    pub domain: usize,
    /// Variables that are not public.
    pub aux: usize,
    /// `[circuit-pins]`
    pub circuit: &'static str,
    /// Of the file of development parameters.
    pub parameters: &'static str,
    /// Of the file of the development verifying key.
    pub verifying_key: &'static str,
}

/// The pins of a circuit.
pub const fn of(circuit: CircuitId) -> &'static Pin {
    match circuit {
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cache = Cache::open_default()?;
    let store = ParameterStore::new(cache.clone());
    let mut pins = HEAD.to_owned();
    for id in CircuitId::all() {
        let figures = circuit_figures(id)?;
        let circuit = hex::encode(figures.hash);
        // Anything that has not changed is not made again.
        let unchanged = circuit == pins::of(id).circuit;
        let key = match unchanged {
            true => store.development(id, &mut Unwatched)?,
            false => Arc::new(ProvingKey::generate_development(id)?),
        };
        let verifying = key.verifying_key_to_bytes();
        if !unchanged {
            cache.put(&format!("development-{id}-{}.key", &circuit[..16]), key.as_bytes())?;
        }
        fs::write(project.join("keys").join(format!("development-{id}.vk")), &verifying)?;
        let pattern = match id {
            CircuitId::Transfer(shape) => format!("CircuitId::Transfer(Shape::{shape:?})"),
            CircuitId::Disclosure(Statement::TransactionOpening(inputs)) => {
                format!("CircuitId::Disclosure(Statement::TransactionOpening(InputCount::{inputs:?}))")
            }
            CircuitId::Disclosure(statement) => format!("CircuitId::Disclosure(Statement::{statement:?})"),
        };
        writeln!(pins, "        {pattern} => &Pin {{")?;
        writeln!(pins, "            constraints: {},", separated(figures.constraints))?;
        writeln!(pins, "            domain: {},", separated(figures.domain))?;
        writeln!(pins, "            aux: {},", separated(figures.aux))?;
        writeln!(pins, "            circuit: \"{circuit}\",")?;
        writeln!(pins, "            parameters: \"{}\",", hex::encode(key.hash()))?;
        writeln!(pins, "            verifying_key: \"{}\",", hex::encode(verifying_key::hash(&verifying)))?;
        writeln!(pins, "        }},")?;
        println!("{id}: {} constraints, key of {} bytes", figures.constraints, key.as_bytes().len());
    }
    pins.push_str("    }\n}\n");
    fs::write(project.join("src").join("pins.rs"), pins)?;
    Ok(())
}

/// 16384 as `16_384`.
fn separated(number: usize) -> String {
    if number < 1000 {
        number.to_string()
    } else {
        format!("{}_{:03}", separated(number / 1000), number % 1000)
    }
}
