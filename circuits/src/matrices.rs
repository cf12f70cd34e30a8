//! A whole constraint system: its three matrices, and an assignment if there is a witness.
//!
//! Figures, hashes and tests are made from it.

use bellman::{ConstraintSystem, Index, LinearCombination, SynthesisError, Variable};
use ff::Field;
use louver_core::spec::Fr;

use crate::linear::Wire;

/// One side of a constraint: terms in the order they were given.
pub type Row = Vec<(Wire, Fr)>;

/// One constraint `a * b = c` and its name.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Where it was made: namespaces and name, parted by `/`.
    pub name: String,
    /// Its rows in matrices A, B and C.
    pub sides: [Row; 3],
}

/// The matrices of a constraint system, with the names of its variables.
#[derive(Clone, Debug)]
pub struct Matrices {
    constraints: Vec<Constraint>,
    inputs: Vec<String>,
    aux: Vec<String>,
    assignment: Option<Assignment>,
    /// The namespaces that are open, each followed by `/`, and where each begins.
    prefix: String,
    namespaces: Vec<usize>,
}

#[derive(Clone, Debug, Default)]
struct Assignment {
    inputs: Vec<Fr>,
    aux: Vec<Fr>,
}

impl Matrices {
    /// An empty system that asks for no values.
    pub fn without_witness() -> Self {
        Self::new(None)
    }

    /// An empty system that takes down the value of every variable.
    pub fn with_witness() -> Self {
        Self::new(Some(Assignment { inputs: vec![Fr::ONE], aux: Vec::new() }))
    }

    fn new(assignment: Option<Assignment>) -> Self {
        let inputs = vec!["one".to_owned()];
        Self {
            constraints: Vec::new(),
            inputs,
            aux: Vec::new(),
            assignment,
            prefix: String::new(),
            namespaces: Vec::new(),
        }
    }

    /// How many constraints there are, without the rows that provers add for public inputs.
    pub fn constraints(&self) -> usize {
        self.constraints.len()
    }

    /// The evaluation domain: the least power of two that holds the constraints, and a row for each public input and for
    /// the constant one.
    pub fn domain(&self) -> usize {
        (self.constraints.len() + self.inputs.len()).next_power_of_two()
    }

    /// Every constraint, in order.
    pub fn rows(&self) -> &[Constraint] {
        &self.constraints
    }

    /// The names of the public inputs in order, the constant one first.
    pub fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// The names of the auxiliary variables in order.
    pub fn aux(&self) -> &[String] {
        &self.aux
    }

    /// The value of a wire; `None` without a witness, or for a wire of another system.
    pub fn value(&self, wire: Wire) -> Option<Fr> {
        let assignment = self.assignment.as_ref()?;
        match wire {
            Wire::Input(index) => assignment.inputs.get(index).copied(),
            Wire::Aux(index) => assignment.aux.get(index).copied(),
        }
    }

    /// The value of one side of a constraint; `None` without a witness.
    pub(crate) fn evaluate(&self, row: &Row) -> Option<Fr> {
        row.iter().map(|(wire, coefficient)| Some(self.value(*wire)? * coefficient)).sum()
    }

    /// The first constraint that fails; `None` if all hold. Without a witness, every constraint fails.
    pub fn first_violation(&self) -> Option<&Constraint> {
        self.constraints.iter().find(|constraint| !self.holds(constraint))
    }

    /// Whether a constraint holds. Without a witness, none does.
    pub fn holds(&self, constraint: &Constraint) -> bool {
        let [a, b, c] = &constraint.sides;
        match (self.evaluate(a), self.evaluate(b), self.evaluate(c)) {
            (Some(a), Some(b), Some(c)) => a * b == c,
            _ => false,
        }
    }

    /// Whether every constraint holds.
    pub fn is_satisfied(&self) -> bool {
        self.first_violation().is_none()
    }

    /// Sets an auxiliary variable to another value.
    #[cfg(test)]
    pub(crate) fn tamper(&mut self, aux: usize, value: Fr) {
        self.assignment.as_mut().unwrap().aux[aux] = value;
    }

    /// Sets a public input, counted without the constant one, to another value.
    #[cfg(test)]
    pub(crate) fn show(&mut self, input: usize, value: Fr) {
        self.assignment.as_mut().unwrap().inputs[1 + input] = value;
    }

    /// Every constraint, to be changed.
    #[cfg(test)]
    pub(crate) fn rows_mut(&mut self) -> &mut Vec<Constraint> {
        &mut self.constraints
    }

    /// The same system with the constraint of this name forgotten.
    #[cfg(test)]
    pub(crate) fn without(&self, name: &str) -> Self {
        let mut rest = self.clone();
        rest.constraints.retain(|constraint| constraint.name != name);
        rest
    }

    fn path(&self, name: impl Into<String>) -> String {
        let name = name.into();
        let mut path = String::with_capacity(self.prefix.len() + name.len());
        path.push_str(&self.prefix);
        path.push_str(&name);
        path
    }
}

fn row(combination: &LinearCombination<Fr>) -> Row {
    combination.as_ref().iter().map(|(variable, factor)| (Wire::from_variable(*variable), *factor)).collect()
}

impl ConstraintSystem<Fr> for Matrices {
    type Root = Self;

    fn alloc<F, A, AR>(&mut self, annotation: A, value: F) -> Result<Variable, SynthesisError>
    where
        F: FnOnce() -> Result<Fr, SynthesisError>,
        A: FnOnce() -> AR,
        AR: Into<String>,
    {
        if let Some(assignment) = &mut self.assignment {
            assignment.aux.push(value()?);
        }
        self.aux.push(self.path(annotation()));
        Ok(Variable::new_unchecked(Index::Aux(self.aux.len() - 1)))
    }

    fn alloc_input<F, A, AR>(&mut self, annotation: A, value: F) -> Result<Variable, SynthesisError>
    where
        F: FnOnce() -> Result<Fr, SynthesisError>,
        A: FnOnce() -> AR,
        AR: Into<String>,
    {
        if let Some(assignment) = &mut self.assignment {
            assignment.inputs.push(value()?);
        }
        self.inputs.push(self.path(annotation()));
        Ok(Variable::new_unchecked(Index::Input(self.inputs.len() - 1)))
    }

    fn enforce<A, AR, LA, LB, LC>(&mut self, annotation: A, a: LA, b: LB, c: LC)
    where
        A: FnOnce() -> AR,
        AR: Into<String>,
        LA: FnOnce(LinearCombination<Fr>) -> LinearCombination<Fr>,
        LB: FnOnce(LinearCombination<Fr>) -> LinearCombination<Fr>,
        LC: FnOnce(LinearCombination<Fr>) -> LinearCombination<Fr>,
    {
        let name = self.path(annotation());
        let zero = LinearCombination::zero;
        let sides = [row(&a(zero())), row(&b(zero())), row(&c(zero()))];
        self.constraints.push(Constraint { name, sides });
    }

    fn push_namespace<NR, N>(&mut self, name: N)
    where
        NR: Into<String>,
        N: FnOnce() -> NR,
    {
        self.namespaces.push(self.prefix.len());
        self.prefix.push_str(&name().into());
        self.prefix.push('/');
    }

    fn pop_namespace(&mut self) {
        self.prefix.truncate(self.namespaces.pop().unwrap_or(0));
    }

    fn get_root(&mut self) -> &mut Self {
        self
    }
}
