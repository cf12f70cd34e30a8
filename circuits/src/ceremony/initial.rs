//! `[ceremony-initial]`: the parameters of a circuit with gamma = delta = 1, from only its matrices and phase 1.

use thiserror::Error;

use super::{
    columns::{self, Columns, Distinct},
    lagrange,
    powers::Powers,
    work::{Cancelled, Work},
};
use crate::{
    curve::{Affine, G1, G1Affine, G2Affine, Group},
    matrices::Matrices,
    proving_key::Elements,
};

/// Why there are no parameters for a circuit.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum InitialError {
    /// The powers are for another domain than the circuit's.
    #[error("the circuit's domain is {needed}, the powers are for {found}")]
    Domain {
        /// The number that the circuit takes.
        needed: usize,
        /// The number that there is.
        found: usize,
    },
    /// A variable that no constraint binds.
    #[error("no constraint binds {0}")]
    Unbound(String),
    /// The watching caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// The units of work for a circuit, roughly.
pub(super) fn cost(system: &Matrices) -> u64 {
    let variables = system.inputs().len() + system.aux().len();
    lagrange::cost(system.domain()) * 5 + variables as u64 * 5 * columns::VARIABLE
}

/// The elements of a circuit's key before the first contribution of phase 2.
pub(super) fn elements(
    system: &Matrices,
    powers: &Powers,
    work: &mut Work<'_>,
) -> Result<Elements, InitialError> {
    let (needed, found) = (system.domain(), powers.domain());
    if needed != found {
        return Err(InitialError::Domain { needed, found });
    }
    let lagrange = Lagrange {
        tau_g1: lagrange::transform(&powers.tau_g1[..needed], work)?,
        tau_g2: lagrange::transform(&powers.tau_g2, work)?,
        alpha: lagrange::transform(&powers.alpha_tau, work)?,
        beta: lagrange::transform(&powers.beta_tau, work)?,
    };
    let input_rows = columns::input_rows(system);
    let rows = Distinct::all(system, &input_rows);
    let columns = Columns::of(system, &rows);
    let a = columns.query(|[a, _, _]| sum(&lagrange.tau_g1, a), work)?;
    let b_g1 = columns.query(|[_, b, _]| sum(&lagrange.tau_g1, b), work)?;
    let b_g2 = columns.query(|[_, b, _]| sum(&lagrange.tau_g2, b), work)?;
    let bound = |[a, b, c]: &[Vec<usize>; 3]| {
        let sums = [sum(&lagrange.beta, a), sum(&lagrange.alpha, b), sum(&lagrange.tau_g1, c)];
        sums[0].add(&sums[1]).add(&sums[2])
    };
    let mut ic = columns.query(bound, work)?;
    if let Some(index) = ic.iter().position(Affine::is_identity) {
        let name = system.inputs().iter().chain(system.aux()).nth(index);
        return Err(InitialError::Unbound(name.cloned().unwrap_or_default()));
    }
    let l = ic.split_off(system.inputs().len());
    // tau^i (tau^n - 1)
    let h = work.in_chunks(&powers.tau_g1[..needed - 1], 0, |start, chunk| {
        let difference = |(index, low): (usize, &G1Affine)| {
            G1::from(*low).neg().add_affine(&powers.tau_g1[start + index + needed])
        };
        let differences: Vec<G1> = chunk.iter().enumerate().map(difference).collect();
        Ok::<_, Cancelled>(G1::batch_to_affine(&differences))
    })?;
    Ok(Elements {
        alpha_g1: powers.alpha_tau[0],
        beta_g1: powers.beta_tau[0],
        beta_g2: powers.beta_g2,
        gamma_g2: G2Affine::generator(),
        delta_g1: G1Affine::generator(),
        delta_g2: G2Affine::generator(),
        ic,
        a,
        b_g1,
        b_g2,
        l,
        h,
    })
}

/// The Lagrange polynomials at tau, and times alpha and beta.
struct Lagrange {
    tau_g1: Vec<G1Affine>,
    tau_g2: Vec<G2Affine>,
    alpha: Vec<G1Affine>,
    beta: Vec<G1Affine>,
}

/// The sum of the points of constraints.
fn sum<A: Affine>(points: &[A], constraints: &[usize]) -> A::Group {
    constraints.iter().fold(A::Group::default(), |sum, constraint| sum.add_affine(&points[*constraint]))
}
