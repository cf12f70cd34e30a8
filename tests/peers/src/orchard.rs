//! Peer: Orchard, a whole payment with `orchard`, whose proofs are Halo 2's and need no trusted set-up.

use incrementalmerkletree::{Hashable, Level};
use orchard::{
    Bundle, NOTE_COMMITMENT_TREE_DEPTH, Note,
    builder::{Builder, BundleType, InProgress, Unauthorized, Unproven},
    bundle::{Authorized, BatchValidator, BundleVersion},
    circuit::{Proof, ProvingKey, VerifyingKey},
    keys::{FullViewingKey, Scope, SpendAuthorizingKey, SpendingKey},
    note::{ExtractedNoteCommitment, RandomSeed, Rho},
    tree::{MerkleHashOrchard, MerklePath},
    value::NoteValue,
};

use crate::measure::{Contender, Failure};

pub(crate) mod batch;
mod encoding;
pub(crate) mod scan;

/// Orchard as it is since NU 6.2.
const VERSION: BundleVersion = BundleVersion::orchard_v2();

/// The proof of a payment of two actions: two notes spent, two made. Building the bundle, encrypting its notes and
/// signing are not counted.
pub(crate) struct Orchard {
    key: ProvingKey,
    verifying: VerifyingKey,
    drawn: u64,
}

impl Orchard {
    /// With its key in memory: it is worked out, as it is not meant to be kept.
    pub(crate) fn new() -> Result<Self, Failure> {
        let key = ProvingKey::build(VERSION.circuit_version());
        Ok(Self { verifying: key.verifying_key(), key, drawn: 0 })
    }
}

type Proven = Bundle<InProgress<Proof, Unauthorized>, i64>;

impl Contender for Orchard {
    type Given = (Bundle<InProgress<Unproven, Unauthorized>, i64>, SpendAuthorizingKey);
    type Made = (Proven, SpendAuthorizingKey);

    fn draw(&mut self) -> Result<Self::Given, Failure> {
        self.drawn += 1;
        unproven(self.drawn)
    }

    fn make(&self, (bundle, account): Self::Given) -> Result<Self::Made, Failure> {
        Ok((bundle.create_proof(&self.key, rand::rng())?, account))
    }

    fn check(&self, (bundle, account): Self::Made) -> Result<(), Failure> {
        let sighash = encoding::sighash(&bundle);
        let bundle = bundle.apply_signatures(rand::rng(), sighash, &[account])?;
        check(&self.verifying, &[(bundle, sighash)])
    }
}

/// Checks proofs and signatures of all bundles at once.
fn check(key: &VerifyingKey, bundles: &[(Bundle<Authorized, i64>, [u8; 32])]) -> Result<(), Failure> {
    let mut batch = BatchValidator::new(key);
    for (bundle, sighash) in bundles {
        batch.add_bundle(bundle, *sighash)?;
    }
    if batch.validate(rand::rng()) { Ok(()) } else { Err("orchard refuses the payments".into()) }
}

/// Two notes spent, two made, all of one account.
fn unproven(seed: u64) -> Result<<Orchard as Contender>::Given, Failure> {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let account = Option::<SpendingKey>::from(SpendingKey::from_bytes(bytes)).ok_or("not a spending key")?;
    let viewer = FullViewingKey::from(&account);
    let to = viewer.address_at(0u32, Scope::External);
    let notes = [note(&viewer, 70)?, note(&viewer, 50)?];
    let leaves = notes.map(|note| ExtractedNoteCommitment::from(note.commitment()));
    let path = |position: u32, sibling| {
        let level = |level| MerkleHashOrchard::empty_root(Level::from(level));
        let mut siblings = [0; NOTE_COMMITMENT_TREE_DEPTH].map(level);
        for (height, sibling) in (0..).zip(&mut siblings) {
            *sibling = level(height);
        }
        siblings[0] = MerkleHashOrchard::from_cmx(&sibling);
        MerklePath::from_parts(position, siblings)
    };
    let paths = [path(0, leaves[1]), path(1, leaves[0])];

    let anchor = paths[0].root(leaves[0]);
    let mut builder = Builder::new(BundleType::DEFAULT, VERSION, VERSION.default_flags(), anchor)?;
    for (note, path) in notes.into_iter().zip(paths) {
        builder.add_spend(viewer.clone(), note, path)?;
    }
    for value in [60, 59] {
        let ovk = viewer.to_ovk(Scope::External);
        builder.add_output(Some(ovk), to, NoteValue::from_raw(value), [0; 512])?;
    }
    let (bundle, _) = builder.build(rand::rng())?.ok_or("a bundle of nothing")?;
    Ok((bundle, SpendAuthorizingKey::from(&account)))
}

/// A note of the account, with fresh randomness.
fn note(viewer: &FullViewingKey, value: u64) -> Result<Note, Failure> {
    let to = viewer.address_at(0u32, Scope::External);
    loop {
        let mut rho: [u8; 32] = rand::random();
        // Below the order of the field.
        rho[31] &= 0x3f;
        let rho = Option::<Rho>::from(Rho::from_bytes(&rho)).ok_or("not a field element")?;
        let seed = Option::<RandomSeed>::from(RandomSeed::from_bytes(rand::random(), &rho));
        let note = seed
            .map(|seed| Note::from_parts(to, NoteValue::from_raw(value), rho, seed, VERSION.note_version()));
        if let Some(note) = note.and_then(Option::from) {
            return Ok(note);
        }
    }
}
