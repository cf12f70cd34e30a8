//! A run, made of notes: sorted by nullifier, cut into proofs, filled up with dummies.

use louver_core::{
    disclosure::{NOTES_PER_PROOF, Run, RunState, RunWitness},
    note::Nullifier,
    secret::Secret,
    spec::{Fr, b64},
};
use rand_core::CryptoRng;
use zeroize::{Zeroize, Zeroizing};

/// A note as a run counts it.
pub(super) struct Entry<N> {
    pub(super) nullifier: Nullifier,
    pub(super) value: Fr,
    pub(super) note: N,
}

/// The run of some notes, with the witness of each proof. `None` if there are too many. No note has the value 0.
///
/// The blinds have a secret of the account in them, so whoever foretells random numbers cannot try sums against the
/// commitments.
pub(super) fn run<N: Zeroize, R: CryptoRng>(
    mut entries: Vec<Entry<N>>,
    dummy: impl Fn() -> N,
    secret: &Secret<[u8; 32]>,
    rng: &mut R,
) -> Option<(Run, Vec<RunWitness<N>>)> {
    let proofs = Run::proofs(entries.len())?;
    entries.sort_by_key(|entry| big_endian(entry.nullifier));
    let mut entries = entries.into_iter();
    let (mut before, mut ends, mut witnesses) = (RunState::empty(), Vec::new(), Vec::new());
    for _ in 0..proofs {
        let (mut counted, mut notes) = (Vec::new(), Vec::with_capacity(NOTES_PER_PROOF));
        for entry in entries.by_ref().take(NOTES_PER_PROOF) {
            counted.push((entry.value, entry.nullifier.to_scalar()));
            notes.push(entry.note);
        }
        notes.resize_with(NOTES_PER_PROOF, &dummy);
        let blind = blind(secret, rng);
        let after = before.after(counted, blind);
        ends.push(after.commitment());
        witnesses.push(RunWitness { before: core::mem::replace(&mut before, after), notes, blind });
    }
    Run::new(ends).map(|run| (run, witnesses))
}

/// As an integer: the order that `[run]` counts in.
fn big_endian(nullifier: Nullifier) -> [u8; 32] {
    let mut bytes = nullifier.to_scalar().to_bytes();
    bytes.reverse();
    bytes
}

fn blind<R: CryptoRng>(secret: &Secret<[u8; 32]>, rng: &mut R) -> Fr {
    let mut seed = Zeroizing::new([0u8; 64]);
    rng.fill_bytes(seed.as_mut_slice());
    Fr::from_bytes_wide(&Zeroizing::new(b64(b"LouverRunBlind", &[seed.as_slice(), secret.expose()])))
}
