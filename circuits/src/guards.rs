//! `[row-guards]`: whether every row of a circuit is needed, and refuses what it should.
//!
//! A row of a circuit is *guarded* by an assignment that satisfies every other row and is refused by this one alone. If
//! the row were missing, or too weak, the assignment would be a proof of something false, and a test would fail. That
//! honest witnesses pass and broken clauses do not says less: a circuit without the row of one bit of a value has both.
//!
//! The rows that there should be stand in [`rows`], written down from the statements and apart from the circuits.
//! Nearly all compute a variable from those before it: products, quotients, hashes. Others demand something: that a
//! bit is 0 or 1, that a commitment is the public one. For each, [`check`] changes a variable of a satisfying
//! assignment, and lets what depends on it follow ([`program`]): up to the public inputs, which whoever tampers chooses
//! too. Only the row in question is not allowed to follow.
//!
//! Inside a hash one row stands for all. The rows of a hash are the same in every hash, which [`check`] compares with
//! the gadget's; each computes a variable from those before it; and whatever becomes of the hash can be followed to the
//! end, as that row shows. A slow test leaves none out.

mod base;
mod catalogue;
mod hash;
mod program;
mod rows;
mod tests;

use core::fmt;
use std::collections::HashMap;

use base::Base;
use catalogue::{Catalogue, Guard};
use hash::Hashes;
use program::Program;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use crate::matrices::Matrices;

/// Something that a circuit lacks, or has and should not.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Fault {
    /// A satisfying assignment is refused.
    Refused { row: String },
    /// There are more rows of this name than in the catalogue.
    Unlisted { row: String },
    /// There is no such row, and no variable to try without it.
    Missing { row: String },
    /// Nothing refuses the assignment that this row should refuse.
    Accepted { row: String },
    /// Other rows refuse the assignment that this row should refuse: the row is redundant, or the tampering wrong.
    Unguarded { row: String, refused_by: Vec<String> },
    /// The rows in this namespace are not those of a hash.
    NotAHash { namespace: String },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { row } => write!(f, "{row}: refuses a witness that is right"),
            Self::Unlisted { row } => write!(f, "{row}: not in the catalogue of rows, so nothing guards it"),
            Self::Missing { row } => write!(f, "{row}: not in the circuit"),
            Self::Accepted { row } => write!(f, "{row}: nothing refuses what this row should refuse"),
            Self::Unguarded { row, refused_by } => {
                write!(f, "{row}: what it should refuse alone is refused by {refused_by:?}")
            }
            Self::NotAHash { namespace } => write!(f, "{namespace}: not the rows of a hash"),
        }
    }
}

/// Puts the rows of a circuit to the test, with the rows that it should have and satisfying assignments: every row has
/// to be guarded from one of them.
fn check(catalogue: &Catalogue, systems: &[Matrices]) -> Vec<Fault> {
    let refused = systems.iter().filter_map(Matrices::first_violation);
    let mut faults: Vec<Fault> = refused.map(|row| Fault::Refused { row: row.name.clone() }).collect();
    let program = Program::of(&systems[0]);
    faults.extend(unlisted(catalogue, &program));
    let kinds = catalogue.hashes.iter().map(|(_, kind)| *kind);
    let hashes = Hashes::of(&systems[0], &program, kinds);
    let others = catalogue.hashes.iter().filter(|(namespace, kind)| !hashes.is_hash(namespace, *kind));
    faults.extend(others.map(|(namespace, _)| Fault::NotAHash { namespace: namespace.clone() }));
    let bases = systems.iter().map(|system| Base::of(catalogue, &program, system));
    let mut bases: Vec<Base<'_>> = bases.collect();
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for guard in &catalogue.guards {
        let all = (0..guard.count).collect();
        for index in guard.sample.as_ref().unwrap_or(&all) {
            faults.extend(put_to_the_test(&program, guard, *index, &mut bases, &mut rng).err());
        }
    }
    faults
}

fn unlisted(catalogue: &Catalogue, program: &Program) -> Vec<Fault> {
    let counts = catalogue.guards.iter().map(|guard| (guard.row.as_str(), guard.count));
    let counts: HashMap<&str, usize> = counts.collect();
    let listed = |row: &str| counts.get(row).copied().unwrap_or(0);
    let rows = program.rows().iter().filter(|(row, numbers)| numbers.len() > listed(row));
    rows.map(|(row, _)| Fault::Unlisted { row: row.clone() }).collect()
}

/// The row of a guard. Of several rows of a name, that of a variable is the one that computes it.
fn row_of(program: &Program, guard: &Guard, index: usize) -> Option<usize> {
    let mut rows = program.rows_named(&guard.row);
    match program.variables_named(&guard.row).get(index) {
        Some(own) => rows.find(|row| program.own_variable(*row) == Some(*own)),
        None => rows.next(),
    }
}

/// Tries to break one row and no other.
fn put_to_the_test(
    program: &Program,
    guard: &Guard,
    index: usize,
    bases: &mut [Base<'_>],
    rng: &mut ChaCha8Rng,
) -> Result<(), Fault> {
    let row = guard.row.clone();
    let own = program.variables_named(&row).get(index).copied();
    let target = row_of(program, guard, index);
    let mut fault = Fault::Missing { row: row.clone() };
    for base in bases {
        let changes =
            guard.tamperings.iter().flat_map(|tampering| base.changes(program, tampering, own, rng));
        for changes in changes.collect::<Vec<_>>() {
            let failing = base.tamper(program, &changes, target);
            match (failing.as_slice(), target) {
                ([failing], Some(target)) if *failing == target => return Ok(()),
                ([], None) => return Err(Fault::Accepted { row }),
                ([], Some(_)) => fault = Fault::Accepted { row: row.clone() },
                _ => fault = Fault::Unguarded { row: row.clone(), refused_by: base.names(&failing) },
            }
        }
    }
    Err(fault)
}
