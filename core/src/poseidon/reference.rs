//! The permutation once more, written plainly from the paper and the reference scripts' description: what the fast one
//! and its constants are checked against. Slow; for tests.

use ff::PrimeField;

use crate::spec::Fr;

const T: usize = 5;
const FULL: usize = 8;
const PARTIAL: usize = 60;

/// Every round constant in the order of use, and the matrix by rows.
pub fn parameters() -> (Vec<Fr>, Vec<Vec<Fr>>) {
    let mut bits = shrunk_bits();
    let mut integer = move || -> String { (0..255).map(|_| bits.next().expect("endless")).collect() };
    let modulus = binary(&Fr::zero(), true);
    let mut constants = Vec::new();
    while constants.len() < T * (FULL + PARTIAL) {
        let candidate = integer();
        // Of two binary numerals of equal length the lesser comes first in the dictionary.
        if candidate < modulus {
            constants.push(horner(&candidate));
        }
    }
    let drawn: Vec<Fr> = (0..2 * T).map(|_| horner(&integer())).collect();
    let matrix = (0..T)
        .map(|i| (0..T).map(|j| (drawn[i] + drawn[T + j]).invert().expect("no zero sum")).collect())
        .collect();
    (constants, matrix)
}

/// The permutation, round by round.
pub fn permute(input: [Fr; T]) -> [Fr; T] {
    let (constants, matrix) = parameters();
    let mut state = input.to_vec();
    for (number, round) in constants.chunks(T).enumerate() {
        for (lane, constant) in state.iter_mut().zip(round) {
            *lane += constant;
        }
        let is_full = !(FULL / 2..FULL / 2 + PARTIAL).contains(&number);
        for lane in state.iter_mut().take(if is_full { T } else { 1 }) {
            *lane = lane.pow_vartime(&[5, 0, 0, 0]);
        }
        state = matrix.iter().map(|row| row.iter().zip(&state).map(|(m, lane)| m * lane).sum()).collect();
    }
    core::array::from_fn(|i| state[i])
}

/// The output of the self-shrinking Grain LFSR, as characters.
fn shrunk_bits() -> impl Iterator<Item = char> {
    let seed =
        format!("{:02b}{:04b}{:012b}{:012b}{:010b}{:010b}{}", 1, 0, 255, T, FULL, PARTIAL, "1".repeat(30));
    let mut history: Vec<u32> = seed.chars().filter_map(|c| c.to_digit(2)).collect();
    let mut raw = (0..).map(move |_| {
        let n = history.len() - 80;
        let next = [62, 51, 38, 23, 13, 0].iter().fold(0, |sum, tap| sum ^ history[n + tap]);
        history.push(next);
        next
    });
    raw.by_ref().nth(159);
    core::iter::from_fn(move || {
        loop {
            let (keep, bit) = (raw.next()?, raw.next()?);
            if keep == 1 {
                return Some(if bit == 1 { '1' } else { '0' });
            }
        }
    })
}

fn horner(bits: &str) -> Fr {
    bits.chars().fold(Fr::zero(), |sum, bit| sum.double() + if bit == '1' { Fr::one() } else { Fr::zero() })
}

/// 255 binary digits of a field element, or of the modulus, which is one more than the element -1.
fn binary(element: &Fr, modulus: bool) -> String {
    let value = if modulus { element - Fr::one() } else { *element };
    let mut bytes = value.to_repr();
    if modulus {
        bytes[0] += 1;
    }
    bytes.iter().rev().map(|byte| format!("{byte:08b}")).collect::<String>()[1..].to_owned()
}
