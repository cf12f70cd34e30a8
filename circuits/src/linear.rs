//! Linear combinations of wires that know their value: the arguments and results of every gadget.
//!
//! `bellman`'s own combinations never merge terms, so mixing layers explode, and an unmerged `+x -x` makes the prover
//! and the generator of parameters disagree on which wires appear. These are sorted by wire and have no zero terms.
//!
//! A system that only asks for values returns `Wire::UNTRACKED` for every variable. Combinations of these have a value
//! and no terms, which saves nearly all the work of synthesis; such a combination is passed to a constraint as its
//! value times one.

use core::ops::{Add, Neg, Sub};

use bellman::{ConstraintSystem, Index, LinearCombination, SynthesisError, Variable};
use ff::Field;
use louver_core::spec::Fr;

/// A wire of a constraint system: the constant one, a public input, or an auxiliary variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wire {
    /// Public input by index; 0 is the constant one.
    Input(usize),
    /// Auxiliary variable by index.
    Aux(usize),
}

impl Wire {
    /// The constant one.
    pub const ONE: Self = Self::Input(0);

    /// A variable of a system that keeps values and no terms.
    pub(crate) const UNTRACKED: Self = Self::Input(usize::MAX);

    /// Its number among all variables of a system with this many public inputs, which come first.
    pub(crate) fn number(self, inputs: usize) -> usize {
        match self {
            Self::Input(index) => index,
            Self::Aux(index) => inputs + index,
        }
    }

    pub(crate) fn from_variable(variable: Variable) -> Self {
        match variable.get_unchecked() {
            Index::Input(index) => Self::Input(index),
            Index::Aux(index) => Self::Aux(index),
        }
    }

    pub(crate) fn to_variable(self) -> Variable {
        Variable::new_unchecked(match self {
            Self::Input(index) => Index::Input(index),
            Self::Aux(index) => Index::Aux(index),
        })
    }
}

/// A linear combination: terms sorted by wire, none of them zero, and the value if a witness is at hand.
#[derive(Clone)]
pub struct Linear {
    /// `None` if nobody asks for them.
    terms: Option<Vec<(Wire, Fr)>>,
    value: Option<Fr>,
}

impl Linear {
    /// A constant.
    pub fn constant(constant: Fr) -> Self {
        let terms = if bool::from(constant.is_zero()) { Vec::new() } else { vec![(Wire::ONE, constant)] };
        Self { terms: Some(terms), value: Some(constant) }
    }

    /// Nothing.
    pub fn zero() -> Self {
        Self { terms: Some(Vec::new()), value: Some(Fr::ZERO) }
    }

    /// The constant 1.
    pub fn one() -> Self {
        Self::constant(Fr::ONE)
    }

    /// A new auxiliary variable. `value` is absent when there is no witness.
    pub fn alloc<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        name: &str,
        value: Option<Fr>,
    ) -> Result<Self, SynthesisError> {
        let variable = cs.alloc(|| name, || value.ok_or(SynthesisError::AssignmentMissing))?;
        Ok(Self::variable(Wire::from_variable(variable), value))
    }

    /// A new public input. `value` is absent when there is no witness.
    pub fn alloc_input<CS: ConstraintSystem<Fr>>(
        cs: &mut CS,
        name: &str,
        value: Option<Fr>,
    ) -> Result<Self, SynthesisError> {
        let variable = cs.alloc_input(|| name, || value.ok_or(SynthesisError::AssignmentMissing))?;
        Ok(Self::variable(Wire::from_variable(variable), value))
    }

    fn variable(wire: Wire, value: Option<Fr>) -> Self {
        let terms = (wire != Wire::UNTRACKED).then(|| vec![(wire, Fr::ONE)]);
        Self { terms, value }
    }

    /// A combination in a system that keeps values and no terms.
    pub(crate) fn untracked(value: Fr) -> Self {
        Self { terms: None, value: Some(value) }
    }

    /// Whether this belongs to a system that keeps values and no terms.
    pub(crate) fn is_untracked(&self) -> bool {
        self.terms.is_none()
    }

    /// The combination of `terms`, each a wire of value `value` if known; equal wires are merged.
    pub(crate) fn from_sorted(terms: Vec<(Wire, Fr)>, value: Option<Fr>) -> Self {
        debug_assert!(terms.windows(2).all(|pair| pair[0].0 < pair[1].0));
        Self { terms: Some(terms), value }
    }

    /// The value, if a witness is at hand.
    pub fn value(&self) -> Option<Fr> {
        self.value
    }

    /// The constant that this is, if no variable is in it.
    pub fn as_constant(&self) -> Option<Fr> {
        match self.terms.as_deref()? {
            [] => Some(Fr::ZERO),
            [(Wire::ONE, constant)] => Some(*constant),
            _ => None,
        }
    }

    /// The wire that this is, if it is one variable with coefficient 1.
    pub(crate) fn as_wire(&self) -> Option<Wire> {
        match self.terms.as_deref()? {
            [(wire, coefficient)] if *wire != Wire::ONE && *coefficient == Fr::ONE => Some(*wire),
            _ => None,
        }
    }

    /// `factor` times this.
    #[must_use]
    pub fn scale(&self, factor: Fr) -> Self {
        if bool::from(factor.is_zero()) {
            return Self::zero();
        }
        let scaled = |terms: &Vec<(Wire, Fr)>| {
            terms.iter().map(|(wire, coefficient)| (*wire, *coefficient * factor)).collect()
        };
        Self { terms: self.terms.as_ref().map(scaled), value: self.value.map(|value| value * factor) }
    }

    /// This plus `factor` times `other`.
    #[must_use]
    pub fn add_scaled(&self, factor: Fr, other: &Self) -> Self {
        let value = self.value.zip(other.value).map(|(a, b)| a + factor * b);
        let terms = self.terms.as_ref().zip(other.terms.as_ref());
        Self { terms: terms.map(|(left, right)| merge(left, factor, right)), value }
    }

    /// This plus a constant.
    #[must_use]
    pub fn plus(&self, constant: Fr) -> Self {
        self + &Self::constant(constant)
    }

    fn add_to(&self, combination: LinearCombination<Fr>) -> LinearCombination<Fr> {
        match &self.terms {
            Some(terms) => terms
                .iter()
                .fold(combination, |sum, (wire, coefficient)| sum + (*coefficient, wire.to_variable())),
            None => combination + (self.value.unwrap_or(Fr::ZERO), Wire::ONE.to_variable()),
        }
    }
}

/// `left + factor * right`, both sorted, without terms that cancel.
fn merge(left: &[(Wire, Fr)], factor: Fr, right: &[(Wire, Fr)]) -> Vec<(Wire, Fr)> {
    let mut terms = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let term = match a.0.cmp(&b.0) {
            core::cmp::Ordering::Less => **a,
            core::cmp::Ordering::Greater => (b.0, b.1 * factor),
            core::cmp::Ordering::Equal => (a.0, a.1 + b.1 * factor),
        };
        if a.0 <= term.0 {
            left.next();
        }
        if right.peek().is_some_and(|b| b.0 <= term.0) {
            right.next();
        }
        terms.push(term);
    }
    terms.extend(left.copied());
    terms.extend(right.map(|(wire, coefficient)| (*wire, *coefficient * factor)));
    terms.retain(|(_, coefficient)| !bool::from(coefficient.is_zero()));
    terms
}

impl Add for &Linear {
    type Output = Linear;

    fn add(self, other: Self) -> Linear {
        self.add_scaled(Fr::ONE, other)
    }
}

impl Sub for &Linear {
    type Output = Linear;

    fn sub(self, other: Self) -> Linear {
        self.add_scaled(-Fr::ONE, other)
    }
}

impl Neg for &Linear {
    type Output = Linear;

    fn neg(self) -> Linear {
        self.scale(-Fr::ONE)
    }
}

/// Enforces `a * b = c`.
pub fn enforce<CS: ConstraintSystem<Fr>>(cs: &mut CS, name: &str, a: &Linear, b: &Linear, c: &Linear) {
    cs.enforce(|| name, |sum| a.add_to(sum), |sum| b.add_to(sum), |sum| c.add_to(sum));
}

/// Enforces `a = b`, in one constraint whose wires occur only in matrix C: they cost nothing in the A and B queries.
pub fn enforce_equal<CS: ConstraintSystem<Fr>>(cs: &mut CS, name: &str, a: &Linear, b: &Linear) {
    enforce(cs, name, &Linear::zero(), &Linear::zero(), &(a - b));
}

/// A new variable `a * b`, in one constraint; none if either is a constant.
pub fn product<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    name: &str,
    a: &Linear,
    b: &Linear,
) -> Result<Linear, SynthesisError> {
    if let Some(constant) = a.as_constant() {
        return Ok(b.scale(constant));
    }
    if let Some(constant) = b.as_constant() {
        return Ok(a.scale(constant));
    }
    let product = Linear::alloc(cs, name, a.value.zip(b.value).map(|(a, b)| a * b))?;
    enforce(cs, name, a, b, &product);
    Ok(product)
}

/// A new variable `a / b`, in one constraint. The caller argues why `b` is never zero: at zero, any quotient of zero
/// would do. A witness with `b` zero is given 0.
pub fn quotient<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    name: &str,
    a: &Linear,
    b: &Linear,
) -> Result<Linear, SynthesisError> {
    let value = a.value.zip(b.value).map(|(a, b)| a * b.invert().unwrap_or(Fr::ZERO));
    let quotient = Linear::alloc(cs, name, value)?;
    enforce(cs, name, b, &quotient, a);
    Ok(quotient)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrices::Matrices;

    #[test]
    fn terms_merge_and_cancel() {
        let mut cs = Matrices::with_witness();
        let x = Linear::alloc(&mut cs, "x", Some(Fr::from(3))).unwrap();
        let y = Linear::alloc(&mut cs, "y", Some(Fr::from(4))).unwrap();
        let sum = &(&y + &x) - &y;
        assert_eq!(sum.as_wire(), Some(Wire::Aux(0)));
        assert_eq!(sum.value(), Some(Fr::from(3)));
        assert_eq!((&x - &x).as_constant(), Some(Fr::ZERO));
        let shifted = x.plus(Fr::from(5)).scale(Fr::from(2));
        assert_eq!(
            shifted.terms.as_deref().unwrap(),
            [(Wire::ONE, Fr::from(10)), (Wire::Aux(0), Fr::from(2))]
        );
        assert_eq!(shifted.value(), Some(Fr::from(16)));
    }

    #[test]
    fn constants_cost_nothing() {
        let mut cs = Matrices::with_witness();
        let x = Linear::alloc(&mut cs, "x", Some(Fr::from(3))).unwrap();
        product(&mut cs, "2x", &x, &Linear::constant(Fr::from(2))).unwrap();
        assert_eq!(cs.constraints(), 0);
        product(&mut cs, "xx", &x, &x).unwrap();
        assert_eq!(cs.constraints(), 1);
        assert!(cs.is_satisfied());
    }
}
