//! The comparisons, by name.

use crate::{
    ark::Ark,
    bellperson::Bellperson,
    groth16::Groth16,
    louver::{Louver, batch::LouverVerifier, prover, scan::LouverScanner},
    measure::{Contender, Failure, Limits, Rounds, Sample, interleave, once},
    orchard::{Orchard, batch::OrchardVerifier, scan::OrchardScanner},
    process::peak_memory,
    sapling::{Sapling, batch::SaplingVerifier, scan::SaplingScanner},
    scan::OUTPUTS,
};

/// How many payments a ledger verifies at once.
const BATCH: usize = 256;

/// Louver and a peer at the same work.
pub(crate) struct Comparison {
    /// The name of the figure.
    pub(crate) name: &'static str,
    /// Whom Louver is compared with.
    pub(crate) peer: &'static str,
    /// How many payments or outputs are worked on at once.
    pub(crate) batch: usize,
    /// Whether it belongs to the quick run.
    pub(crate) quick: bool,
    /// Makes what takes long and is kept, on all cores; `distinct` payments where there is a batch.
    pub(crate) prepare: fn(u64) -> Result<(), Failure>,
    /// Runs the rounds.
    pub(crate) measure: fn(u64, Limits) -> Result<Rounds, Failure>,
}

/// Every comparison, in order.
pub(crate) const ALL: [Comparison; 10] = [
    Comparison {
        name: "prove_2x3_vs_groth16",
        peer: "groth16 0.2 on bls12_381 0.9",
        batch: 1,
        quick: true,
        prepare: |_| made(Groth16::new()),
        measure: |_, limits| interleave(&mut Louver::new()?, &mut Groth16::new()?, limits),
    },
    Comparison {
        name: "prove_2x3_vs_ark",
        peer: "ark-groth16 0.6 on ark-bls12-381 0.6, from a finished witness",
        batch: 1,
        quick: true,
        prepare: |_| made(Ark::new()),
        measure: |_, limits| interleave(&mut Louver::new()?, &mut Ark::new()?, limits),
    },
    Comparison {
        name: "prove_2x3_vs_bellperson",
        peer: "bellperson 0.27 on blstrs 0.7, from a finished witness",
        batch: 1,
        quick: false,
        prepare: |_| made(Bellperson::new()),
        measure: |_, limits| interleave(&mut Louver::new()?, &mut Bellperson::new()?, limits),
    },
    Comparison {
        name: "prove_payment_vs_sapling",
        peer: "sapling-crypto 0.9, 2 spends and 2 outputs",
        batch: 1,
        quick: true,
        prepare: |_| Ok(()),
        measure: |_, limits| interleave(&mut Louver::new()?, &mut Sapling::new()?, limits),
    },
    Comparison {
        name: "prove_payment_vs_orchard",
        peer: "orchard 0.16, 2 actions",
        batch: 1,
        quick: true,
        prepare: |_| Ok(()),
        measure: |_, limits| interleave(&mut Louver::new()?, &mut Orchard::new()?, limits),
    },
    Comparison {
        name: "verify_batch_vs_sapling",
        peer: "sapling-crypto 0.9, BatchValidator, 2 spends and 2 outputs each",
        batch: BATCH,
        quick: true,
        prepare: |distinct| made(SaplingVerifier::batch(distinct, 2)),
        measure: |distinct, limits| {
            let mut louver = LouverVerifier::batch(2 * distinct, BATCH)?;
            interleave(&mut louver, &mut SaplingVerifier::batch(distinct, BATCH)?, limits)
        },
    },
    Comparison {
        name: "verify_batch_vs_orchard",
        peer: "orchard 0.16, BatchValidator, 2 actions each",
        batch: BATCH,
        quick: false,
        prepare: |distinct| made(OrchardVerifier::batch(distinct, 2)),
        measure: |distinct, limits| {
            let mut louver = LouverVerifier::batch(2 * distinct, BATCH)?;
            interleave(&mut louver, &mut OrchardVerifier::batch(distinct, BATCH)?, limits)
        },
    },
    Comparison {
        name: "scan_vs_sapling",
        peer: "sapling-crypto 0.9, one key",
        batch: OUTPUTS,
        quick: false,
        prepare: |_| Ok(()),
        measure: |_, limits| {
            interleave(&mut LouverScanner::one_key()?, &mut SaplingScanner::one_key()?, limits)
        },
    },
    Comparison {
        name: "scan_vs_orchard",
        peer: "orchard 0.16, one key",
        batch: OUTPUTS,
        quick: true,
        prepare: |_| Ok(()),
        measure: |_, limits| {
            interleave(&mut LouverScanner::one_key()?, &mut OrchardScanner::one_key()?, limits)
        },
    },
    Comparison {
        name: "scan_wallet_vs_orchard",
        peer: "orchard 0.16, external and internal key",
        batch: OUTPUTS,
        quick: true,
        prepare: |_| Ok(()),
        measure: |_, limits| {
            interleave(&mut LouverScanner::wallet()?, &mut OrchardScanner::wallet()?, limits)
        },
    },
];

impl Comparison {
    /// The comparison of this name.
    pub(crate) fn named(name: &str) -> Result<&'static Self, Failure> {
        ALL.iter().find(|comparison| comparison.name == name).ok_or_else(|| "no such comparison".into())
    }

    /// Louver's key, and what the peer keeps.
    pub(crate) fn prepare(&self, distinct: u64) -> Result<(), Failure> {
        made(prover())?;
        (self.prepare)(distinct)
    }
}

fn made<T>(result: Result<T, Failure>) -> Result<(), Failure> {
    result.map(|_| ())
}

/// A single prover in a process.
pub(crate) struct Alone {
    /// Who.
    pub(crate) name: &'static str,
    prove: fn(usize) -> Result<Vec<Sample>, Failure>,
}

/// The systems that can be run by themselves; Louver first.
pub(crate) const ALONE: [Alone; 6] = [
    Alone { name: "louver", prove: |proofs| repeat(Louver::new()?, proofs) },
    Alone { name: "groth16", prove: |proofs| repeat(Groth16::new()?, proofs) },
    Alone { name: "ark", prove: |proofs| repeat(Ark::new()?, proofs) },
    Alone { name: "bellperson", prove: |proofs| repeat(Bellperson::new()?, proofs) },
    Alone { name: "sapling", prove: |proofs| repeat(Sapling::new()?, proofs) },
    Alone { name: "orchard", prove: |proofs| repeat(Orchard::new()?, proofs) },
];

fn repeat(mut contender: impl Contender, proofs: usize) -> Result<Vec<Sample>, Failure> {
    (0..proofs).map(|_| once(&mut contender)).collect()
}

/// Proves so often, and tells how long each proof took and what memory the process has had at most, in MiB.
pub(crate) fn alone(name: &str, proofs: usize) -> Result<(Vec<Sample>, f64), Failure> {
    let alone = ALONE.iter().find(|alone| alone.name == name).ok_or("no such prover")?;
    let samples = (alone.prove)(proofs)?;
    Ok((samples, peak_memory()?))
}
