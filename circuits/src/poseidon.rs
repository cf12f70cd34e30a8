//! `[poseidon]` as constraints: 297 for four inputs, three fewer for each absent or constant one.
//!
//! The only variables are those of the S-boxes. The input of an S-box is a linear combination of the outputs of those
//! before it, the same one in every call, so these combinations are computed once.

use std::sync::LazyLock;

use bellman::{ConstraintSystem, SynthesisError};
use ff::Field;
use louver_core::{
    poseidon::{Domain, FULL_ROUNDS, ROUNDS, WIDTH, mds, permute_traced, round_constants},
    spec::Fr,
};

use crate::linear::{Linear, Wire, enforce};

/// `H_domain(inputs...)`: lane 1 of the permutation. Absent inputs are 0.
pub fn hash<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    domain: Domain,
    inputs: &[Linear],
) -> Result<Linear, SynthesisError> {
    let [hash, ..] = lanes(cs, domain, inputs)?;
    Ok(hash)
}

/// Lanes 1 to 4 of the permutation over the domain's constant and at most four inputs. Absent inputs are 0.
pub fn lanes<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    domain: Domain,
    inputs: &[Linear],
) -> Result<[Linear; 4], SynthesisError> {
    debug_assert_eq!(inputs.len(), domain.arity());
    if inputs.iter().any(Linear::is_untracked) {
        return lanes_untracked(cs, domain, inputs);
    }
    let state = core::iter::once(Linear::constant(domain.constant()))
        .chain(inputs.iter().cloned())
        .chain(core::iter::repeat(Linear::zero()));
    let mut outputs = Outputs::default();
    for (lane, constant) in state.zip(&round_constants()[0]) {
        outputs.push(&fifth_power(cs, &lane.plus(*constant))?);
    }
    for form in &MIXING.inner {
        let power = fifth_power(cs, &outputs.combine(form))?;
        outputs.push(&power);
    }
    Ok(MIXING.outer.each_ref().map(|form| outputs.combine(form)))
}

/// The same in a system that only keeps values: the native permutation gives the inputs of the S-boxes.
fn lanes_untracked<CS: ConstraintSystem<Fr>>(
    cs: &mut CS,
    domain: Domain,
    inputs: &[Linear],
) -> Result<[Linear; 4], SynthesisError> {
    let mut state = [Fr::ZERO; WIDTH];
    state[0] = domain.constant();
    for (lane, input) in state[1..].iter_mut().zip(inputs) {
        *lane = input.value().ok_or(SynthesisError::AssignmentMissing)?;
    }
    // The S-boxes of constants, which are in the first round, have no variables.
    let is_constant =
        |lane: usize| lane == 0 || inputs.get(lane - 1).is_none_or(|input| input.as_constant().is_some());
    let (mut index, mut result) = (0, Ok(()));
    let [_, first, second, third, fourth] = permute_traced(state, |x| {
        if result.is_ok() && (index >= WIDTH || !is_constant(index)) {
            result = fifth_power(cs, &Linear::untracked(x)).map(|_| ());
        }
        index += 1;
    });
    result?;
    Ok([first, second, third, fourth].map(Linear::untracked))
}

/// The S-box. `x^3 = x^2 * x` and `x^5 = x^2 * x^3`, with `x^2` on the left both times: fewer variables stand in
/// matrix A than with `x^4`, hence fewer points in the proving key.
fn fifth_power<CS: ConstraintSystem<Fr>>(cs: &mut CS, x: &Linear) -> Result<Linear, SynthesisError> {
    if let Some(constant) = x.as_constant() {
        return Ok(Linear::constant(constant.square().square() * constant));
    }
    let value = x.value();
    let x2 = Linear::alloc(cs, "x2", value.map(|x| x.square()))?;
    enforce(cs, "x2", x, x, &x2);
    let x3 = Linear::alloc(cs, "x3", value.map(|x| x.square() * x))?;
    enforce(cs, "x3", &x2, x, &x3);
    let x5 = Linear::alloc(cs, "x5", value.map(|x| x.square().square() * x))?;
    enforce(cs, "x5", &x2, &x3, &x5);
    Ok(x5)
}

/// The outputs of the S-boxes so far: variables in the order of their making, or constants.
#[derive(Default)]
struct Outputs {
    wires: Vec<Option<Wire>>,
    values: Vec<Option<Fr>>,
}

impl Outputs {
    fn push(&mut self, output: &Linear) {
        self.wires.push(output.as_wire());
        self.values.push(output.value());
    }

    fn combine(&self, form: &Form) -> Linear {
        let mut terms = Vec::with_capacity(form.factors.len() + 1);
        let mut constant = form.constant;
        let mut value = Some(form.constant);
        for ((factor, wire), output) in form.factors.iter().zip(&self.wires).zip(&self.values) {
            if bool::from(factor.is_zero()) {
                continue;
            }
            let term = output.map(|output| output * factor);
            value = value.zip(term).map(|(sum, term)| sum + term);
            match (wire, term) {
                (Some(wire), _) => terms.push((*wire, *factor)),
                (None, Some(term)) => constant += term,
                (None, None) => {}
            }
        }
        if !bool::from(constant.is_zero()) {
            terms.insert(0, (Wire::ONE, constant));
        }
        Linear::from_sorted(terms, value)
    }
}

/// A combination of S-box outputs: a constant, and a factor for each output from the first.
#[derive(Clone)]
struct Form {
    constant: Fr,
    factors: Vec<Fr>,
}

impl Form {
    fn output(index: usize) -> Self {
        let mut factors = vec![Fr::ZERO; index + 1];
        factors[index] = Fr::ONE;
        Self { constant: Fr::ZERO, factors }
    }

    fn add(&mut self, factor: Fr, other: &Self) {
        self.constant += factor * other.constant;
        if self.factors.len() < other.factors.len() {
            self.factors.resize(other.factors.len(), Fr::ZERO);
        }
        for (sum, term) in self.factors.iter_mut().zip(&other.factors) {
            *sum += factor * term;
        }
    }
}

/// The inputs of each S-box after the first five, and the outputs of the permutation on lanes 1 to 4.
struct Mixing {
    inner: Vec<Form>,
    outer: [Form; 4],
}

static MIXING: LazyLock<Mixing> = LazyLock::new(|| {
    let mut inner = Vec::new();
    let mut made = WIDTH;
    let mut state: [Form; WIDTH] = mix(&core::array::from_fn(Form::output));
    for (round, constants) in round_constants().iter().enumerate().skip(1) {
        let full = !(FULL_ROUNDS / 2..ROUNDS - FULL_ROUNDS / 2).contains(&round);
        for (lane, constant) in state.iter_mut().zip(constants) {
            lane.constant += constant;
        }
        for lane in &mut state[..if full { WIDTH } else { 1 }] {
            inner.push(core::mem::replace(lane, Form::output(made)));
            made += 1;
        }
        state = mix(&state);
    }
    let [_, first, second, third, fourth] = state;
    Mixing { inner, outer: [first, second, third, fourth] }
});

fn mix(state: &[Form; WIDTH]) -> [Form; WIDTH] {
    mds().each_ref().map(|row| {
        let mut lane = Form { constant: Fr::ZERO, factors: Vec::new() };
        for (factor, input) in row.iter().zip(state) {
            lane.add(*factor, input);
        }
        lane
    })
}

#[cfg(test)]
mod tests;
