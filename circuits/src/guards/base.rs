//! A satisfying assignment to start from.

use ff::Field;
use louver_core::spec::Fr;
use rand_chacha::ChaCha8Rng;

use super::{
    catalogue::{Catalogue, Mending, Tampering},
    program::{Assignment, Mend, Program},
};
use crate::matrices::Matrices;

/// A satisfying assignment of a circuit, and how its rows are mended when it is changed.
pub(super) struct Base<'a> {
    system: &'a Matrices,
    assignment: Assignment,
    mended_by: Vec<Option<Mend>>,
}

/// Variables with their new values.
pub(super) type Changes = Vec<(usize, Fr)>;

impl<'a> Base<'a> {
    /// The assignment of `system`, whose rows are those of `program`.
    pub(super) fn of(catalogue: &Catalogue, program: &Program, system: &'a Matrices) -> Self {
        let assignment = Assignment::of(program, system);
        let mut mended_by: Vec<Option<Mend>> = vec![None; system.constraints()];
        for guard in &catalogue.guards {
            for row in program.rows_named(&guard.row) {
                mended_by[row] = mending(program, &assignment, row, &guard.mending);
            }
        }
        Self { system, assignment, mended_by }
    }

    /// The changes that a tampering may consist of. `own` is the variable that the row in question computes.
    pub(super) fn changes(
        &self,
        program: &Program,
        tampering: &Tampering,
        own: Option<usize>,
        rng: &mut ChaCha8Rng,
    ) -> Vec<Changes> {
        let named = |name: &String| program.variables_named(name).first().copied();
        let value = |variable| self.assignment.value(variable);
        let turned = |bit| Fr::ONE - value(bit);
        let two = Fr::from(2);
        let changes = match tampering {
            Tampering::Own => own.map(|own| vec![vec![(own, Fr::random(rng))]]),
            Tampering::Variable(name) => named(name).map(|variable| vec![vec![(variable, Fr::random(rng))]]),
            Tampering::Next(name) => {
                named(name).map(|variable| vec![vec![(variable, value(variable) + Fr::ONE)]])
            }
            Tampering::Turned(bit) => named(bit).map(|bit| vec![vec![(bit, turned(bit))]]),
            Tampering::Carry { bit, next: Some(next) } => named(bit).zip(named(next)).map(|(bit, next)| {
                let carried = two * (value(next) - turned(next));
                vec![vec![(bit, value(bit) + carried), (next, turned(next))]]
            }),
            Tampering::Carry { bit, next: None } => {
                named(bit).map(|bit| vec![vec![(bit, value(bit) + two)], vec![(bit, value(bit) - two)]])
            }
        };
        changes.unwrap_or_default()
    }

    /// Makes the changes and lets all rows but `spared` follow. Returns the rows that fail.
    pub(super) fn tamper(
        &mut self,
        program: &Program,
        changes: &Changes,
        spared: Option<usize>,
    ) -> Vec<usize> {
        self.assignment.tamper(program, changes, spared, &self.mended_by)
    }

    /// The names of rows.
    pub(super) fn names(&self, rows: &[usize]) -> Vec<String> {
        rows.iter().map(|row| self.system.rows()[*row].name.clone()).collect()
    }
}

/// The change that mends a row.
fn mending(program: &Program, assignment: &Assignment, row: usize, mending: &Mending) -> Option<Mend> {
    let own = program.own_variable(row);
    let in_row = |name: &String| {
        program.variables_named(name).iter().copied().find(|variable| program.has(row, *variable))
    };
    let variable = match mending {
        Mending::Own => own,
        Mending::By(name) => in_row(name),
        Mending::Bits => return Some(Mend::Bits(program.bits_of(row))),
        Mending::Factor(names) => {
            let factor = names.iter().filter_map(in_row);
            own.filter(|own| assignment.value(*own) != Fr::ZERO).or_else(|| {
                factor.into_iter().find(|factor| assignment.factor_is_zero(program, row, *factor))
            })
        }
    };
    variable.map(Mend::Variable)
}
