//! The figures of a circuit: what a verifying key stands for, in a form that anyone can recompute.

use bellman::{Circuit, SynthesisError};
use ff::PrimeField;
use louver_core::spec::Fr;

use crate::{circuit::CircuitId, matrices::Matrices};

/// The size of a circuit, its public inputs, and the hash of its constraints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CircuitFigures {
    /// Constraints, with the row that Groth16 adds for each public input and for the constant one.
    pub constraints: usize,
    /// The evaluation domain: the least power of two that holds the constraints.
    pub domain: usize,
    /// The public inputs by name, in the order in which a verifier takes them.
    pub public_inputs: Vec<String>,
    /// Variables that are not public.
    pub aux: usize,
    /// `[circuit-pins]`: BLAKE2b-256 over the constraint system.
    pub hash: [u8; 32],
}

/// The figures of a circuit that there are keys for.
pub fn circuit_figures(circuit: impl Into<CircuitId>) -> Result<CircuitFigures, SynthesisError> {
    figures_of(circuit.into())
}

/// The figures of any circuit.
pub fn figures_of(circuit: impl Circuit<Fr>) -> Result<CircuitFigures, SynthesisError> {
    let mut system = Matrices::without_witness();
    circuit.synthesize(&mut system)?;
    Ok(CircuitFigures {
        constraints: system.constraints() + system.inputs().len(),
        domain: system.domain(),
        public_inputs: system.inputs()[1..].to_vec(),
        aux: system.aux().len(),
        hash: hash(&system),
    })
}

/// `[circuit-pins]`, personalised `LouverCircuit`: the number of public inputs (with the constant one), of auxiliary
/// variables and of constraints as u32; then for each constraint its rows in A, B and C, each as the number of terms
/// (u32) and for each term the variable (u32; auxiliary ones follow the inputs) and the coefficient (32 bytes). Terms
/// are in order of variables. Integers and field elements are little-endian; the rows of public inputs, the same in
/// every circuit, are left out.
pub(crate) fn hash(system: &Matrices) -> [u8; 32] {
    let mut state = blake2b_simd::Params::new().hash_length(32).personal(b"LouverCircuit\0\0\0").to_state();
    let inputs = system.inputs().len();
    // Circuits have far fewer than 2^32 variables: their domain is at most 2^32 in this field.
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    for number in [inputs, system.aux().len(), system.constraints()] {
        state.update(&count(number));
    }
    for row in system.rows().iter().flat_map(|constraint| &constraint.sides) {
        state.update(&count(row.len()));
        for (wire, coefficient) in row {
            state.update(&count(wire.number(inputs)));
            state.update(&coefficient.to_repr());
        }
    }
    let mut hash = [0u8; 32];
    hash.copy_from_slice(state.finalize().as_bytes());
    hash
}

#[cfg(test)]
mod tests {
    use louver_core::shape::Shape;

    use super::*;
    use crate::pins;

    #[test]
    fn figures_are_pinned() {
        for circuit in CircuitId::all() {
            let figures = circuit_figures(circuit).unwrap();
            let pin = pins::of(circuit);
            let found = (figures.constraints, figures.domain, figures.aux, hex::encode(figures.hash));
            assert_eq!(found, (pin.constraints, pin.domain, pin.aux, pin.circuit.to_owned()), "{circuit}");
            assert_eq!(figures.public_inputs, circuit.public_input_names(), "{circuit}");
            assert_eq!(figures.public_inputs.len(), circuit.public_inputs(), "{circuit}");
        }
    }

    #[test]
    fn the_default_shape_fits_its_domain() {
        let figures = circuit_figures(Shape::TwoByThree).unwrap();
        assert!(figures.constraints < 16_384);
    }
}
