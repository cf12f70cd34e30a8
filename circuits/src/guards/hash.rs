//! The rows of a hash, compared with those of the gadget by itself.

use std::collections::{HashMap, HashSet};

use bellman::ConstraintSystem;
use louver_core::spec::Fr;

use super::{catalogue::Kind, program::Program};
use crate::{
    linear::Linear,
    matrices::{Constraint, Matrices},
    poseidon,
};

/// The hashes of a circuit, and what they should be.
pub(super) struct Hashes<'a> {
    system: &'a Matrices,
    program: &'a Program,
    expected: HashMap<Kind, Vec<Side>>,
}

/// A side of a row, its variables numbered within the hash: 0 is the constant one. `None` for an input's S-box.
type Side = Option<Vec<(usize, Fr)>>;

impl<'a> Hashes<'a> {
    pub(super) fn of(system: &'a Matrices, program: &'a Program, kinds: impl Iterator<Item = Kind>) -> Self {
        let kinds: HashSet<Kind> = kinds.collect();
        let expected = kinds.into_iter().map(|kind| (kind, alone(kind))).collect();
        Self { system, program, expected }
    }

    /// Whether the rows in a namespace are those of a hash: the same S-boxes of the same combinations of those before
    /// them. The S-boxes of the inputs may be of anything.
    pub(super) fn is_hash(&self, namespace: &str, kind: Kind) -> bool {
        let found = sides(self.system, self.program, namespace, kind.variables());
        found.is_some() && found.as_ref() == self.expected.get(&kind)
    }
}

/// The hash by itself.
fn alone(kind: Kind) -> Vec<Side> {
    let mut system = Matrices::without_witness();
    let input = |_| Linear::alloc(&mut system, "input", None).unwrap();
    let mut inputs: Vec<Linear> = (0..kind.variables()).map(input).collect();
    inputs.extend(kind.counter.map(|counter| Linear::constant(Fr::from(counter))));
    poseidon::hash(&mut system.namespace(|| "hash"), kind.domain, &inputs).unwrap();
    sides(&system, &Program::of(&system), "hash", kind.variables()).unwrap()
}

/// The sides of the rows in a namespace; `None` if they are not S-boxes, three rows each with a variable of its own, of
/// one another and, the first, of `inputs`.
fn sides(system: &Matrices, program: &Program, namespace: &str, inputs: usize) -> Option<Vec<Side>> {
    let names = ["x2", "x3", "x5"].map(|name| format!("{namespace}/{name}"));
    let rows = names.each_ref().map(|name| program.rows_named(name).collect::<Vec<_>>());
    let variables = names.each_ref().map(|name| program.variables_named(name));
    let boxes = rows[0].len();
    if rows.iter().any(|rows| rows.len() != boxes) || variables.iter().any(|own| own.len() != boxes) {
        return None;
    }
    let within = (0..boxes).flat_map(|index| variables.map(|variables| variables[index]));
    let mut numbers: HashMap<usize, usize> = within.zip(1..).collect();
    numbers.insert(0, 0);
    let numbered = |side: &[(_, Fr)]| -> Option<Vec<(usize, Fr)>> {
        let number = |wire: &crate::linear::Wire| numbers.get(&wire.number(system.inputs().len())).copied();
        side.iter().map(|(wire, factor)| Some((number(wire)?, *factor))).collect()
    };
    let mut sides = Vec::new();
    for index in 0..boxes {
        let rows: [&Constraint; 3] = rows.each_ref().map(|rows| &system.rows()[rows[index]]);
        let input = &rows[0].sides[0];
        for (place, side) in rows.iter().flat_map(|row| &row.sides).enumerate() {
            // x * x = x2, x2 * x = x3, x2 * x3 = x5
            let is_input = index < inputs && [0, 1, 4].contains(&place);
            if is_input && side != input {
                return None;
            }
            sides.push(if is_input { None } else { Some(numbered(side)?) });
        }
    }
    Some(sides)
}
