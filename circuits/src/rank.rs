//! Whether constraints leave anything open that they should not.
//!
//! At a satisfying witness, the constraints are linearised. A variable is *locally determined*, given the public
//! inputs and the variables declared free, if no direction that keeps every constraint moves it. A circuit with a
//! forgotten constraint has such a direction at almost every witness, whatever its tests of single clauses say.
//!
//! The kernel of the Jacobian is found by propagation: a row with one unknown variable gives it in terms of those
//! known; where no such row is left, the lowest unknown variable becomes a parameter, and rows without an unknown
//! become equations between parameters. This is Gaussian elimination with a good order: circuits compute forwards, so
//! few parameters are ever needed.

use ff::Field;
use louver_core::spec::Fr;

use crate::{
    linear::Wire,
    matrices::{Constraint, Matrices},
};

/// The names of the auxiliary variables that the constraints leave open at the system's witness, given the public
/// inputs and the variables whose name is `declared_free`.
///
/// The system has to have a satisfying witness; without one, every variable is named.
pub fn undetermined(system: &Matrices, declared_free: impl Fn(&str) -> bool) -> Vec<String> {
    let Some(jacobian) = system.rows().iter().map(|row| derivative(system, row)).collect::<Option<Vec<_>>>()
    else {
        return system.aux().to_vec();
    };
    let free: Vec<bool> = system.aux().iter().map(|name| declared_free(name)).collect();
    let kernel = Kernel::of(&jacobian, &free);
    let moving = |index: &usize| kernel.directions[*index].as_ref().is_some_and(|x| !kernel.vanishes(x));
    (0..free.len()).filter(moving).map(|index| system.aux()[index].clone()).collect()
}

/// `da * b + a * db - dc`, by auxiliary variable, without zero terms.
fn derivative(system: &Matrices, constraint: &Constraint) -> Option<Vec<(usize, Fr)>> {
    let [a, b, c] = &constraint.sides;
    let (at, bt) = (system.evaluate(a)?, system.evaluate(b)?);
    let mut terms = Vec::with_capacity(a.len() + b.len() + c.len());
    for (row, factor) in [(a, bt), (b, at), (c, -Fr::ONE)] {
        for (wire, coefficient) in row {
            if let Wire::Aux(index) = wire {
                terms.push((*index, *coefficient * factor));
            }
        }
    }
    terms.sort_unstable_by_key(|(index, _)| *index);
    terms.dedup_by(|later, kept| {
        let same = later.0 == kept.0;
        if same {
            kept.1 += later.1;
        }
        same
    });
    terms.retain(|(_, coefficient)| !bool::from(coefficient.is_zero()));
    Some(terms)
}

/// The kernel of a Jacobian: the direction of each variable in terms of parameters, and the equations between them.
struct Kernel {
    directions: Vec<Option<Vec<Fr>>>,
    /// Equations in echelon form, each with its pivot.
    equations: Vec<(usize, Vec<Fr>)>,
}

impl Kernel {
    fn of(rows: &[Vec<(usize, Fr)>], free: &[bool]) -> Self {
        let directions = free.iter().map(|free| free.then(Vec::new)).collect();
        let mut kernel = Self { directions, equations: Vec::new() };
        let mut unknown: Vec<usize> =
            rows.iter().map(|row| row.iter().filter(|(index, _)| !free[*index]).count()).collect();
        let mut uses = vec![Vec::new(); free.len()];
        for (number, row) in rows.iter().enumerate() {
            for (index, _) in row {
                uses[*index].push(number);
            }
        }
        let mut ready: Vec<usize> = (0..rows.len()).filter(|row| unknown[*row] <= 1).collect();
        let mut parameters = 0;
        let mut lowest = 0;
        loop {
            let learnt = if let Some(number) = ready.pop() {
                kernel.read(&rows[number])
            } else {
                while kernel.directions.get(lowest).is_some_and(Option::is_some) {
                    lowest += 1;
                }
                if lowest == free.len() {
                    return kernel;
                }
                let mut direction = vec![Fr::ZERO; parameters + 1];
                direction[parameters] = Fr::ONE;
                parameters += 1;
                kernel.directions[lowest] = Some(direction);
                Some(lowest)
            };
            for number in learnt.iter().flat_map(|index| &uses[*index]) {
                unknown[*number] -= 1;
                if unknown[*number] == 1 {
                    ready.push(*number);
                } else if unknown[*number] == 0 {
                    // A row that lost its last unknown to another row: an equation between parameters.
                    ready.push(*number);
                }
            }
        }
    }

    /// Learns the one unknown variable of a row, and returns it. If the row has no unknown variable, learns an
    /// equation.
    fn read(&mut self, row: &[(usize, Fr)]) -> Option<usize> {
        let mut sum = Vec::new();
        let mut unknown = None;
        for (index, coefficient) in row {
            match &self.directions[*index] {
                Some(direction) => add(&mut sum, *coefficient, direction),
                None => unknown = Some((*index, *coefficient)),
            }
        }
        match unknown {
            Some((index, coefficient)) => {
                let factor = -coefficient.invert().unwrap_or(Fr::ZERO);
                sum.iter_mut().for_each(|term| *term *= factor);
                self.directions[index] = Some(sum);
                Some(index)
            }
            None => {
                self.reduce(&mut sum);
                if let Some(pivot) = sum.iter().position(|term| !bool::from(term.is_zero())) {
                    let factor = sum[pivot].invert().unwrap_or(Fr::ZERO);
                    sum.iter_mut().for_each(|term| *term *= factor);
                    self.equations.push((pivot, sum));
                }
                None
            }
        }
    }

    fn reduce(&self, direction: &mut Vec<Fr>) {
        for (pivot, equation) in &self.equations {
            if let Some(factor) = direction.get(*pivot).copied() {
                add(direction, -factor, equation);
            }
        }
    }

    /// Whether the equations leave a direction no room.
    fn vanishes(&self, direction: &[Fr]) -> bool {
        let mut direction = direction.to_vec();
        self.reduce(&mut direction);
        direction.iter().all(|term| bool::from(term.is_zero()))
    }
}

fn add(sum: &mut Vec<Fr>, factor: Fr, direction: &[Fr]) {
    if sum.len() < direction.len() {
        sum.resize(direction.len(), Fr::ZERO);
    }
    for (sum, term) in sum.iter_mut().zip(direction) {
        *sum += factor * term;
    }
}

#[cfg(test)]
mod tests {
    use bellman::ConstraintSystem;

    use super::*;
    use crate::linear::{Linear, enforce, enforce_equal, product};

    fn alloc(cs: &mut Matrices, name: &str, value: u64) -> Linear {
        Linear::alloc(cs, name, Some(Fr::from(value))).unwrap()
    }

    fn none(_: &str) -> bool {
        false
    }

    #[test]
    fn a_forgotten_constraint_is_found() {
        // x is public, y = x * x is computed but z = y * x is left to the prover.
        let mut cs = Matrices::with_witness();
        let x = Linear::alloc_input(&mut cs, "x", Some(Fr::from(3))).unwrap();
        let y = product(&mut cs, "y", &x, &x).unwrap();
        let z = alloc(&mut cs, "z", 27);
        assert_eq!(undetermined(&cs, none), ["z"]);
        enforce(&mut cs, "z", &y, &x, &z);
        assert_eq!(undetermined(&cs, none), Vec::<String>::new());
    }

    #[test]
    fn variables_that_determine_each_other_are_found() {
        // a + b = 7 leaves a line; a - b = 1 closes it.
        let mut cs = Matrices::with_witness();
        let (a, b) = (alloc(&mut cs, "a", 4), alloc(&mut cs, "b", 3));
        enforce_equal(&mut cs, "sum", &(&a + &b), &Linear::constant(Fr::from(7)));
        assert_eq!(undetermined(&cs, none), ["a", "b"]);
        assert_eq!(undetermined(&cs, |name| name == "a"), Vec::<String>::new());
        enforce_equal(&mut cs, "difference", &(&a - &b), &Linear::one());
        assert_eq!(undetermined(&cs, none), Vec::<String>::new());
    }

    #[test]
    fn what_depends_on_something_open_is_open() {
        let mut cs = Matrices::with_witness();
        let a = alloc(&mut cs, "a", 4);
        product(&mut cs.namespace(|| "of"), "a", &a, &a).unwrap();
        assert_eq!(undetermined(&cs, none), ["a", "of/a"]);
    }

    #[test]
    fn a_bit_is_determined_but_a_double_root_is_not() {
        let mut cs = Matrices::with_witness();
        let bit = alloc(&mut cs, "bit", 1);
        enforce(&mut cs, "bit", &bit, &bit.plus(-Fr::ONE), &Linear::zero());
        assert_eq!(undetermined(&cs, none), Vec::<String>::new());
        let mut cs = Matrices::with_witness();
        let zero = alloc(&mut cs, "zero", 0);
        enforce(&mut cs, "square", &zero, &zero, &Linear::zero());
        assert_eq!(undetermined(&cs, none), ["zero"]);
    }

    #[test]
    fn without_a_witness_nothing_is_shown() {
        let mut cs = Matrices::without_witness();
        Linear::alloc(&mut cs, "a", None).unwrap();
        assert_eq!(undetermined(&cs, none), ["a"]);
    }
}
