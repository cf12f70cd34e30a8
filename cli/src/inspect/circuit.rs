use louver_circuits::figures::circuit_figures;
use louver_core::shape::Shape;

use super::Facts;
use crate::exit::Failure;

/// The figures of a shape's circuit, counted now.
pub(super) fn facts(name: &str) -> Result<Facts, Failure> {
    let shape: Shape = name.parse().map_err(Failure::input)?;
    let figures = circuit_figures(shape).map_err(Failure::input)?;
    Ok(Facts::default()
        .with("shape", shape.name())
        .with("inputs", shape.inputs())
        .with("outputs", shape.outputs())
        .with("constraints", figures.constraints)
        .with("domain", figures.domain)
        .with("aux", figures.aux)
        .with("hash", hex::encode(figures.hash))
        .with("public_inputs", figures.public_inputs))
}
