//! `[development-keys]`: proving keys from a trapdoor that is known, here from a public seed.
//!
//! With the trapdoor at hand every element is a scalar times a generator: the circuit's polynomials are evaluated at
//! `tau` in the field, and one table for each group multiplies. The result is what the `groth16` crate makes of the same
//! trapdoor, as a test sees to.

use bellman::SynthesisError;
use ff::Field;
use louver_core::spec::{Fr, b32};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use rayon::prelude::*;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    circuit::CircuitId,
    curve::{Affine, G1Affine, G2Affine, root_of_unity},
    key_file::Provenance,
    matrices::{Matrices, Row},
    parameters::ParameterError,
    proving_key::{
        ProvingKey,
        elements::{Elements, ElementsError},
    },
};

mod fixed_base;

use fixed_base::FixedBase;

/// The secrets behind a key: who knows them can forge proofs.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Trapdoor {
    alpha: Fr,
    beta: Fr,
    gamma: Fr,
    delta: Fr,
    tau: Fr,
}

impl Trapdoor {
    /// The trapdoor of the development keys of a circuit, in the order of the fields, each from 64 bytes of ChaCha20 by
    /// wide reduction. The seed is the hash of the circuit's name.
    fn development(circuit: CircuitId) -> Self {
        let mut stream = ChaCha20Rng::from_seed(b32(b"LouverDevKeys", &[circuit.name().as_bytes()]));
        let mut next = || {
            let mut wide = [0u8; 64];
            stream.fill_bytes(&mut wide);
            let scalar = Fr::from_bytes_wide(&wide);
            wide.zeroize();
            scalar
        };
        Self { alpha: next(), beta: next(), gamma: next(), delta: next(), tau: next() }
    }
}

#[cfg(test)]
impl Trapdoor {
    /// Some trapdoor, by number.
    pub(crate) fn of(number: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(number);
        let mut next = || Fr::random(&mut rng);
        Self { alpha: next(), beta: next(), gamma: next(), delta: next(), tau: next() }
    }
}

impl ProvingKey {
    /// Makes the development key of a circuit, and checks every point of it. Takes seconds, on all cores.
    pub fn generate_development(circuit: impl Into<CircuitId>) -> Result<Self, ParameterError> {
        let circuit = circuit.into();
        let elements = generate(circuit, &Trapdoor::development(circuit)).map_err(ElementsError::from)?;
        Ok(elements.to_key(circuit, Provenance::Development)?)
    }
}

/// The elements that a trapdoor gives a circuit.
pub(crate) fn generate(
    circuit: impl bellman::Circuit<Fr>,
    trapdoor: &Trapdoor,
) -> Result<Elements, SynthesisError> {
    let mut system = Matrices::without_witness();
    circuit.synthesize(&mut system)?;
    let inputs = system.inputs().len();
    let log2 = system.domain().trailing_zeros();
    let gamma_inverse = invert(trapdoor.gamma)?;
    let delta_inverse = invert(trapdoor.delta)?;
    let vanishing = (0..log2).fold(trapdoor.tau, |power, _| power.square()) - Fr::ONE;
    let lagrange = lagrange(log2, trapdoor.tau, vanishing)?;
    let at_tau = AtTau::evaluate(&system, &lagrange);

    let mut both = at_tau.combine(trapdoor.alpha, trapdoor.beta);
    both[..inputs].iter_mut().for_each(|value| *value *= gamma_inverse);
    both[inputs..].iter_mut().for_each(|value| *value *= delta_inverse);
    if both[inputs..].iter().any(|value| bool::from(value.is_zero())) {
        return Err(SynthesisError::UnconstrainedVariable);
    }
    let powers = core::iter::successors(Some(vanishing * delta_inverse), |power| Some(power * trapdoor.tau));
    let powers: Vec<Fr> = powers.take((1 << log2) - 1).collect();

    let g1 = FixedBase::new(G1Affine::generator());
    let single_g1 = g1.multiply(&[trapdoor.alpha, trapdoor.beta, trapdoor.delta]);
    let a = g1.multiply(&at_tau.a);
    let b_g1 = g1.multiply(&at_tau.b);
    let ic = g1.multiply(&both[..inputs]);
    let l = g1.multiply(&both[inputs..]);
    let h = g1.multiply(&powers);
    drop(g1);
    let g2 = FixedBase::new(G2Affine::generator());
    let single_g2 = g2.multiply(&[trapdoor.beta, trapdoor.gamma, trapdoor.delta]);
    let b_g2 = g2.multiply(&at_tau.b);
    let ([alpha_g1, beta_g1, delta_g1], [beta_g2, gamma_g2, delta_g2]) = (&single_g1[..], &single_g2[..])
    else {
        return Err(SynthesisError::UnexpectedIdentity);
    };
    let (alpha_g1, beta_g1, delta_g1) = (*alpha_g1, *beta_g1, *delta_g1);
    let (beta_g2, gamma_g2, delta_g2) = (*beta_g2, *gamma_g2, *delta_g2);
    Ok(Elements { alpha_g1, beta_g1, beta_g2, gamma_g2, delta_g1, delta_g2, ic, a, b_g1, b_g2, l, h })
}

/// The polynomials of the matrices at `tau`, by variable: inputs first, the constant one being 0.
struct AtTau {
    a: Vec<Fr>,
    b: Vec<Fr>,
    c: Vec<Fr>,
}

impl AtTau {
    fn evaluate(system: &Matrices, lagrange: &[Fr]) -> Self {
        let inputs = system.inputs().len();
        let variables = inputs + system.aux().len();
        let column = |row: &Row, values: &mut [Fr], at_tau: Fr| {
            for (wire, coefficient) in row {
                values[wire.number(inputs)] += *coefficient * at_tau;
            }
        };
        let zero = || vec![Fr::ZERO; variables];
        let mut sides = [zero(), zero(), zero()];
        for (constraint, at_tau) in system.rows().iter().zip(lagrange) {
            for (row, values) in constraint.sides.iter().zip(&mut sides) {
                column(row, values, *at_tau);
            }
        }
        let [mut a, b, c] = sides;
        // A row `x * 0 = 0` for each public input: without it, an input that no constraint holds would be free.
        for (value, at_tau) in a.iter_mut().zip(&lagrange[system.constraints()..]).take(inputs) {
            *value += at_tau;
        }
        Self { a, b, c }
    }

    /// `beta A_i + alpha B_i + C_i`.
    fn combine(&self, alpha: Fr, beta: Fr) -> Vec<Fr> {
        let rows = self.a.par_iter().zip(&self.b).zip(&self.c);
        rows.map(|((a, b), c)| beta * a + alpha * b + c).collect()
    }
}

/// The Lagrange polynomials of the domain at `tau`: `z / n * w^i / (tau - w^i)`, where `z = tau^n - 1` is not 0.
fn lagrange(log2: u32, tau: Fr, vanishing: Fr) -> Result<Vec<Fr>, SynthesisError> {
    let root = root_of_unity(log2).ok_or(SynthesisError::PolynomialDegreeTooLarge)?;
    let roots: Vec<Fr> =
        core::iter::successors(Some(Fr::ONE), |power| Some(power * root)).take(1 << log2).collect();
    let factor = vanishing * invert(Fr::from(1u64 << log2))?;
    let parts: Result<Vec<Vec<Fr>>, SynthesisError> = roots
        .par_chunks(1024)
        .map(|roots| {
            let inverses = invert_all(&roots.iter().map(|root| tau - root).collect::<Vec<_>>())?;
            Ok(roots.iter().zip(inverses).map(|(root, inverse)| factor * root * inverse).collect())
        })
        .collect();
    Ok(parts?.concat())
}

/// The inverses of many scalars, with one inversion for all.
fn invert_all(values: &[Fr]) -> Result<Vec<Fr>, SynthesisError> {
    let mut product = Fr::ONE;
    let mut inverses: Vec<Fr> = values
        .iter()
        .map(|value| {
            let before = product;
            product *= value;
            before
        })
        .collect();
    let mut inverse = invert(product)?;
    for (place, value) in inverses.iter_mut().zip(values).rev() {
        *place *= inverse;
        inverse *= value;
    }
    Ok(inverses)
}

fn invert(value: Fr) -> Result<Fr, SynthesisError> {
    Option::from(value.invert()).ok_or(SynthesisError::UnexpectedIdentity)
}

#[cfg(test)]
mod tests;
