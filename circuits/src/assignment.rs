//! Only the witness: the values of variables, and the value of each row of the matrices.
//!
//! A prover needs the vectors `A w`, `B w` and `C w` and the assignment `w`, not the matrices. Gadgets know the value
//! of every combination that they make, so a synthesis that keeps values and no terms gives all four; the matrices are
//! neither built nor multiplied.

use bellman::{Circuit, ConstraintSystem, LinearCombination, SynthesisError, Variable};
use ff::Field;
use louver_core::spec::Fr;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::linear::Wire;

/// A satisfying assignment of a circuit and what its rows come to. Wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Assignment {
    /// The public inputs, one first.
    pub(crate) inputs: Vec<Fr>,
    /// The other variables.
    pub(crate) aux: Vec<Fr>,
    /// `A w`, `B w` and `C w`, with the rows that Groth16 adds for public inputs.
    pub(crate) rows: [Vec<Fr>; 3],
}

impl Assignment {
    /// The assignment of a circuit that knows its witness, with room for `rows` constraints and `aux` variables.
    pub(crate) fn of(circuit: impl Circuit<Fr>, rows: usize, aux: usize) -> Result<Self, SynthesisError> {
        let room = || Vec::with_capacity(rows);
        let mut assignment =
            Self { inputs: vec![Fr::ONE], aux: Vec::with_capacity(aux), rows: [room(), room(), room()] };
        circuit.synthesize(&mut assignment)?;
        // The row of each public input, `x * 0 = 0`: without it an input that no constraint uses would be free.
        let [a, b, c] = &mut assignment.rows;
        a.extend_from_slice(&assignment.inputs);
        b.resize(a.len(), Fr::ZERO);
        c.resize(a.len(), Fr::ZERO);
        Ok(assignment)
    }

    /// Whether every constraint holds.
    pub(crate) fn is_satisfied(&self) -> bool {
        let [a, b, c] = &self.rows;
        a.iter().zip(b).zip(c).all(|((a, b), c)| a * b == *c)
    }

    fn evaluate(&self, combination: &LinearCombination<Fr>) -> Fr {
        // Gadgets hand over values, as multiples of one; anything else would be a circuit's own doing.
        let value = |variable: &Variable| match Wire::from_variable(*variable) {
            Wire::Input(index) => self.inputs.get(index),
            Wire::Aux(index) => self.aux.get(index),
        };
        let terms = combination.as_ref().iter();
        terms
            .map(|(variable, factor)| match Wire::from_variable(*variable) {
                Wire::ONE => *factor,
                _ => value(variable).map_or(Fr::ZERO, |value| value * factor),
            })
            .sum()
    }
}

impl ConstraintSystem<Fr> for Assignment {
    type Root = Self;

    fn alloc<F, A, AR>(&mut self, _: A, value: F) -> Result<Variable, SynthesisError>
    where
        F: FnOnce() -> Result<Fr, SynthesisError>,
        A: FnOnce() -> AR,
        AR: Into<String>,
    {
        self.aux.push(value()?);
        Ok(Wire::UNTRACKED.to_variable())
    }

    fn alloc_input<F, A, AR>(&mut self, _: A, value: F) -> Result<Variable, SynthesisError>
    where
        F: FnOnce() -> Result<Fr, SynthesisError>,
        A: FnOnce() -> AR,
        AR: Into<String>,
    {
        self.inputs.push(value()?);
        Ok(Wire::UNTRACKED.to_variable())
    }

    fn enforce<A, AR, LA, LB, LC>(&mut self, _: A, a: LA, b: LB, c: LC)
    where
        A: FnOnce() -> AR,
        AR: Into<String>,
        LA: FnOnce(LinearCombination<Fr>) -> LinearCombination<Fr>,
        LB: FnOnce(LinearCombination<Fr>) -> LinearCombination<Fr>,
        LC: FnOnce(LinearCombination<Fr>) -> LinearCombination<Fr>,
    {
        let zero = LinearCombination::zero;
        let values = [self.evaluate(&a(zero())), self.evaluate(&b(zero())), self.evaluate(&c(zero()))];
        for (row, value) in self.rows.iter_mut().zip(values) {
            row.push(value);
        }
    }

    fn push_namespace<NR, N>(&mut self, _: N)
    where
        NR: Into<String>,
        N: FnOnce() -> NR,
    {
    }

    fn pop_namespace(&mut self) {}

    fn get_root(&mut self) -> &mut Self {
        self
    }
}

/// Fails unless the values of a circuit with its witness are those that its matrices give, in the same places.
#[cfg(test)]
pub(crate) fn assert_agrees(circuit: impl Circuit<Fr> + Copy, name: &str) {
    let mut matrices = crate::matrices::Matrices::with_witness();
    circuit.synthesize(&mut matrices).unwrap();
    let assignment = Assignment::of(circuit, 0, 0).unwrap();
    assert!(assignment.is_satisfied(), "{name}");
    let value = |wire| matrices.value(wire).unwrap();
    let inputs: Vec<Fr> = (0..matrices.inputs().len()).map(Wire::Input).map(value).collect();
    assert!(assignment.inputs == inputs, "{name}");
    let aux: Vec<Fr> = (0..matrices.aux().len()).map(Wire::Aux).map(value).collect();
    assert!(assignment.aux == aux, "{name}");
    for side in 0..3 {
        let rows = matrices.rows().iter().map(|row| matrices.evaluate(&row.sides[side]).unwrap());
        let rows: Vec<Fr> = rows.collect();
        assert!(assignment.rows[side].starts_with(&rows), "{name}, side {side}");
        assert_eq!(assignment.rows[side].len(), rows.len() + inputs.len(), "{name}, side {side}");
    }
}

#[cfg(test)]
mod tests {
    use louver_core::{
        shape::Shape,
        statement::examples::{Story, example},
    };
    use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

    use super::*;
    use crate::statement::Transfer;

    /// The synthesis of values walks the same constraints and variables as that of matrices.
    #[test]
    fn agrees_with_the_matrices() {
        for (seed, shape) in (0..).zip(Shape::ALL) {
            for story in [Story::Payment, Story::Empty, Story::Withdrawal] {
                let (public, witness) = example(shape, story, &mut ChaCha8Rng::seed_from_u64(seed));
                let circuit = Transfer::with_witness(shape, &public, &witness).unwrap();
                assert_agrees(circuit, &format!("{shape} {story:?}"));
            }
        }
    }
}
