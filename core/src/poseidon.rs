//! `[poseidon]`: the permutation `poseidonperm_x5_255_5` and the hashes of the protocol over it.
//!
//! Width 5, S-box x^5, 8 full and 60 partial rounds over [`Fr`], the instance published by the authors of Poseidon
//! (Grassi, Khovratovich, Rechberger, Roy, Schofnegger; USENIX Security 2021). One width serves every use: lane 0
//! starts as the constant of the use and is never output, and the result is lane 1, or lanes 1 to 4.

mod constants;
#[cfg(any(test, feature = "testing"))]
pub mod reference;

use constants::SCHEDULE;

use crate::spec::{Fr, fr_from_ascii};

/// Lanes of the state: one for the domain and four inputs.
pub const WIDTH: usize = 5;
/// Full rounds, half of them before the partial ones and half after.
pub const FULL_ROUNDS: usize = 8;
/// Partial rounds. Their S-box is only on lane 0.
pub const PARTIAL_ROUNDS: usize = 60;
/// Rounds of both kinds.
pub const ROUNDS: usize = FULL_ROUNDS + PARTIAL_ROUNDS;

/// `[poseidon-domains]`: what a hash is for. Each use has a constant and an arity of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Domain {
    /// Epoch keys of an account: `ak.u, ak.v, nk, pool * 2^16 + e`.
    Account,
    /// The id of an account in a pool: `ak.u, ak.v, nk, pool`.
    AccountId,
    /// The owner tag of an address: `tk_e, pk_d.u`.
    Tag,
    /// A note commitment: `tau, rho, m, rcm`.
    Commitment,
    /// A nullifier: `nk_e, cm`.
    Nullifier,
    /// A spend tag: `sd_E, nf_0`.
    SpendTag,
    /// A node of the commitment tree: its four children.
    Node,
    /// A leaf of the nullifier tree: a value and the next greater one, each as its upper and lower 128 bits.
    Snapshot,
    /// The count of a run of proofs: the sum, the last nullifier, the number of notes, a blind.
    Run,
    /// The keystream of the audit ciphertext: four inputs.
    Audit,
}

impl Domain {
    /// Every domain.
    pub const ALL: [Self; 10] = [
        Self::Account,
        Self::AccountId,
        Self::Tag,
        Self::Commitment,
        Self::Nullifier,
        Self::SpendTag,
        Self::Node,
        Self::Snapshot,
        Self::Run,
        Self::Audit,
    ];

    /// The name that the constant is made of.
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "acct",
            Self::AccountId => "aid",
            Self::Tag => "tag",
            Self::Commitment => "cm",
            Self::Nullifier => "nf",
            Self::SpendTag => "st",
            Self::Node => "node",
            Self::Snapshot => "imt",
            Self::Run => "run",
            Self::Audit => "aud",
        }
    }

    /// How many inputs the use has; the lanes above are 0.
    pub fn arity(self) -> usize {
        match self {
            Self::Account
            | Self::AccountId
            | Self::Commitment
            | Self::Node
            | Self::Snapshot
            | Self::Run
            | Self::Audit => 4,
            Self::Tag | Self::Nullifier | Self::SpendTag => 2,
        }
    }

    /// The initial value of lane 0: the little-endian integer of the ASCII bytes `Louver/1/` and the name.
    pub fn constant(self) -> Fr {
        fr_from_ascii([b"Louver/1/", self.name().as_bytes()].concat().as_slice())
    }
}

/// The permutation, with the partial rounds in their sparse form.
pub fn permute(state: [Fr; WIDTH]) -> [Fr; WIDTH] {
    permute_traced(state, |_| ())
}

/// The permutation, telling what enters each S-box: all lanes of a full round in order, lane 0 of a partial one. It is
/// what a circuit's witness is made of.
pub fn permute_traced(state: [Fr; WIDTH], mut enters: impl FnMut(Fr)) -> [Fr; WIDTH] {
    let schedule = &*SCHEDULE;
    let mut s = state;
    let (last, rest) = schedule.first_half.split_last().expect("there are full rounds");
    for constants in rest {
        s = mix(&schedule.mds, full(s, constants, &mut enters));
    }
    s = mix(&schedule.premix, full(s, last, &mut enters));
    for round in &schedule.partial {
        let x = s[0] + round.constant;
        enters(x);
        let x = fifth_power(x);
        let mut first = round.corner * x;
        for ((lane, row), column) in s[1..].iter_mut().zip(&round.row).zip(&round.column) {
            first += row * *lane;
            *lane += column * x;
        }
        s[0] = first;
    }
    for constants in &schedule.second_half {
        s = mix(&schedule.mds, full(s, constants, &mut enters));
    }
    s
}

/// `H_domain(inputs)`: lane 1 of the permutation.
///
/// # Panics
/// If the number of inputs is not the arity of the domain: both are fixed where the call is written.
pub fn hash(domain: Domain, inputs: &[Fr]) -> Fr {
    lanes(domain, inputs)[0]
}

/// `P[domain; inputs]`, lanes 1 to 4, for uses that draw several values at once.
///
/// # Panics
/// If the number of inputs is not the arity of the domain: both are fixed where the call is written.
pub fn lanes(domain: Domain, inputs: &[Fr]) -> [Fr; 4] {
    assert_eq!(inputs.len(), domain.arity(), "the arity of {domain:?} is fixed");
    let mut state = [Fr::zero(); WIDTH];
    state[0] = domain.constant();
    state[1..=inputs.len()].copy_from_slice(inputs);
    let [_, first, second, third, fourth] = permute(state);
    [first, second, third, fourth]
}

/// The constants added before the S-boxes of each round, as published (not moved about as [`permute`] does).
pub fn round_constants() -> &'static [[Fr; WIDTH]; ROUNDS] {
    &SCHEDULE.published
}

/// The matrix of the linear layer: `new[i] = sum over j of mds[i][j] * old[j]`.
pub fn mds() -> &'static [[Fr; WIDTH]; WIDTH] {
    &SCHEDULE.mds
}

fn fifth_power(x: Fr) -> Fr {
    x.square().square() * x
}

fn full(s: [Fr; WIDTH], constants: &[Fr; WIDTH], enters: &mut impl FnMut(Fr)) -> [Fr; WIDTH] {
    core::array::from_fn(|i| {
        let x = s[i] + constants[i];
        enters(x);
        fifth_power(x)
    })
}

fn mix(matrix: &[[Fr; WIDTH]; WIDTH], s: [Fr; WIDTH]) -> [Fr; WIDTH] {
    core::array::from_fn(|i| {
        let row = &matrix[i];
        row[0] * s[0] + row[1] * s[1] + row[2] * s[2] + row[3] * s[3] + row[4] * s[4]
    })
}

#[cfg(test)]
mod tests;
