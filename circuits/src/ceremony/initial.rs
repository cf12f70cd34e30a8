//! `[ceremony-initial]`: the parameters of a circuit with gamma = delta = 1, from its matrices and phase 1 alone.
//!
//! A row of a circuit's matrices often stands in several places: the input of an S-box is both factors of a product,
//! and one factor of the next. So the Lagrange points of all places of a row are added first, and only the sums are
//! multiplied by the row's coefficients.

use std::collections::HashMap;

use louver_core::spec::{Fr, b32};
use rayon::prelude::*;
use thiserror::Error;

use super::{
    lagrange,
    powers::Powers,
    work::{Cancelled, Work},
};
use crate::{
    curve::{Affine, G1, G1Affine, G2Affine, Group},
    linear::Wire,
    matrices::{Matrices, Row},
};

/// Why there are no parameters for a circuit.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum InitialError {
    /// The powers are for another domain than the circuit's.
    #[error("the circuit's domain is {needed}, the powers are for {found}")]
    Domain {
        /// What the circuit takes.
        needed: usize,
        /// What there is.
        found: usize,
    },
    /// A variable that no constraint binds.
    #[error("no constraint binds {0}")]
    Unbound(String),
    /// Whoever watches asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// The parameters of a circuit before the first contribution of phase 2. `a`, `b_g1` and `b_g2` have one element for
/// every variable, public inputs first; the identity where the variable is in no row of the matrix.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Initial {
    pub(super) alpha_g1: G1Affine,
    pub(super) beta_g1: G1Affine,
    pub(super) beta_g2: G2Affine,
    pub(super) ic: Vec<G1Affine>,
    pub(super) a: Vec<G1Affine>,
    pub(super) b_g1: Vec<G1Affine>,
    pub(super) b_g2: Vec<G2Affine>,
    pub(super) l: Vec<G1Affine>,
    pub(super) h: Vec<G1Affine>,
}

/// The evaluation domain of a circuit: its constraints, and one more for each public input and the constant one.
pub(super) fn domain(system: &Matrices) -> usize {
    (system.constraints() + system.inputs().len()).next_power_of_two().max(2)
}

/// The units of work for a variable, roughly.
const VARIABLE: u64 = 8;

/// The units of work for a circuit, roughly.
pub(super) fn cost(system: &Matrices) -> u64 {
    lagrange::cost(domain(system)) * 5 + (system.inputs().len() + system.aux().len()) as u64 * VARIABLE
}

impl Initial {
    pub(super) fn compute(
        system: &Matrices,
        powers: &Powers,
        work: &mut Work<'_>,
    ) -> Result<Self, InitialError> {
        let (needed, found) = (domain(system), powers.domain());
        if needed != found {
            return Err(InitialError::Domain { needed, found });
        }
        let lagrange = Lagrange {
            tau_g1: lagrange::transform(&powers.tau_g1[..needed], work)?,
            tau_g2: lagrange::transform(&powers.tau_g2, work)?,
            alpha: lagrange::transform(&powers.alpha_tau, work)?,
            beta: lagrange::transform(&powers.beta_tau, work)?,
        };
        let input_rows = input_rows(system);
        let rows = Distinct::all(system, &input_rows);
        let sums = Sums::of(&rows, &lagrange);
        let columns = columns(system, &rows);
        let found =
            work.in_chunks(&columns, VARIABLE, |_, chunk| Ok::<_, Cancelled>(sums.evaluate(chunk)))?;
        let mut queries = Queries::default();
        for (index, (a, b_g1, b_g2, bound)) in found.into_iter().enumerate() {
            if bound.is_identity() {
                let inputs = system.inputs();
                let name = inputs.get(index).or_else(|| system.aux().get(index - inputs.len()));
                return Err(InitialError::Unbound(name.cloned().unwrap_or_default()));
            }
            queries.a.push(a);
            queries.b_g1.push(b_g1);
            queries.b_g2.push(b_g2);
            queries.bound.push(bound);
        }
        let l = queries.bound.split_off(system.inputs().len());
        // tau^i (tau^n - 1)
        let h = work.in_chunks(&powers.tau_g1[..needed - 1], 0, |start, chunk| {
            let difference = |(index, low): (usize, &G1Affine)| {
                G1::from(*low).neg().add_affine(&powers.tau_g1[start + index + needed])
            };
            let differences: Vec<G1> = chunk.iter().enumerate().map(difference).collect();
            Ok::<_, Cancelled>(G1::batch_to_affine(&differences))
        })?;
        Ok(Self {
            alpha_g1: powers.alpha_tau[0],
            beta_g1: powers.beta_tau[0],
            beta_g2: powers.beta_g2,
            ic: queries.bound,
            a: queries.a,
            b_g1: queries.b_g1,
            b_g2: queries.b_g2,
            l,
            h,
        })
    }
}

#[derive(Default)]
struct Queries {
    a: Vec<G1Affine>,
    b_g1: Vec<G1Affine>,
    b_g2: Vec<G2Affine>,
    /// `beta A + alpha B + C`.
    bound: Vec<G1Affine>,
}

/// The Lagrange polynomials at tau, and times alpha and beta.
struct Lagrange {
    tau_g1: Vec<G1Affine>,
    tau_g2: Vec<G2Affine>,
    alpha: Vec<G1Affine>,
    beta: Vec<G1Affine>,
}

/// A row that stands in one place or more, and where: constraints by matrix.
struct Distinct<'a> {
    row: &'a Row,
    places: [Vec<usize>; 3],
}

impl<'a> Distinct<'a> {
    /// The rows of all constraints, those of public inputs last.
    fn all(system: &'a Matrices, input_rows: &'a [Row]) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        let mut known = HashMap::new();
        let constraints = system.rows().iter().map(|constraint| &constraint.sides[..]);
        let all = constraints.chain(input_rows.iter().map(core::slice::from_ref));
        for (constraint, sides) in all.enumerate() {
            for (matrix, row) in sides.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
                let number = *known.entry(key(row)).or_insert_with(|| {
                    found.push(Self { row, places: Default::default() });
                    found.len() - 1
                });
                found[number].places[matrix].push(constraint);
            }
        }
        found
    }
}

/// What tells rows apart.
fn key(row: &Row) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(41 * row.len());
    for (wire, coefficient) in row {
        let (kind, index) = match wire {
            Wire::Input(index) => (0, index),
            Wire::Aux(index) => (1, index),
        };
        bytes.push(kind);
        bytes.extend(index.to_le_bytes());
        bytes.extend(coefficient.to_bytes());
    }
    b32(b"LouverRow", &[&bytes])
}

/// The rows that Groth16 adds so that no public input is free: input `i` in A, nothing in B and C.
fn input_rows(system: &Matrices) -> Vec<Row> {
    (0..system.inputs().len()).map(|index| vec![(Wire::Input(index), Fr::one())]).collect()
}

/// The terms of one variable: the distinct rows that it is in, and its coefficients there.
type Column = Vec<(usize, Fr)>;

fn columns(system: &Matrices, rows: &[Distinct<'_>]) -> Vec<Column> {
    let inputs = system.inputs().len();
    let mut columns = vec![Column::new(); inputs + system.aux().len()];
    for (number, distinct) in rows.iter().enumerate() {
        for (wire, coefficient) in distinct.row {
            let index = match wire {
                Wire::Input(index) => *index,
                Wire::Aux(index) => inputs + index,
            };
            columns[index].push((number, *coefficient));
        }
    }
    columns
}

/// For each distinct row, the sums of Lagrange points over its places; the identity where it has none in a matrix.
struct Sums {
    a: Vec<G1Affine>,
    b_g1: Vec<G1Affine>,
    b_g2: Vec<G2Affine>,
    bound: Vec<G1Affine>,
}

impl Sums {
    fn of(rows: &[Distinct<'_>], lagrange: &Lagrange) -> Self {
        let bound = |distinct: &Distinct<'_>| {
            let [a, b, c] = &distinct.places;
            let sum = sum(&lagrange.beta, a).add(&sum(&lagrange.alpha, b));
            sum.add(&self::sum(&lagrange.tau_g1, c))
        };
        Self {
            a: affine(rows, |distinct| sum(&lagrange.tau_g1, &distinct.places[0])),
            b_g1: affine(rows, |distinct| sum(&lagrange.tau_g1, &distinct.places[1])),
            b_g2: affine(rows, |distinct| sum(&lagrange.tau_g2, &distinct.places[1])),
            bound: affine(rows, bound),
        }
    }

    /// The elements of variables, in A, B in both groups, and their combination.
    fn evaluate(&self, columns: &[Column]) -> Vec<(G1Affine, G1Affine, G2Affine, G1Affine)> {
        let a = elements(columns, &self.a);
        let b_g1 = elements(columns, &self.b_g1);
        let b_g2 = elements(columns, &self.b_g2);
        let bound = elements(columns, &self.bound);
        let pairs = a.into_iter().zip(b_g1).zip(b_g2).zip(bound);
        pairs.map(|(((a, b_g1), b_g2), bound)| (a, b_g1, b_g2, bound)).collect()
    }
}

fn affine<A: Affine>(rows: &[Distinct<'_>], sum: impl Fn(&Distinct<'_>) -> A::Group + Sync) -> Vec<A> {
    rows.par_chunks(256)
        .flat_map_iter(|chunk| A::Group::batch_to_affine(&chunk.iter().map(&sum).collect::<Vec<_>>()))
        .collect()
}

fn sum<A: Affine>(points: &[A], places: &[usize]) -> A::Group {
    places.iter().fold(A::Group::default(), |sum, place| sum.add(&points[*place].into()))
}

fn elements<A: Affine>(columns: &[Column], sums: &[A]) -> Vec<A> {
    let elements: Vec<A::Group> = columns.iter().map(|column| element(column, sums)).collect();
    A::Group::batch_to_affine(&elements)
}

fn element<A: Affine>(column: &Column, sums: &[A]) -> A::Group {
    let (mut points, mut scalars) = (Vec::new(), Vec::new());
    let mut plain = A::Group::default();
    for (row, coefficient) in column {
        let point = sums[*row];
        if point.is_identity() {
            continue;
        }
        if *coefficient == Fr::one() {
            plain = plain.add(&point.into());
        } else {
            points.push(point);
            scalars.push(*coefficient);
        }
    }
    plain.add(&A::Group::linear(&points, &scalars))
}
