//! The columns of a circuit's matrices in the exponent: for each variable, the sum of its coefficients times points that
//! belong to constraints.
//!
//! A row of the matrices often stands in several places: the input of an S-box is both factors of a product, and one
//! factor of the next. So the points of all places of a row are added first, and only the sums are multiplied by the row's
//! coefficients.

use std::collections::HashMap;

use louver_core::spec::{Fr, b32};
use rayon::prelude::*;

use super::work::{Cancelled, Work};
use crate::{
    curve::{Affine, Group},
    linear::Wire,
    matrices::{Matrices, Row},
};

/// The units of work for a variable in a query, roughly.
pub(super) const VARIABLE: u64 = 12;
/// Rows that a core takes at a time.
const CHUNK: usize = 256;
/// Bits of a coefficient that a table serves at once.
const WINDOW: usize = 5;
/// Multiples of a point in a table.
const TABLE: usize = 1 << (WINDOW - 1);

/// A row that stands in one place or more, and where: constraints by matrix.
pub(super) struct Distinct<'a> {
    row: &'a Row,
    places: [Vec<usize>; 3],
}

impl<'a> Distinct<'a> {
    /// The rows of all constraints, those of public inputs last.
    pub(super) fn all(system: &'a Matrices, input_rows: &'a [Row]) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        let mut known = HashMap::new();
        let constraints = system.rows().iter().map(|constraint| &constraint.sides[..]);
        let all = constraints.chain(input_rows.iter().map(core::slice::from_ref));
        for (constraint, sides) in all.enumerate() {
            for (matrix, row) in sides.iter().enumerate().filter(|(_, row)| !row.is_empty()) {
                let number = *known.entry(key(row, system.inputs().len())).or_insert_with(|| {
                    found.push(Self { row, places: Default::default() });
                    found.len() - 1
                });
                found[number].places[matrix].push(constraint);
            }
        }
        found
    }
}

/// Tells rows apart.
fn key(row: &Row, inputs: usize) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(40 * row.len());
    for (wire, coefficient) in row {
        bytes.extend(wire.number(inputs).to_le_bytes());
        bytes.extend(coefficient.to_bytes());
    }
    b32(b"LouverRow", &[&bytes])
}

/// The rows that Groth16 adds so that no public input is free: input `i` in A, nothing in B and C.
pub(super) fn input_rows(system: &Matrices) -> Vec<Row> {
    (0..system.inputs().len()).map(|index| vec![(Wire::Input(index), Fr::one())]).collect()
}

/// The terms of one variable: the distinct rows that it is in, and its coefficients there.
type Column = Vec<(usize, Fr)>;

/// The columns of all variables, public inputs first.
pub(super) struct Columns<'a> {
    rows: &'a [Distinct<'a>],
    columns: Vec<Column>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(system: &Matrices, rows: &'a [Distinct<'a>]) -> Self {
        let inputs = system.inputs().len();
        let mut columns = vec![Column::new(); inputs + system.aux().len()];
        for (number, distinct) in rows.iter().enumerate() {
            for (wire, coefficient) in distinct.row {
                columns[wire.number(inputs)].push((number, *coefficient));
            }
        }
        Self { rows, columns }
    }

    /// The element of every variable, where `sum` adds up the points of a row's places in A, B and C.
    pub(super) fn query<A: Affine>(
        &self,
        sum: impl Fn(&[Vec<usize>; 3]) -> A::Group + Sync,
        work: &mut Work<'_>,
    ) -> Result<Vec<A>, Cancelled> {
        let sums: Vec<A> = self
            .rows
            .par_chunks(CHUNK)
            .flat_map_iter(|chunk| {
                let sums: Vec<A::Group> = chunk.iter().map(|distinct| sum(&distinct.places)).collect();
                A::Group::batch_to_affine(&sums)
            })
            .collect();
        let multiples = Multiples::of(self.rows, sums);
        let units = VARIABLE * u64::from(A::Group::COST);
        work.in_chunks(&self.columns, units, |_, chunk| Ok(multiples.elements(chunk)))
    }
}

/// The sums of rows, and multiples of those that coefficients other than 1 are to multiply.
struct Multiples<A> {
    sums: Vec<A>,
    table: Vec<A>,
    /// Where the multiples of a row's sum begin.
    starts: Vec<Option<usize>>,
}

impl<A: Affine> Multiples<A> {
    fn of(rows: &[Distinct<'_>], sums: Vec<A>) -> Self {
        let mut chosen = Vec::new();
        let starts = rows
            .iter()
            .zip(&sums)
            .map(|(distinct, sum)| {
                let scaled = distinct.row.iter().any(|(_, coefficient)| *coefficient != Fr::one());
                (scaled && !sum.is_identity()).then(|| {
                    chosen.push(*sum);
                    (chosen.len() - 1) * TABLE
                })
            })
            .collect();
        let table = chosen.par_chunks(CHUNK).flat_map_iter(A::Group::table::<WINDOW>).collect();
        Self { sums, table, starts }
    }

    fn elements(&self, columns: &[Column]) -> Vec<A> {
        let elements: Vec<A::Group> = columns.iter().map(|column| self.element(column)).collect();
        A::Group::batch_to_affine(&elements)
    }

    fn element(&self, column: &Column) -> A::Group {
        let (mut table, mut scalars) = (Vec::new(), Vec::new());
        let mut plain = A::Group::default();
        for (row, coefficient) in column {
            match self.starts[*row] {
                _ if self.sums[*row].is_identity() => {}
                Some(start) if *coefficient != Fr::one() => {
                    table.extend_from_slice(&self.table[start..start + TABLE]);
                    scalars.extend(coefficient.to_bytes());
                }
                _ => plain = plain.add_affine(&self.sums[*row]),
            }
        }
        plain.add(&A::Group::tabled::<WINDOW>(&table, &scalars))
    }
}
