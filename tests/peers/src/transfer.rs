//! The statement that all provers of the 2x3 comparisons prove, and its constraints in any field type.

use bellman::Circuit;
use bls12_381::Scalar;
use ff::PrimeField;

use louver_circuits::{
    linear::Wire,
    matrices::{Constraint, Matrices, Row},
    statement::Transfer,
};
use louver_core::{
    shape::Shape,
    statement::{
        TransferPublic, TransferWitness,
        examples::{Story, example},
    },
};
use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};

use crate::measure::Failure;

/// The shape of payments.
pub(crate) const SHAPE: Shape = Shape::TwoByThree;

/// A statement and its witness, the same in every process.
pub(crate) fn statement() -> (TransferPublic, TransferWitness) {
    example(SHAPE, Story::Payment, &mut ChaCha20Rng::seed_from_u64(1))
}

/// One side of a constraint: variables by number, the constant one first, then public inputs, then the others.
pub(crate) type Terms<F> = Vec<(usize, F)>;

/// The constraints of the statement with its satisfying assignment, over a peer's type for the same field.
pub(crate) struct Rows<F> {
    /// The constant one and the public inputs.
    pub(crate) inputs: Vec<F>,
    /// The other variables.
    pub(crate) aux: Vec<F>,
    /// The rows in A, B and C.
    pub(crate) constraints: Vec<[Terms<F>; 3]>,
}

impl<F> Rows<F> {
    /// The rows of [`statement`]. `convert` reads a little-endian field element.
    pub(crate) fn of_statement(convert: impl Fn([u8; 32]) -> Option<F>) -> Result<Self, Failure> {
        let (public, witness) = statement();
        let mut matrices = Matrices::with_witness();
        let circuit = Transfer::with_witness(SHAPE, &public, &witness);
        circuit.ok_or("the witness has another shape")?.synthesize(&mut matrices)?;
        if let Some(constraint) = matrices.first_violation() {
            return Err(format!("the example breaks {}", constraint.name).into());
        }
        let inputs = matrices.inputs().len();
        let element = |scalar: Scalar| convert(scalar.to_repr());
        let value = |wire| matrices.value(wire).and_then(element);
        let terms = |row: &Row| -> Option<Terms<F>> {
            row.iter().map(|(wire, factor)| Some((number(*wire, inputs), element(*factor)?))).collect()
        };
        let sides = |constraint: &Constraint| {
            let [a, b, c] = &constraint.sides;
            Some([terms(a)?, terms(b)?, terms(c)?])
        };
        let rows = || {
            Some(Self {
                inputs: (0..inputs).map(|index| value(Wire::Input(index))).collect::<Option<_>>()?,
                aux: (0..matrices.aux().len()).map(|index| value(Wire::Aux(index))).collect::<Option<_>>()?,
                constraints: matrices.rows().iter().map(sides).collect::<Option<_>>()?,
            })
        };
        rows().ok_or_else(|| "not an element of the peer's field".into())
    }
}

fn number(wire: Wire, inputs: usize) -> usize {
    match wire {
        Wire::Input(index) => index,
        Wire::Aux(index) => inputs + index,
    }
}
