use louver_circuits::{circuit::CircuitId, figures::circuit_figures};

use super::Facts;
use crate::exit::Failure;

/// The figures of a circuit, counted now: of a shape of the transfer statement, or of a disclosure statement.
pub(super) fn facts(name: &str) -> Result<Facts, Failure> {
    let circuit = CircuitId::from_name(name).ok_or_else(|| {
        let names = CircuitId::all().map(CircuitId::name).collect::<Vec<_>>().join(", ");
        Failure::input(format!("no circuit is called {name}; there are {names}"))
    })?;
    let figures = circuit_figures(circuit).map_err(Failure::input)?;
    let mut facts = Facts::of("circuit").with("shape", circuit.name());
    if let CircuitId::Transfer(shape) = circuit {
        facts = facts.with("inputs", shape.inputs()).with("outputs", shape.outputs());
    }
    Ok(facts
        .with("constraints", figures.constraints)
        .with("domain", figures.domain)
        .with("aux", figures.aux)
        .with("hash", hex::encode(figures.hash))
        .with("public_inputs", figures.public_inputs))
}
